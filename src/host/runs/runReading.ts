import { type ReadRun, readRunLog } from '../../core/runs/log';
import type { RunFiles } from './runFiles';
import { type FilesOfRun, groupFiles, partNumber, runName } from './runNames';

export interface KeptRun {
  readonly log: ReadRun;
  readonly names: FilesOfRun;
  /** The pieces of which not all could be read. */
  readonly damaged: readonly string[];
  /** Parts that the `.run` contains already: left by a window that did not come to put them away. */
  readonly stale: readonly string[];
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
    const names = groupFiles(await files.list()).get(id);
    if (names === undefined || names.deleted.length > 0 || names.pieces.length === 0) return undefined;
    const read = await readPieces(files, names);
    if (read !== undefined) return { ...read, names };
  }
  throw new Error(`The files of the run ${id} change while they are read. Try again.`);
}

async function readPieces(files: RunFiles, names: FilesOfRun): Promise<Omit<KeptRun, 'names'> | undefined> {
  const pieces: string[] = [];
  const bytes: Uint8Array[] = [];
  const take = async (name: string): Promise<boolean> => {
    const content = await files.read(name);
    if (content === undefined) return false;
    pieces.push(name);
    bytes.push(content);
    return true;
  };
  const result = (log: ReadRun, stale: readonly string[]) => ({
    log,
    damaged: pieces.filter((_, i) => log.good[i] !== bytes[i]!.length),
    stale,
  });
  const parts = names.pieces.filter((name) => name !== runName(names.id));
  if (parts.length === names.pieces.length) {
    for (const name of parts) if (!(await take(name))) return undefined;
    return result(readRunLog(bytes), []);
  }
  if (!(await take(runName(names.id)))) return undefined;
  const log = readRunLog(bytes);
  const stale = parts.filter((name) => partNumber(name) < log.parts);
  if (stale.length === parts.length) return result(log, stale);
  for (const name of parts) if (!stale.includes(name) && !(await take(name))) return undefined;
  return result(readRunLog(bytes), stale);
}
