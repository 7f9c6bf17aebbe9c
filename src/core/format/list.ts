/** Lists as people write and read them: commas or semicolons part, and what repeats is counted, `256, 128x3`, `sigmoidx5, tanh`. */

/** Far too many items need not be listed to be refused. */
const MOST_ITEMS = 1000;
/** What is longer is cut before it is taken apart. Characters. */
const LONGEST = 16_000;

/** One item, and how many times in a row it is meant. */
export interface Repeated {
  readonly text: string;
  readonly count: number;
}

/** Splits at the commas and semicolons that do not stand in brackets: `relu, rrelu(lower=0.1,upper=0.3)`. */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  let end = Math.min(text.length, LONGEST);
  /** What stands behind is in brackets: the next bracket there closes. */
  let inBrackets = false;
  for (let i = end - 1; i >= 0; i--) {
    const character = text[i]!;
    if (character === ')') inBrackets = true;
    else if (character === '(') inBrackets = false;
    else if (!inBrackets && (character === ',' || character === ';')) {
      parts.push(text.slice(i + 1, end).trim());
      end = i;
    }
  }
  parts.push(text.slice(0, end).trim());
  return parts.reverse();
}

/** "sigmoidx5" or "128 × 5" as text and number. */
export function readRepeated(part: string): Repeated {
  const [, text, count] = /^(.*\S)\s*[x×*]\s*(\d+)$/i.exec(part) ?? [];
  return text === undefined ? { text: part, count: 1 } : { text, count: Math.min(Number(count), MOST_ITEMS) };
}

/** All items one by one; a list without end is cut at 1,000. An empty part is an empty item. */
export function readList(text: string): string[] {
  const items: string[] = [];
  for (const part of splitList(text)) {
    const { text: item, count } = readRepeated(part);
    for (let i = 0; i < count && items.length < MOST_ITEMS; i++) items.push(item);
    if (items.length >= MOST_ITEMS) break;
  }
  return items;
}

/** The shortest text that {@link readList} reads back: "128x10,64". */
export function writeList(items: readonly (string | number)[], separator = ','): string {
  const runs: { text: string; count: number }[] = [];
  for (const text of items.map(String)) {
    const last = runs.at(-1);
    if (last?.text === text) last.count++;
    else runs.push({ text, count: 1 });
  }
  return runs.map(({ text, count }) => (count === 1 ? text : `${text}x${count}`)).join(separator);
}

/** "a, b and c"; nothing for an empty list. */
export const listInWords = (items: readonly string[], last: 'and' | 'or' = 'and'): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
