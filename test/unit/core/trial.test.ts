import { expect, it } from 'vitest';
import { paperConfig } from '../../../src/core/experiment/config';
import { presets } from '../../../src/core/experiment/presets';
import { beforeText, trialOf } from '../../../src/core/report/trial';
import { createRunRecord } from '../../../src/core/runs/record';
import { emptyRun, finishedRun, train } from './runs/runs';

const digits = { name: 'drawn digits', train: 12_000, test: 2_000, classes: 10, inputs: 784 };
const trial = (config: typeof paperConfig) => trialOf(createRunRecord('a', '', config, digits));

it('says what is on trial, on what, and what it is to show', () => {
  expect(trial(paperConfig)).toEqual({
    who: 'sigmoid and ReLU',
    how: 'on drawn digits: 784 → 128 → 10, kernels normal:1,1',
    why: "The paper's experiment: is it the sigmoid, or its start?",
  });
  const several = { ...paperConfig, activations: ['tanh', 'relu', 'gelu'], hidden: [64, 64], seeds: 3, epochs: 4 };
  expect(trial(several)).toEqual({
    who: 'tanh, ReLU and GELU',
    how: 'on drawn digits: 784 → 2 × 64 → 10, kernels normal:1,1, seeds 0 to 2',
    why: 'They differ in nothing but their activation.',
  });
  expect(trial({ ...paperConfig, activations: ['elu'] }).why).toBe('Does its gradient reach the hidden layer?');
});

it.each(presets)('fits a line of 933 px for $id', ({ config, question }) => {
  const { who, how, why } = trial(config);
  expect(why).toContain(question);
  expect(`${who} ${how}. ${why}`.length).toBeLessThanOrEqual(145);
});

it('says what became of the run before a remedy', () => {
  expect(beforeText(finishedRun(), 'over')).toBe('The run before lies under it.');
  expect(beforeText(finishedRun(), 'apart')).toBe('The run before is kept.');
  const stopped = emptyRun();
  for (const network of stopped.networks) {
    train(stopped, network, 5);
    network.state = 'stopped';
  }
  expect(beforeText(stopped, 'over')).toBe('The run before, stopped, lies under it.');
  expect(beforeText(stopped, 'apart')).toBe('The run before, stopped in epoch 2 of 3, is kept.');
});
