import * as tf from '@tensorflow/tfjs';
import type { OptimizerName } from '../core/experiment/config';

/** Keras's defaults. */
const EPSILON = 1e-7;
const MOMENTUM = 0.9;
const RHO = 0.9;
const BETA_1 = 0.9;
const BETA_2 = 0.999;

/**
 * A first-order update with its state, as Keras defines it. `step` takes the parameters and their gradients in a fixed
 * order and returns the new parameters; it disposes of nothing that it was given, and keeps its own state.
 */
export interface Optimizer {
  step(parameters: readonly tf.Tensor[], gradients: readonly tf.Tensor[]): tf.Tensor[];
  dispose(): void;
}

/** Per-parameter state tensors, replaced at every step; absent before the first, which stands for zeros. */
class Slots {
  #tensors: tf.Tensor[] = [];

  get(i: number, like: tf.Tensor): tf.Tensor {
    return this.#tensors[i] ?? tf.zerosLike(like);
  }

  set(i: number, tensor: tf.Tensor): tf.Tensor {
    this.#tensors[i]?.dispose();
    this.#tensors[i] = tf.keep(tensor);
    return tensor;
  }

  dispose(): void {
    tf.dispose(this.#tensors);
    this.#tensors = [];
  }
}

const eachParameter =
  (update: (parameter: tf.Tensor, gradient: tf.Tensor, i: number) => tf.Tensor): Optimizer['step'] =>
  (parameters, gradients) =>
    parameters.map((parameter, i) => update(parameter, gradients[i]!, i));

/**
 * Where Adam adds ε: to √v before its bias is corrected, as Keras and tfjs do (Kingma & Ba 2015, the form after
 * Algorithm 1), or after, as Algorithm 1 itself and PyTorch do. It matters where gradients are about as small as ε.
 */
export type AdamEpsilon = 'keras' | 'pytorch';

/** @param learningRate > 0 */
export function createOptimizer(
  name: OptimizerName,
  learningRate: number,
  adamEpsilon: AdamEpsilon = 'keras',
): Optimizer {
  const first = new Slots();
  const second = new Slots();
  const dispose = () => {
    first.dispose();
    second.dispose();
  };
  switch (name) {
    case 'sgd':
      return { step: eachParameter((w, g) => tf.sub(w, tf.mul(g, learningRate))), dispose };
    case 'momentum':
      return {
        step: eachParameter((w, g, i) => {
          const velocity = first.set(i, tf.sub(tf.mul(first.get(i, w), MOMENTUM), tf.mul(g, learningRate)));
          return tf.add(w, velocity);
        }),
        dispose,
      };
    case 'rmsprop':
      return {
        step: eachParameter((w, g, i) => {
          const meanSquare = second.set(i, tf.add(tf.mul(second.get(i, w), RHO), tf.mul(tf.square(g), 1 - RHO)));
          return tf.sub(w, tf.div(tf.mul(g, learningRate), tf.add(tf.sqrt(meanSquare), EPSILON)));
        }),
        dispose,
      };
    case 'adam': {
      let t = 0;
      return {
        step(parameters, gradients) {
          t++;
          const correction = Math.sqrt(1 - BETA_2 ** t);
          const rate = (learningRate * correction) / (1 - BETA_1 ** t);
          const epsilon = adamEpsilon === 'keras' ? EPSILON : EPSILON * correction;
          return eachParameter((w, g, i) => {
            const m = first.set(i, tf.add(tf.mul(first.get(i, w), BETA_1), tf.mul(g, 1 - BETA_1)));
            const v = second.set(i, tf.add(tf.mul(second.get(i, w), BETA_2), tf.mul(tf.square(g), 1 - BETA_2)));
            return tf.sub(w, tf.div(tf.mul(m, rate), tf.add(tf.sqrt(v), epsilon)));
          })(parameters, gradients);
        },
        dispose,
      };
    }
  }
}
