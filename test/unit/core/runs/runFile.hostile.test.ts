import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { judgeAll } from '../../../../src/core/advice/judge';
import { statusOf } from '../../../../src/core/advice/runStatus';
import { crc32 } from '../../../../src/core/math/crc32';
import { type Measure, PlotFeed, recordedAs } from '../../../../src/core/plots/feed';
import { runCsv } from '../../../../src/core/report/csv';
import { runMarkdown } from '../../../../src/core/report/markdown';
import { partialNote } from '../../../../src/core/report/partial';
import { epochTable, plainTable } from '../../../../src/core/report/table';
import { boundsOf } from '../../../../src/core/runs/check';
import { RunFileError } from '../../../../src/core/runs/fileError';
import { runLog } from '../../../../src/core/runs/log';
import { overlayRuns } from '../../../../src/core/runs/overlay';
import { isOver, type RunRecord } from '../../../../src/core/runs/record';
import { readRunFile } from '../../../../src/core/runs/runFile';
import { parseRun, serialiseRun } from '../../../../src/core/runs/serialise';
import { runSummarySchema, runTitle, summarise, summaryOut } from '../../../../src/core/runs/summary';
import { inputs } from '../../hostile';
import { emptyRun, finishedRun, train } from './runs';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const joined = (lines: readonly Uint8Array[]): Uint8Array => Uint8Array.from(lines.flatMap((line) => [...line]));

/** Runs to be damaged: whole, a half, and one that failed. */
const halfRun = (): RunRecord => {
  const run = emptyRun();
  train(run, run.networks[0]!, 7);
  Object.assign(run.networks[1]!, { state: 'failed', message: 'The worker ended.' });
  return run;
};
const texts = [finishedRun(), finishedRun({ seeds: 2, activations: ['relu'] }), halfRun()].map(serialiseRun);
const logs = [finishedRun(), halfRun()].map((run) => runLog(run));

/** What a field is given in place of its own. */
const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0.5,
    1e9,
    2 ** 31,
    2 ** 53,
    1e308,
    'NaN',
    'Infinity',
    '',
    'AAAA',
    'AACAfw==',
    '//////8=',
    '\n# heading',
    '<img src=x onerror=evil()>',
    '| a | b |',
    'a'.repeat(5000),
    '__proto__',
    [],
    {},
    [1],
  ),
  fc.integer({ min: 0, max: 20 }),
  fc.string({ maxLength: 8 }),
);

type Json = { [key: string]: Json } | Json[] | unknown;

/** Places in a value, each by its keys. */
function placesOf(value: Json, before: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [before];
  return [before, ...Object.entries(value).flatMap(([key, each]) => placesOf(each, [...before, key]))];
}

type Change = { readonly at: number; readonly how: 'put' | 'remove' | 'double' | 'swap'; readonly value: unknown };
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('put' as const, 'put' as const, 'remove' as const, 'double' as const, 'swap' as const),
  value: hostile,
});

/** Changes a value in place at one of its places. */
function changed(value: Json, { at, how, value: put }: Change): void {
  const places = placesOf(value).filter((place) => place.length > 0);
  const place = places[at % places.length];
  if (place === undefined) return;
  let owner = value as Record<string, unknown>;
  for (const key of place.slice(0, -1)) owner = owner[key] as Record<string, unknown>;
  const key = place.at(-1)!;
  if (Array.isArray(owner) && how === 'remove') owner.splice(Number(key), 1);
  else if (Array.isArray(owner) && how === 'double') owner.splice(Number(key), 0, structuredClone(owner[Number(key)]));
  else if (Array.isArray(owner) && how === 'swap') owner.reverse();
  else if (how === 'remove') delete owner[key];
  else owner[key] = how === 'double' && typeof owner[key] === 'string' ? `${owner[key]}${owner[key]}` : put;
}

const changedText = fc
  .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([text, changes]) => {
    const json: Json = JSON.parse(text);
    for (const each of changes) changed(json, each);
    return bytesOf(JSON.stringify(json));
  });

/** A line of a log with other JSON, and its checksum made anew. */
function relined(line: Uint8Array, edit: (json: Json) => void): Uint8Array {
  const [, number, json] = /^[0-9a-f]{8} (\d+) (.*)\n$/s.exec(textOf(line))!;
  const value: Json = JSON.parse(json!);
  edit(value);
  const body = bytesOf(`${number} ${JSON.stringify(value)}`);
  return bytesOf(`${crc32(body).toString(16).padStart(8, '0')} ${textOf(body)}\n`);
}

const changedLog = fc
  .tuple(fc.constantFrom(...logs), fc.array(fc.tuple(fc.nat(), change), { minLength: 1, maxLength: 3 }), fc.nat())
  .map(([lines, changes, left]) => {
    const own = [...lines];
    for (const [at, each] of changes) {
      own[at % own.length] = relined(own[at % own.length]!, (json) => changed(json, each));
    }
    if (left % 4 === 0) own.splice(left % own.length, 1);
    return joined(own);
  });

/** Single bytes of either kind. */
const changedBytes = fc
  .tuple(
    fc.constantFrom(...texts.map(bytesOf), ...logs.map(joined)),
    fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'remove', 'insert', 'cut')), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([bytes, changes]) => {
    const own = [...bytes];
    for (const [at, byte, how] of changes) {
      const place = at % Math.max(1, own.length);
      if (how === 'set') own[place] = byte;
      else if (how === 'remove') own.splice(place, 1);
      else if (how === 'insert') own.splice(place, 0, byte);
      else own.length = place;
    }
    return Uint8Array.from(own);
  });

/** What is read agrees with its settings, whatever the file says. */
function expectAgreeing(run: RunRecord): void {
  const bounds = boundsOf(run);
  const { config } = run;
  expect(run.networks).toHaveLength(config.activations.length * config.seeds);
  for (const { state, layers, steps, probes, epochs, seconds } of run.networks) {
    expect(isOver(state)).toBe(true);
    expect(layers).toHaveLength(config.hidden.length + 1);
    expect(steps.count).toBeLessThanOrEqual(bounds.steps);
    expect(epochs.map(({ epoch }) => epoch)).toEqual(epochs.map((_, k) => k + 1));
    expect(epochs.length * bounds.stepsPerEpoch).toBeLessThanOrEqual(steps.count);
    if (state === 'finished') expect([steps.count, epochs.length]).toEqual([bounds.steps, config.epochs]);
    if (probes.count > 0) expect(probes.stepOf(probes.count - 1)).toBeLessThan(steps.count);
    for (const { accuracy = 0 } of epochs)
      expect(accuracy >= 0 && accuracy <= 1.001 ? 0 : accuracy).toEqual(Number.isNaN(accuracy) ? Number.NaN : 0);
    expect(Number.isFinite(seconds)).toBe(true);
  }
  expect(Number.isFinite(run.seconds)).toBe(true);
}

/** All that shows a run works on it. */
function expectShown(run: RunRecord): void {
  const verdicts = judgeAll(run);
  for (const shown of [
    run,
    overlayRuns([
      { name: '\n# heading <b>', run },
      { name: 'b', run },
    ]),
  ]) {
    const page = runMarkdown(shown, verdicts);
    expect(
      page.match(/^#+ .*$/gm)?.filter((line) => line !== '# Compare activations' && line.startsWith('# ')),
    ).toEqual([]);
    expect(page).not.toMatch(/(?<!\\)<(?:img|b)\b/);
    expect(plainTable(shown, 80).length).toBeGreaterThan(0);
    expect(epochTable(shown).rows.length).toBeLessThanOrEqual(run.config.epochs);
    expect(runCsv(shown).endsWith('\r\n')).toBe(true);
    const feed = new PlotFeed(shown);
    for (const measure of Object.keys(recordedAs) as Measure[]) {
      for (const { name } of feed.series) {
        for (const { x } of feed.points(measure, name)) expect(x >= 0 && x <= run.config.epochs).toBe(true);
      }
    }
  }
  const summary = summarise(run, new Map([...verdicts].map(([id, { kind }]) => [id, kind])), { pinned: false }, 1);
  expect(v.safeParse(runSummarySchema, JSON.parse(JSON.stringify(summaryOut(summary)))).success).toBe(true);
  expect(runTitle(summary)).not.toBe('');
  const status = statusOf({
    run,
    config: run.config,
    training: false,
    loadingText: '',
    problem: undefined,
    resumable: true,
  });
  expect(status.progress >= 0 && status.progress <= 1).toBe(true);
  const states = run.networks.map(({ state }) => state);
  if (states.some((state) => state === 'failed' || state === 'stopped' || state === 'interrupted')) {
    expect(partialNote(run)).toMatch(/partial/);
    expect(status.text).toMatch(/^(?:Failed|Stopped|Interrupted)/);
  }
  expect(serialiseRun(parseRun(serialiseRun(run)))).toBe(serialiseRun(run));
}

describe('a damaged or hostile file of a run', () => {
  it.each([
    ['fields of the text', changedText],
    ['fields of the log, with checksums that fit', changedLog],
    ['bytes of either', changedBytes],
  ])('is refused with a sentence, or read as what agrees with its settings and can be shown: %s', (_, files) => {
    fc.assert(
      fc.property(files, (bytes) => {
        let run: RunRecord;
        try {
          const read = readRunFile(bytes);
          if (read.note !== undefined) expect(read.note).toMatch(/^[A-Z].*\.$/s);
          run = read.run;
        } catch (error) {
          expect(error).toBeInstanceOf(RunFileError);
          expect((error as RunFileError).message).toMatch(/^[A-Z][^\n]*\.$/);
          expect((error as RunFileError).message.length).toBeLessThan(600);
          return;
        }
        expectAgreeing(run);
        expectShown(run);
      }),
      inputs(120),
    );
  });
});
