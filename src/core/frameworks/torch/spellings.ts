import { type ActivationSpellings, type Item, ignored, type SpellingParameter, same } from '../framework';

const inplace = ignored('inplace', false);
const dim = ignored('dim');
const lambda = same('lambd', 0.5, { sets: 'lambda' });
const slope = same('negative_slope', 0.01);
const gelu = { activation: 'gelu', parameters: [same('approximate', 'none', { keywordOnly: true })] } satisfies Item;
const hardTanh = [same('min_val', -1, { sets: 'min' }), same('max_val', 1, { sets: 'max' })];
const softplus = { activation: 'softplus', parameters: [same('beta', 1), same('threshold', 20)] } satisfies Item;
const random = 'In training U(lower, upper); shown: the mean.';
const bounds = [same('lower', 1 / 8), same('upper', 1 / 3)];
const threshold = {
  activation: 'threshold',
  parameters: [same('threshold', 1), same('value', 0), inplace],
  note: 'Both must be given; the figures are for 1 and 0.',
} satisfies Item;
const learned = {
  activation: 'leaky_relu',
  parameters: [ignored('weight')],
  fixed: { negative_slope: 0.25 },
  note: 'The slope is the weight passed in; the figures are for 0.25, where it starts.',
} satisfies Item;

/** What torch.nn.functional has with and without a trailing underscore. */
const inPlaceToo = {
  threshold,
  relu: { activation: 'relu', parameters: [inplace] },
  hardtanh: { activation: 'hard_tanh', parameters: [...hardTanh, inplace] },
  elu: { activation: 'elu', parameters: [same('alpha', 1), inplace] },
  selu: { activation: 'selu', parameters: [inplace] },
  celu: { activation: 'celu', parameters: [same('alpha', 1), inplace] },
  leaky_relu: { activation: 'leaky_relu', parameters: [slope, inplace] },
  rrelu: { activation: 'rrelu', parameters: [...bounds, ignored('training', false), inplace], note: random },
} satisfies Record<string, Item>;

const withUnderscore = <T extends Item>(items: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(items).map(([name, item]) => [`${name}_`, item]));

const softmaxes = {
  softmax: { activation: 'softmax', parameters: [dim] },
  log_softmax: { activation: 'log_softmax', parameters: [dim] },
} satisfies Record<string, Item>;

const stable = 'https://docs.pytorch.org/docs/stable';
const generated = `${stable}/generated`;

/** Functions of `torch` that have their page elsewhere. */
const functionalOnly: ReadonlySet<string> = new Set(['selu', 'celu', 'rrelu', 'prelu', 'threshold', 'hardshrink']);

function tensorPage(name: string): string {
  if (name === 'expit') return `${stable}/special.html#torch.special.expit`;
  return `${generated}/torch.${functionalOnly.has(name) ? 'nn.functional.' : ''}${name}.html`;
}

const tanhForm = { activation: 'gelu', fixed: { approximate: 'tanh' } } satisfies Item;
const learnedLayer = {
  activation: 'leaky_relu',
  parameters: [ignored('num_parameters', 1), same('init', 0.25, { sets: 'negative_slope' })],
  note: 'The slope is learned; the figures are for its start.',
} satisfies Item;

/** What transformers, timm, fairseq and others take besides the names of PyTorch. */
const libraryWords: Readonly<Record<string, Item>> = {
  gelu_new: tanhForm,
  gelu_tanh: tanhForm,
  gelu_pytorch_tanh: tanhForm,
  gelu_python_tanh: tanhForm,
  gelu_fast: tanhForm,
  gelu_accurate: tanhForm,
  gelu_approximate: tanhForm,
  gelu_python: { activation: 'gelu', fixed: { approximate: 'none' } },
  quick_gelu: {
    activation: 'silu',
    fixed: { beta: 1.702 },
    note: 'An approximation of GELU that CLIP and the transformers library have: x·σ(1.702·x).',
  },
  swish: 'silu',
  hard_silu: 'hard_silu',
  prelu: learnedLayer,
  identity: 'linear',
};

/** PyTorch's page on what a library's word means. */
function wordPage(word: string): string {
  const name = word === 'prelu' ? 'PReLU' : word === 'identity' ? 'Identity' : undefined;
  if (name !== undefined) return `${generated}/torch.nn.${name}.html`;
  const meant = word === 'hard_silu' ? 'hardswish' : word.startsWith('gelu') ? 'gelu' : 'silu';
  return `${generated}/torch.nn.functional.${meant}.html`;
}

const hardShrink = { activation: 'hard_shrink', parameters: [lambda] } satisfies Item;

const gainPage = `${stable}/nn.init.html#torch.nn.init.calculate_gain`;
/** What torch.nn.init takes for `nonlinearity`. */
const gains = {
  linear: 'linear',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  relu: 'relu',
  selu: 'selu',
} satisfies Record<string, Item>;
const leakyGain = (given: SpellingParameter): Item => ({ activation: 'leaky_relu', parameters: [given] });
const tensorOps = { relu: 'relu', sigmoid: 'sigmoid', tanh: 'tanh' } satisfies Record<string, Item>;

export const spellings: ActivationSpellings = {
  shelves: [
    {
      form: 'layer',
      modules: ['torch.nn', 'torch.nn.modules', 'torch.nn.modules.activation', 'torch.nn.modules.linear'],
      docs: (name) => `${generated}/torch.nn.${name}.html`,
      items: {
        Threshold: threshold,
        ReLU: { activation: 'relu', parameters: [inplace] },
        RReLU: { activation: 'rrelu', parameters: [...bounds, inplace], note: random },
        Hardtanh: { activation: 'hard_tanh', parameters: [...hardTanh, inplace] },
        ReLU6: { activation: 'relu6', parameters: [inplace] },
        Sigmoid: 'sigmoid',
        Hardsigmoid: { activation: 'hard_sigmoid', parameters: [inplace] },
        Tanh: 'tanh',
        SiLU: { activation: 'silu', parameters: [inplace] },
        Mish: { activation: 'mish', parameters: [inplace] },
        Hardswish: { activation: 'hard_silu', parameters: [inplace] },
        ELU: { activation: 'elu', parameters: [same('alpha', 1), inplace] },
        CELU: { activation: 'celu', parameters: [same('alpha', 1), inplace] },
        SELU: { activation: 'selu', parameters: [inplace] },
        GLU: { activation: 'glu', parameters: [dim] },
        GELU: gelu,
        Hardshrink: hardShrink,
        LeakyReLU: { activation: 'leaky_relu', parameters: [slope, inplace] },
        LogSigmoid: 'log_sigmoid',
        Softplus: softplus,
        Softshrink: { activation: 'soft_shrink', parameters: [lambda] },
        PReLU: learnedLayer,
        Softsign: 'softsign',
        Tanhshrink: 'tanh_shrink',
        Softmin: { activation: 'softmin', parameters: [dim] },
        Softmax: { activation: 'softmax', parameters: [dim] },
        Softmax2d: 'softmax',
        LogSoftmax: { activation: 'log_softmax', parameters: [dim] },
        Identity: { activation: 'linear', placeholder: true },
      },
    },
    {
      form: 'function',
      modules: ['torch.nn.functional'],
      docs: (name) => `${generated}/torch.nn.functional.${name}.html`,
      items: {
        ...inPlaceToo,
        ...withUnderscore(inPlaceToo),
        ...softmaxes,
        softmin: { activation: 'softmin', parameters: [dim] },
        gumbel_softmax: {
          activation: 'softmax',
          parameters: [],
          note: 'Gumbel noise is added to the input, which is divided by the temperature.',
        },
        hardswish: { activation: 'hard_silu', parameters: [inplace] },
        relu6: { activation: 'relu6', parameters: [inplace] },
        prelu: learned,
        glu: { activation: 'glu', parameters: [dim] },
        gelu,
        logsigmoid: 'log_sigmoid',
        hardshrink: hardShrink,
        tanhshrink: 'tanh_shrink',
        softsign: 'softsign',
        softplus,
        softshrink: { activation: 'soft_shrink', parameters: [lambda] },
        tanh: 'tanh',
        sigmoid: 'sigmoid',
        hardsigmoid: { activation: 'hard_sigmoid', parameters: [inplace] },
        silu: { activation: 'silu', parameters: [inplace] },
        mish: { activation: 'mish', parameters: [inplace] },
      },
    },
    {
      form: 'function',
      modules: ['torch', 'torch.special'],
      docs: (name) => tensorPage(name.replace(/_$/, '')),
      items: {
        ...tensorOps,
        ...withUnderscore(tensorOps),
        ...softmaxes,
        selu: 'selu',
        selu_: 'selu',
        celu: inPlaceToo.celu,
        celu_: inPlaceToo.celu,
        rrelu: inPlaceToo.rrelu,
        rrelu_: inPlaceToo.rrelu,
        prelu: learned,
        threshold,
        threshold_: threshold,
        hardshrink: hardShrink,
        erf: 'erf',
        expit: 'sigmoid',
      },
    },
    {
      form: 'method',
      modules: [],
      docs: (name) => `${generated}/torch.Tensor.${name}.html`,
      items: {
        ...tensorOps,
        ...withUnderscore(tensorOps),
        ...softmaxes,
        hardshrink: hardShrink,
        prelu: learned,
        erf: 'erf',
        erf_: 'erf',
      },
    },
    {
      // nn.RNN(nonlinearity='relu'), nn.TransformerEncoderLayer(activation='gelu'), nn.init.calculate_gain('tanh').
      form: 'string',
      modules: [],
      docs: (name) =>
        name === 'linear'
          ? `${stable}/nn.init.html#torch.nn.init.calculate_gain`
          : `${generated}/torch.nn.functional.${name}.html`,
      items: {
        relu: 'relu',
        gelu: 'gelu',
        tanh: 'tanh',
        sigmoid: 'sigmoid',
        linear: 'linear',
        leaky_relu: { activation: 'leaky_relu', parameters: [slope] },
        selu: 'selu',
      },
    },
  ],
  inCalls: [
    {
      calls: ['torch.nn.init.calculate_gain'],
      strings: {
        form: 'string',
        modules: [],
        docs: () => gainPage,
        items: { ...gains, leaky_relu: leakyGain(same('param', 0.01, { sets: 'negative_slope', at: 1 })) },
      },
    },
    {
      calls: ['kaiming_normal_', 'kaiming_uniform_', 'kaiming_normal', 'kaiming_uniform'].map(
        (name) => `torch.nn.init.${name}`,
      ),
      strings: {
        form: 'string',
        modules: [],
        docs: () => gainPage,
        items: { ...gains, leaky_relu: leakyGain(same('a', 0, { sets: 'negative_slope', at: 1 })) },
      },
    },
  ],
  handedOn: {
    modules: ['torch.nn.functional', 'torch.nn', 'torch'],
    words: { form: 'string', modules: [], docs: wordPage, items: libraryWords },
  },
  // From 2.7 on; before, the parabola's slope of −½ held at −3 as well (PyTorch’s issue 147801).
  kinks: { hard_silu: ['left', 'right'] },
  // Its backward kernel holds 1/6 in single precision.
  derivativeFactors: { hard_sigmoid: 6 * Math.fround(1 / 6) },
};
