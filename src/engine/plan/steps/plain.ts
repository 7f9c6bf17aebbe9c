import * as tf from '@tensorflow/tfjs-core';
import { tensorActivation } from '../../tensors/activations';
import { asRows, sumRows } from './space';
import { batchOf, type StepContext, type StepOf, type StepPass } from './step';

/** Steps whose way back takes a line or two. Tensors are [batch, …shape]. */

const shaped = (x: tf.Tensor, shape: readonly number[]): tf.Tensor => tf.reshape(x, [batchOf(x), ...shape]);

/** Over the last axis. */
export function dense({ weights, shape }: StepOf<'dense'>, x: tf.Tensor, context: StepContext): StepPass {
  const kernel = context.parameter('kernel', weights.index) as tf.Tensor2D;
  const bias = weights.bias === null ? undefined : (context.parameter('bias', weights.index) as tf.Tensor1D);
  const rows = asRows(x);
  const z = tf.fused.matMul({ a: rows, b: kernel, ...(bias ? { bias } : {}) }) as tf.Tensor2D;
  return {
    output: tf.reshape(z, [batchOf(x), ...shape]),
    backward(arriving, sink, [wanted]) {
      const gradient = tf.reshape(arriving, z.shape);
      sink('kernel', weights.index, tf.matMul(tf.transpose(rows), gradient));
      if (bias) sink('bias', weights.index, sumRows(gradient as tf.Tensor2D));
      return [wanted ? tf.reshape(tf.matMul(gradient, tf.transpose(kernel)), x.shape) : undefined];
    },
  };
}

/** @param x int32 */
export function embedding(
  { weights, entries, shape }: StepOf<'embedding'>,
  x: tf.Tensor,
  context: StepContext,
): StepPass {
  const kernel = context.parameter('kernel', weights.index) as tf.Tensor2D;
  const numbers = tf.reshape(x, [x.size]) as tf.Tensor1D;
  const units = kernel.shape[1];
  return {
    output: tf.reshape(tf.gather(kernel, numbers), [batchOf(x), ...shape]),
    backward(arriving, sink) {
      // Rows that several numbers name add up.
      const gradient = tf.scatterND(tf.reshape(numbers, [x.size, 1]), tf.reshape(arriving, [x.size, units]), [
        entries,
        units,
      ]);
      sink('kernel', weights.index, gradient);
      return [undefined];
    },
  };
}

export const reshape = ({ shape }: StepOf<'reshape'>, x: tf.Tensor): StepPass => ({
  output: shaped(x, shape),
  backward: (gradient) => [tf.reshape(gradient, x.shape)],
});

export function permute({ axes }: StepOf<'permute'>, x: tf.Tensor): StepPass {
  const order = [0, ...axes.map((axis) => axis + 1)];
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return { output: tf.transpose(x, order), backward: (gradient) => [tf.transpose(gradient, inverse)] };
}

export function padding({ before, shape }: StepOf<'padding'>, x: tf.Tensor): StepPass {
  const pads = shape.map((size, axis): [number, number] => [before[axis]!, size - before[axis]! - x.shape[axis + 1]!]);
  return {
    output: tf.pad(x, [[0, 0], ...pads]),
    backward: (gradient) => [tf.slice(gradient, [0, ...before], x.shape)],
  };
}

/** Axis by axis: [outer, n, inner] to [outer, n · times, inner], neighbours alike. */
export function repeat({ times, shape }: StepOf<'repeat'>, x: tf.Tensor): StepPass {
  const batch = batchOf(x);
  const rank = shape.length;
  const start = [...new Array<number>(rank - (x.shape.length - 1)).fill(1), ...x.shape.slice(1)];
  const outer = (axis: number, sizes: readonly number[]): number =>
    batch * sizes.slice(0, axis).reduce((a, b) => a * b, 1);
  const inner = (axis: number, sizes: readonly number[]): number => sizes.slice(axis + 1).reduce((a, b) => a * b, 1);
  let output = tf.reshape(x, [batch, ...start]);
  const sizes = [...start];
  for (let axis = 0; axis < rank; axis++) {
    const by = times[axis]!;
    if (by === 1) continue;
    const rows = outer(axis, sizes) * sizes[axis]!;
    const flat = tf.reshape(output, [rows, inner(axis, sizes)]);
    sizes[axis]! *= by;
    output = tf.reshape(tf.tile(flat, [1, by]), [batch, ...sizes]);
  }
  return {
    output,
    backward(gradient) {
      let found = gradient;
      const left = [...shape];
      for (let axis = 0; axis < rank; axis++) {
        const by = times[axis]!;
        if (by === 1) continue;
        left[axis]! /= by;
        const rows = outer(axis, left) * left[axis]!;
        const length = inner(axis, left);
        const flat = tf.reshape(found, [rows, by * length]);
        const parts = Array.from({ length: by }, (_, k) => tf.slice(flat, [0, k * length], [rows, length]));
        found = tf.reshape(
          parts.reduce((a, b) => tf.add(a, b)),
          [batch, ...left],
        );
      }
      return [tf.reshape(found, x.shape)];
    },
  };
}

/** φ and φ′ work element by element, whatever the shape. */
export function activation({ phi }: StepOf<'activation'>, x: tf.Tensor): StepPass {
  const { forward, derivative } = tensorActivation(phi);
  const z = asRows(x);
  const a = forward(z);
  let slope: tf.Tensor2D | undefined;
  const slopes = (): tf.Tensor2D => {
    slope ??= derivative(z, a);
    return slope;
  };
  return {
    output: tf.reshape(a, x.shape),
    activated: { z, derivative: slopes },
    backward: (gradient) => [tf.mul(gradient, tf.reshape(slopes(), x.shape))],
  };
}

/** Over the last axis. */
export function softmax({ log }: StepOf<'softmax'>, x: tf.Tensor): StepPass {
  const rows = asRows(x);
  const shifted: tf.Tensor2D = tf.sub(rows, tf.max(rows, 1, true));
  const exponentials = tf.exp(shifted);
  const sums: tf.Tensor2D = tf.sum(exponentials, 1, true);
  const shares: tf.Tensor2D = tf.div(exponentials, sums);
  return {
    output: tf.reshape(log ? tf.sub(shifted, tf.log(sums)) : shares, x.shape),
    backward(arriving) {
      const gradient = asRows(arriving);
      const back = log
        ? tf.sub(gradient, tf.mul(shares, tf.sum(gradient, 1, true)))
        : tf.mul(shares, tf.sub(gradient, tf.sum(tf.mul(gradient, shares), 1, true)));
      return [tf.reshape(back, x.shape)];
    },
  };
}

/** With as many axes as `rank`, the batch counted: a shape of fewer axes is repeated along leading ones. */
const lifted = (x: tf.Tensor, rank: number): tf.Tensor => {
  const missing = rank - x.shape.length;
  return missing === 0 ? x : tf.reshape(x, [batchOf(x), ...new Array<number>(missing).fill(1), ...x.shape.slice(1)]);
};

/** Sums over the axes along which a factor or summand was repeated. */
function reduced(gradient: tf.Tensor, to: tf.Tensor): tf.Tensor {
  const own = lifted(to, gradient.shape.length);
  const axes = own.shape.flatMap((size, axis) => (size === 1 && gradient.shape[axis] !== 1 ? [axis] : []));
  return tf.reshape(axes.length === 0 ? gradient : tf.sum(gradient, axes, true), to.shape);
}

export function add({ shape }: StepOf<'add'>, inputs: readonly tf.Tensor[]): StepPass {
  const rank = shape.length + 1;
  const output = inputs.map((x) => lifted(x, rank)).reduce((a, b) => tf.add(a, b));
  return {
    output: tf.reshape(output, [batchOf(inputs[0]!), ...shape]),
    backward: (gradient, _sink, wanted) => inputs.map((x, i) => (wanted[i] ? reduced(gradient, x) : undefined)),
  };
}

export function multiply({ shape }: StepOf<'multiply'>, inputs: readonly tf.Tensor[]): StepPass {
  const rank = shape.length + 1;
  const factors = inputs.map((x) => lifted(x, rank));
  return {
    output: tf.reshape(
      factors.reduce((a, b) => tf.mul(a, b)),
      [batchOf(inputs[0]!), ...shape],
    ),
    backward: (gradient, _sink, wanted) =>
      inputs.map((x, i) => {
        if (!wanted[i]) return undefined;
        const others = factors.filter((_, k) => k !== i).reduce((a, b) => tf.mul(a, b), gradient);
        return reduced(others, x);
      }),
  };
}

export function concatenate({ axis }: StepOf<'concatenate'>, inputs: readonly tf.Tensor[]): StepPass {
  return {
    output: tf.concat([...inputs], axis + 1),
    backward(gradient, _sink, wanted) {
      let from = 0;
      return inputs.map((x, i) => {
        const start = x.shape.map((_, k) => (k === axis + 1 ? from : 0));
        from += x.shape[axis + 1]!;
        return wanted[i] ? tf.slice(gradient, start, x.shape) : undefined;
      });
    },
  };
}
