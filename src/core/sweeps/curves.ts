import { flowOfExperiment } from '../calculation/fromExperiment';
import { predictCandidate } from '../calculation/predict';
import type { AxisValue } from './axes';
import { groupsOf, isAlong, type SweepPlan, type SweepPoint } from './plan';
import type { SweepResult } from './result';

/** What a sweep is looked at for. */
export const measures = {
  /** Share of the test set. */
  accuracy: { label: 'test accuracy', of: ({ accuracy }: SweepResult) => accuracy },
  /** Nats. */
  loss: { label: 'test loss', of: ({ loss }: SweepResult) => loss },
  /** ‖∂C/∂W‖ of the first hidden layer over the last one's, at the first batch. */
  arrives: { label: 'gradient at the first layer, at the start', of: ({ arrives }: SweepResult) => arrives },
  /** The same over the last epoch. */
  arrivesAtEnd: {
    label: 'gradient at the first layer, at the end',
    of: ({ arrivesAtEnd }: SweepResult) => arrivesAtEnd,
  },
} as const;
export type SweepMeasure = keyof typeof measures;
export const sweepMeasures = Object.keys(measures) as SweepMeasure[];

/** A place of a curve, over its seeds. */
export interface CurvePoint {
  /** Of the first axis. */
  readonly at: AxisValue;
  /** Seeds that have a number here, and those that are planned. */
  readonly seeds: number;
  readonly planned: number;
  /** Over the seeds; undefined where no network has come to a number. */
  readonly band?: Band | undefined;
}

export interface Band {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** A curve of a sweep: one activation at one value of the second axis, along the first. */
export interface SweepCurve {
  readonly activation: string;
  /** Of the second axis; undefined where there is one alone. */
  readonly second: AxisValue | undefined;
  readonly points: readonly CurvePoint[];
}

/** The curves of a measure, in the order of the plan. Where activations are an axis, they part no curves. */
export function curvesOf(
  plan: SweepPlan,
  results: ReadonlyMap<string, SweepResult>,
  measure: SweepMeasure,
): SweepCurve[] {
  const curves = new Map<string, SweepCurve & { points: CurvePoint[] }>();
  for (const { values, activation, points } of groupsOf(plan)) {
    const [at, second] = values as [AxisValue, AxisValue | undefined];
    const name = isAlong(plan, 'activation') ? '' : activation;
    const key = JSON.stringify([name, second ?? null]);
    const curve = curves.get(key) ?? { activation: name, second, points: [] };
    curves.set(key, curve);
    const found = measured(points, results, measure);
    curve.points.push({ at, seeds: found.length, planned: points.length, band: bandOf(found) });
  }
  return [...curves.values()];
}

/** What networks came to; those that came to no number are left out. */
export const measured = (
  points: readonly SweepPoint[],
  results: ReadonlyMap<string, SweepResult>,
  measure: SweepMeasure,
): number[] =>
  points.flatMap(({ id }) => {
    const result = results.get(id);
    const value = result && measures[measure].of(result);
    return value === undefined || Number.isNaN(value) ? [] : [value];
  });

/** Undefined of nothing. Of an even number the median is the mean of the two in the middle. */
export function bandOf(values: readonly number[]): Band | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    min: sorted[0]!,
    median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    max: sorted.at(-1)!,
  };
}

/**
 * What the theory expects of {@link SweepResult.arrives} where inputs are digits: the kernel's gradient at the first hidden
 * layer over the last one's, of wide layers (`theory/meanField.ts`).
 *
 * @returns undefined where it is no number
 */
export function predictedArrival({ config, activation }: SweepPoint): number | undefined {
  const flow = flowOfExperiment({ ...config, activations: [activation] });
  const { layers } = predictCandidate(flow, flow.candidates[0]!);
  const arrives = layers[0]!.kernelGradient / layers.at(-1)!.kernelGradient;
  return Number.isFinite(arrives) ? arrives : undefined;
}
