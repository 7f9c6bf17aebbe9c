import { isKnown, type Shape, type Size } from './model';

/** Arithmetic on sizes of which some may be symbols, or not known. */

export const unknownSize: Size = { kind: 'unknown' };

/** `f` of the sizes where all are numbers. What hangs on symbols hangs on all of theirs; what nobody can tell stays so. */
export function combine(sizes: readonly Size[], f: (...numbers: number[]) => number): Size {
  if (sizes.every(isKnown)) {
    const value = f(...(sizes as readonly number[]));
    return Number.isFinite(value) ? value : unknownSize;
  }
  const symbols = new Set<string>();
  for (const size of sizes) {
    if (isKnown(size)) continue;
    if (size.kind === 'unknown') return unknownSize;
    for (const symbol of size.symbols) symbols.add(symbol);
  }
  return { kind: 'symbolic', symbols: [...symbols] };
}

export const productOf = (sizes: readonly Size[]): Size =>
  sizes.includes(0) ? 0 : combine(sizes, (...all) => all.reduce((a, b) => a * b, 1));

export const sumOf = (sizes: readonly Size[]): Size => combine(sizes, (...all) => all.reduce((a, b) => a + b, 0));

export const quotientOf = (a: Size, b: Size): Size => combine([a, b], (x, y) => x / y);

/** Number of components, without the batch; undefined unless all of the shape is known. */
export function componentsOf(shape: Shape | undefined): number | undefined {
  if (shape === undefined) return undefined;
  const all = productOf(shape);
  return isKnown(all) ? all : undefined;
}

/** The last axis; unknown for a scalar and where there is no shape. */
export const channelsOf = (shape: Shape | undefined): Size => shape?.at(-1) ?? unknownSize;

/** All axes but the last; undefined unless they are known. 1 for a vector. */
export const positionsOf = (shape: Shape | undefined): number | undefined => componentsOf(shape?.slice(0, -1));

/** The symbols that sizes hang on. */
export const symbolsOf = (sizes: readonly Size[]): string[] => [
  ...new Set(sizes.flatMap((size) => (!isKnown(size) && size.kind === 'symbolic' ? size.symbols : []))),
];

/** Whether a shape that somebody gives agrees with what is told of it: the same axes, and the sizes that are known. */
export const agrees = (told: Shape | undefined, given: readonly number[]): boolean =>
  told === undefined ||
  (told.length === given.length && told.every((size, axis) => !isKnown(size) || size === given[axis]));
