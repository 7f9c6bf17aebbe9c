import {
  fanModes,
  type Initializer,
  isVarianceScalingName,
  type ScalingDistribution,
  scalingOf,
  TRUNCATED_NORMAL_STDDEV,
} from '../../initializers/initializer';
import {
  constantOf,
  cutScaling,
  explained,
  IDENTITY,
  type InitializerKind,
  type InitializerShelf,
  normalKind,
  numberOf,
  numeral,
  orthogonalKind,
  uniformKind,
  wordOf,
} from '../initializerKinds';
import type { LayerShelf, Library } from '../layerShelf';
import { byRank, type Cell, type LayerSignature, type NormalisedOver } from '../layerSignature';
import { flaxDefaults } from './defaults';

/** A normal with a standard deviation of 1/√fan_in that is cut off at two of them, which nothing corrects. */
const cut: Initializer = {
  kind: 'variance_scaling',
  scale: TRUNCATED_NORMAL_STDDEV ** 2,
  mode: 'fan_in',
  distribution: 'truncated_normal',
};

const corrected: Initializer = { kind: 'lecun_normal' };

const page = (name: string) => `https://dm-haiku.readthedocs.io/en/latest/api.html#haiku.${name}`;

/** `VarianceScaling(2.0, "fan_in", "truncated_normal")`: Haiku takes none of JAX's initialisers, and names none. */
function written(initializer: Initializer): string | undefined {
  if (isVarianceScalingName(initializer.kind) || initializer.kind === 'variance_scaling') {
    const { scale, mode, distribution } = scalingOf(initializer)!;
    const shape = distribution === 'untruncated_normal' ? 'normal' : distribution;
    const factor = Number.isInteger(scale) ? scale.toFixed(1) : numeral(scale);
    return `VarianceScaling(${factor}, "${mode}", "${shape}")`;
  }
  const mean = 'mean' in initializer && initializer.mean !== 0 ? `, ${numeral(initializer.mean)}` : '';
  switch (initializer.kind) {
    case 'zeros':
      return 'Constant(0)';
    case 'constant':
      return `Constant(${numeral(initializer.value)})`;
    case 'normal':
      return `RandomNormal(${numeral(initializer.stddev)}${mean})`;
    case 'truncated_normal':
      return `TruncatedNormal(${numeral(initializer.stddev)}${mean})`;
    case 'uniform':
      return `RandomUniform(${numeral(initializer.min)}, ${numeral(initializer.max)})`;
    case 'orthogonal':
      return `Orthogonal(${initializer.gain === 1 ? '' : numeral(initializer.gain)})`;
    default:
      return undefined;
  }
}

export const haiku: Library = {
  label: 'Haiku',
  defaults: {
    ...flaxDefaults,
    kernel: {
      name: 'TruncatedNormal(1/√fan_in)',
      initializer: cut,
      drawn: 'normal, cut off at ±2/√fan_in; Haiku does not correct for it (88 % of the std are left)',
    },
    embedding: { kind: 'truncated_normal', mean: 0, stddev: 1 },
    recurrent: {
      // A GRU draws its own weights, by VarianceScaling(), which corrects for its cut; the others are made of Linear.
      kernel: (_, cell) => (cell === 'gru' ? corrected : cut),
      input: (cell) => (cell === 'gru' ? corrected : cut),
      joined: ['lstm'],
      alike: false,
      gatewise: false,
      // It adds 1 to what the gate computes.
      forgetBias: true,
      secondBias: 'simple',
    },
    normalisation: () => ({ epsilon: 1e-5, momentum: Number.NaN, trained: true }),
  },
  written,
};

const convolution = (rank: 1 | 2 | 3, form: 'plain' | 'transposed'): LayerSignature => ({
  kind: 'convolution',
  rank,
  form,
  parameters: ['output_channels', 'kernel_shape', 'stride'],
});
const normalisation = (over: NormalisedOver, ...parameters: string[]): LayerSignature => ({
  kind: 'normalisation',
  over,
  parameters,
});

const core = (cell: Cell, parameters: readonly string[] = ['hidden_size']): LayerSignature => ({
  kind: 'recurrent',
  cell,
  steps: 'one',
  parameters,
});

/** What has defaults; of BatchNorm the code has to say how long its averages last. */
export const haikuShelf: LayerShelf = {
  modules: ['haiku'],
  library: haiku,
  docs: page,
  items: {
    Linear: { kind: 'dense', parameters: ['output_size', 'with_bias', 'w_init', 'b_init'] },
    ...byRank((rank) => ({
      [`Conv${rank}D`]: convolution(rank, 'plain'),
      [`Conv${rank}DTranspose`]: convolution(rank, 'transposed'),
    })),
    Embed: { kind: 'embedding', parameters: ['vocab_size', 'embed_dim', 'embedding_matrix', 'w_init'] },
    VanillaRNN: core('simple'),
    LSTM: core('lstm'),
    GRU: core('gru', ['hidden_size', 'w_i_init', 'w_h_init', 'b_init']),
    BatchNorm: normalisation('batch', 'create_scale', 'create_offset', 'decay_rate', 'eps'),
    LayerNorm: normalisation('layer', 'axis', 'create_scale', 'create_offset', 'eps'),
    RMSNorm: normalisation('rms', 'axis', 'eps'),
    GroupNorm: normalisation('group', 'groups', 'axis', 'create_scale', 'create_offset', 'eps'),
    InstanceNorm: normalisation('instance', 'create_scale', 'create_offset', 'eps'),
  },
};

const distributions: Readonly<Record<string, ScalingDistribution>> = {
  truncated_normal: 'truncated_normal',
  normal: 'untruncated_normal',
  uniform: 'uniform',
};

const varianceScaling: InitializerKind = {
  names: ['scale', 'mode', 'distribution', 'fan_in_axes'],
  make: (given) => {
    const scale = numberOf(given, 'scale', 1);
    const mode = fanModes.find((each) => each === wordOf(given, 'mode', 'fan_in'));
    const distribution = distributions[wordOf(given, 'distribution', 'truncated_normal')?.toLowerCase() ?? ''];
    const isPlain = (given('fan_in_axes') ?? null) === null;
    if (scale === undefined || mode === undefined || distribution === undefined || !isPlain) return undefined;
    return cutScaling(scale, mode, distribution);
  },
};

const truncatedNormal = normalKind(
  ['stddev', 'mean', 'lower', 'upper'],
  ['mean', 0],
  ['stddev', 1],
  'truncated_normal',
);
const orthogonal = orthogonalKind(['scale', 'axis'], 'scale');

/** `hk.initializers` */
export const haikuInitializers: InitializerShelf = {
  form: 'function',
  modules: ['haiku.initializers'],
  library: haiku,
  docs: (name) => page(`initializers.${name}`),
  items: {
    Constant: {
      names: ['constant'],
      make: (given) => {
        const value = numberOf(given, 'constant');
        return value === undefined ? undefined : constantOf(value);
      },
    },
    Identity: explained(IDENTITY, ['gain']),
    RandomNormal: normalKind(['stddev', 'mean'], ['mean', 0], ['stddev', 1]),
    TruncatedNormal: {
      ...truncatedNormal,
      make: (given) =>
        numberOf(given, 'lower', -2) === -2 && numberOf(given, 'upper', 2) === 2
          ? truncatedNormal.make(given)
          : undefined,
    },
    RandomUniform: uniformKind(['minval', 'maxval'], ['minval', 0], ['maxval', 1]),
    UniformScaling: {
      names: ['scale'],
      make: (given) => {
        const scale = numberOf(given, 'scale', 1);
        return scale === undefined ? undefined : cutScaling(scale ** 2, 'fan_in', 'uniform');
      },
    },
    VarianceScaling: varianceScaling,
    Orthogonal: {
      ...orthogonal,
      make: (given) => (numberOf(given, 'axis', -1) === -1 ? orthogonal.make(given) : undefined),
    },
  },
};
