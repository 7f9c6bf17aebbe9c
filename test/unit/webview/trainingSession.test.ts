import { describe, expect, it } from 'vitest';
import type { WayOut } from '../../../src/core/advice/runStatus';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import { serialiseRun } from '../../../src/core/runs/serialise';
import type { Service } from '../../../src/protocol/contract';
import type { RunStatus, Snapshot } from '../../../src/protocol/pages/runs';
import { trainingHostContract, trainingPageContract } from '../../../src/protocol/pages/training';
import { type TrainingActions, TrainingSession } from '../../../webview/training/session';
import { emptyRun, finishedRun, train } from '../core/runs/runs';
import { HandClock, scriptedHost, settled } from './scripted';

type Host = Service<typeof trainingHostContract>;

const run = emptyRun();
const status: RunStatus = {
  phase: 'stopped',
  epoch: 0,
  epochs: 3,
  progress: 0,
  text: 'Stopped.',
  resumable: true,
};
const snapshot = (): Snapshot => ({
  seq: 3,
  status,
  config: run.config,
  run: serialiseRun(run),
  states: Object.fromEntries(run.networks.map(({ id }) => [id, 'stopped'])),
});

/** A training view whose host notes what it is asked, and answers as the test says. */
async function opened(change: Partial<Host> = {}) {
  const asked: unknown[][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void asked.push(args.length === 0 ? [name] : [name, ...args]);
  const names = Object.keys(trainingHostContract);
  const host = {
    ...Object.fromEntries(names.map((name) => [name, note(name)])),
    follow: snapshot,
    resync: snapshot,
    // Asked by every page that comes up.
    workerAssets: () => ({ worker: 'worker.js', files: {} }),
    chooseFolder: () => null,
    downloadMnist: () => false,
    ...change,
  } as unknown as Host;
  const { transport, page } = scriptedHost(trainingHostContract, host, trainingPageContract);
  const session = new TrainingSession({
    transport,
    clock: new HandClock(),
    cores: 2,
    machine: () => 'a machine',
    loadWorkers: () => Promise.reject(new Error('no workers here')),
  });
  await session.open();
  return { session, page, asked, shown: () => session.store.get() };
}

describe('the training view', () => {
  it('shows the run of its host, and its news', async () => {
    const { page, shown } = await opened();
    expect(shown()).toMatchObject({ status, config: run.config, run: { id: 'run' } });
    expect(shown().run?.networks.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    const grown = emptyRun();
    const news = train(grown, grown.networks[0]!, 2);
    await page.news(4, news, { ...status, phase: 'running' });
    await settled();
    expect(shown().run?.networks[0]?.steps.count).toBe(2);
    expect(shown().status.phase).toBe('running');
    await page.showRun({ ...snapshot(), seq: 4, run: serialiseRun(finishedRun({}, 'another')) });
    await settled();
    expect(shown().run?.id).toBe('another');
  });

  const asks: [keyof TrainingActions, unknown[]][] = [
    ['startPaper', ['startRun', paperConfig]],
    ['chooseActivations', ['chooseActivations']],
    ['pause', ['pauseRun']],
    ['resume', ['resumeRun']],
    ['stop', ['stopRun']],
    ['runAgain', ['runAgain']],
    ['continueRun', ['continueRun']],
    ['openPanel', ['openPanel']],
    ['openCalculator', ['openCalculator']],
    ['dismissProblem', ['dismissProblem']],
  ];
  it.each(asks)('%s asks the host once', async (action, expected) => {
    const { session, asked } = await opened();
    (session[action] as () => void).call(session);
    await settled();
    expect(asked).toEqual([expected]);
  });

  it.each(asks)('%s that is refused shows as a problem, beside the run', async (action, [name]) => {
    const { session, asked, shown } = await opened({
      [name as string]: () => {
        throw new Error('That cannot be done now.');
      },
    });
    (session[action] as () => void).call(session);
    await settled();
    expect(shown().status).toEqual({
      ...status,
      problem: { message: 'That cannot be done now.', waysOut: ['showLog'] },
    });
    expect(shown().run?.id).toBe('run');
    expect(asked).toEqual([['log', 'error', 'That cannot be done now.']]);
  });

  it('loses a problem of its own with the next status of the host', async () => {
    const { session, page, shown } = await opened({
      pauseRun: () => {
        throw new Error('That cannot be done now.');
      },
    });
    session.pause();
    await settled();
    await page.status(status);
    await settled();
    expect(shown().status.problem).toBeUndefined();
  });

  it('says so where the host does not answer at all', async () => {
    const { shown } = await opened({
      follow: () => {
        throw new Error('The host is not ready.');
      },
    });
    expect(shown().status.problem).toEqual({ message: 'The host is not ready.', waysOut: ['showLog'] });
  });

  it('tells the host where it cannot train, and says what helps', async () => {
    const { page, asked } = await opened();
    const config: ExperimentConfig = { ...run.config, data: { kind: 'mnist' } };
    await page.train({ turn: 't', runId: 'run', startedAt: run.startedAt, config });
    await settled();
    const [name, turn, problem] = asked.at(-1)!;
    expect([name, turn]).toEqual(['ended', 't']);
    expect(problem).toHaveProperty('waysOut');
  });
});

describe('the ways out of a problem, in the training view', () => {
  const base = run.config;
  const folder = 'file:///data/digits';

  it.each<[WayOut, Partial<Host>, unknown[][]]>([
    ['useDigits', {}, [['startRun', { ...base, data: { kind: 'digits' } }]]],
    ['useWasm', {}, [['startRun', { ...base, backend: 'wasm' }]]],
    ['continueRun', {}, [['continueRun']]],
    ['runAgain', {}, [['runAgain']]],
    ['showLog', {}, [['showLog']]],
    ['chooseFolder', { chooseFolder: () => folder }, [['startRun', { ...base, data: { kind: 'folder', folder } }]]],
    ['chooseFolder', { chooseFolder: () => null }, []],
    ['downloadMnist', { downloadMnist: () => true }, [['startRun', { ...base, data: { kind: 'mnist' } }]]],
    ['downloadMnist', { downloadMnist: () => false }, []],
  ])('%s, %#', async (way, change, expected) => {
    const { session, asked, shown } = await opened(change);
    session.mend(way);
    await settled();
    expect(asked).toEqual(expected);
    expect(shown().status.problem).toBeUndefined();
  });

  it.each<[WayOut, keyof Host]>([
    ['chooseFolder', 'chooseFolder'],
    ['downloadMnist', 'downloadMnist'],
    ['useDigits', 'startRun'],
    ['continueRun', 'continueRun'],
    ['showLog', 'showLog'],
  ])('%s that fails shows why', async (way, name) => {
    const { session, shown } = await opened({
      [name]: () => {
        throw new Error('No network.');
      },
    });
    session.mend(way);
    await settled();
    expect(shown().status.problem?.message).toBe('No network.');
  });
});
