import * as tf from '@tensorflow/tfjs';
import type { OptimizerName } from '../core/experiment/config';
import { framework } from '../core/frameworks/all';
import type { EpsilonPlace, FrameworkOptimizers } from '../core/frameworks/optimizers';
import type { NetworkCheckpoint } from '../core/runs/checkpoint';
import { readAll, restored } from './state';

const MOMENTUM = 0.9;

/** Keras's, but for RMSprop's ε, which stands outside of the root in all runs that are kept. */
const usual: FrameworkOptimizers = {
  ...framework('keras').optimizers,
  rmsprop: { ...framework('keras').optimizers.rmsprop, place: 'outside' },
};

export type OptimizerState = NetworkCheckpoint['optimizer'];

/** Which tensors an optimiser keeps for each parameter: moving means of gradients first, of their squares second. */
export const optimizerSlots: Readonly<Record<OptimizerName, { readonly first: boolean; readonly second: boolean }>> = {
  sgd: { first: false, second: false },
  momentum: { first: true, second: false },
  rmsprop: { first: false, second: true },
  adam: { first: true, second: true },
};

/**
 * A first-order update with its state, as a framework defines it. `step` takes the parameters and their gradients in a fixed
 * order and returns the new parameters; it disposes of nothing that it was given, and keeps its own state.
 */
export interface Optimizer {
  step(parameters: readonly tf.Tensor[], gradients: readonly tf.Tensor[]): tf.Tensor[];
  /** A copy of the state; no step may come while it is read. */
  state(): Promise<OptimizerState>;
  /** Goes on from a state, for parameters of these shapes. */
  restore(state: OptimizerState, parameters: readonly tf.Tensor[]): void;
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

  read(): Promise<Float32Array[]> {
    return readAll(this.#tensors);
  }

  restore(values: readonly Float32Array[], like: readonly tf.Tensor[]): void {
    this.dispose();
    if (values.length > 0) this.#tensors = restored(like, values);
  }

  dispose(): void {
    tf.dispose(this.#tensors);
    this.#tensors = [];
  }
}

/** The new value of parameter `i`, in update `t` (from 1). */
type Update = (parameter: tf.Tensor, gradient: tf.Tensor, i: number, t: number) => tf.Tensor;

/** @param learningRate > 0 */
export function createOptimizer(
  name: OptimizerName,
  learningRate: number,
  semantics: FrameworkOptimizers = usual,
): Optimizer {
  const first = new Slots();
  const second = new Slots();
  const update = updateOf(name, learningRate, semantics, first, second);
  let updates = 0;
  return {
    step(parameters, gradients) {
      updates++;
      // What is between is freed after each parameter: of all of a large network it would be hundreds of megabytes.
      return parameters.map((parameter, i) => tf.tidy(() => update(parameter, gradients[i]!, i, updates)));
    },
    async state() {
      const done = updates;
      return { updates: done, first: await first.read(), second: await second.read() };
    },
    restore(state, parameters) {
      updates = state.updates;
      first.restore(state.first, parameters);
      second.restore(state.second, parameters);
    },
    dispose() {
      first.dispose();
      second.dispose();
    },
  };
}

function updateOf(
  name: OptimizerName,
  learningRate: number,
  { rmsprop, adam }: FrameworkOptimizers,
  first: Slots,
  second: Slots,
): Update {
  switch (name) {
    case 'sgd':
      return (w, g) => tf.sub(w, tf.mul(g, learningRate));
    case 'momentum':
      return (w, g, i) => {
        const velocity = first.set(i, tf.sub(tf.mul(first.get(i, w), MOMENTUM), tf.mul(g, learningRate)));
        return tf.add(w, velocity);
      };
    case 'rmsprop': {
      const { rho, epsilon, place } = rmsprop;
      return (w, g, i) => {
        const meanSquare = second.set(i, tf.add(tf.mul(second.get(i, w), rho), tf.mul(tf.square(g), 1 - rho)));
        return tf.sub(w, tf.div(tf.mul(g, learningRate), rootWith(meanSquare, epsilon, place)));
      };
    }
    case 'adam': {
      const { beta1, beta2, epsilon, place, corrected } = adam;
      return (w, g, i, t) => {
        const correction = Math.sqrt(1 - beta2 ** t);
        const rate = (learningRate * correction) / (1 - beta1 ** t);
        const m = first.set(i, tf.add(tf.mul(first.get(i, w), beta1), tf.mul(g, 1 - beta1)));
        const v = second.set(i, tf.add(tf.mul(second.get(i, w), beta2), tf.mul(tf.square(g), 1 - beta2)));
        // The root is that of the mean before its bias is corrected: ε is made smaller by as much.
        const power = place === 'inside' ? 2 : 1;
        const small = corrected ? epsilon * correction ** power : epsilon;
        return tf.sub(w, tf.div(tf.mul(m, rate), rootWith(v, small, place)));
      };
    }
  }
}

const rootWith = (meanSquare: tf.Tensor, epsilon: number, place: EpsilonPlace): tf.Tensor =>
  place === 'outside' ? tf.add(tf.sqrt(meanSquare), epsilon) : tf.sqrt(tf.add(meanSquare, epsilon));
