import * as v from 'valibot';
import { judgeAll } from '../../core/advice/judge';
import { messageOf } from '../../core/format/errors';
import { NewerRunError, RunFileError } from '../../core/runs/fileError';
import type { RunRecord } from '../../core/runs/record';
import { isRunOver } from '../../core/runs/runState';
import { type RunSummary, summarise } from '../../core/runs/summary';
import type { Clock } from '../clock';
import { isAsideOf, type RunFiles, writeWhole } from './runFiles';
import {
  emptyIndex,
  encodeIndex,
  type IndexEntry,
  mergeIndexes,
  parseIndex,
  type RunIndex,
  withLabel,
} from './runIndex';
import type { RunLock } from './runLock';
import {
  checkpointName,
  DAMAGED,
  type FilesOfRun,
  filesOfRun,
  groupFiles,
  INDEX,
  isLeftover,
  labelName,
  lockName,
} from './runNames';
import { type KeptRun, readKeptRun } from './runReading';

/** A deleted run can be brought back for this long, and is gone when the store is opened after that. */
export const DELETED_MILLISECONDS = 60 * 60 * 1000;
/** Checkpoints are large: only the newest runs keep theirs. */
const CHECKPOINTS = 10;

export interface ShelfOptions {
  readonly files: RunFiles;
  readonly clock: Clock;
  readonly owner: string;
  readonly lock: RunLock;
  /** Whether this window writes the run. */
  writes(id: string): boolean;
  report(message: string): void;
}

const labelSchema = v.object({ name: v.optional(v.pipe(v.string(), v.maxLength(200))), pinned: v.boolean() });
export type Label = v.InferOutput<typeof labelSchema>;

/**
 * What this window knows of the kept runs. The files are the truth; the index saves reading them, and is merged with what
 * other windows wrote whenever it is written.
 */
export class RunShelf {
  readonly #listeners = new Set<() => void>();
  readonly #reported = new Set<string>();
  #index: RunIndex = emptyIndex;
  #elsewhere: ReadonlySet<string> = new Set();
  #saving: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  constructor(private readonly options: ShelfOptions) {}

  get all(): readonly RunSummary[] {
    return [...this.#index.entries.values()].map(({ summary }) => summary);
  }

  /** Runs that another window trains. */
  get elsewhere(): ReadonlySet<string> {
    return this.#elsewhere;
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  entry(id: string): IndexEntry | undefined {
    return this.#index.entries.get(id);
  }

  /** Takes what is known of a run now. A run that trains is never over between two networks. */
  keep(run: RunRecord, trains: boolean, signature: string): void {
    const known = this.entry(run.id);
    const summary = this.#summary(run, known);
    const state = trains && isRunOver(summary.state) ? 'running' : summary.state;
    this.#put({ summary: { ...summary, state }, labelledAt: known?.labelledAt ?? 0, pieces: signature });
  }

  /** Takes a run off the list, here and in what other windows read of the index. */
  bury(id: string): void {
    const entries = new Map(this.#index.entries);
    entries.delete(id);
    const deleted = new Map(this.#index.deleted).set(id, this.#after(id));
    this.#set({ entries, deleted });
  }

  /** A deleted run is there again. */
  async raise(id: string): Promise<void> {
    const at = this.#after(id);
    const deleted = new Map(this.#index.deleted);
    deleted.delete(id);
    this.#index = { ...this.#index, deleted };
    const kept = await readKeptRun(this.options.files, id);
    if (kept === undefined) return;
    const entry = this.#entryOfRead(kept, undefined);
    this.#put(await this.#labelled({ ...entry, summary: { ...entry.summary, changedAt: at } }, kept.names));
  }

  async label(id: string, label: Label): Promise<void> {
    const { files, owner, clock } = this.options;
    const entry = this.entry(id);
    if (entry === undefined) throw new Error('The run is not there any more.');
    const at = Math.max(Math.round(clock.now()), entry.labelledAt + 1);
    await writeWhole(files, owner, labelName(id, at), new TextEncoder().encode(JSON.stringify(label)));
    this.#put(withLabel(this.entry(id) ?? entry, label, at));
    const { labels } = filesOfRun(await files.list(), id);
    for (const each of labels) if (each < at) await files.remove(labelName(id, each));
  }

  /** Reads listing and index, and of the runs only those that the index does not know as they are. */
  async load(opening: boolean): Promise<void> {
    const { files } = this.options;
    const startedAt = this.options.clock.now();
    const names = await files.list();
    const stored = names.includes(INDEX) ? parseIndex(await files.read(INDEX)) : emptyIndex;
    const known = mergeIndexes(stored, this.#index);
    const groups = groupFiles(names);
    const entries = new Map<string, IndexEntry>();
    const deleted = new Map<string, number>();
    const elsewhere = new Set<string>();
    for (const [id, group] of groups) {
      if (this.options.writes(id)) continue;
      if (group.deleted.length > 0) deleted.set(id, known.deleted.get(id) ?? startedAt);
      else if (group.pieces.length > 0) {
        const read = await this.#load(group, known.entries.get(id), elsewhere);
        if (read !== undefined) entries.set(id, read);
      }
    }
    // What this window has done in the meantime.
    const own = [...this.#index.entries].filter(([id]) => entries.has(id) || this.options.writes(id));
    const buried = [...this.#index.deleted].filter(([, at]) => at >= startedAt);
    this.#elsewhere = elsewhere;
    this.#set(mergeIndexes({ entries, deleted }, { entries: new Map(own), deleted: new Map(buried) }));
    if (opening) await this.#tidy(names, groups).catch((error: unknown) => this.options.report(messageOf(error)));
    await this.#write();
  }

  /** Writes the index, with what other windows know. What fails costs only reading the runs next time. */
  save(): Promise<void> {
    if (this.#queued !== undefined) return this.#queued;
    const next = this.#saving.then(async () => {
      this.#queued = undefined;
      try {
        this.#set(mergeIndexes(this.#index, parseIndex(await this.options.files.read(INDEX))));
      } catch {
        // The index cannot be read: it is made anew.
      }
      await this.#write();
    });
    this.#queued = next;
    this.#saving = next;
    return next;
  }

  /** Puts a run's damaged files out of the way, where they can still be looked at. */
  async setAside(id: string, names: readonly string[], problem: string): Promise<void> {
    for (const name of names) await this.options.files.rename(name, `${name}${DAMAGED}`);
    this.bury(id);
    this.options.report(`${problem} Its file lies in ${names.map((name) => `${name}${DAMAGED}`).join(', ')} now.`);
  }

  async #load(
    group: FilesOfRun,
    known: IndexEntry | undefined,
    elsewhere: Set<string>,
  ): Promise<IndexEntry | undefined> {
    const { files } = this.options;
    const { id } = group;
    if (known !== undefined && known.pieces === group.signature && isRunOver(known.summary.state)) {
      return this.#labelled(known, group);
    }
    try {
      const trains = await this.#isLocked(group);
      if (trains) elsewhere.add(id);
      if (trains && known !== undefined && !isRunOver(known.summary.state)) return await this.#labelled(known, group);
      const kept = await readKeptRun(files, id);
      if (kept === undefined) return undefined;
      const entry = this.#entryOfRead(kept, known);
      const state = trains ? 'running' : entry.summary.state;
      return await this.#labelled({ ...entry, summary: { ...entry.summary, state } }, kept.names);
    } catch (error) {
      if (error instanceof RunFileError && !(error instanceof NewerRunError)) {
        await this.setAside(id, group.pieces, error.message).catch(() => {});
        return undefined;
      }
      if (!this.#reported.has(id)) this.options.report(messageOf(error));
      this.#reported.add(id);
      return error instanceof NewerRunError ? undefined : known;
    }
  }

  #entryOfRead({ log, names }: KeptRun, known: IndexEntry | undefined): IndexEntry {
    return { summary: this.#summary(log.run, known), labelledAt: known?.labelledAt ?? 0, pieces: names.signature };
  }

  #summary(run: RunRecord, known: IndexEntry | undefined): RunSummary {
    const verdicts = new Map([...judgeAll(run)].map(([id, { kind }]) => [id, kind]));
    return summarise(run, verdicts, known?.summary ?? { pinned: false }, this.#after(run.id));
  }

  /** With the newest name and pin, of which the index may not know. */
  async #labelled(entry: IndexEntry, group: FilesOfRun): Promise<IndexEntry> {
    const at = Math.max(0, ...group.labels);
    if (at <= entry.labelledAt) return entry;
    try {
      const bytes = await this.options.files.read(labelName(group.id, at));
      const label = v.safeParse(labelSchema, JSON.parse(new TextDecoder().decode(bytes)));
      return label.success ? withLabel(entry, label.output, at) : entry;
    } catch {
      return entry;
    }
  }

  /** Puts away what nobody needs: deleted runs after a while, what is left of runs, checkpoints of old runs. */
  async #tidy(names: readonly string[], groups: ReadonlyMap<string, FilesOfRun>): Promise<void> {
    const { files, clock } = this.options;
    const remove = async (all: readonly string[]) => {
      for (const name of all) await files.remove(name);
    };
    for (const group of groups.values()) {
      const { id, all, pieces, deleted, stale } = group;
      if (this.options.writes(id) || (await this.#isLocked(group))) continue;
      await remove(stale);
      const at = this.#index.deleted.get(id);
      if (deleted.length > 0 && at !== undefined && clock.now() - at >= DELETED_MILLISECONDS) {
        // Last what says that it is deleted, so that a part of it never looks like a run.
        await remove([...all.filter((name) => !deleted.includes(name)), ...deleted]);
        const left = new Map(this.#index.deleted);
        left.delete(id);
        this.#index = { ...this.#index, deleted: left };
      }
      if (deleted.length === 0 && pieces.length === 0) await remove(all);
    }
    if (this.#elsewhere.size === 0) await remove(names.filter(isLeftover));
    await this.#pruneCheckpoints(groups);
  }

  /** Another window writes it. */
  async #isLocked({ id, all }: FilesOfRun): Promise<boolean> {
    const lock = lockName(id);
    const mayBe = all.some((name) => name === lock || isAsideOf(name, lock));
    return mayBe && (await this.options.lock.foreign(id)) !== undefined;
  }

  async #pruneCheckpoints(groups: ReadonlyMap<string, FilesOfRun>): Promise<void> {
    const startedAt = (id: string) => this.entry(id)?.summary.startedAt ?? '';
    const old = [...groups.values()]
      .filter(({ id, checkpoints }) => checkpoints.length > 0 && !this.options.writes(id) && !this.#elsewhere.has(id))
      .sort((a, b) => (startedAt(a.id) < startedAt(b.id) ? 1 : -1))
      .slice(CHECKPOINTS);
    for (const { id, checkpoints } of old) {
      for (const number of checkpoints) await this.options.files.remove(checkpointName(id, number));
    }
  }

  async #write(): Promise<void> {
    const { files, owner } = this.options;
    await writeWhole(files, owner, INDEX, encodeIndex(this.#index)).catch(() => {});
  }

  /** Now, or just after what was last known of a run. */
  #after(id: string): number {
    const last = Math.max(this.entry(id)?.summary.changedAt ?? 0, this.#index.deleted.get(id) ?? 0);
    return Math.max(this.options.clock.now(), last + 1);
  }

  #put(entry: IndexEntry): void {
    const { id } = entry.summary;
    const deleted = new Map(this.#index.deleted);
    deleted.delete(id);
    this.#set({ entries: new Map(this.#index.entries).set(id, entry), deleted });
  }

  #set(index: RunIndex): void {
    this.#index = index;
    for (const listener of [...this.#listeners]) listener();
  }
}
