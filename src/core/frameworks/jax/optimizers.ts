import type { FrameworkOptimizers } from '../optimizers';

/** Optax. */
export const optimizers: FrameworkOptimizers = {
  sgd: { name: 'sgd', learningRate: null, momentum: 0, keeps: 'gradients' },
  rmsprop: { name: 'rmsprop', learningRate: null, rho: 0.9, epsilon: 1e-8, place: 'inside' },
  adam: {
    name: 'adam',
    learningRate: null,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    place: 'outside',
    corrected: true,
  },
};
