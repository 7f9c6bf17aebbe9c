import type { Operation, Shape } from '../../../core/models/graph';
import { outputShape } from '../../../core/models/shapes';
import type { Shapes } from './layer';
import { channelsToFirst, channelsToLast } from './shape';

/** The shape that an operation gives, with components in the order in which the code keeps them. */
export function shapeAfter(operation: Operation, inputs: Shapes, channelsFirst: boolean): Shape | undefined {
  if (!channelsFirst) return outputShape(operation, inputs);
  return channelsToFirst(outputShape(operation, inputs.map(channelsToLast)));
}
