import { excerpt } from '../format/excerpt';
import { type Column, type ColumnList, epochColumns, namesOf, probeColumns, stepColumns, type ToldOf } from './columns';
import type { RunNews } from './news';
import { stepsPerEpoch } from './progress';
import type { EpochRow, NetworkRecord, ProbeBlock, ProbeSeries, RunRecord, StepBlock, StepSeries } from './record';

/** How much a network of a run can record. All that is read is held to it before memory is taken. */
export interface RunBounds {
  readonly stepsPerEpoch: number;
  readonly steps: number;
  readonly epochs: number;
}

export function boundsOf(run: RunRecord): RunBounds {
  const { epochs } = run.config;
  const each = stepsPerEpoch(run);
  return { stepsPerEpoch: each, epochs, steps: each * epochs };
}

/** A mean of ones over many units, in float32, may come out a little above 1. */
const MOST = 1 + 1e-5;

/** NaN stands where a network has diverged. */
const isShare = (x: number): boolean => Number.isNaN(x) || (x >= 0 && x <= MOST);

function areShares(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!isShare(values[i]!)) return false;
  return true;
}

/** What is wrong with the shares among the columns of a block. */
function sharesProblem<T extends ColumnList>(list: T, block: ToldOf<T, Float32Array>): string | undefined {
  const told = block as Partial<Record<string, Float32Array>>;
  const wrong = namesOf(list).find((name) => list[name]!.unit === 'share' && !areShares(told[name] ?? none));
  return wrong === undefined ? undefined : outside(list[wrong]!);
}

const none = new Float32Array(0);

const outside = ({ heading }: Column): string => `have a value of ${heading} outside 0 to 1`;

/** What is wrong with a block of steps that is to go on with a series; undefined where nothing is. */
export function stepsProblem(block: StepBlock, series: StepSeries, bounds: RunBounds): string | undefined {
  const count = block.loss.length;
  const problem = series.problem(block, count);
  if (problem !== undefined) return problem;
  if (block.firstStep + count > bounds.steps) return `go to step ${block.firstStep + count} of ${bounds.steps}`;
  return sharesProblem(stepColumns, block);
}

/** @param recorded steps that are known, of which each probe is one */
export function probesProblem(block: ProbeBlock, series: ProbeSeries, recorded: number): string | undefined {
  const count = block.step.length;
  const problem = series.problem(block, count);
  if (problem !== undefined) return problem;
  let last = -1;
  for (let i = 0; i < count; i++) {
    const step = block.step[i]!;
    if (step <= last || step >= recorded) return `are out of order, or of steps that are not there (step ${step})`;
    last = step;
  }
  return sharesProblem(probeColumns, block);
}

export function rowProblem(row: EpochRow, bounds: RunBounds, recorded: number): string | undefined {
  if (row.epoch < 1 || row.epoch > bounds.epochs) return `name epoch ${row.epoch} of ${bounds.epochs}`;
  if (row.epoch * bounds.stepsPerEpoch > recorded) return `have epoch ${row.epoch}, but not all its steps`;
  const wrong = namesOf(epochColumns).find((name) => epochColumns[name].unit === 'share' && !isShare(row[name] ?? 0));
  return wrong && outside(epochColumns[wrong]);
}

/**
 * What is wrong with news that come from a file, as the end of a sentence; undefined where they may be taken into the
 * record with `applyNews`.
 */
export function newsProblem(news: RunNews, run: RunRecord, bounds: RunBounds): string | undefined {
  if (news.kind === 'clock') return undefined;
  const record = run.networks.find(({ id }) => id === news.network);
  if (record === undefined) return `${excerpt(news.network)} is not a network of this run`;
  const of = (what: string, problem: string | undefined) =>
    problem === undefined ? undefined : `the ${what} of ${record.id} ${problem}`;
  switch (news.kind) {
    case 'recorded': {
      if (news.steps.firstStep > record.steps.count) return of('steps', `lack those before ${news.steps.firstStep}`);
      const recorded = Math.max(record.steps.count, news.steps.firstStep + news.steps.loss.length);
      return (
        of('steps', stepsProblem(news.steps, record.steps, bounds)) ??
        of('probes', probesProblem(news.probes, record.probes, recorded))
      );
    }
    case 'epochEnded': {
      if (news.row.epoch > record.epochs.length + 1) return of('epochs', `lack those before ${news.row.epoch}`);
      return of('epochs', rowProblem(news.row, bounds, record.steps.count));
    }
    case 'state':
      return undefined;
  }
}

/** True where a network that is said to have finished lacks steps or epochs. */
export const lacksItsEnd = ({ state, steps, epochs }: NetworkRecord, bounds: RunBounds): boolean =>
  state === 'finished' && (steps.count !== bounds.steps || epochs.length !== bounds.epochs);
