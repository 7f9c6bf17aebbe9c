import {
  fanModes,
  type Initializer,
  type ScalingDistribution,
  type VarianceScalingName,
} from '../../initializers/initializer';
import {
  always,
  constantOf,
  cutScaling,
  explained,
  type FrameworkInitializers,
  type InitializerArguments,
  type InitializerKind,
  normalKind,
  numberOf,
  numeral,
  orthogonalKind,
  rounded,
  uniformKind,
  wordOf,
} from '../initializerKinds';

/** Axes other than the usual ones give other fans. */
const plainAxes = (given: InitializerArguments): boolean =>
  ['in_axis', 'out_axis', 'batch_axis'].every((name) => given(name) === undefined);

const axes = ['in_axis', 'out_axis', 'batch_axis', 'dtype'];

const scaled = (kind: VarianceScalingName): InitializerKind => ({
  names: axes,
  make: (given) => (plainAxes(given) ? { kind } : undefined),
});

const distributions: Readonly<Record<string, ScalingDistribution>> = {
  truncated_normal: 'truncated_normal',
  normal: 'untruncated_normal',
  uniform: 'uniform',
};

function varianceScaling(given: InitializerArguments): Initializer | undefined {
  const scale = numberOf(given, 'scale');
  const mode = fanModes.find((each) => each === given('mode'));
  const distribution = distributions[wordOf(given, 'distribution') ?? ''];
  if (scale === undefined || mode === undefined || distribution === undefined || !plainAxes(given)) return undefined;
  return cutScaling(rounded(scale), mode, distribution);
}

const truncatedNormal = normalKind(
  ['stddev', 'dtype', 'lower', 'upper'],
  [undefined, 0],
  ['stddev', 0.01],
  'truncated_normal',
);
const orthogonal = orthogonalKind(['scale', 'column_axis', 'dtype'], 'scale');

const items: Readonly<Record<string, InitializerKind>> = {
  glorot_uniform: scaled('glorot_uniform'),
  glorot_normal: scaled('glorot_normal'),
  xavier_uniform: scaled('glorot_uniform'),
  xavier_normal: scaled('glorot_normal'),
  he_uniform: scaled('he_uniform'),
  he_normal: scaled('he_normal'),
  kaiming_uniform: scaled('he_uniform'),
  kaiming_normal: scaled('he_normal'),
  lecun_uniform: scaled('lecun_uniform'),
  lecun_normal: scaled('lecun_normal'),
  variance_scaling: { names: ['scale', 'mode', 'distribution', ...axes], make: varianceScaling },
  normal: normalKind(['stddev', 'dtype'], [undefined, 0], ['stddev', 0.01]),
  truncated_normal: {
    ...truncatedNormal,
    make: (given) =>
      numberOf(given, 'lower', -2) === -2 && numberOf(given, 'upper', 2) === 2
        ? truncatedNormal.make(given)
        : undefined,
  },
  uniform: uniformKind(['scale', 'dtype'], [undefined, 0], ['scale', 0.01]),
  constant: {
    names: ['value', 'dtype'],
    make: (given) => {
      const value = numberOf(given, 'value');
      return value === undefined ? undefined : constantOf(value);
    },
  },
  orthogonal: {
    ...orthogonal,
    make: (given) => (given('column_axis') === undefined ? orthogonal.make(given) : undefined),
  },
  zeros_init: always({ kind: 'zeros' }),
  ones_init: always({ kind: 'constant', value: 1 }),
  zeros: { ...always({ kind: 'zeros' }), itself: true },
  ones: { ...always({ kind: 'constant', value: 1 }), itself: true },
  delta_orthogonal: explained(
    'An orthogonal matrix at the centre of a convolution’s kernel, zeros elsewhere: it keeps lengths.',
  ),
};

function written(initializer: Initializer): string | undefined {
  switch (initializer.kind) {
    case 'zeros':
      return 'zeros';
    case 'constant':
      return initializer.value === 1 ? 'ones' : `constant(${numeral(initializer.value)})`;
    case 'normal':
      return initializer.mean === 0 ? `normal(${numeral(initializer.stddev)})` : undefined;
    case 'truncated_normal':
      return initializer.mean === 0 ? `truncated_normal(${numeral(initializer.stddev)})` : undefined;
    case 'uniform':
      return initializer.min === 0 ? `uniform(${numeral(initializer.max)})` : undefined;
    case 'orthogonal':
      return `orthogonal(${initializer.gain === 1 ? '' : numeral(initializer.gain)})`;
    case 'variance_scaling': {
      const { scale, mode, distribution } = initializer;
      const shape = distribution === 'untruncated_normal' ? 'normal' : distribution;
      return `variance_scaling(${numeral(scale)}, "${mode}", "${shape}")`;
    }
    default:
      return `${initializer.kind}()`;
  }
}

/** jax.nn.initializers, and Flax's names for it. */
export const initializers: FrameworkInitializers = {
  shelves: [
    {
      form: 'function',
      modules: [
        'jax.nn.initializers',
        'flax.linen.initializers',
        'flax.nnx.initializers',
        'flax.nnx.nn.initializers',
        'flax.experimental.nnx.initializers',
        'flax.experimental.nnx.nn.initializers',
        'flax.nn.initializers',
      ],
      items,
      docs: (name) =>
        `https://docs.jax.dev/en/latest/_autosummary/jax.nn.initializers.${name.replace(/_init$/, '')}.html`,
    },
  ],
  written,
  scaling: (name) => name,
  cutsOff: true,
};
