/**
 * The files of a run, by their names. None is ever changed in place or replaced: what is newer has a higher number, and
 * the older is put away after that. (VS Code deletes a file before it renames another one over it.)
 * - `<id>.000003.part`: a piece of its log, while it trains
 * - `<id>.000007.run`: its log, once it is over; with all that older `.run` and the parts before number 7 have
 * - `<id>.000002.checkpoint`: where its networks can go on from
 * - `<id>.<milliseconds>.label`: name and pin, as the person chose them then
 * - `<id>.lock`: the window that writes it, and when that last did
 * - a `.run` or `.part` with `.deleted` behind it: the run is deleted, and can be brought back for a while
 * - anything with `.damaged` behind it: set aside, and never touched again
 */
export interface FilesOfRun {
  readonly id: string;
  /** The pieces of its log, in order. */
  readonly pieces: readonly string[];
  /** Pieces that are contained in another one, left by a window that did not come to put them away. */
  readonly stale: readonly string[];
  /** Changes with the pieces. */
  readonly signature: string;
  /** The number of the next piece. */
  readonly next: number;
  readonly deleted: readonly string[];
  /** Milliseconds of each label. */
  readonly labels: readonly number[];
  /** Numbers of its checkpoints, the newest first. */
  readonly checkpoints: readonly number[];
  /** All of them. */
  readonly all: readonly string[];
}

const digits = (n: number): string => String(n).padStart(6, '0');

export const INDEX = 'index.json';
export const DELETED = '.deleted';
export const DAMAGED = '.damaged';
export const partName = (id: string, part: number): string => `${id}.${digits(part)}.part`;
/** @param next number of the first part that it does not contain */
export const runName = (id: string, next: number): string => `${id}.${digits(next)}.run`;
export const checkpointName = (id: string, n: number): string => `${id}.${digits(n)}.checkpoint`;
export const labelName = (id: string, at: number): string => `${id}.${at}.label`;
export const lockName = (id: string): string => `${id}.lock`;
export const isLeftover = (name: string): boolean => name.endsWith('.tmp');

/** A lock that is being renewed may be there under its name aside alone. */
const pattern = /^([0-9a-z-]{1,64})\.(?:(\d{1,15})\.(run|part|checkpoint|label)|lock(?:\.[\w-]+\.tmp)?)(\.deleted)?$/i;

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

export const filesOfRun = (names: readonly string[], id: string): FilesOfRun =>
  groupFiles(names).get(id) ?? filesOf(id, []);

function filesOf(id: string, all: readonly string[]): FilesOfRun {
  const numbers: Record<string, number[]> = { run: [], part: [], checkpoint: [], label: [] };
  const deleted: string[] = [];
  for (const name of all) {
    const [, , number, kind, isDeleted] = pattern.exec(name)!;
    if (isDeleted !== undefined) deleted.push(name);
    else if (kind !== undefined) numbers[kind]?.push(Number(number));
  }
  const { run = [], part = [], checkpoint = [], label = [] } = numbers;
  run.sort((a, b) => b - a);
  part.sort((a, b) => a - b);
  const [newest, ...older] = run;
  const contained = newest ?? 0;
  const pieces = [
    ...(newest === undefined ? [] : [runName(id, newest)]),
    ...part.filter((n) => n >= contained).map((n) => partName(id, n)),
  ];
  return {
    id,
    pieces,
    stale: [...older.map((n) => runName(id, n)), ...part.filter((n) => n < contained).map((n) => partName(id, n))],
    signature: `${newest ?? 'no'} run, ${pieces.length} to ${part.at(-1) ?? 'none'}`,
    next: Math.max(contained, (part.at(-1) ?? -1) + 1),
    deleted,
    labels: label,
    checkpoints: checkpoint.sort((a, b) => b - a),
    all,
  };
}
