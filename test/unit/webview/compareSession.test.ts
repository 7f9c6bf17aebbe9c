import { describe, expect, it } from 'vitest';
import { type Problem, statusOf } from '../../../src/core/advice/runStatus';
import { paperFlow } from '../../../src/core/calculation/config';
import type { DatasetFile } from '../../../src/core/data/dataset';
import { encodeIdx } from '../../../src/core/data/idx';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import { createRunRecord, type RunRecord } from '../../../src/core/runs/record';
import { serialiseRun } from '../../../src/core/runs/serialise';
import type { Service } from '../../../src/protocol/contract';
import { compareHostContract, comparePageContract, type KeptRun } from '../../../src/protocol/pages/compare';
import type { RunJob, Snapshot } from '../../../src/protocol/pages/runs';
import { type TrainingOutcome, trainingContract, trainingNewsContract } from '../../../src/protocol/workers/training';
import { CompareSession } from '../../../webview/compare/session';
import type { WorkerParts } from '../../../webview/shell/workers';
import { HandClock, promised, scriptedHost, scriptedWorker, settled } from './scripted';

const config: ExperimentConfig = {
  ...paperConfig,
  data: { kind: 'mnist' },
  activations: ['tanh'],
  hidden: [4],
  batchSize: 2,
  epochs: 2,
};

const dataset = { name: 'MNIST', train: 4, test: 2, classes: 2, inputs: 4 };

const images = (count: number): Uint8Array => encodeIdx([count, 2, 2], new Uint8Array(4 * count).fill(7));
const labels = (count: number): Uint8Array =>
  encodeIdx(
    [count],
    Uint8Array.from({ length: count }, (_, i) => i % 2),
  );
const files: DatasetFile[] = [
  { name: 'train-images-idx3-ubyte', bytes: images(4) },
  { name: 'train-labels-idx1-ubyte', bytes: labels(4) },
  { name: 't10k-images-idx3-ubyte', bytes: images(2) },
  { name: 't10k-labels-idx1-ubyte', bytes: labels(2) },
];

function runOf(change: Partial<ExperimentConfig> = {}, id = 'run'): RunRecord {
  const run = createRunRecord(id, '2026-01-31T12:05:00.000Z', { ...config, ...change }, dataset);
  for (const network of run.networks) network.state = 'stopped';
  return run;
}

const kept = (title: string, run: RunRecord): KeptRun => ({ id: title, title, run: serialiseRun(run) });
const damaged: KeptRun = { id: 'broken', title: 'Broken', run: '{"format":' };

const snapshot = (run: RunRecord | undefined, seq = 0): Snapshot => ({
  seq,
  status: statusOf({
    run,
    config: run?.config ?? config,
    training: false,
    loadingText: '',
    problem: undefined,
    resumable: false,
  }),
  config: run?.config ?? config,
  run: run === undefined ? null : serialiseRun(run),
  states: Object.fromEntries(run?.networks.map(({ id, state }) => [id, state]) ?? []),
});

const jobOf = (turn: string): RunJob => ({ turn, runId: 'run', startedAt: '2026-01-31T12:05:00.000Z', config });

type Host = Service<typeof compareHostContract>;

/** A page with a host, workers and a clock that the test has in hand. */
async function opened(host: Partial<Host> = {}, loadWorkers?: (parts: WorkerParts) => Promise<WorkerParts>) {
  const clock = new HandClock();
  /** What the page asked of the host and told it, by name, in order. */
  const heard: unknown[][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void heard.push([name, ...args]);
  const names = [
    'startRun',
    'pauseRun',
    'resumeRun',
    'stopRun',
    'continueRun',
    'runAgain',
    'dismissProblem',
    'dismissOrigin',
  ] as const;
  const told = [
    'loading',
    'prepared',
    'told',
    'checkpointPiece',
    'ended',
    'leaveKept',
    'setPresenting',
    'openCalculator',
    'openRunFiles',
    'openRunAddresses',
    'log',
  ] as const;
  const notes = Object.fromEntries([...names, ...told, 'copyText', 'showLog'].map((name) => [name, note(name)]));
  const scripted = scriptedHost(
    compareHostContract,
    {
      ...(notes as unknown as Host),
      follow: () => snapshot(undefined),
      resync: () => snapshot(undefined),
      kept: () => [],
      proposed: () => null,
      presenting: () => false,
      hasMnist: () => false,
      workerAssets: () => ({ worker: 'worker.js', files: {} }),
      readData: () => files,
      chooseFolder: () => null,
      downloadMnist: () => true,
      saveFile: () => true,
      ...host,
    },
    comparePageContract,
  );
  /** What each worker was asked, in order. */
  const workers: { readonly asked: string[]; ended(): boolean }[] = [];
  const launch = () => {
    const outcome = promised<TrainingOutcome>();
    const asked: string[] = [];
    const worker = scriptedWorker(
      trainingContract,
      {
        prepare() {
          asked.push('prepare');
          return { computedBy: 'operations of tfjs' };
        },
        train() {
          asked.push('train');
          return outcome.promise;
        },
        pause: () => void asked.push('pause'),
        resume: () => void asked.push('resume'),
        stop() {
          asked.push('stop');
          outcome.keep({ state: 'stopped', seconds: 1, tensors: { early: 1, end: 1 } });
        },
        checkpoint: () => undefined,
      },
      trainingNewsContract,
    );
    workers.push({ asked, ended: () => worker.ended });
    return worker.handle;
  };
  const parts: WorkerParts = { binaries: {}, gpuBackends: async () => ({}), launch };
  const session = new CompareSession({
    transport: scripted.transport,
    clock,
    cores: 2,
    machine: () => 'a machine',
    loadWorkers: () => loadWorkers?.(parts) ?? Promise.resolve(parts),
  });
  await session.open();
  await settled();
  return {
    session,
    clock,
    workers,
    page: scripted.page,
    shown: () => session.store.get(),
    heard: (...wanted: string[]) => heard.filter(([name]) => wanted.includes(String(name))),
  };
}

describe('opening the comparison', () => {
  it('shows the host’s run, and where there is none the settings of the next', async () => {
    const empty = await opened();
    expect(empty.shown()).toMatchObject({ run: undefined, config, kept: [], mnistStored: false });
    const full = await opened({ follow: () => snapshot(runOf()), hasMnist: () => true });
    expect(full.shown()).toMatchObject({ kept: [], mnistStored: true, status: { phase: 'stopped' } });
    expect(full.shown().run!.networks.map(({ activation }) => activation)).toEqual(['tanh']);
  });

  it('says why it could not', async () => {
    const { shown, heard } = await opened({ follow: () => Promise.reject(new Error('The host is gone.')) });
    expect(shown().problem).toEqual({ message: 'The host is gone.', waysOut: ['showLog'] });
    expect(heard('log')).toContainEqual(['log', 'error', 'The host is gone.']);
  });
});

describe('settings of a link', () => {
  const proposal: ExperimentConfig = { ...paperConfig, activations: ['gelu'], hidden: [8, 8] };

  it('are shown and not started, until the person starts', async () => {
    const { session, shown, heard } = await opened({ proposed: () => proposal });
    expect(shown().proposed).toEqual(proposal);
    expect(heard('startRun')).toEqual([]);
    session.start(proposal);
    await settled();
    expect(shown().proposed).toBeUndefined();
    expect(heard('startRun')).toEqual([['startRun', proposal]]);
  });

  it('come to a page that is up, and can be dismissed', async () => {
    const { session, shown, page } = await opened({});
    await page.propose(proposal);
    expect(shown().proposed).toEqual(proposal);
    session.dismissProposal();
    expect(shown().proposed).toBeUndefined();
  });
});

describe('present mode', () => {
  it('is as the host remembers it, follows the command, and is told where the page leaves it', async () => {
    const { session, shown, page, heard } = await opened({ presenting: () => true });
    expect(shown().presenting).toBe(true);
    await page.present(false);
    expect([shown().presenting, heard('setPresenting')]).toEqual([false, []]);
    session.setPresenting(true);
    await settled();
    expect([shown().presenting, heard('setPresenting')]).toEqual([true, [['setPresenting', true]]]);
  });
});

describe('kept runs', () => {
  const two = [kept('First', runOf({ seed: 1 }, 'a')), kept('Second', runOf({ seed: 2 }, 'b'))];

  it('are shown instead of the current run, which goes on behind them', async () => {
    const { shown, page } = await opened({ kept: () => [two[0]!] });
    expect(shown()).toMatchObject({ kept: ['First'], training: false });
    expect(shown().run!.config.seed).toBe(1);
    const running = snapshot(runOf({ seed: 9 }), 1);
    await page.showRun({ ...running, status: { ...running.status, phase: 'running' } });
    await settled();
    expect(shown()).toMatchObject({ kept: ['First'], training: true, status: { phase: 'stopped' } });
    expect(shown().run!.config.seed).toBe(1);
  });

  it('are laid over each other where there are several', async () => {
    const { shown, page } = await opened();
    await page.showKept(two);
    expect(shown().kept).toEqual(['First', 'Second']);
    expect(shown().run!.networks).toHaveLength(2);
  });

  it('that are damaged are said so, and the others are shown', async () => {
    const { shown, session } = await opened({ kept: () => [damaged, two[1]!] });
    expect(shown().kept).toEqual(['Second']);
    expect(shown().run!.config.seed).toBe(2);
    expect(shown().problem!.message).toMatch(/^“Broken” cannot be shown: \S/);
    session.dismissProblem();
    expect(shown().problem).toBeUndefined();
  });

  it('leave the current run to be shown where all are damaged', async () => {
    const { shown } = await opened({ follow: () => snapshot(runOf({ seed: 9 })), kept: () => [damaged] });
    expect(shown().kept).toEqual([]);
    expect(shown().run!.config.seed).toBe(9);
    expect(shown().problem).toBeDefined();
  });

  it('make place for the current run, and raise the count of the plots when they do', async () => {
    const { session, shown, heard } = await opened({ follow: () => snapshot(runOf({ seed: 9 })), kept: () => two });
    const { revision } = shown();
    session.showCurrent();
    expect(shown()).toMatchObject({ kept: [] });
    expect(shown().run!.config.seed).toBe(9);
    expect(shown().revision).toBeGreaterThan(revision);
    session.showCurrent();
    await settled();
    expect(heard('leaveKept')).toHaveLength(1);
  });

  it('have no origin: that is said of the current run alone, until it is read', async () => {
    const origin = { text: 'From the calculator: 10 × 128, glorot_uniform.' };
    const { session, shown } = await opened({
      follow: () => ({ ...snapshot(undefined), origin }),
      kept: () => [two[1]!],
    });
    expect(shown().origin).toBeUndefined();
    session.showCurrent();
    expect(shown().origin).toEqual(origin);
    session.dismissOrigin();
    expect(shown().origin).toBeUndefined();
  });

  it('make place where a run is started, which may be one of them again', async () => {
    const { session, shown, heard } = await opened({ kept: () => [two[1]!] });
    session.runAgain();
    await settled();
    expect(shown().kept).toEqual([]);
    expect(heard('startRun', 'leaveKept')).toEqual([['leaveKept'], ['startRun', { ...config, seed: 2 }]]);
  });
});

describe('a remedy that is tried', () => {
  const now = (id: string, seq: number) => snapshot(runOf({}, id), seq);

  const lines = (run: RunRecord | undefined) => run?.networks.map(({ id }) => id);

  it('is laid over the run before it from the start, and stands alone when asked', async () => {
    const { session, shown, page, heard } = await opened({ follow: () => now('ill', 0) });
    expect(shown().before).toBeUndefined();
    const ill = shown().run;
    const changed = { ...config, activations: ['relu'], seed: 3 };
    session.tryRemedy(changed);
    await settled();
    expect(heard('startRun')).toEqual([['startRun', changed]]);
    const status = { ...snapshot(undefined).status, phase: 'loading' as const };
    await page.showRun({ ...snapshot(undefined, 1), status, config: changed });
    await settled();
    // In its place before its first number: nothing jumps when that comes.
    expect(lines(shown().run)).toEqual(['1/tanh#0', '2/relu#3']);
    expect(shown()).toMatchObject({ before: 'over', alone: undefined });
    await page.showRun(snapshot(runOf(changed, 'tried'), 2));
    await settled();
    expect(shown().before).toBe('over');
    expect(lines(shown().run)).toEqual(['1/tanh#0', '2/relu#3']);
    expect(shown().run?.networks[0]?.of?.run).toBe(ill);
    expect(shown().alone?.run.id).toBe('tried');
    session.overlayBefore(false);
    expect(shown().before).toBe('apart');
    expect(lines(shown().run)).toEqual(['relu#3']);
    session.overlayBefore(true);
    expect(shown().before).toBe('over');
    expect(heard('leaveKept')).toEqual([]);
  });

  it('is in sight from the click on, while the run before still stops; a refusal takes it back', async () => {
    const answer = promised<void>();
    const { session, shown, page } = await opened({ follow: () => now('ill', 0), startRun: () => answer.promise });
    session.tryRemedy({ ...config, activations: ['relu'] });
    expect(lines(shown().run)).toEqual(['1/tanh#0', '2/relu#0']);
    expect(shown()).toMatchObject({ before: 'over', status: { phase: 'loading' }, config: { activations: ['relu'] } });
    // The run before is told to have stopped: nothing else is shown for that moment.
    const { status } = snapshot(runOf({}, 'ill'));
    await page.news(1, [{ kind: 'state', network: 'tanh#0', state: 'stopped', seconds: 1 }], status);
    await settled();
    expect(shown()).toMatchObject({ before: 'over', status: { phase: 'loading' } });
    expect(shown().earlier?.networks[0]?.state).toBe('stopped');
    answer.breakWith('Not now.');
    await settled();
    expect(shown()).toMatchObject({ before: undefined, earlier: undefined, run: { id: 'ill' } });
    expect(shown().problem?.message).toBe('Not now.');
  });

  it.each([
    ['whose snapshot came anew meanwhile, as that tells', true],
    ['whose end was not told, as stopped', false],
  ])('shows the run before, %s', async (_, anew) => {
    const running = (id: string, seq: number) => ({ ...now(id, seq), states: { 'tanh#0': 'running' as const } });
    const { session, shown, page } = await opened({ follow: () => running('ill', 0) });
    session.tryRemedy(config);
    expect(shown().earlier?.networks[0]?.state).toBe('running');
    const told = anew ? 'diverged' : 'stopped';
    if (anew) await page.showRun({ ...now('ill', 1), states: { 'tanh#0': told } });
    await page.showRun(running('tried', 2));
    await settled();
    expect(shown()).toMatchObject({ before: 'over', alone: { run: { id: 'tried' } } });
    expect(shown().earlier?.networks[0]?.state).toBe(told);
    expect(shown().run?.networks.map(({ state }) => state)).toEqual([told, 'running']);
  });

  it('goes on in the same overlay, with the verdicts of both', async () => {
    const { session, shown, page } = await opened({ follow: () => now('ill', 0) });
    session.tryRemedy(config);
    await page.showRun(now('tried', 1));
    await settled();
    const overlay = shown().run!;
    const { status } = snapshot(undefined);
    await page.news(2, [{ kind: 'state', network: 'tanh#0', state: 'failed', seconds: 1, message: 'Lost.' }], status);
    await settled();
    expect(shown().run).toBe(overlay);
    expect(overlay.networks.map(({ state, message }) => [state, message])).toEqual([
      ['stopped', undefined],
      ['failed', 'Lost.'],
    ]);
    await page.news(3, [{ kind: 'state', network: 'tanh#0', state: 'running', seconds: 1 }], status);
    await settled();
    expect(overlay.networks[1]).toMatchObject({ id: '2/tanh#0', state: 'running' });
    expect(overlay.networks[1]!.message).toBeUndefined();
  });

  it('lies over the run before as that one ended, which trains on until it gives way', async () => {
    const { session, shown, page } = await opened({ follow: () => now('ill', 0) });
    session.tryRemedy(config);
    const { status } = snapshot(undefined);
    await page.news(1, [{ kind: 'state', network: 'tanh#0', state: 'diverged', seconds: 1 }], status);
    await page.showRun(now('tried', 2));
    await settled();
    expect(shown().verdicts.get('1/tanh#0')?.kind).toBe('diverged');
    expect(shown().verdicts.get('2/tanh#0')?.kind).not.toBe('diverged');
  });

  it('gives way to kept runs that are looked at meanwhile', async () => {
    const { session, shown, page } = await opened({ follow: () => now('ill', 0) });
    session.tryRemedy(config);
    await page.showRun(now('tried', 1));
    await page.showKept([kept('First', runOf({ seed: 1 }, 'ill')), kept('Second', runOf({ seed: 2 }, 'tried'))]);
    await settled();
    expect(shown()).toMatchObject({ before: undefined, alone: undefined });
    session.showCurrent();
    expect(shown().before).toBe('over');
  });

  it('of a remedy lies over that one', async () => {
    const { session, shown, page } = await opened({ follow: () => now('ill', 0) });
    session.tryRemedy(config);
    await page.showRun(now('tried', 1));
    await settled();
    session.tryRemedy(config);
    await page.showRun(now('again', 2));
    await settled();
    expect(shown().run?.networks.map(({ of }) => of?.run.id)).toEqual(['tried', 'again']);
  });

  it('of a kept run is no remedy of the current one', async () => {
    const ill = kept('Kept', runOf({}, 'ill'));
    const { session, shown, page } = await opened({ follow: () => now('current', 0), kept: () => [ill] });
    session.tryRemedy({ ...config, seed: 3 });
    await settled();
    expect(shown().kept).toEqual([]);
    expect(shown().run?.networks.map(({ of }) => of?.run.id)).toEqual(['ill', '']);
    await page.showRun(now('tried', 1));
    await settled();
    expect(shown().run?.networks.map(({ of }) => of?.run.id)).toEqual(['ill', 'tried']);
  });

  it('is no longer one where other settings are started', async () => {
    const { session, shown, page } = await opened({ follow: () => now('ill', 0) });
    session.tryRemedy(config);
    await page.showRun(now('tried', 1));
    await settled();
    session.start(config);
    await page.showRun(now('other', 2));
    await settled();
    expect(shown().before).toBeUndefined();
  });

  it('is one no more where another run takes its place', async () => {
    const { session, shown, page } = await opened({ follow: () => now('ill', 0) });
    session.tryRemedy(config);
    await page.showRun(now('tried', 1));
    await page.showRun(now('other', 2));
    await settled();
    expect(shown().before).toBeUndefined();
  });
});

describe('what a person asks for', () => {
  it.each([
    ['startRun', (session: CompareSession) => session.start(config), [config]],
    ['startRun', (session: CompareSession) => session.runAgain(), [config]],
    ['pauseRun', (session: CompareSession) => session.pause(), []],
    ['resumeRun', (session: CompareSession) => session.resume(), []],
    ['stopRun', (session: CompareSession) => session.stop(), []],
    ['continueRun', (session: CompareSession) => session.continueRun(), []],
    ['dismissProblem', (session: CompareSession) => session.dismissProblem(), []],
    ['dismissOrigin', (session: CompareSession) => session.dismissOrigin(), []],
    ['copyText', (session: CompareSession) => session.copyText('| a |'), ['| a |']],
    [
      'openRunAddresses',
      (session: CompareSession) => session.openRunAddresses(['file:///a.json']),
      [['file:///a.json']],
    ],
    ['openCalculator', (session: CompareSession) => session.openCalculator(paperFlow), [paperFlow]],
  ])('is asked of the host (%s), and a refusal is said', async (name, act, args) => {
    const { session, heard, shown } = await opened();
    act(session);
    await settled();
    expect(heard(name)).toEqual([[name, ...args]]);
    expect(shown().problem).toBeUndefined();
    const refusing = await opened({ [name]: () => Promise.reject(new Error('Not now.')) });
    act(refusing.session);
    await settled();
    expect(refusing.shown().problem).toEqual({ message: 'Not now.', waysOut: ['showLog'] });
  });

  it('is that files dropped on the page are opened, whole, and none that is too large', async () => {
    const { session, heard, shown } = await opened();
    session.openRunFiles([new File(['{}'], 'run.json')]);
    await settled();
    expect(heard('openRunFiles')).toEqual([
      ['openRunFiles', [{ name: 'run.json', bytes: new Uint8Array([123, 125]) }]],
    ]);
    session.openRunFiles([{ name: 'large.json', size: 2 ** 30, arrayBuffer: () => Promise.reject(new Error('read')) }]);
    await settled();
    expect(heard('openRunFiles')).toHaveLength(1);
    expect(shown().problem?.message).toBe(
      'large.json cannot be opened. The file has 1024 MB; a stored run has at most 256 MB.',
    );
  });

  it('says why a file was not saved, and why no folder could be chosen', async () => {
    const { session, shown } = await opened({
      saveFile: () => Promise.reject(new Error('The disk is full.')),
      chooseFolder: () => Promise.reject(new Error('No dialog here.')),
    });
    session.saveFile('run.csv', 'a,b');
    await settled();
    expect(shown().problem?.message).toBe('The disk is full.');
    expect(await session.chooseFolder()).toBeNull();
    expect(shown().problem?.message).toBe('No dialog here.');
  });

  it('follows a download of MNIST to its end', async () => {
    const download = promised<boolean>();
    const { session, shown, page } = await opened({ downloadMnist: () => download.promise });
    session.downloadMnist();
    const progress = { file: 'labels', received: 5, total: 10, files: 4, fileIndex: 0 };
    await page.downloadProgress(progress);
    await settled();
    expect(shown()).toMatchObject({ download: progress, mnistStored: false });
    download.keep(true);
    await settled();
    expect(shown()).toMatchObject({ download: undefined, mnistStored: true });
  });

  it.each([
    ['is called off', (download: ReturnType<typeof promised<boolean>>) => download.keep(false), undefined],
    [
      'fails',
      (download: ReturnType<typeof promised<boolean>>) => download.breakWith('No network.'),
      { message: 'No network.', waysOut: ['downloadMnist', 'chooseFolder', 'showLog'] },
    ],
  ])('leaves all as it was where a download %s', async (_, end, problem) => {
    const download = promised<boolean>();
    const { session, shown } = await opened({ downloadMnist: () => download.promise });
    session.downloadMnist();
    end(download);
    await settled();
    expect(shown()).toMatchObject({ download: undefined, mnistStored: false });
    expect(shown().problem).toEqual(problem);
  });
});

describe('training in the page, when the host asks for it', () => {
  it('loads the data, tells of them, trains, and ends where it is stopped', async () => {
    const { page, workers, heard, clock } = await opened();
    await page.train(jobOf('one'));
    await settled();
    expect(heard('prepared')).toEqual([['prepared', 'one', dataset]]);
    expect(workers[0]!.asked).toEqual(['prepare', 'train']);
    await page.stopTraining('one');
    await clock.pass(1000);
    expect(heard('ended')).toEqual([['ended', 'one', undefined]]);
    expect(JSON.stringify(heard('told'))).toContain('"stopped"');
    expect(workers[0]!.ended()).toBe(true);
  });

  it('pauses and goes on, and passes over what is asked of another turn', async () => {
    const { page, workers } = await opened();
    await page.train(jobOf('one'));
    await settled();
    await page.pauseTraining('another');
    await page.stopTraining('another');
    await page.pauseTraining('one');
    await page.resumeTraining('one');
    await settled();
    expect(workers[0]!.asked).toEqual(['prepare', 'train', 'pause', 'resume']);
  });

  it('stops while the data load: nothing is started when they come', async () => {
    const data = promised<DatasetFile[]>();
    const { page, workers, heard } = await opened({ readData: () => data.promise });
    await page.train(jobOf('one'));
    await settled();
    await page.stopTraining('one');
    await settled();
    expect(heard('ended')).toEqual([['ended', 'one', undefined]]);
    data.keep(files);
    await settled();
    expect(workers).toEqual([]);
    expect(heard('ended', 'prepared')).toHaveLength(1);
  });

  it('that is overtaken by another while the data load trains the other alone', async () => {
    const data = promised<DatasetFile[]>();
    const { page, workers, heard } = await opened({ readData: () => data.promise });
    await page.train(jobOf('one'));
    await page.train(jobOf('two'));
    data.keep(files);
    await settled();
    expect(heard('prepared')).toEqual([['prepared', 'two', dataset]]);
    expect(workers).toHaveLength(1);
  });

  it('that is overtaken while it trains ends its workers', async () => {
    const { page, workers, heard, clock } = await opened();
    await page.train(jobOf('one'));
    await settled();
    await page.train(jobOf('two'));
    await clock.pass(1000);
    expect(workers.map(({ ended }) => ended())).toEqual([true, false]);
    expect(heard('prepared').map(([, turn]) => turn)).toEqual(['one', 'two']);
  });

  it('reads the data once for runs that share them', async () => {
    let read = 0;
    const { page, workers } = await opened({
      readData() {
        read++;
        return files;
      },
    });
    for (const turn of ['one', 'two']) {
      await page.train(jobOf(turn));
      await settled();
    }
    expect(workers).toHaveLength(2);
    expect(read).toBe(1);
  });

  it.each<[string, Partial<Host>, RegExp]>([
    [
      'cannot be read',
      { readData: () => Promise.reject(new Error('MNIST is not stored.')) },
      /^MNIST is not stored\.$/,
    ],
    ['are damaged', { readData: () => [...files.slice(0, 3), { name: files[3]!.name, bytes: labels(1) }] }, /\S/],
  ])('ends with ways out where the data %s', async (_, host, message) => {
    const { page, heard, workers } = await opened(host);
    await page.train(jobOf('one'));
    await settled();
    const [[, turn, problem] = []] = heard('ended');
    expect(turn).toBe('one');
    expect((problem as Problem).message).toMatch(message);
    expect((problem as Problem).waysOut).toEqual(['downloadMnist', 'chooseFolder', 'useDigits', 'showLog']);
    expect(workers).toEqual([]);
  });

  it('ends with a problem where the workers cannot be fetched, and fetches them again with the next', async () => {
    let fetched = 0;
    const { page, heard, workers } = await opened({}, (parts) =>
      ++fetched <= 2 ? Promise.reject(new Error('worker.js is missing.')) : Promise.resolve(parts),
    );
    // A page that comes up fetches them before it is asked to train, and says nothing where it cannot.
    expect(fetched).toBe(1);
    expect(heard('ended')).toEqual([]);
    await page.train(jobOf('one'));
    await settled();
    expect((heard('ended')[0]![2] as Problem).message).toBe('worker.js is missing.');
    await page.train(jobOf('two'));
    await settled();
    expect(workers).toHaveLength(1);
    expect(fetched).toBe(3);
  });
});
