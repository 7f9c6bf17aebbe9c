import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunSummary, summarise } from '../../../src/core/runs/summary';
import type { VerdictKind } from '../../../src/core/runs/verdictKinds';
import { filterRuns, groupRuns, runDescription, runMark } from '../../../src/host/runs/runList';
import { emptyRun, finishedRun } from '../core/runs/runs';

const verdictsOf = (kinds: Readonly<Record<string, VerdictKind>>) => new Map(Object.entries(kinds));

/** A finished run; `change` says what is different. */
function run(id: string, change: Partial<RunSummary> = {}, kinds: Readonly<Record<string, VerdictKind>> = {}) {
  const summary = summarise(finishedRun({}, id), verdictsOf(kinds), { pinned: false }, 0);
  return { ...summary, ...change };
}

const groups = (runs: readonly RunSummary[], now: string) =>
  groupRuns(runs, new Date(now)).map(({ label, runs: own }) => [label, own.map(({ id }) => id).join(' ')]);

let zone: string | undefined;
beforeEach(() => {
  zone = process.env.TZ;
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe('runs by time', () => {
  it('are listed by the local day, the newest first', () => {
    process.env.TZ = 'Asia/Tokyo';
    // Midnight in Tokyo is 15:00 UTC.
    const runs = [
      run('late', { startedAt: '2026-01-30T14:59:59.999Z' }),
      run('early', { startedAt: '2026-01-30T15:00:00.000Z' }),
      run('now', { startedAt: '2026-01-31T14:00:00.000Z' }),
    ];
    expect(groups(runs, '2026-01-31T14:30:00.000Z')).toEqual([
      ['Today', 'now early'],
      ['Yesterday', 'late'],
    ]);
    // Half an hour on, it is another day.
    expect(groups(runs, '2026-01-31T15:00:00.000Z')).toEqual([
      ['Yesterday', 'now early'],
      ['Last 7 Days', 'late'],
    ]);
    process.env.TZ = 'UTC';
    expect(groups(runs, '2026-01-31T15:00:00.000Z')).toEqual([
      ['Today', 'now'],
      ['Yesterday', 'early late'],
    ]);
  });

  it('are of the last seven days, or older', () => {
    process.env.TZ = 'UTC';
    const on = (day: string) => run(day, { startedAt: `2026-01-${day}T23:59:00.000Z` });
    expect(groups(['23', '24', '25', '28', '29', '30', '31'].map(on), '2026-01-31T00:00:00.000Z')).toEqual([
      ['Today', '31'],
      ['Yesterday', '30'],
      ['Last 7 Days', '29 28 25 24'],
      ['Older', '23'],
    ]);
  });

  it.each([
    // Clocks go forward at 02:00 on 29 March: a day of 23 hours.
    ['Europe/Berlin', '2026-03-29T22:30:00+02:00', '2026-03-28T00:10:00+01:00', '2026-03-27T23:50:00+01:00'],
    ['Europe/Berlin', '2026-03-30T00:30:00+02:00', '2026-03-29T00:10:00+01:00', '2026-03-28T23:50:00+01:00'],
    // Back at 03:00 on 25 October: 25 hours.
    ['Europe/Berlin', '2026-10-25T23:30:00+01:00', '2026-10-24T00:10:00+02:00', '2026-10-23T23:50:00+02:00'],
    ['Europe/Berlin', '2026-10-26T00:30:00+01:00', '2026-10-25T00:10:00+02:00', '2026-10-24T23:50:00+02:00'],
    // Here 4 September 2022 began at 01:00: there was no midnight.
    ['America/Santiago', '2022-09-04T12:00:00-03:00', '2022-09-03T00:10:00-04:00', '2022-09-02T23:50:00-04:00'],
    ['America/Santiago', '2022-09-05T12:00:00-03:00', '2022-09-04T01:10:00-03:00', '2022-09-03T23:50:00-04:00'],
  ])('keep to days where clocks change: %s, at %s', (where, now, yesterday, before) => {
    process.env.TZ = where;
    const runs = [run('yesterday', { startedAt: yesterday }), run('before', { startedAt: before })];
    expect(groups(runs, now)).toEqual([
      ['Yesterday', 'yesterday'],
      ['Last 7 Days', 'before'],
    ]);
  });

  it('have the pinned ones first, whenever they began', () => {
    const runs = [
      run('new', { startedAt: '2026-01-31T12:00:00.000Z' }),
      run('old', { startedAt: '2020-01-31T12:00:00.000Z', pinned: true }),
      run('newer', { startedAt: '2026-01-31T12:10:00.000Z', pinned: true }),
    ];
    expect(groups(runs, '2026-01-31T12:30:00.000Z')).toEqual([
      ['Pinned', 'newer old'],
      ['Today', 'new'],
    ]);
  });

  it('are of today where another machine’s clock is ahead', () => {
    expect(groups([run('ahead', { startedAt: '2026-02-03T12:00:00.000Z' })], '2026-01-31T12:30:00.000Z')).toEqual([
      ['Today', 'ahead'],
    ]);
  });

  it('leave the list that they come in as it is', () => {
    const runs = [run('b', { startedAt: '2020-01-01T00:00:00.000Z' }), run('a')];
    expect(groups([], '2026-01-31T12:30:00.000Z')).toEqual([]);
    groupRuns(runs, new Date());
    expect(runs.map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('a filter', () => {
  const deep = run('deep', { name: 'Ten deep layers', state: 'stopped' }, { 'sigmoid#0': 'saturated' });
  const other = run('other', {
    config: { ...emptyRun().config, activations: ['tanh'], optimizer: 'sgd', seed: 7 },
    seed: 7,
    dataset: 'MNIST',
    backends: ['webgl'],
  });

  it.each([
    ['', 'deep other'],
    ['   ', 'deep other'],
    ['deep', 'deep'],
    ['DEEP layers', 'deep'],
    ['layers deep', 'deep'],
    ['sigmoid', 'deep'],
    ['tanh', 'other'],
    ['sgd', 'other'],
    ['mnist sgd', 'other'],
    ['webgl', 'other'],
    ['cpu', 'deep'],
    ['seed 7', 'other'],
    ['stopped', 'deep'],
    ['finished', 'other'],
    ['saturated', 'deep'],
    ['6,5', 'deep other'],
    ['normal', 'deep other'],
    ['deep mnist', ''],
    ['nothing', ''],
  ])('%j leaves %j', (filter, ids) => {
    expect(
      filterRuns([deep, other], filter)
        .map(({ id }) => id)
        .join(' '),
    ).toBe(ids);
  });

  it('knows the local day', () => {
    process.env.TZ = 'Asia/Tokyo';
    const night = run('night', { startedAt: '2026-01-31T20:00:00.000Z' });
    expect(filterRuns([night], '2026-02-01')).toEqual([night]);
    expect(filterRuns([night], '2026-01-31')).toEqual([]);
  });
});

describe('what stands behind a run’s name', () => {
  const last = { epoch: 3, loss: 1, testLoss: 1, testAccuracy: 0.5 };
  const network = (activation: string, accuracy: number, id = `${activation}#0`) => ({
    id,
    activation,
    state: 'finished' as const,
    last: { ...last, accuracy },
  });

  it('is each activation’s training accuracy, and the data', () => {
    const networks = [network('sigmoid', 0.1124), network('relu', 0.97)];
    expect(runDescription(run('a', { networks }))).toBe('sigmoid 11 %, ReLU 97 % · drawn digits');
  });

  it('has the verdict of a network with which something is the matter', () => {
    const networks = [
      { ...network('sigmoid', 0.1), verdict: 'saturated' as const },
      { ...network('relu', 0.97), verdict: 'healthy' as const },
    ];
    expect(runDescription(run('a', { networks }))).toBe('sigmoid 10 % (saturated), ReLU 97 % · drawn digits');
  });

  it('is the best of several seeds', () => {
    const networks = [network('relu', 0.5), network('relu', 0.9, 'relu#1'), network('relu', 0.7, 'relu#2')];
    expect(runDescription(run('a', { networks }))).toBe('ReLU 90 % · drawn digits');
  });

  it('says what a run waits for that is not finished', () => {
    const networks = [{ id: 'relu#0', activation: 'relu', state: 'running' as const }];
    const change = { state: 'running' as const, epochs: { done: 0, of: 3 }, networks };
    expect(runDescription(run('a', change))).toBe('running, epoch 0/3 · drawn digits');
    const half = {
      ...change,
      state: 'interrupted' as const,
      epochs: { done: 2, of: 3 },
      networks: [network('relu', 1)],
    };
    expect(runDescription(run('a', half))).toBe('interrupted, epoch 2/3 · ReLU 100 % · drawn digits');
  });
});

describe('a run of which a network failed', () => {
  it('says why behind its name', () => {
    const [first, second] = run('a').networks;
    const networks = [
      { ...first!, state: 'failed' as const, message: 'The worker stopped.', last: undefined },
      second!,
    ];
    expect(runDescription(run('a', { state: 'failed', networks }))).toMatch(
      /^failed, epoch 3\/3 · The worker stopped\. · ReLU \d+ % · drawn digits$/,
    );
  });
});

describe('a run’s mark', () => {
  it.each<[RunSummary['state'], VerdictKind[], ReturnType<typeof runMark>]>([
    ['running', ['healthy', 'healthy'], 'training'],
    ['paused', ['exploding', 'healthy'], 'training'],
    ['finished', ['healthy', 'healthy'], 'finished'],
    ['finished', ['healthy', 'saturated'], 'finished'],
    ['finished', ['diverged', 'healthy'], 'finished'],
    ['failed', ['healthy', 'healthy'], 'failed'],
    ['diverged', ['diverged', 'diverged'], 'failed'],
    ['stopped', ['healthy', 'healthy'], 'open'],
    ['interrupted', [], 'open'],
  ])('%s with %j is %s', (state, kinds, mark) => {
    const [first, second] = kinds;
    const verdicts = { ...(first && { 'sigmoid#0': first }), ...(second && { 'relu#0': second }) };
    expect(runMark(run('a', { state }, verdicts))).toBe(mark);
  });
});
