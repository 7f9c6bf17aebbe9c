import {
  accessSync,
  chmodSync,
  constants,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../core/format/errors';
import { UsageError } from './options';

/** A bundle that lies beside this one. */
export const readAsset = (name: string): string => readFileSync(join(__dirname, name), 'utf8');

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'lies under a file, which is no folder',
  EACCES: 'may not be read by you',
  EPERM: 'may not be read by you',
  ELOOP: 'is a link that leads to itself',
  EISDIR: 'is a folder',
  ENAMETOOLONG: 'has too long a name',
};

/** What is wrong with a path, as the words behind its name. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? `cannot be read (${messageOf(error)})`;
}

function kindOf(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'is a folder';
  if (stats.isFIFO()) return 'is a named pipe';
  return stats.isSocket() ? 'is a socket' : 'is a device';
}

/**
 * Whether a path that somebody named is a folder.
 *
 * @throws Error whose message are the words behind its name, where it is neither a file nor a folder that can be read
 */
export function isReadableFolder(path: string): boolean {
  let stats: Stats;
  try {
    stats = statSync(path);
    if (stats.isFile() || stats.isDirectory()) accessSync(path, constants.R_OK);
  } catch (error) {
    throw new Error(reasonOf(error));
  }
  const isFolder = stats.isDirectory();
  const kind = isFolder ? undefined : kindOf(stats);
  if (kind !== undefined) throw new Error(kind);
  return isFolder;
}

/**
 * The bytes of a file, of which nobody waits for more: no pipe, no device, and no longer than what its reader takes.
 *
 * @throws Error whose message are the words behind the file's name
 */
export function readBytes(file: string, largest: number): Buffer {
  let stats: Stats;
  try {
    stats = statSync(file);
  } catch (error) {
    throw new Error(`${reasonOf(error)}; expected a file.`);
  }
  const kind = kindOf(stats);
  if (kind !== undefined) throw new Error(`${kind}; expected a file.`);
  if (stats.size > largest) throw new Error(`has ${stats.size} bytes; at most ${largest} are read.`);
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${reasonOf(error)}; expected a file.`);
  }
}

/** Puts a text in the place of a file by way of one that nobody else has. */
function replace(path: string, aside: string, text: string, mode: number | undefined): void {
  writeFileSync(aside, '', { flag: 'wx' });
  try {
    if (mode !== undefined) chmodSync(aside, mode);
    writeFileSync(aside, text, { flush: true });
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Where a flag wants something written. */
export interface Target {
  write(text: string): void;
}

/**
 * Looks whether a file can be written before the work for it begins. It is written aside and renamed, so that what lay
 * there before stays until all of the new one is on the disk.
 *
 * @throws UsageError with a sentence where it cannot be written
 */
export function targetAt(flag: string, file: string): Target {
  const refused = (why: string, advice = 'Name a file in a folder that exists and is yours to write') =>
    new UsageError(`${flag}: "${file}" cannot be written (${why}). ${advice}.`);
  let former: Stats | undefined;
  /** A link stays one: what it leads to is written. */
  let path = file;
  try {
    former = statSync(file, { throwIfNoEntry: false });
    if (former !== undefined) path = realpathSync(file);
  } catch (error) {
    throw refused(messageOf(error));
  }
  if (file === '' || former?.isDirectory()) throw refused('it is a folder', 'Name a file');
  const aside = `${path}.${process.pid}.part`;
  const isPlain = former === undefined || former.isFile();
  try {
    if (former !== undefined) accessSync(path, constants.W_OK);
    else accessSync(dirname(path), constants.W_OK);
    if (isPlain) {
      writeFileSync(aside, '', { flag: 'wx' });
      rmSync(aside);
    }
  } catch (error) {
    throw refused(messageOf(error));
  }
  return {
    write(text) {
      try {
        if (isPlain) replace(path, aside, text, former?.mode);
        // Nothing is kept in a device or a pipe.
        else writeFileSync(path, text);
      } catch (error) {
        const kept = former?.isFile() ? 'What lay there before is as it was' : 'Free some space, or name another file';
        throw refused(messageOf(error), kept);
      }
    },
  };
}
