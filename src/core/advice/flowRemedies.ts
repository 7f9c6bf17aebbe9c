import { type ActivationName, activation } from '../activations/catalogue';
import type { FlowCandidate, FlowConfig } from '../calculation/config';
import { predictCandidate } from '../calculation/predict';
import { frameworkActivation, suitedInitializer } from '../frameworks/functions';
import { formatInitializer } from '../initializers/initializer';
import type { Band } from '../theory/meanField';
import { flowVerdictKind } from '../verdicts/predicted';

/** A change of the network that is predicted to bring ‖δ¹‖/‖δ^L‖ nearer to 1. */
export interface Remedy {
  /** "ReLU with he_normal", "Batch normalisation". */
  readonly title: string;
  /** The same inside a sentence: "the initialiser he_normal", "batch normalisation". */
  readonly words: string;
  /** The configuration with the change. Initialiser, normalisation and residual hold for all of its candidates. */
  readonly change: FlowConfig;
  /** ‖δ¹‖/‖δ^L‖ as it is. */
  readonly before: number;
  /** ‖δ¹‖/‖δ^L‖ with the change. */
  readonly after: number;
  /** Holds what nine in ten networks would have with the change. */
  readonly band: Band;
}

/** Offered instead of another activation, each with the initialiser that suits it. */
const alternatives: readonly ActivationName[] = ['relu', 'tanh', 'elu', 'selu', 'gelu', 'silu'];

/** A change must take a tenth off the distance from 1, in ln, and no less than a factor of 1.1. */
const GAIN = 0.9;
const LEAST = Math.log(1.1);

/** How far a ratio lies from 1; 0 and Infinity are farthest. */
const distance = (ratio: number): number => Math.abs(Math.log(ratio));

interface Change {
  readonly title: string;
  readonly words: string;
  readonly config: FlowConfig;
}

/**
 * What would bring more of the gradient to a candidate's first layer, or less where it explodes: the best first. Changes
 * that do not help are left out, and so are those after which a layer is still flat. The prediction alone ranks them:
 * what else an activation is good for is not its subject.
 */
export const remedies = (config: FlowConfig, candidateIndex: number): Remedy[] =>
  ranked(config, candidateIndex).filter(leavesNoneFlat(candidateIndex));

/** The best of the {@link remedies}, without a look at the others' layers. */
export const firstRemedy = (config: FlowConfig, candidateIndex: number): Remedy | undefined =>
  ranked(config, candidateIndex).find(leavesNoneFlat(candidateIndex));

const leavesNoneFlat =
  (index: number) =>
  ({ change }: Remedy): boolean =>
    flowVerdictKind(change, change.candidates[index]!) !== 'dead';

function ranked(config: FlowConfig, candidateIndex: number): Remedy[] {
  const candidate = config.candidates[candidateIndex];
  if (!candidate)
    throw new RangeError(`there is no candidate ${candidateIndex}; expected 0 to ${config.candidates.length - 1}.`);
  const before = predictCandidate(config, candidate).ratio;
  const kind = flowVerdictKind(config, candidate);
  // Where the gradient takes no step, what the slopes of one layer leave is no ill.
  if (config.widths.length === 1 && kind === 'healthy') return [];
  const dead = kind === 'dead';
  const from = dead ? Number.POSITIVE_INFINITY : distance(before);
  // … so that there another initialiser comes first, before another activation, as a comparison advises it.
  const comesFirst = ({ change }: Remedy) =>
    config.widths.length === 1 &&
    change.candidates === config.candidates &&
    change.kernelInitializer !== config.kernelInitializer;
  return changes(config, candidateIndex, candidate)
    .map(({ title, words, config: change }): Remedy => {
      const { ratio, band } = predictCandidate(change, change.candidates[candidateIndex]!);
      return { title, words, change, before, after: ratio, band };
    })
    .filter(({ after }) => {
      // Where it overflows as it is, Infinity would be no farther from 1.
      if (!(distance(after) < Number.POSITIVE_INFINITY)) return false;
      return distance(after) <= GAIN * from && distance(after) <= from - LEAST;
    })
    .sort((a, b) => Number(comesFirst(b)) - Number(comesFirst(a)) || distance(a.after) - distance(b.after));
}

const named = (title: string, config: FlowConfig, article = ''): Change => ({
  title,
  words: `${article}${title[0]!.toLowerCase()}${title.slice(1)}`,
  config,
});

function changes(config: FlowConfig, index: number, candidate: FlowCandidate): Change[] {
  const { framework } = config;
  const own = frameworkActivation(candidate.activations[0]!, framework);
  const suited = suitedInitializer(own, framework);
  const withActivation = (name: ActivationName): Change => {
    const phi = activation(name);
    const kernelInitializer = suitedInitializer(phi, framework);
    const candidates = config.candidates.map((each, i) => (i === index ? { activations: [name] } : each));
    const title = `${phi.label} with ${formatInitializer(kernelInitializer)}`;
    return {
      title,
      words: title,
      config: { ...config, candidates, kernelInitializer },
    };
  };
  const alike = candidate.activations.every((name) => name === own.name);
  return [
    ...alternatives.filter((name) => !alike || name !== own.name).map(withActivation),
    named(`Initialiser ${formatInitializer(suited)}`, { ...config, kernelInitializer: suited }, 'the '),
    ...(config.normalisation === 'batch' ? [] : [named('Batch normalisation', { ...config, normalisation: 'batch' })]),
    ...(config.normalisation === 'layer' ? [] : [named('Layer normalisation', { ...config, normalisation: 'layer' })]),
    ...(config.residual ? [] : [named('Residual connections', { ...config, residual: true })]),
  ];
}
