import * as v from 'valibot';
import type { DatasetSummary } from '../data/dataset';
import { excerpt } from '../format/excerpt';
import { formatInteger } from '../format/numbers';
import { datasetOfFile, issueText } from '../runs/wire';
import {
  isSamePlan,
  isShard,
  planSchema,
  pointsIn,
  pointsOf,
  type Shard,
  type SweepPlan,
  type SweepPoint,
} from './plan';
import { isSameResult, resultOut, resultSchema, type SweepResult } from './result';

/**
 * A sweep's file, or that of a shard of it: lines of JSON that are only ever added to. The first says what is trained, each
 * other one is the result of a network. A file that was cut off is read up to the line that is not whole. Any number of
 * such files of one plan are one sweep, whoever wrote them and however often a network stands in them.
 */
export interface SweepFile {
  readonly plan: SweepPlan;
  readonly dataset: DatasetSummary;
  /** undefined for all of the sweep */
  readonly shard: Shard | undefined;
  /** By the network's id; each is of the plan. */
  readonly results: ReadonlyMap<string, SweepResult>;
}

const FORMAT = 'gradient-lens-sweep';
const VERSION = 1;
/** Characters of a file: far more than the largest sweep takes. */
export const LONGEST_SWEEP_FILE = 64_000_000;

/** What was read is no sweep that this version can use; the message is a sentence that follows the file's name. */
export class SweepFileError extends Error {
  override readonly name = 'SweepFileError';
}

export type SweepHead = Pick<SweepFile, 'plan' | 'dataset' | 'shard'>;

const headSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  plan: planSchema,
  dataset: datasetOfFile,
  shard: v.optional(
    v.pipe(
      v.object({ index: v.number(), of: v.number() }),
      v.check((shard) => isShard(shard), 'a shard is one of a number of them'),
    ),
  ),
});

/** The file's first line, with its line break. */
export const headLine = ({ plan, dataset, shard }: SweepHead): string =>
  `${JSON.stringify({ format: FORMAT, version: VERSION, plan, dataset, shard })}\n`;

/** A line of the file, with its line break. */
export const resultLine = (result: SweepResult): string => `${JSON.stringify(resultOut(result))}\n`;

/** All of a file. Results stand in the order of the plan, so that equal sweeps are equal files but for their seconds. */
export function sweepText(file: SweepFile): string {
  const lines = pointsOf(file.plan).flatMap(({ id }) => {
    const result = file.results.get(id);
    return result === undefined ? [] : [resultLine(result)];
  });
  return [headLine(file), ...lines].join('');
}

/** @throws SweepFileError */
export function parseSweep(text: string): SweepFile {
  if (text.length > LONGEST_SWEEP_FILE) {
    throw new SweepFileError(
      `has ${formatInteger(text.length)} characters; expected at most ${formatInteger(LONGEST_SWEEP_FILE)}.`,
    );
  }
  const [first = '', ...lines] = text.split('\n');
  const { plan, dataset, shard } = parseHead(first);
  const known = new Set(pointsOf(plan).map(({ id }) => id));
  const results = new Map<string, SweepResult>();
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const result = v.safeParse(resultSchema, json(line));
    if (!result.success) {
      // What stands last may have been cut off while it was written.
      if (i === lines.length - 1) break;
      throw new SweepFileError(
        `is damaged in line ${i + 2}${issueText(result.issues[0])}; expected a network's result.`,
      );
    }
    const { id } = result.output;
    if (!known.has(id)) throw new SweepFileError(`names ${excerpt(id)} in line ${i + 2}, which is not of its sweep.`);
    results.set(id, better(results.get(id), result.output));
  }
  return { plan, dataset, shard, results };
}

function parseHead(line: string): SweepHead {
  const head = json(line);
  const kind = v.safeParse(v.object({ format: v.literal(FORMAT), version: v.number() }), head);
  if (!kind.success) throw new SweepFileError('is no sweep; expected what "sweep --out" writes.');
  if (kind.output.version > VERSION) {
    throw new SweepFileError(
      `was written by a newer Gradient Lens (format ${kind.output.version}; this one reads up to ${VERSION}).`,
    );
  }
  const result = v.safeParse(headSchema, head);
  if (!result.success) throw new SweepFileError(`is damaged in line 1${issueText(result.issues[0])}.`);
  const { plan, dataset, shard } = result.output;
  return { plan, dataset, shard };
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Of two results of one network the one that stays, whatever their order: one that did not fail, then by their text. */
function better(a: SweepResult | undefined, b: SweepResult): SweepResult {
  if (a === undefined) return b;
  if ((a.state === 'failed') !== (b.state === 'failed')) return a.state === 'failed' ? b : a;
  return resultLine(a) <= resultLine(b) ? a : b;
}

/** Several files as one sweep. */
export interface MergedSweep {
  readonly file: SweepFile;
  /** Networks that stand in several files with other numbers: they were trained on machines that round otherwise. */
  readonly differing: readonly string[];
  readonly missing: readonly MissingPart[];
}

/** Networks that are not there, with the shard that would have trained them. */
export interface MissingPart {
  /** undefined where the files were no shards */
  readonly shard: Shard | undefined;
  readonly points: readonly SweepPoint[];
}

/**
 * @param files each with the name that sentences call it by; one or more
 * @throws SweepFileError where they are not of one sweep
 */
export function mergeSweeps(files: readonly { readonly name: string; readonly file: SweepFile }[]): MergedSweep {
  const [first] = files;
  if (first === undefined) throw new SweepFileError('Nothing is to be merged; expected files of a sweep.');
  const { plan, dataset } = first.file;
  const results = new Map<string, SweepResult>();
  const differing = new Set<string>();
  for (const { name, file } of files) {
    const other = file.dataset;
    if (!isSamePlan(plan, file.plan))
      throw new SweepFileError(`${name} is of another sweep than ${first.name}; expected files of one.`);
    if (other.name !== dataset.name || other.train !== dataset.train || other.test !== dataset.test) {
      throw new SweepFileError(
        `${name} was trained on ${other.name} (${formatInteger(other.train)} images), ${first.name} on ${dataset.name} (${formatInteger(dataset.train)}); expected files of one sweep.`,
      );
    }
    for (const [id, result] of file.results) {
      const known = results.get(id);
      const bothDone = known !== undefined && known.state !== 'failed' && result.state !== 'failed';
      if (bothDone && !isSameResult(known, result)) differing.add(id);
      results.set(id, better(known, result));
    }
  }
  const shards = files.map(({ file }) => file.shard?.of).filter((of) => of !== undefined);
  return {
    file: { plan, dataset, shard: undefined, results },
    differing: [...differing],
    missing: missingOf(plan, results, shards.length === 0 ? undefined : Math.max(...shards)),
  };
}

/** Those that have no result, or failed. */
function missingOf(plan: SweepPlan, results: ReadonlyMap<string, SweepResult>, of: number | undefined): MissingPart[] {
  const all = pointsOf(plan);
  const isMissing = ({ id }: SweepPoint) => (results.get(id)?.state ?? 'failed') === 'failed';
  if (of === undefined) {
    const points = all.filter(isMissing);
    return points.length === 0 ? [] : [{ shard: undefined, points }];
  }
  return Array.from({ length: of }, (_, i) => ({ index: i + 1, of }))
    .map((shard) => ({ shard, points: pointsIn(all, shard).filter(isMissing) }))
    .filter(({ points }) => points.length > 0);
}

/** The networks that a file has yet to train: those of its shard without a result, and those that failed. */
export function toTrain({ plan, shard, results }: SweepFile): SweepPoint[] {
  const all = pointsOf(plan);
  const own = shard === undefined ? all : pointsIn(all, shard);
  return own.filter(({ id }) => (results.get(id)?.state ?? 'failed') === 'failed');
}
