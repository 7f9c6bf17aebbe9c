import type { ExperimentConfig } from '../experiment/config';
import { type Initializer, initializerMoments } from '../initializers/initializer';
import { type FlowConfig, flowLimits, paperFlow } from './config';
import { DIGIT_PIXELS } from './inputs';

/** E[x²] of a pixel of a digit, black 0 and white 1. */
const DIGIT_MEAN_SQUARE = 0.1;

/** Root mean square of a bias; that of a normal of mean 0 is its standard deviation, to the last digit. */
function biasSize(initializer: Initializer, units: number): number {
  if (initializer.kind === 'normal' && initializer.mean === 0) return initializer.stddev;
  const { mean, variance } = initializerMoments(initializer, DIGIT_PIXELS, units);
  return Math.sqrt(variance + mean ** 2);
}

/**
 * The calculation of the networks that a comparison trains, on drawn digits. A calculation has room for fewer
 * activations than a comparison: the first ones are taken. Biases with a mean count by their root mean square.
 */
export function flowOfExperiment({
  activations,
  hidden,
  kernelInitializer,
  biasInitializer,
  seed,
}: ExperimentConfig): FlowConfig {
  return {
    ...paperFlow,
    candidates: activations.slice(0, flowLimits.candidates.max).map((name) => ({ activations: [name] })),
    widths: [...hidden],
    inputs: DIGIT_PIXELS,
    kernelInitializer,
    biasStd: Math.min(flowLimits.biasStd.max, biasSize(biasInitializer, hidden[0]!)),
    inputVariance: DIGIT_MEAN_SQUARE,
    data: 'digits',
    seed,
  };
}
