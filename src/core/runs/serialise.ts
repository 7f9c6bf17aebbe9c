import * as v from 'valibot';
import { findActivation } from '../activations/catalogue';
import { type BackendName, type ExperimentConfig, parseConfig } from '../experiment/config';
import { decodeBase64, encodeBase64 } from './base64';
import { isOver, type NetworkRecord, networkStates, ProbeSeries, type RunRecord, StepSeries } from './record';

/**
 * A run as text: versioned JSON in which long series are base64 of little-endian 32-bit values, so that they stay exact and
 * NaN and ∞ survive. Read back by {@link parseRun} wherever a file may be old, newer or damaged.
 */
const FORMAT = 'gradient-lens-run';
const VERSION = 1;

/** The text is not a run that this version can read; the message is a sentence for a person. */
export class RunFileError extends Error {
  override readonly name = 'RunFileError';
}

type Figure = number | 'NaN' | 'Infinity' | '-Infinity';
const figureOut = (x: number): Figure => (Number.isFinite(x) ? x : (String(x) as Figure));
const figure = v.pipe(
  v.union([v.number(), v.picklist(['NaN', 'Infinity', '-Infinity'])]),
  v.transform((x) => Number(x)),
);

function encodeFloats(values: Float32Array): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true);
  return encodeBase64(new Uint8Array(view.buffer));
}

function encodeInts(values: Int32Array): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) view.setInt32(4 * i, values[i]!, true);
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
  v.transform((view) => Float32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true))),
);
const ints = v.pipe(
  words,
  v.transform((view) => Int32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getInt32(4 * i, true))),
);

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const duration = v.pipe(v.number(), v.minValue(0));

const configOfFile = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }): ExperimentConfig => {
    const parsed = parseConfig(dataset.value);
    if ('config' in parsed) return parsed.config;
    addIssue({ message: parsed.problems[0]?.message ?? 'its settings are not known' });
    return NEVER;
  }),
);

const networkSchema = v.object({
  id: v.string(),
  // As the config, which holds the catalogue's own spelling.
  activation: v.pipe(
    v.string(),
    v.transform((name) => findActivation(name)?.name ?? name),
  ),
  seed: count,
  layers: v.pipe(v.array(v.string()), v.minLength(2)),
  state: v.picklist(networkStates),
  message: v.optional(v.string()),
  backend: v.optional(v.picklist(['wasm', 'webgl', 'webgpu', 'cpu'] satisfies BackendName[])),
  seconds: duration,
  epochs: v.array(v.object({ epoch: count, loss: figure, accuracy: figure, testLoss: figure, testAccuracy: figure })),
  steps: v.object({ loss: floats, accuracy: floats, gradientNorms: floats }),
  probes: v.object({
    step: ints,
    meanDerivative: floats,
    saturatedShare: floats,
    deadShare: floats,
    preActivationMean: floats,
    preActivationStddev: floats,
    updateRatio: floats,
  }),
});

const runSchema = v.object({
  id: v.string(),
  startedAt: v.string(),
  config: configOfFile,
  dataset: v.object({ name: v.string(), train: count, test: count, classes: count, inputs: count }),
  seconds: duration,
  networks: v.array(networkSchema),
});

/** The run as versioned JSON text; works while it still trains. */
export function serialiseRun(run: RunRecord): string {
  const networks = run.networks.map((network) => {
    const steps = network.steps.block();
    const probes = network.probes.block();
    return {
      id: network.id,
      activation: network.activation,
      seed: network.seed,
      layers: network.layers,
      state: network.state,
      message: network.message,
      backend: network.backend,
      seconds: network.seconds,
      epochs: network.epochs.map((row) => ({
        epoch: row.epoch,
        loss: figureOut(row.loss),
        accuracy: figureOut(row.accuracy),
        testLoss: figureOut(row.testLoss),
        testAccuracy: figureOut(row.testAccuracy),
      })),
      steps: {
        loss: encodeFloats(steps.loss),
        accuracy: encodeFloats(steps.accuracy),
        gradientNorms: encodeFloats(steps.gradientNorms),
      },
      probes: {
        step: encodeInts(probes.step),
        meanDerivative: encodeFloats(probes.meanDerivative),
        saturatedShare: encodeFloats(probes.saturatedShare),
        deadShare: encodeFloats(probes.deadShare),
        preActivationMean: encodeFloats(probes.preActivationMean),
        preActivationStddev: encodeFloats(probes.preActivationStddev),
        updateRatio: encodeFloats(probes.updateRatio),
      },
    };
  });
  const { id, startedAt, config, dataset, seconds } = run;
  return JSON.stringify({ format: FORMAT, version: VERSION, id, startedAt, config, dataset, seconds, networks });
}

/**
 * Reads what {@link serialiseRun} wrote. Networks that were not over come back as `interrupted`.
 * Throws {@link RunFileError} with a sentence where the text is damaged, of another kind, or of a newer version.
 */
export function parseRun(text: string): RunRecord {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RunFileError('This is not a stored run: the text is not JSON, or its end is missing.');
  }
  const header = v.safeParse(v.object({ format: v.literal(FORMAT), version: v.number() }), json);
  if (!header.success) throw new RunFileError('This is not a stored run of Gradient Lens.');
  if (header.output.version > VERSION) {
    throw new RunFileError(
      `This run was stored by a newer Gradient Lens (format ${header.output.version}; this one reads up to ${VERSION}). Update the extension to open it.`,
    );
  }
  const result = v.safeParse(runSchema, json);
  if (!result.success) {
    const issue = result.issues[0];
    const where = issue.path?.map((item) => String(item.key)).join('.');
    throw new RunFileError(`The stored run is damaged${where === undefined ? '' : ` at ${where}`}: ${issue.message}`);
  }
  const { networks, ...head } = result.output;
  return {
    ...head,
    networks: networks.map(({ steps, probes, message, backend, state, ...network }): NetworkRecord => {
      const record: NetworkRecord = {
        ...network,
        state: isOver(state) ? state : 'interrupted',
        ...(message === undefined ? {} : { message }),
        ...(backend === undefined ? {} : { backend }),
        steps: new StepSeries(network.layers.length),
        probes: new ProbeSeries(network.layers.length),
      };
      const hidden = network.layers.length - 1;
      const wanted: [Float32Array, number][] = [
        [probes.meanDerivative, hidden],
        [probes.saturatedShare, hidden],
        [probes.deadShare, hidden],
        [probes.preActivationMean, hidden],
        [probes.preActivationStddev, hidden],
        [probes.updateRatio, network.layers.length],
      ];
      if (wanted.some(([values, width]) => values.length !== probes.step.length * width)) {
        throw new RunFileError(`The stored run is damaged: the probes of ${network.id} do not have the same length.`);
      }
      try {
        record.steps.append({ firstStep: 0, ...steps });
      } catch {
        throw new RunFileError(`The stored run is damaged: the steps of ${network.id} do not have the same length.`);
      }
      record.probes.append(probes);
      return record;
    }),
  };
}
