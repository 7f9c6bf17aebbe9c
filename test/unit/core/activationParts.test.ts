import { describe, expect, it } from 'vitest';
import { choice, define, number } from '../../../src/core/activations/entry';
import { factor, latexFactor, latexNumber, numeral } from '../../../src/core/activations/formula';
import { type AtBreak, piecewise, smooth, withKinkRules } from '../../../src/core/activations/function';
import { closest, meant } from '../../../src/core/activations/nearest';

const formula = { text: '', latex: '' };
const facts = {
  label: 'made up',
  range: [-1, 1],
  derivativeRange: [0, 5],
  derivativeMax: { x: 0, value: 5 },
  monotone: true,
  smoothness: -1,
  saturates: 'none',
  fittingInitializer: 'glorot_uniform',
  formula,
  derivativeFormula: formula,
} as const;
const line = (slope: number, offset = 0) => ({ value: (x: number) => slope * x + offset, derivative: () => slope });

describe('a parameter', () => {
  const entry = define(
    'a test',
    {
      a: number(1, { above: 0 }),
      b: number(2, { min: -1 }),
      c: number(3, { unbounded: true }),
      how: choice('x', ['x', 'y']),
    },
    ({ a, b, c, how }) => smooth({ ...facts, ...line(a + b + c), label: `${a} ${b} ${c} ${how}` }),
  );
  const labelOf = (given: Record<string, number | string>) => entry.create(given).label;

  it('is its default where none is given, 0 included', () => {
    expect(labelOf({})).toBe('1 2 3 x');
    expect(labelOf({ b: 0, how: 'y' })).toBe('1 0 3 y');
  });

  it.each([
    [{ a: 1e-9 }, '1e-9 2 3 x'],
    [{ a: 1e9, b: -1 }, '1000000000 -1 3 x'],
    [{ c: Number.POSITIVE_INFINITY }, '1 2 Infinity x'],
    [{ c: -1e12 }, '1 2 -1000000000000 x'],
  ])('may be at the ends of its rule: %j', (given, label) => {
    expect(labelOf(given)).toBe(label);
  });

  it.each<[Record<string, number | string>, string]>([
    [{ a: 0 }, 'a is 0; expected a number above 0.'],
    [{ a: -1 }, 'a is -1; expected a number above 0.'],
    [{ a: 0.9e-9 }, 'a is 9e-10; expected a number of at least 1e-9.'],
    [{ b: -1.001 }, 'b is -1.001; expected a number of at least -1.'],
    [{ a: 1.001e9 }, 'a is 1001000000; expected a number between −10⁹ and 10⁹.'],
    [{ b: Number.POSITIVE_INFINITY }, 'b is Infinity; expected a number between −10⁹ and 10⁹.'],
    [{ b: Number.NaN }, 'b is NaN; expected a number.'],
    [{ c: 'three' }, 'c is three; expected a number.'],
    [{ how: 'z' }, 'how is z; expected x or y.'],
    [{ d: 1 }, 'there is no parameter d; expected a, b, c, how.'],
  ])('outside its rule is refused, with what was expected: %j', (given, message) => {
    expect(() => entry.create(given)).toThrow(new RangeError(message));
  });

  it('of a function that has none is refused', () => {
    const none = define('a test', {}, () => smooth({ ...facts, ...line(1) }));
    expect(() => none.create({ a: 1 })).toThrow('expected none.');
  });
});

describe('a function of pieces', () => {
  const made = (atBreaks: readonly AtBreak[]) =>
    piecewise({ ...facts, breaks: [-1, 2], pieces: [line(0, -1), line(1), line(5, 7)], atBreaks });

  it('is each piece on its stretch', () => {
    const phi = made(['left', 'left']);
    expect([-3, 0, 3].map(phi.value)).toEqual([-1, 0, 22]);
    expect([-3, 0, 3].map(phi.derivative)).toEqual([0, 1, 5]);
    expect(phi.kinks).toEqual([-1, 2]);
  });

  it.each<[AtBreak, number, number]>([
    ['left', 2, 1],
    ['right', 17, 5],
    ['mean', 2, 3],
    [0.25, 2, 0.25],
  ])('is at a break what its rule %j says', (rule, value, slope) => {
    const phi = made(['left', rule]);
    expect([phi.value(2), phi.derivative(2)]).toEqual([value, slope]);
    expect([phi.slopeBeside(2, 'left'), phi.slopeBeside(2, 'right')]).toEqual([1, 5]);
  });

  it('has no kink where slopes differ by next to nothing', () => {
    const pieces = [line(1), line(1 + 1e-7), line(1 + 1e-5)];
    const phi = piecewise({ ...facts, breaks: [0, 1], pieces, atBreaks: ['left', 'left'] });
    expect(phi.kinks).toEqual([1]);
    expect(phi.breaks).toEqual([0, 1]);
  });

  it('takes another convention at its kinks and nowhere else', () => {
    const phi = made(['left', 'left']);
    const other = withKinkRules(phi, [0.5, 'mean']);
    expect([-3, -1, 0, 2, 3].map(other.derivative)).toEqual([0, 0.5, 1, 3, 5]);
    expect([-1, 2].map(other.value)).toEqual([-1, 2].map(phi.value));
    expect(() => withKinkRules(phi, ['left'])).toThrow(RangeError);
  });

  it('that is smooth has neither breaks nor kinks, and one slope on both sides', () => {
    const phi = smooth({ ...facts, ...line(3) });
    expect([phi.breaks, phi.kinks]).toEqual([[], []]);
    expect([phi.slopeBeside(1, 'left'), phi.slopeBeside(1, 'right')]).toEqual([3, 3]);
  });
});

describe('a number in a formula', () => {
  it.each([
    [0.3, '0.3', '0.3'],
    [-0.3, '−0.3', '-0.3'],
    [0, '0', '0'],
    [0.5, '0.5', '0.5'],
    [1.5, '1.5', '1.5'],
    [1 / 6, '1/6', '\\tfrac{1}{6}'],
    [-1 / 3, '-1/3', '-\\tfrac{1}{3}'],
    [4 / 3, '4/3', '\\tfrac{4}{3}'],
    [1.0507009873554805, '1.0507', '1.0507'],
    [Number.POSITIVE_INFINITY, '∞', '\\infty'],
    [Number.NEGATIVE_INFINITY, '−∞', '-\\infty'],
  ])('%d is %s', (x, text, latex) => {
    expect(numeral(x)).toBe(text);
    expect(latexNumber(x)).toBe(latex);
  });

  it('is no factor where it is 1', () => {
    expect([factor(1), factor(2), latexFactor(1), latexFactor(2)]).toEqual(['', '2·', '', '2\\,']);
  });
});

describe('a name that is near', () => {
  const names = ['relu', 'relu6', 'sigmoid', 'tanh', 'leaky_relu'];

  it.each([
    ['sigmoid', ['sigmoid']],
    ['sgimoid', ['sigmoid']],
    ['sigmod', ['sigmoid']],
    ['sigmooid', ['sigmoid']],
    ['sigmaid', ['sigmoid']],
    ['tahn', ['tanh']],
    ['leaky', ['leaky_relu']],
    ['LEAKY-ReLU', ['leaky_relu']],
    ['rel', ['relu', 'relu6']],
    ['re', []],
    ['sxgmyzd', []],
  ])('to %s is %j', (text, near) => {
    expect(closest(text, names)).toEqual(near);
  });

  it('comes before one that is less near, as many as were asked for, each spelling once', () => {
    expect(closest('relu', ['relu6', 'ReLU', 'relu', 're_lu', 'prelu'])).toEqual(['ReLU', 'relu6', 'prelu']);
    expect(closest('relu', names, 1)).toEqual(['relu']);
  });

  it('is told, or else all that there are', () => {
    expect(meant('sigmod', names)).toBe('did you mean sigmoid?');
    expect(meant('banana', ['relu', 'ReLU', 'tanh'])).toBe('expected one of relu, tanh.');
  });
});
