import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { currentEpoch } from '../../../../src/core/runs/progress';
import type { NetworkState } from '../../../../src/core/runs/record';
import { runStateOf } from '../../../../src/core/runs/runState';
import { runSummarySchema, runTitle, summarise, summaryOut } from '../../../../src/core/runs/summary';
import { emptyRun, finishedRun, train } from './runs';

describe('the state of a run', () => {
  test.each<[string, NetworkState, NetworkState]>([
    ['running', 'running', 'failed'],
    ['running', 'running', 'waiting'],
    ['interrupted', 'waiting', 'finished'],
    ['running', 'running', 'paused'],
    ['paused', 'paused', 'waiting'],
    ['paused', 'paused', 'finished'],
    ['interrupted', 'interrupted', 'failed'],
    ['stopped', 'stopped', 'finished'],
    ['failed', 'stopped', 'failed'],
    ['failed', 'failed', 'failed'],
    ['failed', 'failed', 'finished'],
    ['diverged', 'diverged', 'diverged'],
    ['finished', 'diverged', 'finished'],
    ['finished', 'finished', 'finished'],
  ])('is %s where its networks are %s and %s', (state, first, second) => {
    const run = emptyRun();
    run.networks[0]!.state = first;
    run.networks[1]!.state = second;
    expect(runStateOf(run)).toBe(state);
    run.networks[0]!.state = second;
    run.networks[1]!.state = first;
    expect(runStateOf(run)).toBe(state);
  });
});

describe('a summary', () => {
  test('says what a list shows', () => {
    const run = finishedRun();
    const summary = summarise(run, new Map([['relu#0', 'dying']]), { name: 'first try', pinned: true }, 1000);
    expect(summary).toMatchObject({
      id: 'run',
      name: 'first try',
      state: 'finished',
      dataset: 'drawn digits',
      backends: ['cpu'],
      epochs: { done: 3, of: 3 },
      steps: 24,
      pinned: true,
      config: run.config,
      networks: [
        { activation: 'sigmoid', last: { epoch: 3, accuracy: 0.5 } },
        { activation: 'relu', verdict: 'dying' },
      ],
    });
  });

  test('says why a network failed, shortly, and of no other', () => {
    const run = finishedRun();
    Object.assign(run.networks[0]!, { state: 'failed', message: 'The worker stopped.' });
    const messages = () => {
      const summary = summarise(run, new Map(), { pinned: false }, 1);
      expect(v.parse(runSummarySchema, JSON.parse(JSON.stringify(summaryOut(summary))))).toEqual(summary);
      return summary.networks.map(({ message }) => message);
    };
    expect(messages()).toEqual(['The worker stopped.', undefined]);
    run.networks[0]!.message = 'x'.repeat(1000);
    run.networks[1]!.message = 'on wasm';
    expect(messages()).toEqual([`${'x'.repeat(299)}…`, undefined]);
  });

  test('goes through JSON with NaN in it', () => {
    const summary = summarise(finishedRun(), new Map(), { pinned: false }, 1);
    expect(v.parse(runSummarySchema, JSON.parse(JSON.stringify(summaryOut(summary))))).toEqual(summary);
  });

  test('is in the epoch that the bar of its run says, in every state', () => {
    const run = emptyRun();
    train(run, run.networks[0]!, 4);
    train(run, run.networks[1]!, 8);
    for (const state of ['running', 'stopped', 'interrupted', 'failed', 'diverged', 'finished'] as const) {
      for (const network of run.networks) network.state = state;
      expect(summarise(run, new Map(), { pinned: false }, 1).epochs.done, state).toBe(currentEpoch(run));
    }
  });

  test('is called after its settings where nobody has named it', () => {
    const { config } = emptyRun({ hidden: [128, 128], kernelInitializer: { kind: 'glorot_uniform' } });
    expect(runTitle({ config })).toBe('sigmoid, ReLU · glorot_uniform · 2 × 128');
    expect(runTitle({ config: { ...config, hidden: [128] } })).toBe('sigmoid, ReLU · glorot_uniform · 128');
    expect(runTitle({ config, name: 'mine' })).toBe('mine');
  });
});
