import { describe, expect, it } from 'vitest';
import { sampleWords } from '../../launch/mutate.mjs';
import { intervalOf, sampleOf } from '../../mutation/sample.mjs';
import { keepSample, NOT_DRAWN } from '../../mutation/sampler.mjs';

/** `count` faults of a file, two at each place. */
const faultsOf = (fileName: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    fileName,
    location: { start: { line: 1 + Math.floor(at / 2), column: 4 } },
    mutatorName: 'ConditionalExpression',
    replacement: String(at % 2 === 0),
  }));

const faults = [...faultsOf('/a/large.ts', 700), ...faultsOf('/a/small.ts', 200), ...faultsOf('/a/tiny.ts', 100)];

/** How many of a sample are of a file. */
const of = (sample: Set<(typeof faults)[number]>, fileName: string) =>
  [...sample].filter((fault) => fault.fileName === fileName).length;

describe('a sample of faults', () => {
  it.each([1, 2, 3])('has as many as were asked for, each file its share (seed %i)', (seed) => {
    const sample = sampleOf(faults, 100, seed);
    expect(sample.size).toBe(100);
    for (const [file, share] of [
      ['/a/large.ts', 70],
      ['/a/small.ts', 20],
      ['/a/tiny.ts', 10],
    ] as const) {
      expect(Math.abs(of(sample, file) - share)).toBeLessThanOrEqual(1);
    }
  });

  it('is the same for the same seed, in whatever order faults are known and wherever the project lies', () => {
    const elsewhere = faults.map((fault) => ({ ...fault, fileName: fault.fileName.replace('/a', '/elsewhere') }));
    const places = (sample: Set<(typeof faults)[number]>) =>
      [...sample]
        .map(
          ({ fileName, location, replacement }) =>
            `${fileName.split('/').at(-1)} ${location.start.line} ${replacement}`,
        )
        .sort();
    const first = places(sampleOf(faults, 50, 7));
    expect(places(sampleOf([...faults].reverse(), 50, 7))).toEqual(first);
    expect(places(sampleOf(elsewhere, 50, 7))).toEqual(first);
    expect(places(sampleOf(faults, 50, 8))).not.toEqual(first);
  });

  it('draws each fault about as often as every other, over many seeds', () => {
    const few = faultsOf('/a/few.ts', 20);
    const times = new Map(few.map((fault) => [fault, 0]));
    const seeds = 2000;
    for (let seed = 1; seed <= seeds; seed++) {
      for (const fault of sampleOf(few, 5, seed)) times.set(fault, (times.get(fault) ?? 0) + 1);
    }
    // Five of twenty, four standard deviations to either side.
    const spread = 4 * Math.sqrt(seeds * 0.25 * 0.75);
    for (const count of times.values()) expect(Math.abs(count - seeds / 4)).toBeLessThan(spread);
  });

  it('is all of them where no more are there', () => {
    expect(sampleOf(faults, 1000, 1).size).toBe(1000);
    expect(sampleOf(faults, 5000, 1).size).toBe(1000);
    expect(sampleOf([], 10, 1).size).toBe(0);
  });
});

describe('what is tried of a room', () => {
  /** One in four is reached by no test, and one in ten is left aside whatever is drawn. */
  const plansOf = () =>
    faults.map((fault, at) => {
      if (at % 10 === 9) return { plan: 'EarlyResult', mutant: { ...fault, id: String(at), status: 'Ignored' } };
      const missed = at % 4 === 0;
      return {
        plan: missed ? 'EarlyResult' : 'Run',
        mutant: { ...fault, id: String(at), ...(missed ? { status: 'NoCoverage' } : {}) },
      };
    }) as unknown as Parameters<typeof keepSample>[0];

  it('is a sample of all that counts: what no test reaches has its share of it, no more', () => {
    const plans = plansOf();
    keepSample(plans, { count: 200, seed: 4 });
    const counted = plans.filter(({ plan, mutant }) => plan === 'Run' || mutant.status === 'NoCoverage');
    expect(counted).toHaveLength(200);
    const missed = counted.filter(({ mutant }) => mutant.status === 'NoCoverage').length;
    const before = plansOf().filter(({ mutant }) => mutant.status === 'NoCoverage').length;
    expect(Math.abs(missed - (200 * before) / 900)).toBeLessThan(25);
    const aside = plans.filter(({ mutant }) => mutant.status === 'Ignored');
    expect(aside).toHaveLength(800);
    expect(aside.filter(({ mutant }) => mutant.statusReason === NOT_DRAWN)).toHaveLength(700);
    expect(aside.every(({ plan }) => plan === 'EarlyResult')).toBe(true);
  });

  it('is all of it where the sample is larger', () => {
    const plans = plansOf();
    keepSample(plans, { count: 5000, seed: 4 });
    expect(plans).toEqual(plansOf());
  });
});

describe('the interval of a score', () => {
  it('is Wilson’s where the whole is large', () => {
    const [least, most] = intervalOf(80, 100, 1e9);
    expect(least).toBeCloseTo(0.7112, 4);
    expect(most).toBeCloseTo(0.8666, 4);
  });

  it('narrows as the sample comes near the whole, of which it leaves no doubt', () => {
    const widths = [1e9, 1000, 200, 101, 100].map((whole) => {
      const [least, most] = intervalOf(80, 100, whole);
      return most - least;
    });
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(intervalOf(80, 100, 100)).toEqual([0.8, 0.8]);
  });

  it('stays within 0 and 1, and knows nothing of nothing', () => {
    expect(intervalOf(10, 10, 1000)[1]).toBeLessThanOrEqual(1);
    expect(intervalOf(10, 10, 1000)[0]).toBeLessThan(0.8);
    expect(intervalOf(0, 10, 1000)[0]).toBeGreaterThanOrEqual(0);
    expect(intervalOf(0, 0, 1000)).toEqual([0, 1]);
  });

  it('is told with what it is of, and not where everything was tried', () => {
    const tally = { noticed: 80, missed: 20, leftAside: 3, notDrawn: 900 };
    expect(sampleWords(tally)).toBe('a sample of 100 of 1000; of all, 71.6 % to 86.4 % at 95 %');
    expect(sampleWords({ ...tally, notDrawn: 0 })).toBe('');
  });
});
