import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../../core/math/random';
import { batchOf, type StepContext, type StepOf, type StepPass } from './step';

/** −λα of SELU: what alpha dropout sets a component to (Klambauer et al. 2017). */
const FLOOR = -1.7580993408473766;

function mask(shape: number[], keep: number, random: Random): tf.Tensor {
  const values = new Float32Array(shape.reduce((all, size) => all * size, 1));
  const limit = Math.round(keep * 4294967296);
  for (let i = 0; i < values.length; i++) values[i] = random.uint32() < limit ? 1 : 0;
  return tf.tensor(values, shape);
}

function noise(shape: number[], deviation: number, random: Random): tf.Tensor {
  const values = new Float32Array(shape.reduce((all, size) => all * size, 1));
  random.normals(values, 1, deviation);
  return tf.tensor(values, shape);
}

/** Nothing in evaluation. `spatial` drops whole channels; `gaussian` multiplies by N(1, rate/(1 − rate)). */
export function dropout(step: StepOf<'dropout'>, x: tf.Tensor, context: StepContext): StepPass {
  const { rate, variant, id } = step;
  if (!context.training || rate === 0) return { output: x, backward: (gradient) => [gradient] };
  const random = context.random(id);
  const keep = 1 - rate;
  const factor = (): tf.Tensor => {
    switch (variant) {
      case 'plain':
        return tf.div(mask(x.shape, keep, random), keep);
      case 'spatial': {
        const ones = x.shape.slice(1, -1).map(() => 1);
        return tf.div(mask([batchOf(x), ...ones, x.shape.at(-1)!], keep, random), keep);
      }
      case 'gaussian':
        return noise(x.shape, Math.sqrt(rate / keep), random);
      case 'alpha':
        return mask(x.shape, keep, random);
    }
  };
  const by = factor();
  if (variant !== 'alpha') return { output: tf.mul(x, by), backward: (gradient) => [tf.mul(gradient, by)] };
  // Mean 0 and variance 1 stay what they are.
  const a = 1 / Math.sqrt(keep * (1 + rate * FLOOR ** 2));
  const dropped = tf.mul(tf.sub(1, by), FLOOR);
  return {
    output: tf.sub(tf.mul(tf.add(tf.mul(x, by), dropped), a), a * rate * FLOOR),
    backward: (gradient) => [tf.mul(tf.mul(gradient, by), a)],
  };
}
