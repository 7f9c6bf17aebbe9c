import type { DatasetFile } from '../../../src/core/data/dataset';
import { digitsWhenWanted } from '../../../src/core/data/digits';
import { encodeIdx } from '../../../src/core/data/idx';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import { createRandom } from '../../../src/core/math/random';
import type { RunRecord } from '../../../src/core/runs/record';
import { startBackend } from '../../../src/engine/backends/start';
import { Trainer } from '../../../src/engine/train/trainer';
import type { Clock } from '../../../src/host/clock';
import type { RunPage } from '../../../src/host/runs/audience';
import { Conductor } from '../../../src/host/runs/conductor';
import type { RunFiles } from '../../../src/host/runs/runFiles';
import { RunStore } from '../../../src/host/runs/runStore';
import { connect, type Transport } from '../../../src/protocol/channel';
import { runsHostContract, runsPageContract } from '../../../src/protocol/pages/runs';
import { overJson } from '../../../src/protocol/plainNumbers';
import { trainingContract, trainingNewsContract } from '../../../src/protocol/workers/training';
import type { WorkerHandle } from '../../../src/session/trainingWorker';
import { RunFollower } from '../../../webview/run/follower';
import { wire } from '../webview/scripted';
import { Disk, HandClock, settled } from './memoryFiles';

/** 64 pictures of 2 × 4 pixels, in batches of 16: 4 steps an epoch. */
const TRAIN = 64;
export const PER_EPOCH = 4;
export const STEPS = 4 * PER_EPOCH;

export const config: ExperimentConfig = {
  ...paperConfig,
  data: { kind: 'folder', folder: '/data/tiny' },
  activations: ['tanh', 'relu'],
  hidden: [6, 5],
  kernelInitializer: { kind: 'glorot_uniform' },
  optimizer: 'adam',
  learningRate: 0.02,
  batchSize: 16,
  epochs: STEPS / PER_EPOCH,
  backend: 'cpu',
};

const files: readonly DatasetFile[] = (() => {
  const random = createRandom(3, 'pictures');
  const of = (count: number, of: number) => Uint8Array.from({ length: count }, () => random.below(of));
  return [
    { name: 'train-images-idx3-ubyte', bytes: encodeIdx([TRAIN, 2, 4], of(8 * TRAIN, 256)) },
    { name: 'train-labels-idx1-ubyte', bytes: encodeIdx([TRAIN], of(TRAIN, 3)) },
    { name: 't10k-images-idx3-ubyte', bytes: encodeIdx([20, 2, 4], of(8 * 20, 256)) },
    { name: 't10k-labels-idx1-ubyte', bytes: encodeIdx([20], of(20, 3)) },
  ];
})();

/** What all windows share: a disk, time, and the test's eye on every step. */
export class World {
  readonly disk = new Disk();
  readonly clock = new HandClock();
  readonly reports: string[] = [];
  readonly problems: string[] = [];
  /** Milliseconds that pass with every step of a network. */
  pace = 40;
  /** Data that are asked for now do not come. */
  holdData = false;
  /** Called in the worker once it has told a step. */
  onStep: (network: string, steps: number, page: Page) => void = () => {};
}

/** A clock, for as long as somebody lives. */
const clockWhile = (clock: HandClock, lives: () => boolean): Clock => ({
  now: () => clock.now(),
  after: (milliseconds, call) =>
    clock.after(milliseconds, () => {
      if (lives()) call();
    }),
});

/** Messages as VS Code carries them: JSON, and bytes aside. */
const likeVsCode = (transport: Transport): Transport =>
  overJson({
    post(message) {
      const views: ArrayBufferView[] = [];
      const text = JSON.stringify(message, (_, value: unknown) =>
        ArrayBuffer.isView(value) ? { $view: views.push(value) - 1 } : value,
      );
      transport.post(
        JSON.parse(text, (_, value: { $view?: number } | null) =>
          typeof value === 'object' && value?.$view !== undefined ? views[value.$view] : value,
        ),
      );
    },
    listen: transport.listen,
  });

/** A way on which some messages never arrive. */
const lossy = (transport: Transport, loses: (method: string) => boolean): Transport => ({
  post: transport.post,
  listen: (receive) =>
    transport.listen((message) => {
      const { m } = (message as { body: { m?: string } }).body;
      if (m === undefined || !loses(m)) receive(message);
    }),
});

/** The extension host of one window, with its pages. */
export class Window {
  readonly store: RunStore;
  readonly conductor: Conductor;
  readonly pages = new Set<Page>();
  /** Pages that were opened because there was none. */
  summoned = 0;
  lives = true;

  constructor(
    readonly world: World,
    owner = 'a',
  ) {
    const clock = clockWhile(world.clock, () => this.lives);
    this.store = new RunStore({
      files: this.#files(),
      clock,
      owner,
      report: (sentence) => void world.reports.push(sentence),
    });
    let ids = 0;
    this.conductor = new Conductor({
      keeping: this.store,
      ready: this.store.open(),
      clock,
      defaults: () => config,
      newId: () => `run-${owner}${ids++}`,
      now: () => new Date(world.clock.now()),
      summonPage: () => {
        this.summoned++;
        void this.open();
      },
      onStatus: () => {},
      log: (level, text) => {
        if (level === 'error') world.problems.push(text);
      },
    });
  }

  /** A page, following. */
  async open(): Promise<Page> {
    const page = new Page(this);
    this.pages.add(page);
    await page.follower.open();
    return page;
  }

  /** The window goes away without a word. */
  die(): void {
    this.lives = false;
    for (const page of this.pages) page.vanish();
  }

  /** Trains the settings from beginning to end, unless something comes in between. */
  async train(page?: Page): Promise<void> {
    if (page === undefined) await this.conductor.start(config);
    else await page.host.startRun(config);
  }

  /** Files of a window that is gone are out of its reach. */
  #files(): RunFiles {
    const own = this.world.disk.window();
    const check = () => {
      if (!this.lives) throw new Error('the window is gone');
    };
    const guarded = Object.entries(own).map(([name, call]: [string, (...args: never[]) => Promise<unknown>]) => [
      name,
      async (...args: never[]) => {
        check();
        return call(...args);
      },
    ]);
    return Object.fromEntries(guarded) as RunFiles;
  }
}

/** A page that follows and trains, with workers that have the real engine. */
export class Page {
  readonly follower: RunFollower;
  /** The host, as the page asks it. */
  readonly host;
  readonly #workers = new Set<RealWorker>();
  readonly #detach: () => void;
  readonly #closeChannel: () => void;
  readonly #cut: () => void;
  isOpen = true;
  /** Whether a message of the host does not arrive, by its method. */
  loses: (method: string) => boolean = () => false;

  constructor(private readonly window: Window) {
    const { world, conductor } = window;
    const { here, there, cut } = wire();
    this.#cut = cut;
    let remote: RunPage | undefined;
    const { desk, detach } = conductor.attach(() => remote!);
    this.#detach = detach;
    const problem = ({ message }: Error) => void world.problems.push(message);
    const service = {
      ...desk,
      workerAssets: () => ({ worker: 'worker.js', files: {} }),
      readData: () => (world.holdData ? new Promise<never>(() => {}) : [...files]),
      chooseFolder: () => null,
      downloadMnist: () => false,
      hasMnist: () => false,
      recallBackend: () => undefined,
      keepBackend: () => undefined,
      forgetBackend: () => undefined,
    };
    const hostEnd = connect(likeVsCode(here), runsHostContract, service, runsPageContract, problem);
    remote = hostEnd.remote;
    this.#closeChannel = () => hostEnd.close('The page was closed.');
    this.follower = new RunFollower(
      () => this.host,
      {
        clock: clockWhile(world.clock, () => this.isOpen && window.lives),
        cores: 2,
        machine: () => 'a machine',
        loadWorkers: async () => ({ binaries: {}, gpuBackends: async () => ({}), launch: () => this.#launch() }),
      },
      (level, text) => {
        if (level === 'error') world.problems.push(text);
      },
    );
    this.host = connect(
      lossy(likeVsCode(there), (method) => this.loses(method)),
      runsPageContract,
      this.follower.service(),
      runsHostContract,
      problem,
    ).remote;
  }

  /** What it shows. */
  get shown(): RunRecord | undefined {
    return this.follower.mirror.store.get().run;
  }

  get trains(): boolean {
    return this.#workers.size > 0;
  }

  /** The person closes it: all that it does ends on the spot. */
  close(): void {
    if (!this.isOpen) return;
    this.vanish();
    this.window.pages.delete(this);
    this.#closeChannel();
    this.#detach();
  }

  /** It is gone, and nobody hears of it. */
  vanish(): void {
    this.isOpen = false;
    this.#cut();
    for (const worker of this.#workers) worker.handle.terminate();
  }

  /** A worker dies of itself. */
  kill(network: string, reason = 'out of memory'): void {
    for (const worker of [...this.#workers]) if (worker.network === network) worker.die(reason);
  }

  #launch(): WorkerHandle {
    const { world } = this.window;
    const worker = new RealWorker(
      (network, steps) => {
        world.clock.turn(world.pace);
        world.onStep(network, steps, this);
      },
      () => this.#workers.delete(worker),
    );
    this.#workers.add(worker);
    return worker.handle;
  }
}

/** Serves the contract as `src/engine/worker.ts` does, in this process, with a turn after every step. */
class RealWorker {
  readonly handle: WorkerHandle;
  network = '';
  #trainer: Trainer | undefined;
  #lives = true;
  #died: (reason: string) => void = () => {};
  readonly #cut: () => void;

  constructor(
    onStep: (network: string, steps: number) => void,
    private readonly onEnd: () => void,
  ) {
    const { here, there, cut } = wire();
    this.#cut = cut;
    let now = 0;
    const hurried = () => {
      now += 3000;
      return now;
    };
    const { remote: news } = connect(
      there,
      trainingContract,
      {
        prepare: async (job, given) => {
          const dataset = 'drawn' in given ? digitsWhenWanted() : given;
          await startBackend('cpu', {});
          this.network = `${job.activation}#${job.seed}`;
          this.#trainer = new Trainer(
            job,
            dataset,
            {
              recorded: (steps, probes) => {
                if (!this.#lives) return;
                void news.recorded(steps, probes);
                onStep(this.network, steps.firstStep + steps.loss.length);
              },
              epochEnded: (row) => void news.epochEnded(row),
              stateChanged: (state) => void news.stateChanged(state),
              checkpointed: (checkpoint) => void news.checkpointed(checkpoint),
            },
            hurried,
          );
          return { computedBy: 'operations of tfjs' };
        },
        train: () => this.#trainer!.train(),
        pause: () => this.#trainer?.pause(),
        resume: () => this.#trainer?.resume(),
        stop: () => this.#trainer?.stop(),
        checkpoint: () => this.#trainer?.checkpoint(),
      },
      trainingNewsContract,
      () => {},
    );
    this.handle = {
      transport: here,
      terminate: () => this.#end(),
      onDied: (listener) => {
        this.#died = listener;
      },
    };
  }

  die(reason: string): void {
    this.#end();
    this.#died(reason);
  }

  #end(): void {
    if (!this.#lives) return;
    this.#lives = false;
    this.#cut();
    // In a process of its own it would be gone; here it gives its tensors back.
    this.#trainer?.stop();
    this.onEnd();
  }
}

/** Lets everything go on until something is so. No time passes but that of the steps. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 20_000; i++) {
    if (isSo()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`It never came that ${what}.`);
}

/** A moment in which news that were held back are told. */
export async function moment({ clock }: World): Promise<void> {
  for (let i = 0; i < 3; i++) {
    clock.turn(100);
    await settled();
  }
}
