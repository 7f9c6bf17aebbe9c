import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../core/data/dataset';
import type { ExampleSets } from '../core/data/examples';
import type { ExperimentConfig } from '../core/experiment/config';
import { drawWeights } from '../core/initializers/initializer';
import { createRandom, shuffledIndices } from '../core/random/random';
import type { EpochRow, NetworkState, ProbeBlock, StepBlock } from '../core/runs/record';
import type { TrainingJob, TrainingOutcome } from '../protocol/workers/training';
import { Batcher, checkFit, examplesOf } from './batches';
import { DenseNetwork, type DenseWeights, norm } from './network';
import { createOptimizer } from './optimizers';
import { PlanNetwork } from './planNetwork';
import type { TrainableNetwork } from './trainableNetwork';

export interface TrainingNews {
  recorded(steps: StepBlock, probes: ProbeBlock): void;
  epochEnded(row: EpochRow): void;
  stateChanged(state: NetworkState): void;
}

/** Units are looked at every so many steps, and at the very first. */
export const PROBE_INTERVAL = 10;
/** News and requests get their turn this often, so that stop takes effect well within a quarter of a second. */
const TURN_MILLISECONDS = 60;
const EARLY_STEP = 100;

/**
 * The weights that every activation of a seed starts from: drawn from the seed and the layer's place alone.
 *
 * @param inputs pixels of an image
 * @param classes width of the output layer
 */
export function initialWeights(
  config: ExperimentConfig,
  seed: number,
  inputs: number,
  classes: number,
): DenseWeights[] {
  const widths = [inputs, ...config.hidden, classes];
  return widths.slice(1).map((fanOut, l) => {
    const fanIn = widths[l]!;
    const kernelRandom = createRandom(seed, `kernel ${l}`);
    const biasRandom = createRandom(seed, `bias ${l}`);
    return {
      fanIn,
      fanOut,
      kernel: drawWeights(config.kernelInitializer, fanIn * fanOut, fanIn, fanOut, kernelRandom),
      bias: drawWeights(config.biasInitializer, fanOut, fanIn, fanOut, biasRandom),
    };
  });
}

/** Where the next batch of an epoch starts; all activations of a seed see the same batches. */
export function epochOrder(seed: number, epoch: number, count: number): Uint32Array {
  return shuffledIndices(count, createRandom(seed, `shuffle ${epoch}`));
}

/** Labelled pictures, or examples of any kind for a network that is built from a plan. */
export type TrainingData = Dataset | ExampleSets;

/**
 * The job's network: of its plan, where it has one, or the stack of dense layers that its settings describe.
 *
 * @throws DataFitError where the data do not fit the plan
 */
function networkOf({ config, activation, seed, plan }: TrainingJob, dataset: TrainingData): TrainableNetwork {
  if (plan !== undefined) {
    for (const set of [dataset.train, dataset.test]) checkFit(plan, examplesOf(set));
    return new PlanNetwork(plan, seed);
  }
  if (!('rows' in dataset)) throw new RangeError('Examples of any kind need a plan of a network.');
  return new DenseNetwork(initialWeights(config, seed, dataset.rows * dataset.columns, dataset.classes), activation);
}

/** Trains one network on the current backend, and tells what it sees. */
export class Trainer {
  readonly #network: TrainableNetwork;
  readonly #optimizer;
  readonly #train: Batcher;
  readonly #test: Batcher;
  readonly #records: Records;
  #wanted: 'running' | 'paused' | 'stopped' = 'running';
  #wake: (() => void) | undefined;
  #seconds = 0;
  #turnStarted = 0;

  constructor(
    private readonly job: TrainingJob,
    dataset: TrainingData,
    private readonly news: TrainingNews,
  ) {
    const { config } = job;
    this.#network = networkOf(job, dataset);
    this.#optimizer = createOptimizer(config.optimizer, config.learningRate);
    this.#train = new Batcher(dataset.train);
    this.#test = new Batcher(dataset.test);
    this.#records = new Records(this.#network.layerCount);
  }

  pause(): void {
    if (this.#wanted === 'running') this.#wanted = 'paused';
  }

  resume(): void {
    if (this.#wanted === 'paused') this.#wanted = 'running';
    this.#wake?.();
  }

  stop(): void {
    this.#wanted = 'stopped';
    this.#wake?.();
  }

  /** Trains to the end, to a stop, or to the first non-finite loss. Frees the network. */
  async train(): Promise<TrainingOutcome> {
    const { config, seed } = this.job;
    const { batchSize, epochs } = config;
    const count = this.#train.count;
    const tensors = { early: 0, end: 0 };
    this.#turnStarted = performance.now();
    this.news.stateChanged('running');
    try {
      for (let epoch = 1; epoch <= epochs; epoch++) {
        const order = epochOrder(seed, epoch, count);
        const sums = { loss: 0, correct: 0, seen: 0 };
        for (let from = 0; from < count; from += batchSize) {
          this.#step(order, from, Math.min(from + batchSize, count));
          const due = performance.now() - this.#turnStarted >= TURN_MILLISECONDS;
          if (due || from + batchSize >= count) {
            const firstBad = await this.#tell(sums);
            if (firstBad !== undefined)
              return this.#outcome('diverged', tensors, divergedText(firstBad, this.#records.lastFiniteLoss));
            await this.#turn();
            if (this.#stopping()) return this.#outcome('stopped', tensors);
          }
          if (this.#records.total <= EARLY_STEP) tensors.early = tf.memory().numTensors - this.#records.pendingTensors;
        }
        const test = await this.#evaluate();
        if (test === undefined) return this.#outcome('stopped', tensors);
        this.news.epochEnded({ epoch, loss: sums.loss / sums.seen, accuracy: sums.correct / sums.seen, ...test });
      }
      return this.#outcome('finished', tensors);
    } finally {
      this.#records.dispose();
      this.#optimizer.dispose();
      this.#network.dispose();
    }
  }

  /** Milliseconds a step, after a warm-up, on throw-away updates; ends when `milliseconds` are used up. */
  async time(milliseconds: number): Promise<number> {
    const order = epochOrder(this.job.seed, 1, this.#train.count);
    const size = Math.min(this.job.config.batchSize, this.#train.count);
    const finish = async () => {
      await this.#records.flush();
    };
    this.#step(order, 0, size);
    await finish();
    const started = performance.now();
    let steps = 0;
    do {
      this.#step(order, 0, size);
      await finish();
      steps++;
    } while (performance.now() - started < milliseconds);
    const each = (performance.now() - started) / steps;
    this.#records.dispose();
    this.#optimizer.dispose();
    this.#network.dispose();
    return each;
  }

  #step(order: Uint32Array, from: number, to: number): void {
    const batch = this.#train.gather(order, from, to);
    const gradients = this.#network.gradients(batch.x, batch.targets);
    const probing = this.#records.total % PROBE_INTERVAL === 0;
    const probe = probing ? this.#network.probe(gradients) : undefined;
    const numbers = tf.tidy(
      () => tf.stack([gradients.loss, gradients.correct, ...gradients.kernels.map(norm)]) as tf.Tensor1D,
    );
    const ratios = this.#network.update(this.#optimizer, gradients, probing);
    this.#records.add(numbers, batch.size, probe && { probe, ratios });
    tf.dispose([batch.x, batch.targets, gradients as unknown as tf.TensorContainer]);
  }

  /** Reads back what is pending and tells it; the first step with a non-finite loss, if there is one. */
  async #tell(sums: { loss: number; correct: number; seen: number }): Promise<number | undefined> {
    const { steps, probes, sizes } = await this.#records.flush();
    this.#seconds += (performance.now() - this.#turnStarted) / 1000;
    this.#turnStarted = performance.now();
    let firstBad: number | undefined;
    for (let i = 0; i < sizes.length; i++) {
      sums.loss += steps.loss[i]! * sizes[i]!;
      sums.correct += Math.round(steps.accuracy[i]! * sizes[i]!);
      sums.seen += sizes[i]!;
      if (firstBad === undefined && !Number.isFinite(steps.loss[i]!)) firstBad = steps.firstStep + i;
    }
    this.news.recorded(steps, probes);
    return firstBad;
  }

  /** Asked anew each time: requests arrive while a turn is awaited. */
  #stopping(): boolean {
    return this.#wanted === 'stopped';
  }

  /** Lets messages in, and waits while paused. */
  async #turn(): Promise<void> {
    await macrotask();
    if (this.#wanted === 'paused') {
      this.news.stateChanged('paused');
      while (this.#wanted === 'paused') {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      this.#wake = undefined;
      if (!this.#stopping()) this.news.stateChanged('running');
    }
    this.#turnStarted = performance.now();
  }

  /** Loss and accuracy on the test set; undefined where a stop came in between. */
  async #evaluate(): Promise<{ testLoss: number; testAccuracy: number } | undefined> {
    const count = this.#test.count;
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    let loss = 0;
    let correct = 0;
    const size = this.#network.evaluationBatch;
    for (let from = 0; from < count; from += size) {
      const batch = this.#test.gather(order, from, Math.min(from + size, count));
      const result = this.#network.evaluate(batch.x, batch.targets);
      const numbers = tf.tidy(() => tf.stack([result.lossSum, result.correct]));
      const [lossSum, right] = await numbers.data();
      loss += lossSum!;
      correct += right!;
      tf.dispose([batch.x, batch.targets, result.lossSum, result.correct, numbers]);
      if (performance.now() - this.#turnStarted >= TURN_MILLISECONDS) {
        this.#seconds += (performance.now() - this.#turnStarted) / 1000;
        await this.#turn();
        if (this.#stopping()) return undefined;
      }
    }
    return { testLoss: loss / count, testAccuracy: correct / count };
  }

  #outcome(
    state: TrainingOutcome['state'],
    tensors: { early: number; end: number },
    message?: string,
  ): TrainingOutcome {
    tensors.end = tf.memory().numTensors - this.#records.pendingTensors;
    return { state, seconds: this.#seconds, tensors, ...(message === undefined ? {} : { message }) };
  }
}

function divergedText(firstBad: number, lastFinite: number | undefined): string {
  const before =
    lastFinite === undefined
      ? 'It never was finite.'
      : `The last finite loss was ${lastFinite.toPrecision(4)}, one step before.`;
  return `The loss was not finite at step ${firstBad + 1}. ${before}`;
}

/** Steps that the device has computed and nobody has read yet. */
class Records {
  #numbers: tf.Tensor1D[] = [];
  #sizes: number[] = [];
  #probes: { step: number; probe: tf.Tensor2D; ratios: tf.Scalar[] }[] = [];
  #told = 0;
  #lastFiniteLoss: number | undefined;

  constructor(private readonly layerCount: number) {}

  /** Steps so far, told or not. */
  get total(): number {
    return this.#told + this.#numbers.length;
  }

  get pendingTensors(): number {
    return this.#numbers.length + this.#probes.reduce((sum, { ratios }) => sum + 1 + ratios.length, 0);
  }

  /** The loss of the step before the first non-finite one. */
  get lastFiniteLoss(): number | undefined {
    return this.#lastFiniteLoss;
  }

  add(numbers: tf.Tensor1D, size: number, probed: { probe: tf.Tensor2D; ratios: tf.Scalar[] } | undefined): void {
    if (probed) this.#probes.push({ step: this.total, ...probed });
    this.#numbers.push(numbers);
    this.#sizes.push(size);
  }

  async flush(): Promise<{ steps: StepBlock; probes: ProbeBlock; sizes: number[] }> {
    const pending = this.#numbers;
    const probed = this.#probes;
    const sizes = this.#sizes;
    const firstStep = this.#told;
    this.#numbers = [];
    this.#probes = [];
    this.#sizes = [];
    const count = pending.length;
    const layers = this.layerCount;
    const steps = {
      firstStep,
      loss: new Float32Array(count),
      accuracy: new Float32Array(count),
      gradientNorms: new Float32Array(count * layers),
    };
    if (count > 0) {
      const rows = await readRows(pending);
      const width = 2 + layers;
      for (let i = 0; i < count; i++) {
        const loss = rows[i * width]!;
        steps.loss[i] = loss;
        steps.accuracy[i] = rows[i * width + 1]! / sizes[i]!;
        steps.gradientNorms.set(rows.subarray(i * width + 2, (i + 1) * width), i * layers);
      }
      const firstBad = steps.loss.findIndex((loss) => !Number.isFinite(loss));
      const lastGood = firstBad < 0 ? count - 1 : firstBad - 1;
      if (lastGood >= 0) this.#lastFiniteLoss = steps.loss[lastGood];
    }
    const probes = await this.#readProbes(probed);
    this.#told += count;
    return { steps, probes, sizes };
  }

  async #readProbes(probed: readonly { step: number; probe: tf.Tensor2D; ratios: tf.Scalar[] }[]): Promise<ProbeBlock> {
    const hidden = this.layerCount - 1;
    const columns = Array.from({ length: 5 }, () => new Float32Array(probed.length * hidden));
    const updateRatio = new Float32Array(probed.length * this.layerCount);
    if (probed.length > 0) {
      const rows = await readRows(probed.map(({ probe }) => probe));
      for (let i = 0; i < probed.length; i++) {
        for (let c = 0; c < 5; c++) {
          const from = (i * 5 + c) * hidden;
          columns[c]!.set(rows.subarray(from, from + hidden), i * hidden);
        }
      }
      updateRatio.set(await readRows(probed.flatMap(({ ratios }) => ratios)));
    }
    const [meanDerivative, saturatedShare, deadShare, preActivationMean, preActivationStddev] = columns;
    return {
      step: Int32Array.from(probed, ({ step }) => step),
      meanDerivative: meanDerivative!,
      saturatedShare: saturatedShare!,
      deadShare: deadShare!,
      preActivationMean: preActivationMean!,
      preActivationStddev: preActivationStddev!,
      updateRatio,
    };
  }

  dispose(): void {
    tf.dispose([this.#numbers, this.#probes.map(({ probe, ratios }) => [probe, ...ratios])]);
  }
}

/** One read for many tensors of one shape; disposes of them. */
async function readRows(tensors: readonly tf.Tensor[]): Promise<Float32Array> {
  const stacked = tf.stack([...tensors]);
  tf.dispose([...tensors]);
  const values = (await stacked.data()) as Float32Array;
  stacked.dispose();
  return values;
}

/** A turn of the event loop, which a message channel gives without the 4 ms that nested timers wait. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
