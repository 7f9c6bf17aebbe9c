import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activation } from '../../../../src/core/activations/catalogue';
import { calculate } from '../../../../src/core/advice/calculate';
import { type FlowConfig, paperFlow } from '../../../../src/core/calculation/config';
import { formatSentence } from '../../../../src/core/format/numbers';
import { normalCdf, normalQuantile } from '../../../../src/core/math/normal';
import { createRandom } from '../../../../src/core/math/random';
import { digamma, drawnSum, trigamma } from '../../../../src/core/theory/drawnSum';
import { flatShare } from '../../../../src/core/theory/flatShare';
import { measured } from '../../engine/measured';

const of = (name: string, widths: number[], more: Partial<FlowConfig> = {}): FlowConfig => ({
  ...paperFlow,
  candidates: [{ activations: [name] }],
  widths,
  ...more,
});
const equal = (depth: number, width: number): number[] => Array.from({ length: depth }, () => width);
const he = { kernelInitializer: { kind: 'he_normal' } } as const;

const configs = fc
  .record({
    name: fc.constantFrom(
      'sigmoid',
      'tanh',
      'relu',
      'leaky_relu(negative_slope=0.01)',
      'gelu',
      'silu',
      'selu',
      'linear',
    ),
    depth: fc.constantFrom(2, 5, 10, 30, 100),
    width: fc.constantFrom(1, 2, 4, 8, 32, 128, 512),
    framework: fc.constantFrom('keras', 'torch', 'tfjs', 'jax') as fc.Arbitrary<FlowConfig['framework']>,
    kernelInitializer: fc.constantFrom<FlowConfig['kernelInitializer']>(
      null,
      { kind: 'he_normal' },
      { kind: 'glorot_uniform' },
      { kind: 'normal', mean: 0, stddev: 0.05 },
      { kind: 'normal', mean: 0.01, stddev: 0.1 },
    ),
    normalisation: fc.constantFrom('none', 'batch', 'layer') as fc.Arbitrary<FlowConfig['normalisation']>,
    residual: fc.boolean(),
    dropout: fc.constantFrom(0, 0, 0.3),
  })
  .map(({ name, depth, width, ...more }) => of(name, equal(depth, width), more));

describe('one statistic', () => {
  it('the ratio is in its own band, and the verdict’s number is it', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const [{ prediction, verdict }] = calculate(config) as [ReturnType<typeof calculate>[0]];
        const { ratio, band, layers } = prediction;
        expect(ratio).toBeGreaterThanOrEqual(band[0]);
        expect(ratio).toBeLessThanOrEqual(band[1]);
        expect(layers[0]!.delta).toBe(ratio);
        if (verdict.kind === 'healthy') {
          expect(ratio).toBeGreaterThanOrEqual(1e-3);
          expect(ratio).toBeLessThanOrEqual(70);
          expect(prediction.zeros).toBeLessThan(0.5);
        }
        if (verdict.kind !== 'dead' && ratio > 0 && Number.isFinite(ratio)) {
          expect(verdict.text.startsWith(formatSentence(ratio))).toBe(true);
        }
      }),
      { seed: 3, numRuns: 400 },
    );
  });

  it.each([
    ['ReLU, He, 100 × 8', of('relu', equal(100, 8), he)],
    ['ReLU, He, 20 × 16', of('relu', equal(20, 16), he)],
    ['ReLU, Glorot, 10 × 4', of('relu', equal(10, 4))],
    ['leaky ReLU, He, 100 × 8', of('leaky_relu(negative_slope=0.01)', equal(100, 8), he)],
    ['tanh, Glorot, 100 × 8', of('tanh', equal(100, 8))],
    ['linear, Glorot, 100 × 8', of('linear', equal(100, 8))],
    ['SELU, 50 × 32', of('selu', equal(50, 32))],
    ['sigmoid, 10 × 8', of('sigmoid', equal(10, 8))],
  ])('%s: the measured median lies in the band, and is as healthy as the verdict says', (_name, drawn) => {
    const config = { ...drawn, networks: 200, seed: 7 };
    const [{ prediction, verdict }] = calculate(config) as [ReturnType<typeof calculate>[0]];
    const found = measured(config).ratio;
    expect(found.typical).toBeGreaterThanOrEqual(prediction.band[0]);
    expect(found.typical).toBeLessThanOrEqual(prediction.band[1]);
    // At the very edge the theory may be off by some.
    if (verdict.kind === 'healthy') expect(found.typical).toBeGreaterThan(prediction.ratio > 0.01 ? 1e-3 : 1e-4);
    else expect(found.typical).toBeLessThan(2e-3);
  });

  it('networks born dead are predicted as they are drawn, and said', () => {
    for (const [depth, width] of [
      [100, 8],
      [10, 4],
      [3, 2],
    ] as const) {
      const config = of('relu', equal(depth, width), { ...he, networks: 400, seed: 1 });
      const [{ prediction, verdict }] = calculate(config) as [ReturnType<typeof calculate>[0]];
      expect(prediction.zeros).toBeCloseTo(1 - (1 - 0.5 ** width) ** depth, 12);
      expect(Math.abs(measured(config).ratio.zeros - prediction.zeros)).toBeLessThan(0.075);
      expect(verdict.text).toMatch(/\d+ % of such networks(, which)? are born dead/);
    }
    expect(calculate(of('relu', equal(10, 128)))[0]!.verdict.text).not.toContain('born dead');
    expect(calculate(of('tanh', equal(100, 2)))[0]!.prediction.zeros).toBe(0);
  });
});

describe('a mean over the units of a layer', () => {
  it('of squares of Gaussians, half of them off, is as drawn', () => {
    const random = createRandom(4, 'drawn sums');
    for (const [count, off] of [
      [2, 0.5],
      [8, 0.5],
      [8, 0],
      [30, 0.7],
    ] as const) {
      const logs: number[] = [];
      for (let draw = 0; draw < 20_000; draw++) {
        let sum = 0;
        for (let i = 0; i < count; i++) if (random.uniform() >= off) sum += random.normal() ** 2 / (1 - off);
        if (sum > 0) logs.push(Math.log(sum / count));
      }
      const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
      const variance = logs.reduce((a, b) => a + (b - mean) ** 2, 0) / logs.length;
      const found = drawnSum(count, 3 / (1 - off) - 1, off);
      expect(Math.abs(found.mean - mean)).toBeLessThan(0.04);
      expect(found.variance / variance).toBeCloseTo(1, 1);
      expect(found.zero).toBeCloseTo(off ** count, 12);
    }
    expect(drawnSum(5, 3, 1)).toEqual({ mean: 0, variance: 0, zero: 1 });
  });

  it('ψ and ψ′ at 1, ½ and 20; Φ⁻¹ undoes Φ', () => {
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 10);
    expect(digamma(0.5)).toBeCloseTo(-1.9635100260214235, 10);
    expect(digamma(20)).toBeCloseTo(2.970523992242149, 10);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 10);
    expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 10);
    for (const x of [-4, -1.645, 0, 0.3, 3]) expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 9);
  });

  it('P(φ′ = 0) is of the stretches on which φ is constant', () => {
    expect(flatShare(activation('relu'), 0, 3)).toBeCloseTo(0.5, 12);
    expect(flatShare(activation('relu6'), 0, 36)).toBeCloseTo(0.5 + (1 - normalCdf(1)), 12);
    expect(flatShare(activation('hard_tanh'), 0, 1)).toBeCloseTo(2 * normalCdf(-1), 12);
    expect(flatShare(activation('step'), 2, 1)).toBe(1);
    for (const name of ['sigmoid', 'elu', 'leaky_relu', 'gelu', 'linear'])
      expect(flatShare(activation(name), 0, 1)).toBe(0);
  });
});
