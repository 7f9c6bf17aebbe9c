import * as tf from '@tensorflow/tfjs-core';

/** Cutting, filling and thinning of [batch, height, width, channels], from what every backend computes fast. */

export type Pair = readonly [height: number, width: number];

/**
 * Moves a picture by `before` and gives it a size: output [i] is input [i − before], `value` where there is none.
 * `before` may be negative, which cuts.
 */
export function placed(x: tf.Tensor4D, before: Pair, size: Pair, value = 0): tf.Tensor4D {
  const start = [0, 0, 0, 0];
  const extent: number[] = [...x.shape];
  const pads: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ];
  for (const axis of [0, 1] as const) {
    const first = Math.max(0, -before[axis]);
    const last = Math.min(x.shape[axis + 1]!, size[axis] - before[axis]);
    start[axis + 1] = first;
    extent[axis + 1] = Math.max(0, last - first);
    const ahead = Math.max(0, before[axis]);
    pads[axis + 1] = [ahead, size[axis] - ahead - extent[axis + 1]!];
  }
  const cut = extent.every((length, axis) => length === x.shape[axis])
    ? x
    : tf.slice(x, start as [number, number, number, number], extent as [number, number, number, number]);
  return pads.some(([a, b]) => a > 0 || b > 0) ? (tf.pad(cut, pads, value) as tf.Tensor4D) : cut;
}

/** `by` − 1 zeros between neighbours and behind the last: [batch, height · by, width · by, channels]. */
export function spread(x: tf.Tensor4D, by: Pair): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [down, across] = by;
  let rows: tf.Tensor = x;
  if (across > 1) {
    const flat = tf.reshape(x, [batch * height * width, channels]);
    rows = tf.concat([flat, tf.zeros([batch * height * width, (across - 1) * channels])], 1);
  }
  if (down > 1) {
    const flat = tf.reshape(rows, [batch * height, width * across * channels]);
    rows = tf.concat([flat, tf.zeros([batch * height, (down - 1) * width * across * channels])], 1);
  }
  return tf.reshape(rows, [batch, height * down, width * across, channels]);
}

/** The inverse of {@link spread}: every `by`-th row and column, from the first. */
export function thin(x: tf.Tensor4D, by: Pair): tf.Tensor4D {
  const [down, across] = by;
  if (down === 1 && across === 1) return x;
  const size: Pair = [Math.ceil(x.shape[1] / down), Math.ceil(x.shape[2] / across)];
  const whole = placed(x, [0, 0], [size[0] * down, size[1] * across]);
  const [batch, height, width, channels] = whole.shape;
  let rows: tf.Tensor = whole;
  if (down > 1) {
    const length = width * channels;
    rows = tf.slice(tf.reshape(whole, [batch * size[0], down * length]), [0, 0], [batch * size[0], length]);
  }
  if (across > 1) {
    const count = (batch * height * width) / (down * across);
    rows = tf.slice(tf.reshape(rows, [count, across * channels]), [0, 0], [count, channels]);
  }
  return tf.reshape(rows, [batch, ...size, channels]);
}

/** Sums each column of [rows, columns]: a product with ones, since sums over leading axes are slow. */
export function sumRows(x: tf.Tensor2D): tf.Tensor1D {
  return tf.reshape(tf.matMul(tf.ones([1, x.shape[0]]), x), [x.shape[1]]);
}

/** [any, channels] */
export const asRows = (x: tf.Tensor): tf.Tensor2D => {
  const channels = x.shape.at(-1)!;
  return tf.reshape(x, [x.size / Math.max(1, channels), channels]);
};
