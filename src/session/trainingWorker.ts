import type { NetworkCheckpoint } from '../core/runs/checkpoint';
import type { RunNews } from '../core/runs/news';
import type { NetworkRecord, NetworkState } from '../core/runs/record';
import { type Channel, connect, type Transport } from '../protocol/channel';
import { trainingContract, trainingNewsContract } from '../protocol/workers/training';
import { type Clock, Stopwatch } from './clock';

/** A training worker as its environment starts it: a Web Worker in the page, a worker thread in the terminal. */
export interface WorkerHandle {
  readonly transport: Transport;
  terminate(): void;
  /** Calls back once where the worker dies of itself, with the reason. */
  onDied(listener: (reason: string) => void): void;
}

/** What a worker lets its comparison know. */
export interface TrainingListener {
  told(training: Training, news: RunNews): void;
  stateChanged(training: Training, state: NetworkState): void;
  checkpointed(training: Training, checkpoint: NetworkCheckpoint): void;
  died(training: Training, reason: string): void;
  /** A message of the worker could not be taken. */
  problem(training: Training, error: Error): void;
}

/** One worker with the network that it trains, from its start to its end. */
export class Training {
  readonly remote: Channel<typeof trainingContract>['remote'];
  /** Training time of the network, also before it was resumed. */
  readonly watch: Stopwatch;
  /** Seconds that the network trained before this worker. */
  readonly before: number;
  /** Resolves once it is closed. */
  readonly over: Promise<void>;
  /** False while the worker still prepares. */
  prepared = false;
  /** Resolves with the reason where the worker dies of itself. */
  readonly death: Promise<string>;
  /** The same, once it has. */
  dead: string | undefined;
  readonly #close: (reason: string | undefined) => void;

  constructor(
    readonly record: NetworkRecord,
    handle: WorkerHandle,
    clock: Clock,
    listener: TrainingListener,
  ) {
    this.before = record.seconds;
    this.watch = new Stopwatch(clock, record.seconds);
    const network = record.id;
    const channel = connect(
      handle.transport,
      trainingNewsContract,
      {
        recorded: (steps, probes) => listener.told(this, { kind: 'recorded', network, steps, probes }),
        epochEnded: (row) => listener.told(this, { kind: 'epochEnded', network, row }),
        stateChanged: (state) => {
          if (state === 'running') this.watch.start();
          else this.watch.stop();
          listener.stateChanged(this, state);
        },
        checkpointed: (checkpoint) => listener.checkpointed(this, checkpoint),
      },
      trainingContract,
      (error) => listener.problem(this, error),
      `The worker that trains ${network}`,
    );
    this.remote = channel.remote;
    this.death = new Promise((resolve) =>
      handle.onDied((reason) => {
        if (this.dead !== undefined) return;
        this.dead = reason;
        resolve(reason);
        listener.died(this, reason);
      }),
    );
    let settle: () => void = () => {};
    this.over = new Promise<void>((resolve) => {
      settle = resolve;
    });
    this.#close = (reason) => {
      this.watch.stop();
      channel.close(reason);
      handle.terminate();
      settle();
    };
  }

  /** Ends the worker; open requests fail with the reason. */
  close(reason?: string): void {
    this.#close(reason);
  }
}
