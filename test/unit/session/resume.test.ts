import { expect, it } from 'vitest';
import { createRunRecord } from '../../../src/core/runs/record';
import { ResumeError, resumed } from '../../../src/session/resume';
import { block, checkpointAt, config, row, summary } from './scriptedWorker';

/** Two steps an epoch. */
function recorded(steps: number, epochs: number) {
  const run = createRunRecord('test', '2026-01-01T00:00:00Z', { ...config, activations: ['relu'] }, summary);
  const [relu] = run.networks;
  relu!.state = 'interrupted';
  relu!.seconds = 9;
  for (let step = 0; step < steps; step++) relu!.steps.append(block(step));
  for (let epoch = 1; epoch <= epochs; epoch++) relu!.epochs.push(row(epoch));
  return run;
}

const goesOn = (steps: number, epochs: number, step: number, seen: number) => {
  const checkpoint = { ...checkpointAt(step), sums: { loss: 0, correct: 0, seen } };
  const { run, checkpoints } = resumed(
    { run: recorded(steps, epochs), checkpoints: new Map([['relu#0', checkpoint]]) },
    summary,
  );
  const [relu] = run.networks;
  return [checkpoints.has('relu#0'), relu!.steps.count, relu!.epochs.length, relu!.seconds];
};

it.each([
  ['at the end of an epoch that was told', [4, 2, 4, 0], [true, 4, 2, 9]],
  ['at the end of an epoch that is yet to be evaluated', [4, 1, 4, 4], [true, 4, 1, 9]],
  ['at the end of an epoch that was not told', [4, 1, 4, 0], [false, 0, 0, 0]],
  ['at the end of an epoch that is yet to be evaluated, the one before it lost', [4, 0, 4, 4], [false, 0, 0, 0]],
  ['in an epoch, those before it told', [6, 2, 5, 2], [true, 5, 2, 9]],
  ['in an epoch, the one before it lost', [5, 1, 5, 2], [false, 0, 0, 0]],
  ['after the last step that was told', [4, 2, 5, 2], [false, 0, 0, 0]],
] as const)('a run goes on from a checkpoint %s, where nothing is missing before it', (_, of, expected) => {
  expect(goesOn(...(of as unknown as [number, number, number, number]))).toEqual(expected);
});

it('a run on other data does not go on', () => {
  const others = { ...summary, classes: 3 };
  const resume = () => resumed({ run: recorded(2, 1), checkpoints: new Map() }, others);
  expect(resume).toThrow(ResumeError);
  expect(resume).toThrow(expect.objectContaining({ name: 'ResumeError' }));
});
