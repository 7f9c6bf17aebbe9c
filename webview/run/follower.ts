import type { Remote, Service } from '../../src/protocol/contract';
import type { DownloadProgress, runsHostContract, runsPageContract } from '../../src/protocol/pages/runs';
import type { BackendMemory } from '../../src/session/backends';
import { pace } from '../plots/pace';
import type { BrowserEnvironment } from '../shell/environment';
import type { WorkerParts } from '../shell/workers';
import { fillsCores } from './fillsCores';
import { RunMirror } from './mirror';
import { RunTrainer } from './trainer';

/** A page's two parts in a run: it shows the host's run, and trains it where the host asks this page to. */
export class RunFollower {
  readonly mirror: RunMirror;
  readonly #trainer: RunTrainer;
  #workers: Promise<WorkerParts> | undefined;

  /** @param host is asked only once the channel is there */
  constructor(
    private readonly host: () => Remote<typeof runsHostContract>,
    private readonly environment: BrowserEnvironment,
    log: (level: 'info' | 'warn' | 'error', text: string) => void,
  ) {
    this.mirror = new RunMirror(
      () => host().resync(),
      (error) => log('error', error.message),
    );
    this.mirror.store.subscribe(() => {
      pace.full = fillsCores(this.mirror.store.get().run, environment.cores);
    });
    this.#trainer = new RunTrainer({
      host: {
        readData: (source) => host().readData(source),
        loading: (turn, text) => host().loading(turn, text),
        prepared: (turn, dataset) => host().prepared(turn, dataset),
        told: (turn, news) => host().told(turn, news),
        checkpointPiece: (turn, network, piece) => host().checkpointPiece(turn, network, piece),
        backendNoted: (turn, text) => host().backendNoted(turn, text),
        ended: (turn, problem) => host().ended(turn, problem),
      },
      backendMemory: (shape) => this.#backendMemory(shape),
      workers: () => this.#loadWorkers(),
      clock: environment.clock,
      cores: environment.cores,
      memory: environment.memory,
      log,
    });
  }

  /** What the host asks of any page that shows runs. */
  service(onDownload: (progress: DownloadProgress) => void = () => {}): Service<typeof runsPageContract> {
    const trainer = this.#trainer;
    return {
      showRun: (snapshot) => this.mirror.show(snapshot),
      news: (seq, news, status) => this.mirror.news(seq, news, status),
      status: (status) => this.mirror.status(status),
      downloadProgress: onDownload,
      train: (job) => trainer.train(job),
      pauseTraining: (turn) => trainer.pause(turn),
      resumeTraining: (turn) => trainer.resume(turn),
      stopTraining: (turn) => trainer.stop(turn),
    };
  }

  /** Begins to follow; the mirror shows the host's run then. What training takes is fetched meanwhile. */
  open(): Promise<void> {
    // Where it cannot be had, the training that needs it says so.
    this.#loadWorkers().catch(() => {});
    return this.mirror.open(this.host().follow());
  }

  /** Asks what the machine is only where somebody wants to know. */
  #backendMemory(shape: string): BackendMemory {
    const key = () => `${shape} · ${this.environment.machine()}`.slice(0, 560);
    return {
      recall: async () => this.host().recallBackend(key()),
      keep: (chosen) =>
        void this.host()
          .keepBackend(key(), chosen)
          .catch(() => {}),
      forget: () =>
        void this.host()
          .forgetBackend(key())
          .catch(() => {}),
    };
  }

  #loadWorkers(): Promise<WorkerParts> {
    this.#workers ??= this.host()
      .workerAssets()
      .then((assets) => this.environment.loadWorkers(assets))
      .catch((error: unknown) => {
        // What could not be fetched is asked for again with the next training.
        this.#workers = undefined;
        throw error;
      });
    return this.#workers;
  }
}
