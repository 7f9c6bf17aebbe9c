import type { Framework } from '../framework';
import { flaxDefaults } from './defaults';
import { equinoxShelf } from './equinox';
import { haikuInitializers, haikuShelf } from './haiku';
import { initializers } from './initializers';
import { layers } from './layers';
import { optimizers } from './optimizers';
import { spellings } from './spellings';

/** jax.nn, with the names that Flax hands on; Equinox's and Haiku's layers draw by rules of their own. */
export const jax: Framework = {
  id: 'jax',
  label: 'JAX',
  paths: {
    language: 'python',
    roots: ['jax', 'flax', 'equinox', 'haiku'],
    packages: ['jax', 'flax', 'equinox', 'haiku'],
    rewrites: [],
    shortModules: {
      'jax.numpy': ['jnp', 'numpy'],
      'flax.linen': ['nn', 'linen'],
      'flax.nnx': ['nnx'],
      'jax.nn': ['nn'],
    },
  },
  defaults: flaxDefaults,
  truncatedShare: 1,
  initializers: { ...initializers, shelves: [...initializers.shelves, haikuInitializers] },
  layers: [...layers, equinoxShelf, haikuShelf],
  optimizers,
  ...spellings,
};
