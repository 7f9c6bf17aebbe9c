import type { Model, ModelNode } from '../../core/model/model';

/** What says where and how something is written, and whose names it bears: none of it is what a model computes. */
const written: ReadonlySet<string> = new Set(['source', 'spelled', 'framework']);

const plain = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

function operation({ operation: own }: ModelNode): unknown {
  return JSON.parse(JSON.stringify(own, (key, value) => (written.has(key) ? undefined : plain(key, value))));
}

/**
 * What a model computes, as a text to compare: types, sizes, activations, initialisers, edges and loss, without places and
 * spellings.
 */
export function essence({ nodes, inputs, outputs, inputShape, loss, symbols }: Model): string {
  const first = (weights: number | undefined): number | undefined =>
    weights === undefined ? undefined : nodes.findIndex((node) => node.weights === weights);
  const steps = nodes.map((node) => ({
    operation: operation(node),
    inputs: node.inputs,
    shape: node.shape,
    weights: first(node.weights),
    certain: node.certain,
  }));
  return JSON.stringify(
    {
      steps,
      inputs,
      outputs,
      inputShape,
      loss: loss && { kind: loss.kind, wants: loss.wants },
      symbols: symbols.map(({ name }) => name),
    },
    plain,
  );
}
