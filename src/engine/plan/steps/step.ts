import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../../core/math/random';
import type { ParameterRole } from '../../../core/model/plan/parameters';
import type { PlanStep } from '../../../core/model/plan/plan';

/** A step of a plan of one kind. */
export type StepOf<Kind extends PlanStep['kind']> = Extract<PlanStep, { kind: Kind }>;

/** What a step has besides its inputs. */
export interface StepContext {
  /** Dropout drops and batch normalisation looks at the batch in training alone. */
  readonly training: boolean;
  parameter(role: ParameterRole, index: number): tf.Tensor;
  /** A stream of random numbers of its own for each step, which goes on from batch to batch. */
  random(step: number): Random;
  /** Moving averages of a batch normalisation, [channels] each. */
  averages(index: number): { readonly mean: tf.Tensor; readonly variance: tf.Tensor };
  /** Takes a batch into them. */
  observe(step: StepOf<'normalisation'>, mean: tf.Tensor, variance: tf.Tensor): void;
}

/** Takes the gradients of parameters; what comes several times adds up. */
export type GradientSink = (role: ParameterRole, index: number, gradient: tf.Tensor) => void;

/** What the way back needs of the way there. Tensors live in the caller's tidy. */
export interface StepPass {
  readonly output: tf.Tensor;
  /**
   * ∂C/∂output to ∂C/∂inputs, for those that are wanted; the parameters' gradients go to the sink.
   *
   * Explicit, and no autodiff: wasm lacks some gradient kernels, and computes others with a plain loop.
   */
  backward(gradient: tf.Tensor, sink: GradientSink, wanted: readonly boolean[]): (tf.Tensor | undefined)[];
  /** Pre-activations and φ′ there, [any, units], of a step that has an activation. */
  readonly activated?: { readonly z: tf.Tensor2D; readonly derivative: () => tf.Tensor2D };
}

export const batchOf = (x: tf.Tensor): number => x.shape[0]!;
