import { formatInteger } from '../core/format/numbers';
import { wrapped } from '../core/format/wrap';
import { type MissingPart, mergeSweeps, sweepText } from '../core/sweeps/sweepFile';
import { targetAt } from './files';
import { print, printError, printJson } from './output';
import { columnsOf } from './progress';
import { readSweepFile, sweepFilesIn } from './sweepFiles';
import { sweepJson, sweepTable } from './sweepOutput';

export interface MergeArguments {
  out?: string;
  json?: boolean;
}

/**
 * Joins files of one sweep.
 *
 * @returns 1 where networks of it are missing, else 0
 * @throws UsageError for a file that is none of a sweep, SweepFileError for one of another
 */
export function merge(paths: readonly string[], { out, json = false }: MergeArguments): 0 | 1 {
  const target = out === undefined ? undefined : targetAt('--out', out);
  const files = sweepFilesIn(paths).map((name) => ({ name, file: readSweepFile(name) }));
  const { file, differing, missing } = mergeSweeps(files);
  target?.write(sweepText(file));
  const columns = columnsOf(process.stdout);
  if (json) printJson(sweepJson(file));
  else {
    print(sweepTable(file, columns));
    if (out !== undefined) print(`Sweep: ${out}`);
  }
  const say = (text: string): void => printError(wrapped(text, columnsOf(process.stderr)));
  if (differing.length > 0) {
    say(
      `${networks(differing.length)} in several files with other numbers (${differing[0]} is the first): they were trained on machines that round otherwise. One result of each was taken.`,
    );
  }
  for (const part of missing) say(missingText(part));
  return missing.length > 0 ? 1 : 0;
}

const networks = (count: number): string =>
  count === 1 ? '1 network stands' : `${formatInteger(count)} networks stand`;

/** What is to be run again. */
function missingText({ shard, points }: MissingPart): string {
  const count = points.length === 1 ? '1 network is' : `${formatInteger(points.length)} networks are`;
  const first = points[0]!.id;
  if (shard === undefined) return `${count} missing, ${first} the first. Run the sweep again with --resume.`;
  const { index, of } = shard;
  return `Of shard ${index}/${of} ${count} missing, ${first} the first. Run it again with --shard ${index}/${of} --resume.`;
}
