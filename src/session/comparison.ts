import { type Dataset, summarise } from '../core/data/dataset';
import type { BackendName, ExperimentConfig } from '../core/experiment/config';
import type { NetworkCheckpoint } from '../core/runs/checkpoint';
import { createRunRecord, isOver, type NetworkRecord, type RunRecord } from '../core/runs/record';
import { judge } from '../core/verdicts/judge';
import type { Verdict } from '../core/verdicts/verdict';
import { type Channel, connect, type Transport } from '../protocol/channel';
import {
  type BackendTrial,
  trainingContract,
  trainingNewsContract,
  type WasmBinaries,
} from '../protocol/workers/training';

/** A training worker as its environment starts it: a Web Worker in the page, a worker thread in the terminal. */
export interface WorkerHandle {
  readonly transport: Transport;
  terminate(): void;
  /** Calls back once where the worker dies of itself, with the reason. */
  onDied(listener: (reason: string) => void): void;
}

export interface ComparisonOptions {
  readonly config: ExperimentConfig;
  readonly dataset: Dataset;
  readonly binaries: WasmBinaries;
  readonly launch: () => WorkerHandle;
  /** Networks that train at the same time. */
  readonly parallel: number;
  readonly id: string;
  /** ISO 8601 */
  readonly startedAt: string;
  /** A network can go on from here. */
  onCheckpoint?(network: string, checkpoint: NetworkCheckpoint): void;
  /** Something in `run` or `verdicts` changed. */
  onChange(): void;
  log(level: 'info' | 'warn' | 'error', text: string): void;
}

interface Training {
  readonly record: NetworkRecord;
  readonly handle: WorkerHandle;
  readonly channel: Channel<typeof trainingContract>;
  readonly over: Promise<void>;
  readonly settle: () => void;
  /** False while the worker still prepares. */
  training: boolean;
}

/** A worker gets this long to stop by itself, so that its last steps are told; then it is ended. */
const STOP_GRACE = 200;

/**
 * Trains all networks of a comparison, a worker each, and keeps what they tell. The page and the terminal command both
 * run this; it knows neither.
 */
export class Comparison {
  readonly run: RunRecord;
  readonly verdicts = new Map<string, Verdict>();
  /** What `auto` measured; empty for a chosen backend. */
  trials: readonly BackendTrial[] = [];
  readonly #active = new Map<string, Training>();
  readonly #stepsPerNetwork: number;
  #state: 'running' | 'paused' | 'stopped' | 'over' = 'running';
  #activeSince = performance.now();
  #activeMilliseconds = 0;

  constructor(private readonly options: ComparisonOptions) {
    const { config, dataset, id, startedAt } = options;
    this.run = createRunRecord(id, startedAt, config, summarise(dataset));
    this.#stepsPerNetwork = config.epochs * Math.ceil(dataset.train.labels.length / config.batchSize);
  }

  get state(): 'running' | 'paused' | 'stopped' | 'over' {
    return this.#state;
  }

  get recordedSteps(): number {
    return this.run.networks.reduce((sum, { steps }) => sum + steps.count, 0);
  }

  /** 0 … 1; networks that ended early count as done. */
  get progress(): number {
    const share = ({ state, steps }: NetworkRecord) => (isOver(state) ? 1 : steps.count / this.#stepsPerNetwork);
    return this.run.networks.reduce((sum, network) => sum + share(network), 0) / this.run.networks.length;
  }

  /** Epoch in progress of the slowest network that trains, from 1. */
  get epoch(): number {
    const epochs = this.run.networks
      .filter(({ state }) => !isOver(state) && state !== 'waiting')
      .map((n) => n.epochs.length + 1);
    const { epochs: last } = this.options.config;
    return Math.min(
      last,
      epochs.length > 0 ? Math.min(...epochs) : Math.max(0, ...this.run.networks.map((n) => n.epochs.length)),
    );
  }

  /** Seconds of training so far, without pauses. */
  get seconds(): number {
    const running = this.#state === 'running' ? performance.now() - this.#activeSince : 0;
    return (this.#activeMilliseconds + running) / 1000;
  }

  /** Trains to the end; resolves also where networks fail (their records say so). */
  async start(): Promise<void> {
    const waiting = [...this.run.networks];
    const { config, parallel } = this.options;
    const lanes: Promise<void>[] = [];
    let backend: BackendName | undefined = config.backend === 'auto' ? undefined : config.backend;
    const first = waiting[0];
    if (backend === undefined && first) {
      // Trials of several workers at once would measure each other: the first one measures for all.
      waiting.shift();
      const launched = this.#launch(first, undefined);
      backend = await launched.backend;
      lanes.push(launched.over.then(() => this.#lane(waiting, backend)));
    }
    while (lanes.length < parallel) lanes.push(this.#lane(waiting, backend));
    await Promise.all(lanes);
    this.#settle();
  }

  pause(): void {
    if (this.#state !== 'running') return;
    this.#stopClock();
    this.#state = 'paused';
    for (const { channel } of this.#active.values()) void channel.remote.pause().catch(() => {});
    this.#changed();
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    this.#activeSince = performance.now();
    for (const { channel } of this.#active.values()) void channel.remote.resume().catch(() => {});
    this.#changed();
  }

  /** Ends all networks after their step in progress; what they recorded stays. */
  stop(): void {
    if (this.#state === 'over' || this.#state === 'stopped') return;
    if (this.#state === 'running') this.#stopClock();
    this.#state = 'stopped';
    for (const record of this.run.networks) if (record.state === 'waiting') record.state = 'stopped';
    for (const training of this.#active.values()) {
      if (!training.training) {
        this.#end(training, 'stopped');
        continue;
      }
      void training.channel.remote.stop().catch(() => {});
      const timer = setTimeout(() => this.#end(training, 'stopped'), STOP_GRACE);
      void training.over.then(() => clearTimeout(timer));
    }
    this.#changed();
  }

  /** Trains one waiting network after the other. */
  async #lane(waiting: NetworkRecord[], backend: BackendName | undefined): Promise<void> {
    for (let record = waiting.shift(); record !== undefined; record = waiting.shift()) {
      if (this.#state === 'stopped') return;
      await this.#launch(record, backend).over;
    }
  }

  /** Starts a worker for one network. `backend` is what it chose; undefined where it failed before. */
  #launch(
    record: NetworkRecord,
    chosen: BackendName | undefined,
  ): { over: Promise<void>; backend: Promise<BackendName | undefined> } {
    const { config, dataset, binaries, log } = this.options;
    const handle = this.options.launch();
    let settle: () => void = () => {};
    const over = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const channel = connect(
      handle.transport,
      trainingNewsContract,
      {
        recorded: (steps, probes) => {
          if (isOver(record.state)) return;
          record.steps.append(steps);
          record.probes.append(probes);
          if (record.epochs.length === 0) this.#judge(record);
          this.#changed();
        },
        epochEnded: (row) => {
          if (isOver(record.state)) return;
          record.epochs.push(row);
          this.#judge(record);
          this.#changed();
        },
        stateChanged: (state) => {
          if (isOver(record.state)) return;
          record.state = state;
          this.#changed();
        },
        checkpointed: (checkpoint) => this.options.onCheckpoint?.(record.id, checkpoint),
      },
      trainingContract,
      (error) => log('error', `${record.id}: ${error.message}`),
    );
    const training: Training = { record, handle, channel, over, settle, training: false };
    this.#active.set(record.id, training);
    handle.onDied((reason) =>
      this.#end(
        training,
        'failed',
        `The worker that trained it died (${reason}). What it recorded is kept; run again.`,
      ),
    );

    record.state = 'running';
    const jobConfig = chosen === undefined ? config : { ...config, backend: chosen };
    const prepared = channel.remote
      .prepare({ config: jobConfig, activation: record.activation, seed: record.seed }, dataset, binaries)
      .then(({ backend, trials }) => {
        record.backend = backend;
        if (trials.length > 0) {
          this.trials = trials;
          log(
            'info',
            `auto chose ${backend}: ${trials.map((t) => `${t.backend} ${t.millisecondsPerStep?.toFixed(1) ?? '–'} ms a step${t.problem ? ` (${t.problem})` : ''}`).join('; ')}`,
          );
        }
        training.training = true;
        if (this.#state === 'paused') void channel.remote.pause();
        if (this.#state === 'stopped') this.#end(training, 'stopped');
        return backend;
      });
    const trained = prepared.then(() => (isOver(record.state) ? undefined : channel.remote.train()));
    trained.then(
      (outcome) => {
        if (!outcome) return;
        record.seconds = outcome.seconds;
        log(
          'info',
          `${record.id} ${outcome.state} on ${record.backend} after ${outcome.seconds.toFixed(1)} s; tensors ${outcome.tensors.early} → ${outcome.tensors.end}`,
        );
        this.#end(training, outcome.state, outcome.message);
      },
      (error: unknown) => this.#end(training, 'failed', error instanceof Error ? error.message : String(error)),
    );
    return { over, backend: prepared.catch(() => undefined) };
  }

  /** Ends a training once; later calls do nothing. */
  #end(training: Training, state: 'finished' | 'stopped' | 'diverged' | 'failed', message?: string): void {
    const { record, channel, handle } = training;
    if (!this.#active.delete(record.id)) return;
    record.state = state;
    if (message !== undefined) record.message = message;
    if (state === 'failed') this.options.log('error', `${record.id}: ${message}`);
    channel.close(message);
    handle.terminate();
    this.#judge(record);
    training.settle();
    this.#changed();
  }

  #judge(record: NetworkRecord): void {
    const verdict = judge(record, this.run.config, this.run.dataset.classes);
    if (verdict) this.verdicts.set(record.id, verdict);
  }

  #stopClock(): void {
    this.#activeMilliseconds += performance.now() - this.#activeSince;
  }

  #settle(): void {
    if (this.#state === 'running') this.#stopClock();
    this.#state = 'over';
    this.#changed();
  }

  #changed(): void {
    this.run.seconds = this.seconds;
    this.options.onChange();
  }
}
