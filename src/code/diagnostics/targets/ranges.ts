/** What is known of the values of data: how far they go, or what they consist of. */
export type Data = Values | Parts;

export interface Values {
  readonly kind: 'values';
  /** The values go at least this far, both ways. */
  readonly min: number;
  readonly max: number;
  /** In any order: a part of them goes as far. */
  readonly mixed: boolean;
}

/** A tuple, or (`rows`) something that gives such tuples one after the other; undefined for what is not known. */
export interface Parts {
  readonly kind: 'tuple' | 'rows';
  readonly items: readonly (Data | undefined)[];
}

export const values = (min: number, max: number, mixed = false): Values => ({ kind: 'values', min, max, mixed });
export const parts = (...items: readonly (Data | undefined)[]): Parts => ({ kind: 'tuple', items });

/** Everything that two lists hold together. */
export function together(all: readonly (Data | undefined)[]): Values | undefined {
  let found: Values | undefined;
  for (const each of all) {
    if (each?.kind !== 'values') return undefined;
    found =
      found === undefined
        ? each
        : values(Math.min(found.min, each.min), Math.max(found.max, each.max), found.mixed && each.mixed);
  }
  return found;
}

/** What a function of one number makes of values that lie closely over their range. */
export function through(data: Data | undefined, f: (x: number) => number): Values | undefined {
  if (data?.kind !== 'values' || !Number.isFinite(data.min + data.max)) return undefined;
  const all = Array.from({ length: 401 }, (_, k) => f(data.min + ((data.max - data.min) * k) / 400));
  if (!all.every(Number.isFinite)) return undefined;
  return values(Math.min(...all), Math.max(...all), data.mixed);
}

/** Times and plus numbers. */
export function scaled(data: Data | undefined, factor: number, shift: number): Values | undefined {
  if (data?.kind !== 'values' || !Number.isFinite(factor) || factor === 0) return undefined;
  const [a, b] = [data.min * factor + shift, data.max * factor + shift];
  return values(Math.min(a, b), Math.max(a, b), data.mixed);
}

/** How far a sum goes at least, whatever its two terms have to do with each other. */
export function sum(a: Data | undefined, b: Data | undefined): Values | undefined {
  if (a?.kind !== 'values' || b?.kind !== 'values') return undefined;
  const [min, max] = [Math.min(a.min + b.max, a.max + b.min), Math.max(a.min + b.max, a.max + b.min)];
  return Number.isNaN(min + max) ? undefined : values(min, max, a.mixed && b.mixed);
}

/** Draws of a normal distribution: of a hundred of them some go as far as two standard deviations. */
export const normal = (mean: number, stddev: number): Values => values(mean - 2 * stddev, mean + 2 * stddev, true);

const pixels = values(0, 255, true);
const classes = (count: number): Values => values(0, count - 1, true);
const twice = (x: Data | undefined, y: Data | undefined): Data => parts(parts(x, y), parts(x, y));

/** Data sets of Keras and of scikit-learn, as their documentation states them, by what loads them. */
export const dataSets: ReadonlyMap<string, Data> = new Map<string, Data>([
  ['mnist.load_data', twice(pixels, classes(10))],
  ['fashion_mnist.load_data', twice(pixels, classes(10))],
  ['cifar10.load_data', twice(pixels, classes(10))],
  ['cifar100.load_data', twice(pixels, classes(100))],
  ['boston_housing.load_data', twice(undefined, values(5, 50, true))],
  ['imdb.load_data', twice(undefined, classes(2))],
  ['reuters.load_data', twice(undefined, classes(46))],
  ['load_boston', parts(undefined, values(5, 50, true))],
  ['load_diabetes', parts(undefined, values(25, 346, true))],
  ['fetch_california_housing', parts(undefined, values(0.15, 5, true))],
  ['make_regression', parts(normal(0, 1), normal(0, 100))],
  ['load_iris', parts(values(0.1, 7.9, true), classes(3))],
  ['load_wine', parts(undefined, classes(3))],
  ['load_digits', parts(values(0, 16, true), classes(10))],
  ['load_breast_cancer', parts(undefined, classes(2))],
]);
