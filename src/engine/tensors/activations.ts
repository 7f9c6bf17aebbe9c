import * as tf from '@tensorflow/tfjs-core';
import { type ActivationEntryName, activation } from '../../core/activations/catalogue';
import { SELU_ALPHA, SELU_SCALE } from '../../core/activations/elu';
import type { Parameters } from '../../core/activations/function';

/**
 * φ and φ′ on tensors, for the forward and the explicit backward pass. The pure catalogue is the authority: a test
 * holds both together. φ′ gets the value a = φ(z) too, since many derivatives are cheap in it.
 */
export interface TensorActivation {
  forward(z: tf.Tensor2D): tf.Tensor2D;
  derivative(z: tf.Tensor2D, a: tf.Tensor2D): tf.Tensor2D;
}

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

/** α(e^(z/scale) − 1) for z ≤ 0, z above: elu with scale 1, celu with scale α. */
const exponentialBelow = (alpha: number, scale: number): TensorActivation =>
  alpha === 1 && scale === 1
    ? { forward: (z) => tf.elu(z), derivative: (_z, a) => tf.add(tf.minimum(a, 0), 1) }
    : {
        forward: (z) => tf.add(tf.relu(z), tf.mul(tf.expm1(tf.minimum<tf.Tensor2D>(tf.mul(z, 1 / scale), 0)), alpha)),
        derivative: (z) => {
          const positive = tf.step(z);
          const below = tf.mul(tf.exp(tf.minimum<tf.Tensor2D>(tf.mul(z, 1 / scale), 0)), alpha / scale);
          return tf.add(positive, tf.mul(below, tf.sub(1, positive)));
        },
      };

const sparseSigmoid: TensorActivation = {
  forward: (z) => tf.mul<tf.Tensor2D>(tf.add(tf.clipByValue(z, -1, 1), 1), 0.5),
  derivative: (z) => tf.mul(inside(z, -1, 1), 0.5),
};

const hardSixth = hardSigmoid(1 / 6);
const GELU_TANH = Math.sqrt(2 / Math.PI);
const geluTanhArgument = (z: tf.Tensor2D) => tf.mul(tf.add(z, tf.mul(tf.mul(tf.square(z), z), 0.044715)), GELU_TANH);
const normalCdf = (z: tf.Tensor2D): tf.Tensor2D => tf.mul(tf.add(tf.erf(tf.mul(z, Math.SQRT1_2)), 1), 0.5);

/** Keras's ReLU with a slope, a maximum and a threshold; x > threshold passes. */
function generalRelu(slope: number, max: number, threshold: number): TensorActivation {
  if (slope === 0 && threshold === 0 && max === Number.POSITIVE_INFINITY) {
    return { forward: (z) => tf.relu(z), derivative: (z) => tf.step(z) };
  }
  const passes = (z: tf.Tensor2D) => tf.cast(tf.greater(z, threshold), 'float32') as tf.Tensor2D;
  return {
    forward: (z) => {
      const open = passes(z);
      const above: tf.Tensor2D = tf.mul(tf.minimum(z, max), open);
      return tf.add(above, tf.mul(tf.mul(tf.sub(z, threshold), slope), tf.sub(1, open)));
    },
    derivative: (z) => {
      const open = passes(z);
      const uncapped = tf.cast(tf.less(z, max), 'float32') as tf.Tensor2D;
      return tf.add(tf.mul(open, uncapped), tf.mul(tf.sub(1, open), slope));
    },
  };
}

/** Those without parameters. */
const fixed = {
  linear: { forward: (z) => tf.clone(z), derivative: (z) => tf.onesLike(z) },
  sigmoid: { forward: (z) => tf.sigmoid(z), derivative: (_z, a) => tf.mul(a, tf.sub(1, a)) },
  tanh: { forward: (z) => tf.tanh(z), derivative: (_z, a) => tf.sub(1, tf.square(a)) },
  relu6: { forward: (z) => tf.relu6(z), derivative: (z) => inside(z, 0, 6) },
  selu: {
    forward: (z) => tf.selu(z),
    derivative: (z, a) => {
      const positive = tf.step(z);
      const negative = tf.mul(tf.sub(1, positive), tf.add(tf.minimum(a, 0), SELU_SCALE * SELU_ALPHA));
      return tf.add(tf.mul(positive, SELU_SCALE), negative);
    },
  },
  mish: {
    forward: (z) => tf.mul(z, tf.tanh(tf.softplus(z))),
    derivative: (z) => {
      const t = tf.tanh(tf.softplus(z));
      return tf.add(t, tf.mul(tf.mul(z, tf.sigmoid(z)), tf.sub(1, tf.square(t))));
    },
  },
  softsign: {
    forward: (z) => tf.div(z, tf.add(tf.abs(z), 1)),
    derivative: (z) => tf.reciprocal(tf.square(tf.add<tf.Tensor2D>(tf.abs(z), 1))),
  },
  hard_silu: {
    forward: (z) => tf.mul(z, hardSixth.forward(z)),
    derivative: (z, a) => tf.add(hardSixth.forward(z), tf.mul(z, hardSixth.derivative(z, a))),
  },
  log_sigmoid: {
    forward: (z) => tf.neg(tf.softplus(tf.neg(z))) as tf.Tensor2D,
    derivative: (z) => tf.sigmoid(tf.neg(z)),
  },
  tanh_shrink: { forward: (z) => tf.sub(z, tf.tanh(z)), derivative: (z) => tf.square(tf.tanh(z)) },
  sparse_plus: {
    forward: (z) => tf.add(tf.mul(tf.square(tf.add(tf.clipByValue(z, -1, 1), 1)), 0.25), tf.relu(tf.sub(z, 1))),
    derivative: (z) => sparseSigmoid.forward(z),
  },
  sparse_sigmoid: sparseSigmoid,
  erf: {
    forward: (z) => tf.erf(z),
    derivative: (z) => tf.mul(tf.exp(tf.neg(tf.square(z))), 2 / Math.sqrt(Math.PI)) as tf.Tensor2D,
  },
  exponential: { forward: (z) => tf.exp(z), derivative: (_z, a) => tf.clone(a) },
  step: { forward: (z) => tf.step(z), derivative: (z) => tf.zerosLike(z) },
} satisfies Partial<Record<ActivationEntryName, TensorActivation>>;

const geluExact: TensorActivation = {
  forward: (z) => tf.mul(z, normalCdf(z)),
  derivative: (z) => {
    const density = tf.mul(tf.exp(tf.mul(tf.square(z), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return tf.add(normalCdf(z), tf.mul(z, density));
  },
};

const geluTanh: TensorActivation = {
  forward: (z) => tf.mul(tf.mul(z, tf.add(tf.tanh(geluTanhArgument(z)), 1)), 0.5),
  derivative: (z) => {
    const t = tf.tanh(geluTanhArgument(z));
    const inner = tf.mul(tf.add(tf.mul(tf.square(z), 3 * 0.044715), 1), GELU_TANH);
    const slope = tf.mul(tf.mul(z, tf.sub(1, tf.square(t))), inner);
    return tf.mul(tf.add(tf.add(t, 1), slope), 0.5);
  },
};

/** x·σ(βx). */
const silu = (beta: number): TensorActivation => {
  const gate = (z: tf.Tensor2D): tf.Tensor2D => tf.sigmoid(beta === 1 ? z : tf.mul<tf.Tensor2D>(z, beta));
  return {
    forward: (z) => tf.mul(z, gate(z)),
    derivative: (z, a) => {
      const s = gate(z);
      return tf.add(s, tf.mul(beta === 1 ? a : tf.mul(a, beta), tf.sub(1, s)));
    },
  };
};

/** PyTorch's threshold differs from the curve by 2·10⁻⁹, below single precision: the curve serves for both. */
const softplus = (beta: number): TensorActivation =>
  beta === 1
    ? { forward: (z) => tf.softplus(z), derivative: (z) => tf.sigmoid(z) }
    : {
        forward: (z) => tf.mul(tf.softplus(tf.mul<tf.Tensor2D>(z, beta)), 1 / beta),
        derivative: (z) => tf.sigmoid(tf.mul<tf.Tensor2D>(z, beta)),
      };

const squareplus = (b: number): TensorActivation => ({
  forward: (z) => tf.mul(tf.add(z, tf.sqrt(tf.add(tf.square(z), b))), 0.5),
  derivative: (z) => tf.mul(tf.add(tf.div(z, tf.sqrt(tf.add(tf.square(z), b))), 1), 0.5),
});

const threshold = (at: number, value: number): TensorActivation => {
  const above = (z: tf.Tensor2D): tf.Tensor2D => tf.step(tf.sub<tf.Tensor2D>(z, at));
  return {
    forward: (z) => tf.add(tf.mul(z, above(z)), tf.mul(tf.sub(1, above(z)), value)),
    derivative: above,
  };
};

type FreeEntryName = Exclude<ActivationEntryName, keyof typeof fixed>;

/** Those with parameters; the catalogue has checked them. */
const builders: Record<FreeEntryName, (numbers: Record<string, number>, words: Parameters) => TensorActivation> = {
  relu: (p) => generalRelu(p.negative_slope!, p.max_value!, p.threshold!),
  leaky_relu: (p) => leakyRelu(p.negative_slope!),
  rrelu: (p) => leakyRelu((p.lower! + p.upper!) / 2),
  threshold: (p) => threshold(p.threshold!, p.value!),
  elu: (p) => exponentialBelow(p.alpha!, 1),
  celu: (p) => exponentialBelow(p.alpha!, p.alpha!),
  gelu: (_, { approximate }) => (approximate === 'tanh' ? geluTanh : geluExact),
  silu: (p) => silu(p.beta!),
  softplus: (p) => softplus(p.beta!),
  hard_sigmoid: (p) => hardSigmoid(p.slope!),
  hard_tanh: (p) => ({
    forward: (z) => tf.clipByValue(z, p.min!, p.max!),
    derivative: (z) => inside(z, p.min!, p.max!),
  }),
  soft_shrink: (p) => ({
    forward: (z) => tf.sub(tf.relu(tf.sub(z, p.lambda!)), tf.relu(tf.sub(-p.lambda!, z))),
    derivative: (z) => outside(z, p.lambda!),
  }),
  hard_shrink: (p) => ({
    forward: (z) => tf.mul(z, outside(z, p.lambda!)),
    derivative: (z) => outside(z, p.lambda!),
  }),
  squareplus: (p) => squareplus(p.b!),
};

const isFixed = (name: ActivationEntryName): name is keyof typeof fixed => Object.hasOwn(fixed, name);

/** @param name as the catalogue reads it; throws a RangeError where it does not know it */
export function tensorActivation(name: string): TensorActivation {
  const { entry, parameters } = activation(name);
  // A parameter that is a word reads as NaN among the numbers.
  const numbers = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, Number(value)]));
  return isFixed(entry) ? fixed[entry] : builders[entry](numbers, parameters);
}
