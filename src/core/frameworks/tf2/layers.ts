import { kerasItems } from '../keras/layers';
import type { LayerShelf } from '../layerShelf';
import type {} from '../layerSignature';

export const layers: readonly LayerShelf[] = [
  {
    modules: ['tf.keras.layers'],
    docs: (name) => `https://www.tensorflow.org/api_docs/python/tf/keras/layers/${name}`,
    items: kerasItems,
  },
];
