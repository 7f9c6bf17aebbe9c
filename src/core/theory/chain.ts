import type { Differentiable } from '../activations/moments';
import { checkFinite } from '../math/check';

/** One neuron on one sample: z = w·a_prev + b, a = φ(z), C = (a − y)². */
export interface NeuronInput {
  readonly weight: number;
  /** a_prev, the activation of the neuron before. */
  readonly input: number;
  readonly bias: number;
  /** y */
  readonly target: number;
}

/** The neuron's forward pass and the factors of its gradient. */
export interface NeuronGradient {
  readonly preActivation: number;
  readonly activation: number;
  readonly cost: number;
  /** ∂z/∂w = a_prev */
  readonly inputFactor: number;
  /** ∂a/∂z = φ′(z) */
  readonly slopeFactor: number;
  /** ∂C/∂a = 2(a − y) */
  readonly costFactor: number;
  /** ∂C/∂w, the product of the three. */
  readonly weightGradient: number;
  /** ∂C/∂b = φ′(z)·2(a − y) */
  readonly biasGradient: number;
  /** ∂C/∂a_prev = w·φ′(z)·2(a − y): what the neuron before receives. */
  readonly inputGradient: number;
}

/**
 * The chain rule on one neuron, ∂C/∂w = a_prev·φ′(z)·2(a − y).
 *
 * @throws RangeError where an input is not finite
 */
export function neuronGradient(phi: Differentiable, { weight, input, bias, target }: NeuronInput): NeuronGradient {
  checkFinite('the weight', weight);
  checkFinite('the input', input);
  checkFinite('the bias', bias);
  checkFinite('the target', target);
  const preActivation = weight * input + bias;
  const activation = phi.value(preActivation);
  const slopeFactor = phi.derivative(preActivation);
  const costFactor = 2 * (activation - target);
  const biasGradient = product(slopeFactor, costFactor);
  return {
    preActivation,
    activation,
    cost: (activation - target) ** 2,
    inputFactor: input,
    slopeFactor,
    costFactor,
    weightGradient: product(input, biasGradient),
    biasGradient,
    inputGradient: product(weight, biasGradient),
  };
}

/** One neuron of a chain. */
export interface ChainNeuron {
  readonly weight: number;
  readonly bias: number;
}

/** One neuron of a chain on one sample. */
export interface ChainStep {
  /** From 1, at the input. */
  readonly layer: number;
  readonly weight: number;
  readonly bias: number;
  /** a of the neuron before, or the chain's input. */
  readonly input: number;
  readonly preActivation: number;
  readonly activation: number;
  /** φ′(z) */
  readonly slope: number;
  /** w·φ′(z): ∂a/∂a_prev, by which the neuron multiplies what passes back. */
  readonly factor: number;
  /** Product of the factors from this neuron to the last: ∂a^L/∂a_prev. */
  readonly runningProduct: number;
  /** δ = ∂C/∂z */
  readonly delta: number;
  /** ∂C/∂w = a_prev·δ */
  readonly weightGradient: number;
  /** ∂C/∂b = δ */
  readonly biasGradient: number;
}

/** A chain of neurons on one sample. */
export interface ChainGradient {
  /** From the input on. */
  readonly steps: readonly ChainStep[];
  readonly output: number;
  readonly cost: number;
  /** ∂C/∂a^L = 2(a^L − y), where the backward pass starts. */
  readonly costFactor: number;
}

/** One pair of input and target. */
export interface ChainSample {
  readonly input: number;
  readonly target: number;
}

/**
 * Forward and backward pass through neurons in a row, each with one input. The cost is (a^L − y)².
 *
 * @param phi one function for all, or one for each neuron
 * @throws RangeError for an empty chain, for too few functions and for numbers that are not finite
 */
export function chainGradient(
  phi: Differentiable | readonly Differentiable[],
  neurons: readonly ChainNeuron[],
  { input, target }: ChainSample,
): ChainGradient {
  if (neurons.length === 0) throw new RangeError('the chain has no neurons; expected at least one.');
  if (isList(phi) && phi.length !== neurons.length) {
    throw new RangeError(
      `the chain has ${neurons.length} neurons and ${phi.length} activations; expected one for each.`,
    );
  }
  checkFinite('the input', input);
  checkFinite('the target', target);
  let signal = input;
  const forward = neurons.map(({ weight, bias }, i) => {
    checkFinite(`neuron ${i + 1}’s weight`, weight);
    checkFinite(`neuron ${i + 1}’s bias`, bias);
    const own = isList(phi) ? phi[i]! : phi;
    const before = signal;
    const preActivation = product(weight, before) + bias;
    signal = own.value(preActivation);
    const slope = own.derivative(preActivation);
    return { layer: i + 1, weight, bias, input: before, preActivation, activation: signal, slope };
  });
  const costFactor = 2 * (signal - target);
  let arriving = costFactor;
  let runningProduct = 1;
  const steps = forward
    .reverse()
    .map((at): ChainStep => {
      const factor = product(at.weight, at.slope);
      runningProduct = product(runningProduct, factor);
      const delta = product(arriving, at.slope);
      arriving = product(delta, at.weight);
      return { ...at, factor, runningProduct, delta, weightGradient: product(at.input, delta), biasGradient: delta };
    })
    .reverse();
  return { steps, output: signal, cost: (signal - target) ** 2, costFactor };
}

/** Means over samples. */
export interface MeanChainGradient {
  readonly cost: number;
  /** (1/n)·Σ_k ∂C_k/∂w and the same for b, by neuron from the input. */
  readonly weightGradients: readonly number[];
  readonly biasGradients: readonly number[];
  /** Each sample's own passes. */
  readonly samples: readonly ChainGradient[];
}

/**
 * The gradient over n samples, (1/n)·Σ_k ∂C_k/∂w.
 *
 * @throws RangeError without samples, and as {@link chainGradient}
 */
export function meanChainGradient(
  phi: Differentiable | readonly Differentiable[],
  neurons: readonly ChainNeuron[],
  samples: readonly ChainSample[],
): MeanChainGradient {
  if (samples.length === 0) throw new RangeError('there are no samples; expected at least one.');
  const each = samples.map((sample) => chainGradient(phi, neurons, sample));
  const mean = (of: (sample: ChainGradient) => number): number =>
    each.reduce((sum, sample) => sum + of(sample), 0) / each.length;
  return {
    cost: mean(({ cost }) => cost),
    weightGradients: neurons.map((_, i) => mean(({ steps }) => steps[i]!.weightGradient)),
    biasGradients: neurons.map((_, i) => mean(({ steps }) => steps[i]!.biasGradient)),
    samples: each,
  };
}

const isList = (phi: Differentiable | readonly Differentiable[]): phi is readonly Differentiable[] =>
  Array.isArray(phi);

/** a·b, where nothing times Infinity is nothing. */
const product = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);
