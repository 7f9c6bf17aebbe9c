import { flowOfExperiment } from '../calculation/fromExperiment';
import { predictCandidate } from '../calculation/predict';
import type { AxisValue } from './axes';
import { pointsOf, type SweepPlan, type SweepPoint } from './plan';
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
  const curves = new Map<string, { activation: string; second: AxisValue | undefined; at: Map<AxisValue, number[]> }>();
  const planned = new Map<string, number>();
  const isAlong = (name: string) => plan.axes.some(({ setting }) => setting === name);
  for (const { id, values, activation } of pointsOf(plan)) {
    const [at, second] = values as [AxisValue, AxisValue | undefined];
    const name = isAlong('activation') ? '' : activation;
    const key = JSON.stringify([name, second ?? null]);
    const curve = curves.get(key) ?? { activation: name, second, at: new Map<AxisValue, number[]>() };
    curves.set(key, curve);
    const here = curve.at.get(at) ?? [];
    curve.at.set(at, here);
    const spot = JSON.stringify([key, at]);
    planned.set(spot, (planned.get(spot) ?? 0) + 1);
    const result = results.get(id);
    const value = result && measures[measure].of(result);
    if (value !== undefined && !Number.isNaN(value)) here.push(value);
  }
  return [...curves].map(([key, { activation, second, at }]) => ({
    activation,
    second,
    points: [...at].map(([value, found]) => ({
      at: value,
      seeds: found.length,
      planned: planned.get(JSON.stringify([key, value]))!,
      band: bandOf(found),
    })),
  }));
}

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
