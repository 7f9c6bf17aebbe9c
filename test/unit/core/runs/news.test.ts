import { describe, expect, it } from 'vitest';
import { backendText } from '../../../../src/core/runs/backendText';
import { epochsLack, lacks, lacksEverywhere } from '../../../../src/core/runs/lacking';
import { applyNews, type RunNews } from '../../../../src/core/runs/news';
import type { RunRecord } from '../../../../src/core/runs/record';
import { parseRun, serialiseRun } from '../../../../src/core/runs/serialise';
import { newsSince, positionOf, startOf } from '../../../../src/core/runs/since';
import { contents, emptyRun, finishedRun, probesOf, stepsOf, train } from './runs';

const row = (epoch: number) => ({ epoch, loss: 1, accuracy: 0.5, testLoss: 1, testAccuracy: 0.5 });
const recorded = (run: RunRecord, from: number, steps: number): RunNews => ({
  kind: 'recorded',
  network: run.networks[0]!.id,
  steps: stepsOf(from, steps, 3),
  probes: probesOf(from, steps, 3),
});

describe('news', () => {
  it('change the record, unless it has them already', () => {
    const run = emptyRun();
    const network = run.networks[0]!.id;
    const all: RunNews[] = [
      recorded(run, 0, 5),
      { kind: 'epochEnded', network, row: row(1) },
      { kind: 'clock', seconds: 3 },
    ];
    for (const news of all) expect(applyNews(run, news), news.kind).toBe(true);
    const before = contents(run);
    for (const news of all) expect(applyNews(run, news), news.kind).toBe(false);
    expect(contents(run)).toEqual(before);
  });

  it('of steps that are known in part add the rest', () => {
    const [once, twice] = [emptyRun(), emptyRun()];
    applyNews(once, recorded(once, 0, 9));
    for (const from of [0, 2, 5]) applyNews(twice, recorded(twice, from, 4));
    expect(contents(twice)).toEqual(contents(once));
  });

  it('that do not follow leave the record as it is', () => {
    const run = emptyRun();
    const network = run.networks[0]!.id;
    applyNews(run, recorded(run, 0, 2));
    const before = contents(run);
    expect(() => applyNews(run, recorded(run, 3, 1))).toThrow(RangeError);
    expect(() => applyNews(run, { kind: 'epochEnded', network, row: row(2) })).toThrow(
      'epoch 2 does not follow epoch 0',
    );
    expect(() => applyNews(run, { kind: 'epochEnded', network: 'tanh#0', row: row(1) })).toThrow('tanh#0');
    const narrow = { ...recorded(run, 2, 2), probes: probesOf(2, 2, 2) };
    expect(() => applyNews(run, narrow as RunNews)).toThrow(`probes of ${network}`);
    expect(contents(run)).toEqual(before);
  });

  it('of a state replace what was said of it, and keep the backend', () => {
    const run = emptyRun();
    const [first] = run.networks;
    const tell = (more: object) =>
      applyNews(run, { kind: 'state', network: first!.id, state: 'failed', seconds: 2, ...more } as RunNews);
    tell({ backend: 'wasm', message: 'The worker ended.' });
    expect(first).toMatchObject({ state: 'failed', seconds: 2, backend: 'wasm', message: 'The worker ended.' });
    tell({ state: 'running', seconds: 3 });
    expect(first).toMatchObject({ state: 'running', seconds: 3, backend: 'wasm' });
    expect(first).not.toHaveProperty('message');
  });
});

describe('what a record has more than at a position', () => {
  it('is nothing where it has not changed, and each thing once where it has', () => {
    const run = emptyRun();
    train(run, run.networks[0]!, 5);
    const at = positionOf(run);
    expect([...newsSince(run, at)]).toEqual([]);
    train(run, run.networks[0]!, 4);
    run.seconds = 9;
    const news = [...newsSince(run, at)];
    expect(news.map(({ kind }) => kind)).toEqual(['recorded', 'epochEnded', 'state', 'clock']);
    expect(news[0]).toMatchObject({ steps: { firstStep: 5 }, network: run.networks[0]!.id });
    expect(news[1]).toMatchObject({ row: { epoch: 2 } });
  });

  it('tells every change of a state: word, time, backend and message', () => {
    for (const change of [{ state: 'paused' }, { seconds: 5 }, { backend: 'webgl' }, { message: 'x' }] as const) {
      const run = emptyRun();
      const at = positionOf(run);
      Object.assign(run.networks[1]!, change);
      expect([...newsSince(run, at)]).toMatchObject([{ kind: 'state', network: run.networks[1]!.id, ...change }]);
    }
  });

  it('makes the record again, from its start or from any position, in bounded pieces with the probes of their steps', () => {
    const run = emptyRun();
    const copy = emptyRun();
    const take = (at: ReturnType<typeof positionOf>) => {
      const news = [...newsSince(run, at)];
      for (const each of news) applyNews(copy, each);
      expect(serialiseRun(copy) === serialiseRun(run)).toBe(true);
      return news.flatMap((each) => (each.kind === 'recorded' ? [each] : []));
    };
    const [first] = run.networks;
    for (let i = 0; i < 4; i++) {
      applyNews(run, { ...recorded(run, i * 10_000, 10_000), probes: probesOf(i * 10_000, 1, 3) } as RunNews);
    }
    const pieces = take(startOf(run));
    expect(pieces.length).toBeGreaterThan(1);
    for (const { steps, probes } of pieces) {
      const end = steps.firstStep + steps.loss.length;
      expect([...probes.step].every((step) => step >= steps.firstStep && step < end)).toBe(true);
      expect(steps.loss.length * (2 + 3)).toBeLessThanOrEqual(2 ** 18);
    }
    const at = positionOf(run);
    applyNews(run, recorded(run, 40_000, 3));
    applyNews(run, { kind: 'state', network: first!.id, state: 'stopped', seconds: 1, message: 'Stopped.' });
    take(at);
  });
});

describe('series that grow', () => {
  it('keep what they had, in every column and layer', () => {
    const [inOne, inMany] = [emptyRun(), emptyRun()];
    applyNews(inOne, recorded(inOne, 0, 3000));
    for (let from = 0; from < 3000; from += 100) applyNews(inMany, recorded(inMany, from, 100));
    expect(serialiseRun(inMany) === serialiseRun(inOne)).toBe(true);
    expect(inMany.networks[0]!.steps.gradientNorms!.at(1, 2)).toBeCloseTo(0.009, 6);
    expect(inMany.networks[0]!.probes.updateRatio!.at(299, 2)).toBeCloseTo(((299 * 7 + 2) % 101) * 1e-4, 6);
  });
});

describe('a run as text', () => {
  it('comes back with why its networks ended, what they trained on, and how long', () => {
    const run = finishedRun();
    Object.assign(run.networks[0]!, { state: 'failed', message: 'The worker ended.', backend: 'webgl', seconds: 2.5 });
    expect(contents(parseRun(serialiseRun(run)))).toEqual(contents(run));
  });
});

describe('what a run trains on', () => {
  it.each([
    ['auto', [], 'auto'],
    ['auto', ['wasm'], 'auto: wasm'],
    ['auto', ['wasm', 'webgl'], 'auto: wasm, webgl'],
    ['webgl', [], 'webgl'],
    ['webgl', ['webgl', 'webgl'], 'webgl'],
    ['webgl', ['webgl', 'wasm'], 'webgl, wasm'],
    ['webgl', ['wasm'], 'wasm instead of webgl'],
  ] as const)('is said where %s was chosen and %j trained', (backend, used, text) => {
    const run = emptyRun({ backend });
    for (const [i, each] of used.entries()) run.networks[i]!.backend = each;
    expect(backendText(run)).toBe(text);
  });
});

describe('what a run lacks', () => {
  it('is a series that no network has which has begun, and nothing before one has', () => {
    const run = emptyRun();
    const [first, second] = run.networks;
    expect(lacksEverywhere(run.networks, 'accuracy')).toBe(false);
    first!.steps.append({ firstStep: 0, loss: Float32Array.of(1) });
    expect([lacks(first!, 'loss'), lacks(first!, 'accuracy'), lacks(first!, 'deadShare')]).toEqual([false, true, true]);
    expect(lacks(second!, 'accuracy')).toBe(false);
    expect(lacksEverywhere(run.networks, 'accuracy')).toBe(true);
    train(run, second!, 4);
    expect([lacks(second!, 'accuracy'), lacks(second!, 'deadShare')]).toEqual([false, false]);
    expect(lacksEverywhere(run.networks, 'accuracy')).toBe(false);
  });

  it('of epochs is a figure that none has, and nothing before one has ended', () => {
    const run = emptyRun();
    expect(epochsLack(run.networks, 'testLoss')).toBe(false);
    run.networks[0]!.epochs.push({ epoch: 1, loss: 1 });
    expect([epochsLack(run.networks, 'loss'), epochsLack(run.networks, 'testLoss')]).toEqual([false, true]);
    run.networks[1]!.epochs.push({ epoch: 1, loss: 1, testLoss: 2 });
    expect(epochsLack(run.networks, 'testLoss')).toBe(false);
  });
});
