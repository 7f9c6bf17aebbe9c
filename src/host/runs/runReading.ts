import { type ReadRun, readRunLog } from '../../core/runs/log';
import type { RunFiles } from './runFiles';
import { type FilesOfRun, filesOfRun } from './runNames';

export interface KeptRun {
  readonly log: ReadRun;
  readonly names: FilesOfRun;
  /** The pieces of which not all could be read. */
  readonly damaged: readonly string[];
}

/** Between listing and reading, another window may have made one file of the parts. */
const ATTEMPTS = 3;

/**
 * Reads a run from its files; undefined where there are none.
 *
 * @throws RunFileError where they are damaged from the beginning; NewerRunError where a newer version wrote them
 */
export async function readKeptRun(files: RunFiles, id: string): Promise<KeptRun | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const names = filesOfRun(await files.list(), id);
    const { pieces } = names;
    if (names.deleted.length > 0 || pieces.length === 0) return undefined;
    const bytes = await readAll(files, pieces);
    if (bytes === undefined) continue;
    const log = readRunLog(bytes);
    return { log, names, damaged: pieces.filter((_, i) => log.good[i] !== bytes[i]!.length) };
  }
  throw new Error(`The files of the run ${id} change while they are read. Try again.`);
}

async function readAll(files: RunFiles, names: readonly string[]): Promise<Uint8Array[] | undefined> {
  const all: Uint8Array[] = [];
  for (const name of names) {
    const bytes = await files.read(name);
    if (bytes === undefined) return undefined;
    all.push(bytes);
  }
  return all;
}
