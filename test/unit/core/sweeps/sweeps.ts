import { type ExperimentConfig, paperConfig } from '../../../../src/core/experiment/config';
import { readAxis } from '../../../../src/core/sweeps/axes';
import { planOf, pointsOf, type SweepPlan } from '../../../../src/core/sweeps/plan';
import type { SweepResult } from '../../../../src/core/sweeps/result';
import type { SweepFile } from '../../../../src/core/sweeps/sweepFile';

/** A plan along axes as people write them. */
export function sweepPlan(along: readonly string[], change: Partial<ExperimentConfig> = {}): SweepPlan {
  const axes = along.map((text) => {
    const axis = readAxis(text);
    if ('problem' in axis) throw new Error(axis.problem);
    return axis;
  });
  const plan = planOf({ ...paperConfig, ...change }, axes);
  if ('problem' in plan) throw new Error(plan.problem);
  return plan;
}

export const dataset = { name: 'drawn digits', train: 12_000, test: 2000, classes: 10, inputs: 784 };

/** A result whose numbers depend on its place in the plan alone. */
export const resultAt = (id: string, place: number, change: Partial<SweepResult> = {}): SweepResult => ({
  id,
  state: 'finished',
  backend: 'wasm',
  seconds: 1.5,
  steps: 94,
  accuracy: ((place * 37) % 100) / 100,
  loss: 2.3 - place / 100,
  gradient: 0.1 / (1 + place),
  arrives: 1 / (1 + place),
  arrivesAtEnd: 0.5 / (1 + place),
  verdict: 'healthy',
  ...change,
});

/** A sweep of which all networks have been trained. */
export function wholeSweep(plan: SweepPlan): SweepFile {
  const results = new Map(pointsOf(plan).map(({ id }, place) => [id, resultAt(id, place)]));
  return { plan, dataset, shard: undefined, results };
}
