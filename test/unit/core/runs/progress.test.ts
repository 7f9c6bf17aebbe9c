import { expect, it } from 'vitest';
import { isNews, statusOf } from '../../../../src/core/advice/runStatus';
import { overlayRuns } from '../../../../src/core/runs/overlay';
import { currentEpoch, runProgress, shownEpochs, stepsPerEpoch } from '../../../../src/core/runs/progress';
import { emptyRun, finishedRun, train } from './runs';

const statusAt = (run: ReturnType<typeof emptyRun>) =>
  statusOf({ run, config: run.config, training: false, loadingText: '', problem: undefined, resumable: true });

it.each([
  [512, 4],
  [513, 5],
  [100, 1],
  [0, 1],
])('%i images in batches of 128 are %i steps', (train, steps) => {
  const run = emptyRun();
  run.dataset = { ...run.dataset, train };
  expect(stepsPerEpoch(run)).toBe(steps);
});

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

it('a run that is paused and then stopped stays in its epoch, its slowest network’s', () => {
  const run = emptyRun();
  train(run, run.networks[0]!, 9);
  train(run, run.networks[1]!, 5);
  for (const state of ['paused', 'stopped', 'interrupted'] as const) {
    for (const network of run.networks) network.state = state;
    expect(currentEpoch(run), state).toBe(2);
  }
  // One that never began, or is done, holds nothing back.
  run.networks[1]!.state = 'diverged';
  expect(currentEpoch(run)).toBe(3);
});

it('a run of which a network failed says the epoch in which that one did', () => {
  const run = emptyRun();
  const [sigmoid, relu] = run.networks;
  train(run, sigmoid!, 12);
  sigmoid!.state = 'finished';
  relu!.state = 'failed';
  expect(currentEpoch(run)).toBe(0);
  expect(statusAt(run).text).toContain('Failed before the first step. ');
  train(run, relu!, 5);
  relu!.state = 'failed';
  expect(currentEpoch(run)).toBe(2);
  expect(statusAt(run).text).toContain('Failed in epoch 2 of 3. ');
  // Where all the networks diverged or finished, the run came as far as any.
  relu!.state = 'diverged';
  expect(currentEpoch(run)).toBe(3);
});

it('a run of an earlier window is news where it can go on', () => {
  const run = emptyRun();
  for (const network of run.networks) network.state = 'stopped';
  expect(isNews(statusAt(run), false)).toBe(true);
  const finished = { ...statusAt(finishedRun()), resumable: false };
  expect(isNews(finished, false)).toBe(false);
  expect(isNews(finished, true)).toBe(true);
  expect(isNews({ phase: 'idle', resumable: false }, true)).toBe(false);
});

it('a run that trains is in the epoch of its slowest network', () => {
  const run = emptyRun();
  train(run, run.networks[0]!, 9);
  train(run, run.networks[1]!, 4);
  expect(currentEpoch(run)).toBe(2);
  expect(runProgress(run)).toBeCloseTo(13 / 24);
});

it('a run that was stopped has come as far as it came, and one beside what diverged or failed goes to its end', () => {
  const run = emptyRun();
  const [sigmoid, relu] = run.networks;
  train(run, sigmoid!, 9);
  train(run, relu!, 3);
  for (const network of run.networks) network.state = 'stopped';
  expect(runProgress(run)).toBeCloseTo(12 / 24);
  relu!.state = 'diverged';
  expect(runProgress(run)).toBeCloseTo((9 / 12 + 1) / 2);
  sigmoid!.state = 'running';
  relu!.state = 'failed';
  expect(runProgress(run)).toBeCloseTo((9 / 12 + 1) / 2);
  sigmoid!.state = 'stopped';
  expect(runProgress(run)).toBeCloseTo(12 / 24);
  expect(runProgress(finishedRun())).toBe(1);
});

it('a run that has finished is in its last epoch', () => {
  expect(currentEpoch(finishedRun())).toBe(3);
  expect(statusAt(finishedRun()).text).not.toContain('epoch 3 of 3');
});

it('a plot has room for the plan while a run trains, and for what was trained once it is over', () => {
  const run = emptyRun({ epochs: 400 });
  const [sigmoid, relu] = run.networks;
  train(run, sigmoid!, 9);
  train(run, relu!, 6);
  expect(shownEpochs(run)).toBe(400);
  sigmoid!.state = 'paused';
  relu!.state = 'stopped';
  expect(shownEpochs(run)).toBe(400);
  sigmoid!.state = 'stopped';
  expect(shownEpochs(run)).toBe(2.25);
  expect(shownEpochs(finishedRun())).toBe(3);
  const overlay = overlayRuns([
    { run, name: 'stopped' },
    { run: finishedRun(), name: 'finished' },
  ]);
  expect(shownEpochs(overlay)).toBe(3);
  const unbegun = emptyRun();
  for (const network of unbegun.networks) network.state = 'stopped';
  expect(shownEpochs(unbegun)).toBe(3);
});
