import type { ActivationEntryName } from '../activations/catalogue';

/** One line on where frameworks disagree about a function. */
const lines: Readonly<Partial<Record<ActivationEntryName, string>>> = {
  hard_sigmoid:
    'Frameworks differ: clip(x/6 + ½) in Keras 3, PyTorch and JAX; clip(0.2x + ½) in tf.keras 2 and TensorFlow.js.',
  gelu: 'Frameworks differ: the erf form in Keras, tf.nn, PyTorch and tfjs gelu; the tanh form in jax.nn, keras.ops and tfjs gelu_new, and in PyTorch with approximate="tanh".',
  leaky_relu:
    'Frameworks differ in the slope: 0.3 in the layers of Keras and tfjs; 0.2 in Keras’s function and string, tf.nn and tfjs’s op; 0.01 in PyTorch and JAX. PReLU starts at 0 in Keras and tfjs, 0.25 in PyTorch, 0.01 in Flax.',
  softplus: 'Frameworks differ: PyTorch has beta (1) and threshold (20, linear above); the others are ln(1 + eˣ).',
  elu: 'Frameworks agree on alpha = 1; TensorFlow.js throws for any other.',
  relu: 'At 0 every framework takes φ′ = 0. Keras’s and TensorFlow’s function and layer also take a slope, a maximum and a threshold.',
  relu6: 'Frameworks differ at the kink: φ′(6) is 0 in Keras, PyTorch and JAX, 1 in TensorFlow.js.',
  hard_tanh: 'Frameworks differ at the kinks: φ′(±1) is 0 in PyTorch, 1 in Keras and JAX.',
  hard_silu:
    'Frameworks agree at the kinks: φ′(−3) = 0 and φ′(3) = 1. PyTorch before 2.7 had −½ at −3 and, outside vector code, 1.5 at 3.',
  selu: 'Frameworks differ at the kink: φ′(0) is 1.758 in Keras, PyTorch, JAX and tfjs, 1.051 in TensorFlow.',
  silu: 'Frameworks agree; only tf.nn’s has a beta (1).',
};

/** Undefined where they agree. */
export const frameworkDifferences = (entry: ActivationEntryName): string | undefined => lines[entry];
