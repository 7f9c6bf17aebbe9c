import * as v from 'valibot';
import { type ExperimentConfig, experimentConfigSchema, parseConfig } from '../experiment/config';
import { formatInteger } from '../format/numbers';
import { type Axis, type AxisName, type AxisValue, axes, isAxisName, MOST_VALUES, valueProblem } from './axes';

/**
 * What a sweep trains: the networks of a comparison, at each value of one setting, or at each pair of values of two. The
 * comparison's activations are its curves, its seeds their bands.
 */
export interface SweepPlan {
  readonly base: ExperimentConfig;
  /** One or two. */
  readonly axes: readonly Axis[];
}

/** A network of a sweep. */
export interface SweepPoint {
  /** Says all that tells it from the others: "depth=3 sigmoid#0". */
  readonly id: string;
  /** A value for each axis of the plan. */
  readonly values: readonly AxisValue[];
  readonly activation: string;
  readonly seed: number;
  /** A comparison of this network alone. */
  readonly config: ExperimentConfig;
}

/** Networks of one sweep. */
export const MOST_POINTS = 20_000;

const axisSchema = v.pipe(
  v.object({
    setting: v.pipe(
      v.string(),
      v.check(isAxisName, (issue) => `a sweep along "${String(issue.input).slice(0, 60)}" is not known`),
      v.transform((name) => name as AxisName),
    ),
    values: v.pipe(v.array(v.union([v.number(), v.string()])), v.minLength(1), v.maxLength(MOST_VALUES)),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { setting, values } = dataset.value;
    const problem = values.map((value) => valueProblem(setting, value)).find((found) => found !== undefined);
    if (problem !== undefined) addIssue({ message: problem });
  }),
);

/** Of what lies in a file; what is asked for goes through {@link planOf}. */
export const planSchema = v.pipe(
  v.object({ base: experimentConfigSchema, axes: v.pipe(v.array(axisSchema), v.minLength(1), v.maxLength(2)) }),
  v.check((plan) => !('problem' in planOf(plan.base, plan.axes)), 'its settings do not go together'),
);

/** @returns the plan, or a sentence that says what was found and what was expected */
export function planOf(base: ExperimentConfig, along: readonly Axis[]): SweepPlan | { readonly problem: string } {
  if (along.length < 1 || along.length > 2)
    return { problem: `A sweep goes along ${along.length} settings; expected one, or two for a grid.` };
  const [first, second] = along;
  if (first?.setting === second?.setting)
    return { problem: `A sweep goes along ${first!.setting} twice; expected two settings.` };
  const plan = { base, axes: along };
  const count = pointCount(plan);
  if (count > MOST_POINTS) {
    return {
      problem: `The sweep has ${formatInteger(count)} networks; expected at most ${formatInteger(MOST_POINTS)}. Fewer values or seeds make fewer.`,
    };
  }
  // Settings are checked one by one, whatever the others are.
  for (const { setting, values } of along) {
    for (const value of values) {
      const parsed = parseConfig(axes[setting].apply(base, value));
      if ('problems' in parsed) return { problem: `${setting}=${value}: ${parsed.problems[0]!.message}` };
    }
  }
  return plan;
}

/** How many networks a sweep has. */
export function pointCount(plan: SweepPlan): number {
  const { base } = plan;
  const own = (setting: AxisName, otherwise: number) => (isAlong(plan, setting) ? 1 : otherwise);
  const places = plan.axes.reduce((product, { values }) => product * values.length, 1);
  return places * own('activation', base.activations.length) * own('seed', base.seeds);
}

/**
 * All networks of a sweep, in the order in which they train: the seeds of a place last, so that each curve is there from
 * the first round on.
 */
export function pointsOf(plan: SweepPlan): SweepPoint[] {
  const places = [...combinations(plan.axes)].map((values) => ({ values, config: at(plan, values) }));
  const rounds = Math.max(...places.map(({ config }) => config.seeds));
  const points: SweepPoint[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { values, config } of places) {
      if (round >= config.seeds) continue;
      const seed = (config.seed + round) >>> 0;
      for (const activation of config.activations) {
        points.push({
          id: `${place(plan, values)} ${activation}#${seed}`,
          values,
          activation,
          seed,
          config: { ...config, activations: [activation], seed, seeds: 1 },
        });
      }
    }
  }
  return points;
}

/** The networks of a sweep that differ in nothing but their seed. */
export interface SweepGroup {
  readonly values: readonly AxisValue[];
  readonly activation: string;
  /** In the order of their seeds; one at least. */
  readonly points: readonly SweepPoint[];
}

/** A plan's groups, in its order. */
export function groupsOf(plan: SweepPlan): SweepGroup[] {
  const groups = new Map<string, SweepGroup & { points: SweepPoint[] }>();
  for (const point of pointsOf(plan)) {
    const { values, activation } = point;
    const key = JSON.stringify([values, activation]);
    const group = groups.get(key) ?? { values, activation, points: [] };
    groups.set(key, group);
    group.points.push(point);
  }
  return [...groups.values()];
}

/** Whether a sweep goes along a setting. */
export const isAlong = ({ axes: along }: Pick<SweepPlan, 'axes'>, setting: AxisName): boolean =>
  along.some((axis) => axis.setting === setting);

/** One machine's part of a sweep. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** Shards that a sweep is cut into. */
export const MOST_SHARDS = 10_000;

/** `2/8`; undefined where it is none. */
export function readShard(text: string): Shard | undefined {
  const [, index, of] = /^\s*(\d{1,5})\s*\/\s*(\d{1,5})\s*$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  return isShard(shard) ? shard : undefined;
}

export const isShard = ({ index, of }: Shard): boolean =>
  Number.isInteger(index) && Number.isInteger(of) && index >= 1 && index <= of && of <= MOST_SHARDS;

/** The shard that the network at a place of {@link pointsOf} belongs to. Neighbours differ, since deep networks take longer. */
export const shardAt = (index: number, of: number): Shard => ({ index: (index % of) + 1, of });

/** The networks of a shard: each of a sweep's is in one of so many shards. */
export const pointsIn = (points: readonly SweepPoint[], { index, of }: Shard): SweepPoint[] =>
  points.filter((_, i) => shardAt(i, of).index === index);

/** Whether two plans train the same networks. */
export const isSamePlan = (a: SweepPlan, b: SweepPlan): boolean => sortedText(a) === sortedText(b);

/** As JSON, the same whatever the order of keys. */
const sortedText = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** The values of the axes, each with each, the first axis slowest. */
function* combinations([first, second]: readonly Axis[]): Generator<AxisValue[]> {
  for (const value of first!.values) {
    if (second === undefined) yield [value];
    else for (const other of second.values) yield [value, other];
  }
}

/** The comparison at a place. Depth counts before width, so that all of its layers are that wide. */
function at({ base, axes: along }: SweepPlan, values: readonly AxisValue[]): ExperimentConfig {
  const order = along.map(({ setting }, i) => ({ setting, value: values[i]! }));
  const config = order
    .sort((a, b) => Number(a.setting !== 'depth') - Number(b.setting !== 'depth'))
    .reduce((changed, { setting, value }) => axes[setting].apply(changed, value), base);
  return config;
}

/** "depth=3 width=64" */
export const place = ({ axes: along }: SweepPlan, values: readonly AxisValue[]): string =>
  along.map(({ setting }, i) => `${setting}=${values[i]}`).join(' ');
