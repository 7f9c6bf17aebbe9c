import { isOf, misfit } from './misfit';
import type { Rule } from './rule';

export const seluInitialiser: Rule = {
  id: 'selu-initialiser',
  title: 'SELU without a LeCun initialiser',
  severity: 'information',
  documentation: {
    what: 'SELU over kernels that are not drawn as it needs, where that changes what reaches the first layer.',
    number: 'The predicted ratio of the gradients with either; reported from a factor of three on.',
    why: 'SELU keeps mean 0 and variance 1 only over kernels of variance 1/fan-in.',
    fix: 'Use lecun_normal.',
    sources: ['Klambauer et al. 2017'],
    examples: [
      {
        framework: 'Keras',
        wrong: "layers.Dense(128, activation='selu', kernel_initializer='he_normal')",
        right: "layers.Dense(128, activation='selu', kernel_initializer='lecun_normal')",
      },
    ],
  },
  check: (context) =>
    misfit(
      seluInitialiser,
      context,
      (phi, kernel) =>
        phi.entry === 'selu' &&
        !isOf(kernel, 'lecun') &&
        !(context.graph.framework === 'torch' && kernel.kind === 'default'),
    ),
};
