/**
 * The files of a run, by their names:
 * - `<id>.run`: its log, once it is over; never changed in place
 * - `<id>.000000.part` …: pieces of its log while it trains, which follow the `.run` where there is one
 * - `<id>.checkpoint`: where its networks can go on from
 * - `<id>.lock`: the window that writes it, and when that last did
 * - `<id>.<milliseconds>.label`: name and pin, as the person chose them then
 * - a `.run` or `.part` with `.deleted` behind it: the run is deleted, and can be brought back for a while
 * - anything with `.damaged` behind it: set aside, and never touched again
 */
export interface FilesOfRun {
  readonly id: string;
  /** The pieces of its log, in order. */
  readonly pieces: readonly string[];
  readonly nextPart: number;
  /** Changes with the pieces. */
  readonly signature: string;
  readonly deleted: readonly string[];
  /** Milliseconds of each label. */
  readonly labels: readonly number[];
  readonly hasCheckpoint: boolean;
  readonly hasLock: boolean;
  /** All of them. */
  readonly all: readonly string[];
}

export const INDEX = 'index.json';
export const runName = (id: string): string => `${id}.run`;
export const partName = (id: string, part: number): string => `${id}.${String(part).padStart(6, '0')}.part`;
export const partNumber = (name: string): number => Number(/\.(\d{6})\.part$/.exec(name)?.[1]);
export const checkpointName = (id: string): string => `${id}.checkpoint`;
export const lockName = (id: string): string => `${id}.lock`;
export const labelName = (id: string, at: number): string => `${id}.${at}.label`;
export const DELETED = '.deleted';
export const DAMAGED = '.damaged';

export const isLeftover = (name: string): boolean => name.endsWith('.tmp');

const pattern = /^([0-9a-z-]{1,64})\.(?:(run)|(\d{6})\.part|(checkpoint)|(lock)|(\d{1,15})\.label)(\.deleted)?$/i;

/** The files of each run in a listing; others are passed over. */
export function groupFiles(names: readonly string[]): Map<string, FilesOfRun> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const id = pattern.exec(name)?.[1];
    if (id === undefined) continue;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [name]);
    else group.push(name);
  }
  return new Map([...groups].map(([id, all]) => [id, filesOf(id, all)]));
}

function filesOf(id: string, all: readonly string[]): FilesOfRun {
  const parts: number[] = [];
  const labels: number[] = [];
  const deleted: string[] = [];
  let pieces: string[] = [];
  for (const name of all) {
    const [, , run, part, , , label, isDeleted] = pattern.exec(name)!;
    if (isDeleted !== undefined) deleted.push(name);
    else if (run !== undefined) pieces = [name];
    else if (part !== undefined) parts.push(Number(part));
    else if (label !== undefined) labels.push(Number(label));
  }
  parts.sort((a, b) => a - b);
  const nextPart = (parts.at(-1) ?? -1) + 1;
  pieces = [...pieces, ...parts.map((part) => partName(id, part))];
  const has = (name: string) => all.includes(name);
  return {
    id,
    pieces,
    nextPart,
    signature: `${pieces.length} to ${nextPart}`,
    deleted,
    labels,
    hasCheckpoint: has(checkpointName(id)),
    hasLock: has(lockName(id)),
    all,
  };
}
