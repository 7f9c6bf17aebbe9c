import { type ActivationSpellings, approximateFlag, type Item, ignored, same } from '../framework';

const axis = ignored('axis', -1);

const functions = {
  celu: { activation: 'celu', parameters: [same('alpha', 1)] },
  elu: { activation: 'elu', parameters: [same('alpha', 1)] },
  gelu: { activation: 'gelu', parameters: [approximateFlag(true)] },
  glu: { activation: 'glu', parameters: [axis] },
  hard_sigmoid: 'hard_sigmoid',
  hard_silu: 'hard_silu',
  hard_swish: 'hard_silu',
  hard_tanh: 'hard_tanh',
  leaky_relu: { activation: 'leaky_relu', parameters: [same('negative_slope', 0.01)] },
  log_sigmoid: 'log_sigmoid',
  log_softmax: { activation: 'log_softmax', parameters: [axis] },
  softmax: { activation: 'softmax', parameters: [axis] },
  relu: 'relu',
  identity: { activation: 'linear', placeholder: true },
  relu6: 'relu6',
  selu: 'selu',
  sigmoid: 'sigmoid',
  soft_sign: 'softsign',
  softplus: 'softplus',
  sparse_plus: 'sparse_plus',
  sparse_sigmoid: 'sparse_sigmoid',
  silu: 'silu',
  swish: 'silu',
  squareplus: { activation: 'squareplus', parameters: [same('b', 4)] },
  mish: 'mish',
  tanh: 'tanh',
} satisfies Record<string, Item>;

const learned = {
  activation: 'leaky_relu',
  parameters: [same('negative_slope_init', 0.01, { sets: 'negative_slope', keywordOnly: true })],
  note: 'The slope is learned; the figures are for its start.',
} satisfies Item;

const jaxPage = (name: string) => `https://docs.jax.dev/en/latest/_autosummary/jax.nn.${name}.html`;
const flax = 'https://flax.readthedocs.io/en/latest/api_reference';

export const spellings: ActivationSpellings = {
  shelves: [
    { form: 'function', modules: ['jax.nn'], docs: jaxPage, items: functions },
    {
      form: 'function',
      modules: ['jax.numpy'],
      docs: () => 'https://docs.jax.dev/en/latest/_autosummary/jax.numpy.tanh.html',
      items: { tanh: 'tanh' },
    },
    {
      form: 'function',
      modules: ['flax.linen', 'flax.linen.activation', 'flax.nnx', 'flax.nnx.nn.activations'],
      docs: jaxPage,
      items: functions,
    },
    {
      form: 'layer',
      modules: ['flax.linen', 'flax.linen.activation'],
      docs: () => `${flax}/flax.linen/layers.html#flax.linen.PReLU`,
      items: { PReLU: learned },
    },
    {
      form: 'layer',
      modules: ['flax.nnx'],
      docs: () => `${flax}/flax.nnx/nn/activations.html#flax.nnx.PReLU`,
      items: { PReLU: learned },
    },
    {
      form: 'function',
      modules: ['jax.lax', 'jax.scipy.special'],
      docs: (name) =>
        `https://docs.jax.dev/en/latest/_autosummary/jax.${name === 'expit' || name === 'erf' ? 'scipy.special' : 'lax'}.${name}.html`,
      items: { logistic: 'sigmoid', expit: 'sigmoid', tanh: 'tanh', erf: 'erf' },
    },
  ],
  handedOn: {
    modules: ['jax.nn'],
    words: {
      form: 'string',
      modules: [],
      docs: (name) => jaxPage(name === 'linear' ? 'identity' : name === 'quick_gelu' ? 'silu' : 'gelu'),
      items: {
        gelu_new: { activation: 'gelu', fixed: { approximate: 'tanh' } },
        gelu_pytorch_tanh: { activation: 'gelu', fixed: { approximate: 'tanh' } },
        quick_gelu: {
          activation: 'silu',
          fixed: { beta: 1.702 },
          note: 'An approximation of GELU that CLIP and the transformers library have: x·σ(1.702·x).',
        },
        linear: 'linear',
      },
    },
  },
  kinks: { leaky_relu: ['right'], hard_tanh: ['right', 'left'], hard_silu: ['left', 'right'] },
};
