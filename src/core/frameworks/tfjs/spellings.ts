import {
  type ActivationSpellings,
  type Item,
  ignored,
  LEARNED_SLOPE,
  maximum,
  same,
  slopeInitializer,
} from '../framework';

const axis = ignored('axis', -1);
const alphaOne = same('alpha', 1, { only: 1 });

const ops = {
  elu: 'elu',
  erf: 'erf',
  leakyRelu: { activation: 'leaky_relu', parameters: [same('alpha', 0.2, { sets: 'negative_slope' })] },
  logSigmoid: 'log_sigmoid',
  logSoftmax: { activation: 'log_softmax', parameters: [axis] },
  prelu: {
    activation: 'leaky_relu',
    parameters: [ignored('alpha')],
    fixed: { negative_slope: 0 },
    note: 'The slope is the tensor passed in; the figures are for 0.',
  },
  relu: 'relu',
  relu6: 'relu6',
  selu: 'selu',
  sigmoid: 'sigmoid',
  softmax: { activation: 'softmax', parameters: [axis] },
  softplus: 'softplus',
  step: {
    activation: 'step',
    parameters: [ignored('alpha', 0)],
    note: 'alpha is the slope for x ≤ 0 of the value alone: the gradient is 0 everywhere.',
  },
  tanh: 'tanh',
} satisfies Record<string, Item>;

const layers = {
  reLU: { activation: 'relu', parameters: [maximum('maxValue')] },
  leakyReLU: { activation: 'leaky_relu', parameters: [same('alpha', 0.3, { sets: 'negative_slope' })] },
  prelu: {
    activation: 'leaky_relu',
    parameters: [slopeInitializer('alphaInitializer')],
    note: LEARNED_SLOPE,
  },
  elu: { activation: 'elu', parameters: [alphaOne] },
  thresholdedReLU: {
    activation: 'threshold',
    parameters: [same('theta', 1, { sets: 'threshold' })],
    fixed: { value: 0 },
  },
  softmax: {
    activation: 'softmax',
    parameters: [ignored('axis', 1)],
    note: 'The real default axis of this layer is 1, not the last.',
  },
} satisfies Record<string, Item>;

/** The classes of the layers, whose names are strings too: the map of all registered classes is searched. */
const classes = {
  ReLU: layers.reLU,
  LeakyReLU: layers.leakyReLU,
  PReLU: layers.prelu,
  ELU: layers.elu,
  ThresholdedReLU: layers.thresholdedReLU,
  Softmax: layers.softmax,
} satisfies Record<string, Item>;

/** Their functions in tf.layers. */
const makers: Readonly<Record<string, string>> = {
  ReLU: 'reLU',
  LeakyReLU: 'leakyReLU',
  PReLU: 'prelu',
  ELU: 'elu',
  ThresholdedReLU: 'thresholdedReLU',
  Softmax: 'softmax',
};

/** What tf.fused takes for `activation`, lower case throughout. */
const fused = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  sigmoid: 'sigmoid',
  leakyrelu: {
    activation: 'leaky_relu',
    parameters: [same('leakyreluAlpha', 0.2, { sets: 'negative_slope' })],
  },
  prelu: {
    activation: 'leaky_relu',
    parameters: [ignored('preluActivationWeights')],
    fixed: { negative_slope: 0 },
    note: 'The slope is preluActivationWeights; the figures are for 0.',
  },
} satisfies Record<string, Item>;

const reference = 'https://js.tensorflow.org/api/latest/';

export const spellings: ActivationSpellings = {
  shelves: [
    {
      form: 'string',
      modules: [],
      docs: () => `${reference}#layers.activation`,
      items: {
        elu: 'elu',
        hardSigmoid: { activation: 'hard_sigmoid', fixed: { slope: 0.2 } },
        linear: 'linear',
        relu: 'relu',
        relu6: 'relu6',
        selu: 'selu',
        sigmoid: 'sigmoid',
        softmax: 'softmax',
        softplus: 'softplus',
        softsign: 'softsign',
        tanh: 'tanh',
        swish: 'silu',
        mish: 'mish',
        gelu: 'gelu',
        gelu_new: { activation: 'gelu', fixed: { approximate: 'tanh' } },
      },
    },
    {
      form: 'layer',
      modules: ['tf.layers'],
      docs: (name) => `${reference}#layers.${name}`,
      items: layers,
    },
    { form: 'function', modules: ['tf'], docs: (name) => `${reference}#${name}`, items: ops },
    { form: 'method', modules: [], docs: (name) => `${reference}#${name}`, items: ops },
  ],
  inCalls: [
    {
      calls: ['tf.fused.matMul', 'tf.fused.conv2d', 'tf.fused.depthwiseConv2d'],
      strings: { form: 'string', modules: [], docs: () => `${reference}#fused.matMul`, items: fused },
    },
  ],
  handedOn: {
    modules: [],
    words: {
      form: 'string',
      modules: [],
      docs: (name) => `${reference}#layers.${makers[name] ?? 'activation'}`,
      // The types do not name it, and the layers take it all the same.
      items: { ...classes, logSoftmax: ops.logSoftmax },
    },
  },
  kinks: {
    relu: ({ max_value }) => (max_value === Number.POSITIVE_INFINITY ? ['left'] : ['left', 'left']),
    relu6: ['left', 'left'],
  },
};
