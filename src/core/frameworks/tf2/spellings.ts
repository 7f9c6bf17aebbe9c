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
import { kerasReluKinks } from '../keras/spellings';

const axis = ignored('axis', -1);
const name = ignored('name');

const hardSigmoid = { activation: 'hard_sigmoid', fixed: { slope: 0.2 } } satisfies Item;

const functions = {
  relu: {
    activation: 'relu',
    parameters: [same('alpha', 0, { sets: 'negative_slope' }), maximum('max_value'), same('threshold', 0)],
  },
  softmax: { activation: 'softmax', parameters: [axis] },
  elu: { activation: 'elu', parameters: [same('alpha', 1)] },
  selu: 'selu',
  softplus: 'softplus',
  softsign: 'softsign',
  swish: 'silu',
  gelu: { activation: 'gelu', parameters: [approximateFlag(false)] },
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  exponential: 'exponential',
  hard_sigmoid: hardSigmoid,
  linear: 'linear',
  mish: 'mish',
} satisfies Record<string, Item>;

/** The layers, whose names tf.keras 2 takes for strings as well. */
const layers = {
  ReLU: {
    activation: 'relu',
    parameters: [maximum('max_value'), same('negative_slope', 0), same('threshold', 0)],
  },
  LeakyReLU: {
    activation: 'leaky_relu',
    parameters: [same('alpha', 0.3, { sets: 'negative_slope', alsoNamed: ['negative_slope'] })],
  },
  PReLU: {
    activation: 'leaky_relu',
    parameters: [slopeInitializer('alpha_initializer', { alsoNamed: ['init'] })],
    note: LEARNED_SLOPE,
  },
  ELU: { activation: 'elu', parameters: [same('alpha', 1)] },
  ThresholdedReLU: {
    activation: 'threshold',
    parameters: [same('theta', 1, { sets: 'threshold' })],
    fixed: { value: 0 },
  },
  Softmax: { activation: 'softmax', parameters: [axis] },
} satisfies Record<string, Item>;

/** `keras.backend`, of Keras 1 and 2 and of tf.keras; Keras 3's own has none of them. */
const backend = {
  relu: functions.relu,
  elu: functions.elu,
  softmax: functions.softmax,
  softplus: 'softplus',
  softsign: 'softsign',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  hard_sigmoid: hardSigmoid,
} satisfies Record<string, Item>;

const reference = 'https://www.tensorflow.org/versions/r2.15/api_docs/python/tf';

export const spellings: ActivationSpellings = {
  shelves: [
    { form: 'string', modules: [], docs: (each) => `${reference}/keras/activations/${each}`, items: functions },
    {
      form: 'function',
      modules: ['tf.keras.activations'],
      docs: (each) => `${reference}/keras/activations/${each}`,
      items: functions,
    },
    {
      form: 'layer',
      modules: ['tf.keras.layers'],
      docs: (each) => `${reference}/keras/layers/${each}`,
      items: layers,
    },
    {
      form: 'function',
      modules: ['tf.keras.backend'],
      docs: (each) => `${reference}/keras/backend/${each}`,
      items: backend,
    },
    {
      form: 'function',
      modules: ['tf.nn', 'tf.math', 'tf'],
      docs: (each) => `${reference}/nn/${each}`,
      items: {
        relu: { activation: 'relu', parameters: [name] },
        relu6: { activation: 'relu6', parameters: [name] },
        leaky_relu: { activation: 'leaky_relu', parameters: [same('alpha', 0.2, { sets: 'negative_slope' }), name] },
        elu: { activation: 'elu', parameters: [name] },
        selu: { activation: 'selu', parameters: [name] },
        gelu: { activation: 'gelu', parameters: [approximateFlag(false), name] },
        silu: { activation: 'silu', parameters: [same('beta', 1)] },
        swish: { activation: 'silu', parameters: [same('beta', 1)] },
        sigmoid: { activation: 'sigmoid', parameters: [name] },
        log_sigmoid: { activation: 'log_sigmoid', parameters: [name] },
        tanh: { activation: 'tanh', parameters: [name] },
        softplus: { activation: 'softplus', parameters: [name] },
        softsign: { activation: 'softsign', parameters: [name] },
        crelu: { activation: 'crelu', parameters: [axis, name] },
        softmax: { activation: 'softmax', parameters: [axis, name] },
        log_softmax: { activation: 'log_softmax', parameters: [axis, name] },
      },
    },
    {
      form: 'function',
      modules: ['tf.math'],
      docs: (each) => `${reference}/math/${each}`,
      items: { erf: { activation: 'erf', parameters: [name] } },
    },
  ],
  handedOn: {
    modules: [],
    words: { form: 'string', modules: [], docs: (each) => `${reference}/keras/layers/${each}`, items: layers },
  },
  kinks: { relu: kerasReluKinks('left', 'left'), selu: ['right'] },
};
