import { MOST_ITEMS } from './growth';
import { type Count, constant, type ListValue, list, type Unknown, type Value } from './values';

/** Lists of which some items stand for any number of their kind. */

/** A list with loose items, which is not complete. */
export const looseList = (
  items: Value[],
  of: ListValue['of'],
  loose: readonly number[],
  asMany: string | undefined,
): ListValue => ({ kind: 'list', of, items, complete: false, loose, asMany });

/** As many of something as nobody knows. */
export const spreadList = (value: Unknown, of: ListValue['of']): ListValue => looseList([value], of, [0], value.text);

/** The same number of items in the place of others: loose where those were. */
export const likeList = (items: Value[], of: ListValue['of'], { complete, loose, asMany }: ListValue): ListValue =>
  loose === undefined ? list(items, of, complete) : looseList(items, of, loose, asMany);

export const isLoose = ({ loose }: ListValue, index: number): boolean => loose?.includes(index) ?? false;

/** Two lists in a row; undefined where they have more items than are followed. */
export function joinedLists(a: ListValue, b: ListValue): ListValue | undefined {
  if (a.items.length + b.items.length > MOST_ITEMS) return undefined;
  const items = [...a.items, ...b.items];
  const told = (a.complete || a.loose !== undefined) && (b.complete || b.loose !== undefined);
  if ((a.complete && b.complete) || !told) return list(items, a.of, a.complete && b.complete);
  const loose = [...(a.loose ?? []), ...(b.loose ?? []).map((k) => k + a.items.length)];
  return looseList(items, a.of, loose, a.asMany ?? b.asMany);
}

/** The one loose item, on whose number the length hangs. */
const onlyLoose = ({ loose, asMany }: ListValue): { readonly at: number; readonly of: string } | undefined =>
  loose?.length === 1 && asMany !== undefined ? { at: loose[0]!, of: asMany } : undefined;

const counted = (of: string, plus: number, atMost: boolean): Unknown => ({
  kind: 'unknown',
  symbols: [],
  text: 'length',
  count: { of, plus, atMost },
});

/** `len(…)` of a list with one loose item. */
export function looseLength(value: ListValue, length = onlyLoose(value)): Value | undefined {
  return length && counted(length.of, value.items.length - 1, false);
}

/** The index of each item, as far as it is known. */
export function looseIndices(value: ListValue, length = onlyLoose(value)): Value[] | undefined {
  if (length === undefined) return undefined;
  const { at, of } = length;
  return value.items.map((_, k) => (k < at ? constant(k) : counted(of, k - 1, k === at)));
}

const isWhole = (value: Value): value is Value & { kind: 'constant'; value: number } =>
  value.kind === 'constant' && Number.isInteger(value.value);

const countIn = (value: Value): Count | undefined => (value.kind === 'unknown' ? value.count : undefined);

/** `len(xs) - 1`, `i + 1` */
export function countPlus(operator: string, left: Value, right: Value): Value | undefined {
  const own = countIn(left);
  if (own !== undefined && isWhole(right) && (operator === '+' || operator === '-')) {
    return counted(own.of, own.plus + (operator === '+' ? right.value : -right.value), own.atMost);
  }
  return operator === '+' && isWhole(left) && countIn(right) !== undefined ? countPlus('+', right, left) : undefined;
}

/** Whether one length of the same thing is less than, equal to or more than another; undefined where nobody can tell. */
export function compareCounts(left: Value, right: Value): 'less' | 'equal' | 'more' | undefined {
  const [a, b] = [countIn(left), countIn(right)];
  if (a === undefined || b === undefined || a.of !== b.of || (a.atMost && b.atMost)) return undefined;
  if (a.plus < b.plus && !b.atMost) return 'less';
  if (a.plus > b.plus && !a.atMost) return 'more';
  return a.plus === b.plus && !a.atMost && !b.atMost ? 'equal' : undefined;
}

/** A part of a list whose loose items all stay in it or all go; undefined where nobody can tell. */
export function loosePart(
  value: ListValue,
  start: number | undefined,
  stop: number | undefined,
): ListValue | undefined {
  const { items, loose, of, asMany } = value;
  if (loose === undefined || loose.length === 0) return undefined;
  const [first, last] = [loose[0]!, loose.at(-1)!];
  const from = start ?? 0;
  const to = stop === undefined ? items.length : stop < 0 ? items.length + stop : stop;
  // From the front only what stands before the first loose item can be counted, from the back what stands after the last.
  const fromFront = from >= 0 && from <= first;
  const fromBack = start !== undefined && start < 0 && items.length + start > last;
  const kept = stop === undefined || (stop < 0 && to > last);
  if (fromBack && kept) return list(items.slice(start, to), of);
  if (fromFront && stop !== undefined && stop >= 0 && to <= first) return list(items.slice(from, to), of);
  return fromFront && kept
    ? looseList(
        items.slice(from, to),
        of,
        loose.map((k) => k - from),
        asMany,
      )
    : undefined;
}

/** An item counted from the side on which nothing is loose before it. */
export function looseAt({ items, loose = [] }: ListValue, at: number): Value | undefined {
  const [first = items.length, last = -1] = [loose[0], loose.at(-1)];
  if (at >= 0) return at <= first ? items[at] : undefined;
  return items.length + at >= last ? items.at(at) : undefined;
}
