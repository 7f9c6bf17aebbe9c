import type { LayerShelf } from '../layerShelf';
import { byRank, type Cell, type LayerSignature, type NormalisedOver } from '../layerSignature';

/** A class, and its lazy one, which leaves out its first parameter. */
const withLazy = (name: string, item: LayerSignature): Record<string, LayerSignature> => ({
  [name]: item,
  [`Lazy${name}`]: { ...item, parameters: item.parameters.slice(1), lazy: true },
});

const named = (words: string, item: LayerSignature): Record<string, LayerSignature> =>
  Object.fromEntries(words.split(' ').map((name) => [name, item]));

const linear: LayerSignature = { kind: 'dense', parameters: ['in_features', 'out_features', 'bias'] };

const convolutions = byRank((rank) => ({
  ...withLazy(`Conv${rank}d`, {
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
      'bias',
      'padding_mode',
    ],
    defaults: { stride: 1, dilation: 1, groups: 1, output_padding: 0 },
  }),
  ...withLazy(`ConvTranspose${rank}d`, {
    kind: 'convolution',
    rank,
    form: 'transposed',
    parameters: [
      'in_channels',
      'out_channels',
      'kernel_size',
      'stride',
      'padding',
      'output_padding',
      'groups',
      'bias',
      'dilation',
    ],
    defaults: { stride: 1, dilation: 1, groups: 1, output_padding: 0 },
  }),
}));

const poolings = byRank((rank) => ({
  [`MaxPool${rank}d`]: {
    kind: 'pooling',
    rank,
    mode: 'max',
    over: 'windows',
    parameters: ['kernel_size', 'stride', 'padding', 'dilation', 'return_indices', 'ceil_mode'],
    defaults: { dilation: 1 },
  },
  [`AvgPool${rank}d`]: {
    kind: 'pooling',
    rank,
    mode: 'average',
    over: 'windows',
    parameters: ['kernel_size', 'stride', 'padding', 'ceil_mode'],
    defaults: { dilation: 1 },
  },
  [`AdaptiveMaxPool${rank}d`]: {
    kind: 'pooling',
    rank,
    mode: 'max',
    over: 'adaptive',
    parameters: ['output_size', 'return_indices'],
  },
  [`AdaptiveAvgPool${rank}d`]: {
    kind: 'pooling',
    rank,
    mode: 'average',
    over: 'adaptive',
    parameters: ['output_size', 'return_indices'],
  },
}));

const paddings = byRank((rank) =>
  named(['Zero', 'Constant', 'Reflection', 'Replication', 'Circular'].map((name) => `${name}Pad${rank}d`).join(' '), {
    kind: 'rearrange',
    how: 'pad',
    parameters: ['padding', 'value'],
  }),
);

const batchNorm = (over: NormalisedOver, rank: 1 | 2 | 3): LayerSignature => ({
  kind: 'normalisation',
  over,
  rank,
  parameters: ['num_features', 'eps', 'momentum', 'affine', 'track_running_stats'],
});
const layerNorm = (over: NormalisedOver): LayerSignature => ({
  kind: 'normalisation',
  over,
  parameters: ['normalized_shape', 'eps', 'elementwise_affine'],
});

const normalisations = byRank((rank) => ({
  ...withLazy(`BatchNorm${rank}d`, batchNorm('batch', rank)),
  [`InstanceNorm${rank}d`]: batchNorm('instance', rank),
}));

type Variant = Extract<LayerSignature, { kind: 'dropout' }>['variant'];
const dropout = (variant: Variant): LayerSignature => ({
  kind: 'dropout',
  variant,
  parameters: ['p', 'inplace'],
  defaults: { p: 0.5 },
});

const recurrent = (cell: Cell): LayerSignature => ({
  kind: 'recurrent',
  cell,
  steps: 'all',
  parameters: [
    'input_size',
    'hidden_size',
    'num_layers',
    ...(cell === 'simple' ? ['nonlinearity'] : []),
    'bias',
    'batch_first',
    'dropout',
    'bidirectional',
    'proj_size',
  ],
  defaults: { activation: 'tanh', recurrent_activation: 'sigmoid' },
});
const one = (cell: Cell): LayerSignature => ({
  kind: 'recurrent',
  cell,
  steps: 'one',
  parameters: ['input_size', 'hidden_size', 'bias', ...(cell === 'simple' ? ['nonlinearity'] : [])],
  defaults: { activation: 'tanh', recurrent_activation: 'sigmoid' },
});

const upsample: LayerSignature = {
  kind: 'rearrange',
  how: 'upsample',
  parameters: ['size', 'scale_factor', 'mode', 'align_corners'],
};

const items: Readonly<Record<string, LayerSignature>> = {
  ...withLazy('Linear', linear),
  NonDynamicallyQuantizableLinear: linear,
  Bilinear: { kind: 'bilinear', parameters: ['in1_features', 'in2_features', 'out_features', 'bias'] },
  Embedding: { kind: 'embedding', parameters: ['num_embeddings', 'embedding_dim', 'padding_idx'] },
  EmbeddingBag: {
    kind: 'embedding',
    bag: true,
    parameters: ['num_embeddings', 'embedding_dim', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'mode', 'sparse'],
  },
  ...convolutions,
  ...poolings,
  ...paddings,
  ...named('Upsample UpsamplingNearest2d UpsamplingBilinear2d', upsample),
  PixelShuffle: { kind: 'rearrange', how: 'shuffle', parameters: ['factor'] },
  PixelUnshuffle: { kind: 'rearrange', how: 'unshuffle', parameters: ['factor'] },
  ChannelShuffle: { kind: 'rearrange', how: 'channels', parameters: ['groups'] },
  ...normalisations,
  SyncBatchNorm: batchNorm('batch', 1),
  LayerNorm: layerNorm('layer'),
  RMSNorm: layerNorm('rms'),
  GroupNorm: { kind: 'normalisation', over: 'group', parameters: ['num_groups', 'num_channels', 'eps', 'affine'] },
  Dropout: dropout('plain'),
  ...named('Dropout1d Dropout2d Dropout3d', dropout('spatial')),
  ...named('AlphaDropout FeatureAlphaDropout', dropout('alpha')),
  RNN: recurrent('simple'),
  LSTM: recurrent('lstm'),
  GRU: recurrent('gru'),
  RNNCell: one('simple'),
  LSTMCell: one('lstm'),
  GRUCell: one('gru'),
  MultiheadAttention: {
    kind: 'attention',
    parameters: [
      'embed_dim',
      'num_heads',
      'dropout',
      'bias',
      'add_bias_kv',
      'add_zero_attn',
      'kdim',
      'vdim',
      'batch_first',
    ],
  },
  TransformerEncoderLayer: {
    kind: 'wrapper',
    how: 'transformerLayer',
    parameters: [
      'd_model',
      'nhead',
      'dim_feedforward',
      'dropout',
      'activation',
      'layer_norm_eps',
      'batch_first',
      'norm_first',
    ],
    defaults: { dim_feedforward: 2048 },
  },
  TransformerEncoder: {
    kind: 'wrapper',
    how: 'transformer',
    parameters: ['encoder_layer', 'num_layers', 'norm'],
  },
  Identity: { kind: 'rearrange', how: 'nothing', parameters: [] },
  Flatten: { kind: 'flatten', parameters: ['start_dim', 'end_dim'], defaults: { start_dim: 1, end_dim: -1 } },
  Unflatten: { kind: 'rearrange', how: 'unflatten', parameters: ['dim', 'unflattened_size'] },
};

export const layers: readonly LayerShelf[] = [
  {
    modules: ['torch.nn'],
    docs: (name) => `https://docs.pytorch.org/docs/stable/generated/torch.nn.${name}.html`,
    items,
  },
];
