import type * as tf from '@tensorflow/tfjs';
import type { Optimizer } from './optimizers';

/** Gradients of one batch; the caller disposes of the tensors. */
export interface BatchGradients {
  /** Mean over the batch; scalar. */
  readonly loss: tf.Scalar;
  /**
   * How many of the batch are right; scalar. Of a regression, the batch's size times the share of the targets' variance
   * that is explained, 0 … 1.
   */
  readonly correct: tf.Scalar;
  /** ∂C/∂W per measured layer, in the order of the layers; the output layer is the last. */
  readonly kernels: tf.Tensor[];
}

/**
 * A network that the trainer can train. `x` is [batch, …input shape], float32, or int32 where the input consists of
 * numbers of entries. `targets` is int32 [batch] for classes (their numbers) and for binary output (0 or 1), and float32
 * [batch, units] for a regression.
 */
export interface TrainableNetwork<G extends BatchGradients = BatchGradients> {
  /** Layers whose kernels' gradients are measured, the output layer included. */
  readonly layerCount: number;
  /** Examples that an evaluation takes at once. */
  readonly evaluationBatch: number;
  /** Their kernels. */
  readonly kernels: readonly tf.Tensor[];
  /** What the optimiser updates, in its order. */
  readonly trained: readonly tf.Tensor[];
  /**
   * What a checkpoint keeps: the trained tensors, then moving averages. Undefined where a network has more state than
   * tensors, such as the random numbers of a dropout, so that it cannot go on as if nothing had happened.
   */
  readonly kept: readonly tf.Tensor[] | undefined;
  /** Takes back what `kept` held, of the same lengths. */
  restore(kept: readonly Float32Array[]): void;
  /** The output before the loss: logits, or numbers. [batch, units], as in evaluation. */
  predict(x: tf.Tensor): tf.Tensor2D;
  /** Summed (not mean) loss, and `correct` as in {@link BatchGradients}: two scalars, which the caller disposes of. */
  evaluate(x: tf.Tensor, targets: tf.Tensor): { lossSum: tf.Scalar; correct: tf.Scalar };
  /** Forward and backward pass, as in training. */
  gradients(x: tf.Tensor, targets: tf.Tensor): G;
  /** Replaces the parameters by the optimiser's; ‖ΔW‖/‖W‖ per measured layer where `measure` asks for it. */
  update(optimizer: Optimizer, gradients: G, measure: boolean): tf.Scalar[];
  /**
   * What the units of every measured layer but the last do on this batch, [unitColumns, layers − 1] (see unitProbe.ts).
   * A layer without an activation counts as linear.
   */
  probe(gradients: G): tf.Tensor2D;
  dispose(): void;
}
