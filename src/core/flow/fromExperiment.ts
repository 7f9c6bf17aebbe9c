import type { ExperimentConfig } from '../experiment/config';
import { initializerMoments } from '../initializers/initializer';
import { type FlowConfig, flowLimits, paperFlow } from './config';
import { DIGIT_PIXELS } from './configStack';

/** E[x²] of a pixel of a digit, black 0 and white 1. */
const DIGIT_MEAN_SQUARE = 0.1;

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
  const bias = initializerMoments(biasInitializer, DIGIT_PIXELS, hidden[0]!);
  return {
    ...paperFlow,
    candidates: activations.slice(0, flowLimits.candidates.max).map((name) => ({ activations: [name] })),
    widths: [...hidden],
    inputs: DIGIT_PIXELS,
    kernelInitializer,
    biasStd: Math.min(flowLimits.biasStd.max, Math.sqrt(bias.variance + bias.mean ** 2)),
    inputVariance: DIGIT_MEAN_SQUARE,
    data: 'digits',
    seed,
  };
}
