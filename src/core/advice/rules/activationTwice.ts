import { formatPower } from '../../format/numbers';
import type { ModelNode } from '../../model/model';
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
      if (operation.kind !== 'activation' || !node.certain) return [];
      const before = activationBefore(nodes, node);
      if (before?.operation.kind !== 'activation' || !before.certain) return [];
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

function activationBefore(nodes: readonly ModelNode[], node: ModelNode): ModelNode | undefined {
  let before = nodes[node.inputs[0] ?? -1];
  while (before && (before.operation.kind === 'dropout' || before.operation.kind === 'rearrange')) {
    before = nodes[before.inputs[0] ?? -1];
  }
  return before;
}
