import { beforeEach, describe, expect, it } from 'vitest';
import type { DatasetSummary } from '../../../src/core/data/dataset';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import type { NetworkCheckpoint } from '../../../src/core/runs/checkpoint';
import { PIECE_NUMBERS, piecesOf } from '../../../src/core/runs/checkpointPieces';
import type { RunNews } from '../../../src/core/runs/news';
import type { RunRecord } from '../../../src/core/runs/record';
import { parseRun } from '../../../src/core/runs/serialise';
import type { RunPage } from '../../../src/host/runs/audience';
import { Conductor } from '../../../src/host/runs/conductor';
import type { RunKeeping, RunWriter } from '../../../src/host/runs/keeping';
import type { RunJob, RunStatus, Snapshot } from '../../../src/protocol/pages/runs';

const config: ExperimentConfig = {
  ...paperConfig,
  activations: ['sigmoid', 'relu'],
  batchSize: 2,
  epochs: 2,
  hidden: [4],
};
const dataset: DatasetSummary = { name: 'tiny', train: 8, test: 2, classes: 2, inputs: 2 };
const checkpoint: NetworkCheckpoint = {
  step: 2,
  sums: { loss: 1, correct: 1, seen: 4 },
  parameters: [],
  optimizer: { updates: 2, first: [], second: [] },
};

/** A page that does what the test says, and remembers what it was told. */
class ScriptedPage {
  readonly jobs: RunJob[] = [];
  readonly heard: string[] = [];
  readonly news: { seq: number; news: readonly RunNews[]; status: RunStatus }[] = [];
  shown: Snapshot | undefined;
  /** Where set, `train` fails with it. */
  refuses: Error | undefined;
  readonly #attached;
  readonly desk;

  constructor(conductor: Conductor, up = true) {
    const remote: RunPage = {
      showRun: async (snapshot) => {
        this.shown = snapshot;
      },
      news: async (seq, news, status) => {
        this.news.push({ seq, news, status });
      },
      status: async () => {},
      downloadProgress: async () => {},
      train: async (job) => {
        if (this.refuses) throw this.refuses;
        this.jobs.push(job);
      },
      pauseTraining: async (turn) => void this.heard.push(`pause ${turn}`),
      resumeTraining: async (turn) => void this.heard.push(`resume ${turn}`),
      stopTraining: async (turn) => void this.heard.push(`stop ${turn}`),
    };
    this.#attached = conductor.attach(() => remote);
    this.desk = this.#attached.desk;
    if (up) this.follow();
  }

  follow(): void {
    this.shown = this.desk.follow() as Snapshot;
  }

  close(): void {
    this.#attached.detach();
  }

  get job(): RunJob {
    return this.jobs.at(-1)!;
  }

  /** Tells what a training tells until `steps` steps of a network are recorded. */
  record(network: string, from: number, steps: number): void {
    this.tell({ kind: 'state', network, state: 'running', seconds: 0 }, recorded(network, from, steps), {
      kind: 'clock',
      seconds: (from + steps) / 10,
    });
  }

  tell(...news: RunNews[]): void {
    void this.desk.told(this.job.turn, news);
  }

  finish(): void {
    this.tell(
      ...config.activations.flatMap((activation): RunNews[] => [
        recorded(`${activation}#0`, 0, 8),
        row(`${activation}#0`, 1),
        row(`${activation}#0`, 2),
        { kind: 'state', network: `${activation}#0`, state: 'finished', seconds: 1 },
      ]),
    );
    void this.desk.ended(this.job.turn, undefined);
  }
}

const recorded = (network: string, firstStep: number, steps: number): RunNews => ({
  kind: 'recorded',
  network,
  steps: {
    firstStep,
    loss: Float32Array.from({ length: steps }, (_, i) => firstStep + i),
    accuracy: new Float32Array(steps),
    gradientNorms: new Float32Array(2 * steps),
  },
  probes: {
    step: new Int32Array(0),
    meanDerivative: new Float32Array(0),
    saturatedShare: new Float32Array(0),
    deadShare: new Float32Array(0),
    preActivationMean: new Float32Array(0),
    preActivationStddev: new Float32Array(0),
    updateRatio: new Float32Array(0),
  },
});
const row = (network: string, epoch: number): RunNews => ({
  kind: 'epochEnded',
  network,
  row: { epoch, loss: 1, accuracy: 0.5, testLoss: 1, testAccuracy: 0.5 },
});

let kept: { news: RunNews[]; checkpoints: Map<string, NetworkCheckpoint>; ended: number; runs: string[] };
let keeping: RunKeeping;
let conductor: Conductor;
let summoned: number;
/** What waits for a page that was called. */
let late: () => void;
let statuses: RunStatus[];

beforeEach(() => {
  kept = { news: [], checkpoints: new Map(), ended: 0, runs: [] };
  summoned = 0;
  late = () => {};
  statuses = [];
  const writer: RunWriter = {
    news: (news) => void kept.news.push(news),
    checkpoint: (network, at) => void kept.checkpoints.set(network, at),
    flush: async () => {},
    end: async () => {
      kept.ended++;
    },
  };
  let ids = 0;
  keeping = {
    begin(run) {
      kept.runs.push(run.id);
      return writer;
    },
    continueWriting: async (run) => {
      kept.runs.push(`again ${run.id}`);
      return writer;
    },
    checkpoints: async () => kept.checkpoints,
  };
  conductor = new Conductor({
    keeping,
    ready: Promise.resolve(),
    clock: {
      after(_, call) {
        late = call;
        return () => {
          late = () => {};
        };
      },
    },
    defaults: () => paperConfig,
    newId: () => `run-${++ids}`,
    now: () => new Date('2026-01-31T12:05:00.000Z'),
    summonPage: () => void summoned++,
    onStatus: (status) => void statuses.push(status),
    log: () => {},
  });
});

/** The page that trains hands over a checkpoint. */
function tellCheckpoint(page: ScriptedPage): void {
  for (const piece of piecesOf(checkpoint)) void page.desk.checkpointPiece(page.job.turn, 'sigmoid#0', piece);
}

const losses = (run: RunRecord | undefined, network = 0) => [...run!.networks[network]!.steps.loss.values()];

describe('one run, many pages', () => {
  it('trains in the page that asks, and shows it in every page', async () => {
    const side = new ScriptedPage(conductor);
    const panel = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    expect([side.jobs.length, panel.jobs.length]).toEqual([0, 1]);
    expect(conductor.status.phase).toBe('loading');
    void panel.desk.prepared(panel.job.turn, dataset);
    panel.record('sigmoid#0', 0, 3);
    expect(conductor.status.phase).toBe('running');
    expect(losses(conductor.run)).toEqual([0, 1, 2]);
    expect(side.shown?.config).toEqual(config);
    expect(side.news).toEqual(panel.news);
    expect(side.news.map(({ seq }) => seq)).toEqual([1]);
    expect(kept.news).toHaveLength(3);
  });

  it('says where the network comes from until it is read, or another one is trained', async () => {
    const origin = { text: 'From the calculator: 10 × 128, glorot_uniform.' };
    const panel = new ScriptedPage(conductor);
    const origins = () => [panel.shown?.origin, (panel.desk.resync() as Snapshot).origin];
    await conductor.start(config, { origin });
    expect(origins()).toEqual([origin, origin]);
    void panel.desk.prepared(panel.job.turn, dataset);
    expect(origins()).toEqual([origin, origin]);
    conductor.stop();
    void panel.desk.ended(panel.job.turn, undefined);
    await conductor.runAgain();
    expect(origins()).toEqual([origin, origin]);
    void panel.desk.dismissOrigin();
    expect((panel.desk.resync() as Snapshot).origin).toBeUndefined();
    conductor.stop();
    void panel.desk.ended(panel.job.turn, undefined);
    await conductor.start(config, { origin });
    conductor.stop();
    void panel.desk.ended(panel.job.turn, undefined);
    await panel.desk.startRun(config);
    expect(origins()).toEqual([undefined, undefined]);
  });

  it('gives a page that comes later all that is recorded', async () => {
    const panel = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    void panel.desk.prepared(panel.job.turn, dataset);
    panel.record('sigmoid#0', 0, 3);
    const side = new ScriptedPage(conductor);
    expect(losses(parseRun(side.shown!.run!))).toEqual([0, 1, 2]);
    expect(side.shown?.states['sigmoid#0']).toBe('running');
    expect(side.shown?.seq).toBe(1);
    panel.record('sigmoid#0', 3, 1);
    expect(side.news.map(({ seq }) => seq)).toEqual([2]);
  });

  it('goes on in another page, from the last checkpoint, where the page that trained is closed', async () => {
    const side = new ScriptedPage(conductor);
    const panel = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    void panel.desk.prepared(panel.job.turn, dataset);
    panel.record('sigmoid#0', 0, 3);
    tellCheckpoint(panel);
    const { job: before } = panel;
    panel.close();
    expect(side.job).toMatchObject({ runId: 'run-1', startedAt: before.startedAt, config });
    expect(side.job.turn).not.toBe(before.turn);
    expect(side.job.resume).toMatchObject({ paused: false, checkpoints: [{ network: 'sigmoid#0', checkpoint }] });
    expect(losses(parseRun(side.job.resume!.run))).toEqual([0, 1, 2]);
    // It trains step 2 again, which is recorded already, and goes on.
    void side.desk.prepared(side.job.turn, dataset);
    side.record('sigmoid#0', 2, 3);
    expect(losses(conductor.run)).toEqual([0, 1, 2, 3, 4]);
    expect(kept.runs).toEqual(['run-1']);
  });

  it('passes over what the page before still says', async () => {
    const side = new ScriptedPage(conductor);
    const panel = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    void panel.desk.prepared(panel.job.turn, dataset);
    panel.close();
    void side.desk.prepared(side.job.turn, dataset);
    panel.record('sigmoid#0', 0, 3);
    void panel.desk.ended(panel.job.turn, undefined);
    expect(losses(conductor.run)).toEqual([]);
    expect(conductor.status.phase).toBe('running');
  });

  it('brings up a page where the last one is closed, and trains there', async () => {
    const panel = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    void panel.desk.prepared(panel.job.turn, dataset);
    panel.record('sigmoid#0', 0, 3);
    panel.close();
    expect(summoned).toBe(1);
    expect(conductor.status.phase).toBe('loading');
    const side = new ScriptedPage(conductor, false);
    expect(side.jobs).toHaveLength(0);
    side.follow();
    expect(side.job.resume).toBeDefined();
    expect(losses(parseRun(side.shown!.run!))).toEqual([0, 1, 2]);
  });

  it('rests where no page comes up, so that another window can go on', async () => {
    const panel = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    void panel.desk.prepared(panel.job.turn, dataset);
    panel.record('sigmoid#0', 0, 3);
    panel.close();
    late();
    expect(conductor.status).toMatchObject({ phase: 'interrupted', resumable: true });
    expect(conductor.status.problem?.waysOut).toContain('continueRun');
    expect(losses(conductor.run)).toEqual([0, 1, 2]);
    expect(kept.ended).toBe(1);
  });

  it('waits no longer once a page has come up', async () => {
    const panel = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    void panel.desk.prepared(panel.job.turn, dataset);
    panel.close();
    const side = new ScriptedPage(conductor);
    void side.desk.prepared(side.job.turn, dataset);
    late();
    expect(conductor.status.phase).toBe('running');
  });

  it('stays paused on its way to another page', async () => {
    const panel = new ScriptedPage(conductor);
    const side = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    void panel.desk.prepared(panel.job.turn, dataset);
    panel.record('sigmoid#0', 0, 1);
    conductor.pause();
    expect(panel.heard).toEqual([`pause ${panel.job.turn}`]);
    panel.close();
    expect(side.job.resume?.paused).toBe(true);
    conductor.resume();
    expect(side.heard).toEqual([`resume ${side.job.turn}`]);
  });

  it('goes on in the same page after it was loaded anew', async () => {
    const panel = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    void panel.desk.prepared(panel.job.turn, dataset);
    panel.record('sigmoid#0', 0, 1);
    panel.follow();
    expect(panel.jobs).toHaveLength(2);
    expect(panel.job.resume).toBeDefined();
  });

  it('begins anew where the page goes before the data were loaded', async () => {
    const panel = new ScriptedPage(conductor);
    const side = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    panel.close();
    expect(side.job).toMatchObject({ runId: 'run-1', config });
    expect(side.job.resume).toBeUndefined();
  });

  it('is undisturbed by a page that shows it and is closed', async () => {
    const panel = new ScriptedPage(conductor);
    const side = new ScriptedPage(conductor);
    await panel.desk.startRun(config);
    void panel.desk.prepared(panel.job.turn, dataset);
    side.close();
    panel.record('sigmoid#0', 0, 3);
    expect(panel.jobs).toHaveLength(1);
    expect(losses(conductor.run)).toEqual([0, 1, 2]);
  });
});

describe('the life of a run', () => {
  const running = async () => {
    const page = new ScriptedPage(conductor);
    await conductor.start(config);
    void page.desk.prepared(page.job.turn, dataset);
    page.record('sigmoid#0', 0, 3);
    return page;
  };

  it('waits for a page where none is up', async () => {
    await conductor.start(config);
    expect(summoned).toBe(1);
    const page = new ScriptedPage(conductor, false);
    page.follow();
    expect(page.job.config).toEqual(config);
  });

  it('finishes, and closes its file once', async () => {
    const page = await running();
    page.finish();
    expect(conductor.status).toMatchObject({ phase: 'finished', epoch: 2, progress: 1, resumable: false });
    expect(kept.ended).toBe(1);
    expect(conductor.status.text).not.toBe('');
  });

  it('stops, and can be continued from its checkpoints', async () => {
    const page = await running();
    tellCheckpoint(page);
    conductor.stop();
    conductor.stop();
    expect(page.heard).toEqual([`stop ${page.job.turn}`]);
    void page.desk.ended(page.job.turn, undefined);
    expect(conductor.status).toMatchObject({ phase: 'stopped', resumable: true });
    await conductor.continue();
    expect(page.job.resume?.checkpoints).toHaveLength(1);
    expect(kept.runs).toEqual(['run-1', 'again run-1']);
    expect(conductor.status.phase).toBe('loading');
  });

  it('has stopped once its networks have, while their last checkpoints are still under way', async () => {
    const page = await running();
    const stopped = ['sigmoid#0', 'relu#0'].map(
      (network): RunNews => ({ kind: 'state', network, state: 'stopped', seconds: 1 }),
    );
    page.tell(...stopped);
    // Nobody wants it to: the page has another network to begin.
    expect(conductor.status.phase).toBe('running');
    conductor.stop();
    page.tell({ kind: 'clock', seconds: 1 });
    expect(conductor.status).toMatchObject({ phase: 'stopped', resumable: false });
    tellCheckpoint(page);
    expect([...kept.checkpoints.keys()]).toEqual(['sigmoid#0']);
    void page.desk.ended(page.job.turn, undefined);
    expect(conductor.status).toMatchObject({ phase: 'stopped', resumable: true });
  });

  it('does not wait for the last checkpoints of a stopped run where another one is wanted', async () => {
    const page = await running();
    conductor.stop();
    page.tell(
      ...['sigmoid#0', 'relu#0'].map((network): RunNews => ({ kind: 'state', network, state: 'stopped', seconds: 1 })),
    );
    const { job } = page;
    await conductor.runAgain();
    expect(page.job).not.toBe(job);
    expect(conductor.status.phase).toBe('loading');
  });

  it('takes a checkpoint as a whole or not at all', async () => {
    const page = await running();
    const tensors = new Float32Array(PIECE_NUMBERS + 1);
    const [first, second] = piecesOf({ ...checkpoint, parameters: [tensors] });
    const { turn } = page.job;
    await page.desk.checkpointPiece(turn, 'sigmoid#0', first!);
    expect(kept.checkpoints.size).toBe(0);
    expect(() => page.desk.checkpointPiece(turn, 'relu#0', second!)).toThrow('expected its first one before');
    await page.desk.checkpointPiece(turn, 'sigmoid#0', second!);
    expect(kept.checkpoints.get('sigmoid#0')?.parameters[0]).toHaveLength(PIECE_NUMBERS + 1);
  });

  it('stops while the data load: no record, nothing kept', async () => {
    const page = new ScriptedPage(conductor);
    await conductor.start(config);
    conductor.stop();
    void page.desk.ended(page.job.turn, undefined);
    expect(conductor.status).toMatchObject({ phase: 'idle', resumable: false });
    expect(kept.runs).toEqual([]);
  });

  it('stops where no page has come up yet', async () => {
    await conductor.start(config);
    conductor.stop();
    expect(conductor.status.phase).toBe('idle');
    const page = new ScriptedPage(conductor);
    expect(page.jobs).toHaveLength(0);
  });

  it('starts another run once the one before has told its last steps', async () => {
    const page = await running();
    const first = page.job;
    const started = conductor.start({ ...config, seed: 7 });
    await Promise.resolve();
    expect(page.jobs).toHaveLength(1);
    page.record('sigmoid#0', 3, 1);
    const before = conductor.run;
    void page.desk.ended(first.turn, undefined);
    await started;
    expect(losses(before)).toEqual([0, 1, 2, 3]);
    expect(before!.networks[0]!.state).toBe('stopped');
    expect(kept.ended).toBe(1);
    expect(page.job).toMatchObject({ runId: 'run-2', config: { seed: 7 } });
  });

  it('lets the last of several starts win', async () => {
    const page = await running();
    const starts = [1, 2, 3].map((seed) => conductor.start({ ...config, seed }));
    void page.desk.ended(page.job.turn, undefined);
    await Promise.all(starts);
    expect(page.jobs.map((job) => job.config.seed)).toEqual([0, 3]);
  });

  it('calls networks interrupted that a page leaves without a word', async () => {
    const page = await running();
    void page.desk.ended(page.job.turn, undefined);
    expect(conductor.run!.networks.map(({ state }) => state)).toEqual(['interrupted', 'interrupted']);
    expect(conductor.status).toMatchObject({ phase: 'interrupted', resumable: true });
  });

  it('says why a training could not begin', async () => {
    const page = new ScriptedPage(conductor);
    await conductor.start(config);
    void page.desk.ended(page.job.turn, { message: 'No images there.', waysOut: ['chooseFolder'] });
    expect(conductor.status).toMatchObject({ phase: 'failed', text: 'No images there.' });
    void page.desk.dismissProblem();
    expect(conductor.status.problem).toBeUndefined();
  });

  it('says so where a page refuses a job', async () => {
    const page = new ScriptedPage(conductor);
    page.refuses = new Error('The page speaks another protocol.');
    await conductor.start(config);
    await Promise.resolve();
    await Promise.resolve();
    expect(conductor.status).toMatchObject({ phase: 'failed', text: 'The page speaks another protocol.' });
  });

  it('does not go on with data that have changed', async () => {
    const page = await running();
    const side = new ScriptedPage(conductor);
    page.close();
    void side.desk.prepared(side.job.turn, { ...dataset, train: 9 });
    expect(conductor.status.phase).toBe('interrupted');
    expect(conductor.status.problem?.message).toMatch(/9 training images.*expected 8/);
    expect(side.heard).toEqual([`stop ${side.job.turn}`]);
  });

  it('keeps what fits where steps are missing, and says so', async () => {
    const page = await running();
    page.record('sigmoid#0', 5, 1);
    expect(losses(conductor.run)).toEqual([0, 1, 2]);
    expect(conductor.status.phase).toBe('interrupted');
    expect(conductor.status.problem?.waysOut).toContain('continueRun');
  });

  it('continues a run that was kept by an earlier window', async () => {
    const page = await running();
    void page.desk.ended(page.job.turn, undefined);
    const run = conductor.run!;
    kept.checkpoints.set('sigmoid#0', checkpoint);
    const later = new ScriptedPage(conductor);
    conductor.show(run);
    await later.desk.continueRun();
    expect(later.job.resume?.checkpoints.map(({ network }) => network)).toEqual(['sigmoid#0']);
  });

  it('has nothing to continue without an interrupted run', async () => {
    await expect(conductor.continue()).rejects.toThrow('no interrupted run');
    const page = await running();
    page.finish();
    await expect(conductor.continue()).rejects.toThrow('no interrupted run');
  });

  describe('continued while its files are slow', () => {
    let open: ((writer: RunWriter) => void)[];
    const ended: string[] = [];
    const writerOf = (name: string): RunWriter => ({
      news: () => {},
      checkpoint: () => {},
      flush: async () => {},
      end: async () => void ended.push(name),
    });
    const turns = async () => {
      for (let i = 0; i < 8; i++) await Promise.resolve();
    };
    beforeEach(() => {
      open = [];
      ended.length = 0;
      keeping.continueWriting = () => new Promise((resolve) => open.push(resolve));
    });

    it('and overtaken by another run, leaves that one alone', async () => {
      const page = await running();
      kept.checkpoints.set('sigmoid#0', checkpoint);
      void page.desk.ended(page.job.turn, undefined);
      const continued = conductor.continue();
      await turns();
      await conductor.start({ ...config, seed: 7 });
      void page.desk.prepared(page.job.turn, dataset);
      open[0]!(writerOf('before'));
      await continued;
      expect(ended).toEqual(['before']);
      expect(page.jobs).toHaveLength(2);
      kept.news.length = 0;
      page.record('sigmoid#7', 0, 1);
      expect(kept.news).toHaveLength(3);
      // Nor does the other run go on from checkpoints that are not its own.
      const side = new ScriptedPage(conductor);
      page.close();
      expect(side.job.resume?.checkpoints).toEqual([]);
    });

    it('and asked for again, opens its files one after the other', async () => {
      const page = await running();
      void page.desk.ended(page.job.turn, undefined);
      const both = [conductor.continue(), conductor.continue()];
      await turns();
      expect(open).toHaveLength(1);
      open[0]!(writerOf('only'));
      await Promise.all(both);
      expect([open.length, ended, page.jobs.length]).toEqual([1, [], 2]);
    });

    it('and overtaken by a kept run that is shown, begins nothing', async () => {
      const page = await running();
      void page.desk.ended(page.job.turn, undefined);
      const continued = conductor.continue();
      await turns();
      conductor.show({ ...conductor.run!, id: 'other' });
      open[0]!(writerOf('before'));
      await continued;
      expect([ended, page.jobs.length]).toEqual([['before'], 1]);
      expect(conductor.run?.id).toBe('other');
    });
  });

  it('trains elsewhere where the page that asked is closed before its turn has come', async () => {
    const page = await running();
    const asking = new ScriptedPage(conductor);
    const started = asking.desk.startRun({ ...config, seed: 7 });
    await Promise.resolve();
    asking.close();
    void page.desk.ended(page.job.turn, undefined);
    await started;
    expect(asking.jobs).toHaveLength(0);
    expect(page.job.config.seed).toBe(7);
  });

  it('shows no kept run over one that trains', async () => {
    await running();
    const trains = conductor.run;
    conductor.show({ ...trains!, id: 'other' });
    conductor.forget('run-1');
    expect(conductor.run).toBe(trains);
  });

  it('tells seconds left and steps per second as the record has them', async () => {
    const page = await running();
    page.record('relu#0', 0, 3);
    // 6 of 16 steps in 0.3 s
    expect(conductor.status.progress).toBeCloseTo(6 / 16);
    expect(conductor.status.secondsLeft).toBeCloseTo((0.3 * 10) / 6);
    expect(conductor.status.stepsPerSecond).toBeCloseTo(20);
    expect(conductor.status.text).toBe('Epoch 1 of 2.');
  });
});
