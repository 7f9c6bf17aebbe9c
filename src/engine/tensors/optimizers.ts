import * as tf from '@tensorflow/tfjs-core';
import { type OptimizerName, optimizerSlots } from '../../core/experiment/config';
import { framework } from '../../core/frameworks/all';
import type { EpsilonPlace, FrameworkOptimizers } from '../../core/frameworks/optimizers';
import type { NetworkCheckpoint } from '../../core/runs/checkpoint';
import { readAll, restored } from './state';

const MOMENTUM = 0.9;

/** Keras's, but for RMSprop's ε, which stands outside of the root in all runs that are kept. */
export const usualOptimizers: FrameworkOptimizers = {
  ...framework('keras').optimizers,
  rmsprop: { ...framework('keras').optimizers.rmsprop, place: 'outside' },
};

export type OptimizerState = NetworkCheckpoint['optimizer'];

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

/** @param learningRate > 0 */
export function createOptimizer(
  name: OptimizerName,
  learningRate: number,
  semantics: FrameworkOptimizers = usualOptimizers,
): Optimizer {
  const first = new Slots();
  const second = new Slots();
  const slots = optimizerSlots[name];
  let updates = 0;
  return {
    step(parameters, gradients) {
      updates++;
      const rule = updateRule(name, learningRate, semantics, updates);
      return parameters.map((parameter, i) =>
        tf.tidy(() => {
          const m = slots.first ? first.get(i, parameter) : undefined;
          const v = slots.second ? second.get(i, parameter) : undefined;
          const next = updated(rule, parameter, gradients[i]!, m, v);
          if (next.first) first.set(i, next.first);
          if (next.second) second.set(i, next.second);
          return next.value;
        }),
      );
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

/**
 * One update of a parameter w by its gradient g: w − rate g; with the velocity m = beta m − rate g, w + m; or with the
 * moving means m (g itself where beta1 is null) and v of g and g², w − rate m / (√v + ε) or rate m / √(v + ε).
 */
export type UpdateRule =
  | { readonly kind: 'plain'; readonly rate: number }
  | { readonly kind: 'momentum'; readonly rate: number; readonly beta: number }
  | {
      readonly kind: 'adaptive';
      readonly rate: number;
      readonly beta1: number | null;
      readonly beta2: number;
      readonly epsilon: number;
      readonly place: EpsilonPlace;
    };

/**
 * The rule of update `t` (from 1).
 *
 * @param learningRate > 0
 */
export function updateRule(
  name: OptimizerName,
  learningRate: number,
  { rmsprop, adam }: FrameworkOptimizers,
  t: number,
): UpdateRule {
  switch (name) {
    case 'sgd':
      return { kind: 'plain', rate: learningRate };
    case 'momentum':
      return { kind: 'momentum', rate: learningRate, beta: MOMENTUM };
    case 'rmsprop': {
      const { rho, epsilon, place } = rmsprop;
      return { kind: 'adaptive', rate: learningRate, beta1: null, beta2: rho, epsilon, place };
    }
    case 'adam': {
      const { beta1, beta2, epsilon, place, corrected } = adam;
      const correction = Math.sqrt(1 - beta2 ** t);
      // The root is that of the mean before its bias is corrected: ε is made smaller by as much.
      const power = place === 'inside' ? 2 : 1;
      return {
        kind: 'adaptive',
        rate: (learningRate * correction) / (1 - beta1 ** t),
        beta1,
        beta2,
        epsilon: corrected ? epsilon * correction ** power : epsilon,
        place,
      };
    }
  }
}

interface Updated {
  readonly value: tf.Tensor;
  readonly first: tf.Tensor | undefined;
  readonly second: tf.Tensor | undefined;
}

/** A parameter w and its state after an update by the gradient g; the caller disposes of the tensors. */
export function updated(
  rule: UpdateRule,
  w: tf.Tensor,
  g: tf.Tensor,
  first: tf.Tensor | undefined,
  second: tf.Tensor | undefined,
): Updated {
  // What is between is freed here: of all parameters of a large network it would be hundreds of megabytes.
  return tf.tidy((): tf.TensorContainer => {
    switch (rule.kind) {
      case 'plain':
        return { value: tf.sub(w, tf.mul(g, rule.rate)) };
      case 'momentum': {
        const velocity = tf.sub(tf.mul(first!, rule.beta), tf.mul(g, rule.rate));
        return { value: tf.add(w, velocity), first: velocity };
      }
      case 'adaptive': {
        const { rate, beta1, beta2, epsilon, place } = rule;
        const mean = beta1 === null ? g : tf.add(tf.mul(first!, beta1), tf.mul(g, 1 - beta1));
        const square = tf.add(tf.mul(second!, beta2), tf.mul(tf.square(g), 1 - beta2));
        const value = tf.sub(w, tf.div(tf.mul(mean, rate), rootWith(square, epsilon, place)));
        return { value, second: square, ...(beta1 === null ? {} : { first: mean }) };
      }
    }
  }) as unknown as Updated;
}

const rootWith = (meanSquare: tf.Tensor, epsilon: number, place: EpsilonPlace): tf.Tensor =>
  place === 'outside' ? tf.add(tf.sqrt(meanSquare), epsilon) : tf.sqrt(tf.add(meanSquare, epsilon));
