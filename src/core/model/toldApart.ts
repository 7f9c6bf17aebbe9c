import { isWeighted } from './fans';
import type { Model, ModelNode } from './model';

const labelOf = ({ name, type }: ModelNode): string => name ?? type;

/** Layers with a kernel are counted among themselves; an activation goes by its layer. */
const groupOf = (node: ModelNode): string => `${isWeighted(node)} ${labelOf(node)}`;

/**
 * The model with a name of its own for each layer: those that are called the same get numbers, in the model's order,
 * "dense 1", "dense 2". So sentence, plot, table and files call a layer by one name.
 */
export function toldApart(model: Model): Model {
  const counted = model.nodes.filter(({ operation }) => operation.kind !== 'activation');
  const counts = new Map<string, number>();
  for (const node of counted) counts.set(groupOf(node), (counts.get(groupOf(node)) ?? 0) + 1);
  const taken = new Set(model.nodes.map(labelOf));
  const seen = new Map<string, number>();
  const nodes = model.nodes.map((node): ModelNode => {
    const group = groupOf(node);
    if (node.operation.kind === 'activation' || (counts.get(group) ?? 0) < 2) return node;
    let number = seen.get(group) ?? 0;
    let name: string;
    do name = `${labelOf(node)} ${++number}`;
    while (taken.has(name));
    seen.set(group, number);
    return { ...node, name };
  });
  return { ...model, nodes };
}
