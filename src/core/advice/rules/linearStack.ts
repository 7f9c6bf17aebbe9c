import { formatInteger } from '../../format/numbers';
import { channelsOf } from '../../model/fans';
import { labelOf } from '../../theory/graphForward';
import { finding, type Rule, relatedStep } from './rule';

export const linearStack: Rule = {
  id: 'linear-stack',
  title: 'Dense layers with no activation between',
  severity: 'warning',
  documentation: {
    what: 'A dense layer that feeds another with nothing between but dropout or reshaping, and is no narrower than both of its sides.',
    number: 'Units that add no function.',
    why: 'Two linear maps in a row are one linear map. A narrow one between is a factorisation, which may be meant, and is not reported.',
    fix: 'Give the first an activation, or leave it out.',
    sources: [],
    examples: [
      {
        framework: 'Keras',
        wrong: "layers.Dense(256)\nlayers.Dense(128, activation='relu')",
        right: "layers.Dense(256, activation='relu')\nlayers.Dense(128, activation='relu')",
      },
      {
        framework: 'PyTorch',
        wrong: 'nn.Sequential(nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10))',
        right: 'nn.Sequential(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))',
      },
    ],
  },
  check: ({ graph: { nodes }, context: { shapes, consumers }, hidden }) =>
    nodes.flatMap((node) => {
      if (node.operation.kind !== 'dense' || !hidden.has(node.id) || !node.certain) return [];
      let [next, ...more] = consumers[node.id]!;
      while (next !== undefined && more.length === 0) {
        const { kind } = nodes[next]!.operation;
        if (!nodes[next]!.certain || (kind !== 'dropout' && kind !== 'rearrange')) break;
        [next, ...more] = consumers[next]!;
      }
      const after = next === undefined || more.length > 0 ? undefined : nodes[next];
      if (after?.operation.kind !== 'dense' || !after.certain) return [];
      const [received, units, given] = [shapes[node.inputs[0]!], shapes[node.id], shapes[after.id]].map(channelsOf);
      if (!(units! >= Math.min(received!, given!))) return [];
      const message = `No activation stands between ${labelOf(node)} and ${labelOf(after)}: together they are one linear map, and the ${formatInteger(units!)} units between add no function.`;
      return [finding(linearStack, node, message, { related: [relatedStep(after, `${labelOf(after)} follows it.`)] })];
    }),
};
