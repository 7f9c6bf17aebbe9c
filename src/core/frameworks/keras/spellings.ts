import type { Parameters } from '../../activations/function';
import {
  type ActivationSpellings,
  approximateFlag,
  type Item,
  ignored,
  LEARNED_SLOPE,
  maximum,
  same,
  slopeInitializer,
} from '../framework';

const axis = ignored('axis', -1);
const slope = (value: number) => same('negative_slope', value);
const softmaxes = {
  softmax: { activation: 'softmax', parameters: [axis] },
  log_softmax: { activation: 'log_softmax', parameters: [axis] },
  sparsemax: { activation: 'sparsemax', parameters: [axis] },
  glu: { activation: 'glu', parameters: [axis] },
} satisfies Record<string, Item>;

/** What strings, keras.activations and keras.ops have alike. */
const shared = {
  ...softmaxes,
  leaky_relu: { activation: 'leaky_relu', parameters: [slope(0.2)] },
  relu6: 'relu6',
  celu: { activation: 'celu', parameters: [same('alpha', 1)] },
  elu: { activation: 'elu', parameters: [same('alpha', 1)] },
  selu: 'selu',
  softplus: 'softplus',
  softsign: 'softsign',
  squareplus: { activation: 'squareplus', parameters: [same('b', 4)] },
  soft_shrink: { activation: 'soft_shrink', parameters: [same('threshold', 0.5, { sets: 'lambda' })] },
  sparse_plus: 'sparse_plus',
  silu: 'silu',
  swish: 'silu',
  gelu: { activation: 'gelu', parameters: [approximateFlag(false)] },
  tanh: 'tanh',
  tanh_shrink: 'tanh_shrink',
  threshold: {
    activation: 'threshold',
    parameters: [same('threshold', 1), same('default_value', 0, { sets: 'value' })],
    note: 'Both must be given; the figures are for 1 and 0.',
  },
  sigmoid: 'sigmoid',
  sparse_sigmoid: 'sparse_sigmoid',
  hard_sigmoid: 'hard_sigmoid',
  hard_silu: 'hard_silu',
  hard_swish: 'hard_silu',
  hard_tanh: 'hard_tanh',
  hard_shrink: { activation: 'hard_shrink', parameters: [same('threshold', 0.5, { sets: 'lambda' })] },
  log_sigmoid: 'log_sigmoid',
} satisfies Record<string, Item>;

const activations = {
  relu: { activation: 'relu', parameters: [slope(0), maximum('max_value'), same('threshold', 0)] },
  ...shared,
  mish: 'mish',
  exponential: 'exponential',
  linear: 'linear',
} satisfies Record<string, Item>;

/** A string has no arguments: it means the function with its defaults. */
const strings = activations;

const page = 'https://keras.io/api/layers/activations/';
const anchor = (name: string) => `${page}#${name.replaceAll('_', '')}-function`;

export const spellings: ActivationSpellings = {
  shelves: [
    { form: 'string', modules: [], docs: anchor, items: strings },
    { form: 'function', modules: ['keras.activations'], docs: anchor, items: activations },
    {
      form: 'layer',
      modules: ['keras.layers'],
      docs: (name) =>
        `https://keras.io/api/layers/activation_layers/${({ LeakyReLU: 'leaky_relu' } as Record<string, string>)[name] ?? name.toLowerCase()}/`,
      items: {
        ReLU: { activation: 'relu', parameters: [maximum('max_value'), slope(0), same('threshold', 0)] },
        LeakyReLU: {
          activation: 'leaky_relu',
          parameters: [same('negative_slope', 0.3, { alsoNamed: ['alpha'] })],
        },
        PReLU: {
          activation: 'leaky_relu',
          parameters: [slopeInitializer('alpha_initializer')],
          note: LEARNED_SLOPE,
        },
        ELU: { activation: 'elu', parameters: [same('alpha', 1)] },
        Softmax: { activation: 'softmax', parameters: [axis] },
      },
    },
    {
      form: 'function',
      modules: ['keras.ops', 'keras.ops.nn'],
      docs: (name) => `https://keras.io/api/ops/nn/#${name.replaceAll('_', '')}-function`,
      items: {
        ...shared,
        relu: 'relu',
        gelu: { activation: 'gelu', parameters: [approximateFlag(true)] },
        erf: 'erf',
      },
    },
  ],
  kinks: {
    relu: kerasReluKinks('mean'),
    leaky_relu: ['right'],
    hard_tanh: ['right', 'left'],
    hard_silu: ['left', 'right'],
  },
};

/**
 * Keras multiplies x by x > threshold and subtracts slope·relu(threshold − x): at the threshold neither passes a
 * gradient. A plain slope is the leaky ReLU of the backend, a plain maximum of 6 its ReLU6.
 *
 * @param atMaximum what the backend's clip does there
 * @param atLeakyKink what the backend's leaky ReLU does at 0
 */
export function kerasReluKinks(atMaximum: 'mean' | 'left', atLeakyKink: 'left' | 'right' = 'right') {
  return ({ negative_slope, max_value, threshold }: Parameters) => {
    const capped = max_value !== Number.POSITIVE_INFINITY;
    if (!capped && threshold === 0) return [negative_slope === 0 ? 'left' : atLeakyKink] as const;
    const atThreshold = negative_slope === 0 ? 'left' : 0;
    const native = max_value === 6 && threshold === 0;
    return capped ? ([atThreshold, native ? 'right' : atMaximum] as const) : ([atThreshold] as const);
  };
}
