import { describe, expect, it } from 'vitest';
import { pointsIn, pointsOf, type Shard, type SweepPoint } from '../../../../src/core/sweeps/plan';
import {
  headLine,
  mergeSweeps,
  parseSweep,
  resultLine,
  type SweepFile,
  SweepFileError,
  sweepText,
  toTrain,
} from '../../../../src/core/sweeps/sweepFile';
import { dataset, resultAt, sweepPlan, wholeSweep } from './sweeps';

const plan = sweepPlan(['depth=1..5'], { seeds: 2 });
const whole = wholeSweep(plan);
const firstTwo = pointsOf(plan).slice(0, 2) as unknown as readonly [SweepPoint, SweepPoint];

/** The part of the whole sweep that a shard has trained. */
function shardOf(shard: Shard, sweep = whole): SweepFile {
  const own = pointsIn(pointsOf(sweep.plan), shard);
  return { ...sweep, shard, results: new Map(own.map(({ id }) => [id, sweep.results.get(id)!])) };
}
const named = (files: readonly SweepFile[]) => files.map((file, i) => ({ name: `part ${i + 1}`, file }));

describe('the file of a sweep', () => {
  it('is read back as it was written', () => {
    expect(parseSweep(sweepText(whole))).toEqual(whole);
    const shard = shardOf({ index: 2, of: 3 });
    expect(parseSweep(sweepText(shard))).toEqual(shard);
  });

  it('holds what diverged and what failed, with their messages and a loss that is no number', () => {
    const [{ id }, second] = firstTwo;
    const results = new Map([
      [id, resultAt(id, 0, { state: 'diverged', message: 'It overflowed.', loss: Number.NaN, accuracy: undefined })],
      [second.id, resultAt(second.id, 1, { state: 'failed', message: 'Its worker died.', verdict: undefined })],
    ]);
    const read = parseSweep(sweepText({ ...whole, results }));
    expect(read.results.get(id)).toMatchObject({ state: 'diverged', message: 'It overflowed.', loss: Number.NaN });
    expect(read.results.get(id)).not.toHaveProperty('accuracy', 0);
    // What failed is trained again, what diverged has come to its end.
    expect(toTrain(read).map((point) => point.id)).toEqual(
      pointsOf(plan)
        .slice(1)
        .map((point) => point.id),
    );
  });

  it('is read up to a last line that was cut off, wherever that is', () => {
    const text = sweepText(whole);
    const lines = text.split('\n');
    const last = lines.at(-2)!;
    for (let cut = 1; cut < last.length; cut += 7) {
      const read = parseSweep(text.slice(0, text.length - 1 - cut));
      expect(read.results.size).toBe(whole.results.size - 1);
    }
    expect(parseSweep(text.slice(0, -1)).results.size).toBe(whole.results.size);
  });

  it('takes a network that stands in it twice once, and one that did not fail before one that did', () => {
    const [{ id }] = firstTwo;
    const failed = resultLine(resultAt(id, 0, { state: 'failed', message: 'It died.' }));
    const good = resultLine(resultAt(id, 0));
    for (const text of [failed + good, good + failed, good + good])
      expect(parseSweep(headLine(whole) + text).results).toEqual(new Map([[id, resultAt(id, 0)]]));
  });

  it.each([
    ['', /no sweep/],
    ['{}', /no sweep/],
    ['{"format":"gradient-lens-run","version":1}', /no sweep/],
    ['{"format":"gradient-lens-sweep","version":2}', /newer Gradient Lens \(format 2/],
    ['{"format":"gradient-lens-sweep","version":1}', /damaged in line 1 at plan/],
    [headLine(whole).replace('"depth"', '"constructor"'), /damaged in line 1/],
    [headLine(whole).replace('"values":[1,2', '"values":[0,2'), /depth is 0/],
    [headLine({ ...whole, shard: { index: 3, of: 2 } }), /a shard is one of a number/],
    [`${headLine(whole)}nonsense\n{}\n`, /damaged in line 2/],
    [
      headLine(whole) + resultLine(resultAt('depth=9 relu#0', 0)),
      /depth=9 relu#0 in line 2, which is not of its sweep/,
    ],
    [
      headLine(whole) +
        resultLine(resultAt('depth=1 relu#0', 0, { accuracy: 1.5 })) +
        resultLine(resultAt('depth=1 relu#0', 0)),
      /line 2 at accuracy/,
    ],
  ])('is refused with a sentence: %.60s', (text, expected) => {
    expect(() => parseSweep(text)).toThrow(SweepFileError);
    expect(() => parseSweep(text)).toThrow(expected);
  });
});

describe('files of one sweep', () => {
  it.each([1, 2, 3, 7, 50])('are joined from %i shards to the same file, in any order and however often', (of) => {
    const shards = Array.from({ length: of }, (_, i) => shardOf({ index: i + 1, of }));
    for (const files of [shards, [...shards].reverse(), [...shards, ...shards, whole]]) {
      const merged = mergeSweeps(named(files));
      expect(sweepText(merged.file)).toBe(sweepText(whole));
      expect(merged.missing).toEqual([]);
      expect(merged.differing).toEqual([]);
    }
  });

  it('say which shard is to be run again, and for which networks', () => {
    const dead = shardOf({ index: 2, of: 4 });
    const half = { ...dead, results: new Map([...dead.results].slice(0, 2)) };
    const shards = [1, 3, 4].map((index) => shardOf({ index, of: 4 }));
    const { missing, file } = mergeSweeps(named([...shards, half]));
    const gone = [...dead.results.keys()].slice(2);
    expect(missing.map(({ shard, points }) => [shard, points.map(({ id }) => id)])).toEqual([
      [{ index: 2, of: 4 }, gone],
    ]);
    expect(file.results.size).toBe(whole.results.size - gone.length);
    // Run again, it trains those alone.
    expect(toTrain(half).map(({ id }) => id)).toEqual(gone);
    expect(mergeSweeps(named([...shards, dead])).missing).toEqual([]);
    const [unsharded] = mergeSweeps(named([{ ...half, shard: undefined }])).missing;
    expect(unsharded).toMatchObject({ shard: undefined });
    expect(unsharded!.points).toHaveLength(whole.results.size - 2);
  });

  it('count what failed as missing, unless another file has it', () => {
    const [{ id }] = firstTwo;
    const failed = { ...whole, results: new Map(whole.results).set(id, resultAt(id, 0, { state: 'failed' })) };
    expect(mergeSweeps(named([failed])).missing[0]!.points.map((point) => point.id)).toEqual([id]);
    const both = mergeSweeps(named([failed, whole]));
    expect(both.missing).toEqual([]);
    expect(both.differing).toEqual([]);
    expect(sweepText(both.file)).toBe(sweepText(whole));
  });

  it('say where two machines came to other numbers, and take the same one in any order', () => {
    const [{ id }] = firstTwo;
    const other = { ...whole, results: new Map(whole.results).set(id, resultAt(id, 0, { accuracy: 0.123 })) };
    const slower = { ...whole, results: new Map(whole.results).set(id, resultAt(id, 0, { seconds: 99 })) };
    expect(mergeSweeps(named([whole, other])).differing).toEqual([id]);
    expect(mergeSweeps(named([whole, slower])).differing).toEqual([]);
    expect(sweepText(mergeSweeps(named([whole, other])).file)).toBe(sweepText(mergeSweeps(named([other, whole])).file));
  });

  it('of another sweep, or on other data, are refused by their name', () => {
    const other = wholeSweep(sweepPlan(['depth=1..4'], { seeds: 2 }));
    expect(() => mergeSweeps(named([whole, other]))).toThrow(/part 2 is of another sweep than part 1/);
    const mnist = { ...whole, dataset: { ...dataset, name: 'MNIST', train: 60_000 } };
    expect(() => mergeSweeps(named([whole, mnist]))).toThrow(/part 2 was trained on MNIST \(60,000 images\)/);
    expect(() => mergeSweeps([])).toThrow(/Nothing/);
  });
});
