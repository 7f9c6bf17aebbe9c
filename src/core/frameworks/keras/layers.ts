import type { LayerShelf } from '../layerShelf';
import { byRank, type Cell, type LayerSignature, type NormalisedOver } from '../layerSignature';

/** The layers of Keras, tf.keras and TensorFlow.js, which gives the same parameters by name; and of Keras 1. */

const attention: LayerSignature = {
  kind: 'attention',
  parameters: ['num_heads', 'key_dim', 'value_dim', 'dropout', 'use_bias', 'output_shape'],
};
const grouped: LayerSignature = {
  kind: 'attention',
  parameters: ['head_dim', 'num_query_heads', 'num_key_value_heads'],
};

const window = { strides: 1, dilation_rate: 1, groups: 1, depth_multiplier: 1 };

const convolutions = byRank((rank) => {
  const plain: LayerSignature = {
    kind: 'convolution',
    rank,
    form: 'plain',
    parameters: [
      'filters',
      'kernel_size',
      'strides',
      'padding',
      'data_format',
      'dilation_rate',
      'groups',
      'activation',
      'use_bias',
    ],
    defaults: window,
  };
  const few = ['filters', 'kernel_size', 'strides', 'padding'];
  const transposed: LayerSignature = {
    kind: 'convolution',
    rank,
    form: 'transposed',
    parameters: few,
    defaults: window,
  };
  const separable: LayerSignature = { kind: 'convolution', rank, form: 'separable', parameters: few, defaults: window };
  return {
    [`Conv${rank}D`]: plain,
    [`Convolution${rank}D`]: plain,
    [`Conv${rank}DTranspose`]: transposed,
    [`Convolution${rank}DTranspose`]: transposed,
    [`DepthwiseConv${rank}D`]: {
      kind: 'convolution',
      rank,
      form: 'depthwise',
      parameters: [
        'kernel_size',
        'strides',
        'padding',
        'depth_multiplier',
        'data_format',
        'dilation_rate',
        'activation',
        'use_bias',
      ],
      defaults: window,
    },
    [`SeparableConv${rank}D`]: separable,
    [`SeparableConvolution${rank}D`]: separable,
  };
});

const poolings = byRank((rank) =>
  Object.fromEntries(
    [['Max', 'max'] as const, ['Average', 'average'] as const, ['Avg', 'average'] as const].flatMap(([word, mode]) =>
      ['Pool', 'Pooling'].flatMap((end): [string, LayerSignature][] => [
        [
          `${word}${end}${rank}D`,
          {
            kind: 'pooling',
            rank,
            mode,
            over: 'windows',
            parameters: ['pool_size', 'strides', 'padding', 'data_format'],
            defaults: { pool_size: 2 },
          },
        ],
        [
          `Global${word}${end}${rank}D`,
          { kind: 'pooling', rank, mode, over: 'all', parameters: ['data_format', 'keepdims'] },
        ],
      ]),
    ),
  ),
);

const space = byRank((rank) => ({
  [`ZeroPadding${rank}D`]: {
    kind: 'rearrange',
    how: 'pad',
    rank,
    parameters: ['padding', 'data_format'],
    defaults: { padding: 1 },
  },
  [`Cropping${rank}D`]: {
    kind: 'rearrange',
    how: 'crop',
    rank,
    parameters: ['cropping', 'data_format'],
    defaults: { cropping: rank === 1 ? 1 : 0 },
  },
  [`UpSampling${rank}D`]: {
    kind: 'rearrange',
    how: 'upsample',
    rank,
    parameters: ['size', 'data_format'],
    defaults: { size: 2 },
  },
}));

const normalisation = (over: NormalisedOver): LayerSignature => ({
  kind: 'normalisation',
  over,
  parameters: over === 'group' ? ['groups', 'axis'] : ['axis'],
});

type Variant = Extract<LayerSignature, { kind: 'dropout' }>['variant'];
const dropout = (variant: Variant): LayerSignature => ({ kind: 'dropout', variant, parameters: ['rate'] });

const recurrent = (cell: Cell, steps: 'all' | 'one'): LayerSignature => ({
  kind: 'recurrent',
  cell,
  steps,
  parameters:
    cell === 'simple'
      ? ['units', 'activation', 'use_bias', 'kernel_initializer', 'recurrent_initializer', 'bias_initializer']
      : ['units', 'activation', 'recurrent_activation', 'use_bias', 'kernel_initializer', 'recurrent_initializer'],
  defaults: { activation: 'tanh', recurrent_activation: 'sigmoid' },
});

type By = Extract<LayerSignature, { kind: 'merge' }>['by'];
const merge = (by: By, parameters: readonly string[] = []): LayerSignature => ({ kind: 'merge', by, parameters });

const named = (words: string, item: LayerSignature): Record<string, LayerSignature> =>
  Object.fromEntries(words.split(' ').map((name) => [name, item]));

const opaque: LayerSignature = { kind: 'opaque', parameters: [] };

export const kerasItems: Readonly<Record<string, LayerSignature>> = {
  Dense: {
    kind: 'dense',
    parameters: ['units', 'activation', 'use_bias', 'kernel_initializer', 'bias_initializer'],
  },
  Embedding: { kind: 'embedding', parameters: ['input_dim', 'output_dim', 'embeddings_initializer'] },
  ...convolutions,
  ...poolings,
  ...space,
  MultiHeadAttention: attention,
  GroupQueryAttention: grouped,
  GroupedQueryAttention: grouped,
  SimpleRNN: recurrent('simple', 'all'),
  LSTM: recurrent('lstm', 'all'),
  GRU: recurrent('gru', 'all'),
  CuDNNLSTM: recurrent('lstm', 'all'),
  CuDNNGRU: recurrent('gru', 'all'),
  SimpleRNNCell: recurrent('simple', 'one'),
  LSTMCell: recurrent('lstm', 'one'),
  GRUCell: recurrent('gru', 'one'),
  StackedRNNCells: { kind: 'wrapper', how: 'cellStack', parameters: ['cells'] },
  RNN: { kind: 'wrapper', how: 'cells', parameters: ['cell', 'return_sequences', 'return_state'] },
  Bidirectional: { kind: 'wrapper', how: 'bidirectional', parameters: ['layer', 'merge_mode'] },
  TimeDistributed: { kind: 'wrapper', how: 'timeDistributed', parameters: ['layer'] },
  SpectralNormalization: { kind: 'wrapper', how: 'spectralNormalisation', parameters: ['layer'] },
  Lambda: { kind: 'wrapper', how: 'function', parameters: ['function', 'output_shape', 'mask', 'arguments'] },
  Flatten: { kind: 'flatten', parameters: ['data_format'] },
  Activation: { kind: 'anyActivation', parameters: ['activation'] },
  ...named('ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax', { kind: 'activation', parameters: [] }),
  Dropout: dropout('plain'),
  ...named('SpatialDropout1D SpatialDropout2D SpatialDropout3D', dropout('spatial')),
  AlphaDropout: dropout('alpha'),
  GaussianDropout: dropout('gaussian'),
  ...named('BatchNormalization SyncBatchNormalization', normalisation('batch')),
  LayerNormalization: normalisation('layer'),
  GroupNormalization: normalisation('group'),
  RMSNormalization: normalisation('rms'),
  ...named('Add Subtract', merge('add')),
  Average: merge('average'),
  Multiply: merge('multiply'),
  ...named('Maximum Minimum', merge('other')),
  Concatenate: merge('concatenate', ['axis']),
  ...named('Rescaling Normalization RandomContrast RandomBrightness', { kind: 'scale', parameters: [] }),
  Reshape: { kind: 'rearrange', how: 'reshape', parameters: ['target_shape'] },
  Permute: { kind: 'rearrange', how: 'permute', parameters: ['dims'] },
  RepeatVector: { kind: 'rearrange', how: 'repeat', parameters: ['n'] },
  Masking: { kind: 'rearrange', how: 'nothing', parameters: ['mask_value'] },
  ...named(
    'Identity ActivityRegularization RandomFlip RandomRotation RandomZoom RandomTranslation RandomHeight RandomWidth RandomShear RandomPerspective',
    { kind: 'rearrange', how: 'nothing', parameters: [] },
  ),
  ...named('Resizing CenterCrop RandomCrop', { kind: 'rearrange', how: 'resize', parameters: ['height', 'width'] }),
  ...named('GaussianNoise UnitNormalization', opaque),
};

const rooms: Readonly<Partial<Record<LayerSignature['kind'], string>>> = {
  dense: 'core_layers',
  embedding: 'core_layers',
  convolution: 'convolution_layers',
  recurrent: 'recurrent_layers',
  normalisation: 'normalization_layers',
};

/** `SeparableConv2D` as the page is called, `separable_convolution2d`; of older names, what they are today. */
const pageName = (name: string): string =>
  name
    .replace(/^(CuDNN|Sync)/, '')
    .replace(/Conv(?=\d)/, 'Convolution')
    .replace(/(\d)D/, '$1d')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();

/** Keras's own page on a layer; of what has no defaults, the list of all. */
const page = (name: string, { kind }: LayerSignature): string => {
  const room = rooms[kind];
  return `https://keras.io/api/layers/${room === undefined ? '' : `${room}/${pageName(name)}/`}`;
};

export const layers: readonly LayerShelf[] = [{ modules: ['keras.layers'], docs: page, items: kerasItems }];
