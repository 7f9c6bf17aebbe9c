import type { Dataset } from '../../src/core/data/dataset';
import { drawDigitsInSlices } from '../../src/core/data/digits';
import { datasetFromIdx } from '../../src/core/data/idx';
import { type DataSource, type ExperimentConfig, paperConfig } from '../../src/core/experiment/config';
import type { FlowConfig } from '../../src/core/flow/config';
import { parseRun, serialiseRun } from '../../src/core/runs/serialise';
import { judgeAll } from '../../src/core/verdicts/judge';
import { type Channel, connect, type Transport } from '../../src/protocol/channel';
import { hostContract, pageContract, type RunStatus } from '../../src/protocol/pages/compare';
import { Comparison } from '../../src/session/comparison';
import { ValueStore } from '../kit/store';
import { launchBrowserWorker, loadWorkerParts, type WorkerParts } from '../shell/workers';
import type { ErrorAction, PageActions, PageState } from './state';

/** The page draws at most this often. */
const REFRESH_MILLISECONDS = 100;
/** The status bar hears at most this often, and a run is kept at least this often while it trains. */
const STATUS_MILLISECONDS = 500;
const KEEP_MILLISECONDS = 5000;

export interface PageEnvironment {
  readonly transport: Transport;
  /** Survives a reload of the window with the panel. */
  remember(state: { config: ExperimentConfig }): void;
}

/**
 * The page's life: it asks the host what to show, loads data, runs the comparison in its workers, and keeps the state
 * that the page draws. It owns the workers and the run; the host keeps a copy of the run for reloads.
 */
export class PageSession implements PageActions {
  readonly store: ValueStore<PageState>;
  readonly #host: Channel<typeof hostContract>['remote'];
  #comparison: Comparison | undefined;
  #parts: Promise<WorkerParts> | undefined;
  #urls: { worker: string; wasm: Record<string, string> } | undefined;
  #dataset: { key: string; dataset: Dataset } | undefined;
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;
  #lastStatus = 0;
  #lastKept = 0;
  /** Raised by every start, so that a start overtaken while it loads gives up. */
  #generation = 0;

  constructor(private readonly environment: PageEnvironment) {
    this.store = new ValueStore<PageState>({
      phase: 'idle',
      config: paperConfig,
      run: undefined,
      revision: 0,
      verdicts: new Map(),
      progress: 0,
      epoch: 0,
      secondsLeft: undefined,
      stepsPerSecond: undefined,
      loadingText: '',
      error: undefined,
      download: undefined,
      mnistStored: false,
      restored: false,
    });
    this.#host = connect(
      environment.transport,
      pageContract,
      {
        start: (config) => this.start(config),
        pause: () => this.pause(),
        resume: () => this.resume(),
        stop: () => this.stop(),
        runAgain: () => this.runAgain(),
        downloadProgress: (download) => this.store.set({ download }),
      },
      hostContract,
      (error) => this.#log('error', error.message),
    ).remote;
  }

  /** Asks the host what to show, and starts where it says so. */
  async open(): Promise<void> {
    try {
      const { config, autostart, run, worker, wasm } = await this.#host.ready();
      this.#urls = { worker, wasm };
      this.store.set({ config });
      void this.#host.hasMnist().then(
        (mnistStored) => this.store.set({ mnistStored }),
        () => {},
      );
      if (autostart) this.start(config);
      else if (run !== undefined) await this.#restore(run);
    } catch (error) {
      this.#fail(error, ['showLog']);
    }
  }

  start(config: ExperimentConfig): void {
    void this.#run(config);
  }

  pause(): void {
    this.#comparison?.pause();
    this.#refresh();
  }

  resume(): void {
    this.#comparison?.resume();
    this.#refresh();
  }

  stop(): void {
    this.#generation++;
    if (this.store.get().phase === 'loading') this.store.set({ phase: 'stopped', loadingText: '' });
    this.#comparison?.stop();
    this.#refresh();
  }

  runAgain(): void {
    const { run, config } = this.store.get();
    this.start(run?.config ?? config);
  }

  chooseFolder(): Promise<string | null> {
    return this.#host.chooseFolder().catch((error: unknown) => {
      this.#fail(error, ['showLog']);
      return null;
    });
  }

  downloadMnist(): void {
    this.#host.downloadMnist().then(
      (done) => this.store.set({ download: undefined, ...(done ? { mnistStored: true } : {}) }),
      (error: unknown) => {
        this.store.set({ download: undefined });
        this.#fail(error, ['downloadMnist', 'chooseFolder', 'showLog']);
      },
    );
  }

  copyText(text: string): void {
    this.#host.copyText(text).catch((error: unknown) => this.#fail(error, ['showLog']));
  }

  openCalculator(config: FlowConfig): void {
    this.#host.openCalculator(config).catch((error: unknown) => this.#fail(error, ['showLog']));
  }

  saveFile(name: string, content: string | Uint8Array): void {
    this.#host.saveFile(name, content).catch((error: unknown) => this.#fail(error, ['showLog']));
  }

  showLog(): void {
    void this.#host.showLog().catch(() => {});
  }

  dismissError(): void {
    this.store.set({ error: undefined });
  }

  async #run(config: ExperimentConfig): Promise<void> {
    const generation = ++this.#generation;
    this.#comparison?.stop();
    this.#comparison = undefined;
    this.environment.remember({ config });
    this.store.set({
      phase: 'loading',
      config,
      run: undefined,
      verdicts: new Map(),
      progress: 0,
      epoch: 0,
      secondsLeft: undefined,
      stepsPerSecond: undefined,
      loadingText: 'Loading the data…',
      error: undefined,
      restored: false,
    });
    this.#tellStatus();
    try {
      const [dataset, parts] = await Promise.all([this.#load(config.data), this.#workerParts()]);
      if (generation !== this.#generation) return;
      const comparison = new Comparison({
        config,
        dataset,
        binaries: parts.binaries,
        launch: () => launchBrowserWorker(parts.script),
        parallel: Math.max(config.activations.length, navigator.hardwareConcurrency || 2),
        id: crypto.randomUUID(),
        startedAt: new Date().toISOString(),
        onChange: () => this.#refreshSoon(),
        log: (level, text) => this.#log(level, text),
      });
      this.#comparison = comparison;
      this.#refresh();
      await comparison.start();
      if (generation === this.#generation || this.#comparison === comparison) this.#refresh();
      await this.#keep(comparison);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.store.set({ phase: 'failed', loadingText: '' });
      this.#fail(error, waysOut(config));
      this.#tellStatus();
    }
  }

  async #load(source: DataSource): Promise<Dataset> {
    const key = JSON.stringify(source);
    if (this.#dataset?.key === key) return this.#dataset.dataset;
    const dataset = source.kind === 'digits' ? await this.#draw() : await this.#read(source);
    // One dataset is kept: the next run most often uses the same.
    this.#dataset = { key, dataset };
    return dataset;
  }

  async #draw(): Promise<Dataset> {
    const slices = drawDigitsInSlices();
    for (let slice = slices.next(); ; slice = slices.next()) {
      if (slice.done) return slice.value;
      this.store.set({ loadingText: `Drawing the digits… ${Math.round(100 * slice.value)} %` });
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  async #read(source: DataSource): Promise<Dataset> {
    const files = await this.#host.readData(source);
    const name =
      source.kind === 'folder'
        ? decodeURIComponent(
            source.folder
              .replace(/[/\\]+$/, '')
              .split(/[/\\]/)
              .at(-1) ?? source.folder,
          )
        : 'MNIST';
    return datasetFromIdx(name, files);
  }

  #workerParts(): Promise<WorkerParts> {
    if (!this.#urls) throw new Error('The page has not heard from the extension yet.');
    this.#parts ??= loadWorkerParts(this.#urls.worker, this.#urls.wasm).catch((error: unknown) => {
      this.#parts = undefined;
      throw error;
    });
    return this.#parts;
  }

  async #restore(text: string): Promise<void> {
    try {
      const run = parseRun(text);
      const interrupted = run.networks.some(({ state }) => state === 'interrupted');
      const epoch = Math.max(0, ...run.networks.map(({ epochs }) => epochs.length));
      this.store.set({
        phase: interrupted ? 'stopped' : 'finished',
        run,
        config: run.config,
        verdicts: judgeAll(run),
        progress: 1,
        epoch,
        restored: true,
        revision: this.store.get().revision + 1,
      });
      this.#tellStatus();
    } catch (error) {
      await this.#host.setRunAside().catch(() => {});
      this.#fail(error, ['runAgain', 'showLog']);
    }
  }

  #refreshSoon(): void {
    this.#refreshTimer ??= setTimeout(() => this.#refresh(), REFRESH_MILLISECONDS);
  }

  #refresh(): void {
    clearTimeout(this.#refreshTimer);
    this.#refreshTimer = undefined;
    const comparison = this.#comparison;
    if (!comparison) return;
    const { run, progress, seconds } = comparison;
    const before = this.store.get().phase;
    const phase = phaseOf(comparison);
    const training = phase === 'running' || phase === 'paused';
    const { error } = this.store.get();
    this.store.set({
      phase,
      run,
      revision: this.store.get().revision + 1,
      verdicts: new Map(comparison.verdicts),
      progress,
      epoch: comparison.epoch,
      // Before the first tenth of a second there is nothing to go by.
      secondsLeft: training && progress > 0.005 ? (seconds * (1 - progress)) / progress : undefined,
      stepsPerSecond: comparison.recordedSteps > 0 && seconds > 0 ? comparison.recordedSteps / seconds : undefined,
      loadingText: '',
      error: phase === 'failed' ? failureOf(comparison) : error,
    });
    const now = performance.now();
    if (phase !== before || now - this.#lastStatus >= STATUS_MILLISECONDS) this.#tellStatus();
    if (now - this.#lastKept >= KEEP_MILLISECONDS && training) void this.#keep(comparison);
  }

  /** Hands the run as it is to the host, so that a reload does not lose it. */
  async #keep(comparison: Comparison): Promise<void> {
    this.#lastKept = performance.now();
    if (comparison.recordedSteps === 0) return;
    try {
      await this.#host.saveRun(serialiseRun(comparison.run));
    } catch (error) {
      this.#fail(error, ['showLog'], 'The results could not be kept for a reload: ');
    }
  }

  #tellStatus(): void {
    this.#lastStatus = performance.now();
    const { phase, epoch, progress, secondsLeft, run, config, verdicts, loadingText, error } = this.store.get();
    const epochs = (run?.config ?? config).epochs;
    const ended = phase === 'finished' || phase === 'stopped';
    const sentences = [...verdicts.values()].map(({ text }) => text).join(' ');
    const text = error?.message ?? (ended && sentences ? sentences : loadingText || `Epoch ${epoch} of ${epochs}.`);
    const status: RunStatus = {
      phase,
      epoch,
      epochs,
      progress,
      text,
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
    };
    void this.#host.status(status).catch(() => {});
  }

  #fail(error: unknown, actions: readonly ErrorAction[], prefix = ''): void {
    const message = prefix + (error instanceof Error ? error.message : String(error));
    this.#log('error', message);
    this.store.set({ error: { message, actions } });
  }

  #log(level: 'info' | 'warn' | 'error', text: string): void {
    void this.#host.log(level, text).catch(() => {});
  }
}

function phaseOf({ state, run }: Comparison): RunStatus['phase'] {
  if (state === 'paused') return 'paused';
  if (state === 'running') return 'running';
  const states = run.networks.map((network) => network.state);
  if (states.every((each) => each === 'failed')) return 'failed';
  return states.some((each) => each === 'stopped') ? 'stopped' : 'finished';
}

function failureOf({ run }: Comparison): PageState['error'] {
  const message = run.networks.find(({ message }) => message !== undefined)?.message ?? 'No network could be trained.';
  return {
    message,
    actions: run.config.backend === 'wasm' ? ['runAgain', 'showLog'] : ['useWasm', 'runAgain', 'showLog'],
  };
}

function waysOut({ data }: ExperimentConfig): ErrorAction[] {
  if (data.kind === 'folder') return ['chooseFolder', 'useDigits', 'showLog'];
  return data.kind === 'mnist' ? ['downloadMnist', 'chooseFolder', 'useDigits', 'showLog'] : ['runAgain', 'showLog'];
}
