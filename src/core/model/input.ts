import { isKnown, type Model, type ModelNode, type Shape } from './model';
import { inferShapes } from './shapes';
import { agrees } from './sizes';

/** A model on an input of which its code tells nothing, or not all. */

const isOpen = (shape: Shape | undefined): boolean => shape === undefined || !shape.every(isKnown);

/**
 * The model with what a person says of its input's shape, and every shape that follows from it. Unchanged where the
 * code tells the shape, and where there is more than one input.
 *
 * @param shape components without the batch, channels last
 * @returns a sentence where the code tells part of the shape and `shape` contradicts it
 */
export function withInputShape(model: Model, shape: readonly number[]): Model | { readonly problem: string } {
  const [input, ...others] = model.inputs;
  const told = model.inputShape;
  if (input === undefined || others.length > 0 || !isOpen(told)) return model;
  if (!agrees(told, shape)) {
    const known = told?.map((size) => (isKnown(size) ? size : '?')).join(' × ');
    return { problem: `${model.name} takes an input of ${known}, and ${shape.join(' × ')} was given.` };
  }
  const nodes = model.nodes.map(
    (node): ModelNode => (node.id === input && node.operation.kind === 'input' ? { ...node, shape } : node),
  );
  const shapes = inferShapes(nodes, shape);
  return { ...model, inputShape: shape, nodes: nodes.map((node) => ({ ...node, shape: shapes[node.id] })) };
}
