import { formatInteger } from '../../format/numbers';
import { unitsOf } from '../../model/fans';
import type { ModelNode } from '../../model/model';
import { labelOf } from '../../theory/graphForward';
import { finding, type Rule, relatedStep } from './rule';

export const biasBeforeBatchnorm: Rule = {
  id: 'bias-before-batchnorm',
  title: 'A bias that batch normalisation takes out',
  severity: 'hint',
  offByDefault: true,
  documentation: {
    what: 'A dense or convolutional layer with a bias whose only reader is a batch normalisation.',
    number: 'How many biases get a gradient of exactly 0.',
    why: 'Batch normalisation subtracts each channel’s mean, and the bias with it; its own shift takes the bias’s place.',
    fix: 'Leave the bias out: use_bias=False, bias=False.',
    sources: ['Ioffe & Szegedy 2015'],
    examples: [
      {
        framework: 'Keras',
        wrong: 'layers.Conv2D(64, 3)\nlayers.BatchNormalization()',
        right: 'layers.Conv2D(64, 3, use_bias=False)\nlayers.BatchNormalization()',
      },
      {
        framework: 'PyTorch',
        wrong: 'nn.Conv2d(3, 64, 3)\nnn.BatchNorm2d(64)',
        right: 'nn.Conv2d(3, 64, 3, bias=False)\nnn.BatchNorm2d(64)',
      },
    ],
  },
  check({ graph: { nodes }, context: { consumers } }) {
    const readerOf = (node: ModelNode): ModelNode | undefined => {
      const { operation } = node;
      if ((operation.kind !== 'dense' && operation.kind !== 'convolution') || operation.bias === null) return undefined;
      const [id, ...more] = consumers[node.id]!;
      const reader = nodes[id ?? -1];
      const isBatch = reader?.operation.kind === 'normalisation' && reader.operation.over === 'batch';
      return isBatch && more.length === 0 && node.certain && reader.certain ? reader : undefined;
    };
    return placesOf(nodes).flatMap((made) => {
      const [first] = made;
      const reader = readerOf(first);
      // One place of the code has one bias argument: where a layer of it needs the bias, there is nothing to leave out.
      if (reader === undefined || !made.every((node) => readerOf(node))) return [];
      const count = new Map(made.map((node) => [node.weights ?? node.id, unitsOf(node.operation)]));
      const biases = [...count.values()].reduce((sum, units) => sum + units, 0);
      if (!(biases > 0)) return [];
      const message = `${labelOf(reader)} subtracts the bias of ${labelOf(first)} again: its ${formatInteger(biases)} values get a gradient of exactly 0.`;
      return [
        finding(biasBeforeBatchnorm, first, message, {
          related: [relatedStep(reader, `${labelOf(reader)} subtracts the mean, and has a shift of its own.`)],
        }),
      ];
    });
  },
};

/** Steps by the place of the code that makes them. */
function placesOf(nodes: readonly ModelNode[]): (readonly [ModelNode, ...ModelNode[]])[] {
  const places = new Map<string, [ModelNode, ...ModelNode[]]>();
  for (const node of nodes) {
    const { cell, from, to } = node.source;
    const key = `${cell} ${from} ${to} ${node.operation.kind}`;
    const made = places.get(key);
    if (made === undefined) places.set(key, [node]);
    else made.push(node);
  }
  return [...places.values()];
}
