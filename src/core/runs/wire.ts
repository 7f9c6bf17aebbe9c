import * as v from 'valibot';
import { type BackendName, type ExperimentConfig, parseConfig } from '../experiment/config';
import { decodeBase64, encodeBase64 } from '../format/base64';
import { excerpt } from '../format/excerpt';
import { toldEntries } from './columnSchemas';
import { epochColumns, mapTold, probeColumns, stepColumns } from './columns';
import type { EpochRow, ProbeBlock, StepBlock } from './record';

/**
 * How the parts of a run are written as JSON. Long series are base64 of little-endian 32-bit values, so that they stay
 * exact and NaN and ∞ survive; single figures are numbers, or the words NaN, Infinity and -Infinity.
 */
export const FORMAT = 'gradient-lens-run';

const figureWords = ['NaN', 'Infinity', '-Infinity'] as const;

export const figureOut = (x: number): number | (typeof figureWords)[number] =>
  Number.isFinite(x) ? x : (String(x) as (typeof figureWords)[number]);

export const figure = v.pipe(
  v.union([v.number(), v.picklist(figureWords)]),
  v.transform((x) => Number(x)),
);

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

function wordsOut(values: Float32Array | Int32Array): string {
  const { buffer, byteOffset, byteLength } = values;
  if (littleEndian) return encodeBase64(new Uint8Array(buffer, byteOffset, byteLength));
  const view = new DataView(buffer.slice(byteOffset, byteOffset + byteLength));
  for (let at = 0; at < byteLength; at += 4) view.setUint32(at, view.getUint32(at), true);
  return encodeBase64(new Uint8Array(view.buffer));
}

const words = v.pipe(
  v.string(),
  v.transform((text) => decodeBase64(text)),
  v.check((bytes) => bytes !== undefined && bytes.length % 4 === 0, 'a series is not base64 of 32-bit values'),
  v.transform((bytes) => new DataView((bytes as Uint8Array).buffer as ArrayBuffer)),
);
const floats = v.pipe(
  words,
  v.transform((view) => {
    const values = new Float32Array(view.byteLength / 4);
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true);
    return values;
  }),
);
const ints = v.pipe(
  words,
  v.transform((view) => {
    const values = new Int32Array(view.byteLength / 4);
    for (let i = 0; i < values.length; i++) values[i] = view.getInt32(4 * i, true);
    return values;
  }),
);

export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const duration = v.pipe(v.number(), v.finite(), v.minValue(0));
export const backendName = v.picklist(['wasm', 'webgl', 'webgpu', 'cpu'] satisfies BackendName[]);

/** Ids are ours (UUIDs), and become names of files. */
export const runId = v.pipe(v.string(), v.regex(/^[0-9a-z-]{1,64}$/i, 'an id has letters, digits and hyphens only'));

/** ISO 8601, as `toISOString` writes it or with an offset; a day that exists. */
export const instant = v.pipe(
  v.string(),
  v.check(
    (text) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
    'expected a date and time',
  ),
);

export const configOfFile = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }): ExperimentConfig => {
    const parsed = parseConfig(dataset.value);
    if ('config' in parsed) return parsed.config;
    addIssue({ message: parsed.problems[0]?.message ?? 'its settings are not known' });
    return NEVER;
  }),
);

/** Steps are kept as 32-bit numbers, labels as bytes. */
const size = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
const examples = size(2 ** 31 - 1);

export const datasetOfFile = v.object({
  name: v.string(),
  train: examples,
  test: examples,
  classes: size(256),
  inputs: examples,
});

/** What a run is before its first step. */
export const headEntries = { id: runId, startedAt: instant, config: configOfFile, dataset: datasetOfFile };

export const rowSchema = v.object({ epoch: count, ...toldEntries(epochColumns, figure) });

export const rowOut = (row: EpochRow) => ({ epoch: row.epoch, ...mapTold(epochColumns, row, figureOut) });

export const stepsEntries = toldEntries(stepColumns, floats);

export const stepsOut = (steps: Omit<StepBlock, 'firstStep'>) => mapTold(stepColumns, steps, wordsOut);

/** A run that has never looked at its units may leave them out. */
export const probesSchema = v.optional(v.object({ step: ints, ...toldEntries(probeColumns, floats) }), { step: '' });

export const probesOut = (probes: ProbeBlock) => ({
  step: wordsOut(probes.step),
  ...mapTold(probeColumns, probes, wordsOut),
});

/** Where and what the first problem of a value is, for the end of a sentence: " at networks.0: expected …". */
export function issueText(issue: v.BaseIssue<unknown>): string {
  const where = issue.path?.map((item) => String(item.key)).join('.');
  return `${where === undefined ? '' : ` at ${excerpt(where)}`}: ${excerpt(issue.message, 200).replace(/\.$/, '')}`;
}
