import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointsOf } from '../../../../src/core/sweeps/plan';
import {
  mergeSweeps,
  parseSweep,
  type SweepFile,
  SweepFileError,
  sweepText,
} from '../../../../src/core/sweeps/sweepFile';
import { inputs } from '../../hostile';
import { dataset, resultAt, sweepPlan, wholeSweep } from './sweeps';

const plan = sweepPlan(['depth=1..3', 'lr=1e-3,1e-2']);
const text = sweepText(wholeSweep(plan));
const points = pointsOf(plan);

/** A file with any of the networks, some of which failed. */
const file = fc
  .array(fc.tuple(fc.nat(points.length - 1), fc.boolean(), fc.nat(3)), { maxLength: 20 })
  .map((all): SweepFile => {
    const results = all.map(([place, failed, seconds]) => {
      const { id } = points[place]!;
      return [id, resultAt(id, place, failed ? { state: 'failed', seconds } : { seconds })] as const;
    });
    return { plan, dataset, shard: undefined, results: new Map(results) };
  });

describe('the file of a sweep', () => {
  it('is refused with a sentence, or read, whatever is put in place of a piece of it', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('null', '-1', '1e999', '{}', '[]', '\n', '"', '"__proto__"'));
    const damaged = fc
      .tuple(fc.nat(text.length), fc.nat(40), piece)
      .map(([at, length, other]) => text.slice(0, at) + other + text.slice(at + length));
    fc.assert(
      fc.property(damaged, (each) => {
        try {
          const read = parseSweep(each);
          // What is read can be gone on with.
          expect(parseSweep(sweepText(read))).toEqual(read);
          for (const { accuracy } of read.results.values())
            if (accuracy !== undefined) expect(accuracy).toBeLessThanOrEqual(1);
        } catch (error) {
          expect(error).toBeInstanceOf(SweepFileError);
          expect((error as Error).message.length).toBeLessThan(1000);
        }
      }),
      inputs(300),
    );
  });

  it('is joined with others to the same, in any order and again', () => {
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 5 }), fc.nat(), (files, turn) => {
        const named = files.map((each, i) => ({ name: String(i), file: each }));
        const merged = mergeSweeps(named);
        const k = turn % named.length;
        const turned = [...named.slice(k), ...named.slice(0, k)].reverse();
        expect(sweepText(mergeSweeps(turned).file)).toBe(sweepText(merged.file));
        const again = mergeSweeps([...named, { name: 'all', file: merged.file }]);
        expect(sweepText(again.file)).toBe(sweepText(merged.file));
        // Nothing that was trained is lost.
        for (const each of files)
          for (const [id, { state }] of each.results)
            if (state !== 'failed') expect(merged.file.results.get(id)!.state).not.toBe('failed');
      }),
      inputs(100),
    );
  });
});
