import { formatInitializer, type Initializer } from '../initializers/initializer';
import {
  type Initialization,
  type Model,
  type ModelNode,
  nowhere,
  type Operation,
  type Shape,
  type SourceRange,
} from './model';

/** A step with what most steps have: no place, no name, a shape that follows from its inputs'. */
export const nodeOf = (
  id: number,
  operation: Operation,
  inputs: readonly number[],
  more: Partial<ModelNode> = {},
): ModelNode => ({
  id,
  operation,
  inputs,
  type: operation.kind,
  source: nowhere,
  shape: undefined,
  certain: true,
  ...more,
});

/** What weights start with where it is known, spelt in the text form. */
export const startingWith = (initializer: Initializer, source: SourceRange = nowhere): Initialization => ({
  kind: 'known',
  initializer,
  spelled: formatInitializer(initializer),
  source,
});

/** The model for inputs of a shape, whatever it said of them; one without a step for its input gets one. */
export function withInputShape(model: Model, shape: Shape): Model {
  if (model.inputs.length > 0) {
    const nodes = model.nodes.map((node) => (model.inputs.includes(node.id) ? { ...node, shape } : node));
    return { ...model, nodes, inputShape: shape };
  }
  const later = (ids: readonly number[]): number[] => ids.map((id) => id + 1);
  const nodes = model.nodes.map((node) => ({
    ...node,
    id: node.id + 1,
    inputs: node.inputs.length === 0 ? [0] : later(node.inputs),
  }));
  return {
    ...model,
    nodes: [nodeOf(0, { kind: 'input' }, [], { shape }), ...nodes],
    inputs: [0],
    outputs: later(model.outputs),
    inputShape: shape,
  };
}
