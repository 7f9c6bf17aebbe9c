import { isOf, misfit } from './misfit';
import type { Rule } from './rule';

export const glorotUnderRelu: Rule = {
  id: 'glorot-under-relu',
  title: 'Glorot initialiser under ReLU and its like',
  severity: 'information',
  documentation: {
    what: 'A Glorot initialiser, written or by default, under an activation that He’s fits, in a stack deep enough to feel it.',
    number:
      'The predicted ratio of the gradients with either (ten layers of ReLU: 0.044 and 1); reported from a factor of three on.',
    why: 'ReLU passes half of the variance and half of the squared gradient; Glorot does not make up for it, and every layer multiplies by 0.71.',
    fix: 'Use a He initialiser.',
    sources: ['He et al. 2015'],
    examples: [
      {
        framework: 'Keras',
        wrong: "for _ in range(12):\n    model.add(layers.Dense(128, activation='relu'))",
        right:
          "for _ in range(12):\n    model.add(layers.Dense(128, activation='relu', kernel_initializer='he_uniform'))",
      },
      {
        framework: 'PyTorch',
        wrong: 'nn.init.xavier_uniform_(layer.weight)  # under nn.ReLU()',
        right: "nn.init.kaiming_uniform_(layer.weight, nonlinearity='relu')  # under nn.ReLU()",
      },
    ],
  },
  check: (context) =>
    misfit(glorotUnderRelu, context, (phi, kernel) => {
      const byDefault = kernel.kind === 'default' && ['keras', 'tf2', 'tfjs'].includes(context.graph.framework);
      return phi.fittingInitializer.startsWith('he_') && (byDefault || isOf(kernel, 'glorot'));
    }),
};
