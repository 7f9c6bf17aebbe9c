import { isKnown, type Size } from './model';

/** Of lengths that nobody knows: what they come from, and by how much strides made them shorter than that. */

export interface Strided {
  readonly of: object;
  readonly by: number;
}

const lengths = new WeakMap<object, Strided>();

/** How a length that is not known came from another one; undefined where that is not told. */
export const stridesOf = (size: Size): Strided | undefined => (isKnown(size) ? undefined : lengths.get(size));

/** Whether two lengths that nobody knows are the same one. */
export function sameLength(a: Size, b: Size): boolean {
  const [first, second] = [stridesOf(a), stridesOf(b)];
  return first !== undefined && first.of === second?.of && first.by === second.by;
}

/** A length that is not known, after windows that stand `stride` apart; what it comes from may first be told here. */
export function strided(length: Exclude<Size, number>, stride: number): Size {
  const result: Size = { ...length };
  const { of, by } = lengths.get(length) ?? { of: result, by: 1 / stride };
  lengths.set(result, { of, by: by * stride });
  return result;
}
