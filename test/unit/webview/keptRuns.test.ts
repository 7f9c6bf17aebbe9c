import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../src/core/advice/runStatus';
import { paperConfig } from '../../../src/core/experiment/config';
import { overlaidRuns } from '../../../src/core/runs/overlay';
import { serialiseRun } from '../../../src/core/runs/serialise';
import { runTitle } from '../../../src/core/runs/summary';
import type { Service } from '../../../src/protocol/contract';
import { compareHostContract, comparePageContract, type KeptRun } from '../../../src/protocol/pages/compare';
import type { Snapshot } from '../../../src/protocol/pages/runs';
import { CompareSession } from '../../../webview/compare/session';
import { sampleRun } from '../core/reportRun';
import { HandClock, scriptedHost, settled } from './scripted';

const current = { ...paperConfig, epochs: 7 };
const still = { run: undefined, training: false, loadingText: '', problem: undefined, resumable: false };
const snapshot = (seq: number, config = current): Snapshot => ({
  seq,
  status: statusOf({ ...still, config }),
  config,
  run: null,
  states: {},
});

function kept(id: string, change: Parameters<typeof sampleRun>[0] = {}): KeptRun {
  const run = { ...sampleRun(change), id };
  return { id, title: runTitle({ config: run.config }), run: serialiseRun(run) };
}

/** A page whose current run has seven epochs, and what it shows. */
async function page(runs: readonly KeptRun[]) {
  const nothing = () => {};
  const host = {
    follow: () => snapshot(0),
    kept: () => [...runs],
    proposed: () => null,
    presenting: () => false,
    setPresenting: () => undefined,
    hasMnist: () => false,
    leaveKept: nothing,
    log: nothing,
    startRun: nothing,
  } satisfies Partial<Service<typeof compareHostContract>>;
  const scripted = scriptedHost(
    compareHostContract,
    host as unknown as Service<typeof compareHostContract>,
    comparePageContract,
  );
  const session = new CompareSession({
    transport: scripted.transport,
    clock: new HandClock(),
    cores: 1,
    machine: () => 'a machine',
    loadWorkers: () => Promise.reject(new Error('nothing trains here')),
  });
  await session.open();
  return { session, host: scripted.page, shown: () => session.store.get() };
}

describe('kept runs in the panel', () => {
  it('are named by what differs where they are laid over each other', async () => {
    const { shown } = await page([kept('a', { seed: 1 }), kept('b', { seed: 2 })]);
    expect(overlaidRuns(shown().run!).map(({ name }) => name)).toEqual(['seed 1', 'seed 2']);
  });

  it('leave the settings of the next run as they are where there are several', async () => {
    const several = await page([kept('a', { seed: 1 }), kept('b', { epochs: 3 })]);
    expect(several.shown().config).toEqual(current);
    await several.host.showRun(snapshot(1, { ...current, seed: 9 }));
    await settled();
    expect(several.shown().config.seed).toBe(9);
    const one = await page([kept('b', { epochs: 3 })]);
    expect(one.shown().config.epochs).toBe(3);
  });

  it('are not drawn anew for news of the current run', async () => {
    const { shown, host } = await page([kept('a')]);
    const before = shown();
    await host.status({ ...before.status, phase: 'loading', loadingText: 'Drawing the digits…' });
    await settled();
    expect(shown()).toMatchObject({ training: true, revision: before.revision });
    expect(shown().status).toBe(before.status);
    await host.status({ ...before.status, phase: 'running' });
    await settled();
    expect(shown()).toMatchObject({ training: true, revision: before.revision });
  });

  it('say how far they came where they are a half', async () => {
    const { shown } = await page([kept('a')]);
    expect(shown().status.phase).toBe('interrupted');
  });

  it('that cannot be read are all named, and the others shown', async () => {
    const broken = { id: 'x', title: 'First', run: '{' };
    const { shown } = await page([broken, kept('a', { seed: 4 }), { ...broken, id: 'y', title: 'Second' }]);
    expect(shown().run!.config.seed).toBe(4);
    expect(shown().problem!.message).toMatch(/“First” cannot be shown: .+ “Second” cannot be shown: ./);
  });
});
