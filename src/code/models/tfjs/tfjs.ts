import type { ModelFramework } from '../framework';
import { kerasFramework } from '../keras/keras';

/**
 * TensorFlow.js. Its layers are Keras's, with one object of options in camelCase for the arguments; which Keras
 * `tensorflow.keras` is makes no difference to it.
 */
export const tfjsFramework = (): ModelFramework => kerasFramework({ tensorflowKeras: 2 }, ['tf']);
