import * as tf from '@tensorflow/tfjs-core';

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
