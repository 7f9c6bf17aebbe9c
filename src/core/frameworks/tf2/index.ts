import type { Framework } from '../framework';
import { kerasRooms } from '../keras/index';
import { kerasDefaults } from '../layerShelf';
import { initializers } from './initializers';
import { layers } from './layers';
import { optimizers } from './optimizers';
import { spellings } from './spellings';

/** tf.keras 2, tf.nn and TensorFlow's ops. */
export const tf2: Framework = {
  id: 'tf2',
  label: 'TensorFlow',
  paths: {
    language: 'python',
    roots: ['tf'],
    packages: ['tensorflow', 'tf_keras'],
    rewrites: [
      [
        /^(tensorflow\.(?:python\.|contrib\.|compat\.v[12]\.|_api\.v2\.)?keras|tf_keras|keras\.api\._v[12]\.keras)(\.src|\.api)?(?=\.|$)/,
        'tf.keras',
      ],
      [/^tensorflow(\.compat\.v[12])?(?=\.|$)/, 'tf'],
      kerasRooms('tf.keras'),
    ],
    shortModules: {
      'tf.keras.layers': ['tf.keras.layers', 'layers'],
      'tf.keras.backend': ['keras.backend', 'backend', 'k'],
    },
    // The others are TensorFlow.js's there.
    ambiguous: { module: 'tf', names: ['sigmoid', 'tanh'] },
    // The package tf_keras, and TensorFlow's former copy.
    always: /^(tf_keras|tensorflow\.(python|contrib)\.keras|keras\.api\._v[12])(\.|$)/,
  },
  defaults: kerasDefaults,
  truncatedShare: 1,
  initializers,
  layers,
  optimizers,
  ...spellings,
};
