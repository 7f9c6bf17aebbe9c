import { type Dataset, summarise } from '../../src/core/data/dataset';
import type { DrawnDigits } from '../../src/core/data/drawnDigits';
import { folderName } from '../../src/core/data/folder';
import { datasetFromIdx } from '../../src/core/data/idx';
import { shapeOf } from '../../src/core/experiment/backendMemory';
import { type BackendChoice, type DataSource, type ExperimentConfig, isOnGpu } from '../../src/core/experiment/config';
import { messageOf } from '../../src/core/format/errors';
import { listInWords } from '../../src/core/format/list';
import type { RunNews } from '../../src/core/runs/news';
import { networkName } from '../../src/core/runs/overlay';
import type { NetworkRecord } from '../../src/core/runs/record';
import { parseRun } from '../../src/core/runs/serialise';
import type { Remote } from '../../src/protocol/contract';
import type { Problem, RunJob, runsHostContract } from '../../src/protocol/pages/runs';
import type { BackendFiles } from '../../src/protocol/workers/backendFiles';
import type { BackendMemory } from '../../src/session/backends';
import type { Clock } from '../../src/session/clock';
import { Comparison } from '../../src/session/comparison';
import { MemoryError, TrainingMemory } from '../../src/session/memory';
import { hasEnded } from '../../src/session/resume';
import type { WorkerHandle } from '../../src/session/trainingWorker';
import { CheckpointPost } from './checkpointPost';
import { fillsCores } from './fillsCores';

/**
 * News go to the host at most this often, and so pages draw: nothing on the way there waits for another clock. Where networks
 * have every core, telling and drawing take theirs from the training, as much of it as they are often.
 */
const NEWS_MILLISECONDS = { free: 100, full: 250 } as const;
/**
 * So much training is done again at most, where this page or a GPU goes away. Bringing them to the host is dear where the
 * window is a browser's: every five seconds they took half of what training on MNIST takes.
 */
const CHECKPOINT_MILLISECONDS = { first: 5000, next: 15_000 } as const;
/** Taking checkpoints and bringing them to the host may have this share of the time: large networks have fewer. */
const CHECKPOINT_SHARE = 0.05;
/** So long the last checkpoints may take after a stop; without them, steps since the ones before are trained again. */
const LAST_MILLISECONDS = 10_000;

export interface TrainerEnvironment {
  readonly host: Pick<
    Remote<typeof runsHostContract>,
    'readData' | 'loading' | 'prepared' | 'told' | 'checkpointPiece' | 'backendNoted' | 'ended'
  >;
  /** What starting workers takes; fetched at the first training. */
  workers(): Promise<{
    readonly binaries: BackendFiles;
    gpuBackends(): Promise<BackendFiles>;
    launch(): WorkerHandle;
  }>;
  /** What `auto` took before on this machine, for networks of a shape. */
  backendMemory(shape: string): BackendMemory;
  readonly clock: Clock;
  /** Workers that this machine carries at the same time. */
  readonly cores: number;
  /** Bytes of its memory, where they are known. */
  readonly memory?: number | undefined;
  log(level: 'info' | 'warn' | 'error', text: string): void;
}

interface Turn {
  readonly id: string;
  comparison: Comparison | undefined;
  post: CheckpointPost | undefined;
  paused: boolean;
  stopped: boolean;
}

/**
 * Trains what the host asks this page to train, and tells it everything. It shows nothing and keeps nothing: the host has
 * the truth, and the next page goes on from the last checkpoint where this one goes away.
 */
export class RunTrainer {
  #turn: Turn | undefined;
  /** One dataset is kept: the next run most often uses the same. */
  #dataset: { readonly key: string; readonly dataset: Dataset } | undefined;

  constructor(private readonly environment: TrainerEnvironment) {}

  /** Begins at once and answers nothing: all that comes of it is told. A turn before it is ended. */
  train(job: RunJob): void {
    this.#turn?.comparison?.stop();
    this.#turn?.post?.close();
    const turn: Turn = {
      id: job.turn,
      comparison: undefined,
      post: undefined,
      paused: job.resume?.paused ?? false,
      stopped: false,
    };
    this.#turn = turn;
    void this.#run(turn, job);
  }

  pause(turn: string): void {
    if (this.#turn?.id !== turn) return;
    this.#turn.paused = true;
    this.#turn.comparison?.pause();
  }

  resume(turn: string): void {
    if (this.#turn?.id !== turn) return;
    this.#turn.paused = false;
    this.#turn.comparison?.resume();
  }

  stop(turn: string): void {
    if (this.#turn?.id !== turn) return;
    this.#turn.stopped = true;
    // While the data load there is nothing to wait for.
    if (this.#turn.comparison === undefined) this.#end(this.#turn);
    else this.#turn.comparison.stop();
  }

  async #run(turn: Turn, job: RunJob): Promise<void> {
    const { host, clock, cores, memory, log } = this.environment;
    const { config } = job;
    try {
      const [dataset, { binaries, launch }] = await Promise.all([
        this.#load(turn, config.data).catch((error: unknown) => {
          throw new NoDataError(messageOf(error));
        }),
        this.#workers(config.backend),
      ]);
      if (this.#turn !== turn) return;
      // Before a run begins: one that is refused leaves the one before where it is.
      new TrainingMemory(config, dataset, memory).check();
      this.#tell(host.prepared(turn.id, summarise(dataset)));
      const told = new Batches(
        clock,
        () => NEWS_MILLISECONDS[fillsCores(turn.comparison?.run, cores) ? 'full' : 'free'],
        (news) => this.#tell(host.told(turn.id, news)),
      );
      const begun = new Set<string>();
      const post = new CheckpointPost(
        (network, piece) => host.checkpointPiece(turn.id, network, piece),
        (network, error) => log('warn', `A checkpoint of ${network} did not reach the host: ${messageOf(error)}`),
      );
      turn.post = post;
      const resume = job.resume && {
        run: parseRun(job.resume.run),
        checkpoints: new Map(job.resume.checkpoints.map(({ network, checkpoint }) => [network, checkpoint])),
      };
      const comparison = new Comparison({
        config,
        dataset,
        binaries,
        launch,
        parallel: Math.max(config.activations.length, cores),
        memory,
        id: job.runId,
        startedAt: job.startedAt,
        clock,
        ...(resume ? { resume } : {}),
        backendMemory: this.environment.backendMemory(shapeOfTraining(config, dataset)),
        onBackendNote: (text) => this.#tell(host.backendNoted(turn.id, text)),
        onNews(news) {
          told.add(news);
          // Somebody waits for the first step of each network.
          if (news.kind !== 'recorded' || begun.has(news.network)) return;
          begun.add(news.network);
          told.flush();
        },
        onCheckpoint: (network, checkpoint) => {
          // Steps first: a checkpoint never speaks of steps that the host has not heard of.
          told.flush();
          return post.add(network, checkpoint);
        },
        onChange: () => {},
        log,
      });
      turn.comparison = comparison;
      if (turn.paused) comparison.pause();
      const cancelCheckpoints = this.#checkpointOften(comparison);
      await comparison.start();
      cancelCheckpoints();
      told.flush();
      post.drop(comparison.run.networks.filter(hasEnded).map(({ id }) => id));
      await this.#within(LAST_MILLISECONDS, post.whole());
      post.close();
      this.#end(turn, failureOf(comparison, config));
    } catch (error) {
      if (this.#turn !== turn) return;
      const message = messageOf(error);
      log('error', message);
      const again = job.resume === undefined ? [] : (['continueRun'] as const);
      this.#end(turn, { message, waysOut: [...again, ...waysOutOf(error, config.data)] });
    }
  }

  /** Until the returned function is called. The next ones are asked for once those before are with the host. */
  #checkpointOften(comparison: Comparison): () => void {
    const { clock } = this.environment;
    let over = false;
    let cancel = () => {};
    const next = (rest: number) => {
      cancel = clock.after(rest, async () => {
        const started = clock.now();
        await comparison.checkpoint();
        const took = clock.now() - started;
        if (!over) next(Math.max(CHECKPOINT_MILLISECONDS.next, took / CHECKPOINT_SHARE));
      });
    };
    next(CHECKPOINT_MILLISECONDS.first);
    return () => {
      over = true;
      cancel();
    };
  }

  /** Waits no longer than that. */
  async #within(milliseconds: number, done: Promise<void>): Promise<void> {
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.environment.clock.after(milliseconds, resolve);
    });
    await Promise.race([done, late]);
    cancel();
  }

  #end(turn: Turn, problem?: Problem): void {
    if (this.#turn === turn) this.#turn = undefined;
    this.#tell(this.environment.host.ended(turn.id, problem));
  }

  /** What starting workers takes, with the files of all backends that this choice may come to. */
  async #workers(backend: BackendChoice): Promise<{ readonly binaries: BackendFiles; launch(): WorkerHandle }> {
    const { binaries, gpuBackends, launch } = await this.environment.workers();
    const mayBeOnGpu = backend === 'auto' || isOnGpu(backend);
    return { binaries: mayBeOnGpu ? { ...binaries, ...(await gpuBackends()) } : binaries, launch };
  }

  async #load(turn: Turn, source: DataSource): Promise<Dataset | DrawnDigits> {
    if (source.kind === 'digits') return { drawn: 'digits' };
    const { host } = this.environment;
    const key = JSON.stringify(source);
    if (this.#dataset?.key === key) return this.#dataset.dataset;
    const name = sourceName(source);
    this.#tell(host.loading(turn.id, `Reading ${name}…`));
    const dataset = datasetFromIdx(name, await host.readData(source));
    this.#dataset = { key, dataset };
    return dataset;
  }

  /** The host is away only where the window goes, too. */
  #tell(sent: Promise<unknown>): void {
    sent.catch(() => {});
  }
}

/** The data of a training could not be had. */
class NoDataError extends Error {
  override readonly name = 'NoDataError';
}

/** Joins news that come within a moment, in their order; the first after a silence go at once. */
class Batches {
  #news: RunNews[] = [];
  #cancel: (() => void) | undefined;
  #sent = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    /** Milliseconds between two. */
    private readonly interval: () => number,
    private readonly send: (news: RunNews[]) => void,
  ) {}

  add(news: RunNews): void {
    this.#news.push(news);
    const wait = Math.max(0, this.#sent + this.interval() - this.clock.now());
    this.#cancel ??= this.clock.after(wait, () => this.flush());
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#news.length === 0) return;
    const news = this.#news;
    this.#news = [];
    this.#sent = this.clock.now();
    this.send(news);
  }
}

const shapeOfTraining = (config: ExperimentConfig, dataset: Dataset | DrawnDigits): string =>
  shapeOf(config, { ...summarise(dataset), images: 'drawn' in dataset ? undefined : dataset.train.images });

const sourceName = (source: Exclude<DataSource, { kind: 'digits' }>): string =>
  source.kind === 'mnist' ? 'MNIST' : folderName(source.folder);

function failureOf({ run }: Comparison, config: ExperimentConfig): Problem | undefined {
  const failed = run.networks.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return undefined;
  const reason = failed.find(({ message }) => message !== undefined)?.message;
  const alike = failed.filter(({ message }) => message === reason);
  const others = failed.filter((record) => !alike.includes(record));
  const named = (records: readonly NetworkRecord[]) => listInWords(records.map((record) => networkName(run, record)));
  const which = alike.length === run.networks.length ? '' : `${named(alike)}: `;
  const also = others.length === 0 ? '' : ` ${named(others)} failed, too.`;
  const useWasm = config.backend === 'wasm' ? [] : (['useWasm'] as const);
  return {
    message: `${which}${reason ?? 'No reason was given.'}${also}`,
    waysOut: ['continueRun', ...useWasm, 'runAgain', 'showLog'],
  };
}

/** The sentence about memory says what to choose; the same again would be refused again. */
function waysOutOf(error: unknown, source: DataSource): Problem['waysOut'] {
  if (error instanceof NoDataError) return waysToData(source);
  return error instanceof MemoryError ? ['showLog'] : ['runAgain', 'showLog'];
}

const waysToData = ({ kind }: DataSource): Problem['waysOut'] => {
  if (kind === 'folder') return ['chooseFolder', 'useDigits', 'showLog'];
  return kind === 'mnist' ? ['downloadMnist', 'chooseFolder', 'useDigits', 'showLog'] : ['runAgain', 'showLog'];
};
