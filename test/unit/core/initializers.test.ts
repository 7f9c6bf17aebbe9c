import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readInitializer } from '../../../src/core/frameworks/initializerNames';
import {
  drawWeights,
  fanModes,
  formatInitializer,
  type Initializer,
  initializerInWords,
  initializerMoments,
  initializerSchema,
  scaledVariance,
  scalingDistributions,
  TRUNCATED_NORMAL_STDDEV,
  varianceScalingNames,
} from '../../../src/core/initializers/initializer';
import { createRandom } from '../../../src/core/math/random';

const moments = (weights: Float32Array): { mean: number; variance: number; maxAbs: number } => {
  const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
  const variance = weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / weights.length;
  return { mean, variance, maxAbs: weights.reduce((max, w) => Math.max(max, Math.abs(w)), 0) };
};

describe('drawWeights against Keras 3.15, kernels of 600 × 400', () => {
  // Keras's own draws; their variance differs from the aim by chance, about 0.3 % at 240,000 weights.
  it.each([
    ['glorot_uniform', 0.0020006736414959806, 0.07745964756097128],
    ['glorot_normal', 0.002000864712030058, 0.10168259549862264],
    ['he_uniform', 0.0033344560691599676, 0.09999997500224592],
    ['he_normal', 0.0033347745200500976, 0.1312716663217703],
    ['lecun_uniform', 0.0016672280345799838, 0.07071066044257332],
    ['lecun_normal', 0.0016673872600250484, 0.09282308543378148],
    ['normal:0,0.05', 0.002499171901245793, 0.25788590693692987],
    ['uniform:-0.05,0.05', 0.0008336140172899919, 0.04999998750112296],
    // 0.05²·0.7737, cut off at 0.1.
    ['truncated_normal:0,0.05', 0.0019343525, 0.1],
    ['variance_scaling:2,fan_in,uniform', 2 / 600, 0.1],
    ['variance_scaling:1,fan_avg,truncated_normal', 0.002, 0.1016857],
    ['variance_scaling:3,fan_out,uniform', 3 / 400, 0.15],
  ])('%s', (text, variance, maxAbs) => {
    const initializer = readInitializer(text)!;
    const drawn = moments(drawWeights(initializer, 600 * 400, 600, 400, createRandom(1, 'kernel')));
    expect(Math.abs(drawn.mean)).toBeLessThan(5 * Math.sqrt(variance / 240_000));
    expect(Math.abs(drawn.variance / variance - 1)).toBeLessThan(0.012);
    // The cut-off is sharp; the largest of an unbounded normal is a matter of chance.
    expect(Math.abs(drawn.maxAbs / maxAbs - 1)).toBeLessThan(text.startsWith('normal') ? 0.2 : 1e-3);
    const expected = initializerMoments(initializer, 600, 400);
    expect(Math.abs(expected.variance / variance - 1)).toBeLessThan(0.005);
  });

  it('the paper’s kernels have mean 1 and standard deviation 1', () => {
    const { mean, variance } = moments(
      drawWeights({ kind: 'normal', mean: 1, stddev: 1 }, 784 * 128, 784, 128, createRandom(0)),
    );
    expect(mean).toBeCloseTo(1, 1.7);
    expect(variance).toBeCloseTo(1, 1.5);
  });

  it.each([
    [30, 12],
    [12, 30],
    [16, 16],
  ])('the fewer of an orthogonal kernel’s %i rows and %i columns are orthonormal', (fanIn, fanOut) => {
    const gain = 1.5;
    const kernel = drawWeights({ kind: 'orthogonal', gain }, fanIn * fanOut, fanIn, fanOut, createRandom(2));
    const row = (i: number) => Array.from({ length: fanOut }, (_, j) => kernel[i * fanOut + j]!);
    const column = (j: number) => Array.from({ length: fanIn }, (_, i) => kernel[i * fanOut + j]!);
    const vectors = Array.from({ length: Math.min(fanIn, fanOut) }, (_, k) => (fanIn < fanOut ? row(k) : column(k)));
    for (const [a, u] of vectors.entries()) {
      for (const [b, w] of vectors.entries()) {
        const product = u.reduce((sum, x, i) => sum + x * w[i]!, 0);
        expect(product).toBeCloseTo(a === b ? gain * gain : 0, 5);
      }
    }
    expect(initializerMoments({ kind: 'orthogonal', gain }, fanIn, fanOut).variance).toBeCloseTo(
      kernel.reduce((sum, w) => sum + w * w, 0) / kernel.length,
      6,
    );
  });

  it('an orthogonal matrix has no preferred sign', () => {
    const random = createRandom(5);
    const draws = Array.from({ length: 400 }, () => drawWeights({ kind: 'orthogonal', gain: 1 }, 16, 4, 4, random));
    for (let i = 0; i < 16; i++) {
      // Standard deviation of the mean 0.5/20.
      expect(Math.abs(draws.reduce((sum, kernel) => sum + kernel[i]!, 0) / 400)).toBeLessThan(0.11);
    }
  });

  it('zeros and constants are exact', () => {
    expect([...drawWeights({ kind: 'zeros' }, 3, 3, 1, createRandom(0))]).toEqual([0, 0, 0]);
    expect([...drawWeights({ kind: 'constant', value: 0.5 }, 2, 2, 1, createRandom(0))]).toEqual([0.5, 0.5]);
    expect(initializerMoments({ kind: 'constant', value: 0.5 }, 2, 1)).toEqual({ mean: 0.5, variance: 0 });
    expect(initializerMoments({ kind: 'zeros' }, 2, 1)).toEqual({ mean: 0, variance: 0 });
  });

  it('the same seed draws the same weights', () => {
    const draw = (seed: number) => drawWeights({ kind: 'he_normal' }, 20, 5, 4, createRandom(seed, 'kernel'));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });
});

describe('formulas', () => {
  it('Glorot 2/(in + out), He 2/in, LeCun 1/in, uniform or normal', () => {
    expect(scaledVariance('glorot_uniform', 784, 128)).toBeCloseTo(2 / 912, 15);
    expect(scaledVariance('glorot_normal', 784, 128)).toBeCloseTo(2 / 912, 15);
    expect(scaledVariance('he_normal', 784, 128)).toBeCloseTo(2 / 784, 15);
    expect(scaledVariance('lecun_uniform', 784, 128)).toBeCloseTo(1 / 784, 15);
  });

  it('the truncated normal’s standard deviation is that of its density', () => {
    // Var = 1 − 2·2φ(2)/(2Φ(2) − 1)
    const density = Math.exp(-2) / Math.sqrt(2 * Math.PI);
    expect(TRUNCATED_NORMAL_STDDEV).toBeCloseTo(Math.sqrt(1 - (4 * density) / 0.9544997361036416), 14);
  });
});

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0);
const initializers: fc.Arbitrary<Initializer> = fc.oneof(
  fc.constant<Initializer>({ kind: 'zeros' }),
  fc.constantFrom(...varianceScalingNames).map((kind) => ({ kind })),
  finite.map((value) => ({ kind: 'constant' as const, value })),
  finite.map((gain) => ({ kind: 'orthogonal' as const, gain })),
  fc.tuple(finite, finite).map(([mean, x]) => ({ kind: 'truncated_normal' as const, mean, stddev: Math.abs(x) })),
  fc
    .tuple(finite, fc.constantFrom(...fanModes), fc.constantFrom(...scalingDistributions))
    .map(([x, mode, distribution]) => ({ kind: 'variance_scaling' as const, scale: Math.abs(x), mode, distribution })),
  fc.tuple(finite, finite).map(([mean, x]) => ({ kind: 'normal' as const, mean, stddev: Math.abs(x) })),
  fc.tuple(finite, finite).map(([a, b]) => ({ kind: 'uniform' as const, min: Math.min(a, b), max: Math.max(a, b) })),
);

describe('the text form', () => {
  it('reads back what it writes, and the schema accepts it', () => {
    const schema = initializerSchema('the kernel initialiser');
    fc.assert(
      fc.property(initializers, (initializer) => {
        expect(readInitializer(formatInitializer(initializer))).toEqual(initializer);
        expect(v.parse(schema, initializer)).toEqual(initializer);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each<[string, Initializer]>([
    ['normal:1,1', { kind: 'normal', mean: 1, stddev: 1 }],
    ['kaiming_normal_', { kind: 'he_normal' }],
    ['kaiming_uniform', { kind: 'he_uniform' }],
    ['kaiming_uniform_(a=√5)', { kind: 'variance_scaling', scale: 1 / 3, mode: 'fan_in', distribution: 'uniform' }],
    [
      'kaiming_uniform_(a=math.sqrt(5))',
      { kind: 'variance_scaling', scale: 1 / 3, mode: 'fan_in', distribution: 'uniform' },
    ],
    ['kaiming_normal_(nonlinearity="linear")', { kind: 'lecun_normal' }],
    ["kaiming_uniform_(nonlinearity='relu')", { kind: 'he_uniform' }],
    ['xavier_uniform_', { kind: 'glorot_uniform' }],
    ['xavier_normal', { kind: 'glorot_normal' }],
    ['HeNormal', { kind: 'he_normal' }],
    ['HeUniform()', { kind: 'he_uniform' }],
    ['GlorotNormal', { kind: 'glorot_normal' }],
    ['glorotNormal', { kind: 'glorot_normal' }],
    ['leCunNormal', { kind: 'lecun_normal' }],
    ['lecunUniform', { kind: 'lecun_uniform' }],
    ['random_normal', { kind: 'normal', mean: 0, stddev: 0.05 }],
    ['RandomUniform', { kind: 'uniform', min: -0.05, max: 0.05 }],
    ['Zeros', { kind: 'zeros' }],
    ['zeros_', { kind: 'zeros' }],
    ['ones_', { kind: 'constant', value: 1 }],
    ['orthogonal_', { kind: 'orthogonal', gain: 1 }],
    ['RandomNormal(0, 0.05)', { kind: 'normal', mean: 0, stddev: 0.05 }],
    ['TruncatedNormal(stddev=0.1)', { kind: 'truncated_normal', mean: 0, stddev: 0.1 }],
    ['randomUniform({minval: -1, maxval: 1})', { kind: 'uniform', min: -1, max: 1 }],
    ['normal_(mean=0, std=0.02)', { kind: 'normal', mean: 0, stddev: 0.02 }],
    ['uniform_(-0.1, 0.1)', { kind: 'uniform', min: -0.1, max: 0.1 }],
    ['orthogonal_(gain=sqrt(4))', { kind: 'orthogonal', gain: 2 }],
    [' normal:1, 0.5 ', { kind: 'normal', mean: 1, stddev: 0.5 }],
    ['uniform:-0.05,0.05', { kind: 'uniform', min: -0.05, max: 0.05 }],
    ['constant:1e-3', { kind: 'constant', value: 0.001 }],
    ['zeros', { kind: 'zeros' }],
    ['glorot_uniform', { kind: 'glorot_uniform' }],
    ['ones', { kind: 'constant', value: 1 }],
    ['orthogonal', { kind: 'orthogonal', gain: 1 }],
    ['orthogonal:1.4', { kind: 'orthogonal', gain: 1.4 }],
    ['truncated_normal:0,0.02', { kind: 'truncated_normal', mean: 0, stddev: 0.02 }],
    [
      'variance_scaling:2, fan_out, uniform',
      { kind: 'variance_scaling', scale: 2, mode: 'fan_out', distribution: 'uniform' },
    ],
  ])('reads %s', (text, expected) => {
    expect(readInitializer(text)).toEqual(expected);
  });

  it.each([
    '',
    'ones:1',
    'orthogonal:1,2',
    'truncated_normal',
    'truncated_normal:0,-1',
    'variance_scaling',
    'variance_scaling:1',
    'variance_scaling:-1,fan_in,uniform',
    'variance_scaling:1,fan_both,uniform',
    'variance_scaling:1,fan_in,normal',
    'variance_scaling:1,fan_in,uniform,1',
    'normal',
    'normal:1',
    'normal:1,-1',
    'normal:1,1,1',
    'normal:,1',
    'normal:1,1:2',
    'normal:a,b',
    'uniform:1,0',
    'constant:',
    'constant:Infinity',
    'constant:NaN',
    'zeros:1',
    'glorot_uniform:1',
    'toString',
    'RandomNormal(0, 0.05, 1, 2)',
    'RandomNormal(std=1)',
    'RandomNormal(mean, 0.05)',
    // Its one number is the mean in Keras, and the deviation in JAX.
    'normal(0.02)',
    'kaiming_uniform_(mode="fan_avg")',
  ])('refuses “%s”', (text) => {
    expect(readInitializer(text)).toBeUndefined();
  });
});

describe('the schema', () => {
  const schema = initializerSchema('the kernel initialiser');
  const messages = (input: unknown): string[] => (v.safeParse(schema, input).issues ?? []).map((one) => one.message);

  it.each<[unknown, RegExp]>([
    [
      { kind: 'ones' },
      /^the kernel initialiser is not known; expected zeros, ones, constant:VALUE, .*lecun_normal, with numbers between −10⁶ and 10⁶\.$/,
    ],
    ['zeros', /^the kernel initialiser is not known/],
    [undefined, /^the kernel initialiser is not known/],
    [{ kind: 'normal', mean: 1 }, /^the kernel initialiser is incomplete; expected /],
    [{ kind: 'normal', mean: 1, stddev: -1 }, /^the kernel initialiser's standard deviation must not be negative\.$/],
    [{ kind: 'normal', mean: '1', stddev: 1 }, /^the kernel initialiser's mean must be a number\.$/],
    [{ kind: 'constant', value: Number.POSITIVE_INFINITY }, /value must be finite\.$/],
    [
      { kind: 'variance_scaling', scale: 1, mode: 'fan', distribution: 'uniform' },
      /mode is not known; expected fan_in, fan_out, fan_avg\.$/,
    ],
    [{ kind: 'uniform', min: 2, max: 1 }, /minimum must not exceed its maximum\.$/],
  ])('refuses %j', (input, message) => {
    expect(messages(input)).toHaveLength(1);
    expect(messages(input)[0]).toMatch(message);
  });
});

describe('an initialiser in words', () => {
  const scaling = { kind: 'variance_scaling', mode: 'fan_in', distribution: 'uniform' } as const;
  it.each<[Initializer, string]>([
    [{ ...scaling, scale: 1 / 3 }, 'kaiming_uniform_(a=√5)'],
    [{ ...scaling, scale: 0.7737196 }, 'variance_scaling:0.774,fan_in,uniform'],
    [{ kind: 'normal', mean: 1, stddev: 1 }, 'normal:1,1'],
    [{ kind: 'he_normal' }, 'he_normal'],
  ])('%j is %s', (initializer, words) => {
    expect(initializerInWords(initializer)).toBe(words);
    expect(readInitializer(words)?.kind).toBe(initializer.kind);
  });
});
