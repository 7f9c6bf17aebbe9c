import { type Activation, type ActivationName, activation } from '../activations/catalogue';
import type { FrameworkId } from '../activations/frameworks/framework';
import { asComputedBy } from '../activations/frameworks/resolve';
import type { ActivationFunction } from '../activations/function';
import { drawnDigits } from '../data/drawnDigits';
import { initializerInWords, initializerMoments, type VarianceScalingName } from '../initializers/initializer';
import type { FlowConfig } from './config';
import { defaultInitializers, defaultVariances, kernelVariance } from './initialVariance';
import { type FlowPrediction, predict } from './meanField';
import { memo } from './memo';
import type { DenseLayer, Stack } from './stack';

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

const functions = new Map<string, Activation>();

/** An activation as a framework computes it; the same object every time, so that its tables are kept. */
export function frameworkActivation(name: ActivationName, framework: FrameworkId): Activation {
  const key = `${framework} ${name}`;
  const known = functions.get(key);
  if (known) return known;
  if (functions.size > 200) functions.clear();
  const made = asComputedBy(framework, activation(name));
  functions.set(key, made);
  return made;
}

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

/** The initialiser that suits an activation; uniform in tfjs, whose normal ones are too small by a cut-off. */
export function suitedInitializer(
  { fittingInitializer: kind }: ActivationFunction,
  framework: FrameworkId,
): { kind: VarianceScalingName } {
  return { kind: framework === 'tfjs' ? (kind.replace('_normal', '_uniform') as typeof kind) : kind };
}
