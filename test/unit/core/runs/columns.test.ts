import { readFileSync } from 'node:fs';
import { strFromU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { joinedBytes } from '../../../../src/core/format/bytes';
import { runCsv } from '../../../../src/core/report/csv';
import { epochColumns, namesOf, probeColumns, rowWidth, stepColumns } from '../../../../src/core/runs/columns';
import { runLog } from '../../../../src/core/runs/log';
import { StepSeries } from '../../../../src/core/runs/record';
import { readRunFile } from '../../../../src/core/runs/runFile';
import { serialiseRun } from '../../../../src/core/runs/serialise';
import { contents, finishedRun, stepsOf } from './runs';

/** Files as they were written before the series were a list. */
const kept = (name: string) => new Uint8Array(readFileSync(`test/fixtures/runs/${name}`));

describe('files of before', () => {
  const run = finishedRun({ activations: ['relu'] });

  test('are read as they were, and written byte for byte', () => {
    const text = kept('whole.gradient-lens.json');
    const log = kept('whole.runlog');
    expect(serialiseRun(run)).toBe(strFromU8(text));
    expect(strFromU8(joinedBytes(runLog(run)))).toBe(strFromU8(log));
    for (const { networks } of [readRunFile(text).run, readRunFile(log).run]) {
      expect(contents({ ...run, networks }).networks).toEqual(contents(run).networks);
    }
  });

  test('make the CSV that they made', () => {
    expect(runCsv(readRunFile(kept('whole.runlog')).run)).toBe(strFromU8(kept('whole.csv')));
  });
});

describe('the list of series', () => {
  test('names each heading once', () => {
    const headings = [stepColumns, probeColumns, epochColumns].flatMap((list) =>
      Object.values(list).map(({ heading }) => heading),
    );
    expect(new Set(headings).size).toBe(headings.length);
  });

  test('says how many numbers a row has', () => {
    expect(rowWidth(stepColumns, 3)).toBe(1 + 1 + 3);
    expect(rowWidth(probeColumns, 3)).toBe(5 * 2 + 3);
  });

  test('makes the columns of a record', () => {
    const series = new StepSeries(3);
    series.append(stepsOf(0, 4, 3));
    for (const name of namesOf(stepColumns)) expect(series[name]!.rows).toBe(4);
    const lengths = { ...stepsOf(4, 2, 3), accuracy: new Float32Array(1) };
    expect(() => series.append(lengths)).toThrow(/its rows do not have the same length/);
    expect(series.count).toBe(4);
  });
});
