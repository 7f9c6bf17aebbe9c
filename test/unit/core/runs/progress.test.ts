import { expect, it } from 'vitest';
import { currentEpoch, runProgress } from '../../../../src/core/runs/progress';
import { statusOf } from '../../../../src/core/verdicts/runStatus';
import { emptyRun, finishedRun, train } from './runs';

const statusAt = (run: ReturnType<typeof emptyRun>) =>
  statusOf({ run, config: run.config, training: false, loadingText: '', problem: undefined, resumable: true });

it('a run that was stopped says the epoch that it was in', () => {
  const run = emptyRun();
  for (const network of run.networks) network.state = 'stopped';
  expect(currentEpoch(run)).toBe(0);
  expect(statusAt(run).text).toBe('Stopped before the first step.');
  // 4 steps an epoch
  for (const [steps, epoch] of [
    [3, 1],
    [1, 1],
    [1, 2],
  ] as const) {
    train(run, run.networks[0]!, steps);
    run.networks[0]!.state = 'stopped';
    expect(currentEpoch(run)).toBe(epoch);
    expect(statusAt(run).text).toContain(`Stopped in epoch ${epoch} of 3. `);
  }
});

it('a run that trains is in the epoch of its slowest network', () => {
  const run = emptyRun();
  train(run, run.networks[0]!, 9);
  train(run, run.networks[1]!, 4);
  expect(currentEpoch(run)).toBe(2);
  expect(runProgress(run)).toBeCloseTo(13 / 24);
});

it('a run that has finished is in its last epoch', () => {
  expect(currentEpoch(finishedRun())).toBe(3);
  expect(statusAt(finishedRun()).text).not.toContain('epoch 3 of 3');
});
