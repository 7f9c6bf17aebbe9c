import type { FrameworkOptimizers } from '../optimizers';

/** keras.optimizers; tf.keras has the same from TensorFlow 2.11 on. */
export const optimizers: FrameworkOptimizers = {
  sgd: { name: 'SGD', learningRate: 0.01, momentum: 0, keeps: 'steps' },
  rmsprop: { name: 'RMSprop', learningRate: 0.001, rho: 0.9, epsilon: 1e-7, place: 'inside' },
  adam: {
    name: 'Adam',
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    place: 'outside',
    corrected: false,
  },
};
