import * as tf from '@tensorflow/tfjs-core';
import type { Dataset } from '../../core/data/dataset';
import type { ExampleSets } from '../../core/data/examples';
import { modelOfExperiment } from '../../core/experiment/model';
import { formatPower } from '../../core/format/numbers';
import { createRandom, shuffledIndices } from '../../core/math/random';
import type { NetworkCheckpoint } from '../../core/runs/checkpoint';
import type { EpochRow, NetworkState, ProbeBlock, StepBlock } from '../../core/runs/record';
import type { TrainingJob, TrainingOutcome } from '../../protocol/workers/training';
import { type Device, device } from '../backends/device';
import type { TimedNetwork } from '../backends/timing';
import { kernelsOf } from '../kernels/choose';
import type { BatchSource } from '../kernels/kernels';
import { checkFit, examplesOf } from '../kernels/tensorBatches';
import { PlanNetwork } from '../plan/planNetwork';
import { createOptimizer } from '../tensors/optimizers';
import { turn } from '../thread/turn';
import { checkCheckpoint, type EpochSums, noSums, placeOf } from './checkpoint';
import { DenseTraining } from './denseTraining';
import { initialWeights } from './initialWeights';
import { Records } from './records';
import { TensorTraining } from './tensorTraining';
import type { Training } from './training';

export interface TrainingNews {
  recorded(steps: StepBlock, probes: ProbeBlock): void;
  epochEnded(row: EpochRow): void;
  stateChanged(state: NetworkState): void;
  checkpointed(checkpoint: NetworkCheckpoint): void;
}

/** Units are looked at every so many steps, and at the very first. */
export const PROBE_INTERVAL = 10;
/** News and requests get their turn as often as pages draw; a stop takes effect within a quarter of a second. */
const TURN_MILLISECONDS = 100;
const EARLY_STEP = 100;
/** Where the next batch of an epoch starts; all activations of a seed see the same batches. */
export function epochOrder(seed: number, epoch: number, count: number): Uint32Array {
  return shuffledIndices(count, createRandom(seed, `shuffle ${epoch}`));
}

/** Draws the images of the first batch, where they are drawn when they are wanted, so that its steps are all alike. */
export function drawFirstBatch({ seed, config }: TrainingJob, { train }: TrainingData): void {
  const { count, want } = examplesOf(train);
  if (want) for (const image of epochOrder(seed, 1, count).subarray(0, config.batchSize)) want(image);
}

/** Labelled pictures, or examples of any kind for a network that is built from a plan. */
export type TrainingData = Dataset | ExampleSets;

/**
 * The job's network with its optimiser: of its plan, where it has one, or the stack of dense layers that its settings
 * describe.
 *
 * @throws DataFitError where the data do not fit the plan
 */
function trainingOf({ config, activation, seed, plan }: TrainingJob, dataset: TrainingData): Training {
  const { optimizer, learningRate } = config;
  if (plan !== undefined) {
    for (const set of [dataset.train, dataset.test]) checkFit(plan, examplesOf(set));
    return new TensorTraining(new PlanNetwork(plan, seed), createOptimizer(optimizer, learningRate));
  }
  if (!('rows' in dataset)) throw new RangeError('Examples of any kind need a plan of a network.');
  const { rows, columns, classes } = dataset;
  const model = modelOfExperiment(config, activation, { inputs: rows * columns, classes });
  return new DenseTraining(kernelsOf(), initialWeights(model, seed), { activation, optimizer, learningRate });
}

/**
 * Trains one network on the current backend, and tells what it sees. With a checkpoint in its job it goes on from there,
 * and tells on the same backend what an undisturbed training tells.
 */
export class Trainer {
  readonly #training: Training;
  readonly #train: BatchSource;
  #test: BatchSource | undefined;
  readonly #records: Records;
  readonly #firstStep: number;
  #sums: EpochSums;
  #wanted: 'running' | 'paused' | 'stopped' = 'running';
  #wake: (() => void) | undefined;
  #asked: ((checkpoint: NetworkCheckpoint | undefined) => void)[] = [];
  #over = false;
  #seconds = 0;
  /** Of the last checkpoint that was told. */
  #checkpointed = { step: -1, seen: 0 };
  #turnStarted = 0;

  /**
   * @param now milliseconds from any start
   * @throws DataFitError where the data do not fit the job's plan
   * @throws CheckpointError where the job's checkpoint is of another training
   */
  constructor(
    private readonly job: TrainingJob,
    private readonly dataset: TrainingData,
    private readonly news: TrainingNews,
    private readonly now: () => number = () => performance.now(),
    private readonly on: Device = device(),
  ) {
    const { checkpoint } = job;
    this.#training = trainingOf(job, dataset);
    this.#train = this.#training.batches(dataset.train);
    this.#records = new Records(this.#training, checkpoint?.step, checkpoint?.lastLoss);
    this.#firstStep = checkpoint?.step ?? 0;
    this.#sums = { ...(checkpoint?.sums ?? noSums) };
    if (checkpoint) this.#restore(checkpoint);
  }

  /** What computes it, for the log. */
  get computedBy(): string {
    return this.#training.computedBy;
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

  /**
   * All that the training needs to go on, as of the steps that it has told; answered at the next turn, also while it
   * pauses. Undefined once it is over, and for a network that has state which a checkpoint cannot keep.
   */
  checkpoint(): Promise<NetworkCheckpoint | undefined> {
    if (this.#over) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#asked.push(resolve);
      this.#wake?.();
    });
  }

  /** Trains to the end, to a stop, to the first non-finite loss, or until the device is lost. Frees the network. */
  async train(): Promise<TrainingOutcome> {
    const { config, seed } = this.job;
    const { batchSize, epochs } = config;
    const count = this.#train.count;
    const tensors = { early: tf.memory().numTensors, end: 0 };
    let { epoch, from } = placeOf({ step: this.#firstStep, sums: this.#sums }, count, batchSize);
    try {
      // A pause or a stop that came before trains no step.
      if (this.#wanted !== 'paused') this.news.stateChanged('running');
      await this.#turn();
      if (this.#stopping()) return await this.#stopped(tensors);
      for (; epoch <= epochs; epoch++, from = 0) {
        const order = epochOrder(seed, epoch, count);
        for (; from < count; from += batchSize) {
          this.#step(order, from, Math.min(from + batchSize, count));
          // The first step is told at once: somebody waits for it.
          const due =
            this.now() - this.#turnStarted >= TURN_MILLISECONDS || this.#records.total === this.#firstStep + 1;
          if (due || from + batchSize >= count) {
            const firstBad = await this.#tell();
            if (firstBad !== undefined)
              return this.#outcome('diverged', tensors, divergedText(firstBad, this.#records.lastFiniteLoss));
            await this.#turn();
            if (this.#stopping()) return await this.#stopped(tensors);
          }
          if (this.#records.total - this.#firstStep <= EARLY_STEP)
            tensors.early = tf.memory().numTensors - this.#training.passingTensors;
        }
        const test = await this.#evaluate();
        if (test === undefined) return await this.#stopped(tensors);
        const { loss, correct, seen } = this.#sums;
        this.news.epochEnded({ epoch, loss: loss / seen, accuracy: correct / seen, ...test });
        this.#sums = { ...noSums };
      }
      return this.#outcome('finished', tensors);
    } catch (error) {
      if (!(await this.on.isLost(error))) throw error;
      return this.#outcome('lost', tensors);
    } finally {
      this.#over = true;
      this.#answer(undefined);
      this.#dispose();
    }
  }

  /** For timing: steps on the first batch that nobody is told of. It trains nothing else then. */
  timed(): TimedNetwork {
    const { count } = this.#train;
    const order = epochOrder(this.job.seed, 1, count);
    const size = Math.min(this.job.config.batchSize, count);
    return {
      step: () => this.#step(order, 0, size),
      read: async () => {
        await this.#records.flush();
      },
      dispose: () => {
        this.#over = true;
        this.#dispose();
      },
    };
  }

  #dispose(): void {
    this.#training.dispose();
  }

  #restore(checkpoint: NetworkCheckpoint): void {
    const { batchSize, epochs, optimizer } = this.job.config;
    try {
      checkCheckpoint(checkpoint, this.#training, { count: this.#train.count, batchSize, epochs, optimizer });
      this.#training.restore(checkpoint);
    } catch (error) {
      this.#dispose();
      throw error;
    }
  }

  /** To be called between steps, when all are told; no step may come before it is done. */
  async #take(): Promise<NetworkCheckpoint | undefined> {
    const state = await this.on.read(this.#training.state());
    if (state === undefined) return undefined;
    return {
      step: this.#records.told,
      sums: { ...this.#sums },
      lastLoss: this.#records.lastFiniteLoss,
      ...state,
    };
  }

  /** Tells a checkpoint, unless the last one that was told is of this very place. */
  async #tellCheckpoint(): Promise<void> {
    const step = this.#records.told;
    const { seen } = this.#sums;
    if (this.#checkpointed.step === step && this.#checkpointed.seen === seen) return;
    const checkpoint = await this.#take();
    this.#checkpointed = { step, seen };
    if (checkpoint) this.news.checkpointed(checkpoint);
  }

  /** Gives those who asked what they wait for. */
  #answer(checkpoint: NetworkCheckpoint | undefined): void {
    const asked = this.#asked;
    this.#asked = [];
    for (const resolve of asked) resolve(checkpoint);
  }

  #step(order: Uint32Array, from: number, to: number): void {
    const batch = this.#train.gather(order, from, to);
    const probing = this.#records.total % PROBE_INTERVAL === 0;
    this.#training.step(batch, probing);
    this.#records.add(batch.size, probing);
    this.#train.release(batch);
  }

  /** Reads back what is pending and tells it; the first step with a non-finite loss, if there is one. */
  async #tell(): Promise<number | undefined> {
    const { steps, probes, sizes } = await this.on.read(this.#records.flush());
    this.#countSeconds();
    const sums = this.#sums;
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

  /** Adds the time since the last turn to that of the training. */
  #countSeconds(): void {
    const now = this.now();
    this.#seconds += (now - this.#turnStarted) / 1000;
    this.#turnStarted = now;
  }

  /** Asked anew each time: requests arrive while a turn is awaited. */
  #stopping(): boolean {
    return this.#wanted === 'stopped';
  }

  /** Lets messages in, answers them, and waits while paused. All steps are told when it comes. */
  async #turn(): Promise<void> {
    await turn();
    if (this.#wanted === 'paused') {
      this.news.stateChanged('paused');
      await this.#tellCheckpoint();
      while (this.#wanted === 'paused') {
        if (this.#asked.length > 0) this.#answer(await this.#take());
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
      this.#wake = undefined;
      if (!this.#stopping()) this.news.stateChanged('running');
    }
    if (this.#asked.length > 0) this.#answer(await this.#take());
    this.#turnStarted = this.now();
  }

  /** Loss and accuracy on the test set; undefined where a stop came in between. */
  async #evaluate(): Promise<{ testLoss: number; testAccuracy: number } | undefined> {
    this.#test ??= this.#training.batches(this.dataset.test);
    const test = this.#test;
    const { count } = test;
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    let loss = 0;
    let correct = 0;
    const size = this.#training.evaluationBatch;
    for (let from = 0; from < count; from += size) {
      const batch = test.gather(order, from, Math.min(from + size, count));
      const found = await this.on.read(this.#training.evaluate(batch));
      loss += found.lossSum;
      correct += found.correct;
      test.release(batch);
      if (this.now() - this.#turnStarted >= TURN_MILLISECONDS) {
        this.#countSeconds();
        await this.#turn();
        if (this.#stopping()) return undefined;
      }
    }
    this.#countSeconds();
    return { testLoss: loss / count, testAccuracy: correct / count };
  }

  async #stopped(tensors: { early: number; end: number }): Promise<TrainingOutcome> {
    await this.#tellCheckpoint();
    return this.#outcome('stopped', tensors);
  }

  #outcome(
    state: TrainingOutcome['state'],
    tensors: { early: number; end: number },
    message?: string,
  ): TrainingOutcome {
    tensors.end = tf.memory().numTensors - this.#training.passingTensors;
    return { state, seconds: this.#seconds, tensors, ...(message === undefined ? {} : { message }) };
  }
}

function divergedText(firstBad: number, lastFinite: number | undefined): string {
  const before =
    lastFinite === undefined
      ? 'It never was finite.'
      : `The last finite loss was ${formatPower(lastFinite, 4)}, one step before.`;
  return `The loss was not finite at step ${firstBad + 1}. ${before}`;
}
