import type { FrameworkOptimizers } from '../optimizers';

/** tf.train; ε is that of a backend with single precision. */
export const optimizers: FrameworkOptimizers = {
  sgd: { name: 'sgd', learningRate: null, momentum: 0, keeps: 'gradients' },
  rmsprop: { name: 'rmsprop', learningRate: null, rho: 0.9, epsilon: 1e-7, place: 'inside' },
  adam: {
    name: 'adam',
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    place: 'outside',
    corrected: true,
  },
};
