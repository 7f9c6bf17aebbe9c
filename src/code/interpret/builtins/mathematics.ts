import { MOST_ITEMS } from '../growth';
import { binary, realOf } from '../operations';
import { type CallArguments, constant, list, type Value } from '../values';

/** Functions of libraries of mathematics, on numbers that are known. */

const real: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
  trunc: Math.trunc,
  abs: Math.abs,
  fabs: Math.abs,
  absolute: Math.abs,
  sign: Math.sign,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  cbrt: Math.cbrt,
  int: Math.trunc,
  int32: Math.trunc,
  int64: Math.trunc,
  float32: Math.fround,
  float64: Number,
  float_: Number,
  double: Number,
};

const pair: Readonly<Record<string, (a: number, b: number) => number>> = {
  pow: (a, b) => a ** b,
  power: (a, b) => a ** b,
  max: Math.max,
  min: Math.min,
  maximum: Math.max,
  minimum: Math.min,
  hypot: Math.hypot,
  gcd: (a, b) => {
    let [x, y] = [Math.abs(a), Math.abs(b)];
    while (y > 0) [x, y] = [y, x % y];
    return x;
  },
};

const constants: Readonly<Record<string, number>> = {
  pi: Math.PI,
  e: Math.E,
  tau: 2 * Math.PI,
  inf: Number.POSITIVE_INFINITY,
  PI: Math.PI,
  E: Math.E,
  SQRT2: Math.SQRT2,
};

const libraries = /^(math|numpy|np|Math|jax\.numpy)\.(\w+)$/;

/** `math.pi`. */
export function moduleConstant(path: string): Value | undefined {
  const name = libraries.exec(path)?.[2];
  const value = name === undefined || !Object.hasOwn(constants, name) ? undefined : constants[name];
  return value === undefined ? undefined : constant(value);
}

/** All numbers in nested lists; undefined where one is not known. */
function numbersIn(value: Value | undefined): number[] | undefined {
  if (value?.kind !== 'list' || !value.complete) return undefined;
  const numbers = value.items.map(realOf);
  return numbers.every((x) => x !== undefined) ? numbers : undefined;
}

/** A call of a function of mathematics; undefined where it is another, or its arguments are not known. */
export function moduleCall(path: string, { positional }: CallArguments): Value | undefined {
  const [, root, name] = libraries.exec(path) ?? [];
  if (name === undefined || root === 'jax.numpy') return undefined;
  const [first, second] = positional;
  const numbers = numbersIn(first);
  if (numbers !== undefined) {
    switch (name) {
      case 'prod':
        return constant(numbers.reduce((a, b) => a * b, 1));
      case 'sum':
        return constant(numbers.reduce((a, b) => a + b, 0));
      case 'max':
      case 'amax':
        return constant(Math.max(...numbers));
      case 'min':
      case 'amin':
        return constant(Math.min(...numbers));
      case 'array':
      case 'asarray':
        return first;
      case 'cumsum': {
        let sum = 0;
        return list(
          numbers.map((x) => {
            sum += x;
            return constant(sum);
          }),
        );
      }
    }
  }
  if (name === 'linspace' || name === 'arange') return range(name, positional);
  const [a, b] = [realOf(first), realOf(second)];
  if (a === undefined) return undefined;
  if (second === undefined && Object.hasOwn(real, name)) return constant(real[name]!(a));
  if (root === 'Math' && (name === 'max' || name === 'min')) {
    const all = positional.map(realOf);
    return all.every((x) => x !== undefined)
      ? constant(name === 'max' ? Math.max(...all) : Math.min(...all))
      : undefined;
  }
  if (b !== undefined && Object.hasOwn(pair, name)) return constant(pair[name]!(a, b));
  if (b !== undefined && name === 'log') return constant(Math.log(a) / Math.log(b));
  if (b !== undefined && (name === 'floor_divide' || name === 'mod')) {
    return binary(name === 'mod' ? '%' : '//', constant(a), constant(b), true);
  }
  return undefined;
}

function range(name: string, positional: readonly Value[]): Value | undefined {
  const numbers = positional.map(realOf);
  if (!numbers.every((x) => x !== undefined)) return undefined;
  const [a = 0, b, c] = numbers;
  if (name === 'linspace') {
    const count = c ?? 50;
    if (b === undefined || count > MOST_ITEMS || count < 2) return undefined;
    return list(Array.from({ length: count }, (_, i) => constant(a + ((b - a) * i) / (count - 1))));
  }
  const [start, stop, step] = b === undefined ? [0, a, 1] : [a, b, c ?? 1];
  const count = Math.ceil((stop - start) / step);
  if (!(count >= 0 && count <= MOST_ITEMS)) return undefined;
  return list(Array.from({ length: count }, (_, i) => constant(start + step * i)));
}
