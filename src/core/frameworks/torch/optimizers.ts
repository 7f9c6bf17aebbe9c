import type { FrameworkOptimizers } from '../optimizers';

/** torch.optim. */
export const optimizers: FrameworkOptimizers = {
  // Before PyTorch 2.1 it had to be given.
  sgd: { name: 'SGD', learningRate: 0.001, momentum: 0, keeps: 'gradients' },
  rmsprop: { name: 'RMSprop', learningRate: 0.01, rho: 0.99, epsilon: 1e-8, place: 'outside' },
  adam: {
    name: 'Adam',
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    place: 'outside',
    corrected: true,
  },
};
