import type { Operation, Shape, Size } from '../../../core/model/model';
import { product, unknownSize } from '../given';
import type { Shapes } from './layer';

const toLast = (shape: Shape | undefined): Shape | undefined =>
  shape === undefined || shape.length < 2 ? shape : [...shape.slice(1), shape[0]!];
const toFirst = (shape: Shape | undefined): Shape | undefined =>
  shape === undefined || shape.length < 2 ? shape : [shape.at(-1)!, ...shape.slice(0, -1)];

export { toFirst as channelsToFirst, toLast as channelsToLast };

/** `f` of a size where that is a number; what hangs on symbols hangs on the same ones then. */
export const sizeMap = (size: Size, f: (n: number) => number): Size => (typeof size === 'number' ? f(size) : size);

/** One of two sizes that have to be alike. */
export function same(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return Math.max(a, b);
  if (typeof a === 'number') return a === 1 ? b : a;
  if (typeof b === 'number') return b === 1 ? a : b;
  return a.kind === 'symbolic' ? a : b;
}

/** Of several tensors that are added or multiplied. */
export function broadcast(inputs: Shapes): Shape | undefined {
  let result: Shape | undefined;
  for (const shape of inputs) {
    if (shape === undefined) continue;
    if (result === undefined) result = shape;
    else {
      const [long, short] = shape.length > result.length ? [shape, result] : [result, shape];
      const offset = long.length - short.length;
      result = long.map((size, k) => (k < offset ? size : same(size, short[k - offset]!)));
    }
  }
  return result;
}

/** @param axis as the code counts it, with the batch: −1 is the last */
export const concatenated =
  (axis: number | undefined) =>
  (inputs: Shapes): Shape | undefined => {
    const [first] = inputs;
    if (axis === undefined || first === undefined) return undefined;
    const position = axis < 0 ? first.length + axis : axis - 1;
    return first.map((size, k) => {
      if (k !== position) return size;
      return inputs.reduce<Size>((sum, shape) => plus(sum, shape?.[k] ?? unknownSize), 0);
    });
  };

export function plus(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const symbols = [a, b].flatMap((size) => (typeof size === 'object' && size.kind === 'symbolic' ? size.symbols : []));
  const open = [a, b].some((size) => typeof size === 'object' && size.kind === 'unknown');
  return open ? unknownSize : { kind: 'symbolic', symbols: [...new Set(symbols)] };
}

/** A reshape's target, with −1 for what is left. */
export const reshaped =
  (target: Shape | undefined) =>
  ([input]: Shapes): Shape | undefined => {
    if (target === undefined) return undefined;
    const open = target.indexOf(-1);
    if (open < 0) return target;
    const whole = input === undefined ? unknownSize : product(input);
    const rest = product(target.filter((_, k) => k !== open));
    const left = typeof whole === 'number' && typeof rest === 'number' && rest > 0 ? whole / rest : unknownSize;
    return target.map((size, k) => (k === open ? left : size));
  };

/** @param dims from 1, as Permute has them */
export const permuted =
  (dims: Shape | undefined) =>
  ([input]: Shapes): Shape | undefined =>
    dims === undefined || input === undefined
      ? undefined
      : dims.map((dim) => (typeof dim === 'number' ? (input[dim - 1] ?? unknownSize) : unknownSize));

/** Space grows or shrinks, channels stay. */
export const inSpace =
  (change: (size: Size, axis: number) => Size, channelsFirst: boolean) =>
  ([input]: Shapes): Shape | undefined =>
    input?.map((size, k) => {
      const channels = channelsFirst ? 0 : input.length - 1;
      return k === channels ? size : change(size, channelsFirst ? k - 1 : k);
    });

export const unchanged = ([input]: Shapes): Shape | undefined => input;

export const operationKind = (operation: Operation): Operation['kind'] => operation.kind;
