import type { DatasetSummary } from '../data/dataset';
import type { BackendName, ExperimentConfig } from '../experiment/config';
import { type epochColumns, probeColumns, stepColumns, type ToldOf } from './columns';
import { tableOf } from './floatColumns';

/** The end of an epoch; running means over it, and the test set. */
export interface EpochRow extends ToldOf<typeof epochColumns, number> {
  /** From 1. */
  readonly epoch: number;
}

/** Consecutive steps as a worker sends them and a record keeps them; a column is row-major, a row a step. */
export interface StepBlock extends ToldOf<typeof stepColumns, Float32Array> {
  /** Index of the first step, from 0. */
  readonly firstStep: number;
}

/** What is looked at every few steps; a column is row-major, a row a probe. */
export interface ProbeBlock extends ToldOf<typeof probeColumns, Float32Array> {
  /** The step of each probe, from 0. */
  readonly step: Int32Array;
}

export const networkStates = [
  'waiting',
  'running',
  'paused',
  'finished',
  'stopped',
  'diverged',
  'failed',
  'interrupted',
] as const;
export type NetworkState = (typeof networkStates)[number];

/** Everything recorded of one network. */
export interface NetworkRecord {
  /** Unique in its run: "sigmoid#0". */
  readonly id: string;
  readonly activation: string;
  readonly seed: number;
  /** "hidden 1", …, "output". */
  readonly layers: readonly string[];
  state: NetworkState;
  /** Why it failed or diverged, as a sentence. */
  message?: string;
  backend?: BackendName;
  /** Training time without pauses. */
  seconds: number;
  readonly epochs: EpochRow[];
  readonly steps: StepSeries;
  readonly probes: ProbeSeries;
  /** In an overlay of several runs: the run that it is of, its name there, and its place among them from 0. Never stored. */
  readonly of?: { readonly run: RunRecord; readonly name: string; readonly group: number };
}

export interface RunRecord {
  readonly id: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly config: ExperimentConfig;
  dataset: DatasetSummary;
  seconds: number;
  readonly networks: NetworkRecord[];
}

/** The recorded steps of one network. */
export class StepSeries extends tableOf(stepColumns) {
  get count(): number {
    return this.rowCount;
  }

  /** Throws RangeError where the block does not follow the last one, or does not have its columns. */
  append(block: StepBlock): void {
    if (block.firstStep !== this.count)
      throw new RangeError(`steps from ${block.firstStep} do not follow step ${this.count - 1}`);
    this.appendRows(block, block.loss.length);
  }

  /** Forgets the steps from `step` on. */
  truncate(step: number): void {
    this.truncateRows(step);
  }

  /** Views of the steps from `first` to before `end`. */
  block(first = 0, end = this.count): StepBlock {
    return { firstStep: first, ...this.views(first, end) };
  }
}

/** The recorded probes of one network. */
export class ProbeSeries extends tableOf(probeColumns) {
  #step = new Int32Array(0);

  get count(): number {
    return this.rowCount;
  }

  /** Step of a probe, from 0. */
  stepOf(probe: number): number {
    return probe < this.count ? (this.#step[probe] ?? Number.NaN) : Number.NaN;
  }

  /** Throws RangeError where a column does not have a row for each probe, or is not there as before. */
  append(block: ProbeBlock): void {
    const before = this.count;
    this.appendRows(block, block.step.length);
    if (this.count > this.#step.length) {
      const grown = new Int32Array(Math.max(256, 2 * this.#step.length, this.count));
      grown.set(this.#step.subarray(0, before));
      this.#step = grown;
    }
    this.#step.set(block.step, before);
  }

  /** Forgets the probes at `step` and later. */
  truncate(step: number): void {
    let count = this.count;
    while (count > 0 && this.#step[count - 1]! >= step) count--;
    this.truncateRows(count);
  }

  /** Views of the probes from number `first` to before `end`. */
  block(first = 0, end = this.count): ProbeBlock {
    return { step: this.#step.subarray(first, Math.min(end, this.count)), ...this.views(first, end) };
  }
}

/** "hidden 1", …, "hidden n", "output"; a single hidden layer is just "hidden". */
export function layerNames(hiddenLayers: number): string[] {
  const hidden = Array.from({ length: hiddenLayers }, (_, i) => (hiddenLayers === 1 ? 'hidden' : `hidden ${i + 1}`));
  return [...hidden, 'output'];
}

/** One record per activation and seed, in the order they train: all activations of a seed before the next seed. */
export function createRunRecord(
  id: string,
  startedAt: string,
  config: ExperimentConfig,
  dataset: DatasetSummary,
): RunRecord {
  const layers = layerNames(config.hidden.length);
  const networks: NetworkRecord[] = [];
  for (let i = 0; i < config.seeds; i++) {
    const seed = (config.seed + i) >>> 0;
    for (const activation of config.activations) {
      networks.push({
        id: `${activation}#${seed}`,
        activation,
        seed,
        layers,
        state: 'waiting',
        seconds: 0,
        epochs: [],
        steps: new StepSeries(layers.length),
        probes: new ProbeSeries(layers.length),
      });
    }
  }
  return { id, startedAt, config, dataset, seconds: 0, networks };
}

export const isOver = (state: NetworkState): boolean =>
  state !== 'waiting' && state !== 'running' && state !== 'paused';

/** It is over before its plan was. */
export const endedEarly = (state: NetworkState): boolean => isOver(state) && state !== 'finished';

/** Takes a network's record back to before `step`, the next one to be trained: what came later is forgotten. */
export function rewind(network: NetworkRecord, step: number, stepsPerEpoch: number): void {
  network.steps.truncate(step);
  network.probes.truncate(step);
  const ended = network.epochs.findIndex(({ epoch }) => epoch * stepsPerEpoch > step);
  if (ended >= 0) network.epochs.length = ended;
}
