import type { LayerShelf } from '../layerSignature';

export const layers: readonly LayerShelf[] = [];
