import { isOf, misfit } from './misfit';
import type { Rule } from './rule';

export const heWithTanh: Rule = {
  id: 'he-with-tanh',
  title: 'He initialiser under a saturating activation',
  severity: 'information',
  documentation: {
    what: 'A He initialiser under tanh, sigmoid or softsign, where another is predicted to pass the gradient more evenly.',
    number: 'The predicted ratio of the gradients with either; reported from a factor of three on.',
    why: 'He doubles the variance to make up for the half that ReLU cuts off; functions that saturate cut nothing off.',
    fix: 'Use a Glorot initialiser.',
    sources: ['Glorot & Bengio 2010', 'He et al. 2015'],
    examples: [
      {
        framework: 'Keras',
        wrong: "layers.Dense(128, activation='tanh', kernel_initializer='he_normal')",
        right: "layers.Dense(128, activation='tanh', kernel_initializer='glorot_uniform')",
      },
      {
        framework: 'PyTorch',
        wrong: 'nn.init.kaiming_normal_(layer.weight)  # under nn.Tanh()',
        right: 'nn.init.xavier_normal_(layer.weight)  # under nn.Tanh()',
      },
    ],
  },
  check: (context) =>
    misfit(heWithTanh, context, (phi, kernel) => isOf(kernel, 'he') && phi.saturates === 'both' && phi.range[1] < 6),
};
