import type { Size } from '../../../../core/model/model';
import { strided } from '../../../../core/model/strides';
import { list, type Value } from '../../../interpret/values';
import { unknownSize } from '../../given';
import { lastSize, type Moment, type Tensor } from '../../tracing/step';
import { foreign, sizeValue } from '../state';

/** The shape of an array of unknown rank, from an axis on. */
export interface OpenShape {
  readonly tensor: Tensor;
  readonly from: number;
}

/** A length that nobody knows, and that is told from all others. */
const ownLength = (): Size => strided({ kind: 'unknown' }, 1);

/** As many of them. */
export const lengths = (count: number): Size[] => Array.from({ length: count }, ownLength);

/** A shape of which all that is not known is told from all else. */
export const withLengths = (shape: readonly Size[] | undefined): Size[] | undefined =>
  shape?.map((size) => (typeof size === 'object' && size.kind === 'unknown' ? ownLength() : size));

/** One size: `x.shape[1]`. */
export function sizeAt(tensor: Tensor, axis: number, { machine }: Moment): Value {
  const { shape } = tensor.step;
  const size = shape?.at(axis) ?? (axis === -1 ? lastSize(tensor) : undefined) ?? unknownSize;
  const position = axis < 0 && shape !== undefined ? shape.length + axis : axis;
  return sizeValue(size, machine, position);
}

/** An array's shape; where not even the rank is known, an object that gives as many sizes as are asked for. */
export const shapeOf = (tensor: Tensor, { machine }: Moment): Value => {
  const { shape } = tensor.step;
  if (shape === undefined) return foreign('shape', { tensor, from: 0 } satisfies OpenShape);
  return list(
    shape.map((size, k) => sizeValue(size, machine, k)),
    'tuple',
  );
};
