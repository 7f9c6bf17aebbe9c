import type { Initializer, VarianceScaling, VarianceScalingName } from '../../initializers/initializer';
import {
  always,
  constantOf,
  explained,
  type FrameworkInitializers,
  IDENTITY,
  type InitializerArguments,
  type InitializerKind,
  normalKind,
  numberOf,
  numeral,
  orthogonalKind,
  rounded,
  uniformKind,
  wholeScaling,
  wordOf,
} from '../initializerKinds';

/** The square of torch.nn.init.calculate_gain. */
export function gainSquared(nonlinearity: string, slope = 0.01): number | undefined {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
    case 'identity':
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
    case 'conv_transpose1d':
    case 'conv_transpose2d':
    case 'conv_transpose3d':
      return 1;
    case 'tanh':
      return 25 / 9;
    case 'relu':
      return 2;
    case 'leaky_relu':
      // Slopes are square roots, too: √5 makes just a third of it.
      return 2 / (1 + rounded(slope ** 2));
    case 'selu':
      return 9 / 16;
    default:
      return undefined;
  }
}

const kaiming = (shape: 'uniform' | 'normal'): InitializerKind => ({
  names: ['tensor', 'a', 'mode', 'nonlinearity', 'generator'],
  make: (given) => {
    const slope = numberOf(given, 'a', 0);
    const nonlinearity = wordOf(given, 'nonlinearity', 'leaky_relu');
    const mode = wordOf(given, 'mode', 'fan_in');
    const scale = slope === undefined || nonlinearity === undefined ? undefined : gainSquared(nonlinearity, slope);
    if (scale === undefined || (mode !== 'fan_in' && mode !== 'fan_out')) return undefined;
    return wholeScaling(scale, mode, shape);
  },
});

const xavier = (shape: 'uniform' | 'normal'): InitializerKind => ({
  names: ['tensor', 'gain', 'generator'],
  make: (given) => {
    const gain = numberOf(given, 'gain', 1);
    return gain === undefined ? undefined : wholeScaling(rounded(gain ** 2), 'fan_avg', shape);
  },
});

const filled = (name: string, names: readonly string[]): InitializerKind => ({
  names,
  make: (given) => {
    const value = numberOf(given, name);
    return value === undefined ? undefined : constantOf(value);
  },
});

/** N(mean, std) cut off at `a` and `b`, which are values and no multiples of std: most code leaves them far out. */
function truncated(given: InitializerArguments): Initializer | undefined {
  const [mean, stddev] = [numberOf(given, 'mean', 0), numberOf(given, 'std', 1)];
  const [low, high] = [numberOf(given, 'a', -2), numberOf(given, 'b', 2)];
  if (mean === undefined || stddev === undefined || low === undefined || high === undefined) return undefined;
  if (stddev < 0) return undefined;
  const [below, above] = [mean - low, high - mean].map((reach) => reach / stddev) as [number, number];
  // Beyond four standard deviations lies 0.1 % of the variance.
  if (Math.min(below, above) >= 4) return { kind: 'normal', mean, stddev };
  const atTwo = Math.abs(below - 2) < 1e-9 && Math.abs(above - 2) < 1e-9;
  return atTwo ? { kind: 'truncated_normal', mean, stddev } : undefined;
}

/** torch.nn.init, without the underscore at the end, which its first versions did not have. */
const fills: Readonly<Record<string, InitializerKind>> = {
  kaiming_uniform: kaiming('uniform'),
  kaiming_normal: kaiming('normal'),
  xavier_uniform: xavier('uniform'),
  xavier_normal: xavier('normal'),
  normal: normalKind(['tensor', 'mean', 'std', 'generator'], ['mean', 0], ['std', 1]),
  uniform: uniformKind(['tensor', 'a', 'b', 'generator'], ['a', 0], ['b', 1]),
  constant: filled('val', ['tensor', 'val']),
  zeros: always({ kind: 'zeros' }, ['tensor']),
  ones: always({ kind: 'constant', value: 1 }, ['tensor']),
  trunc_normal: { names: ['tensor', 'mean', 'std', 'a', 'b', 'generator'], make: truncated },
  eye: explained(IDENTITY, ['tensor']),
  dirac: explained('One weight of 1 per channel, zeros elsewhere: a convolution hands its channels on unchanged.', [
    'tensor',
  ]),
  sparse: explained('A given share of every column is 0; the other weights are drawn from a normal.', ['tensor']),
  orthogonal: orthogonalKind(['tensor', 'gain'], 'gain'),
};

const withUnderscores: Readonly<Record<string, InitializerKind>> = {
  ...Object.fromEntries(Object.entries(fills).map(([name, kind]) => [`${name}_`, kind])),
  ...fills,
};

/** Of a tensor. */
const methods: Readonly<Record<string, InitializerKind>> = {
  normal_: normalKind(['mean', 'std'], ['mean', 0], ['std', 1]),
  uniform_: uniformKind(['from', 'to'], ['from', 0], ['to', 1]),
  fill_: filled('value', ['value']),
  zero_: always({ kind: 'zeros' }, ['tensor']),
};

/** LeCun's is Kaiming's with a gain of 1. */
const scalingNames: Readonly<Record<VarianceScalingName, string>> = {
  glorot_uniform: 'xavier_uniform_',
  glorot_normal: 'xavier_normal_',
  he_uniform: 'kaiming_uniform_',
  he_normal: 'kaiming_normal_',
  lecun_uniform: 'kaiming_uniform_(nonlinearity="linear")',
  lecun_normal: 'kaiming_normal_(nonlinearity="linear")',
};

/** Kaiming's gain is √(2/(1 + a²)), which `a` brings down; Xavier has a gain of its own. */
function writtenScaling({ scale, mode, distribution }: VarianceScaling): string | undefined {
  const shape = distribution === 'uniform' ? 'uniform' : 'normal';
  if (mode === 'fan_avg') return `xavier_${shape}_(gain=${numeral(Math.sqrt(scale))})`;
  if (scale > 2 || scale <= 0) return undefined;
  const slope = Math.sqrt(2 / scale - 1);
  const given = [
    ...(slope === 0 ? [] : [`a=${Math.abs(slope ** 2 - 5) < 1e-9 ? '√5' : numeral(slope)}`]),
    ...(mode === 'fan_out' ? ['mode="fan_out"'] : []),
  ];
  return `kaiming_${shape}_${given.length > 0 ? `(${given.join(', ')})` : ''}`;
}

function written(initializer: Initializer): string | undefined {
  switch (initializer.kind) {
    case 'zeros':
      return 'zeros_';
    case 'constant':
      return initializer.value === 1 ? 'ones_' : `constant_(${numeral(initializer.value)})`;
    case 'normal':
      return `normal_(mean=${numeral(initializer.mean)}, std=${numeral(initializer.stddev)})`;
    case 'truncated_normal': {
      const { mean, stddev } = initializer;
      return `trunc_normal_(mean=${numeral(mean)}, std=${numeral(stddev)}, a=${numeral(mean - 2 * stddev)}, b=${numeral(mean + 2 * stddev)})`;
    }
    case 'uniform':
      return `uniform_(${numeral(initializer.min)}, ${numeral(initializer.max)})`;
    case 'orthogonal':
      return initializer.gain === 1 ? 'orthogonal_' : `orthogonal_(gain=${numeral(initializer.gain)})`;
    case 'variance_scaling':
      return writtenScaling(initializer);
    default:
      return scalingNames[initializer.kind];
  }
}

const reference = 'https://docs.pytorch.org/docs/stable';

export const initializers: FrameworkInitializers = {
  shelves: [
    {
      form: 'fill',
      modules: ['torch.nn.init'],
      items: withUnderscores,
      docs: (name) => `${reference}/nn.init.html#torch.nn.init.${name.replace(/_?$/, '_')}`,
    },
    {
      form: 'method',
      modules: [],
      items: methods,
      docs: (name) => `${reference}/generated/torch.Tensor.${name}.html`,
    },
  ],
  written,
  scaling: (name) => scalingNames[name],
  cutsOff: false,
};
