import { describe, expect, it } from 'vitest';
import { isActive, isNews, runPhases, type Situation, statusOf } from '../../../../src/core/advice/runStatus';
import { paperConfig } from '../../../../src/core/experiment/config';
import type { NetworkState } from '../../../../src/core/runs/record';
import { emptyRun, finishedRun, train } from '../runs/runs';

const still: Situation = {
  run: undefined,
  config: { ...paperConfig, epochs: 7 },
  training: false,
  loadingText: '',
  problem: undefined,
  resumable: false,
};
const problem = { message: 'The disk is full.', waysOut: ['showLog'] } as const;

describe('the status before there is a run', () => {
  it('is idle, loads, or has failed', () => {
    expect(statusOf(still)).toEqual({
      ...{ phase: 'idle', epoch: 0, epochs: 7, progress: 0, resumable: false },
      text: 'No comparison has been started.',
    });
    expect(statusOf({ ...still, training: true, loadingText: 'Loading the data…' })).toMatchObject({
      ...{ phase: 'loading', text: 'Loading the data…', loadingText: 'Loading the data…' },
    });
    expect(statusOf({ ...still, problem, resumable: true })).toMatchObject({
      ...{ phase: 'failed', text: 'The disk is full.', problem, resumable: true },
    });
    expect(statusOf({ ...still, training: true }).phase).toBe('loading');
  });
});

describe('the status of a run', () => {
  /** Two networks of 12 steps each; the first has made six, in 3 seconds. */
  const half = () => {
    const run = emptyRun();
    train(run, run.networks[0]!, 6);
    run.seconds = 3;
    return run;
  };
  const situation = (more: Partial<Situation> = {}): Situation => {
    const run = half();
    return { ...still, run, config: run.config, training: true, ...more };
  };

  it('tells epoch, progress, pace and what is left', () => {
    const status = statusOf(situation());
    expect(status).toMatchObject({ phase: 'running', epochs: 3, text: `Epoch ${status.epoch} of 3.` });
    expect(status.progress).toBe(0.25);
    expect(status.stepsPerSecond).toBe(2);
    expect(status.secondsLeft).toBe(9);
    expect(status).not.toHaveProperty('problem');
    expect(status).not.toHaveProperty('loadingText');
    expect(status).not.toHaveProperty('backendNote');
  });

  it('tells no time left once nothing moves, and none before there is anything to go by', () => {
    const stopped = half();
    for (const network of stopped.networks) network.state = 'stopped';
    expect(statusOf(situation({ run: stopped, training: false }))).not.toHaveProperty('secondsLeft');
    const status = statusOf(situation({ run: emptyRun() }));
    expect(status).not.toHaveProperty('secondsLeft');
    expect(status).not.toHaveProperty('stepsPerSecond');
  });

  it('runs between two networks, unless it was asked to stop', () => {
    const between = half();
    between.networks[0]!.state = 'finished';
    expect(statusOf(situation({ run: between })).phase).toBe('running');
    for (const network of between.networks) network.state = 'stopped';
    expect(statusOf(situation({ run: between })).phase).toBe('running');
    expect(statusOf(situation({ run: between, stopping: true })).phase).toBe('stopped');
    expect(statusOf(situation({ run: between, training: false })).phase).toBe('stopped');
  });

  it('loads while something is waited for, but only where it trains', () => {
    const loadingText = 'Loading the data…';
    expect(statusOf(situation({ loadingText }))).toMatchObject({ phase: 'loading', text: loadingText, loadingText });
    expect(statusOf(situation({ loadingText, training: false })).phase).not.toBe('loading');
  });

  it('says what is wrong before anything else', () => {
    expect(statusOf(situation({ problem, backendNote: 'WebGL was lost.' }))).toMatchObject({
      ...{ text: 'The disk is full.', problem, backendNote: 'WebGL was lost.' },
    });
  });

  it('says where it ended early, and only the verdicts where it finished', () => {
    const run = half();
    for (const network of run.networks) network.state = 'stopped';
    const { text, epoch } = statusOf(situation({ run, training: false }));
    expect(text.startsWith(`Stopped in epoch ${epoch} of 3. `)).toBe(true);
    expect(text).toContain('sigmoid');
    const whole = finishedRun();
    expect(statusOf(situation({ run: whole, config: whole.config, training: false })).text).not.toMatch(/^Finished/);
    const none = emptyRun();
    for (const network of none.networks) network.state = 'interrupted';
    expect(statusOf(situation({ run: none, training: false })).text).toBe('Interrupted before the first step.');
  });
});

describe('phases', () => {
  it('that are active are those in which something trains or is about to', () => {
    expect(runPhases.filter(isActive).toSorted()).toEqual(['loading', 'paused', 'running']);
  });

  it('are news where something was trained in this window, or where there is something to go on with', () => {
    const of = (phase: NetworkState | 'idle', resumable: boolean) =>
      ({ phase, resumable }) as Parameters<typeof isNews>[0];
    expect(isNews(of('finished', false), true)).toBe(true);
    expect(isNews(of('idle', false), true)).toBe(false);
    expect(isNews(of('finished', false), false)).toBe(false);
    expect(isNews(of('interrupted', true), false)).toBe(true);
  });
});
