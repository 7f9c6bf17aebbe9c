import { describe, expect, it } from 'vitest';
import { paperConfig, parseConfig } from '../../../../src/core/experiment/config';
import {
  isSamePlan,
  MOST_POINTS,
  planOf,
  pointCount,
  pointsIn,
  pointsOf,
  readShard,
  type SweepPlan,
} from '../../../../src/core/sweeps/plan';
import { sweepPlan } from './sweeps';

describe('the plan of a sweep', () => {
  it('has each activation at each place, and its seeds in later rounds', () => {
    const points = pointsOf(sweepPlan(['depth=1..2'], { seeds: 2, seed: 5 }));
    expect(points.map(({ id }) => id)).toEqual([
      'depth=1 sigmoid#5',
      'depth=1 relu#5',
      'depth=2 sigmoid#5',
      'depth=2 relu#5',
      'depth=1 sigmoid#6',
      'depth=1 relu#6',
      'depth=2 sigmoid#6',
      'depth=2 relu#6',
    ]);
    expect(points.at(-1)).toMatchObject({
      values: [2],
      activation: 'relu',
      seed: 6,
      config: { activations: ['relu'], seed: 6, seeds: 1, hidden: [128, 128] },
    });
  });

  it('is a grid of two settings, and wide wherever it is deep', () => {
    const points = pointsOf(sweepPlan(['width=8,16', 'depth=1..3'], { activations: ['tanh'] }));
    expect(points.map(({ config }) => config.hidden)).toEqual([[8], [8, 8], [8, 8, 8], [16], [16, 16], [16, 16, 16]]);
    expect(points[1]!.id).toBe('width=8 depth=2 tanh#0');
  });

  it('trains an activation or a seed that is an axis once', () => {
    const plan = sweepPlan(['activation=tanh,selu,elu', 'seed=3,8'], { seeds: 4 });
    expect(pointsOf(plan).map(({ activation, seed }) => `${activation} ${seed}`)).toEqual([
      'tanh 3',
      'tanh 8',
      'selu 3',
      'selu 8',
      'elu 3',
      'elu 8',
    ]);
    expect(pointCount(plan)).toBe(6);
  });

  it('counts its networks, which all are different and can be trained', () => {
    for (const plan of [
      sweepPlan(['depth=1..20'], { seeds: 5 }),
      sweepPlan(['lr=1e-4..1:5', 'batch=1,4096']),
      sweepPlan(['init=he_normal;zeros', 'optimizer=sgd,adam'], { seeds: 3 }),
      sweepPlan(['seed=0..9']),
    ]) {
      const points = pointsOf(plan);
      expect(points).toHaveLength(pointCount(plan));
      expect(new Set(points.map(({ id }) => id)).size).toBe(points.length);
      expect(new Set(points.map(({ config }) => JSON.stringify(config))).size).toBe(points.length);
      for (const { config } of points) expect(parseConfig(config)).toEqual({ config });
    }
  });

  it('refuses what is too much, or goes along no setting, three, or one twice', () => {
    const along = (...texts: string[]) => sweepPlan(texts).axes;
    const of = (base: Partial<typeof paperConfig>, axes: SweepPlan['axes']) => {
      const plan = planOf({ ...paperConfig, ...base }, axes);
      return 'problem' in plan ? plan.problem : '';
    };
    expect(of({}, [])).toMatch(/along 0 settings/);
    expect(of({}, [...along('depth=1'), ...along('width=2'), ...along('lr=1')])).toMatch(/along 3 settings/);
    expect(of({}, [...along('depth=1'), ...along('depth=2')])).toMatch(/along depth twice/);
    const wide = [...along('seed=0..199'), ...along('width=1..200')];
    expect(of({ activations: ['relu'] }, wide)).toMatch(
      new RegExp(`has 40,000 networks; expected at most ${MOST_POINTS.toLocaleString('en')}`),
    );
  });

  it('is cut into shards that hold each network once', () => {
    const points = pointsOf(sweepPlan(['depth=1..7'], { seeds: 3 }));
    for (const of of [1, 2, 5, 8, 50]) {
      const shards = Array.from({ length: of }, (_, i) => pointsIn(points, { index: i + 1, of }));
      expect(
        shards
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(points.map(({ id }) => id).sort());
      const sizes = shards.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  it('knows a shard, and what is none', () => {
    expect(readShard('2/8')).toEqual({ index: 2, of: 8 });
    expect(readShard(' 10000 / 10000 ')).toEqual({ index: 10_000, of: 10_000 });
    for (const text of ['0/8', '9/8', '1/0', '1', '/', '1/8/2', '-1/8', '1.5/8', '1/10001', 'a/b', ''])
      expect(readShard(text), text).toBeUndefined();
  });

  it('is the same whatever the order of its keys, and another with another value', () => {
    const plan = sweepPlan(['depth=1..3']);
    const turned = {
      axes: plan.axes.map(({ setting, values }) => ({ values, setting })),
      base: Object.fromEntries(Object.entries(plan.base).reverse()) as unknown as SweepPlan['base'],
    };
    expect(isSamePlan(plan, turned)).toBe(true);
    expect(isSamePlan(plan, sweepPlan(['depth=1..4']))).toBe(false);
    expect(isSamePlan(plan, sweepPlan(['depth=1..3'], { learningRate: 0.002 }))).toBe(false);
    expect(isSamePlan(plan, sweepPlan(['depth=3,2,1']))).toBe(false);
  });
});
