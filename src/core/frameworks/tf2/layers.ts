import { kerasItems } from '../keras/layers';
import type { LayerShelf } from '../layerSignature';

export const layers: readonly LayerShelf[] = [{ modules: ['tf.keras.layers'], items: kerasItems }];
