import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summariseLogs } from '../../../../src/core/theory/measured';

const none = Number.NEGATIVE_INFINITY;
const all = Number.POSITIVE_INFINITY;
const log = fc.double({ min: -300, max: 300, noNaN: true });

describe('a summary of draws', () => {
  it('has the quantiles at 5 and 95 of a hundred steps', () => {
    const { low, high, typical } = summariseLogs(Array.from({ length: 101 }, (_, i) => (i - 50) / 10));
    expect(Math.log(low)).toBeCloseTo(-4.5, 12);
    expect(Math.log(high)).toBeCloseTo(4.5, 12);
    expect(typical).toBeCloseTo(1, 12);
  });

  it('takes the deviation of a sample, over n − 1', () => {
    expect(Math.log(summariseLogs([1, 2, 3, 4]).spread)).toBeCloseTo(Math.sqrt(5 / 3), 12);
  });

  it('of one draw is that draw', () => {
    expect(summariseLogs([0])).toEqual({ typical: 1, spread: 1, low: 1, high: 1, zeros: 0 });
  });

  it('does not depend on the order, and leaves its input as it is', () => {
    const logs = [3, none, -1, 0.5, all, 2];
    const before = [...logs];
    expect(summariseLogs(logs)).toEqual(summariseLogs(logs.toReversed()));
    expect(logs).toEqual(before);
  });

  it('follows a factor, with the same spread', () => {
    const [a, b] = [summariseLogs([-2, 0, 1, 4]), summariseLogs([1, 3, 4, 7])];
    for (const key of ['typical', 'low', 'high'] as const) expect(b[key] / a[key]).toBeCloseTo(Math.exp(3), 9);
    expect(b.spread).toBeCloseTo(a.spread, 12);
  });

  it('of overflows alone is Infinity, of zeros alone 0', () => {
    expect(summariseLogs([all, all])).toEqual({ typical: all, spread: 1, low: all, high: all, zeros: 0 });
    expect(summariseLogs([none, none])).toEqual({ typical: 0, spread: 1, low: 0, high: 0, zeros: 1 });
    expect(summariseLogs([none, none, none, all])).toMatchObject({ typical: 0, zeros: 0.75 });
    expect(summariseLogs([none, all, all])).toMatchObject({ typical: all, zeros: 1 / 3 });
  });

  it('of any draws has no NaN, a spread from 1 and its ends in order', () => {
    const draw = fc.oneof({ weight: 5, arbitrary: log }, fc.constantFrom(none, all));
    fc.assert(
      fc.property(fc.array(draw, { minLength: 1, maxLength: 30 }), (logs) => {
        const found = summariseLogs(logs);
        for (const x of Object.values(found)) expect(x).not.toBeNaN();
        expect(found.spread).toBeGreaterThanOrEqual(1);
        expect(found.low).toBeLessThanOrEqual(found.high);
        expect(found.zeros).toBe(logs.filter((x) => x === none).length / logs.length);
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
