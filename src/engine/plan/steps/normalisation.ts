import * as tf from '@tensorflow/tfjs-core';
import { asRows, sumRows } from './space';
import { batchOf, type StepContext, type StepOf, type StepPass } from './step';

/** x̂ of [rows, columns], and the way back through it. */
interface Normalised {
  readonly values: tf.Tensor2D;
  back(gradient: tf.Tensor2D): tf.Tensor2D;
}

/** Mean of each column, [1, columns]. */
const columnMeans = (x: tf.Tensor2D): tf.Tensor2D => tf.reshape(tf.div(sumRows(x), x.shape[0]), [1, x.shape[1]]);

const inverse = (variance: tf.Tensor2D, epsilon: number): tf.Tensor2D =>
  tf.rsqrt(tf.add<tf.Tensor2D>(variance, epsilon));

/** Every row to mean 0 and variance 1; without centring, to mean square 1. */
function rows(x: tf.Tensor2D, epsilon: number, centred: boolean): Normalised {
  const mean = (y: tf.Tensor2D): tf.Tensor2D => tf.mean(y, 1, true) as tf.Tensor2D;
  const shifted = centred ? tf.sub<tf.Tensor2D>(x, mean(x)) : x;
  const factor = inverse(mean(tf.square(shifted)), epsilon);
  const values = tf.mul<tf.Tensor2D>(shifted, factor);
  return {
    values,
    // ∂C/∂u = (∂C/∂x̂ − mean(∂C/∂x̂) − x̂·mean(x̂·∂C/∂x̂))/σ
    back(gradient) {
      const along = tf.mul<tf.Tensor2D>(values, mean(tf.mul(values, gradient)));
      const rest = tf.sub<tf.Tensor2D>(gradient, along);
      return tf.mul(centred ? tf.sub(rest, mean(gradient)) : rest, factor);
    },
  };
}

/** Every column to mean 0 and variance 1 over the batch and all places; in evaluation by the moving averages. */
function columns(x: tf.Tensor2D, step: StepOf<'normalisation'>, context: StepContext): Normalised {
  if (!context.training) {
    const averages = context.averages(step.parameters);
    const factor = inverse(tf.reshape(averages.variance, [1, x.shape[1]]), step.epsilon);
    const values = tf.mul<tf.Tensor2D>(tf.sub(x, tf.reshape(averages.mean, [1, x.shape[1]])), factor);
    return { values, back: (gradient) => tf.mul(gradient, factor) };
  }
  const mean = columnMeans(x);
  const shifted = tf.sub<tf.Tensor2D>(x, mean);
  const variance = columnMeans(tf.square(shifted));
  context.observe(step, tf.reshape(mean, [x.shape[1]]), tf.reshape(variance, [x.shape[1]]));
  const factor = inverse(variance, step.epsilon);
  const values = tf.mul<tf.Tensor2D>(shifted, factor);
  return {
    values,
    back(gradient) {
      const along = tf.mul<tf.Tensor2D>(values, columnMeans(tf.mul(values, gradient)));
      return tf.mul(tf.sub(tf.sub(gradient, along), columnMeans(gradient)), factor);
    },
  };
}

/** Each group of channels over all places of one example. */
function grouped(x: tf.Tensor, groups: number, epsilon: number): Normalised {
  const batch = batchOf(x);
  const channels = x.shape.at(-1)!;
  const places = x.size / (batch * channels);
  const apart = [batch, places, groups, channels / groups];
  const together = [batch, groups, places, channels / groups];
  const gather = (y: tf.Tensor): tf.Tensor2D =>
    tf.reshape(tf.transpose(tf.reshape(y, apart), [0, 2, 1, 3]), [batch * groups, (places * channels) / groups]);
  const scatter = (y: tf.Tensor2D): tf.Tensor2D =>
    tf.reshape(tf.transpose(tf.reshape(y, together), [0, 2, 1, 3]), [batch * places, channels]);
  const inside = rows(gather(x), epsilon, true);
  return { values: scatter(inside.values), back: (gradient) => scatter(inside.back(gather(gradient))) };
}

/** Normalisation, then scale and shift of each channel where they are trained. */
export function normalisation(step: StepOf<'normalisation'>, x: tf.Tensor, context: StepContext): StepPass {
  const { over, groups, epsilon, parameters, trained } = step;
  const flat = asRows(x);
  const found =
    over === 'batch'
      ? columns(flat, step, context)
      : over === 'group'
        ? grouped(x, groups, epsilon)
        : rows(flat, epsilon, over === 'layer');
  const scale = trained ? (context.parameter('scale', parameters) as tf.Tensor1D) : undefined;
  const shift = trained && over !== 'rms' ? (context.parameter('shift', parameters) as tf.Tensor1D) : undefined;
  const scaled: tf.Tensor2D = scale ? tf.mul(found.values, scale) : found.values;
  const output: tf.Tensor2D = shift ? tf.add(scaled, shift) : scaled;
  return {
    output: tf.reshape(output, x.shape),
    backward(arriving, sink, [wanted]) {
      const gradient = asRows(arriving);
      if (scale) sink('scale', parameters, sumRows(tf.mul(gradient, found.values)));
      if (shift) sink('shift', parameters, sumRows(gradient));
      if (!wanted) return [undefined];
      return [tf.reshape(found.back(scale ? tf.mul(gradient, scale) : gradient), x.shape)];
    },
  };
}
