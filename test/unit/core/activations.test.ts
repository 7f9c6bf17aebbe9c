import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Activation,
  type ActivationName,
  activation,
  activationNames,
  findActivation,
  isActivationName,
  saturationThreshold,
} from '../../../src/core/activations/catalogue';
import { erfc, normalCdf } from '../../../src/core/activations/normal';
import { varianceScalingNames } from '../../../src/core/initializers/initializer';
import golden from '../../fixtures/torch-activations.json';

const all: readonly Activation[] = activationNames.map((name) => activation(name));
const spellings = new Map(
  Object.keys(golden.activations).map((spelling) => [findActivation(spelling)?.name, spelling] as const),
);

/** |a − b| relative to the larger one, absolute below 1. */
const deviation = (a: number, b: number): number => Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));

describe('values and derivatives against PyTorch and Keras', () => {
  it('has a figure for every name', () => {
    expect([...spellings.keys()].sort()).toEqual([...activationNames].sort());
  });

  it.each(all)('$name', (phi) => {
    const { y, dy } = golden.activations[spellings.get(phi.name) as keyof typeof golden.activations];
    // PyTorch holds the 1/6 of its hard sigmoid in single precision.
    const derivativeTolerance = phi.name === 'hard_sigmoid' ? 1e-8 : 1e-11;
    golden.x.forEach((x, i) => {
      expect(deviation(phi.value(x), y[i]!), `value at ${x}`).toBeLessThan(1e-11);
      expect(deviation(phi.derivative(x), dy[i]!), `derivative at ${x}`).toBeLessThan(derivativeTolerance);
    });
  });

  it.each(['sigmoid', 'tanh', 'softplus', 'elu', 'softsign', 'squareplus', 'log_sigmoid', 'exponential'] as const)(
    '%s keeps nine digits in the tails',
    (name) => {
      const { y, dy } = golden.activations[spellings.get(name) as keyof typeof golden.activations];
      golden.x.forEach((x, i) => {
        expect(Math.abs(activation(name).value(x) - y[i]!)).toBeLessThanOrEqual(1e-9 * Math.abs(y[i]!));
        expect(Math.abs(activation(name).derivative(x) - dy[i]!)).toBeLessThanOrEqual(1e-9 * Math.abs(dy[i]!));
      });
    },
  );
});

describe('properties', () => {
  const h = 1e-4;

  it.each(all)('$name: the closed form agrees with a numerical derivative', (phi) => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (x) => {
        fc.pre(phi.kinks.every((kink) => Math.abs(x - kink) > 3 * h));
        // At ±1 sparse_plus's second derivative jumps, and at 0 elu's and celu's: only first order there.
        fc.pre([-1, 0, 1].every((point) => Math.abs(x - point) > 3 * h));
        const slope =
          (8 * (phi.value(x + h) - phi.value(x - h)) - (phi.value(x + 2 * h) - phi.value(x - 2 * h))) / (12 * h);
        expect(deviation(phi.derivative(x), slope)).toBeLessThan(1e-8);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each(all)('$name: finite and not NaN up to ±10⁴', (phi) => {
    for (const size of [0, 1e-300, 1e-8, 1, 20, 37, 50, 89, 100, 709, 746, 1e3, 1e4]) {
      for (const x of [size, -size]) {
        const [value, derivative] = [phi.value(x), phi.derivative(x)];
        expect(value, `value at ${x}`).not.toBeNaN();
        expect(derivative, `derivative at ${x}`).not.toBeNaN();
        if (phi.name !== 'exponential') expect(Math.abs(value) + Math.abs(derivative)).toBeLessThan(Infinity);
      }
    }
  });

  it.each(all)('$name: no derivative exceeds the stated maximum, and the maximum is reached', (phi) => {
    const { x: at, value: max } = phi.derivativeMax;
    let largest = 0;
    for (let x = -30; x <= 30; x += 1 / 64) largest = Math.max(largest, Math.abs(phi.derivative(x)));
    expect(largest).toBeLessThanOrEqual(max * (1 + 1e-12));
    if (phi.name === 'exponential') return;
    expect(largest).toBeGreaterThan(0.98 * max);
    const near = phi.kinks.includes(at) && phi.name !== 'selu' ? at - 1e-13 : Math.max(-1e6, Math.min(1e6, at));
    expect(Math.abs(phi.derivative(near))).toBeCloseTo(max, 11);
  });

  it.each(all)('$name: the derivative jumps at the kinks and nowhere else', (phi) => {
    for (let x = -8; x <= 8; x += 1 / 64) {
      const jump = Math.abs(phi.derivative(x + 1e-9) - phi.derivative(x - 1e-9));
      const kinked = phi.kinks.some((kink) => Math.abs(kink - x) < 1e-9);
      expect(jump > 1e-3, `at ${x}`).toBe(kinked && phi.name !== 'exponential');
    }
  });

  it.each(all)('$name is described', (phi) => {
    expect(phi.label.length).toBeGreaterThan(2);
    expect(phi.label.length).toBeLessThanOrEqual(18);
    expect(phi.formula).toMatch(/x|ˣ/);
    expect(phi.derivativeFormula).not.toContain('undefined');
    expect(varianceScalingNames).toContain(phi.fittingInitializer);
    expect([...phi.kinks].sort((a, b) => a - b)).toEqual(phi.kinks);
  });

  it('gives every activation a label of its own', () => {
    expect(new Set(all.map((phi) => phi.label)).size).toBe(all.length);
  });

  it.each([
    ['sigmoid', 'glorot_uniform'],
    ['tanh', 'glorot_uniform'],
    ['relu', 'he_normal'],
    ['gelu', 'he_normal'],
    ['selu', 'lecun_normal'],
  ] as const)('%s goes with %s', (name, initializer) => {
    expect(activation(name).fittingInitializer).toBe(initializer);
  });
});

describe('figures that people quote', () => {
  it.each<[ActivationName, number, number]>([
    ['sigmoid', 0, 0.25],
    ['sigmoid', 1, 0.19661193324148185],
    ['sigmoid', 5, 0.006648056670790155],
    ['sigmoid', 100, 3.720075976020836e-44],
    ['tanh', 1, 0.41997434161402614],
    ['tanh', 3, 0.009866037165440192],
    ['tanh', 30, 4 * Math.exp(-60)],
    ['relu', 0, 0],
    ['relu6', 6, 0],
    ['selu', 0, 1.7580993408473766],
  ])('%s′(%d) = %d', (name, x, expected) => {
    expect(Math.abs(activation(name).derivative(x) - expected)).toBeLessThanOrEqual(1e-12 * expected);
  });

  it('ten sigmoid layers pass back at most 9.54e-7', () => {
    expect(activation('sigmoid').derivativeMax.value ** 10).toBeCloseTo(9.54e-7, 9);
  });
});

describe('the normal distribution', () => {
  // Abramowitz & Stegun, tables 7.1 and 7.3, and DLMF.
  it.each([
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [1.9999999, 0.004677737028],
    [2, 0.004677734981047266],
    [3, 2.209049699858544e-5],
    [5, 1.5374597944280349e-12],
    [10, 2.088487583762545e-45],
  ])('erfc(%d)', (x, expected) => {
    expect(Math.abs(erfc(x) / expected - 1)).toBeLessThan(x === 1.9999999 ? 1e-8 : 1e-13);
    expect(erfc(-x)).toBeCloseTo(2 - expected, 9);
  });

  it('Φ is symmetric, monotonous and bounded', () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (x) => {
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 14);
        expect(normalCdf(x)).toBeLessThanOrEqual(normalCdf(x + 0.01));
      }),
      { seed: 1 },
    );
  });
});

describe('names', () => {
  it('knows its own names, letter by letter', () => {
    expect(activationNames).toHaveLength(29);
    expect(activationNames.slice(0, 3)).toEqual(['sigmoid', 'tanh', 'relu']);
    for (const name of activationNames) {
      expect(isActivationName(name)).toBe(true);
      expect(activation(name).name).toBe(name);
    }
    for (const other of ['ReLU', 'swish', '', 'toString', '__proto__']) expect(isActivationName(other)).toBe(false);
  });

  it.each<[string, ActivationName]>([
    ['ReLU', 'relu'],
    ['reLU', 'relu'],
    ['RELU6', 'relu6'],
    ['swish', 'silu'],
    ['SiLU', 'silu'],
    ['hard_swish', 'hard_silu'],
    ['Hardswish', 'hard_silu'],
    ['gelu_new', 'gelu_tanh'],
    ['leakyRelu', 'leaky_relu'],
    ['leakyReLU', 'leaky_relu_0.3'],
    ['leaky_relu(0.01)', 'leaky_relu_0.01'],
    ['leaky_relu(0.2)', 'leaky_relu'],
    ['hardSigmoid', 'hard_sigmoid_0.2'],
    ['Hardsigmoid', 'hard_sigmoid'],
    ['hard_sigmoid(1/6)', 'hard_sigmoid'],
    ['LogSigmoid', 'log_sigmoid'],
    ['soft_sign', 'softsign'],
    ['Softshrink', 'soft_shrink'],
    ['Identity', 'linear'],
    [' sigmoid ', 'sigmoid'],
  ])('reads %s as %s', (spelling, name) => {
    expect(findActivation(spelling)?.name).toBe(name);
  });

  it('says which names are near to an unknown one', () => {
    expect(findActivation('sigmod')).toBeUndefined();
    expect(findActivation('')).toBeUndefined();
    expect(findActivation('constructor')).toBeUndefined();
    expect(() => activation('sigmod')).toThrow(RangeError);
    expect(() => activation('sigmod')).toThrow(/"sigmod" is not known; did you mean sigmoid, /);
  });
});

describe('saturationThreshold', () => {
  it('is one per cent of the largest derivative', () => {
    expect(saturationThreshold(activation('sigmoid'))).toBeCloseTo(0.0025, 15);
    expect(saturationThreshold(activation('relu'), 0.1)).toBeCloseTo(0.1, 15);
  });

  it('is 0 where the derivative is unbounded', () => {
    expect(saturationThreshold(activation('exponential'))).toBe(0);
  });
});
