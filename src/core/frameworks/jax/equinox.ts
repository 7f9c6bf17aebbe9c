import type { Initializer } from '../../initializers/initializer';
import { type LayerShelf, type Library, within } from '../layerShelf';
import { byRank, type LayerSignature, type NormalisedOver } from '../layerSignature';
import { flaxDefaults } from './defaults';

/** U(±1/√fan_in), the bias too. */
const overFanIn: Initializer = { kind: 'variance_scaling', scale: 1 / 3, mode: 'fan_in', distribution: 'uniform' };
const both = { name: 'uniform(±1/√fan_in)', initializer: overFanIn };

/** Equinox draws as PyTorch does. */
export const equinox: Library = {
  label: 'Equinox',
  defaults: {
    ...flaxDefaults,
    kernel: both,
    bias: both,
    embedding: { kind: 'normal', mean: 0, stddev: 1 },
    recurrent: {
      kernel: (units) => within(1 / Math.sqrt(units)),
      alike: true,
      gatewise: false,
      forgetBias: false,
      secondBias: 'gru',
    },
    normalisation: () => ({ epsilon: 1e-5, momentum: 0.99, trained: true }),
  },
};

const cell = (kind: 'lstm' | 'gru'): LayerSignature => ({
  kind: 'recurrent',
  cell: kind,
  steps: 'one',
  parameters: ['input_size', 'hidden_size', 'use_bias'],
});
const normalisation = (over: NormalisedOver, ...parameters: string[]): LayerSignature => ({
  kind: 'normalisation',
  over,
  parameters,
});

const pages: Readonly<Partial<Record<LayerSignature['kind'], string>>> = {
  dense: 'linear',
  convolution: 'conv',
  embedding: 'embedding',
  recurrent: 'rnn',
  normalisation: 'normalisation',
};

export const equinoxShelf: LayerShelf = {
  modules: ['equinox.nn'],
  library: equinox,
  docs: (name, { kind }) => `https://docs.kidger.site/equinox/api/nn/${pages[kind]}/#equinox.nn.${name}`,
  items: {
    Linear: { kind: 'dense', parameters: ['in_features', 'out_features', 'use_bias'] },
    ...byRank((rank) => ({
      [`Conv${rank}d`]: {
        kind: 'convolution',
        rank,
        form: 'plain',
        parameters: [
          'in_channels',
          'out_channels',
          'kernel_size',
          'stride',
          'padding',
          'dilation',
          'groups',
          'use_bias',
        ],
      },
      [`ConvTranspose${rank}d`]: {
        kind: 'convolution',
        rank,
        form: 'transposed',
        parameters: ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding', 'output_padding', 'dilation'],
      },
    })),
    Embedding: { kind: 'embedding', parameters: ['num_embeddings', 'embedding_size'] },
    GRUCell: cell('gru'),
    LSTMCell: cell('lstm'),
    LayerNorm: normalisation('layer', 'shape'),
    RMSNorm: normalisation('rms', 'shape'),
    GroupNorm: normalisation('group', 'groups', 'channels'),
    BatchNorm: normalisation('batch', 'input_size', 'axis_name'),
  },
};
