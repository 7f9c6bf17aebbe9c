import type { Act, Loss } from './spec';

/** What the libraries for JAX share. */

export const jaxActs: Readonly<Record<Act, string>> = {
  relu: 'jax.nn.relu',
  tanh: 'jnp.tanh',
  hard_tanh: 'jax.nn.hard_tanh',
  sigmoid: 'jax.nn.sigmoid',
  selu: 'jax.nn.selu',
  softmax: 'jax.nn.softmax',
  log_softmax: 'jax.nn.log_softmax',
};

/** Optax's; it has none that wants probabilities. */
export const optaxLosses: Readonly<Record<Loss, string>> = {
  ce: 'softmax_cross_entropy',
  ceOfProbabilities: 'softmax_cross_entropy',
  bce: 'sigmoid_binary_cross_entropy',
  bceOfProbabilities: 'sigmoid_binary_cross_entropy',
  nll: 'softmax_cross_entropy',
  mse: 'l2_loss',
};
