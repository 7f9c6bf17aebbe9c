import * as tf from '@tensorflow/tfjs-core';
import type { NetworkPlan } from '../../core/model/plan/plan';

/** A batch's loss and what goes back from it. */
export interface LossAndError {
  /** Mean over the batch, and of a regression over its units. */
  readonly loss: tf.Scalar;
  /** ∂C/∂output, [batch, units]. */
  readonly error: tf.Tensor2D;
  /**
   * How many of the batch are right; scalar. Of a regression, the batch's size times the share of the targets' variance
   * that is explained, 0 … 1.
   */
  readonly correct: tf.Scalar;
}

/**
 * Softmax cross-entropy on logits (classes), sigmoid cross-entropy on one logit (binary), mean squared error
 * (regression).
 *
 * @param output [batch, units]
 * @param targets int32 [batch] class numbers, or 0 and 1; float32 [batch, units] for a regression
 */
export function lossOf(
  meaning: NetworkPlan['output']['meaning'],
  output: tf.Tensor2D,
  targets: tf.Tensor,
): LossAndError {
  switch (meaning) {
    case 'classes':
      return classLoss(output, targets as tf.Tensor1D);
    case 'binary':
      return binaryLoss(output, targets as tf.Tensor1D);
    case 'regression':
      return numberLoss(output, tf.reshape(targets, output.shape));
  }
}

const oneHotOf = (labels: tf.Tensor1D, classes: number) =>
  tf.cast(tf.oneHot(labels, classes), 'float32') as tf.Tensor2D;

const countRight = (output: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar =>
  tf.sum(tf.cast(tf.equal(tf.argMax(output, 1), labels), 'float32'));

/** Mean softmax cross-entropy on logits of two or more classes. */
export function classLoss(output: tf.Tensor2D, labels: tf.Tensor1D): LossAndError {
  const [batch, classes] = output.shape;
  const oneHot = oneHotOf(labels, classes);
  const shifted = tf.sub(output, tf.max(output, 1, true));
  const exponentials = tf.exp(shifted);
  const sums = tf.sum(exponentials, 1, true);
  // Σ one-hot·shifted − log Σexp, not log(softmax): the latter is −∞ where a probability underflows.
  const logLikelihood = tf.sub(tf.sum(tf.mul(shifted, oneHot)), tf.sum(tf.log(sums)));
  return {
    loss: tf.div(tf.neg(logLikelihood), batch),
    error: tf.div(tf.sub(tf.div(exponentials, sums), oneHot), batch),
    correct: countRight(output, labels),
  };
}

/** The batch mean of Σ(a − one-hot)², of two or more classes. */
export function squaredError(output: tf.Tensor2D, labels: tf.Tensor1D): LossAndError {
  const [batch, classes] = output.shape;
  const difference = tf.sub<tf.Tensor2D>(output, oneHotOf(labels, classes));
  return {
    loss: tf.div(tf.sum(tf.square(difference)), batch),
    error: tf.mul(difference, 2 / batch),
    correct: countRight(output, labels),
  };
}

function binaryLoss(output: tf.Tensor2D, labels: tf.Tensor1D): LossAndError {
  const batch = output.shape[0];
  const truth = tf.reshape(tf.cast(labels, 'float32'), output.shape) as tf.Tensor2D;
  // softplus(z) − y·z: neither end underflows.
  const each = tf.sub(tf.softplus(output), tf.mul(truth, output));
  const said = tf.cast(tf.greater(output, 0), 'float32');
  return {
    loss: tf.div(tf.sum(each), batch),
    error: tf.div(tf.sub(tf.sigmoid(output), truth), batch),
    correct: tf.sum(tf.cast(tf.equal(said, truth), 'float32')),
  };
}

function numberLoss(output: tf.Tensor2D, targets: tf.Tensor2D): LossAndError {
  const [batch, units] = output.shape;
  const difference = tf.sub<tf.Tensor2D>(output, targets);
  const squares = tf.sum(tf.square(difference));
  const spread = tf.sum(tf.square(tf.sub(targets, tf.mean(targets, 0, true))));
  const explained = tf.sub(1, tf.div(squares, tf.maximum(spread, 1e-12)));
  return {
    loss: tf.div(squares, batch * units),
    error: tf.mul(difference, 2 / (batch * units)),
    correct: tf.mul(tf.clipByValue(explained, 0, 1), batch),
  };
}
