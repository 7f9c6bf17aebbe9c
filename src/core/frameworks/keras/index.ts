import type { Framework } from '../framework';
import { kerasDefaults } from '../layerShelf';
import { initializers } from './initializers';
import { layers } from './layers';
import { optimizers } from './optimizers';
import { spellings } from './spellings';

/** Inside Keras, private modules lie between the public one and the name: `keras.src.layers.activations.relu.ReLU`. */
export function kerasRooms(root: string): readonly [from: RegExp, to: string] {
  const rooms = '(activations|layers|ops|initializers|backend)';
  return [new RegExp(`^(${root.replace('.', '\\.')})\\.${rooms}\\.(?:\\w+\\.)*(\\w+)$`), '$1.$2.$3'];
}

/** Keras 3. Its kinks are those of its JAX backend, the one whose derivatives were compared. */
export const keras: Framework = {
  id: 'keras',
  label: 'Keras',
  paths: {
    language: 'python',
    roots: ['keras'],
    packages: ['keras'],
    rewrites: [[/^keras\.(?:src|api)\.(?!_v[12]\.keras(?:\.|$))/, 'keras.'], kerasRooms('keras')],
    shortModules: { 'keras.layers': ['layers'], 'keras.activations': ['activations'] },
  },
  defaults: kerasDefaults,
  truncatedShare: 1,
  initializers,
  layers,
  optimizers,
  ...spellings,
};
