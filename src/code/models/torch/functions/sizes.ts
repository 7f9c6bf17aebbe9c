import type { Value } from '../../../interpret/values';
import { unknownSize } from '../../given';
import { lastSize, type Moment, type Tensor } from '../../tracing/step';
import { shapeList } from '../layer';
import { foreign, sizeValue } from '../state';

/** One size: `x.size(0)`, `x.shape[1]`. */
export function sizeAt(tensor: Tensor, axis: number, { machine }: Moment): Value {
  const { shape } = tensor.step;
  const size = shape?.at(axis) ?? (axis === -1 ? lastSize(tensor) : undefined) ?? unknownSize;
  const position = axis < 0 && shape !== undefined ? shape.length + axis : axis;
  return sizeValue(size, machine, position);
}

/** A tensor's shape; where not even the rank is known, an object that gives as many sizes as are asked for. */
export const shapeOf = (tensor: Tensor, { machine }: Moment): Value =>
  tensor.step.shape === undefined
    ? foreign('shape', { tensor, from: 0 } satisfies OpenShape)
    : shapeList(tensor.step.shape, machine, true);

/** The shape of a tensor of unknown rank, from an axis on. */
export interface OpenShape {
  readonly tensor: Tensor;
  readonly from: number;
}
