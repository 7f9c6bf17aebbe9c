import { constant, type Value } from './values';

/** What code makes of what it has, within bounds: a list that doubles itself in a loop must not take the memory of the editor. */

/** Items of a list that is counted out, or made of others. */
export const MOST_ITEMS = 10_000;
/** Characters of a computed text. */
const LONGEST = 100_000;

/** Several lists in a row; undefined where they have more items than are followed. */
export function inARow(lists: readonly (readonly Value[])[]): Value[] | undefined {
  const count = lists.reduce((sum, { length }) => sum + length, 0);
  return count > MOST_ITEMS ? undefined : lists.flat();
}

/** A list so many times over. */
export function repeatedItems(items: readonly Value[], times: number): Value[] | undefined {
  if (items.length === 0 || times <= 0) return [];
  return items.length * times > MOST_ITEMS ? undefined : Array.from({ length: times }, () => items).flat();
}

/** Several texts in a row; undefined where that is longer than is followed. */
export function joinedText(parts: readonly string[], separator = ''): Value | undefined {
  const length = parts.reduce((sum, part) => sum + part.length + separator.length, 0);
  return length > LONGEST + separator.length ? undefined : constant(parts.join(separator));
}

export const repeatedText = (text: string, times: number): Value | undefined =>
  Number.isInteger(times) && text.length * times <= LONGEST ? constant(text.repeat(Math.max(0, times))) : undefined;

/** A text with another in each place of a part. */
export const replacedText = (text: string, part: string, by: string): Value | undefined =>
  joinedText(part === '' ? ['', ...text, ''] : text.split(part), by);

/** A text of which each part that a pattern finds gives way to another; undefined where there is none, or it grows too long. */
export function filledText(
  text: string,
  pattern: RegExp,
  of: (match: RegExpMatchArray) => string | undefined,
): Value | undefined {
  const parts: string[] = [];
  let at = 0;
  let length = 0;
  for (const match of text.matchAll(pattern)) {
    const part = of(match);
    if (part === undefined) return undefined;
    parts.push(text.slice(at, match.index), part);
    at = match.index + match[0].length;
    length += part.length;
    if (length > LONGEST) return undefined;
  }
  return joinedText([...parts, text.slice(at)]);
}
