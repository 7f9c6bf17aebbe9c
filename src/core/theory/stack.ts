import type { Differentiable } from '../activations/moments';
import { type Bounded, checkFinite, checkPositive, checkWhole } from '../math/check';

/** What the prediction and the bound need of an activation function; every function of the catalogue has it. */
export interface FlowActivation extends Differentiable, Bounded {}

/** `batch` and `layer` stand between the linear output and φ, with scale 1 and shift 0 as at the start of a training. */
export type Normalisation = 'none' | 'batch' | 'layer';

/** z = W·a + b, normalised, then φ, then dropout; added to the layer's input where it is residual. */
export interface DenseLayer {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly phi: FlowActivation;
  /** Mean of one weight. */
  readonly kernelMean: number;
  /** Variance of one weight; weights are independent. */
  readonly kernelVariance: number;
  /** 0 where left out. */
  readonly biasMean?: number;
  readonly biasVariance: number;
  readonly normalisation: Normalisation;
  /** Probability ρ with which dropout keeps an activation, which it divides by ρ then; 1 for none. */
  readonly keep: number;
  /** Whether the layer is x + F(x); fan-in and fan-out are equal then. */
  readonly residual: boolean;
}

/** Hidden layers from the input to the last one. The output layer is not among them. */
export interface Stack {
  /** E[x²] of one input component, not centred. */
  readonly inputVariance: number;
  /** E[x]; 0 where left out. It matters where kernels have a mean. */
  readonly inputMean?: number;
  /** Relative standard deviation of the mean over samples: some digits have more ink. 0 where left out. */
  readonly inputMeanSpread?: number;
  readonly layers: readonly DenseLayer[];
}

/** Mean and variance of one weight. */
export interface WeightMoments {
  /** 0 where left out. */
  readonly mean?: number;
  readonly variance: number;
}

/** Weights of mean 0 with fan-in · Var(w) = `gainSquared`: σ_w² of the mean-field papers; LeCun 1, He 2. */
export const scaledKernel =
  (gainSquared: number) =>
  (fanIn: number): WeightMoments => ({ variance: gainSquared / fanIn });

/** What layers have in common. */
export interface StackOptions {
  readonly phi: FlowActivation;
  /** By fan-in and fan-out, or the same for all layers. */
  readonly kernel: WeightMoments | ((fanIn: number, fanOut: number) => WeightMoments);
  /** Zeros where left out. */
  readonly bias?: WeightMoments | ((fanIn: number) => WeightMoments);
  readonly normalisation?: Normalisation;
  readonly keep?: number;
  readonly residual?: boolean;
  /** 1 where left out. */
  readonly inputVariance?: number;
  readonly inputMean?: number;
}

/**
 * Hidden layers of the given widths.
 *
 * @param inputs number of input components; the first width where left out
 */
export function stackOf(widths: readonly number[], options: StackOptions & { readonly inputs?: number }): Stack {
  const { kernel, bias = { variance: 0 } } = options;
  const layers = widths.map((fanOut, i): DenseLayer => {
    const fanIn = i === 0 ? (options.inputs ?? fanOut) : widths[i - 1]!;
    const weights = typeof kernel === 'function' ? kernel(fanIn, fanOut) : kernel;
    const biases = typeof bias === 'function' ? bias(fanIn) : bias;
    return {
      fanIn,
      fanOut,
      phi: options.phi,
      kernelMean: weights.mean ?? 0,
      kernelVariance: weights.variance,
      biasMean: biases.mean ?? 0,
      biasVariance: biases.variance,
      normalisation: options.normalisation ?? 'none',
      keep: options.keep ?? 1,
      residual: (options.residual ?? false) && fanIn === fanOut,
    };
  });
  return { inputVariance: options.inputVariance ?? 1, inputMean: options.inputMean ?? 0, layers };
}

/** `depth` equal hidden layers. A residual stack adds where the input is as wide as the layer. */
export function uniformStack(
  options: StackOptions & { readonly depth: number; readonly width: number; readonly inputs?: number },
): Stack {
  checkWhole('the depth', options.depth, 1);
  return stackOf(
    Array.from({ length: options.depth }, () => options.width),
    options,
  );
}

/** @throws RangeError with a sentence for the first value that no stack can have */
export function checkStack(stack: Stack): void {
  checkPositive('the inputs’ mean square', stack.inputVariance);
  const mean = checkFinite('the inputs’ mean', stack.inputMean ?? 0);
  if (mean ** 2 > stack.inputVariance * (1 + 1e-9)) {
    throw new RangeError(
      `the inputs’ mean is ${mean} and their mean square ${stack.inputVariance}; expected at least the mean’s square.`,
    );
  }
  if (stack.layers.length === 0) throw new RangeError('the stack has no layers; expected at least one.');
  stack.layers.forEach((layer, i) => {
    const name = `layer ${i + 1}’s`;
    checkWhole(`${name} fan-in`, layer.fanIn, 1);
    checkWhole(`${name} fan-out`, layer.fanOut, 1);
    checkFinite(`${name} kernel mean`, layer.kernelMean);
    checkPositive(`${name} kernel variance`, layer.kernelVariance);
    checkFinite(`${name} bias mean`, layer.biasMean ?? 0);
    checkPositive(`${name} bias variance`, layer.biasVariance);
    if (!(layer.keep > 0 && layer.keep <= 1)) {
      throw new RangeError(
        `${name} keep probability is ${layer.keep}; expected more than 0 and at most 1 (1 − the dropout rate).`,
      );
    }
    const before = stack.layers[i - 1];
    if (before && before.fanOut !== layer.fanIn) {
      throw new RangeError(
        `${name} fan-in is ${layer.fanIn}; expected ${before.fanOut}, the width of the layer before.`,
      );
    }
    if (layer.residual && layer.fanIn !== layer.fanOut) {
      throw new RangeError(
        `layer ${i + 1} is residual from ${layer.fanIn} to ${layer.fanOut} units; expected equal widths.`,
      );
    }
  });
}
