import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/data/dataset';
import type { Examples } from '../../core/data/examples';
import type { BatchSource } from '../kernels/kernels';
import { type Batch, Batcher } from '../kernels/tensorBatches';
import { TensorNumbers } from '../kernels/tensorNumbers';
import type { PlanNetwork } from '../plan/planNetwork';
import { norm } from '../tensors/norm';
import type { Optimizer } from '../tensors/optimizers';
import { readAll } from '../tensors/state';
import { stepNumbers } from './records';
import { type Evaluation, probeWidth, stepWidth, type Training, type TrainingState } from './training';

/** A network from a plan, of any kind of layers, with its optimiser. */
export class TensorTraining implements Training {
  readonly computedBy = 'operations of tfjs';
  readonly steps: TensorNumbers;
  readonly probes: TensorNumbers;

  constructor(
    private readonly network: PlanNetwork,
    private readonly optimizer: Optimizer,
  ) {
    this.steps = new TensorNumbers(stepWidth(network.layerCount));
    this.probes = new TensorNumbers(probeWidth(network.layerCount));
  }

  get layerCount(): number {
    return this.network.layerCount;
  }

  get evaluationBatch(): number {
    return this.network.evaluationBatch;
  }

  get trainedSizes(): readonly number[] {
    return this.network.values.map(({ size }) => size);
  }

  get keptSizes(): readonly number[] | undefined {
    return this.network.kept?.map(({ size }) => size);
  }

  get passingTensors(): number {
    return this.steps.tensors + this.probes.tensors;
  }

  batches(set: LabelledImages | Examples): BatchSource {
    return new Batcher(set);
  }

  step(batch: Batch, probing: boolean): void {
    const gradients = this.network.gradients(batch.x, batch.targets);
    const probe = probing ? this.network.probe(gradients) : undefined;
    const { loss, correct, kernels } = gradients;
    this.steps.add(tf.tidy(() => stepNumbers({ loss: [loss], accuracy: [correct], gradientNorms: kernels.map(norm) })));
    const ratios = this.network.update(this.optimizer, gradients, probing);
    if (probe) this.probes.add(tf.tidy(() => tf.concat([tf.reshape(probe, [-1]), tf.stack(ratios)]) as tf.Tensor1D));
    tf.dispose([probe ?? [], ratios, gradients as unknown as tf.TensorContainer]);
  }

  async evaluate(batch: Batch): Promise<Evaluation> {
    const result = this.network.evaluate(batch.x, batch.targets);
    const numbers = tf.tidy(() => tf.stack([result.lossSum, result.correct]));
    const [lossSum, correct] = await numbers.data();
    tf.dispose([result.lossSum, result.correct, numbers]);
    return { lossSum: lossSum!, correct: correct! };
  }

  async state(): Promise<TrainingState | undefined> {
    const { kept } = this.network;
    if (kept === undefined) return undefined;
    return { parameters: await readAll(kept), optimizer: await this.optimizer.state() };
  }

  restore({ parameters, optimizer }: TrainingState): void {
    this.network.restore(parameters);
    this.optimizer.restore(optimizer, this.network.values);
  }

  dispose(): void {
    this.steps.dispose();
    this.probes.dispose();
    this.optimizer.dispose();
    this.network.dispose();
  }
}
