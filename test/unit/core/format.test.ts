import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatInteger,
  formatKeras,
  formatOneIn,
  formatPercent,
  formatPlain,
  formatPower,
  formatRate,
  formatSentence,
  formatTable,
} from '../../../src/core/format/numbers';
import { OTHER_FORM } from '../../figure';

describe('numbers as people read them', () => {
  it.each([
    [2.0e-6, '2.0 × 10⁻⁶ (about 1 in 500,000)'],
    [9.54e-7, '9.5 × 10⁻⁷ (about 1 in 1 million)'],
    [0.25, '0.25'],
    [0, 'exactly 0'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [3.2e7, '3.2 × 10⁷'],
  ])('says %d in a sentence as %s', (x, text) => expect(formatSentence(x)).toBe(text));

  it.each([
    [2.0e-6, '2.0 × 10⁻⁶'],
    [1.5e7, '1.5 × 10⁷'],
    [-2.5e-9, '−2.5 × 10⁻⁹'],
    [553.457, '553'],
    [2.3046, '2.30'],
    [12345, '12,345'],
    [0, '0'],
    [-0, '0'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('writes %d in a table as %s', (x, text) => expect(formatTable(x)).toBe(text));

  it.each([
    [2.0296e-6, '2.0e-6'],
    [-1.5e7, '−1.5e7'],
    [0.28, '0.280'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('writes %d in the terminal as %s', (x, text) => expect(formatPlain(x)).toBe(text));

  it.each([
    [0.8842, '88 %'],
    [0.0954, '9.5 %'],
    [0.0995, '10 %'],
    [0.1, '10 %'],
    [0.003, '0.3 %'],
    [0.0004, '< 0.1 %'],
    [0, '0 %'],
    [1, '100 %'],
    [0.999, '> 99 %'],
    [Number.NaN, 'NaN'],
  ])('gives the share %d as %s', (x, text) => expect(formatPercent(x)).toBe(text));

  it.each([
    [0.4, '0.4 s'],
    [12.2, '12 s'],
    [89, '89 s'],
    [91, '2 min'],
    [60 * 125, '2 h 5 min'],
    [7200, '2 h'],
  ])('gives %d seconds as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  it('writes epoch figures as Keras does', () => {
    expect(formatKeras(553.457)).toBe('553.4570');
    expect(formatKeras(0.882)).toBe('0.8820');
    expect(formatKeras(0)).toBe('0.0000');
    expect(formatKeras(1e-9)).toBe('1.0 × 10⁻⁹');
    expect(formatKeras(1e-9, 4, formatPlain)).toBe('1.0e-9');
    expect(formatKeras(Number.NaN)).toBe('NaN');
  });

  it('separates thousands and names large odds', () => {
    expect(formatInteger(60000)).toBe('60,000');
    expect(formatInteger(-1234567)).toBe('−1,234,567');
    expect(formatRate(4123)).toBe('4,100');
    expect(formatOneIn(1 / 2.4e6)).toBe('1 in 2.4 million');
    expect(formatOneIn(0.5)).toBeUndefined();
  });

  it('never shows a number that is not 0 as 0, nor one below 1 as all', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        fc.pre(x !== 0);
        for (const text of [formatTable(x), formatPower(x), formatSentence(x), formatKeras(x)]) {
          expect(text).toMatch(/[1-9]/);
          expect(text).not.toMatch(/NaN|undefined/);
          expect(text).not.toMatch(OTHER_FORM);
        }
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, minExcluded: true, maxExcluded: true }), (share) => {
        expect(['0 %', '100 %']).not.toContain(formatPercent(share));
      }),
    );
  });
});
