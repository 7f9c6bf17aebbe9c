import { appendFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../core/format/errors';
import { isSamePlan } from '../core/sweeps/plan';
import type { SweepResult } from '../core/sweeps/result';
import {
  headLine,
  LONGEST_SWEEP_FILE,
  parseSweep,
  resultLine,
  type SweepFile,
  type SweepHead,
  sweepText,
} from '../core/sweeps/sweepFile';
import { readBytes, reasonOf, targetAt } from './files';
import { UsageError } from './options';

/** A file that results are added to as they come. */
export interface SweepStore {
  /** What it held before. */
  readonly results: ReadonlyMap<string, SweepResult>;
  /** @throws UsageError with a sentence where it cannot be written */
  add(result: SweepResult): void;
}

/** @throws UsageError with a sentence where it is no file of a sweep */
export function readSweepFile(path: string): SweepFile {
  try {
    return parseSweep(readBytes(path, LONGEST_SWEEP_FILE).toString('utf8'));
  } catch (error) {
    throw new UsageError(`${path} ${messageOf(error)}`);
  }
}

/** The files that paths name, those in folders among them, in the order of their names. */
export function sweepFilesIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
    const names = namesIn(path).filter((name) => /\.jsonl$/.test(name));
    if (names.length === 0)
      throw new UsageError(`${path} holds no file of a sweep; expected names that end in .jsonl.`);
    return names.sort().map((name) => join(path, name));
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new UsageError(`${folder} ${reasonOf(error)}; expected a folder with files of a sweep.`);
  }
}

/**
 * Begins a file, or goes on with one.
 *
 * @throws UsageError with a sentence where there is one already, or one of another sweep
 */
export function openSweep(path: string, head: SweepHead, resume: boolean): SweepStore {
  const target = targetAt('--out', path);
  const isThere = existsSync(path);
  if (isThere && !resume) {
    throw new UsageError(`--out: "${path}" is there already. Add --resume to go on with it, or name another file.`);
  }
  let results: SweepFile['results'] = new Map();
  if (isThere) {
    const before = readSweepFile(path);
    if (!isSamePlan(before.plan, head.plan))
      throw new UsageError(`--resume: "${path}" is of another sweep. Give the options that it was begun with.`);
    if (before.shard?.index !== head.shard?.index || before.shard?.of !== head.shard?.of)
      throw new UsageError(`--resume: "${path}" is ${shardText(before)}; expected ${shardText(head)}.`);
    if (before.dataset.name !== head.dataset.name || before.dataset.train !== head.dataset.train)
      throw new UsageError(
        `--resume: "${path}" was trained on ${before.dataset.name}. Give the data that it was begun with.`,
      );
    ({ results } = before);
    // Without the line that was cut off.
    target.write(sweepText({ ...before, results }));
  } else target.write(headLine(head));
  return {
    results,
    add(result) {
      try {
        // A line at once: whoever else adds to the file, none is mixed with another.
        appendFileSync(path, resultLine(result), { flush: true });
      } catch (error) {
        throw new UsageError(`--out: "${path}" cannot be written (${messageOf(error)}). What it holds stays.`);
      }
    },
  };
}

const shardText = ({ shard }: SweepHead): string =>
  shard === undefined ? 'a whole sweep' : `shard ${shard.index}/${shard.of}`;
