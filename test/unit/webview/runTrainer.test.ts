import { beforeEach, describe, expect, it } from 'vitest';
import { encodeIdx } from '../../../src/core/data/idx';
import type { ChosenBackend } from '../../../src/core/experiment/backendTiming';
import type { DataSource, ExperimentConfig } from '../../../src/core/experiment/config';
import { applyNews, type RunNews } from '../../../src/core/runs/news';
import { createRunRecord, type RunRecord } from '../../../src/core/runs/record';
import { serialiseRun } from '../../../src/core/runs/serialise';
import type { Problem, RunJob } from '../../../src/protocol/pages/runs';
import type { TrainingJob } from '../../../src/protocol/workers/training';
import type { BackendMemory } from '../../../src/session/backends';
import { RunTrainer, type TrainerEnvironment } from '../../../webview/run/trainer';
import {
  checkpointAt,
  config,
  dataset,
  fakeWorker,
  handClock,
  type Script,
  STEPS,
  summary,
  tellStep,
  tensors,
  upTo,
  wellBehaved,
  withResolvers,
} from '../session/scriptedWorker';

/** After all that is under way in memory. */
async function settled(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}

const files = [
  { name: 'train-images-idx3-ubyte', bytes: encodeIdx([4, 1, 2], dataset.train.images) },
  { name: 'train-labels-idx1-ubyte', bytes: encodeIdx([4], Uint8Array.of(0, 1, 0, 1)) },
  { name: 't10k-images-idx3-ubyte', bytes: encodeIdx([2, 1, 2], dataset.test.images) },
  { name: 't10k-labels-idx1-ubyte', bytes: encodeIdx([2], Uint8Array.of(0, 1)) },
];

/** What a trainer told its host, in order. */
type Heard =
  | { what: 'loading'; text: string }
  | { what: 'prepared'; name: string }
  | { what: 'told'; news: RunNews[] }
  | { what: 'checkpointed'; network: string; step: number }
  | { what: 'noted'; text: string }
  | { what: 'ended'; problem: Problem | undefined };

/** A trainer whose host, workers, data and clock are in the test's hands. */
class Stage {
  readonly heard: (Heard & { turn: string })[] = [];
  readonly started: TrainingJob[] = [];
  /** What each worker was given to train on. */
  readonly given: unknown[] = [];
  readonly logged: string[] = [];
  readonly hand = handClock();
  script: Script = wellBehaved;
  reads = 0;
  workersAsked = 0;
  gpuBackendsAsked = 0;
  readData: TrainerEnvironment['host']['readData'] = async () => files;
  workers = async () => ({
    binaries: {},
    gpuBackends: async () => {
      this.gpuBackendsAsked++;
      return {};
    },
    launch: () => fakeWorker(this.script, this.started, this.given),
  });
  /** Called with each piece; the checkpoints here have one piece each. */
  takePiece = async (turn: string, network: string, step = Number.NaN): Promise<void> =>
    void this.heard.push({ turn, what: 'checkpointed', network, step });
  /** What is remembered of backends, by shape. */
  readonly remembered = new Map<string, ChosenBackend>();
  memoryOf = (shape: string): BackendMemory => ({
    recall: async () => this.remembered.get(shape),
    keep: (chosen) => void this.remembered.set(shape, chosen),
    forget: () => void this.remembered.delete(shape),
  });
  readonly trainer: RunTrainer;

  constructor(cores = 2) {
    const hear = async (turn: string, heard: Heard) => void this.heard.push({ turn, ...heard });
    this.trainer = new RunTrainer({
      host: {
        readData: (source) => {
          this.reads++;
          return this.readData(source);
        },
        loading: (turn, text) => hear(turn, { what: 'loading', text }),
        prepared: (turn, { name }) => hear(turn, { what: 'prepared', name }),
        told: (turn, news) => hear(turn, { what: 'told', news: structuredClone(news) }),
        checkpointPiece: (turn, network, { head }) => this.takePiece(turn, network, head?.step),
        backendNoted: (turn, text) => hear(turn, { what: 'noted', text }),
        ended: (turn, problem) => hear(turn, { what: 'ended', problem }),
      },
      backendMemory: (shape) => this.memoryOf(shape),
      workers: () => {
        this.workersAsked++;
        return this.workers();
      },
      clock: this.hand.clock,
      cores,
      log: (_level, text) => void this.logged.push(text),
    });
  }

  train(turn: string, change: Partial<ExperimentConfig> = {}, resume?: RunJob['resume']): void {
    const job = {
      turn,
      runId: 'test',
      startedAt: '2026-01-01T00:00:00Z',
      config: { ...config, data: { kind: 'mnist' } as DataSource, ...change },
    };
    this.trainer.train(resume === undefined ? job : { ...job, resume });
  }

  of(turn: string): Heard[] {
    return this.heard.filter((each) => each.turn === turn);
  }

  ends(turn: string): (Problem | undefined)[] {
    return this.of(turn).flatMap((each) => (each.what === 'ended' ? [each.problem] : []));
  }

  news(turn: string): RunNews[] {
    return this.of(turn).flatMap((each) => (each.what === 'told' ? each.news : []));
  }

  /** What somebody has who took in all news of a turn. */
  record(turn: string): RunRecord {
    const run = createRunRecord('test', '2026-01-01T00:00:00Z', config, summary);
    for (const news of this.news(turn)) applyNews(run, news);
    return run;
  }
}

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

const stepsOf = (run: RunRecord) => run.networks.map(({ steps }) => steps.count);
const statesOf = (run: RunRecord) => run.networks.map(({ state }) => state);

describe('a training', () => {
  it('tells the host its data, all its news in order, and its end, each once', async () => {
    stage.train('t');
    await settled();
    const order = stage.of('t').map(({ what }) => what);
    expect(order.slice(0, 2)).toEqual(['loading', 'prepared']);
    expect(order.at(-1)).toBe('ended');
    expect(order.filter((what) => what === 'prepared' || what === 'ended')).toHaveLength(2);
    expect(stage.ends('t')).toEqual([undefined]);
    expect(stepsOf(stage.record('t'))).toEqual([STEPS, STEPS]);
    expect(statesOf(stage.record('t'))).toEqual(['finished', 'finished']);
  });

  it.each([
    { fills: 'while a core is free', cores: 3, milliseconds: 100 },
    { fills: 'where networks have every core', cores: 2, milliseconds: 250 },
  ])(
    'tells the first news and the first step of each network at once, and joins those of the next $milliseconds ms $fills',
    async ({ cores, milliseconds }) => {
      stage = new Stage(cores);
      const going = withResolvers();
      stage.script = {
        async train(news, job, life) {
          await news.stateChanged('running');
          await going.promise;
          return upTo(STEPS).train(news, job, life);
        },
      };
      const told = () => stage.of('t').filter(({ what }) => what === 'told');
      stage.train('t');
      await settled();
      stage.hand.turn(0);
      expect(told()).toHaveLength(1);
      expect(statesOf(stage.record('t'))).toEqual(['running', 'running']);
      stage.hand.turn(1);
      going.resolve();
      await settled();
      // The first step of each network waits for no clock.
      expect(told()).toHaveLength(3);
      expect(stepsOf(stage.record('t')).every((steps) => steps >= 1)).toBe(true);
      stage.hand.turn(milliseconds - 1);
      expect(told()).toHaveLength(3);
      stage.hand.turn(1);
      expect(stepsOf(stage.record('t'))).toEqual([STEPS, STEPS]);
    },
  );

  it('tells steps before the checkpoint that speaks of them', async () => {
    stage.script = {
      async train(news, job, life) {
        await news.stateChanged('running');
        for (let step = 0; step < STEPS; step++) {
          await tellStep(news, step);
          if (step % 2 === 1) await news.checkpointed(checkpointAt(step + 1));
        }
        return { ...(await wellBehaved.train(news, { ...job, checkpoint: checkpointAt(STEPS) }, life)) };
      },
    };
    stage.train('t');
    await settled();
    const known = createRunRecord('test', '2026-01-01T00:00:00Z', config, summary);
    let checkpoints = 0;
    for (const each of stage.of('t')) {
      if (each.what === 'told') for (const news of each.news) applyNews(known, news);
      if (each.what !== 'checkpointed') continue;
      checkpoints++;
      const network = known.networks.find(({ id }) => id === each.network)!;
      expect(network.steps.count).toBeGreaterThanOrEqual(each.step);
    }
    expect(checkpoints).toBe(6);
  });

  it('asks for checkpoints after 5 s and every 15 s from then on, and no more once it is over', async () => {
    stage.script = { ...upTo(3), checkpoint: () => checkpointAt(3) };
    stage.train('t');
    await settled();
    const steps = () => stage.of('t').flatMap((each) => (each.what === 'checkpointed' ? [each.step] : []));
    stage.hand.turn(4999);
    await settled();
    expect(steps()).toEqual([]);
    for (let i = 1; i <= 3; i++) {
      stage.hand.turn(i === 1 ? 1 : 15_000);
      await settled();
      expect(steps()).toHaveLength(2 * i);
    }
    stage.trainer.stop('t');
    await settled();
    expect(stage.ends('t')).toEqual([undefined]);
    expect(stage.hand.due).toEqual([]);
  });

  it('asks for no more checkpoints while some are under way, and then as rarely as they took long', async () => {
    let asked = 0;
    stage.script = {
      ...upTo(3),
      checkpoint: () => {
        asked++;
        return checkpointAt(3);
      },
    };
    const arrivals: (() => void)[] = [];
    stage.takePiece = () => new Promise<void>((arrive) => void arrivals.push(arrive));
    stage.train('t');
    await settled();
    const pass = async (milliseconds: number) => {
      stage.hand.turn(milliseconds);
      await settled();
    };
    await pass(15_000);
    for (let i = 0; i < 3; i++) await pass(15_000);
    // The second network is not asked before the first one's is with the host.
    expect([asked, arrivals.length]).toEqual([1, 1]);
    arrivals[0]!();
    await settled();
    expect([asked, arrivals.length]).toEqual([2, 2]);
    await pass(5000);
    arrivals[1]!();
    await settled();
    // It took 50 s, which are 5 % of 1000 s.
    await pass(999_999);
    expect(asked).toBe(2);
    await pass(1);
    expect(asked).toBe(3);
  });

  it('stops while a checkpoint is under way, and does not wait for it without end', async () => {
    stage.script = { ...upTo(3), checkpoint: () => checkpointAt(3) };
    stage.takePiece = () => new Promise<void>(() => {});
    stage.train('t');
    await settled();
    stage.hand.turn(15_000);
    await settled();
    stage.trainer.stop('t');
    await settled();
    stage.hand.turn(100);
    // Everybody hears of it at once; what is waited for is not what was recorded.
    expect(statesOf(stage.record('t'))).toEqual(['stopped', 'stopped']);
    expect(stepsOf(stage.record('t'))).toEqual([3, 3]);
    expect(stage.ends('t')).toEqual([]);
    stage.hand.turn(10_000);
    await settled();
    expect(stage.ends('t')).toEqual([undefined]);
    expect(stage.hand.due).toEqual([]);
  });

  it('goes on from its checkpoints, and keeps the dataset for the next one', async () => {
    stage.train('first');
    await settled();
    const run = stage.record('first');
    run.networks[0]!.state = 'stopped';
    const checkpoints = [{ network: 'sigmoid#0', checkpoint: checkpointAt(4) }];
    stage.train('then', {}, { run: serialiseRun(run), checkpoints, paused: false });
    await settled();
    expect(stage.started.slice(2).map(({ activation, checkpoint }) => [activation, checkpoint?.step])).toEqual([
      ['sigmoid', 4],
    ]);
    expect(stage.ends('then')).toEqual([undefined]);
    expect(stage.reads).toBe(1);
    expect(stage.news('then').flatMap((news) => (news.kind === 'recorded' ? [news.steps.firstStep] : []))).toEqual([
      4, 5,
    ]);
  });

  it('says what it reads', async () => {
    stage.train('t');
    await settled();
    expect(stage.of('t').flatMap((each) => (each.what === 'loading' ? [each.text] : []))).toEqual(['Reading MNIST…']);
  });

  it('leaves the drawing of the digits to its workers', async () => {
    stage.train('t', { data: { kind: 'digits' } });
    await settled();
    expect(stage.of('t')[0]).toMatchObject({ what: 'prepared', name: 'drawn digits' });
    expect(stage.started).toHaveLength(2);
    expect(stage.given).toEqual([{ drawn: 'digits' }, { drawn: 'digits' }]);
    expect(stage.reads).toBe(0);
  });

  it.each([
    ['wasm', 0],
    ['cpu', 0],
    ['webgl', 1],
    ['webgpu', 1],
    ['auto', 1],
  ] as const)('on %s asks %d times for the GPU’s backends', async (backend, times) => {
    stage.train('t', { backend });
    await settled();
    expect(stage.ends('t')).toEqual([undefined]);
    expect(stage.gpuBackendsAsked).toBe(times);
  });

  it('without the GPU’s backends, where they are wanted, says what is missing', async () => {
    const parts = await stage.workers();
    stage.workers = async () => ({
      ...parts,
      gpuBackends: () => Promise.reject(new Error('gpu-backends.js could not be loaded.')),
    });
    stage.train('t', { backend: 'webgl' });
    await settled();
    expect(stage.ends('t')).toEqual([
      { message: 'gpu-backends.js could not be loaded.', waysOut: ['runAgain', 'showLog'] },
    ]);
  });

  it('remembers which backend auto took for networks of a shape, and tells why it trains', async () => {
    stage.train('first', { backend: 'auto' });
    await settled();
    expect([...stage.remembered.keys()]).toEqual(['2-4-2 · batch 2 · adam · sparse']);
    stage.train('second', { backend: 'auto' });
    await settled();
    const noted = stage.heard.flatMap((each) => (each.what === 'noted' ? [`${each.turn}: ${each.text}`] : []));
    expect(noted).toEqual([
      'first: auto took wasm: 1.0 ms a step; webgl 2.0 ms; webgpu 2.0 ms.',
      'second: auto took wasm, as timed before on this machine: 1.0 ms a step; webgl 2.0 ms; webgpu 2.0 ms.',
    ]);
  });

  it('does not care for a host that is gone', async () => {
    const unheard: unknown[] = [];
    const note = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', note);
    const gone = () => Promise.reject(new Error('The channel was closed.'));
    const trainer = new RunTrainer({
      host: {
        readData: gone,
        loading: gone,
        prepared: gone,
        told: gone,
        checkpointPiece: gone,
        backendNoted: gone,
        ended: gone,
      },
      backendMemory: (shape) => stage.memoryOf(shape),
      workers: stage.workers,
      clock: stage.hand.clock,
      cores: 2,
      log: () => {},
    });
    trainer.train({ turn: 't', runId: 'test', startedAt: '2026-01-01T00:00:00Z', config });
    await settled();
    process.off('unhandledRejection', note);
    expect(unheard).toEqual([]);
    expect(stage.started).toHaveLength(2);
  });
});

describe('a training that is interrupted', () => {
  /** The data, when the test lets them come. */
  function holdData() {
    let come: (data: typeof files) => void = () => {};
    let fail: (error: Error) => void = () => {};
    stage.readData = () =>
      new Promise((resolve, reject) => {
        come = resolve;
        fail = reject;
      });
    return { come: () => come(files), fail: (message: string) => fail(new Error(message)) };
  }

  it('while the data load ends at once and once, and late data start nothing', async () => {
    const data = holdData();
    stage.train('t');
    stage.trainer.stop('t');
    expect(stage.ends('t')).toEqual([undefined]);
    stage.trainer.stop('t');
    data.come();
    await settled();
    expect(stage.of('t').map(({ what }) => what)).toEqual(['loading', 'ended']);
    expect(stage.started).toEqual([]);
  });

  it('while the data load ends once, also where they fail later', async () => {
    const data = holdData();
    stage.train('t');
    stage.trainer.stop('t');
    data.fail('No images there.');
    await settled();
    expect(stage.ends('t')).toEqual([undefined]);
  });

  it('by a pause before its workers are up brings them up, and they wait', async () => {
    const data = holdData();
    const asked: string[] = [];
    stage.script = {
      train: (_news, _job, { stopped }) => stopped.then(() => ({ state: 'stopped', seconds: 0, tensors })),
      asked: (what) => void asked.push(what),
    };
    stage.train('t');
    stage.trainer.pause('t');
    data.come();
    await settled();
    stage.hand.turn(100);
    expect(statesOf(stage.record('t'))).toEqual(['paused', 'paused']);
    expect(asked).toEqual(['pause', 'pause']);
    stage.trainer.resume('t');
    await settled();
    expect(asked.slice(2)).toEqual(['resume', 'resume']);
  });

  it('by a pause that is over before the data have come is as if there had been none', async () => {
    const data = holdData();
    const asked: string[] = [];
    stage.script = { ...wellBehaved, asked: (what) => void asked.push(what) };
    stage.train('t');
    stage.trainer.pause('t');
    stage.trainer.resume('t');
    data.come();
    await settled();
    expect(asked).toEqual([]);
    expect(statesOf(stage.record('t'))).toEqual(['finished', 'finished']);
  });

  it('stays paused where it was', async () => {
    const asked: string[] = [];
    stage.script = { ...upTo(0), asked: (what) => void asked.push(what) };
    const run = createRunRecord('test', '2026-01-01T00:00:00Z', config, summary);
    stage.train('t', {}, { run: serialiseRun(run), checkpoints: [], paused: true });
    await settled();
    expect(asked).toEqual(['pause', 'pause']);
  });

  it('by a stop tells its last steps and checkpoints, then its end', async () => {
    stage.script = upTo(3);
    stage.train('t');
    await settled();
    stage.trainer.stop('t');
    await settled();
    expect(stage.of('t').map(({ what }) => what)).toEqual([
      'loading',
      'prepared',
      // The state, and the first step of each network.
      'told',
      'told',
      'told',
      'checkpointed',
      'checkpointed',
      'told',
      'ended',
    ]);
    expect(stepsOf(stage.record('t'))).toEqual([3, 3]);
    expect(statesOf(stage.record('t'))).toEqual(['stopped', 'stopped']);
  });

  it('by another turn ends, and the other trains', async () => {
    stage.script = upTo(2);
    stage.train('old');
    await settled();
    stage.script = wellBehaved;
    stage.train('new', { seed: 7 });
    await settled();
    expect([stage.ends('old'), stage.ends('new')]).toEqual([[undefined], [undefined]]);
    expect(statesOf(stage.record('old'))).toEqual(['stopped', 'stopped']);
    expect(stage.started.map(({ seed }) => seed)).toEqual([0, 0, 7, 7]);
  });

  it('by another turn while its data load never trains', async () => {
    const first = holdData();
    stage.train('old');
    const second = holdData();
    stage.train('new', { seed: 7 });
    first.come();
    await settled();
    expect(stage.of('old').map(({ what }) => what)).toEqual(['loading']);
    second.come();
    await settled();
    expect(stage.started.map(({ seed }) => seed)).toEqual([7, 7]);
  });

  it('passes over what is said to another turn', async () => {
    const asked: string[] = [];
    stage.script = { ...upTo(2), asked: (what) => void asked.push(what) };
    stage.train('t');
    await settled();
    stage.trainer.pause('before');
    stage.trainer.resume('before');
    stage.trainer.stop('before');
    await settled();
    expect(asked).toEqual([]);
    expect(stage.ends('before')).toEqual([]);
  });
});

describe('a training that fails', () => {
  const folder = (name: string): DataSource => ({ kind: 'folder', folder: name });

  it('for its memory, is refused before it begins, and says what would fit', async () => {
    const stage = new Stage();
    stage.train('a', { hidden: Array<number>(30).fill(4096), backend: 'wasm' });
    await settled();
    expect(stage.of('a').map(({ what }) => what)).toEqual(['loading', 'ended']);
    const [problem] = stage.ends('a');
    expect(problem!.message).toMatch(/^A network of this size takes .* What would fit is /);
    expect(problem!.waysOut).toEqual(['showLog']);
    expect(stage.started).toEqual([]);
  });

  it.each<[DataSource, Problem['waysOut']]>([
    [{ kind: 'mnist' }, ['downloadMnist', 'chooseFolder', 'useDigits', 'showLog']],
    [folder('/data'), ['chooseFolder', 'useDigits', 'showLog']],
  ])('for its data, %j, says what mends it', async (data, waysOut) => {
    const gone = () => Promise.reject(new Error('No images there.'));
    stage.readData = gone;
    stage.train('t', { data });
    await settled();
    expect(stage.ends('t')).toEqual([{ message: 'No images there.', waysOut }]);
    expect(stage.logged).toEqual(['No images there.']);
  });

  it('can be continued where it went on', async () => {
    stage.readData = () => Promise.reject(new Error('No images there.'));
    const run = createRunRecord('test', '2026-01-01T00:00:00Z', { ...config, data: folder('/data') }, summary);
    stage.train('t', { data: folder('/data') }, { run: serialiseRun(run), checkpoints: [], paused: false });
    await settled();
    expect(stage.ends('t')[0]?.waysOut).toEqual(['continueRun', 'chooseFolder', 'useDigits', 'showLog']);
  });

  it('for the files of its workers blames no data, and asks for them again the next time', async () => {
    const { workers } = stage;
    stage.workers = () => Promise.reject(new Error('worker.js could not be fetched.'));
    stage.train('t', { data: folder('/data') });
    await settled();
    expect(stage.ends('t')).toEqual([{ message: 'worker.js could not be fetched.', waysOut: ['runAgain', 'showLog'] }]);
    stage.workers = workers;
    stage.train('again', { data: folder('/data') });
    await settled();
    expect(stage.ends('again')).toEqual([undefined]);
    expect(stage.workersAsked).toBe(2);
  });

  it('for data that are damaged does not keep them', async () => {
    stage.readData = async () => files.slice(1);
    stage.train('t', { data: folder('/data') });
    await settled();
    expect(stage.ends('t')[0]?.waysOut[0]).toBe('chooseFolder');
    stage.readData = async () => files;
    stage.train('again', { data: folder('/data') });
    await settled();
    expect(stage.ends('again')).toEqual([undefined]);
  });

  it.each<[ExperimentConfig['backend'], Problem['waysOut']]>([
    ['wasm', ['continueRun', 'runAgain', 'showLog']],
    ['webgl', ['continueRun', 'useWasm', 'runAgain', 'showLog']],
  ])('in all its networks, on %s, says so and can be continued', async (backend, waysOut) => {
    stage.script = { ...wellBehaved, prepare: () => Promise.reject(new Error('The backend did not start.')) };
    stage.train('t', { backend });
    await settled();
    expect(statesOf(stage.record('t'))).toEqual(['failed', 'failed']);
    expect(stage.ends('t')).toEqual([{ message: 'The backend did not start.', waysOut }]);
  });

  it('in one network names it, after all that the others told', async () => {
    const reached = withResolvers();
    stage.script = {
      train: async (news, job, life) => {
        if (job.activation === 'relu') return wellBehaved.train(news, job, life);
        await tellStep(news, 0);
        reached.resolve();
        setImmediate(() => life.die('out of memory'));
        return new Promise(() => {});
      },
    };
    stage.train('t');
    await reached.promise;
    await settled();
    expect(stage.ends('t')[0]?.message).toMatch(/^sigmoid: .*out of memory/);
    expect(statesOf(stage.record('t'))).toEqual(['failed', 'finished']);
    expect(stepsOf(stage.record('t'))).toEqual([1, STEPS]);
  });

  it('in a worker that cannot be started names its network, and the others train', async () => {
    const { workers } = stage;
    let launched = 0;
    stage.workers = async () => {
      const parts = await workers();
      const launch = () => {
        if (++launched === 2) throw new Error('no more threads');
        return parts.launch();
      };
      return { ...parts, launch };
    };
    stage.train('t');
    await settled();
    expect(stage.ends('t')).toEqual([
      {
        message: 'ReLU: The worker that should train it did not start (no more threads). Run again.',
        waysOut: ['continueRun', 'runAgain', 'showLog'],
      },
    ]);
    expect(statesOf(stage.record('t'))).toEqual(['finished', 'failed']);
    expect(stepsOf(stage.record('t'))).toEqual([STEPS, 0]);
  });

  it('in networks that have finished without some of their steps is not believed, and keeps what came', async () => {
    stage.script = {
      async train(news, job) {
        const last = job.activation === 'relu' ? STEPS - 1 : STEPS - 2;
        for (let step = 0; step < last; step++) await tellStep(news, step);
        return { state: 'finished', seconds: 1, tensors };
      },
    };
    stage.train('t');
    await settled();
    expect(stage.ends('t')[0]!.message).toBe(
      `sigmoid: Its worker says that it has finished, but told 4 of ${STEPS} steps and 2 of 3 epochs. Run again. ReLU failed, too.`,
    );
    expect(statesOf(stage.record('t'))).toEqual(['failed', 'failed']);
    expect(stepsOf(stage.record('t'))).toEqual([STEPS - 2, STEPS - 1]);
  });

  it('leaves no rejection unheard where pauses, resumes, stops and other turns storm while workers come and die', async () => {
    const unheard: unknown[] = [];
    const note = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', note);
    try {
      for (let storm = 0; storm < 40; storm++) {
        stage = new Stage();
        const { trainer } = stage;
        let told = 0;
        stage.script = {
          async train(news, job, life) {
            await news.stateChanged('running');
            for (let step = job.checkpoint?.step ?? 0; step < STEPS; step++) {
              if (++told % 3 === storm % 3) trainer.pause('t');
              await tellStep(news, step);
              if (told % 4 === storm % 4) trainer.resume('t');
              if (told === storm) life.die('gone');
              if (told === 2 * storm) trainer.stop('t');
            }
            return { state: 'finished', seconds: 1, tensors };
          },
          checkpoint: () => checkpointAt(0),
        };
        if (storm % 7 === 0) stage.takePiece = () => Promise.reject(new Error('the host is away'));
        stage.train('t');
        await settled();
        stage.hand.turn(5000);
        trainer.resume('t');
        await settled();
        if (storm % 5 === 0) stage.train('next');
        trainer.stop('t');
        trainer.stop('next');
        stage.hand.turn(20_000);
        await settled();
        expect(stage.ends('t')).toHaveLength(1);
        expect(stage.hand.due).toEqual([]);
      }
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(unheard).toEqual([]);
  });

  it('where what it goes on with cannot be read', async () => {
    stage.train('t', {}, { run: '{', checkpoints: [], paused: false });
    await settled();
    expect(stage.ends('t')).toEqual([
      { message: expect.stringContaining('not a stored run'), waysOut: ['continueRun', 'runAgain', 'showLog'] },
    ]);
    expect(stage.hand.due).toEqual([]);
  });
});

describe('a folder of data', () => {
  it.each([
    ['/data/100%', '100%'],
    ['/data/digits/', 'digits'],
    ['file:///data/my%20digits', 'my digits'],
    ['file:///c%3A/data/my%20digits/', 'my digits'],
    ['vscode-remote://ssh-remote+host/data/100%25', '100%'],
    ['file:///data/100%', '100%'],
    ['C:\\data\\my%20digits', 'my%20digits'],
    ['C:\\data\\digits\\', 'digits'],
    ['/', '/'],
  ])('%s is called %s', async (name, called) => {
    stage.train('t', { data: { kind: 'folder', folder: name } });
    await settled();
    expect(stage.of('t')[1]).toMatchObject({ what: 'prepared', name: called });
  });

  it('of MNIST is called so', async () => {
    stage.train('t', { data: { kind: 'mnist' } });
    await settled();
    expect(stage.of('t')[1]).toMatchObject({ what: 'prepared', name: 'MNIST' });
  });
});
