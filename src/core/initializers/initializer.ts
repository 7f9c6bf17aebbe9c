import * as v from 'valibot';
import { type Random, TRUNCATED_AT } from '../math/random';
import { orthogonalMatrix } from './orthogonal';

/** No network starts with weights as large; what is computed of them stays finite at any depth. */
export const largestWeight = 1e6;

const isUsable = (value: number): boolean => Math.abs(value) <= largestWeight;

const finite = (what: string) =>
  v.pipe(
    v.number(`${what} must be a number.`),
    v.finite(`${what} must be finite.`),
    v.check((value) => !Number.isFinite(value) || isUsable(value), `${what} must lie between −10⁶ and 10⁶.`),
  );
const positive = (what: string) => v.pipe(finite(what), v.minValue(0, `${what} must not be negative.`));

export const varianceScalingNames = [
  'glorot_uniform',
  'glorot_normal',
  'he_uniform',
  'he_normal',
  'lecun_uniform',
  'lecun_normal',
] as const;
export type VarianceScalingName = (typeof varianceScalingNames)[number];

export const fanModes = ['fan_in', 'fan_out', 'fan_avg'] as const;
export type FanMode = (typeof fanModes)[number];

/** In Keras's words; the cut-off at two standard deviations is corrected for, but by TensorFlow.js. */
export const scalingDistributions = ['truncated_normal', 'untruncated_normal', 'uniform'] as const;
export type ScalingDistribution = (typeof scalingDistributions)[number];

export type Initializer =
  | { kind: 'zeros' }
  | { kind: 'constant'; value: number }
  | { kind: 'normal'; mean: number; stddev: number }
  /** Cut off at `mean` ± 2·`stddev`, which leaves 77.4 % of the variance: no framework corrects this one. */
  | { kind: 'truncated_normal'; mean: number; stddev: number }
  | { kind: 'uniform'; min: number; max: number }
  /** `gain` times a matrix whose rows or columns are orthonormal, whichever are fewer. */
  | { kind: 'orthogonal'; gain: number }
  /** Variance `scale` over the fan of `mode`. */
  | { kind: 'variance_scaling'; scale: number; mode: FanMode; distribution: ScalingDistribution }
  | { kind: VarianceScalingName };

/** Checks an initialiser from outside; the messages are sentences that begin with `name`, "the kernel initialiser". */
export function initializerSchema(name: string): v.GenericSchema<Initializer> {
  const unknown = `${name} is not known; expected ${initializerForms}.`;
  const form = <Entries extends v.ObjectEntries>(entries: Entries) =>
    v.object(entries, `${name} is incomplete; expected ${initializerForms}.`);
  return v.variant(
    'kind',
    [
      form({ kind: v.literal('zeros') }),
      form({ kind: v.literal('constant'), value: finite(`${name}'s value`) }),
      form({
        kind: v.literal('normal'),
        mean: finite(`${name}'s mean`),
        stddev: positive(`${name}'s standard deviation`),
      }),
      form({
        kind: v.literal('truncated_normal'),
        mean: finite(`${name}'s mean`),
        stddev: positive(`${name}'s standard deviation`),
      }),
      form({ kind: v.literal('orthogonal'), gain: finite(`${name}'s gain`) }),
      form({
        kind: v.literal('variance_scaling'),
        scale: positive(`${name}'s scale`),
        mode: v.picklist(fanModes, `${name}'s mode is not known; expected ${fanModes.join(', ')}.`),
        distribution: v.picklist(
          scalingDistributions,
          `${name}'s distribution is not known; expected ${scalingDistributions.join(', ')}.`,
        ),
      }),
      v.pipe(
        form({ kind: v.literal('uniform'), min: finite(`${name}'s minimum`), max: finite(`${name}'s maximum`) }),
        v.check(({ min, max }) => min <= max, `${name}'s minimum must not exceed its maximum.`),
      ),
      ...varianceScalingNames.map((kind) => form({ kind: v.literal(kind) })),
    ],
    unknown,
  ) as v.GenericSchema<Initializer>;
}

export const initializerForms = `zeros, ones, constant:VALUE, normal:MEAN,STDDEV, truncated_normal:MEAN,STDDEV, uniform:MIN,MAX, orthogonal:GAIN, variance_scaling:SCALE,MODE,DISTRIBUTION, ${varianceScalingNames.join(', ')}, with numbers between −10⁶ and 10⁶`;

/**
 * Reads the text form, `normal:1,1` or `glorot_uniform`; undefined where it is not one. `ones` is constant:1, and
 * `orthogonal` has gain 1.
 */
export function parseInitializer(text: string): Initializer | undefined {
  const [kind = '', rest = '', ...more] = text.trim().split(':');
  if (more.length > 0) return undefined;
  if (kind === 'variance_scaling') return parseScaling(rest);
  const numbers = rest === '' ? [] : rest.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!numbers.every(isUsable)) return undefined;
  const [first, second] = numbers;
  const count = numbers.length;
  if (kind === 'zeros' && count === 0) return { kind };
  if (kind === 'ones' && count === 0) return { kind: 'constant', value: 1 };
  if (kind === 'orthogonal' && count <= 1) return { kind, gain: first ?? 1 };
  if (kind === 'constant' && count === 1) return { kind, value: first! };
  if ((kind === 'normal' || kind === 'truncated_normal') && count === 2 && second! >= 0)
    return { kind, mean: first!, stddev: second! };
  if (kind === 'uniform' && count === 2 && first! <= second!) return { kind, min: first!, max: second! };
  if (count === 0 && isVarianceScalingName(kind)) return { kind };
  return undefined;
}

function parseScaling(text: string): Initializer | undefined {
  const [scaleText = '', mode = '', distribution = '', ...more] = text.split(',').map((part) => part.trim());
  const scale = scaleText === '' ? Number.NaN : Number(scaleText);
  if (more.length > 0 || !(isUsable(scale) && scale >= 0)) return undefined;
  const knownMode = fanModes.find((each) => each === mode);
  const known = scalingDistributions.find((each) => each === distribution);
  return knownMode && known && { kind: 'variance_scaling', scale, mode: knownMode, distribution: known };
}

/** The text form that {@link parseInitializer} reads. */
export function formatInitializer(initializer: Initializer): string {
  switch (initializer.kind) {
    case 'constant':
      return `constant:${initializer.value}`;
    case 'normal':
    case 'truncated_normal':
      return `${initializer.kind}:${initializer.mean},${initializer.stddev}`;
    case 'uniform':
      return `uniform:${initializer.min},${initializer.max}`;
    case 'orthogonal':
      return initializer.gain === 1 ? 'orthogonal' : `orthogonal:${initializer.gain}`;
    case 'variance_scaling':
      return `variance_scaling:${initializer.scale},${initializer.mode},${initializer.distribution}`;
    default:
      return initializer.kind;
  }
}

/** As people write it in a sentence or a title: PyTorch's default by its name, numbers with three digits. */
export function initializerInWords(initializer: Initializer): string {
  if (initializer.kind !== 'variance_scaling') return formatInitializer(initializer);
  const { scale, mode, distribution } = initializer;
  if (Math.abs(3 * scale - 1) < 1e-9 && mode === 'fan_in' && distribution === 'uniform')
    return 'kaiming_uniform_(a=√5)';
  return formatInitializer({ ...initializer, scale: Number(scale.toPrecision(3)) });
}

/** Standard deviation of N(0, 1) cut off at ±2: Keras divides by it, so that the variance comes out as asked. */
export const TRUNCATED_NORMAL_STDDEV = 0.87962566103423978;

/** Variance scaling by its numbers. */
export type VarianceScaling = Extract<Initializer, { kind: 'variance_scaling' }>;

/** Glorot & Bengio 2010; He et al. 2015; LeCun et al. 1998. */
const families: Readonly<Record<string, { readonly scale: number; readonly mode: FanMode }>> = {
  glorot: { scale: 1, mode: 'fan_avg' },
  he: { scale: 2, mode: 'fan_in' },
  lecun: { scale: 1, mode: 'fan_in' },
};

function namedScaling(kind: VarianceScalingName): VarianceScaling {
  const { scale, mode } = families[kind.slice(0, kind.indexOf('_'))]!;
  return {
    kind: 'variance_scaling',
    scale,
    mode,
    distribution: kind.endsWith('_normal') ? 'truncated_normal' : 'uniform',
  };
}

/** The numbers behind the names of variance scaling; undefined for what does not look at the fans. */
export function scalingOf(initializer: Initializer): VarianceScaling | undefined {
  if (initializer.kind === 'variance_scaling') return initializer;
  return isVarianceScalingName(initializer.kind) ? namedScaling(initializer.kind) : undefined;
}

/** The name that has these numbers; undefined where none has. */
export function scalingName(
  scale: number,
  mode: FanMode,
  shape: 'uniform' | 'normal',
): VarianceScalingName | undefined {
  return varianceScalingNames.find((name) => {
    const named = namedScaling(name);
    return named.scale === scale && named.mode === mode && name.endsWith(shape);
  });
}

const fanOf = (mode: FanMode, fanIn: number, fanOut: number): number =>
  mode === 'fan_in' ? fanIn : mode === 'fan_out' ? fanOut : (fanIn + fanOut) / 2;

const varianceOf = ({ scale, mode }: VarianceScaling, fanIn: number, fanOut: number): number =>
  scale / fanOf(mode, fanIn, fanOut);

/** Variance that a name stands for: Glorot 2/(fan_in + fan_out), He 2/fan_in, LeCun 1/fan_in. */
export const scaledVariance = (kind: VarianceScalingName, fanIn: number, fanOut: number): number =>
  varianceOf(namedScaling(kind), fanIn, fanOut);

/** Mean and variance of one weight. Those of an orthogonal matrix depend on each other; their mean square is 1/max(fans). */
export function initializerMoments(
  initializer: Initializer,
  fanIn: number,
  fanOut: number,
): { mean: number; variance: number } {
  switch (initializer.kind) {
    case 'zeros':
      return { mean: 0, variance: 0 };
    case 'constant':
      return { mean: initializer.value, variance: 0 };
    case 'normal':
      return { mean: initializer.mean, variance: initializer.stddev ** 2 };
    case 'truncated_normal':
      return { mean: initializer.mean, variance: (TRUNCATED_NORMAL_STDDEV * initializer.stddev) ** 2 };
    case 'orthogonal':
      return { mean: 0, variance: initializer.gain ** 2 / Math.max(fanIn, fanOut) };
    case 'variance_scaling':
      return { mean: 0, variance: varianceOf(initializer, fanIn, fanOut) };
    case 'uniform':
      return { mean: (initializer.min + initializer.max) / 2, variance: (initializer.max - initializer.min) ** 2 / 12 };
    default:
      return { mean: 0, variance: scaledVariance(initializer.kind, fanIn, fanOut) };
  }
}

/**
 * Draws `size` weights. Scaled truncated normals are corrected as Keras does; tfjs's own are not. An orthogonal matrix
 * has fan-in rows, row-major; what is no such matrix, a bias, counts as one column.
 */
export function drawWeights(
  initializer: Initializer,
  size: number,
  fanIn: number,
  fanOut: number,
  random: Random,
): Float32Array {
  const weights = new Float32Array(size);
  const uniform = (min: number, max: number) => {
    random.uniforms(weights, min, max);
    return weights;
  };
  const normal = (mean: number, stddev: number, within?: number) => {
    random.normals(weights, mean, stddev, within);
    return weights;
  };
  switch (initializer.kind) {
    case 'zeros':
      return weights;
    case 'constant':
      return weights.fill(initializer.value);
    case 'normal':
      return normal(initializer.mean, initializer.stddev);
    case 'truncated_normal':
      return normal(initializer.mean, initializer.stddev, TRUNCATED_AT);
    case 'orthogonal': {
      const rows = size === fanIn * fanOut ? fanIn : size;
      return Float32Array.from(orthogonalMatrix(rows, size / rows, random), (w) => initializer.gain * w);
    }
    case 'uniform':
      return uniform(initializer.min, initializer.max);
    default: {
      const { variance } = initializerMoments(initializer, fanIn, fanOut);
      const form = initializer.kind === 'variance_scaling' ? initializer.distribution : initializer.kind;
      if (form === 'untruncated_normal') return normal(0, Math.sqrt(variance));
      if (form.endsWith('uniform')) {
        const limit = Math.sqrt(3 * variance);
        return uniform(-limit, limit);
      }
      return normal(0, Math.sqrt(variance) / TRUNCATED_NORMAL_STDDEV, TRUNCATED_AT);
    }
  }
}

/** Whether variance scaling draws from a normal that is cut off at two standard deviations. */
export const isScaledTruncated = (initializer: Initializer): boolean =>
  scalingOf(initializer)?.distribution === 'truncated_normal';

export const isVarianceScalingName = (kind: string): kind is VarianceScalingName =>
  (varianceScalingNames as readonly string[]).includes(kind);
