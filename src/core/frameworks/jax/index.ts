import { type Framework, kerasDefaults } from '../framework';
import { initializers } from './initializers';
import { layers } from './layers';
import { optimizers } from './optimizers';
import { spellings } from './spellings';

/** jax.nn, with the names that Flax hands on. */
export const jax: Framework = {
  id: 'jax',
  label: 'JAX',
  paths: {
    language: 'python',
    roots: ['jax', 'flax'],
    packages: ['jax', 'flax'],
    rewrites: [],
    shortModules: {
      'jax.numpy': ['jnp', 'numpy'],
      'flax.linen': ['nn', 'linen'],
      'flax.nnx': ['nnx'],
      'jax.nn': ['nn'],
    },
  },
  defaults: {
    ...kerasDefaults,
    kernel: { name: 'lecun_normal', initializer: { kind: 'lecun_normal' } },
    // Variance 1/units: an embedding's fan-out.
    embedding: { kind: 'variance_scaling', scale: 1, mode: 'fan_out', distribution: 'untruncated_normal' },
    recurrent: { ...kerasDefaults.recurrent, gatewise: true, forgetBias: false },
    normalisation: (over) => ({ epsilon: over === 'batch' ? 1e-5 : 1e-6, momentum: 0.99, trained: true }),
    fanAxes: 'meaning',
    poolingCountsPadding: true,
  },
  truncatedShare: 1,
  initializers,
  layers,
  optimizers,
  ...spellings,
};
