import * as tf from '@tensorflow/tfjs-core';

/** The tensors' numbers, exact and their own; the tensors stay as they are. */
export async function readAll(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  // The cpu backend answers with the very array that it computes with.
  return Promise.all(tensors.map(async (tensor) => new Float32Array(await tensor.data())));
}

/** New tensors with these numbers, in the shapes of others; kept beyond a tidy. */
export const restored = (like: readonly tf.Tensor[], values: readonly Float32Array[]): tf.Tensor[] =>
  like.map(({ shape }, i) => tf.keep(tf.tensor(values[i]!, shape)));
