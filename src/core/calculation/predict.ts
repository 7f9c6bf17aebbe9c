import type { Activation } from '../activations/catalogue';
import { frameworkActivation } from '../frameworks/functions';
import { initializerLabel } from '../frameworks/initializerNames';
import { defaultInitializers } from '../frameworks/initialVariance';
import { memo } from '../math/memo';
import { chainOf } from '../theory/chainOf';
import { flowContext } from '../theory/graphForward';
import { type FlowPrediction, predict } from '../theory/meanField';
import type { Stack } from '../theory/stack';
import { activationAt, type FlowCandidate, type FlowConfig } from './config';
import { inputOf } from './inputs';
import { modelOf } from './model';

/** The activation of each hidden layer. */
export const phisOf = (config: FlowConfig, candidate: FlowCandidate): Activation[] =>
  config.widths.map((_, l) => frameworkActivation(activationAt(candidate, l), config.framework));

/** What decides a candidate's numbers, as text: not the seed, nor how many networks are drawn. */
export const candidateKey = (config: FlowConfig, candidate: FlowCandidate): string =>
  JSON.stringify({ ...config, candidates: [candidate], networks: 0, seed: 0 });

const stacks = memo<Stack>(64);

/** The hidden layers that a configuration describes: its model, which is a chain of dense layers. */
export const stackOfConfig = (config: FlowConfig, candidate: FlowCandidate): Stack =>
  stacks(candidateKey(config, candidate), () => {
    const chain = chainOf(flowContext(modelOf(config, candidate), inputOf(config)));
    if (chain === undefined)
      throw new RangeError('The calculation is no chain of dense layers; expected one that was parsed.');
    return chain.stack;
  });

const predictions = memo<FlowPrediction>(256);

/** {@link predict} for one candidate; the latest are kept. */
export const predictCandidate = (config: FlowConfig, candidate: FlowCandidate): FlowPrediction =>
  predictions(candidateKey(config, candidate), () => predict(stackOfConfig(config, candidate)));

/** What draws the kernels, in the framework's words: `xavier_uniform_`, `normal:1,1`, or the name of its default. */
export const kernelName = ({ kernelInitializer, framework }: FlowConfig): string =>
  kernelInitializer ? initializerLabel(kernelInitializer, framework) : defaultInitializers(framework).kernel.name;
