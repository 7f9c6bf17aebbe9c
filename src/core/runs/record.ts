import type { DatasetSummary } from '../data/dataset';
import type { BackendName, ExperimentConfig } from '../experiment/config';

/** Means over an epoch as Keras prints them (running means while the weights change), and the test set at its end. */
export interface EpochRow {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  /** 0 … 1 */
  readonly accuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
}

/** Consecutive steps as a worker sends them and a record keeps them; matrices are row-major, a row a step. */
export interface StepBlock {
  /** Index of the first step, from 0. */
  readonly firstStep: number;
  /** Batch loss, before the step's update; length = steps. */
  readonly loss: Float32Array;
  /** Share of the batch classified rightly, 0 … 1; length = steps. */
  readonly accuracy: Float32Array;
  /** ‖∂C/∂W‖ (Frobenius) per layer; steps × layers, first hidden layer first. */
  readonly gradientNorms: Float32Array;
}

/** What is looked at every few steps; matrices are row-major, a row a probe. */
export interface ProbeBlock {
  /** The step of each probe, from 0. */
  readonly step: Int32Array;
  /** Mean of φ′(z) over batch and units; probes × hidden layers. */
  readonly meanDerivative: Float32Array;
  /** Share of units whose mean |φ′| over the batch is below 1 % of its maximum, 0 … 1; probes × hidden layers. */
  readonly saturatedShare: Float32Array;
  /** Share of units whose φ′ is exactly 0 on the whole batch, 0 … 1; probes × hidden layers. */
  readonly deadShare: Float32Array;
  /** Mean of the pre-activations z over batch and units; probes × hidden layers. */
  readonly preActivationMean: Float32Array;
  /** Standard deviation of the pre-activations; probes × hidden layers. */
  readonly preActivationStddev: Float32Array;
  /** ‖ΔW‖/‖W‖ of the step; probes × layers. */
  readonly updateRatio: Float32Array;
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

/** Growable float32 column(s): `width` values a row. */
export class FloatColumns {
  #values = new Float32Array(0);
  #rows = 0;

  constructor(readonly width: number) {}

  get rows(): number {
    return this.#rows;
  }

  /** Appends whole rows; throws RangeError where the length is not a multiple of the width. */
  append(values: Float32Array): void {
    if (this.width === 0 || values.length % this.width !== 0) {
      if (values.length === 0) return;
      throw new RangeError(`${values.length} values do not fill rows of ${this.width}`);
    }
    const used = this.#rows * this.width;
    if (used + values.length > this.#values.length) {
      const grown = new Float32Array(Math.max(256 * this.width, 2 * this.#values.length, used + values.length));
      grown.set(this.#values.subarray(0, used));
      this.#values = grown;
    }
    this.#values.set(values, used);
    this.#rows += values.length / this.width;
  }

  at(row: number, column = 0): number {
    return this.#values[row * this.width + column] ?? Number.NaN;
  }

  row(row: number): Float32Array {
    return this.#values.subarray(row * this.width, (row + 1) * this.width);
  }

  /** Forgets the rows from `rows` on. */
  truncate(rows: number): void {
    this.#rows = Math.min(this.#rows, Math.max(0, rows));
  }

  /** A view (not a copy) of the rows from `first` to before `end`; of all where nothing is said. */
  values(first = 0, end = this.#rows): Float32Array {
    return this.#values.subarray(first * this.width, Math.min(end, this.#rows) * this.width);
  }
}

/** The recorded steps of one network. */
export class StepSeries {
  readonly loss = new FloatColumns(1);
  readonly accuracy = new FloatColumns(1);
  readonly gradientNorms: FloatColumns;

  constructor(readonly layerCount: number) {
    this.gradientNorms = new FloatColumns(layerCount);
  }

  get count(): number {
    return this.loss.rows;
  }

  /** Throws RangeError where the block does not follow the last one. */
  append(block: StepBlock): void {
    if (block.firstStep !== this.count)
      throw new RangeError(`steps from ${block.firstStep} do not follow step ${this.count - 1}`);
    const steps = block.loss.length;
    if (block.accuracy.length !== steps || block.gradientNorms.length !== steps * this.layerCount) {
      throw new RangeError(
        `a block of ${steps} steps with ${block.gradientNorms.length} norms for ${this.layerCount} layers`,
      );
    }
    this.loss.append(block.loss);
    this.accuracy.append(block.accuracy);
    this.gradientNorms.append(block.gradientNorms);
  }

  /** Forgets the steps from `step` on. */
  truncate(step: number): void {
    this.loss.truncate(step);
    this.accuracy.truncate(step);
    this.gradientNorms.truncate(step);
  }

  /** Views of the steps from `first` to before `end`. */
  block(first = 0, end = this.count): StepBlock {
    return {
      firstStep: first,
      loss: this.loss.values(first, end),
      accuracy: this.accuracy.values(first, end),
      gradientNorms: this.gradientNorms.values(first, end),
    };
  }
}

/** The recorded probes of one network. */
export class ProbeSeries {
  #step = new Int32Array(0);
  #count = 0;
  readonly meanDerivative: FloatColumns;
  readonly saturatedShare: FloatColumns;
  readonly deadShare: FloatColumns;
  readonly preActivationMean: FloatColumns;
  readonly preActivationStddev: FloatColumns;
  readonly updateRatio: FloatColumns;

  constructor(readonly layerCount: number) {
    const hidden = layerCount - 1;
    this.meanDerivative = new FloatColumns(hidden);
    this.saturatedShare = new FloatColumns(hidden);
    this.deadShare = new FloatColumns(hidden);
    this.preActivationMean = new FloatColumns(hidden);
    this.preActivationStddev = new FloatColumns(hidden);
    this.updateRatio = new FloatColumns(layerCount);
  }

  get count(): number {
    return this.#count;
  }

  /** Step of a probe, from 0. */
  stepOf(probe: number): number {
    return probe < this.#count ? (this.#step[probe] ?? Number.NaN) : Number.NaN;
  }

  append(block: ProbeBlock): void {
    this.meanDerivative.append(block.meanDerivative);
    this.saturatedShare.append(block.saturatedShare);
    this.deadShare.append(block.deadShare);
    this.preActivationMean.append(block.preActivationMean);
    this.preActivationStddev.append(block.preActivationStddev);
    this.updateRatio.append(block.updateRatio);
    const count = this.#count + block.step.length;
    if (count > this.#step.length) {
      const grown = new Int32Array(Math.max(256, 2 * this.#step.length, count));
      grown.set(this.#step.subarray(0, this.#count));
      this.#step = grown;
    }
    this.#step.set(block.step, this.#count);
    this.#count = count;
  }

  /** Forgets the probes at `step` and later. */
  truncate(step: number): void {
    while (this.#count > 0 && this.#step[this.#count - 1]! >= step) this.#count--;
    for (const columns of this.#columns) columns.truncate(this.#count);
  }

  get #columns(): readonly FloatColumns[] {
    return [
      this.meanDerivative,
      this.saturatedShare,
      this.deadShare,
      this.preActivationMean,
      this.preActivationStddev,
      this.updateRatio,
    ];
  }

  /** Views of the probes from number `first` to before `end`. */
  block(first = 0, end = this.#count): ProbeBlock {
    return {
      step: this.#step.subarray(first, Math.min(end, this.#count)),
      meanDerivative: this.meanDerivative.values(first, end),
      saturatedShare: this.saturatedShare.values(first, end),
      deadShare: this.deadShare.values(first, end),
      preActivationMean: this.preActivationMean.values(first, end),
      preActivationStddev: this.preActivationStddev.values(first, end),
      updateRatio: this.updateRatio.values(first, end),
    };
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

/** Takes a network's record back to before `step`, the next one to be trained: what came later is forgotten. */
export function rewind(network: NetworkRecord, step: number, stepsPerEpoch: number): void {
  network.steps.truncate(step);
  network.probes.truncate(step);
  const ended = network.epochs.findIndex(({ epoch }) => epoch * stepsPerEpoch > step);
  if (ended >= 0) network.epochs.length = ended;
}
