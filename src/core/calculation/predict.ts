import type { Activation } from '../activations/catalogue';
import { drawnDigits } from '../data/drawnDigits';
import { frameworkActivation } from '../frameworks/functions';
import { defaultInitializers, defaultVariances, kernelVariance } from '../frameworks/initialVariance';
import { initializerInWords, initializerMoments } from '../initializers/initializer';
import { memo } from '../math/memo';
import { type FlowPrediction, predict } from '../theory/meanField';
import type { DenseLayer, Stack } from '../theory/stack';
import type { FlowConfig } from './config';

/** One line of the main plot: its hidden layers' activations, one for all or one for each. */
export type FlowCandidate = FlowConfig['candidates'][number];

/** Pixels of a drawn digit. */
export const DIGIT_PIXELS = drawnDigits.inputs;
/** E[x]²/E[x²] of a drawn digit's pixels: most are black. */
const DIGIT_MEAN_SHARE = 0.166;
/** Relative standard deviation of a drawn digit's mean pixel. */
const DIGIT_MEAN_SPREAD = 0.3;

/** Components of the input: as many as asked for, a digit's pixels, or the first layer's width. */
export const inputsOf = ({ inputs, data, widths }: FlowConfig): number =>
  inputs ?? (data === 'digits' ? DIGIT_PIXELS : widths[0]!);

/** The activation of each hidden layer. */
export function phisOf(config: FlowConfig, { activations }: FlowCandidate): Activation[] {
  return config.widths.map((_, l) =>
    frameworkActivation(activations.length === 1 ? activations[0]! : activations[l]!, config.framework),
  );
}

/** Mean and variance of a weight and of a bias, as the framework draws them. */
function moments({ framework, kernelInitializer, biasStd }: FlowConfig, fanIn: number, fanOut: number) {
  const usual = defaultVariances(framework, fanIn, fanOut);
  return {
    kernelMean: kernelInitializer ? initializerMoments(kernelInitializer, fanIn, fanOut).mean : 0,
    kernelVariance: kernelInitializer ? kernelVariance(kernelInitializer, framework, fanIn, fanOut) : usual.kernel,
    biasVariance: biasStd === null ? usual.bias : biasStd ** 2,
  };
}

/**
 * The hidden layers that a configuration describes. A layer is residual where it is asked for and as wide as what it
 * receives. Drawn digits are scaled to the mean square that the configuration asks for, and keep their mean.
 */
export function stackOfConfig(config: FlowConfig, candidate: FlowCandidate): Stack {
  const phis = phisOf(config, candidate);
  const layers = config.widths.map((fanOut, l): DenseLayer => {
    const fanIn = l === 0 ? inputsOf(config) : config.widths[l - 1]!;
    return {
      fanIn,
      fanOut,
      phi: phis[l]!,
      ...moments(config, fanIn, fanOut),
      normalisation: config.normalisation,
      keep: 1 - config.dropout,
      residual: config.residual && fanIn === fanOut,
    };
  });
  const inputMean = config.data === 'digits' ? Math.sqrt(DIGIT_MEAN_SHARE * config.inputVariance) : 0;
  const inputMeanSpread = config.data === 'digits' ? DIGIT_MEAN_SPREAD : 0;
  return { inputVariance: config.inputVariance, inputMean, inputMeanSpread, layers };
}

const predictions = memo<FlowPrediction>(256);

/** What decides a candidate's numbers, as text: not the seed, nor how many networks are drawn. */
export const candidateKey = (config: FlowConfig, candidate: FlowCandidate): string =>
  JSON.stringify({ ...config, candidates: [candidate], networks: 0, seed: 0 });

/** {@link predict} for one candidate; the latest are kept. */
export const predictCandidate = (config: FlowConfig, candidate: FlowCandidate): FlowPrediction =>
  predictions(candidateKey(config, candidate), () => predict(stackOfConfig(config, candidate)));

/** The kernels' initialiser as people write it: `glorot_uniform`, `normal:1,1`, or the framework's default. */
export const initializerName = ({ kernelInitializer, framework }: FlowConfig): string =>
  kernelInitializer ? initializerInWords(kernelInitializer) : defaultInitializers(framework).kernel.name;
