import type { LayerShelf } from '../layerShelf';
import type { Cell, LayerSignature, NormalisedOver } from '../layerSignature';

/** Layers of Flax: linen's take their own sizes, nnx's those of their input too. */

type Convolving = Extract<LayerSignature, { kind: 'convolution' }>['form'];
const window = { strides: 1, kernel_dilation: 1, feature_group_count: 1 };

const linenConvolution = (form: Convolving): LayerSignature => ({
  kind: 'convolution',
  form,
  parameters:
    form === 'transposed'
      ? ['features', 'kernel_size', 'strides', 'padding', 'kernel_dilation', 'use_bias']
      : [
          'features',
          'kernel_size',
          'strides',
          'padding',
          'input_dilation',
          'kernel_dilation',
          'feature_group_count',
          'use_bias',
        ],
  defaults: window,
});
const nnxConvolution = (form: Convolving): LayerSignature => ({
  kind: 'convolution',
  form,
  parameters: ['in_features', 'out_features', 'kernel_size', 'strides'],
  defaults: window,
});

/** Each step of a pooling's window is one where nothing is said: not the window's size. */
const pooling = (mode: 'max' | 'average'): LayerSignature => ({
  kind: 'pooling',
  mode,
  over: 'windows',
  parameters: ['inputs', 'window_shape', 'strides', 'padding', 'count_include_pad'],
  defaults: { strides: 1 },
});

const normalisation = (over: NormalisedOver): LayerSignature => ({
  kind: 'normalisation',
  over,
  parameters: ['num_features'],
});

const functions = { activation_fn: 'tanh', gate_fn: 'sigmoid' };
const linenCell = (cell: Cell): LayerSignature => ({
  kind: 'recurrent',
  cell,
  steps: 'one',
  parameters: [
    'features',
    ...(cell === 'simple' ? [] : ['gate_fn']),
    'activation_fn',
    'kernel_init',
    'recurrent_kernel_init',
    'bias_init',
  ],
  defaults: functions,
});
const nnxCell = (cell: Cell): LayerSignature => ({
  kind: 'recurrent',
  cell,
  steps: 'one',
  parameters: ['in_features', 'hidden_features'],
  defaults: functions,
});

const attention = (parameters: readonly string[]): Record<string, LayerSignature> =>
  Object.fromEntries(
    ['SelfAttention', 'MultiHeadDotProductAttention', 'MultiHeadAttention'].map((name) => [
      name,
      { kind: 'attention', parameters },
    ]),
  );

/** What both have alike. */
const shared: Readonly<Record<string, LayerSignature>> = {
  Embed: {
    kind: 'embedding',
    parameters: ['num_embeddings', 'features', 'dtype', 'param_dtype', 'embedding_init'],
  },
  Dropout: {
    kind: 'dropout',
    variant: 'plain',
    parameters: ['rate', 'broadcast_dims', 'deterministic', 'rng_collection'],
  },
  BatchNorm: normalisation('batch'),
  LayerNorm: normalisation('layer'),
  InstanceNorm: normalisation('instance'),
  RMSNorm: normalisation('rms'),
  GroupNorm: normalisation('group'),
  max_pool: pooling('max'),
  avg_pool: pooling('average'),
  RNN: {
    kind: 'wrapper',
    how: 'cells',
    parameters: ['cell', 'time_major', 'return_carry', 'reverse', 'keep_order', 'unroll'],
  },
  Bidirectional: {
    kind: 'wrapper',
    how: 'bidirectional',
    parameters: ['forward_rnn', 'backward_rnn', 'merge_fn', 'time_major', 'return_carry'],
  },
};

const linen: Readonly<Record<string, LayerSignature>> = {
  ...shared,
  Dense: {
    kind: 'dense',
    parameters: ['features', 'use_bias', 'dtype', 'param_dtype', 'precision', 'kernel_init', 'bias_init'],
  },
  DenseGeneral: {
    kind: 'denseGeneral',
    parameters: ['features', 'axis', 'batch_dims', 'use_bias', 'dtype', 'param_dtype', 'kernel_init', 'bias_init'],
  },
  Conv: linenConvolution('plain'),
  ConvTranspose: linenConvolution('transposed'),
  LSTMCell: linenCell('lstm'),
  OptimizedLSTMCell: linenCell('lstm'),
  GRUCell: linenCell('gru'),
  SimpleCell: linenCell('simple'),
  ...attention(['num_heads', 'dtype', 'param_dtype', 'qkv_features', 'out_features']),
};

const nnx: Readonly<Record<string, LayerSignature>> = {
  ...shared,
  Linear: { kind: 'dense', parameters: ['in_features', 'out_features'] },
  LinearGeneral: { kind: 'denseGeneral', parameters: ['in_features', 'out_features'] },
  Conv: nnxConvolution('plain'),
  ConvTranspose: nnxConvolution('transposed'),
  LSTMCell: nnxCell('lstm'),
  OptimizedLSTMCell: nnxCell('lstm'),
  GRUCell: nnxCell('gru'),
  SimpleCell: nnxCell('simple'),
  ...attention(['num_heads', 'in_features', 'qkv_features', 'out_features', 'in_kv_features']),
};

const flax = 'https://flax.readthedocs.io/en/latest/api_reference';

export const layers: readonly LayerShelf[] = [
  { modules: ['flax.linen'], docs: (name) => `${flax}/flax.linen/layers.html#flax.linen.${name}`, items: linen },
  { modules: ['flax.nnx'], docs: () => `${flax}/flax.nnx/nn/index.html`, items: nnx },
];
