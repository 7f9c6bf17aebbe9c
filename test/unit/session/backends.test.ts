import { describe, expect, it } from 'vitest';
import type { ChosenBackend } from '../../../src/core/experiment/backendTiming';
import type { ExperimentConfig } from '../../../src/core/experiment/config';
import type { TrainingJob } from '../../../src/protocol/workers/training';
import type { BackendMemory } from '../../../src/session/backends';
import { Comparison } from '../../../src/session/comparison';
import type { WorkerHandle } from '../../../src/session/trainingWorker';
import {
  checkpointAt,
  config,
  dataset,
  fakeWorker,
  handClock,
  type Script,
  STEPS,
  tellStep,
  tensors,
  wellBehaved,
} from './scriptedWorker';

const settled = (backend: 'wasm' | 'webgl'): ChosenBackend => ({
  backend,
  trials: [
    { backend: 'wasm', millisecondsPerStep: backend === 'wasm' ? 1 : 3 },
    { backend: 'webgl', millisecondsPerStep: 2 },
    { backend: 'webgpu', problem: 'does not start here' },
  ],
});

/** A memory of one machine and shape. */
function memoryOf(chosen?: ChosenBackend) {
  const asked: string[] = [];
  let kept = chosen;
  const memory: BackendMemory = {
    async recall() {
      asked.push('recall');
      return kept;
    },
    keep(now) {
      asked.push('keep');
      kept = now;
    },
    forget() {
      asked.push('forget');
      kept = undefined;
    },
  };
  return { memory, asked, kept: () => kept };
}

async function trained(
  script: Script,
  { change = {}, memory }: { change?: Partial<ExperimentConfig>; memory?: BackendMemory } = {},
) {
  const started: TrainingJob[] = [];
  const timed: TrainingJob[] = [];
  const notes: string[] = [];
  const logged: string[] = [];
  const workers: WorkerHandle[] = [];
  let alive = 0;
  let most = 0;
  const comparison = new Comparison({
    config: { ...config, backend: 'auto', ...change },
    dataset,
    binaries: {},
    launch() {
      const handle = fakeWorker(script, started, [], timed);
      most = Math.max(most, ++alive);
      workers.push(handle);
      const { terminate } = handle;
      let ended = false;
      handle.terminate = () => {
        if (!ended) alive--;
        ended = true;
        terminate();
      };
      return handle;
    },
    parallel: 4,
    id: 'test',
    startedAt: '2026-01-01T00:00:00Z',
    clock: handClock().clock,
    backendMemory: memory,
    onBackendNote: (text) => notes.push(text),
    onChange: () => {},
    log: (_level, text) => logged.push(text),
  });
  await comparison.start();
  expect(alive).toBe(0);
  return { comparison, started, timed, notes, logged, most };
}

const backendsOf = (jobs: readonly TrainingJob[]) => jobs.map((job) => job.config.backend);
const statesOf = ({ run }: Comparison) => run.networks.map(({ state }) => state);

describe('auto in a comparison', () => {
  it('times once, in a worker of its own, before any network trains', async () => {
    let timing = true;
    const { started, timed, notes, comparison } = await trained(
      {
        ...wellBehaved,
        async time(candidates, news) {
          for (const backend of candidates) {
            await news.tried({ backend, millisecondsPerStep: backend === 'webgl' ? 1 : 2 });
          }
          timing = false;
        },
        prepare: () => expect(timing).toBe(false),
      },
      { change: { seeds: 2 } },
    );
    expect(timed).toHaveLength(1);
    expect(backendsOf(started)).toEqual(['webgl', 'webgl', 'webgl', 'webgl']);
    expect(comparison.run.networks.map(({ backend }) => backend)).toEqual(['webgl', 'webgl', 'webgl', 'webgl']);
    expect(notes).toEqual(['auto took webgl: 1.0 ms a step; wasm 2.0 ms; webgpu 2.0 ms.']);
  });

  it('goes by what was tried where the worker dies, and trains on wasm where nothing was', async () => {
    const { started, notes } = await trained({
      ...wellBehaved,
      time: async (_, news) => {
        await news.tried({ backend: 'wasm', problem: 'does not start here' });
        await news.tried({ backend: 'webgl', millisecondsPerStep: 7 });
        throw new Error('the driver is gone');
      },
    });
    expect(backendsOf(started)).toEqual(['webgl', 'webgl']);
    expect(notes[0]).toContain('webgpu was not tried');
    const second = await trained({ ...wellBehaved, time: () => Promise.reject(new Error('gone')) });
    expect(backendsOf(second.started)).toEqual(['wasm', 'wasm']);
  });

  it.each([
    ['wasm', 'cpu'],
    ['webgl', 'wasm'],
  ] as const)('goes on with another where the worker dies as %s starts', async (dying, next) => {
    const reason = 'WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance';
    const script: Script = {
      ...wellBehaved,
      time: async (candidates, news) => {
        for (const backend of candidates) await news.tried({ backend, millisecondsPerStep: backend === dying ? 1 : 2 });
      },
      prepare: ({ config: { backend } }, die) => {
        if (backend === dying) die(reason);
      },
    };
    const { comparison, started } = await trained(script);
    expect(backendsOf(started).at(-1)).toBe(next);
    expect(statesOf(comparison)).toEqual(['finished', 'finished']);

    const chosen = await trained(script, { change: { backend: dying } });
    expect(statesOf(chosen.comparison)).toEqual(['failed', 'failed']);
    expect(chosen.comparison.run.networks[0]!.message).toBe(
      `The ${dying} backend does not start on this machine (${reason}). Choose ${dying === 'wasm' ? 'cpu' : 'wasm or cpu'}.`,
    );
  });

  it('takes cpu where trying wasm ended the worker', async () => {
    const { started, notes } = await trained({
      ...wellBehaved,
      async time(_candidates, _news, _job, die) {
        die('no memory');
        return new Promise(() => {});
      },
    });
    expect(backendsOf(started)).toEqual(['cpu', 'cpu']);
    expect(notes[0]).toContain('wasm ended the worker that tried it');
  });

  it('trains on the backend that is remembered, and times nothing', async () => {
    const { memory, asked } = memoryOf(settled('webgl'));
    const { timed, started, notes } = await trained(wellBehaved, { memory });
    expect(timed).toEqual([]);
    expect(asked).toEqual(['recall']);
    expect(backendsOf(started)).toEqual(['webgl', 'webgl']);
    expect(notes[0]).toMatch(/^auto took webgl, as timed before on this machine: 2.0 ms a step; wasm 3.0 ms/);
  });

  it('remembers what is settled, and nothing else', async () => {
    const empty = memoryOf();
    await trained(wellBehaved, { memory: empty.memory });
    expect(empty.asked).toEqual(['recall', 'keep']);
    expect(empty.kept()?.backend).toBe('wasm');
    const unsettled = memoryOf();
    await trained(
      { ...wellBehaved, time: async (_, news) => news.tried({ backend: 'wasm', millisecondsPerStep: 1 }) },
      { memory: unsettled.memory },
    );
    expect(unsettled.asked).toEqual(['recall']);
  });

  it('forgets a remembered backend that does not start any more, and times again, once for all', async () => {
    const { memory, asked, kept } = memoryOf(settled('webgl'));
    const { comparison, started, timed, logged, notes } = await trained(
      {
        ...wellBehaved,
        notStarted: ({ config: { backend } }) =>
          backend === 'webgl' ? 'The webgl backend does not start on this machine.' : undefined,
      },
      { memory },
    );
    expect(timed).toHaveLength(1);
    expect(asked).toEqual(['recall', 'forget', 'keep']);
    expect(kept()?.backend).toBe('wasm');
    expect(statesOf(comparison)).toEqual(['finished', 'finished']);
    expect(backendsOf(started).toSorted()).toEqual(['wasm', 'wasm', 'webgl', 'webgl']);
    expect(logged.join(' ')).toContain('does not start on this machine. It begins with wasm.');
    // Only what auto took is news to a person.
    expect(notes.map((note) => note.slice(0, 15))).toEqual(['auto took webgl', 'auto took wasm:']);
  });

  it('ends with cpu, and fails where that does not start either', async () => {
    const notStarted: Script['notStarted'] = ({ config: { backend } }) =>
      backend === 'cpu' ? undefined : `The ${backend} backend does not start here.`;
    const { comparison, started } = await trained(
      { ...wellBehaved, notStarted },
      { change: { activations: ['relu'] } },
    );
    expect(backendsOf(started)).toEqual(['wasm', 'cpu']);
    expect(statesOf(comparison)).toEqual(['finished']);
    const none = await trained(
      { ...wellBehaved, notStarted: ({ config: { backend } }) => `No ${backend}.` },
      { change: { activations: ['relu'] } },
    );
    expect(statesOf(none.comparison)).toEqual(['failed']);
    expect(none.comparison.run.networks[0]!.message).toBe('No cpu.');
  });

  it('leaves a backend that a person chose alone: it fails, with the reason', async () => {
    const { comparison, started, timed } = await trained(
      { ...wellBehaved, notStarted: () => 'The webgl backend does not start here. Choose wasm or cpu.' },
      { change: { backend: 'webgl', activations: ['relu'] } },
    );
    expect(timed).toEqual([]);
    expect(backendsOf(started)).toEqual(['webgl']);
    expect(comparison.run.networks[0]!.message).toContain('Choose wasm or cpu');
  });

  it('says that nothing was timed where the worker for that does not start, and trains all the same', async () => {
    const started: TrainingJob[] = [];
    const notes: string[] = [];
    let launched = 0;
    const comparison = new Comparison({
      config: { ...config, backend: 'auto' },
      dataset,
      binaries: {},
      launch() {
        if (++launched === 1) throw new Error('no more threads');
        return fakeWorker(wellBehaved, started);
      },
      parallel: 2,
      id: 'test',
      startedAt: '2026-01-01T00:00:00Z',
      clock: handClock().clock,
      onChange: () => {},
      onBackendNote: (text) => notes.push(text),
      log: () => {},
    });
    await comparison.start();
    expect(notes).toEqual([
      'auto took wasm: no backend has a time; webgl and webgpu were not tried, since the worker for that did not start.',
    ]);
    expect(statesOf(comparison)).toEqual(['finished', 'finished']);
  });

  it('stops while it is timed', async () => {
    const started: TrainingJob[] = [];
    let stop = () => {};
    const comparison = new Comparison({
      config: { ...config, backend: 'auto' },
      dataset,
      binaries: {},
      launch: () =>
        fakeWorker({ ...wellBehaved, time: () => new Promise<void>(() => setTimeout(() => stop())) }, started),
      parallel: 2,
      id: 'test',
      startedAt: '2026-01-01T00:00:00Z',
      clock: handClock().clock,
      onChange: () => {},
      log: () => {},
    });
    stop = () => comparison.stop();
    await comparison.start();
    expect(started).toEqual([]);
    expect(statesOf(comparison)).toEqual(['stopped', 'stopped']);
  });

  it('times nothing any more where it was stopped while it looked what is remembered', async () => {
    let recalled = (_: undefined) => {};
    let asked = () => {};
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const recall = () => {
      asked();
      return new Promise<undefined>((resolve) => {
        recalled = resolve;
      });
    };
    let launches = 0;
    const notes: string[] = [];
    const comparison = new Comparison({
      config: { ...config, backend: 'auto' },
      dataset,
      binaries: {},
      launch() {
        launches++;
        return fakeWorker(wellBehaved, []);
      },
      parallel: 2,
      id: 'test',
      startedAt: '2026-01-01T00:00:00Z',
      clock: handClock().clock,
      backendMemory: { recall, keep() {}, forget() {} },
      onBackendNote: (text) => notes.push(text),
      onChange: () => {},
      log: () => {},
    });
    const over = comparison.start();
    await asking;
    comparison.stop();
    recalled(undefined);
    await over;
    expect([launches, notes, statesOf(comparison)]).toEqual([0, [], ['stopped', 'stopped']]);
  });

  it('logs all that is known of what was tried, beside what a person reads', async () => {
    const { logged, notes } = await trained({
      ...wellBehaved,
      async time(_, news) {
        await news.tried({ backend: 'wasm', millisecondsPerStep: 1 });
        await news.tried({ backend: 'webgl', problem: 'does not start here', detail: 'Error: no context.' });
      },
    });
    expect(logged[0]).toBe(`${notes[0]} Error: no context.`);
  });

  it('waits for no worker that hangs', async () => {
    const { clock, turn, due } = handClock();
    const started: TrainingJob[] = [];
    const comparison = new Comparison({
      config: { ...config, backend: 'auto' },
      dataset,
      binaries: {},
      launch: () =>
        fakeWorker(
          {
            ...wellBehaved,
            async time(_, news) {
              await news.tried({ backend: 'wasm', millisecondsPerStep: 3 });
              setTimeout(() => turn(10_000));
              return new Promise<void>(() => {});
            },
          },
          started,
        ),
      parallel: 2,
      id: 'test',
      startedAt: '2026-01-01T00:00:00Z',
      clock,
      onChange: () => {},
      log: () => {},
    });
    await comparison.start();
    expect(backendsOf(started)).toEqual(['wasm', 'wasm']);
    expect(due).toEqual([]);
  });
});

/** Trains as far as a step on webgl, with or without a checkpoint before, and then the GPU is gone. */
const lostAfter = (steps: number, checkpoint?: number): Script => ({
  async train(news, job, life) {
    if (job.config.backend !== 'webgl') return wellBehaved.train(news, job, life);
    await news.stateChanged('running');
    for (let step = job.checkpoint?.step ?? 0; step < steps; step++) {
      await tellStep(news, step);
      if (step + 1 === checkpoint) await news.checkpointed(checkpointAt(checkpoint));
    }
    return { state: 'lost', seconds: 1, tensors };
  },
});

describe('a GPU that is lost', () => {
  it('is followed by wasm from the last checkpoint; steps that are told again are passed over', async () => {
    const { comparison, started, notes, logged } = await trained(lostAfter(5, 4), {
      change: { backend: 'webgl', activations: ['relu'] },
    });
    expect(started.map(({ config: { backend }, checkpoint }) => [backend, checkpoint?.step])).toEqual([
      ['webgl', undefined],
      ['wasm', 4],
    ]);
    const [relu] = comparison.run.networks;
    expect([relu!.state, relu!.steps.count, relu!.epochs.length, relu!.backend]).toEqual([
      'finished',
      STEPS,
      3,
      'wasm',
    ]);
    const sentence = 'webgl lost its GPU after step 5. It goes on with wasm from step 5.';
    expect(notes).toEqual([`ReLU: ${sentence}`]);
    expect(logged).toContain(`ReLU: ${sentence}`);
  });

  it('without a checkpoint lets the network begin anew, and says so', async () => {
    const { comparison, started, notes } = await trained(lostAfter(3), {
      change: { backend: 'webgl', activations: ['relu'] },
    });
    expect(started.map(({ checkpoint }) => checkpoint)).toEqual([undefined, undefined]);
    expect(comparison.run.networks[0]!.steps.count).toBe(STEPS);
    expect(notes).toEqual(['ReLU: webgl lost its GPU after step 3. It begins anew with wasm.']);
  });

  it('is used by no later network, and forgotten where auto took it', async () => {
    const { memory, asked } = memoryOf(settled('webgl'));
    const { comparison, started } = await trained(lostAfter(2), { memory, change: { seeds: 4 } });
    expect(asked).toEqual(['recall', 'forget']);
    expect(statesOf(comparison).every((state) => state === 'finished')).toBe(true);
    expect(backendsOf(started).filter((backend) => backend === 'webgl').length).toBeLessThanOrEqual(4);
    expect(comparison.run.networks.every(({ backend }) => backend === 'wasm')).toBe(true);
  });

  it('leads to cpu where wasm does not start', async () => {
    const { comparison, started } = await trained(
      { ...lostAfter(2, 2), notStarted: ({ config: { backend } }) => (backend === 'wasm' ? 'No wasm.' : undefined) },
      { change: { backend: 'webgl', activations: ['relu'] } },
    );
    expect(started.map(({ config: { backend }, checkpoint }) => [backend, checkpoint?.step])).toEqual([
      ['webgl', undefined],
      ['wasm', 2],
      ['cpu', 2],
    ]);
    expect(statesOf(comparison)).toEqual(['finished']);
  });
});
