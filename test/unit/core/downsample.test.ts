import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BucketedSeries, bucketSizeFor } from '../../../src/core/runs/downsample';

const all = (series: BucketedSeries) =>
  Array.from({ length: series.length }, (_, i) => series.at(i)).filter((b) => b !== undefined);

describe('buckets', () => {
  it('lose no spike, no zero and no broken value, in at most the buckets asked for', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
      fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 500 }), fc.integer({ min: 1, max: 60 }), (values, n) => {
        const series = new BucketedSeries(bucketSizeFor(values.length, n));
        for (const [i, x] of values.entries()) series.add(i, x);
        const buckets = all(series);
        expect(buckets.length).toBeLessThanOrEqual(n);
        const finite = values.filter(Number.isFinite);
        if (finite.length > 0) {
          expect(Math.max(...buckets.map(({ max }) => max).filter((x) => !Number.isNaN(x)))).toBe(Math.max(...finite));
          expect(Math.min(...buckets.map(({ min }) => min).filter((x) => !Number.isNaN(x)))).toBe(Math.min(...finite));
        }
        expect(buckets.reduce((sum, { zeros }) => sum + zeros, 0)).toBe(values.filter((x) => x === 0).length);
        const first = values.findIndex((x) => !Number.isFinite(x));
        expect(buckets.find(({ broken }) => broken !== undefined)?.broken?.step).toBe(first === -1 ? undefined : first);
        expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
      }),
    );
  });

  it('change only at the end while the series grows', () => {
    const series = new BucketedSeries(4);
    for (let i = 0; i < 10; i++) series.add(i, i);
    const before = all(series).slice(0, 2);
    for (let i = 10; i < 30; i++) series.add(i, 1000);
    expect(all(series).slice(0, 2)).toEqual(before);
  });

  it('take the geometric mean of what is positive, and none of zeros alone', () => {
    const series = new BucketedSeries(3, 'geometric');
    for (const [i, x] of [1, 100, 0, 0, 0, 0].entries()) series.add(i, x);
    expect(series.at(0)?.mean).toBeCloseTo(10);
    expect(series.at(0)).toMatchObject({ zeros: 1, min: 1, max: 100 });
    expect(series.at(1)?.mean).toBeNaN();
    expect(series.at(1)?.zeros).toBe(3);
  });

  it('leave a gap where no value fell', () => {
    const series = new BucketedSeries(2);
    series.add(0, 1);
    series.add(5, 1);
    expect(series.at(1)).toBeUndefined();
    expect(series.at(7)).toBeUndefined();
  });
});
