import { kerasDefaults, type LayerDefaults } from '../layerShelf';

/** Flax's, Linen and nnx. */
export const flaxDefaults: LayerDefaults = {
  ...kerasDefaults,
  kernel: { name: 'lecun_normal', initializer: { kind: 'lecun_normal' } },
  // Variance 1/units: an embedding's fan-out.
  embedding: { kind: 'variance_scaling', scale: 1, mode: 'fan_out', distribution: 'untruncated_normal' },
  recurrent: { ...kerasDefaults.recurrent, gatewise: true, forgetBias: false },
  normalisation: (over) => ({ epsilon: over === 'batch' ? 1e-5 : 1e-6, momentum: 0.99, trained: true }),
  fanAxes: 'meaning',
  poolingCountsPadding: true,
};
