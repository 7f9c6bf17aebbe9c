import * as tf from '@tensorflow/tfjs';
import { activation as catalogueEntry, saturationThreshold } from '../core/activations/catalogue';
import { type TensorActivation, tensorActivation } from './activations';
import type { Optimizer } from './optimizers';
import { restored } from './state';
import type { BatchGradients, TrainableNetwork } from './trainableNetwork';
import { probeUnits } from './unitProbe';

/** Weights of one dense layer as they start: kernel [fan-in, fan-out] row-major, bias [fan-out]. */
export interface DenseWeights {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Mean softmax cross-entropy on logits (no output activation), or the batch mean of Σ(a − one-hot)² (output activated). */
export type Loss = 'softmax_cross_entropy' | 'sum_squared_error';

/** Gradients of one batch; the caller disposes of the tensors. */
export interface Gradients extends BatchGradients {
  /** Scalar. */
  readonly loss: tf.Scalar;
  /** How many of the batch are classified rightly; scalar. */
  readonly correct: tf.Scalar;
  /** ∂C/∂W per layer, [fan-in, fan-out]. */
  readonly kernels: tf.Tensor2D[];
  /** ∂C/∂b per layer, [fan-out]. */
  readonly biases: tf.Tensor1D[];
  /** Pre-activations of the hidden layers, [batch, fan-out]. */
  readonly preActivations: tf.Tensor2D[];
  /** φ′ at those. */
  readonly derivatives: tf.Tensor2D[];
}

/**
 * A stack of dense layers with one activation, and its explicit backward pass. No autodiff: tfjs differentiates matMul
 * into transposed products, which its wasm backend computes with a plain loop.
 */
export class DenseNetwork implements TrainableNetwork<Gradients> {
  readonly evaluationBatch = 1000;
  readonly #activation: TensorActivation;
  /** Mean |φ′| below this is saturated. */
  readonly #saturated: number;
  #kernels: tf.Tensor2D[];
  #biases: tf.Tensor1D[];

  constructor(
    weights: readonly DenseWeights[],
    activationName: string,
    readonly loss: Loss = 'softmax_cross_entropy',
  ) {
    const entry = catalogueEntry(activationName);
    this.#activation = tensorActivation(activationName);
    this.#saturated = saturationThreshold(entry);
    this.#kernels = weights.map(({ kernel, fanIn, fanOut }) => tf.keep(tf.tensor2d(kernel, [fanIn, fanOut])));
    this.#biases = weights.map(({ bias }) => tf.keep(tf.tensor1d(bias)));
  }

  get layerCount(): number {
    return this.#kernels.length;
  }

  get kernels(): readonly tf.Tensor2D[] {
    return this.#kernels;
  }

  get biases(): readonly tf.Tensor1D[] {
    return this.#biases;
  }

  get trained(): readonly tf.Tensor[] {
    return [...this.#kernels, ...this.#biases];
  }

  get kept(): readonly tf.Tensor[] {
    return this.trained;
  }

  restore(kept: readonly Float32Array[]): void {
    const next = restored(this.trained, kept);
    this.dispose();
    this.#kernels = next.slice(0, this.layerCount) as tf.Tensor2D[];
    this.#biases = next.slice(this.#kernels.length) as tf.Tensor1D[];
  }

  dispose(): void {
    tf.dispose([...this.#kernels, ...this.#biases]);
  }

  /** Last layer's output before any loss: logits, or activations under squared error. [batch, classes] */
  predict(x: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      let a = x;
      for (let l = 0; l < this.layerCount; l++) {
        const z = this.#affine(a, l);
        a = l < this.layerCount - 1 || this.loss === 'sum_squared_error' ? this.#activation.forward(z) : z;
      }
      return a;
    });
  }

  /** Summed (not mean) loss and number of right answers over a batch: two scalars, which the caller disposes of. */
  evaluate(x: tf.Tensor2D, labels: tf.Tensor1D): { lossSum: tf.Scalar; correct: tf.Scalar } {
    return tf.tidy(() => {
      const output = this.predict(x);
      const oneHot = this.#oneHot(labels, output.shape[1]);
      const { loss } = this.#lossAndError(output, oneHot);
      return { lossSum: tf.mul(loss, x.shape[0]), correct: countCorrect(output, labels) };
    });
  }

  /**
   * Forward and backward pass. With C the loss, δ^l = ∂C/∂z^l:
   * δ^L from the loss; δ^l = (δ^{l+1} W^{l+1}ᵀ) ⊙ φ′(z^l); ∂C/∂W^l = a^{l−1}ᵀ δ^l; ∂C/∂b^l = Σ_batch δ^l.
   *
   * @param x [batch, inputs]
   * @param labels [batch], int32 class numbers
   */
  gradients(x: tf.Tensor2D, labels: tf.Tensor1D): Gradients {
    return tf.tidy(() => {
      const last = this.layerCount - 1;
      const inputs: tf.Tensor2D[] = [];
      const preActivations: tf.Tensor2D[] = [];
      const activations: tf.Tensor2D[] = [];
      let a = x;
      for (let l = 0; l < last; l++) {
        inputs.push(a);
        const z = this.#affine(a, l);
        a = this.#activation.forward(z);
        preActivations.push(z);
        activations.push(a);
      }
      inputs.push(a);
      const z = this.#affine(a, last);
      const activated = this.loss === 'sum_squared_error';
      const output = activated ? this.#activation.forward(z) : z;
      const oneHot = this.#oneHot(labels, output.shape[1]);
      const { loss, error } = this.#lossAndError(output, oneHot);

      const kernels = new Array<tf.Tensor2D>(this.layerCount);
      const biases = new Array<tf.Tensor1D>(this.layerCount);
      const derivatives = new Array<tf.Tensor2D>(last);
      let delta = activated ? tf.mul<tf.Tensor2D>(error, this.#activation.derivative(z, output)) : error;
      for (let l = last; l >= 0; l--) {
        kernels[l] = tf.matMul(tf.transpose(inputs[l]!), delta);
        biases[l] = tf.sum(delta, 0);
        if (l === 0) break;
        derivatives[l - 1] = this.#activation.derivative(preActivations[l - 1]!, activations[l - 1]!);
        delta = tf.mul(tf.matMul(delta, tf.transpose(this.#kernels[l]!)), derivatives[l - 1]!);
      }
      return { loss, correct: countCorrect(output, labels), kernels, biases, preActivations, derivatives };
    });
  }

  /**
   * Replaces the parameters by the optimizer's. Answers ‖ΔW‖/‖W‖ per layer where `measure` asks for it.
   */
  update(optimizer: Optimizer, gradients: Gradients, measure: boolean): tf.Scalar[] {
    const n = this.layerCount;
    const old = this.trained;
    const { next, ratios } = tf.tidy(() => {
      const updated = optimizer.step(old, [...gradients.kernels, ...gradients.biases]);
      const measured = measure
        ? this.#kernels.map((w, l) => tf.div<tf.Scalar>(norm(tf.sub(updated[l]!, w)), norm(w)))
        : [];
      return { next: updated, ratios: measured };
    });
    for (const tensor of next) tf.keep(tensor);
    this.#kernels = next.slice(0, n) as tf.Tensor2D[];
    this.#biases = next.slice(n) as tf.Tensor1D[];
    tf.dispose([...old]);
    return ratios;
  }

  /** What the units of the hidden layers do on this batch, [columns, hidden layers]. */
  probe({ preActivations, derivatives }: Gradients): tf.Tensor2D {
    const saturated = this.#saturated;
    return probeUnits(preActivations.map((z, l) => ({ z, derivative: derivatives[l]!, saturated })));
  }

  #affine(a: tf.Tensor2D, l: number): tf.Tensor2D {
    return tf.fused.matMul({ a, b: this.#kernels[l]!, bias: this.#biases[l]! }) as tf.Tensor2D;
  }

  #oneHot(labels: tf.Tensor1D, classes: number): tf.Tensor2D {
    return tf.cast(tf.oneHot(labels, classes), 'float32') as tf.Tensor<tf.Rank.R2>;
  }

  /** The scalar loss and ∂C/∂output (∂C/∂logits for the softmax). */
  #lossAndError(output: tf.Tensor2D, oneHot: tf.Tensor2D): { loss: tf.Scalar; error: tf.Tensor2D } {
    const batch = output.shape[0];
    if (this.loss === 'sum_squared_error') {
      const difference = tf.sub<tf.Tensor2D>(output, oneHot);
      return { loss: tf.div(tf.sum(tf.square(difference)), batch), error: tf.mul(difference, 2 / batch) };
    }
    const shifted = tf.sub(output, tf.max(output, 1, true));
    const exponentials = tf.exp(shifted);
    const sums = tf.sum(exponentials, 1, true);
    // Σ one-hot·shifted − log Σexp, not log(softmax): the latter is −∞ where a probability underflows.
    const logLikelihood = tf.sub(tf.sum(tf.mul(shifted, oneHot)), tf.sum(tf.log(sums)));
    const error = tf.div<tf.Tensor2D>(tf.sub(tf.div(exponentials, sums), oneHot), batch);
    return { loss: tf.div(tf.neg(logLikelihood), batch) as tf.Scalar, error };
  }
}

/** Frobenius norm that neither underflows nor overflows before the norm itself does; exactly 0 for a zero tensor. */
export function norm(tensor: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const largest = tf.max(tf.abs(tensor));
    // The smallest normal float32: keeps 0/0 away, and changes nothing above it.
    const scaled = tf.reshape(tf.div(tensor, tf.maximum(largest, 1.2e-38)), [1, -1]);
    const squares = tf.matMul(scaled, tf.reshape(scaled, [-1, 1]));
    return tf.mul(largest, tf.sqrt(tf.reshape(squares, []))) as tf.Scalar;
  });
}

function countCorrect(output: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(output, 1), labels), 'float32'));
}
