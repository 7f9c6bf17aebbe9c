import * as v from 'valibot';
import { findActivation } from '../activations/catalogue';
import { excerpt } from '../format/excerpt';
import { boundsOf, lacksItsEnd, newsProblem } from './check';
import { probeColumns, rowWidth, stepColumns } from './columns';
import { NewerRunError, RunFileError } from './fileError';
import { applyNews, type RunNews } from './news';
import { createRunRecord, isOver, type NetworkRecord, networkStates, type RunRecord } from './record';
import {
  backendName,
  count,
  duration,
  FORMAT,
  headEntries,
  issueText,
  probesOut,
  probesSchema,
  rowOut,
  rowSchema,
  stepsEntries,
  stepsOut,
} from './wire';

/**
 * A run as one text: versioned JSON. It goes between host and pages, and into reports; what is kept on disk is a log
 * (`log.ts`). Read back by {@link parseRun} wherever a text may be old, newer or damaged.
 */
const VERSION = 1;

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
  backend: v.optional(backendName),
  seconds: duration,
  epochs: v.array(rowSchema),
  steps: v.object(stepsEntries),
  probes: probesSchema,
});

const runSchema = v.object({ ...headEntries, seconds: duration, networks: v.array(networkSchema) });
type StoredNetwork = v.InferOutput<typeof networkSchema>;

/** Characters of the longest text that there can be, less what is not figures. */
const MOST_OF_FIGURES = 2 ** 29 - 2 ** 25;

/** Characters that the steps and probes of a run take. */
function figuresOf({ networks }: RunRecord): number {
  const values = networks.map(
    ({ layers: { length }, steps, probes }) =>
      steps.count * rowWidth(stepColumns, length) + probes.count * (1 + rowWidth(probeColumns, length)),
  );
  // Base64 of 32-bit values.
  return values.reduce((sum, count) => sum + (16 / 3) * count, 0);
}

/**
 * The run as versioned JSON text; works while it still trains.
 *
 * @throws RunFileError with a sentence where it has more figures than a text can hold
 */
export function serialiseRun(run: RunRecord): string {
  const figures = figuresOf(run);
  if (figures > MOST_OF_FIGURES) {
    throw new RunFileError(
      `The run has ${Math.round(figures / 2 ** 20)} MB of figures; one file of it holds at most ${Math.floor(MOST_OF_FIGURES / 2 ** 20)} MB. Fewer networks, layers or epochs fit.`,
    );
  }
  const networks = run.networks.map((network) => ({
    id: network.id,
    activation: network.activation,
    seed: network.seed,
    layers: network.layers,
    state: network.state,
    message: network.message,
    backend: network.backend,
    seconds: network.seconds,
    epochs: network.epochs.map(rowOut),
    steps: stepsOut(network.steps.block()),
    probes: probesOut(network.probes.block()),
  }));
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
  if (header.output.version > VERSION) throw new NewerRunError(header.output.version, VERSION);
  const result = v.safeParse(runSchema, json);
  if (!result.success) throw new RunFileError(`The stored run is damaged${issueText(result.issues[0])}.`);
  const { id, startedAt, config, dataset, seconds, networks } = result.output;
  const run = createRunRecord(id, startedAt, config, dataset);
  run.seconds = seconds;
  if (networks.length !== run.networks.length) {
    throw new RunFileError(
      `The stored run is damaged: it has ${networks.length} networks; its settings make ${run.networks.length}.`,
    );
  }
  for (const [i, network] of run.networks.entries()) fill(run, network, networks[i]!);
  return run;
}

/** Takes what is stored of a network into its empty record. */
function fill(run: RunRecord, network: NetworkRecord, stored: StoredNetwork): void {
  const same =
    stored.activation === network.activation &&
    stored.seed === network.seed &&
    stored.layers.length === network.layers.length &&
    stored.layers.every((name, layer) => name === network.layers[layer]);
  if (!same) {
    throw new RunFileError(
      `The stored run is damaged: where its settings make ${network.id} with ${network.layers.length} layers, it has ${excerpt(stored.id)} with ${stored.layers.length}.`,
    );
  }
  const bounds = boundsOf(run);
  const state = isOver(stored.state) ? stored.state : 'interrupted';
  const { steps, probes, seconds, backend, message } = stored;
  const news: RunNews[] = [
    { kind: 'recorded', network: network.id, steps: { firstStep: 0, ...steps }, probes },
    ...stored.epochs.map((row): RunNews => ({ kind: 'epochEnded', network: network.id, row })),
    { kind: 'state', network: network.id, state, seconds, backend, message },
  ];
  for (const each of news) {
    const problem = newsProblem(each, run, bounds);
    if (problem !== undefined) throw new RunFileError(`The stored run is damaged: ${problem}.`);
    applyNews(run, each);
  }
  if (network.epochs.length !== stored.epochs.length) {
    throw new RunFileError(`The stored run is damaged: the epochs of ${network.id} are out of order.`);
  }
  if (lacksItsEnd(network, bounds)) {
    throw new RunFileError(
      `The stored run is damaged: ${network.id} has finished, but has ${network.steps.count} of ${bounds.steps} steps and ${network.epochs.length} of ${bounds.epochs} epochs.`,
    );
  }
}
