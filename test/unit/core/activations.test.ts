import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ActivationName,
  activation,
  activationNames,
  findActivation,
  isActivationName,
  saturationThreshold,
} from '../../../src/core/activations/catalogue';
import { varianceScalingNames } from '../../../src/core/initializers/initializer';
import { erfc, normalCdf } from '../../../src/core/math/normal';
import golden from '../../fixtures/torch-activations.json';

const spellings = new Map(
  Object.keys(golden.activations).map((spelling) => [findActivation(spelling)?.name, spelling] as const),
);

/** |a − b| relative to the larger one, absolute below 1. */
const deviation = (a: number, b: number): number => Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));

describe('values and derivatives against PyTorch and Keras', () => {
  /** PyTorch and Keras have no figures here, or not for an element-wise function of their own. */
  const without = ['rrelu', 'threshold', 'erf', 'step'];

  it('has a figure for every other name', () => {
    expect([...spellings.keys()].sort()).toEqual(activationNames.filter((name) => !without.includes(name)).sort());
  });

  it.each(activationNames.filter((name) => !without.includes(name)))('%s', (name) => {
    const phi = activation(name);
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

describe('tanh shrink near 0, where x and tanh(x) cancel', () => {
  const value = (x: number): number => activation('tanh_shrink').value(x);
  // x − tanh(x) = x³/3 − 2x⁵/15 + 17x⁷/315 − 62x⁹/2835 + …
  const three = (x: number) => (x ** 3 / 3) * (1 - (2 * x ** 2) / 5 + (17 * x ** 4) / 105);
  /** Relative to the first term that is left out. */
  const left = (x: number) => (62 / 945) * x ** 6;

  it('keeps its digits from 10⁻⁸ to 0.06', () => {
    for (let exponent = -8; exponent <= Math.log10(0.06); exponent += 1 / 16) {
      const x = 10 ** exponent;
      for (const sign of [1, -1]) {
        expect(Math.abs(value(sign * x) / three(sign * x) - 1), `${sign * x}`).toBeLessThan(1e-9 + 1.05 * left(x));
      }
    }
    expect(Math.abs(value(1e-3) / three(1e-3) - 1)).toBeLessThan(1e-14);
  });

  it('goes on without a step where the series ends, at 0.05', () => {
    const end = 0.05;
    const beyond = end * (1 + 1e-9);
    const slope = (value(beyond) - value(end)) / (beyond - end);
    expect(Math.abs(value(beyond) / value(end) - 1)).toBeLessThan(1e-8);
    expect(Math.abs((end - Math.tanh(end)) / value(end) - 1)).toBeLessThan(1e-12);
    expect(slope / Math.tanh(end) ** 2).toBeCloseTo(1, 3);
  });

  it('is odd, exactly 0 at 0, and rises', () => {
    expect(value(0)).toBe(0);
    let before = 0;
    for (let x = 1e-3; x < 0.1; x += 1e-3) {
      expect(value(-x)).toBe(-value(x));
      expect(value(x)).toBeGreaterThan(before);
      before = value(x);
    }
  });
});

/** Functions with parameters of a person's own. What is tested is made within each test, so that a fault in its making is seen. */
const parametrised = [
  'relu(negative_slope=0.1, max_value=4, threshold=0.5)',
  'relu(negative_slope=-2)',
  'relu(max_value=6)',
  'relu(threshold=-1)',
  'leaky_relu(negative_slope=1.5)',
  'leaky_relu(negative_slope=-0.3)',
  'rrelu(lower=0.2, upper=0.4)',
  'threshold(threshold=0.1, value=20)',
  'elu(alpha=0.5)',
  'elu(alpha=3)',
  'celu(alpha=0.2)',
  'silu(beta=1.702)',
  'softplus(beta=2, threshold=20)',
  'hard_sigmoid(slope=0.3)',
  'hard_tanh(min=-2, max=0.5)',
  'soft_shrink(lambda=1.5)',
  'hard_shrink(lambda=1)',
  'squareplus(b=0.1)',
];
const every = [...activationNames, ...parametrised];

describe('properties', () => {
  const h = 1e-4;

  it.each(every)('%s: the closed form agrees with a numerical derivative', (name) => {
    const phi = activation(name);
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (x) => {
        fc.pre(phi.kinks.every((kink) => Math.abs(x - kink) > 3 * h));
        fc.pre(phi.breaks.every((point) => Math.abs(x - point) > 3 * h));
        const slope =
          (8 * (phi.value(x + h) - phi.value(x - h)) - (phi.value(x + 2 * h) - phi.value(x - 2 * h))) / (12 * h);
        expect(deviation(phi.derivative(x), slope)).toBeLessThan(1e-8);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each(every)('%s: finite and not NaN up to ±10⁴', (name) => {
    const phi = activation(name);
    for (const size of [0, 1e-300, 1e-8, 1, 20, 37, 50, 89, 100, 709, 746, 1e3, 1e4]) {
      for (const x of [size, -size]) {
        const [value, derivative] = [phi.value(x), phi.derivative(x)];
        expect(value, `value at ${x}`).not.toBeNaN();
        expect(derivative, `derivative at ${x}`).not.toBeNaN();
        if (phi.name !== 'exponential') expect(Math.abs(value) + Math.abs(derivative)).toBeLessThan(Infinity);
      }
    }
  });

  it.each(every)('%s: no derivative exceeds the stated maximum, and the maximum is reached', (name) => {
    const phi = activation(name);
    const { x: at, value: max } = phi.derivativeMax;
    let largest = 0;
    for (let x = -30; x <= 30; x += 1 / 64) largest = Math.max(largest, Math.abs(phi.derivative(x)));
    expect(largest).toBeLessThanOrEqual(max * (1 + 1e-12));
    if (phi.name === 'exponential' || max === 0) return;
    expect(largest).toBeGreaterThan(0.98 * max);
    const near = phi.kinks.includes(at) && phi.name !== 'selu' ? at - 1e-13 : Math.max(-1e6, Math.min(1e6, at));
    expect(Math.abs(phi.derivative(near))).toBeCloseTo(max, 11);
  });

  it.each(every)('%s: the derivative jumps at the kinks and nowhere else', (name) => {
    const phi = activation(name);
    for (let x = -8; x <= 8; x += 1 / 64) {
      const jump = Math.abs(phi.derivative(x + 1e-9) - phi.derivative(x - 1e-9));
      const kinked = phi.kinks.some((kink) => Math.abs(kink - x) < 1e-9);
      expect(jump > 1e-3, `at ${x}`).toBe(kinked && phi.name !== 'exponential');
    }
  });

  it.each(every)('%s: facts agree with a scan', (name) => {
    const phi = activation(name);
    const { range, derivativeRange } = phi;
    let [lowest, highest, flattest, steepest] = [Infinity, -Infinity, Infinity, -Infinity];
    let [falls, before] = [0, phi.value(-30)];
    for (let x = -30; x <= 30; x += 1 / 128) {
      const [y, dy] = [phi.value(x), phi.derivative(x)];
      [lowest, highest, flattest, steepest] = [
        Math.min(lowest, y),
        Math.max(highest, y),
        Math.min(flattest, dy),
        Math.max(steepest, dy),
      ];
      if (y < before - 1e-12) falls++;
      before = y;
    }
    const tolerance = 1e-9;
    expect(lowest).toBeGreaterThanOrEqual(range[0] - tolerance);
    expect(highest).toBeLessThanOrEqual(range[1] + tolerance);
    expect(flattest).toBeGreaterThanOrEqual(derivativeRange[0] - tolerance);
    expect(steepest).toBeLessThanOrEqual(derivativeRange[1] + tolerance);
    // Each finite end is nearly reached, each infinite one is far away.
    const reached = (found: number, end: number) =>
      Number.isFinite(end) ? Math.abs(found - end) < 0.05 : Math.abs(found) > 0.2;
    expect(reached(lowest, range[0]), `infimum ${lowest}`).toBe(true);
    expect(reached(highest, range[1]), `supremum ${highest}`).toBe(true);
    expect(reached(flattest, derivativeRange[0]), `smallest φ′ ${flattest}`).toBe(true);
    expect(reached(steepest, derivativeRange[1]), `largest φ′ ${steepest}`).toBe(true);
    expect(phi.monotone).toBe(falls === 0);
    expect(Math.max(...derivativeRange.map(Math.abs))).toBe(phi.derivativeMax.value);

    const flat = (x: number) => Math.abs(phi.derivative(x)) < 1e-3 && Math.abs(phi.derivative(10 * x)) < 1e-4;
    const sides = `${flat(-50) ? 'left' : ''}${flat(50) ? 'right' : ''}`;
    expect(phi.saturates).toBe(({ '': 'none', leftright: 'both' } as Record<string, string>)[sides] ?? sides);
  });

  it.each(every)('%s: as smooth as it says', (name) => {
    const phi = activation(name);
    const jumps = (f: (x: number) => number) => phi.breaks.some((x) => Math.abs(f(x + 1e-9) - f(x - 1e-9)) > 1e-4);
    const second = (x: number) => (phi.derivative(x + 4e-10) - phi.derivative(x - 4e-10)) / 8e-10;
    if (phi.smoothness >= 0) expect(jumps(phi.value)).toBe(false);
    if (phi.smoothness >= 1) expect(jumps(phi.derivative)).toBe(false);
    if (phi.smoothness === 0) expect(phi.kinks.length).toBeGreaterThan(0);
    if (phi.smoothness === 1)
      expect(phi.breaks.some((x) => Math.abs(second(x + 1e-6) - second(x - 1e-6)) > 1e-3)).toBe(true);
    expect(Number.isFinite(phi.smoothness)).toBe(phi.breaks.length > 0);
  });

  it.each(every)('%s is described', (name) => {
    const phi = activation(name);
    expect(phi.label.length).toBeGreaterThan(2);
    expect(phi.label.length).toBeLessThanOrEqual(parametrised.includes(name) ? 40 : 18);
    expect(phi.formula.text).toMatch(/x|ˣ/);
    for (const { text, latex } of [phi.formula, phi.derivativeFormula]) {
      expect(`${text} ${latex}`).not.toMatch(/undefined|NaN|Infinity/);
      expect(latex.split('{').length).toBe(latex.split('}').length);
    }
    expect(varianceScalingNames).toContain(phi.fittingInitializer);
    expect([...phi.kinks].sort((a, b) => a - b)).toEqual(phi.kinks);
  });

  it('gives every activation a label of its own', () => {
    const labels = activationNames.map((name) => activation(name).label);
    expect(new Set(labels).size).toBe(labels.length);
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
    expect(activationNames).toHaveLength(33);
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
    ['gelu_new', 'gelu(approximate=tanh)'],
    ['leakyRelu', 'leaky_relu'],
    ['leakyReLU', 'leaky_relu(negative_slope=0.3)'],
    ['leaky_relu(0.01)', 'leaky_relu(negative_slope=0.01)'],
    ['leaky_relu(0.2)', 'leaky_relu'],
    ['hardSigmoid', 'hard_sigmoid(slope=0.2)'],
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
    expect(() => activation('sigmod')).toThrow(/"sigmod" is not known; did you mean sigmoid/);
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
