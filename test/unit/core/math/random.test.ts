import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, shuffledIndices, TRUNCATED_AT } from '../../../../src/core/math/random';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const moment = (values: readonly number[], power: number): number => mean(values.map((x) => x ** power));

/** Σ (found − expected)²/expected over equal bins of [0, 1). */
function chiSquare(values: readonly number[], bins: number): number {
  const counts = new Array<number>(bins).fill(0);
  for (const x of values) counts[Math.floor(x * bins)]!++;
  const expected = values.length / bins;
  return counts.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
}

const seeds = fc.integer({ min: 0, max: 4294967295 });

describe('createRandom', () => {
  it('gives the same numbers on every machine', () => {
    const random = createRandom(0);
    expect(draw(3, random.uint32)).toEqual([1789933344, 44971166, 2521392804]);
    expect(draw(2, createRandom(4294967295, 'kernel').uint32)).toEqual([4170497487, 2211010682]);
  });

  it('repeats itself for a seed, and never for another seed or stream', () => {
    fc.assert(
      fc.property(seeds, seeds, fc.string(), fc.string(), (seed, otherSeed, stream, otherStream) => {
        const first = draw(4, createRandom(seed, stream).uint32);
        expect(draw(4, createRandom(seed, stream).uint32)).toEqual(first);
        if (seed !== otherSeed) expect(draw(4, createRandom(otherSeed, stream).uint32)).not.toEqual(first);
        if (stream !== otherStream) expect(draw(4, createRandom(seed, otherStream).uint32)).not.toEqual(first);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it.each([0, 1, 12345, 4294967295])('seed %d: uniform in [0, 1)', (seed) => {
    const values = draw(100_000, createRandom(seed).uniform);
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(values.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(mean(values)).toBeCloseTo(0.5, 2);
    // 99 degrees of freedom: mean 99, standard deviation 14.
    expect(chiSquare(values, 100)).toBeLessThan(99 + 5 * 14);
    const pairs = values.slice(1).map((x, i) => (x - 0.5) * (values[i]! - 0.5));
    expect(Math.abs(mean(pairs)) * 12).toBeLessThan(5 / Math.sqrt(values.length));
  });

  it('neighbouring seeds and streams are independent', () => {
    const bySeed = Array.from({ length: 20_000 }, (_, seed) => createRandom(seed, 'kernel').uniform());
    expect(chiSquare(bySeed, 50)).toBeLessThan(49 + 5 * 10);
    const byStream = Array.from({ length: 20_000 }, (_, i) => createRandom(0, `kernel ${i}`).uniform());
    expect(chiSquare(byStream, 50)).toBeLessThan(49 + 5 * 10);
    const [a, b] = [createRandom(3, 'kernel'), createRandom(3, 'shuffle')];
    const products = draw(50_000, () => (a.uniform() - 0.5) * (b.uniform() - 0.5));
    expect(Math.abs(mean(products)) * 12).toBeLessThan(5 / Math.sqrt(50_000));
  });

  it('below(n) is a whole number under n, each equally often', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 4294967296 }), (seed, n) => {
        const x = createRandom(seed).below(n);
        expect(Number.isInteger(x) && x >= 0 && x < n).toBe(true);
      }),
      { seed: 1 },
    );
    const random = createRandom(7);
    expect(
      chiSquare(
        draw(70_000, () => (random.below(7) + 0.5) / 7),
        7,
      ),
    ).toBeLessThan(6 + 5 * 3.5);
    // Modulo of 32 bits would favour the lower half of 3·2³⁰ two to one.
    const large = draw(20_000, () => random.below(3 * 2 ** 30) / (3 * 2 ** 30));
    expect(chiSquare(large, 3)).toBeLessThan(2 + 5 * 2);
  });

  it('normal has the moments of N(0, 1)', () => {
    const values = draw(200_000, createRandom(5).normal);
    expect(mean(values)).toBeCloseTo(0, 1.9);
    expect(moment(values, 2)).toBeCloseTo(1, 1.7);
    expect(Math.abs(moment(values, 3))).toBeLessThan(0.05);
    expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(0.1);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('normals are those that as many calls give, and leave the stream where these do', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }),
        fc.constantFrom(Number.POSITIVE_INFINITY, TRUNCATED_AT, 0.5),
        (seed, lengths, within) => {
          const [one, many] = [createRandom(seed), createRandom(seed)];
          const drawn = () => {
            let x = one.normal();
            while (Math.abs(x) > within) x = one.normal();
            return 3 + 0.5 * x;
          };
          for (const length of lengths) {
            const into = new Float64Array(length);
            many.normals(into, 3, 0.5, within);
            expect([...into]).toEqual(Array.from({ length }, drawn));
            expect(many.state()).toEqual(one.state());
          }
        },
      ),
      { seed: 1 },
    );
  });

  it('uniforms are those that as many calls give, and leave the stream where these do', () => {
    const [one, many] = [createRandom(7), createRandom(7)];
    for (const length of [0, 1, 5, 100]) {
      const into = new Float64Array(length);
      many.uniforms(into, -2, 1);
      expect([...into]).toEqual(Array.from({ length }, () => -2 + 3 * one.uniform()));
      expect(many.state()).toEqual(one.state());
    }
  });

  it('a normal cut off at two has a standard deviation of 0.8796', () => {
    const values = new Float64Array(200_000);
    createRandom(5).normals(values, 0, 1, TRUNCATED_AT);
    expect(values.every((x) => Math.abs(x) <= 2)).toBe(true);
    expect(Math.abs(Math.sqrt(moment([...values], 2)) - 0.8796)).toBeLessThan(0.005);
  });
});

describe('shuffledIndices', () => {
  it('is a permutation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), seeds, (n, seed) => {
        const indices = shuffledIndices(n, createRandom(seed));
        expect([...indices].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
      { seed: 1 },
    );
  });

  it('puts each index at each place equally often', () => {
    const random = createRandom(11);
    const counts = new Array<number>(25).fill(0);
    for (let run = 0; run < 10_000; run++) {
      shuffledIndices(5, random).forEach((index, place) => {
        counts[5 * index + place]!++;
      });
    }
    for (const found of counts) expect(Math.abs(found - 2000)).toBeLessThan(5 * 40);
  });
});
