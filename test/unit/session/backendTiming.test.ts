import { describe, expect, it } from 'vitest';
import { timeBackends } from '../../../src/session/backendTiming';
import { config, dataset, fakeWorker, handClock, type Script, wellBehaved } from './scriptedWorker';

const job = { config, activation: 'relu', seed: 0 };
const untried = (backend: string) => ({ backend, problem: 'was not tried, since the time was up', passing: true });

const timed = (script: Script, clock = handClock().clock) =>
  timeBackends(job, { launch: () => fakeWorker(script, []), dataset, binaries: {}, clock });

describe('timing backends', () => {
  it('says that none was tried where no worker starts', async () => {
    const launch = () => {
      throw new Error('no more threads');
    };
    const timing = timeBackends(job, { launch, dataset, binaries: {}, clock: handClock().clock });
    const problem = 'was not tried, since the worker for that did not start';
    const reasons = (await timing.trials).map(({ backend, ...rest }) => [backend, 'problem' in rest && rest.problem]);
    expect(reasons).toEqual(['wasm', 'webgl', 'webgpu'].map((backend) => [backend, problem]));
    timing.stop();
  });

  it('has the worker try none that is passed over, which keeps its reason', async () => {
    const tried: string[] = [];
    const passed = { backend: 'wasm' as const, problem: 'has too little memory' };
    const launch = () => fakeWorker({ ...wellBehaved, time: async (all) => void tried.push(...all) }, []);
    const options = { launch, dataset, binaries: {}, clock: handClock().clock, passedOver: [passed] };
    expect(await timeBackends(job, options).trials).toEqual([passed, untried('webgl'), untried('webgpu')]);
    expect(tried).toEqual(['webgl', 'webgpu']);
  });

  it('blames the one that was tried when its worker died, shortly, and no other', async () => {
    const { trials } = timed({
      ...wellBehaved,
      async time(_, news, _job, die) {
        await news.tried({ backend: 'wasm', millisecondsPerStep: 1 });
        die('x'.repeat(5000));
        return new Promise(() => {});
      },
    });
    expect(await trials).toEqual([
      { backend: 'wasm', millisecondsPerStep: 1 },
      { backend: 'webgl', problem: 'ended the worker that tried it', detail: 'x'.repeat(2000) },
      untried('webgpu'),
    ]);
    const all = timed({
      ...wellBehaved,
      async time(candidates, news, _job, die) {
        for (const backend of candidates) await news.tried({ backend, millisecondsPerStep: 1 });
        die('gone');
        return new Promise(() => {});
      },
    });
    expect((await all.trials).map(({ problem }) => problem)).toEqual([undefined, undefined, undefined]);
  });

  it('waits 10 s after each that was tried, and no longer', async () => {
    const { clock, turn, due } = handClock();
    let told = () => {};
    const first = new Promise<void>((resolve) => {
      told = resolve;
    });
    const { trials } = timed(
      {
        ...wellBehaved,
        async time(_, news) {
          turn(9000);
          await news.tried({ backend: 'wasm', millisecondsPerStep: 1 });
          told();
          return new Promise(() => {});
        },
      },
      clock,
    );
    await first;
    turn(9999);
    expect(due).toHaveLength(1);
    turn(1);
    expect((await trials)[0]).toEqual({ backend: 'wasm', millisecondsPerStep: 1 });
    expect(due).toEqual([]);
  });
});
