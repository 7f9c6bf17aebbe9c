import * as v from 'valibot';
import type { DrawnDigits } from '../core/data/drawnDigits';
import { type backendNames, experimentConfigSchema } from '../core/experiment/config';
import type { NetworkCheckpoint } from '../core/runs/checkpoint';
import type { CheckpointPiece } from '../core/runs/checkpointPieces';
import { toldEntries } from '../core/runs/columnSchemas';
import { epochColumns, probeColumns, stepColumns } from '../core/runs/columns';
import type { RunNews } from '../core/runs/news';
import { networkStates } from '../core/runs/record';

/** Shapes that more than one contract uses. */

export const backendName = v.picklist(['wasm', 'webgl', 'webgpu', 'cpu'] satisfies Exclude<
  (typeof backendNames)[number],
  'auto'
>[]);
export const networkState = v.picklist(networkStates);
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const bytes = v.custom<Uint8Array>((x) => x instanceof Uint8Array, 'expected bytes');
export const floats = v.custom<Float32Array>((x) => x instanceof Float32Array, 'expected float32 numbers');

/** Which model of which text: places move, so that its name counts first. */
export const modelReference = v.object({
  /** Of the file or the notebook. */
  uri: v.string(),
  name: v.string(),
  /** Among the models of that name, from 0. */
  ordinal: count,
});
export type ModelReference = v.InferOutput<typeof modelReference>;

/** Where a network that is trained comes from. */
export const originSchema = v.object({
  /** A sentence or two for the person, with what of the network is not trained. */
  text: v.pipe(v.string(), v.maxLength(500)),
  /** The model in code that it is. */
  code: v.optional(modelReference),
});
export type Origin = v.InferOutput<typeof originSchema>;

/** A hidden layer of a model in code. */
export const codeLayer = v.object({
  model: modelReference,
  /** From 1. */
  layer: v.pipe(count, v.minValue(1)),
});

export type CodeLayer = v.InferOutput<typeof codeLayer>;

/** The model in code that a page shows. */
export const codeOnShow = v.object({
  model: modelReference,
  /** Its hidden layers: a page that shows another number of them shows another network. */
  layers: count,
});
export type CodeOnShow = v.InferOutput<typeof codeOnShow>;

/** Loss may be infinite or NaN where a network diverges. */
export const measured = v.union([v.number(), v.nan()]);

export const labelledImages = v.pipe(
  v.object({ images: bytes, labels: bytes }),
  v.check(
    ({ images, labels }) => labels.length > 0 && images.length % labels.length === 0,
    'images and labels do not belong together',
  ),
);

export const dataset = v.pipe(
  v.object({
    name: v.string(),
    rows: count,
    columns: count,
    classes: count,
    train: labelledImages,
    test: labelledImages,
  }),
  v.check(
    ({ rows, columns, train }) => train.images.length === rows * columns * train.labels.length,
    'the images do not have the stated size',
  ),
);

const features = v.custom<Uint8Array | Float32Array | Int32Array>(
  (x) => x instanceof Uint8Array || x instanceof Float32Array || x instanceof Int32Array,
  'expected bytes or numbers',
);

/** How they fit a model is checked against its plan. */
const examples = v.object({ count: v.pipe(count, v.minValue(1)), features, targets: features });

export const exampleSets = v.object({ name: v.string(), train: examples, test: examples });

/** The worker draws the digits itself. */
export const drawnDigitsSchema = v.object({ drawn: v.literal('digits') }) satisfies v.GenericSchema<
  unknown,
  DrawnDigits
>;

export const datasetSummary = v.object({ name: v.string(), train: count, test: count, classes: count, inputs: count });

export const epochRow = v.object({ epoch: count, ...toldEntries(epochColumns, measured) });

export const stepBlock = v.object({ firstStep: count, ...toldEntries(stepColumns, floats) });

export const probeBlock = v.object({
  step: v.custom<Int32Array>((x) => x instanceof Int32Array, 'expected int32 numbers'),
  ...toldEntries(probeColumns, floats),
});

export const config = experimentConfigSchema;

/** How its arrays fit a network is checked where it is used. */
export const checkpointSchema = v.object({
  step: count,
  sums: v.object({ loss: measured, correct: count, seen: count }),
  lastLoss: v.optional(v.number()),
  parameters: v.pipe(v.array(floats), v.readonly()),
  optimizer: v.object({
    updates: count,
    first: v.pipe(v.array(floats), v.readonly()),
    second: v.pipe(v.array(floats), v.readonly()),
  }),
}) satisfies v.GenericSchema<unknown, NetworkCheckpoint>;

const lengths = v.pipe(v.array(count), v.readonly());

/** How it fits what came before is checked where it is put together. */
export const checkpointPieceSchema = v.object({
  head: v.optional(
    v.object({
      step: count,
      sums: v.object({ loss: measured, correct: count, seen: count }),
      lastLoss: v.optional(v.number()),
      updates: count,
      parameters: lengths,
      first: lengths,
      second: lengths,
    }),
  ),
  from: count,
  numbers: floats,
}) satisfies v.GenericSchema<unknown, CheckpointPiece>;

const seconds = v.pipe(v.number(), v.minValue(0), v.finite());

/** How it fits a run is checked where it is taken into one. */
export const runNews = v.variant('kind', [
  v.object({ kind: v.literal('recorded'), network: v.string(), steps: stepBlock, probes: probeBlock }),
  v.object({ kind: v.literal('epochEnded'), network: v.string(), row: epochRow }),
  v.object({
    kind: v.literal('state'),
    network: v.string(),
    state: networkState,
    seconds,
    backend: v.optional(backendName),
    message: v.optional(v.string()),
  }),
  v.object({ kind: v.literal('clock'), seconds }),
]) satisfies v.GenericSchema<unknown, RunNews>;
