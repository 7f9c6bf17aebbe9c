import { formatPower } from '../../format/numbers';
import { isSamePlace, type ModelNode } from '../../model/model';
import { functionOf, labelOf } from '../../theory/graphForward';
import { gaussianSignal, throughFunction } from '../../theory/signal';
import { finding, type Rule, relatedStep } from './rule';

export const activationTwice: Rule = {
  id: 'activation-twice',
  title: 'Two activations on top of each other',
  severity: 'warning',
  documentation: {
    what: 'An activation that receives another activation’s output, with no kernel between.',
    number: 'By what the second multiplies a gradient, over pre-activations of variance 1.',
    why: 'The second one’s slope multiplies in without adding anything that the kernel could learn; the same ReLU twice does nothing.',
    fix: 'Leave one of them out: an argument and a layer often say the same twice.',
    sources: [],
    examples: [
      {
        framework: 'Keras',
        wrong: "layers.Dense(128, activation='relu')\nlayers.Activation('tanh')",
        right: "layers.Dense(128)\nlayers.Activation('tanh')",
      },
      {
        framework: 'PyTorch',
        wrong: 'x = F.relu(self.block(x))  # block ends with nn.ReLU()',
        right: 'x = self.block(x)  # block ends with nn.ReLU()',
      },
    ],
  },
  check: ({ graph: { nodes } }) =>
    nodes.flatMap((node) => {
      const { operation } = node;
      const before = activationBefore(nodes, node);
      if (operation.kind !== 'activation' || before?.operation.kind !== 'activation') return [];
      // What a loop does again and again may follow an activation the first time alone.
      if (!nodes.every((each) => !isSameUse(each, node) || activationBefore(nodes, each) !== undefined)) return [];
      const [first, second] = [functionOf(before.operation.activation), functionOf(operation.activation)];
      if (first === undefined || second === undefined || first.name === 'linear' || second.name === 'linear') return [];
      const { signal } = throughFunction(first, gaussianSignal(0, 1, 0));
      const factor = Math.sqrt(throughFunction(second, signal).factor);
      const names = `${labelOf(node)} receives what ${labelOf(before)} gives`;
      const message =
        Math.abs(factor - 1) < 1e-3
          ? `${names}, with no kernel between: it passes the gradient on unchanged and adds nothing.`
          : `${names}, with no kernel between: it multiplies the gradient by another ${formatPower(factor)}.`;
      return [
        finding(activationTwice, node, message, {
          related: [relatedStep(before, `${labelOf(before)} comes first.`)],
        }),
      ];
    }),
};

/** Whether both are one activation at one place of a text: where it is made, and where it is applied. */
const isSameUse = (one: ModelNode, other: ModelNode): boolean =>
  one.source.to > 0 &&
  isSamePlace(one.source, other.source) &&
  isSamePlace(one.applied ?? one.source, other.applied ?? other.source) &&
  JSON.stringify(one.operation) === JSON.stringify(other.operation);

/** The activation whose output an activation receives, both known to be there. */
function activationBefore(nodes: readonly ModelNode[], node: ModelNode): ModelNode | undefined {
  if (node.operation.kind !== 'activation' || !node.certain) return undefined;
  let before = nodes[node.inputs[0] ?? -1];
  while (before && (before.operation.kind === 'dropout' || before.operation.kind === 'rearrange')) {
    before = nodes[before.inputs[0] ?? -1];
  }
  return before?.operation.kind === 'activation' && before.certain ? before : undefined;
}
