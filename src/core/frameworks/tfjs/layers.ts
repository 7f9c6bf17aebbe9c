import { kerasItems } from '../keras/layers';
import type { LayerShelf } from '../layerShelf';
import type { LayerSignature } from '../layerSignature';

const cells: ReadonlySet<string> = new Set(['LSTM', 'GRU', 'LSTMCell', 'GRUCell']);

/** Gates have Keras 1's piecewise linear sigmoid. */
const ownDefaults = (name: string, item: LayerSignature): LayerSignature =>
  cells.has(name) ? { ...item, defaults: { ...item.defaults, recurrent_activation: 'hardSigmoid' } } : item;

/** The functions are Keras's classes with a small letter first; arguments are the fields of one object, in camelCase. */
const functionOf = (name: string): string =>
  name
    .replace(/^(?:[A-Z]+(?=[A-Z][a-z]|$|Cell)|[A-Z])/, (start) => start.toLowerCase())
    .replace('pReLU', 'prelu')
    .replace(/(\d)D/, '$1d');

export const layers: readonly LayerShelf[] = [
  {
    modules: ['tf.layers'],
    docs: (name) => `https://js.tensorflow.org/api/latest/#layers.${name}`,
    items: Object.fromEntries(
      Object.entries(kerasItems).map(([name, item]) => [functionOf(name), ownDefaults(name, item)]),
    ),
  },
];
