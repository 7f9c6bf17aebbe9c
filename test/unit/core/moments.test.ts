import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activation, activationNames } from '../../../src/core/activations/catalogue';
import {
  type Differentiable,
  exponentialFactorOf,
  type GaussianMoments,
  gaussianExpectations,
  gaussianMoments,
  gaussLegendre,
} from '../../../src/core/activations/moments';
import { normalCdf, normalDensity } from '../../../src/core/math/normal';

const keys = ['value', 'valueSquared', 'derivative', 'derivativeSquared', 'derivativeFourth'] as const;

/** Boole's rule on a fine grid in x and in standard deviations, cut at the breaks; with E|φ|, the scale of E[φ]. */
function bruteForce(phi: Differentiable, mean: number, variance: number): GaussianMoments & { absolute: number } {
  const deviation = Math.sqrt(variance);
  const [from, to] = [mean - 38 * deviation, mean + 38 * deviation];
  const cuts = new Set<number>([from, to, ...(phi.breaks ?? [])]);
  for (let t = -38; t < 38; t += 0.05) cuts.add(mean + deviation * t);
  for (let x = -40; x <= 40; x += 0.02) cuts.add(x);
  for (let x = 40; x < to || x < -from; x *= 1.02) cuts.add(x).add(-x);
  const grid = [...cuts].filter((x) => x >= from && x <= to).sort((a, b) => a - b);
  const sums = [0, 0, 0, 0, 0, 0];
  for (let i = 1; i < grid.length; i++) {
    const [lo, hi] = [grid[i - 1]!, grid[i]!];
    const width = hi - lo;
    // Just inside, so that each side of a break has its own values.
    for (const [x, share] of [
      [lo + 1e-10 * width, 7 / 90],
      [lo + width / 4, 32 / 90],
      [lo + width / 2, 12 / 90],
      [hi - width / 4, 32 / 90],
      [hi - 1e-10 * width, 7 / 90],
    ] as const) {
      const weight = (share * width * normalDensity((x - mean) / deviation)) / deviation;
      if (weight === 0) continue;
      const [y, dy] = [phi.value(x), phi.derivative(x)];
      [y, y * y, dy, dy * dy, dy ** 4, Math.abs(y)].forEach((f, j) => {
        sums[j]! += weight * f;
      });
    }
  }
  const [value, valueSquared, derivative, derivativeSquared, derivativeFourth, absolute] = sums as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { value, valueSquared, derivative, derivativeSquared, derivativeFourth, absolute };
}

const close = (found: number, expected: number, tolerance = 1e-12) =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));

const all = activationNames.map((name) => activation(name));
const finite = all.filter((phi) => phi.name !== 'exponential');

describe('z ~ N(0, 1), published and independently computed figures', () => {
  it.each([
    // φ, E[φ²], E[φ′²], BatchNorm's χ, LayerNorm's χ with σ_w² = 1, k
    ['relu', 0.5, 0.5, 1.467, 1, 5],
    ['leaky_relu(negative_slope=0.01)', 0.50005, 0.50005, undefined, 1, undefined],
    ['leaky_relu', 0.52, 0.52, 1.244, 1, 4.56],
    ['leaky_relu(negative_slope=0.3)', 0.545, 0.545, undefined, 1, undefined],
    ['elu', 0.64494, 0.6681, 1.079, 1.036, 3.0],
    ['selu', 1, 1.0716, 1.072, 1.072, 2.95],
    ['gelu', 0.42522, 0.45585, 1.319, 1.072, 5.27],
    ['silu', 0.35578, 0.37948, 1.212, 1.067, 4.97],
    ['mish', 0.45234, 0.47908, 1.214, 1.059, undefined],
    ['softplus', 0.92125, 0.29338, 1.081, 0.3185, undefined],
    ['tanh', 0.39429, 0.4644, 1.178, 1.178, 3.75],
    ['softsign', 0.18301, 0.22767, 1.244, 1.244, undefined],
    ['sigmoid', 0.29338, 0.04484, 1.034, 0.153, 2.41],
    ['hard_sigmoid', 0.27764, 0.0277, 1.002, 0.0998, undefined],
    ['hard_sigmoid(slope=0.2)', 0.2891, 0.0395, undefined, undefined, undefined],
    ['hard_silu', 0.33157, 0.35853, undefined, undefined, undefined],
    ['linear', 1, 1, 1, 1, 2],
  ])('%s', (name, square, slopeSquare, batch, layer, k) => {
    const m = gaussianMoments(activation(name), 0, 1);
    const decimals = (x: number) => String(x).split('.')[1]?.length ?? 0;
    const agrees = (found: number, printed: number, digits = decimals(printed)) =>
      // Some printed figures are cut off, not rounded.
      expect(Math.abs(found - printed)).toBeLessThan(10 ** -digits);
    agrees(m.valueSquared, square, 5);
    agrees(m.derivativeSquared, slopeSquare, Math.max(4, decimals(slopeSquare)));
    if (batch !== undefined) agrees(m.derivativeSquared / (m.valueSquared - m.value ** 2), batch, 3);
    if (layer !== undefined) agrees(m.derivativeSquared / m.valueSquared, layer, Math.max(3, decimals(layer)));
    if (k !== undefined) agrees((3 * m.derivativeFourth) / m.derivativeSquared ** 2 - 1, k, 2);
  });
});

describe('closed forms', () => {
  it.each([1e-78, 1e-12, 1e-3, 0.3, 1, 17, 1e6, 1e12])('relu and its leaky kin at q = %s', (q) => {
    for (const [name, a] of [
      ['relu', 0],
      ['leaky_relu', 0.2],
      ['leaky_relu(negative_slope=0.3)', 0.3],
    ] as const) {
      const m = gaussianMoments(activation(name), 0, q);
      close(m.value, (1 - a) * Math.sqrt(q / (2 * Math.PI)));
      close(m.valueSquared, ((1 + a * a) * q) / 2);
      close(m.derivative, (1 + a) / 2);
      close(m.derivativeSquared, (1 + a * a) / 2);
      close(m.derivativeFourth, (1 + a ** 4) / 2);
    }
  });

  it('relu around any mean', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.double({ min: -6, max: 3, noNaN: true }),
        (mean, log) => {
          const s = 10 ** log;
          const t = mean / s;
          // Beyond, the closed form itself cancels.
          fc.pre(t > -4);
          const m = gaussianMoments(activation('relu'), mean, s * s);
          close(m.derivative, normalCdf(t), 1e-9);
          close(m.value, mean * normalCdf(t) + s * normalDensity(t), 1e-9);
          close(m.valueSquared, (mean ** 2 + s * s) * normalCdf(t) + mean * s * normalDensity(t), 1e-9);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it('the hard ones through the normal distribution function', () => {
    for (const [name, slope, edge] of [
      ['hard_sigmoid', 1 / 6, 3],
      ['hard_sigmoid(slope=0.2)', 0.2, 2.5],
      ['hard_tanh', 1, 1],
    ] as const) {
      for (const mean of [0, 0.7, -4]) {
        for (const s of [1e-3, 0.4, 2, 1000]) {
          const inside = normalCdf((edge - mean) / s) - normalCdf((-edge - mean) / s);
          const m = gaussianMoments(activation(name), mean, s * s);
          if (inside < 1e-6) continue;
          close(m.derivative, slope * inside, 1e-9);
          close(m.derivativeSquared, slope ** 2 * inside, 1e-9);
          close(m.derivativeFourth, slope ** 4 * inside, 1e-9);
        }
      }
    }
  });

  it('linear', () => {
    const m = gaussianMoments(activation('linear'), -3, 4);
    close(m.value, -3);
    close(m.valueSquared, 13);
    expect([m.derivative, m.derivativeSquared, m.derivativeFourth]).toEqual([1, 1, 1]);
  });

  it('erf, whose moments are arcs: E[erf²] = (2/π)·asin(2q/(1 + 2q)) (Williams 1998)', () => {
    for (const q of [1e-6, 0.1, 1, 30, 1e4]) {
      const m = gaussianMoments(activation('erf'), 0, q);
      close(m.valueSquared, (2 / Math.PI) * Math.asin((2 * q) / (1 + 2 * q)), 1e-11);
      close(m.derivativeSquared, 4 / Math.PI / Math.sqrt(1 + 4 * q), 1e-11);
    }
  });

  it('the exponential, by its factor alone', () => {
    const { value, valueSquared, derivative, derivativeSquared, derivativeFourth } = gaussianMoments(
      activation('exponential'),
      -2,
      9,
    );
    close(value, Math.exp(-2 + 4.5));
    close(derivative, value);
    close(valueSquared, Math.exp(-4 + 18));
    close(derivativeSquared, valueSquared);
    close(derivativeFourth, Math.exp(-8 + 72));
    expect(gaussianMoments(activation('exponential'), 0, 300).derivativeFourth).toBe(Number.POSITIVE_INFINITY);
    expect(gaussianMoments(activation('exponential'), 0, 300).valueSquared).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});

describe('quadrature', () => {
  it('Gauss–Legendre integrates polynomials of degree 2n − 1 exactly', () => {
    for (const order of [2, 5, 16]) {
      const { nodes, weights } = gaussLegendre(order);
      for (let degree = 0; degree < 2 * order; degree++) {
        const found = nodes.reduce((sum, x, i) => sum + weights[i]! * x ** degree, 0);
        expect(Math.abs(found - (degree % 2 === 0 ? 2 / (degree + 1) : 0))).toBeLessThan(1e-13);
      }
    }
  });

  it.each(finite)('$name agrees with brute force', (phi) => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constant(0),
          fc.double({ min: -100, max: 100, noNaN: true }),
          fc.double({ min: -5, max: 5, noNaN: true }),
        ),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (mean, log) => {
          const variance = 10 ** (2 * log);
          const expected = bruteForce(phi, mean, variance);
          const found = gaussianMoments(phi, mean, variance);
          for (const key of keys) {
            const scale = key === 'value' ? expected.absolute : Math.abs(expected[key]);
            expect(Math.abs(found[key] - expected[key]), `${key} at ${mean}, ${variance}`).toBeLessThanOrEqual(
              1e-9 * scale + 1e-250,
            );
          }
        },
      ),
      { seed: 20, numRuns: 15 },
    );
  });

  it.each(all)('$name: a narrow z has the moments of a point', (phi) => {
    for (const mean of [-7.3, -0.2, 0.3, 42]) {
      const point = gaussianMoments(phi, mean, 0);
      close(point.value, phi.value(mean));
      close(point.derivativeFourth, phi.derivative(mean) ** 4);
      const narrow = gaussianMoments(phi, mean, 1e-12);
      for (const key of keys) {
        expect(Math.abs(narrow[key] - point[key])).toBeLessThanOrEqual(1e-9 * Math.max(1e-3, Math.abs(point[key])));
      }
    }
  });

  it('a smooth step inside a very wide z', () => {
    // ∫σ′² = 1/6 and ∫σ′⁴ = 1/140 at a density that is flat there.
    const m = gaussianMoments(activation('sigmoid'), 0, 1e6);
    const density = normalDensity(0) / 1000;
    expect(Math.abs(m.derivativeSquared / (density / 6) - 1)).toBeLessThan(2e-6);
    expect(Math.abs(m.derivativeFourth / (density / 140) - 1)).toBeLessThan(2e-6);
    expect(Math.abs(m.valueSquared - (0.5 - density))).toBeLessThan(1e-7);
  });

  it('keeps relative digits in the far tail', () => {
    // σ′ ≈ e^(−z) around +100: E[e^(−kz)] = e^(−100k + k²/2).
    const m = gaussianMoments(activation('sigmoid'), 100, 1);
    expect(m.derivativeSquared / Math.exp(-198)).toBeCloseTo(1, 9);
    expect(m.derivativeFourth / Math.exp(-392)).toBeCloseTo(1, 9);
  });

  it('finds a jump that the function does not tell', () => {
    const silent = { value: (x: number) => Math.max(0, x - 0.3), derivative: (x: number) => (x > 0.3 ? 1 : 0) };
    expect(Math.abs(gaussianMoments(silent, 0, 1).derivative - normalCdf(-0.3))).toBeLessThan(2e-5);
  });

  it('a steep function is as exact as a flat one', () => {
    const steep = {
      value: (x: number) => Math.tanh(300 * x),
      derivative: (x: number) => 300 / Math.cosh(300 * x) ** 2,
    };
    // E[φ′] = E[z·φ] for z ~ N(0, 1) (Stein).
    const stein = gaussianMoments({ value: (x) => x * steep.value(x), derivative: () => 0 }, 0, 1).value;
    expect(Math.abs(gaussianMoments(steep, 0, 1).derivative / stein - 1)).toBeLessThan(1e-11);
  });

  it('is never NaN', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.double({ min: -300, max: 280, noNaN: true }),
        (phi, mean, log) => {
          const m = gaussianMoments(phi, mean, 10 ** log);
          for (const key of keys) expect(m[key]).not.toBeNaN();
          expect(m.valueSquared).toBeGreaterThanOrEqual(0);
          expect(m.derivativeFourth).toBeGreaterThanOrEqual(0);
        },
      ),
      { seed: 3, numRuns: 500 },
    );
  });

  it('refuses what is no Gaussian', () => {
    const phi = activation('relu');
    expect(() => gaussianMoments(phi, Number.NaN, 1)).toThrow('the mean is NaN; expected a finite number.');
    expect(() => gaussianMoments(phi, 0, -1)).toThrow(
      'the variance is -1; expected a finite number that is not negative.',
    );
    expect(() => gaussianMoments(phi, 0, Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});

describe('other expectations', () => {
  it('Stein: E[t·φ] = √q·E[φ′] and E[t·φ²] = 2√q·E[φφ′]', () => {
    for (const phi of finite.filter(({ smoothness }) => smoothness >= 0)) {
      for (const [mean, q] of [
        [0, 1],
        [0.7, 4],
        [-2, 0.09],
      ] as const) {
        const [tValue, tSquare, slope, product] = gaussianExpectations(phi, mean, q, 4, (y, dy, t, weight, sums) => {
          sums[0]! += weight * t * y;
          sums[1]! += weight * t * y * y;
          sums[2]! += weight * dy;
          sums[3]! += weight * y * dy;
        });
        expect(Math.abs(tValue! - Math.sqrt(q) * slope!)).toBeLessThan(1e-10);
        expect(Math.abs(tSquare! - 2 * Math.sqrt(q) * product!)).toBeLessThan(1e-10);
        expect(gaussianMoments(phi, mean, q).derivative).toBeCloseTo(slope!, 12);
      }
    }
  });

  it('of a point', () => {
    const found = gaussianExpectations(activation('tanh'), 0.3, 0, 1, (y, _slope, t, weight, sums) => {
      sums[0]! += weight * (y + t);
    });
    expect([...found]).toEqual([Math.tanh(0.3)]);
  });

  it('knows the exponential by its values', () => {
    expect(all.filter((phi) => exponentialFactorOf(phi) !== undefined).map(({ name }) => name)).toEqual([
      'exponential',
    ]);
    expect(exponentialFactorOf({ value: (x) => -2 * Math.exp(x), derivative: (x) => -2 * Math.exp(x) })).toBe(-2);
  });
});
