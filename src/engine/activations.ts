import * as tf from '@tensorflow/tfjs';
import type { ActivationName } from '../core/activations/catalogue';

/**
 * φ and φ′ on tensors, for the forward and the explicit backward pass. The pure catalogue is the authority: a test
 * holds both together. φ′ gets the value a = φ(z) too, since many derivatives are cheap in it.
 */
export interface TensorActivation {
  forward(z: tf.Tensor2D): tf.Tensor2D;
  derivative(z: tf.Tensor2D, a: tf.Tensor2D): tf.Tensor2D;
}

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543774;

/** 1 where low < z < high, else 0. */
const inside = (z: tf.Tensor2D, low: number, high: number): tf.Tensor2D =>
  tf.mul(tf.step(tf.sub(z, low)), tf.step(tf.sub(high, z)));

/** 1 where |z| > λ, else 0. */
const outside = (z: tf.Tensor2D, lambda: number): tf.Tensor2D =>
  tf.add(tf.step(tf.sub(z, lambda)), tf.step(tf.sub(-lambda, z)));

const leakyRelu = (slope: number): TensorActivation => ({
  forward: (z) => tf.leakyRelu(z, slope),
  derivative: (z) => tf.add(tf.mul(tf.step(z), 1 - slope), slope),
});

const hardSigmoid = (slope: number): TensorActivation => ({
  forward: (z) => tf.clipByValue(tf.add<tf.Tensor2D>(tf.mul(z, slope), 0.5), 0, 1),
  derivative: (z) => tf.mul(inside(z, -0.5 / slope, 0.5 / slope), slope),
});

/** Celu with α = 1 is elu. */
const elu: TensorActivation = {
  forward: (z) => tf.elu(z),
  derivative: (_z, a) => tf.add(tf.minimum(a, 0), 1),
};

const sparseSigmoid: TensorActivation = {
  forward: (z) => tf.mul<tf.Tensor2D>(tf.add(tf.clipByValue(z, -1, 1), 1), 0.5),
  derivative: (z) => tf.mul(inside(z, -1, 1), 0.5),
};

const hardSixth = hardSigmoid(1 / 6);
const GELU_TANH = Math.sqrt(2 / Math.PI);
const geluTanhArgument = (z: tf.Tensor2D) => tf.mul(tf.add(z, tf.mul(tf.mul(tf.square(z), z), 0.044715)), GELU_TANH);
const normalCdf = (z: tf.Tensor2D): tf.Tensor2D => tf.mul(tf.add(tf.erf(tf.mul(z, Math.SQRT1_2)), 1), 0.5);

export const tensorActivations: Record<ActivationName, TensorActivation> = {
  linear: { forward: (z) => tf.clone(z), derivative: (z) => tf.onesLike(z) },
  sigmoid: { forward: (z) => tf.sigmoid(z), derivative: (_z, a) => tf.mul(a, tf.sub(1, a)) },
  tanh: { forward: (z) => tf.tanh(z), derivative: (_z, a) => tf.sub(1, tf.square(a)) },
  relu: { forward: (z) => tf.relu(z), derivative: (z) => tf.step(z) },
  relu6: { forward: (z) => tf.relu6(z), derivative: (z) => inside(z, 0, 6) },
  leaky_relu: leakyRelu(0.2),
  'leaky_relu_0.01': leakyRelu(0.01),
  'leaky_relu_0.3': leakyRelu(0.3),
  elu,
  celu: elu,
  selu: {
    forward: (z) => tf.selu(z),
    derivative: (z, a) => {
      const positive = tf.step(z);
      const negative = tf.mul(tf.sub(1, positive), tf.add(tf.minimum(a, 0), SELU_SCALE * SELU_ALPHA));
      return tf.add(tf.mul(positive, SELU_SCALE), negative);
    },
  },
  gelu: {
    forward: (z) => tf.mul(z, normalCdf(z)),
    derivative: (z) => {
      const density = tf.mul(tf.exp(tf.mul(tf.square(z), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.add(normalCdf(z), tf.mul(z, density));
    },
  },
  gelu_tanh: {
    forward: (z) => tf.mul(tf.mul(z, tf.add(tf.tanh(geluTanhArgument(z)), 1)), 0.5),
    derivative: (z) => {
      const t = tf.tanh(geluTanhArgument(z));
      const inner = tf.mul(tf.add(tf.mul(tf.square(z), 3 * 0.044715), 1), GELU_TANH);
      const slope = tf.mul(tf.mul(z, tf.sub(1, tf.square(t))), inner);
      return tf.mul(tf.add(tf.add(t, 1), slope), 0.5);
    },
  },
  silu: {
    forward: (z) => tf.mul(z, tf.sigmoid(z)),
    derivative: (z, a) => {
      const s = tf.sigmoid(z);
      return tf.add(s, tf.mul(a, tf.sub(1, s)));
    },
  },
  mish: {
    forward: (z) => tf.mul(z, tf.tanh(tf.softplus(z))),
    derivative: (z) => {
      const t = tf.tanh(tf.softplus(z));
      return tf.add(t, tf.mul(tf.mul(z, tf.sigmoid(z)), tf.sub(1, tf.square(t))));
    },
  },
  softplus: { forward: (z) => tf.softplus(z), derivative: (z) => tf.sigmoid(z) },
  softsign: {
    forward: (z) => tf.div(z, tf.add(tf.abs(z), 1)),
    derivative: (z) => tf.reciprocal(tf.square(tf.add<tf.Tensor2D>(tf.abs(z), 1))),
  },
  hard_sigmoid: hardSixth,
  'hard_sigmoid_0.2': hardSigmoid(0.2),
  hard_silu: {
    forward: (z) => tf.mul(z, hardSixth.forward(z)),
    derivative: (z, a) => tf.add(hardSixth.forward(z), tf.mul(z, hardSixth.derivative(z, a))),
  },
  hard_tanh: { forward: (z) => tf.clipByValue(z, -1, 1), derivative: (z) => inside(z, -1, 1) },
  log_sigmoid: {
    forward: (z) => tf.neg(tf.softplus(tf.neg(z))) as tf.Tensor2D,
    derivative: (z) => tf.sigmoid(tf.neg(z)),
  },
  soft_shrink: {
    forward: (z) => tf.sub(tf.relu(tf.sub(z, 0.5)), tf.relu(tf.sub(-0.5, z))),
    derivative: (z) => outside(z, 0.5),
  },
  hard_shrink: { forward: (z) => tf.mul(z, outside(z, 0.5)), derivative: (z) => outside(z, 0.5) },
  tanh_shrink: { forward: (z) => tf.sub(z, tf.tanh(z)), derivative: (z) => tf.square(tf.tanh(z)) },
  squareplus: {
    forward: (z) => tf.mul(tf.add(z, tf.sqrt(tf.add(tf.square(z), 4))), 0.5),
    derivative: (z) => tf.mul(tf.add(tf.div(z, tf.sqrt(tf.add(tf.square(z), 4))), 1), 0.5),
  },
  sparse_plus: {
    forward: (z) => tf.add(tf.mul(tf.square(tf.add(tf.clipByValue(z, -1, 1), 1)), 0.25), tf.relu(tf.sub(z, 1))),
    derivative: (z) => sparseSigmoid.forward(z),
  },
  sparse_sigmoid: sparseSigmoid,
  exponential: { forward: (z) => tf.exp(z), derivative: (_z, a) => tf.clone(a) },
};
