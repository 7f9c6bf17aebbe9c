import { TRUNCATED_NORMAL_STDDEV } from '../../initializers/initializer';
import type { Framework } from '../framework';
import { kerasDefaults } from '../layerShelf';
import { initializers } from './initializers';
import { layers } from './layers';
import { optimizers } from './optimizers';
import { spellings } from './spellings';

/** TensorFlow.js: layers and ops. */
export const tfjs: Framework = {
  id: 'tfjs',
  label: 'TensorFlow.js',
  paths: {
    language: 'javascript',
    roots: ['tf'],
    packages: ['tf'],
    rewrites: [],
    shortModules: { 'tf.layers': ['tf.layers', 'layers'] },
    // By whatever way a package of it is reached: `@tensorflow/tfjs-node`, a file in it, a CDN's address.
    specifiers: /^(?!.*@tensorflow\/tfjs-vis).*@tensorflow\/tfjs/s,
  },
  defaults: {
    ...kerasDefaults,
    kernel: { name: 'glorotNormal', initializer: { kind: 'glorot_normal' } },
    recurrent: { ...kerasDefaults.recurrent, secondBias: 'none' },
  },
  // Cut off at two standard deviations, and left at that.
  truncatedShare: TRUNCATED_NORMAL_STDDEV ** 2,
  initializers,
  layers,
  optimizers,
  ...spellings,
};
