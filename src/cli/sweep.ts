import { availableParallelism } from 'node:os';
import { summarise } from '../core/data/dataset';
import type { ExperimentConfig } from '../core/experiment/config';
import { formatDuration, formatInteger, formatPercent, formatPlain } from '../core/format/numbers';
import { wrapped } from '../core/format/wrap';
import { readAxis, writeAxis } from '../core/sweeps/axes';
import { planOf, pointCount, readShard, type Shard, type SweepPlan } from '../core/sweeps/plan';
import type { SweepResult } from '../core/sweeps/result';
import { toTrain } from '../core/sweeps/sweepFile';
import { realClock, Stopwatch } from '../session/clock';
import { Sweep } from '../session/sweep';
import { loadDataset } from './data';
import { machineMemory } from './machine';
import { launchNodeWorker, readBackendFiles } from './nodeWorkers';
import { type CompareArguments, configFromArguments, UsageError } from './options';
import { print, printError, printJson } from './output';
import { columnsOf } from './progress';
import { exitCodeOf, untilOverOrStopped } from './signals';
import { openSweep } from './sweepFiles';
import { sweepJson, sweepTable } from './sweepOutput';

/** The sweep command's options as the command line gives them. */
export interface SweepArguments extends Omit<CompareArguments, 'report'> {
  over: readonly string[];
  out?: string;
  resume?: boolean;
  shard?: string;
  parallel?: string;
}

/** Networks that train at the same time. */
const MOST_PARALLEL = 1024;

/**
 * Trains a sweep, or a shard of it, in worker threads.
 *
 * @returns the exit code: 0, or 1 where a network failed, or a signal's
 * @throws UsageError before anything is trained
 */
export async function sweep(args: SweepArguments): Promise<number> {
  const plan = planFrom(args);
  const shard = shardFrom(args.shard);
  const parallel = parallelFrom(args.parallel);
  if (args.resume === true && args.out === undefined)
    throw new UsageError('--resume goes on with the file of --out; expected that option too.');
  const quiet = args.json === true;
  const say = (text: string): void => {
    if (!quiet) print(wrapped(text, columnsOf(process.stdout)));
  };
  const dataset = loadDataset(plan.base.data);
  const head = { plan, dataset: summarise(dataset), shard };
  const store = args.out === undefined ? undefined : openSweep(args.out, head, args.resume === true);
  const results = new Map<string, SweepResult>(store?.results);
  const points = toTrain({ ...head, results });
  say(headline(plan, shard, points.length, head.dataset.name));

  const watch = new Stopwatch(realClock, 0);
  watch.start();
  let done = 0;
  const training = new Sweep({
    points,
    dataset,
    binaries: readBackendFiles(),
    launch: launchNodeWorker,
    parallel,
    memory: machineMemory(),
    now: () => new Date().toISOString(),
    onResult(result) {
      store?.add(result);
      results.set(result.id, result);
      done++;
      if (!quiet) printError(progressText(result, done, points.length));
    },
    onNote: (text) => say(text),
    log: (level, text) => {
      if (level === 'error') printError(text);
    },
  });
  const signal = await untilOverOrStopped(training);
  const file = { ...head, results };
  const left = toTrain(file).length;
  if (quiet) printJson(sweepJson(file));
  else {
    print(`\n${sweepTable(file, columnsOf(process.stdout))}`);
    const how = args.out === undefined ? '' : ' Go on with --resume.';
    if (left > 0) say(`${networks(left)} not trained, or failed.${how}`);
    say(`${formatDuration(watch.seconds)} for ${networks(done)}.`);
    if (args.out !== undefined) say(`Sweep: ${args.out}`);
  }
  if (signal !== undefined) return exitCodeOf(signal);
  return left > 0 ? 1 : 0;
}

const networks = (count: number): string => (count === 1 ? '1 network' : `${formatInteger(count)} networks`);

function planFrom(args: SweepArguments): SweepPlan {
  const base: ExperimentConfig = configFromArguments(args);
  if (args.over.length === 0)
    throw new UsageError('--over: nothing changes; expected for instance --over depth=1..20.');
  const along = args.over.map((text) => {
    const axis = readAxis(text);
    if ('problem' in axis) throw new UsageError(`--over: ${axis.problem}`);
    return axis;
  });
  const plan = planOf(base, along);
  if ('problem' in plan) throw new UsageError(`--over: ${plan.problem}`);
  return plan;
}

function shardFrom(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const shard = readShard(text);
  if (shard === undefined)
    throw new UsageError(`--shard: "${text}" is no shard; expected one of a number of them, such as 2/8.`);
  return shard;
}

function parallelFrom(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const parallel = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  if (parallel < 1 || parallel > MOST_PARALLEL)
    throw new UsageError(`--parallel: "${text}"; expected a whole number from 1 to ${MOST_PARALLEL}.`);
  return parallel;
}

function headline(plan: SweepPlan, shard: Shard | undefined, toDo: number, data: string): string {
  const all = pointCount(plan);
  const part = shard === undefined ? '' : ` Shard ${shard.index}/${shard.of}.`;
  const rest = toDo === all ? '' : ` ${networks(toDo)} to train here.`;
  return `${networks(all)} on ${data}: ${plan.axes.map(writeAxis).join(' × ')}.${part}${rest}`;
}

/** "[12/200] depth=3 sigmoid#0: 88 % right, first/last gradient 2.0e-6, 3 s". */
function progressText({ id, state, accuracy, arrives, seconds }: SweepResult, done: number, all: number): string {
  const facts = [
    state === 'finished' ? undefined : state,
    accuracy === undefined ? undefined : `${formatPercent(accuracy)} right`,
    arrives === undefined ? undefined : `first/last gradient ${formatPlain(arrives)}`,
    formatDuration(seconds),
  ];
  return `[${done}/${all}] ${id}: ${facts.filter((fact) => fact !== undefined).join(', ')}`;
}
