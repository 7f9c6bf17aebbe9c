import * as v from 'valibot';
import { listInWords } from '../format/list';
import type { BackendName } from './config';

/** Which backend `auto` takes: what is tried, for how long, and what is made of what was found. */

const backend = v.picklist(['wasm', 'webgl', 'webgpu', 'cpu'] satisfies BackendName[]);

/** What trying a backend gave: milliseconds a step, or why there are none. */
export const backendTrialSchema = v.object({
  backend,
  millisecondsPerStep: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  /** Why it has no time, to be read after its name: "does not start here". */
  problem: v.optional(v.pipe(v.string(), v.maxLength(200))),
  /** All that is known of the problem, for the log. */
  detail: v.optional(v.pipe(v.string(), v.maxLength(2000))),
  /** Another time it might be otherwise: time was up. */
  passing: v.optional(v.boolean()),
});
export type BackendTrial = v.InferOutput<typeof backendTrialSchema>;

/** What `auto` took, and what it went by. */
export const chosenBackendSchema = v.object({
  backend,
  trials: v.pipe(v.array(backendTrialSchema), v.maxLength(8), v.readonly()),
});
export type ChosenBackend = v.InferOutput<typeof chosenBackendSchema>;

/**
 * In the order in which they are tried. The first is there on every machine, so that it has its time for certain; webgpu
 * is last, since it alone may come up after its time, when no other is timed any more. cpu is for where none starts.
 */
export const autoCandidates: readonly BackendName[] = ['wasm', 'webgl', 'webgpu'];

/** All trials together, starting included. */
export const TIMING_MILLISECONDS = 500;

/** What the next of `left` candidates may take, of what is left of the time: what one does not need the others have. */
export const shareOf = (spent: number, left: number, total = TIMING_MILLISECONDS): number =>
  Math.max(0, total - spent) / Math.max(1, left);

/** Steps that were made one after the other, and milliseconds of each: between two readings nothing less can be timed. */
export interface TimedSteps {
  readonly steps: number;
  readonly each: number;
}

/** The median of the steps; undefined where there are none. */
export function medianStep(timed: readonly TimedSteps[]): number | undefined {
  const sorted = timed.toSorted((a, b) => a.each - b.each);
  const half = sorted.reduce((sum, { steps }) => sum + steps, 0) / 2;
  let seen = 0;
  for (const { steps, each } of sorted) {
    seen += steps;
    if (seen >= half) return each;
  }
  return undefined;
}

/** The fastest of what was tried; where nothing has a time wasm, and cpu where that does not start. */
export function chosenOf(trials: readonly BackendTrial[]): ChosenBackend {
  const [fastest] = trials
    .filter((trial) => trial.millisecondsPerStep !== undefined)
    .sort((a, b) => a.millisecondsPerStep! - b.millisecondsPerStep!);
  const fails = trials.some(({ backend, problem, passing }) => backend === 'wasm' && problem !== undefined && !passing);
  return { backend: fastest?.backend ?? (fails ? 'cpu' : 'wasm'), trials: [...trials] };
}

/** Whether another timing would say the same: nothing was left out for want of time. */
export const isSettled = ({ trials }: ChosenBackend): boolean =>
  autoCandidates.every((name) => trials.some((trial) => trial.backend === name && trial.passing !== true));

const milliseconds = (x: number): string => `${x < 9.95 ? x.toFixed(x < 0.095 ? 2 : 1) : Math.round(x)} ms`;

/** "auto took wasm: 0.9 ms a step; webgl 4.2 ms; webgpu does not start here." */
export function whyChosen({ backend, trials }: ChosenBackend, remembered = false): string {
  const own = trials.find((trial) => trial.backend === backend)?.millisecondsPerStep;
  const others = trials.filter((trial) => trial.backend !== backend);
  const timed = others.flatMap(({ backend, millisecondsPerStep: ms }) =>
    ms === undefined ? [] : [`${backend} ${milliseconds(ms)}`],
  );
  const problems = new Map<string, string[]>();
  for (const { backend, millisecondsPerStep, problem } of others) {
    if (millisecondsPerStep !== undefined || problem === undefined) continue;
    problems.set(problem, [...(problems.get(problem) ?? []), backend]);
  }
  const without = [...problems].map(([problem, names]) => `${listInWords(names)} ${plural(problem, names.length)}`);
  const reasons = [
    own === undefined ? 'no backend has a time' : `${milliseconds(own)} a step`,
    ...timed,
    ...without,
  ].join('; ');
  return `auto took ${backend}${remembered ? ', as timed before on this machine' : ''}: ${reasons}.`;
}

/** "does not start here" of two is "do not start here". */
const plural = (problem: string, count: number): string =>
  count === 1 ? problem : problem.replace(/^does /, 'do ').replace(/^was /, 'were ');
