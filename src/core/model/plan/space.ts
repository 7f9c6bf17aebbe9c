import type { Operation, Size } from '../model';
import { isKnown } from '../model';
import { along } from '../shapes';

/** Windows over an axis, in numbers. Every function takes shapes channels last, without the batch. */

type Convolution = Extract<Operation, { kind: 'convolution' }>;
type Pooling = Extract<Operation, { kind: 'pooling' }>;

export interface Windows {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  /** Zeros in front of each axis; of a transposed convolution, what is cut off there. */
  readonly before: readonly number[];
}

/**
 * Windows of a convolution or pooling on an input. `same` puts the smaller half of the zeros in front, as TensorFlow,
 * Flax and PyTorch do.
 *
 * @param rank axes but for the channels
 * @returns undefined where a size is not known
 */
export function windowsOf(
  operation: Convolution | Pooling,
  input: readonly number[],
  rank: number,
): Windows | undefined {
  const numbers = (sizes: readonly Size[], usual: Size): number[] | undefined => {
    const found = Array.from({ length: rank }, (_, axis) => along(sizes, axis, usual));
    return found.every(isKnown) ? (found as number[]) : undefined;
  };
  const convolution = operation.kind === 'convolution';
  const size = numbers(convolution ? operation.kernelSize : operation.size, { kind: 'unknown' });
  if (size === undefined) return undefined;
  const strides =
    operation.strides.length === 0 && !convolution
      ? size
      : numbers(operation.strides, convolution ? 1 : { kind: 'unknown' });
  const dilation = convolution ? numbers(operation.dilation, 1) : size.map(() => 1);
  if (strides === undefined || dilation === undefined) return undefined;
  const transposed = convolution && operation.transposed;
  const { padding } = operation;
  if (typeof padding !== 'string') {
    const before = numbers(padding, 0);
    return before && { size, strides, dilation, before };
  }
  const before = size.map((k, axis) => {
    if (padding === 'valid') return 0;
    const [n, s, d] = [input[axis]!, strides[axis]!, dilation[axis]!];
    const reach = d * (k - 1) + 1;
    const total = transposed ? reach - s : (Math.ceil(n / s) - 1) * s + reach - n;
    return Math.floor(Math.max(0, total) / 2);
  });
  return { size, strides, dilation, before };
}

/** The one order of axes that makes an output's shape of an input's; undefined where there are several, or none. */
export function permutationOf(input: readonly number[], output: readonly number[]): readonly number[] | undefined {
  if (input.length !== output.length || new Set(input).size < input.length) return undefined;
  const axes = output.map((size) => input.indexOf(size));
  return axes.includes(-1) || new Set(axes).size < axes.length ? undefined : axes;
}
