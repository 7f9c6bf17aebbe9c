import type { Operation, Shape } from '../../../core/model/model';
import { outputShape } from '../../../core/model/shapes';
import type { Shapes } from './layer';
import { channelsToFirst, channelsToLast } from './shape';

/** The shape that an operation gives, with components in the order in which the code keeps them. */
export function shapeAfter(operation: Operation, inputs: Shapes, channelsFirst: boolean): Shape | undefined {
  if (!channelsFirst) return outputShape(operation, inputs);
  return channelsToFirst(outputShape(operation, inputs.map(channelsToLast)));
}
