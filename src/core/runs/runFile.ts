import { RunFileError } from './fileError';
import { readRunLog } from './log';
import type { RunRecord } from './record';
import { parseRun } from './serialise';

/** No run that can be trained here needs more; a larger file is not read at all. */
export const MOST_RUN_FILE_BYTES = 256 * 1024 * 1024;

/** What a file that a person opens is called where it holds a run; menus know it by this ending. */
export const RUN_FILE_ENDING = '.gradient-lens.json';

/** The sentence where a file is too large to be read; undefined where it is not. */
export const runFileTooLarge = (bytes: number): string | undefined =>
  bytes > MOST_RUN_FILE_BYTES
    ? `The file has ${Math.ceil(bytes / 2 ** 20)} MB; a stored run has at most ${MOST_RUN_FILE_BYTES / 2 ** 20} MB.`
    : undefined;

/**
 * Reads a run from a file of either kind: the JSON that is exported, or the log that is kept (`log.ts`). `note` is a
 * sentence where a log is damaged after its beginning: what comes before is read.
 *
 * @throws RunFileError where it is another kind of file, damaged, too large, or of a newer version
 */
export function readRunFile(bytes: Uint8Array): { readonly run: RunRecord; readonly note?: string } {
  const tooLarge = runFileTooLarge(bytes.length);
  if (tooLarge !== undefined) throw new RunFileError(tooLarge);
  if (/^[0-9a-f]{8} \d/.test(new TextDecoder('latin1').decode(bytes.subarray(0, 10)))) {
    const { run, problem } = readRunLog(bytes);
    return problem === undefined ? { run } : { run, note: problem };
  }
  // A byte order mark, as some editors write one, is left out by the decoder.
  return { run: parseRun(new TextDecoder().decode(bytes)) };
}
