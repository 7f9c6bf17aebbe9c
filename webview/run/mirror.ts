import { judge, judgeAll } from '../../src/core/advice/judge';
import { type ExperimentConfig, paperConfig } from '../../src/core/experiment/config';
import { applyNews, type RunNews } from '../../src/core/runs/news';
import type { RunRecord } from '../../src/core/runs/record';
import { parseRun } from '../../src/core/runs/serialise';
import type { Verdict } from '../../src/core/verdicts/verdict';
import type { RunStatus, Snapshot } from '../../src/protocol/pages/runs';
import type { Origin } from '../../src/protocol/schemas';
import { ValueStore } from '../kit/store';

/** The current run as a page shows it. Replaced, never changed in place, but for `run`, whose records grow. */
export interface MirroredRun {
  readonly status: RunStatus;
  /** Of the current run; of the next one where there is none. */
  readonly config: ExperimentConfig;
  /** Where the current run's network comes from, where another surface has handed it over. */
  readonly origin: Origin | undefined;
  readonly run: RunRecord | undefined;
  /** Raised whenever anything in `run` changed. */
  readonly revision: number;
  /** By network id. Provisional while the network trains; absent before its first probe. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

const nothing: MirroredRun = {
  status: { phase: 'idle', epoch: 0, epochs: 0, progress: 0, text: '', resumable: false },
  config: paperConfig,
  origin: undefined,
  run: undefined,
  revision: 0,
  verdicts: new Map(),
};

/**
 * The host's run in a page: a snapshot and the news after it, in their order. News that come before the snapshot does wait
 * for it, and where some are missing a new snapshot is asked for.
 */
export class RunMirror {
  readonly store = new ValueStore<MirroredRun>(nothing);
  #seq = -1;
  #waiting: { seq: number; news: readonly RunNews[]; status: RunStatus }[] = [];
  #asking = true;

  /** @param resync asks the host for a snapshot */
  constructor(
    private readonly resync: () => Promise<Snapshot>,
    private readonly onProblem: (error: Error) => void,
  ) {}

  /**
   * Takes the first snapshot once it comes.
   *
   * @throws what the asking fails with; the next news ask anew
   */
  async open(first: Promise<Snapshot>): Promise<void> {
    try {
      this.show(await first);
    } catch (error) {
      this.#missed();
      throw error;
    }
  }

  /** Takes a snapshot, the first one or another run's; news that waited for it follow. */
  show(snapshot: Snapshot): void {
    // An answer may come after a newer snapshot that the host sent by itself.
    if (snapshot.seq < this.#seq) return;
    this.#seq = snapshot.seq;
    this.#asking = false;
    const { run, status } = this.#read(snapshot);
    this.store.set({
      status,
      config: snapshot.config,
      origin: snapshot.origin,
      run,
      revision: this.store.get().revision + 1,
      verdicts: run === undefined ? new Map() : judgeAll(run),
    });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { seq, news, status } of waiting) this.news(seq, news, status);
  }

  news(seq: number, news: readonly RunNews[], status: RunStatus): void {
    if (this.#asking) {
      this.#waiting.push({ seq, news, status });
      return;
    }
    if (seq <= this.#seq) return;
    const { run } = this.store.get();
    if (run === undefined || seq !== this.#seq + 1) {
      this.#ask();
      return;
    }
    try {
      for (const each of news) applyNews(run, each);
    } catch (error) {
      this.onProblem(error as Error);
      this.#ask();
      return;
    }
    this.#seq = seq;
    this.store.set({
      status,
      revision: this.store.get().revision + 1,
      verdicts: this.#judged(run, news),
    });
  }

  status(status: RunStatus): void {
    this.store.set({ status });
  }

  /** The person has read where the network comes from; the host is told by whoever is asked. */
  dismissOrigin(): void {
    this.store.set({ origin: undefined });
  }

  /** A snapshot that cannot be read is said so, and asked for again with the next news. */
  #read({ run: text, states, status }: Snapshot): Pick<MirroredRun, 'run' | 'status'> {
    if (text === null) return { run: undefined, status };
    try {
      const run = parseRun(text);
      // A file's networks that were not over are interrupted; these are as the host says.
      for (const network of run.networks) network.state = states[network.id] ?? network.state;
      return { run, status };
    } catch (error) {
      const { message } = error as Error;
      this.onProblem(error as Error);
      return { run: undefined, status: { ...status, problem: { message, waysOut: ['showLog'] } } };
    }
  }

  /** Verdicts change at epoch ends, with states, and before the first epoch has ended. The same map where none is judged. */
  #judged(run: RunRecord, news: readonly RunNews[]): ReadonlyMap<string, Verdict> {
    const touched = new Set(news.flatMap((each) => (each.kind === 'clock' ? [] : [each.network])));
    const decided = new Set(
      news.flatMap((each) => (each.kind === 'epochEnded' || each.kind === 'state' ? [each.network] : [])),
    );
    const before = this.store.get().verdicts;
    let verdicts: Map<string, Verdict> | undefined;
    for (const network of run.networks) {
      if (!touched.has(network.id) || (network.epochs.length > 0 && !decided.has(network.id))) continue;
      const verdict = judge(network, run.config, run.dataset.classes);
      if (!verdict) continue;
      verdicts ??= new Map(before);
      verdicts.set(network.id, verdict);
    }
    return verdicts ?? before;
  }

  #ask(): void {
    this.#asking = true;
    // What is left out now is in the snapshot.
    this.resync().then(
      (snapshot) => this.show(snapshot),
      (error: unknown) => {
        this.#missed();
        this.onProblem(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  /** No snapshot has come: what waits for it would not fit, and the next news ask again. */
  #missed(): void {
    this.#asking = false;
    this.#waiting = [];
  }
}
