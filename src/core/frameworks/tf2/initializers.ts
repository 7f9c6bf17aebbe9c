import type { FrameworkInitializers, InitializerKind } from '../initializerKinds';
import { kerasClasses, kerasInitializers } from '../keras/initializers';

const reference = 'https://www.tensorflow.org/versions/r2.15/api_docs/python/tf';
const page = (name: string) => `${reference}/keras/initializers/${name}`;

/** TensorFlow's own names beside tf.keras's, and the classes that they stand for. */
const own: Readonly<Record<string, keyof typeof kerasClasses>> = {
  random_normal_initializer: 'RandomNormal',
  random_uniform_initializer: 'RandomUniform',
  zeros_initializer: 'Zeros',
  ones_initializer: 'Ones',
  constant_initializer: 'Constant',
};

const items: Readonly<Record<string, InitializerKind>> = Object.fromEntries(
  Object.entries(own).map(([name, known]) => [name, kerasClasses[known]]),
);

const ofKeras = kerasInitializers(['tf.keras.initializers', 'tf.initializers'], page);

export const initializers: FrameworkInitializers = {
  ...ofKeras,
  shelves: [...ofKeras.shelves, { form: 'function', modules: ['tf'], items, docs: (name) => page(own[name]!) }],
  // TensorFlow 1's.
  older: /\.compat\.v1\./,
};
