import { describe, expect, it } from 'vitest';
import { bandOf, curvesOf, predictedArrival } from '../../../../src/core/sweeps/curves';
import { pointsOf } from '../../../../src/core/sweeps/plan';
import { resultAt, sweepPlan } from './sweeps';

describe('the curves of a sweep', () => {
  const plan = sweepPlan(['depth=1..3', 'width=8,16'], { seeds: 3 });

  it('have a band over the seeds at each place, one curve for each activation and second value', () => {
    // 0.1, 0.2 and 0.3 over the seeds, whatever the place.
    const results = new Map(pointsOf(plan).map(({ id, seed }) => [id, resultAt(id, 0, { accuracy: (seed + 1) / 10 })]));
    const curves = curvesOf(plan, results, 'accuracy');
    expect(curves.map(({ activation, second }) => `${activation} ${second}`)).toEqual([
      'sigmoid 8',
      'relu 8',
      'sigmoid 16',
      'relu 16',
    ]);
    for (const { points } of curves) {
      expect(points.map(({ at }) => at)).toEqual([1, 2, 3]);
      for (const { band, seeds, planned } of points) {
        expect({ band, seeds, planned }).toEqual({ band: { min: 0.1, median: 0.2, max: 0.3 }, seeds: 3, planned: 3 });
      }
    }
  });

  it('say how many seeds are there so far, and leave out what is no number', () => {
    const [first, second] = pointsOf(plan);
    const results = new Map([
      [first!.id, resultAt(first!.id, 0, { loss: 1 })],
      [second!.id, resultAt(second!.id, 0, { loss: Number.NaN })],
    ]);
    const [sigmoid, relu] = curvesOf(plan, results, 'loss');
    expect(sigmoid!.points[0]).toEqual({ at: 1, seeds: 1, planned: 3, band: { min: 1, median: 1, max: 1 } });
    expect(relu!.points[0]).toEqual({ at: 1, seeds: 0, planned: 3, band: undefined });
  });

  it('are one along activations', () => {
    const along = sweepPlan(['activation=tanh,relu,elu']);
    const results = new Map(pointsOf(along).map(({ id }, i) => [id, resultAt(id, i, { arrives: i })]));
    const curves = curvesOf(along, results, 'arrives');
    expect(curves).toHaveLength(1);
    expect(curves[0]!.points.map(({ at, band }) => [at, band?.median])).toEqual([
      ['tanh', 0],
      ['relu', 1],
      ['elu', 2],
    ]);
  });

  it('have the median of an even number between its middle two', () => {
    expect(bandOf([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 });
    expect(bandOf([])).toBeUndefined();
  });
});

describe('what the theory expects of a network of a sweep', () => {
  const predicted = (activation: string, depth: number) =>
    predictedArrival(
      pointsOf(
        sweepPlan([`depth=${depth}`], { activations: [activation], kernelInitializer: { kind: 'glorot_uniform' } }),
      )[0]!,
    )!;

  // What ten networks of 128 units were measured at: see `npm run compare -- --hidden 128x10 --json`, gradientNorms.first.
  it.each([
    ['sigmoid', 2, 0.4],
    ['sigmoid', 10, 2.87e-6],
    ['relu', 10, 2.06],
    ['tanh', 5, 2.16],
  ])('is near what %s networks with %i layers have at their first batch', (activation, depth, measured) => {
    const ratio = predicted(activation, depth) / measured;
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.5);
  });

  it('is 1 where the first hidden layer is the last', () => {
    expect(predicted('sigmoid', 1)).toBe(1);
  });
});
