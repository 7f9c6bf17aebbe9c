import { joinedBytes } from '../../core/format/bytes';
import { encodeCheckpoints, type NetworkCheckpoint } from '../../core/runs/checkpoint';
import { type LogEntry, logLines, runLog } from '../../core/runs/log';
import type { RunNews } from '../../core/runs/news';
import { isOver, type RunRecord } from '../../core/runs/record';
import { newsSince, positionOf, type RunPosition } from '../../core/runs/since';
import type { Clock } from '../clock';
import type { RunWriter } from './keeping';
import { type RunFiles, writeWhole } from './runFiles';
import { BEAT_MILLISECONDS, type RunLock } from './runLock';
import { checkpointName, filesOfRun, partName, runName } from './runNames';

/** News are written at least this often, and less often in a long run, so that its pieces stay few. */
const FLUSH_MILLISECONDS = 5000;
const FLUSH_SHARE = 0.02;

export interface WriterOptions {
  readonly files: RunFiles;
  readonly clock: Clock;
  readonly owner: string;
  readonly lock: RunLock;
  /** What is on the disk already. */
  readonly position: RunPosition;
  readonly lines: number;
  readonly part: number;
  readonly nextCheckpoint: number;
  /** Something was written, or the last of it. */
  onWritten(writer: KeptRunWriter): void;
  onOver(writer: KeptRunWriter): void;
  /** Another window has taken the run; nothing more is written here. */
  onTaken(): void;
  /** Called with what went wrong, or with nothing after a write that went well. */
  onOutcome(error?: unknown): void;
}

/**
 * Writes the log of one run as it grows: what its record has more than was written. A part is written once and never
 * touched again; at the end the whole log replaces the parts. What cannot be written is in the record still, and is
 * written with the next part.
 */
export class KeptRunWriter implements RunWriter {
  readonly #checkpoints = new Map<string, NetworkCheckpoint>();
  #newCheckpoints = false;
  #position: RunPosition;
  #lines: number;
  #part: number;
  #nextCheckpoint: number;
  #ended = false;
  #endWritten = false;
  #closed = false;
  #queued: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #timer: { readonly at: number; cancel(): void } | undefined;
  #cancelBeat: () => void = () => {};

  constructor(
    /** Grows while it trains. */
    readonly run: RunRecord,
    private readonly options: WriterOptions,
  ) {
    this.#position = options.position;
    this.#lines = options.lines;
    this.#part = options.part;
    this.#nextCheckpoint = options.nextCheckpoint;
    this.#beat();
    void this.flush();
  }

  /** True while news are still to come. */
  get trains(): boolean {
    return !this.#ended && !this.#closed;
  }

  /** The record has taken these news. */
  news(news: RunNews): void {
    const over = news.kind === 'state' && isOver(news.state);
    this.#flushWithin(over ? FLUSH_MILLISECONDS : this.#interval);
  }

  checkpoint(network: string, checkpoint: NetworkCheckpoint): void {
    this.#checkpoints.set(network, checkpoint);
    this.#newCheckpoints = true;
    this.#flushWithin(this.#interval);
  }

  /** Checkpoints that were there before this writer. */
  keepCheckpoints(checkpoints: ReadonlyMap<string, NetworkCheckpoint>): void {
    for (const [network, checkpoint] of checkpoints) {
      if (!this.#checkpoints.has(network)) this.#checkpoints.set(network, checkpoint);
    }
  }

  flush(): Promise<void> {
    if (this.#queued !== undefined) return this.#queued;
    const next = this.#last.then(() => {
      this.#queued = undefined;
      return this.#attempt();
    });
    this.#queued = next;
    this.#last = next;
    return next;
  }

  end(): Promise<void> {
    this.#ended = true;
    return this.flush();
  }

  /** The run that had ended trains on before all of it could be written; false where it is too late for that. */
  goOn(): boolean {
    if (this.#closed) return false;
    this.#ended = false;
    this.#endWritten = false;
    return true;
  }

  /** Writes what there is and lets the run go, unfinished as it may be: the window closes. */
  async close(): Promise<void> {
    await this.flush();
    this.abandon();
    await this.options.lock.release(this.run.id).catch(() => {});
  }

  /** Writes nothing more. */
  abandon(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#cancelBeat();
  }

  async #attempt(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#closed) return;
    try {
      if (!(await this.options.lock.hold(this.run.id))) {
        this.abandon();
        this.options.onTaken();
        return;
      }
      // As of the part: what comes while it is written may speak of steps that it does not have.
      const checkpoints = this.#checkpointsDue();
      const ended = this.#ended;
      const wrote = await this.#writePart();
      await this.#writeCheckpoints(checkpoints);
      if (wrote) this.options.onWritten(this);
      if (ended && this.#ended) await this.#writeEnd();
      this.options.onOutcome();
    } catch (error) {
      this.options.onOutcome(error);
      this.#flushWithin(this.#interval);
    }
  }

  async #writePart(): Promise<boolean> {
    const { run } = this;
    const position = positionOf(run);
    const ending = this.#ended && !this.#endWritten;
    const entries: LogEntry[] = this.#lines === 0 ? [{ kind: 'head', run }] : [];
    const lines = logLines(withEnd(entries, newsSince(run, this.#position), ending), this.#lines);
    if (lines.length === 0) return false;
    await this.#write(partName(run.id, this.#part), joinedBytes(lines));
    this.#position = position;
    this.#lines += lines.length;
    this.#part++;
    if (ending) this.#endWritten = true;
    return true;
  }

  /** undefined where those that are written are the newest. */
  #checkpointsDue(): ReadonlyMap<string, NetworkCheckpoint> | undefined {
    if (!this.#newCheckpoints) return undefined;
    for (const { id, state } of this.run.networks) if (state === 'finished') this.#checkpoints.delete(id);
    return new Map(this.#checkpoints);
  }

  /** After the part that has their steps: a run cannot go on from beyond what is recorded. */
  async #writeCheckpoints(checkpoints: ReadonlyMap<string, NetworkCheckpoint> | undefined): Promise<void> {
    if (checkpoints === undefined) return;
    const { id } = this.run;
    const number = this.#nextCheckpoint;
    await this.#write(checkpointName(id, number), encodeCheckpoints(checkpoints));
    const isNewest = [...this.#checkpoints].every(([network, each]) => checkpoints.get(network) === each);
    this.#newCheckpoints = !isNewest;
    this.#nextCheckpoint++;
    if (number > 0) await this.options.files.remove(checkpointName(id, number - 1)).catch(() => {});
  }

  /** The whole log in one file, then its pieces away. The record has all that they have. */
  async #writeEnd(): Promise<void> {
    const position = positionOf(this.run);
    const lines = runLog(this.run);
    await this.#write(runName(this.run.id, this.#part), joinedBytes(lines));
    this.#position = position;
    this.#lines = lines.length;
    if (!this.#ended) return;
    this.abandon();
    // What is left lying is passed over by whoever reads the run, and put away when the store is opened.
    await this.#tidy().catch(() => {});
    this.options.onOver(this);
  }

  async #tidy(): Promise<void> {
    const { files, lock } = this.options;
    const { id, networks } = this.run;
    await lock.release(id);
    const { stale, checkpoints } = filesOfRun(await files.list(), id);
    for (const name of stale) await files.remove(name);
    const goesOn = networks.some(({ state }) => state !== 'finished' && state !== 'diverged');
    for (const number of goesOn ? checkpoints.slice(1) : checkpoints) await files.remove(checkpointName(id, number));
  }

  #write(name: string, bytes: Uint8Array): Promise<void> {
    return writeWhole(this.options.files, this.options.owner, name, bytes);
  }

  get #interval(): number {
    return Math.max(FLUSH_MILLISECONDS, FLUSH_SHARE * 1000 * this.run.seconds);
  }

  #flushWithin(milliseconds: number): void {
    if (this.#closed) return;
    const { clock } = this.options;
    const at = clock.now() + milliseconds;
    if (this.#timer !== undefined && this.#timer.at <= at) return;
    this.#timer?.cancel();
    this.#timer = { at, cancel: clock.after(milliseconds, () => void this.flush()) };
  }

  #beat(): void {
    const { clock, lock } = this.options;
    this.#cancelBeat = clock.after(BEAT_MILLISECONDS, () => {
      // What goes wrong here goes wrong in the next flush, which says so.
      this.#last = this.#last.then(async () => {
        if (!this.#closed) await lock.hold(this.run.id).catch(() => {});
      });
      this.#beat();
    });
  }
}

function* withEnd(before: Iterable<LogEntry>, news: Iterable<RunNews>, ending: boolean): Generator<LogEntry> {
  yield* before;
  yield* news;
  if (ending) yield { kind: 'end' };
}
