import * as v from 'valibot';
import { type Random, truncatedNormal } from '../random/random';

const finite = (what: string) => v.pipe(v.number(`${what} must be a number.`), v.finite(`${what} must be finite.`));
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

export type Initializer =
  | { kind: 'zeros' }
  | { kind: 'constant'; value: number }
  | { kind: 'normal'; mean: number; stddev: number }
  | { kind: 'uniform'; min: number; max: number }
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
      v.pipe(
        form({ kind: v.literal('uniform'), min: finite(`${name}'s minimum`), max: finite(`${name}'s maximum`) }),
        v.check(({ min, max }) => min <= max, `${name}'s minimum must not exceed its maximum.`),
      ),
      ...varianceScalingNames.map((kind) => form({ kind: v.literal(kind) })),
    ],
    unknown,
  ) as v.GenericSchema<Initializer>;
}

export const initializerForms = `zeros, constant:VALUE, normal:MEAN,STDDEV, uniform:MIN,MAX, ${varianceScalingNames.join(', ')}`;

/** Reads the text form, `normal:1,1` or `glorot_uniform`; undefined where it is not one. */
export function parseInitializer(text: string): Initializer | undefined {
  const [kind = '', rest = '', ...more] = text.trim().split(':');
  if (more.length > 0) return undefined;
  const numbers = rest === '' ? [] : rest.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (numbers.some((n) => !Number.isFinite(n))) return undefined;
  const [first, second] = numbers;
  const count = numbers.length;
  if (kind === 'zeros' && count === 0) return { kind };
  if (kind === 'constant' && count === 1) return { kind, value: first! };
  if (kind === 'normal' && count === 2 && second! >= 0) return { kind, mean: first!, stddev: second! };
  if (kind === 'uniform' && count === 2 && first! <= second!) return { kind, min: first!, max: second! };
  if (count === 0 && (varianceScalingNames as readonly string[]).includes(kind))
    return { kind: kind as VarianceScalingName };
  return undefined;
}

/** The text form that {@link parseInitializer} reads. */
export function formatInitializer(initializer: Initializer): string {
  switch (initializer.kind) {
    case 'constant':
      return `constant:${initializer.value}`;
    case 'normal':
      return `normal:${initializer.mean},${initializer.stddev}`;
    case 'uniform':
      return `uniform:${initializer.min},${initializer.max}`;
    default:
      return initializer.kind;
  }
}

/** Standard deviation of N(0, 1) cut off at ±2: Keras divides by it, so that the variance comes out as asked. */
export const TRUNCATED_NORMAL_STDDEV = 0.87962566103423978;

const scalingNumerator: Record<string, number> = { glorot: 2, he: 2, lecun: 1 };

/**
 * Variance that a variance-scaling initialiser aims at: Glorot 2/(fan_in + fan_out), He 2/fan_in, LeCun 1/fan_in
 * (Glorot & Bengio 2010; He et al. 2015; LeCun et al. 1998).
 */
export function scaledVariance(kind: VarianceScalingName, fanIn: number, fanOut: number): number {
  const family = kind.slice(0, kind.indexOf('_'));
  return scalingNumerator[family]! / (family === 'glorot' ? fanIn + fanOut : fanIn);
}

/** Mean and variance of one weight. */
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
    case 'uniform':
      return { mean: (initializer.min + initializer.max) / 2, variance: (initializer.max - initializer.min) ** 2 / 12 };
    default:
      return { mean: 0, variance: scaledVariance(initializer.kind, fanIn, fanOut) };
  }
}

/** Draws `size` weights. Truncated normals are corrected as Keras does; tfjs's own are not. */
export function drawWeights(
  initializer: Initializer,
  size: number,
  fanIn: number,
  fanOut: number,
  random: Random,
): Float32Array {
  const weights = new Float32Array(size);
  const fill = (draw: () => number) => {
    for (let i = 0; i < size; i++) weights[i] = draw();
    return weights;
  };
  switch (initializer.kind) {
    case 'zeros':
      return weights;
    case 'constant':
      return weights.fill(initializer.value);
    case 'normal':
      return fill(() => initializer.mean + initializer.stddev * random.normal());
    case 'uniform':
      return fill(() => initializer.min + (initializer.max - initializer.min) * random.uniform());
    default: {
      const variance = scaledVariance(initializer.kind, fanIn, fanOut);
      if (initializer.kind.endsWith('uniform')) {
        const limit = Math.sqrt(3 * variance);
        return fill(() => limit * (2 * random.uniform() - 1));
      }
      const stddev = Math.sqrt(variance) / TRUNCATED_NORMAL_STDDEV;
      return fill(() => stddev * truncatedNormal(random));
    }
  }
}
