import type { ActivationEntryName } from '../activations/catalogue';

/** One line on where frameworks disagree about a function. */
const lines: Readonly<Partial<Record<ActivationEntryName, string>>> = {
  hard_sigmoid: 'Its slope is 1/6 in Keras 3, PyTorch and JAX, 0.2 in tf.keras 2 and tfjs.',
  gelu: 'Frameworks differ: erf in Keras, PyTorch, tf.nn and tfjs; tanh in jax.nn, keras.ops and tfjs gelu_new.',
  leaky_relu:
    'The slope differs: 0.3 in layers of Keras and tfjs; 0.2 in Keras’s function and string, tf.nn, tfjs’s op; 0.01 in PyTorch and JAX.',
  softplus: 'Frameworks differ: PyTorch has beta (1) and threshold (20, linear above); the others are ln(1 + eˣ).',
  elu: 'Frameworks agree on alpha = 1; TensorFlow.js throws for any other.',
  relu: 'φ′(0) = 0 in every framework.',
  relu6: 'Frameworks differ at the kink: φ′(6) is 0 in Keras, PyTorch and JAX, 1 in TensorFlow.js.',
  hard_tanh: 'φ′(±1) is 0 in PyTorch, 1 in Keras and JAX.',
  hard_silu:
    'Frameworks agree at the kinks: φ′(−3) = 0, φ′(3) = 1; PyTorch before 2.7 had −½ and, outside vector code, 1.5.',
  selu: 'φ′(0) is 1.758, in TensorFlow 1.051.',
  silu: 'Frameworks agree; only tf.nn’s has a beta (1).',
};

const learnedSlope = 'It starts at 0 in Keras and tfjs, 0.25 in PyTorch, 0.01 in Flax.';

/** Undefined where they agree. @param name as the framework spells it: a learned slope differs by itself */
export const frameworkDifferences = (entry: ActivationEntryName, name: string): string | undefined =>
  entry === 'leaky_relu' && /prelu/i.test(name) ? learnedSlope : lines[entry];
