import { joinedBytes } from '../../core/format/bytes';
import { messageOf } from '../../core/format/errors';
import { decodeCheckpoints, fittingCheckpoints, type NetworkCheckpoint } from '../../core/runs/checkpoint';
import { NewerRunError, RunFileError } from '../../core/runs/fileError';
import { runLog } from '../../core/runs/log';
import type { RunRecord } from '../../core/runs/record';
import { parseRun } from '../../core/runs/serialise';
import { positionOf, startOf } from '../../core/runs/since';
import type { RunSummary } from '../../core/runs/summary';
import type { Clock } from '../clock';
import type { RunKeeping } from './keeping';
import { type RunFiles, writeWhole } from './runFiles';
import { GONE_MILLISECONDS, RunLock } from './runLock';
import { checkpointName, DAMAGED, DELETED, filesOfRun, groupFiles, lockName, runName } from './runNames';
import { type KeptRun, readKeptRun } from './runReading';
import { RunShelf } from './runShelf';
import { KeptRunWriter, type WriterOptions } from './runWriter';

export interface RunStoreOptions {
  readonly files: RunFiles;
  readonly clock: Clock;
  /** Names this window: letters, digits and hyphens. */
  readonly owner: string;
  /** A sentence for the person: a file was set aside, a run is of a newer version, nothing can be written. */
  report(message: string): void;
}

/**
 * The runs that a workspace keeps, one file each (see `runNames.ts` for what lies where), and what a list shows of them.
 * Several windows may have the same folder: a run is written by the window that holds its lock, and no file is changed in
 * place, so that a reader finds whole pieces at any moment.
 */
export class RunStore implements RunKeeping {
  readonly #lock: RunLock;
  readonly #shelf: RunShelf;
  readonly #writers = new Map<string, KeptRunWriter>();
  /** Nothing can be written at the moment, and the person has been told. */
  #failing = false;
  #cancelWatch: () => void = () => {};
  #labelled: Promise<void> = Promise.resolve();

  constructor(private readonly options: RunStoreOptions) {
    const { files, clock, owner } = options;
    this.#lock = new RunLock(files, clock, owner);
    this.#shelf = new RunShelf({
      files,
      clock,
      owner,
      lock: this.#lock,
      writes: (id) => this.#writers.has(id),
      report: options.report,
    });
  }

  /** Finds what is kept, and puts away what is not needed any more. */
  open(): Promise<void> {
    return this.#load(true);
  }

  /** Looks for what other windows have done. */
  refresh(): Promise<void> {
    return this.#load(false);
  }

  /** In no particular order. */
  list(): readonly RunSummary[] {
    return this.#shelf.all;
  }

  onDidChange(listener: () => void): { dispose(): void } {
    return this.#shelf.onDidChange(listener);
  }

  /** Another window trains it. */
  isElsewhere(id: string): boolean {
    return this.#shelf.elsewhere.has(id);
  }

  /** Begins to keep a new run; its record grows in the caller's hands, and is looked at whenever news are told. */
  begin(run: RunRecord): KeptRunWriter {
    if (groupFiles([lockName(run.id)]).size === 0) throw new RangeError(`${run.id} cannot be the name of a file.`);
    return this.#write(run, { position: startOf(run), lines: 0, part: 0, nextCheckpoint: 0 });
  }

  /**
   * Goes on with a run that is kept; `run` is what `read` gave, or the record that was written before.
   *
   * @throws Error with a sentence where another window trains it, or has taken it further
   */
  async continueWriting(run: RunRecord): Promise<KeptRunWriter> {
    const own = this.#writers.get(run.id);
    if (own?.run === run && own.goOn()) return own;
    // It is just written to its end.
    if (own !== undefined && !own.trains) await own.flush();
    if (own?.trains) throw new Error('This run trains already.');
    if (own !== undefined && hasMore(own.run, run)) throw goneOn();
    await this.#holdLock(run.id);
    own?.abandon();
    this.#writers.delete(run.id);
    const kept = await readKeptRun(this.options.files, run.id);
    if (kept === undefined) return this.begin(run);
    if (hasMore(kept.log.run, run)) throw goneOn();
    const whole = kept.log.problem === undefined;
    const writer = this.#write(run, {
      position: positionOf(kept.log.run),
      lines: whole ? kept.log.lines : await this.#mend(kept),
      part: kept.names.next + (whole ? 0 : 1),
      nextCheckpoint: (kept.names.checkpoints[0] ?? -1) + 1,
    });
    writer.keepCheckpoints(await this.#checkpointsOf(run));
    return writer;
  }

  /**
   * A run with all that is recorded; `note` is a sentence where something is wrong with it.
   *
   * @throws RunFileError where its file is damaged from the beginning (it is set aside then) or of a newer version
   */
  async read(id: string): Promise<{ run: RunRecord; note?: string }> {
    const writer = this.#writers.get(id);
    if (writer !== undefined) return { run: writer.run };
    try {
      const kept = await readKeptRun(this.options.files, id);
      if (kept === undefined) {
        this.#shelf.bury(id);
        throw new Error('The run is not there any more.');
      }
      const { run, problem } = kept.log;
      return problem === undefined ? { run } : { run, note: problem };
    } catch (error) {
      if (error instanceof RunFileError && !(error instanceof NewerRunError)) {
        const { pieces } = filesOfRun(await this.options.files.list(), id);
        await this.#shelf.setAside(id, pieces, error.message);
        await this.#shelf.save();
      }
      throw error;
    }
  }

  /** Where the networks of a run can go on from; those that do not fit what is recorded are left out. */
  async checkpoints(id: string): Promise<ReadonlyMap<string, NetworkCheckpoint>> {
    return this.#checkpointsOf((await this.read(id)).run);
  }

  /** An empty name gives the run its default one again. */
  rename(id: string, name: string): Promise<void> {
    const trimmed = name.trim().slice(0, 200);
    return this.#label(id, ({ pinned }) => (trimmed === '' ? { pinned } : { name: trimmed, pinned }));
  }

  pin(id: string, on: boolean): Promise<void> {
    return this.#label(id, ({ name }) => (name === undefined ? { pinned: on } : { name, pinned: on }));
  }

  /** Deletes a run; `restore` brings it back for a while. */
  async remove(id: string): Promise<void> {
    const { files } = this.options;
    const writer = this.#writers.get(id);
    if (writer?.trains) throw new Error('The run trains. Stop it before you delete it.');
    if ((await this.#lock.foreign(id)) !== undefined) {
      throw new Error('The run trains in another window. Stop it there before you delete it.');
    }
    writer?.abandon();
    this.#writers.delete(id);
    const [first] = filesOfRun(await files.list(), id).pieces;
    // Without its first piece a run is not there, so one step is enough.
    if (first !== undefined) await files.rename(first, `${first}${DELETED}`);
    this.#shelf.bury(id);
    await this.#shelf.save();
  }

  async restore(id: string): Promise<void> {
    const { files } = this.options;
    const { deleted } = filesOfRun(await files.list(), id);
    if (deleted.length === 0) throw new Error('The run cannot be brought back: its file is gone.');
    for (const name of deleted) await files.rename(name, name.slice(0, -DELETED.length));
    await this.#shelf.raise(id);
    await this.#shelf.save();
  }

  /**
   * Keeps a run that comes from a file. One that is kept already stays as it is, and one that was deleted comes back.
   *
   * @returns whether it was not there before
   */
  async importRun(run: RunRecord): Promise<boolean> {
    const { files, owner } = this.options;
    if (this.#writers.has(run.id)) return false;
    const { pieces, deleted } = filesOfRun(await files.list(), run.id);
    if (deleted.length > 0) {
      await this.restore(run.id);
      return false;
    }
    if (pieces.length > 0) return false;
    await writeWhole(files, owner, runName(run.id, 0), joinedBytes(runLog(run)));
    await this.#keepNow(run);
    return true;
  }

  /**
   * Takes in the one run that versions before kept, from their folder. A damaged file is set aside, a newer one left.
   */
  async importLast(folder: RunFiles): Promise<void> {
    const name = 'last-comparison.json';
    const { report } = this.options;
    const bytes = await folder.read(name);
    if (bytes === undefined) return;
    try {
      await this.importRun(parseRun(new TextDecoder().decode(bytes)));
      await folder.remove(name);
    } catch (error) {
      if (!(error instanceof RunFileError)) throw error;
      if (error instanceof NewerRunError) report(error.message);
      else {
        await folder.rename(name, `${name}${DAMAGED}`);
        report(`${error.message} It lies in ${name}${DAMAGED} now.`);
      }
    }
  }

  /** Writes what is recorded and lets all runs go, so that another window, or this one after a reload, can go on. */
  async close(): Promise<void> {
    this.#cancelWatch();
    await Promise.all([...this.#writers.values()].map((writer) => writer.close()));
    await this.#shelf.save();
  }

  async #load(opening: boolean): Promise<void> {
    await this.#shelf.load(opening);
    this.#cancelWatch();
    if (this.#shelf.elsewhere.size === 0) return;
    // A window that trains may go without a word.
    this.#cancelWatch = this.options.clock.after(GONE_MILLISECONDS / 4, () => {
      this.refresh().catch((error: unknown) => this.options.report(messageOf(error)));
    });
  }

  #write(run: RunRecord, from: Pick<WriterOptions, 'position' | 'lines' | 'part' | 'nextCheckpoint'>): KeptRunWriter {
    const { files, clock, owner, report } = this.options;
    const writer: KeptRunWriter = new KeptRunWriter(run, {
      files,
      clock,
      owner,
      lock: this.#lock,
      ...from,
      onWritten: () => this.#written(writer),
      onOver: () => this.#over(writer),
      onTaken: () => {
        this.#writers.delete(run.id);
        report('This run goes on in another window; what is trained here is not kept any more.');
      },
      onOutcome: (error) => this.#outcome(error),
    });
    this.#writers.set(run.id, writer);
    this.#shelf.keep(run, true, '');
    void this.#shelf.save();
    return writer;
  }

  /** The list shows what is written; the index hears of it where the state is another. */
  #written(writer: KeptRunWriter): void {
    const before = this.#shelf.entry(writer.run.id)?.summary.state;
    this.#shelf.keep(writer.run, writer.trains, '');
    if (this.#shelf.entry(writer.run.id)?.summary.state !== before) void this.#shelf.save();
  }

  #over(writer: KeptRunWriter): void {
    this.#writers.delete(writer.run.id);
    void this.#keepNow(writer.run);
  }

  /** Takes up a run that is written to its end. */
  async #keepNow(run: RunRecord): Promise<void> {
    const signature = await this.options.files.list().then(
      (names) => filesOfRun(names, run.id).signature,
      () => '',
    );
    this.#shelf.keep(run, false, signature);
    await this.#shelf.save();
  }

  #outcome(error: unknown): void {
    if (error === undefined) {
      this.#failing = false;
      return;
    }
    if (this.#failing) return;
    this.#failing = true;
    this.options.report(
      `The run could not be saved: ${messageOf(error)} Nothing is lost while the window is open; saving is tried again.`,
    );
  }

  async #holdLock(id: string): Promise<void> {
    const age = await this.#lock.foreign(id);
    if (age === undefined && (await this.#lock.hold(id)) && (await this.#lock.foreign(id)) === undefined) return;
    throw new Error(
      `This run trains in another window, which gave its last sign ${Math.round((age ?? 0) / 1000)} s ago. Stop it there; if that window is gone, try again in ${GONE_MILLISECONDS / 1000} s.`,
    );
  }

  /** Writes what could be read of a damaged run as its file, so that more can follow; the number of its lines. */
  async #mend({ log, names, damaged }: KeptRun): Promise<number> {
    const { files, owner } = this.options;
    const lines = runLog(log.run, false);
    await writeWhole(files, owner, runName(names.id, names.next + 1), joinedBytes(lines));
    for (const name of [...names.pieces, ...names.stale]) {
      if (damaged.includes(name)) await files.rename(name, `${name}${DAMAGED}`);
      else await files.remove(name);
    }
    return lines.length;
  }

  async #checkpointsOf(run: RunRecord): Promise<Map<string, NetworkCheckpoint>> {
    const { files, report } = this.options;
    for (const number of filesOfRun(await files.list(), run.id).checkpoints) {
      const name = checkpointName(run.id, number);
      const bytes = await files.read(name);
      if (bytes === undefined) continue;
      try {
        return fittingCheckpoints(run, decodeCheckpoints(bytes));
      } catch (error) {
        if (!(error instanceof RunFileError)) throw error;
        if (!(error instanceof NewerRunError)) await files.rename(name, `${name}${DAMAGED}`);
        report(error.message);
      }
    }
    return new Map();
  }

  /** One change after the other: each goes by what the one before has left. */
  #label(id: string, change: (summary: RunSummary) => { name?: string; pinned: boolean }): Promise<void> {
    const done = this.#labelled.then(() => this.#labelNow(id, change));
    this.#labelled = done.catch(() => {});
    return done;
  }

  async #labelNow(id: string, change: (summary: RunSummary) => { name?: string; pinned: boolean }): Promise<void> {
    const entry = this.#shelf.entry(id);
    if (entry === undefined) throw new Error('The run is not there any more.');
    await this.#shelf.label(id, change(entry.summary));
    await this.#shelf.save();
  }
}

const goneOn = () => new Error('This run has gone on in another window. Open it again from the list.');

/** Whether a record has anything that another one of the same run has not. */
const hasMore = (a: RunRecord, b: RunRecord): boolean =>
  a.networks.some(
    ({ steps, epochs }, i) =>
      steps.count > (b.networks[i]?.steps.count ?? 0) || epochs.length > (b.networks[i]?.epochs.length ?? 0),
  );
