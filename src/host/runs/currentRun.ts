import type { NetworkCheckpoint } from '../../core/runs/checkpoint';
import { CheckpointAssembly, type CheckpointPiece } from '../../core/runs/checkpointPieces';
import { applyNews, type RunNews } from '../../core/runs/news';
import { isOver, type RunRecord } from '../../core/runs/record';
import { serialiseRun } from '../../core/runs/serialise';
import type { RunJob } from '../../protocol/pages/runs';
import type { RunKeeping, RunWriter } from './keeping';

/** The current run's record, with the checkpoints that it can go on from, and its file while it trains. */
export class CurrentRun {
  #record: RunRecord | undefined;
  #writer: RunWriter | undefined;
  #checkpoints: ReadonlyMap<string, NetworkCheckpoint> = new Map();

  /** The checkpoint of which pieces have come. */
  #arriving: { readonly network: string; readonly assembly: CheckpointAssembly } | undefined;

  constructor(private readonly keeping: RunKeeping) {}

  /** Grows while it trains. */
  get record(): RunRecord | undefined {
    return this.#record;
  }

  /** Some network has not come to its end. */
  get isOpen(): boolean {
    const states = this.#record?.networks.map(({ state }) => state) ?? [];
    return states.some((state) => state === 'interrupted' || state === 'stopped' || state === 'failed');
  }

  /** A new run, or a kept one that is only looked at. */
  show(record: RunRecord): void {
    this.leave();
    this.#record = record;
  }

  /** A new run that trains. */
  begin(record: RunRecord): void {
    this.show(record);
    this.#writer = this.keeping.begin(record);
  }

  /** Puts the run away; its files stay. */
  leave(): void {
    this.endWriting();
    this.#record = undefined;
    this.#checkpoints = new Map();
  }

  /**
   * Opens the file of a run that goes on.
   *
   * @param isOvertaken asked after each wait: the person may have wanted something else meanwhile
   * @returns whether the run can go on now
   */
  async reopen(isOvertaken: () => boolean): Promise<boolean> {
    const record = this.#record;
    if (record === undefined || isOvertaken()) return false;
    const checkpoints = this.#checkpoints.size > 0 ? this.#checkpoints : await this.keeping.checkpoints(record.id);
    if (isOvertaken()) return false;
    const writer = await this.keeping.continueWriting(record);
    if (isOvertaken()) {
      void writer.end(record);
      return false;
    }
    this.#checkpoints = checkpoints;
    this.#writer = writer;
    return true;
  }

  /** What a page needs to go on with it. */
  resumption(paused: boolean): RunJob['resume'] {
    const checkpoints = [...this.#checkpoints].map(([network, checkpoint]) => ({ network, checkpoint }));
    return { run: serialiseRun(this.#record!), checkpoints, paused };
  }

  /** Takes what fits of some news into record and file. The rest does not follow on it: `failure` says why. */
  take(news: readonly RunNews[]): { readonly taken: RunNews[]; readonly failure?: unknown } {
    const taken: RunNews[] = [];
    try {
      for (const each of news) {
        applyNews(this.#record!, each);
        this.#writer?.news(each);
        taken.push(each);
      }
    } catch (failure) {
      return { taken, failure };
    }
    return { taken };
  }

  /**
   * A piece of a network's checkpoint, which holds once it is whole. Another network's first piece, or another checkpoint's,
   * puts away what there is of the one before.
   *
   * @throws RangeError where it does not follow the piece before
   */
  checkpointPiece(network: string, piece: CheckpointPiece): void {
    if (piece.head !== undefined) this.#arriving = { network, assembly: new CheckpointAssembly(piece.head) };
    if (this.#arriving?.network !== network)
      throw new RangeError(`A piece of a checkpoint of ${network} came, expected its first one before.`);
    const checkpoint = this.#arriving.assembly.add(piece);
    if (checkpoint === undefined) return;
    this.#arriving = undefined;
    this.#checkpoints = new Map([...this.#checkpoints, [network, checkpoint]]);
    this.#writer?.checkpoint(network, checkpoint);
  }

  /** News that end the networks which nobody has told to be over. */
  closingNews(state: 'stopped' | 'interrupted'): RunNews[] {
    const open = this.#record?.networks.filter((network) => !isOver(network.state)) ?? [];
    return open.map(({ id, seconds }) => ({ kind: 'state', network: id, state, seconds }));
  }

  endWriting(): void {
    if (this.#record !== undefined) void this.#writer?.end(this.#record);
    this.#writer = undefined;
    this.#arriving = undefined;
  }
}
