import { describe, expect, it } from 'vitest';
import { pointsOf } from '../../../src/core/sweeps/plan';
import type { SweepResult } from '../../../src/core/sweeps/result';
import type { TrainingJob } from '../../../src/protocol/workers/training';
import { Sweep, type SweepOptions } from '../../../src/session/sweep';
import { sweepPlan } from '../core/sweeps/sweeps';
import {
  config,
  dataset,
  fakeWorker,
  handClock,
  type Script,
  STEPS,
  tellStep,
  tensors,
  upTo,
  wellBehaved,
} from './scriptedWorker';

const plan = sweepPlan(['depth=1..3'], { ...config, hidden: [4], seeds: 2 });

function sweep(script: Script, options: Partial<SweepOptions> = {}) {
  const started: TrainingJob[] = [];
  const results: SweepResult[] = [];
  const logged: string[] = [];
  const notes: string[] = [];
  const training: Sweep = new Sweep({
    points: pointsOf(plan),
    dataset,
    binaries: {},
    launch: () => fakeWorker(script, started),
    parallel: 2,
    clock: handClock().clock,
    now: () => '2026-01-01T00:00:00Z',
    onResult: (result) => void results.push(result),
    onNote: (text) => void notes.push(text),
    log: (level, text) => void logged.push(`${level}: ${text}`),
    ...options,
  });
  return { training, started, results, logged, notes };
}
const oneLayer: Script = {
  async train(news, job, life) {
    // Its steps have two layers: of the other networks the record refuses them.
    return job.config.hidden.length === 1
      ? wellBehaved.train(news, job, life)
      : { state: 'diverged', seconds: 1, tensors };
  },
};

describe('a sweep', () => {
  it('trains each network once, alone in its comparison, and tells what it came to', async () => {
    const { training, started, results } = sweep(oneLayer);
    await training.start();
    expect(results.map(({ id }) => id).sort()).toEqual(
      pointsOf(plan)
        .map(({ id }) => id)
        .sort(),
    );
    expect(started).toHaveLength(12);
    for (const { config: each, activation, seed } of started)
      expect(each).toMatchObject({ activations: [activation], seed, seeds: 1 });
    expect(results.filter(({ state }) => state === 'finished')).toHaveLength(4);
    expect(results.find(({ id }) => id === 'depth=1 relu#1')).toMatchObject({
      state: 'finished',
      steps: STEPS,
      accuracy: 0.9,
      arrives: 1,
    });
    expect(training.waiting).toBe(0);
    expect(training.training.size).toBe(0);
  });

  it('trains no more at a time than it is told to, and says where the memory holds fewer', async () => {
    let [now, most] = [0, 0];
    const counted: Script = {
      async train() {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now--;
        return { state: 'diverged', seconds: 1, tensors };
      },
    };
    await sweep(counted, { parallel: 3 }).training.start();
    expect(most).toBe(3);
    [now, most] = [0, 0];
    const large = sweepPlan(['width=8,1024', 'seed=0..2'], {
      ...config,
      activations: ['relu'],
      hidden: Array(20).fill(8),
    });
    const { training, notes } = sweep(counted, { points: pointsOf(large), parallel: 3, memory: 700_000_000 });
    await training.start();
    expect(most).toBeLessThan(3);
    expect(notes.join()).toMatch(/networks? trains?.*of memory/);
  });

  it('that is stopped tells nothing of what was in progress, and begins nothing more', async () => {
    let reached = 0;
    const { training, started, results } = sweep({
      train(news, job, life) {
        if (++reached === 2) queueMicrotask(() => training.stop());
        return upTo(0).train(news, job, life);
      },
    });
    await training.start();
    expect(training.state).toBe('stopped');
    expect(results).toEqual([]);
    expect(started.length).toBe(2);
    expect(training.waiting).toBe(0);
  });

  it('that is paused begins nothing until it goes on', async () => {
    let trained = 0;
    const { training, results } = sweep({
      async train() {
        if (++trained === 2) training.pause();
        return { state: 'diverged', seconds: 1, tensors };
      },
    });
    const over = training.start();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(training.state).toBe('paused');
    const before = results.length;
    expect(before).toBeLessThanOrEqual(3);
    training.resume();
    await over;
    expect(results).toHaveLength(12);
  });

  it('goes on where a network fails, and tells why', async () => {
    const { training, results } = sweep({
      async train(news, job, { die }) {
        if (job.activation === 'relu') {
          await tellStep(news, 0);
          die('exit code 1');
          return new Promise(() => {});
        }
        return { state: 'diverged', seconds: 1, tensors };
      },
    });
    await training.start();
    const failed = results.filter(({ state }) => state === 'failed');
    expect(failed).toHaveLength(6);
    expect(failed[0]!.message).toMatch(/exit code 1/);
  });

  it('takes a network that does not fit the memory for one that failed', async () => {
    const wide = sweepPlan(['width=8,4096'], { ...config, activations: ['relu'], hidden: Array(50).fill(8) });
    const { training, results, logged } = sweep(
      { train: async () => ({ state: 'diverged', seconds: 1, tensors }) },
      { points: pointsOf(wide), memory: 1_000_000_000 },
    );
    await training.start();
    expect(results.map(({ id, state }) => [id, state])).toEqual([
      ['width=8 relu#0', 'diverged'],
      ['width=4096 relu#0', 'failed'],
    ]);
    expect(results[1]!.message).toMatch(/memory/);
    expect(logged.join()).toContain('error: width=4096 relu#0: ');
  });

  it('ends where a result cannot be kept', async () => {
    const { training, started } = sweep(oneLayer, {
      onResult() {
        throw new Error('The disk is full.');
      },
    });
    await expect(training.start()).rejects.toThrow('The disk is full.');
    expect(started.length).toBeLessThanOrEqual(2);
    expect(training.state).toBe('stopped');
  });

  it('of nothing is over at once', async () => {
    const { training, started } = sweep(wellBehaved, { points: [] });
    await training.start();
    expect(started).toEqual([]);
  });
});
