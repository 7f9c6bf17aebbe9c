import type { FlowContext } from '../../theory/graphForward';
import { modelVerdict } from '../../verdicts/model';
import { flowThresholds } from '../../verdicts/thresholds';
import { flowFinding } from './flowFinding';
import { certainFlow, type Rule } from './rule';

export const explodingFlow: Rule = {
  id: 'exploding-flow',
  title: 'The gradient explodes on its way to the first layer',
  severity: 'warning',
  documentation: {
    what: 'At the start of a training, the gradient at the first hidden layer is more than 70 times that at the last one. Models in which batch normalisation follows every hidden layer are left out.',
    number: 'The predicted ratio of the two gradients’ norms, over drawn weights.',
    why: 'Every step back multiplies by the kernel’s scale and by the activation’s slope; together they lie above 1, and the first layers’ steps are too large. Under batch normalisation a kernel’s scale has no effect, and kernels grow until their steps fit: such networks train in spite of the number.',
    fix: 'Use an activation with the initialiser that fits it; clip gradients where that is not enough.',
    sources: [
      'Pascanu et al. 2013',
      'Schoenholz et al. 2017',
      'Yang et al. 2019',
      'Arora, Li & Lyu 2019',
      'AutoTrainer, ICSE 2021 (threshold)',
    ],
    examples: [
      {
        framework: 'Keras',
        wrong: "layers.Dense(128, activation='relu', kernel_initializer=keras.initializers.RandomNormal(stddev=0.5))",
        right: "layers.Dense(128, activation='relu', kernel_initializer='he_normal')",
      },
      {
        framework: 'PyTorch',
        wrong: 'nn.init.normal_(layer.weight, std=0.5)',
        right: "nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')",
      },
    ],
  },
  check(context) {
    const flow = certainFlow(context);
    if (flow === undefined || modelVerdict(flow) !== 'exploding' || !(flow.ratio > flowThresholds.exploding)) return [];
    if (flow.layers.every(({ node }) => isScaleFree(context.context, node))) return [];
    return [flowFinding(explodingFlow, context, flow)];
  },
};

/**
 * Whether everything that a layer gives is batch-normalised before it meets another kernel or leaves the model: the scale
 * of its kernel then has no effect, and the gradient of the kernel is the smaller the larger the kernel is (Arora, Li &
 * Lyu 2019).
 */
function isScaleFree({ graph: { nodes, outputs }, consumers }: FlowContext, layer: number): boolean {
  const open = [layer];
  const seen = new Set<number>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (outputs.includes(id)) return false;
    for (const next of consumers[id]!) {
      const { operation } = nodes[next]!;
      if (operation.kind === 'normalisation' && operation.over === 'batch') continue;
      if ('kernel' in operation || operation.kind === 'opaque') return false;
      open.push(next);
    }
  }
  return true;
}
