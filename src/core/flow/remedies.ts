import { type ActivationName, activation } from '../activations/catalogue';
import { formatInitializer } from '../initializers/initializer';
import type { FlowConfig } from './config';
import { type FlowCandidate, frameworkActivation, predictCandidate, suitedInitializer } from './configStack';
import type { Band } from './meanField';
import { flowVerdictKind } from './verdict';

/** A change of the network that is predicted to bring ‖δ¹‖/‖δ^L‖ nearer to 1. */
export interface Remedy {
  /** "ReLU with he_normal", "Batch normalisation". */
  readonly title: string;
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
  readonly config: FlowConfig;
}

/**
 * What would bring more of the gradient to a candidate's first layer, or less where it explodes: the best first. Changes
 * that do not help are left out, and so are those after which a layer is still flat. The prediction alone ranks them:
 * what else an activation is good for is not its subject.
 */
export function remedies(config: FlowConfig, candidateIndex: number): Remedy[] {
  const candidate = config.candidates[candidateIndex];
  if (!candidate)
    throw new RangeError(`there is no candidate ${candidateIndex}; expected 0 to ${config.candidates.length - 1}.`);
  const before = predictCandidate(config, candidate).ratio;
  const dead = flowVerdictKind(config, candidate) === 'dead';
  const from = dead ? Number.POSITIVE_INFINITY : distance(before);
  return changes(config, candidateIndex, candidate)
    .map(({ title, config: change }): Remedy => {
      const { ratio, band } = predictCandidate(change, change.candidates[candidateIndex]!);
      return { title, change, before, after: ratio, band };
    })
    .filter(({ after, change }) => {
      // Where it overflows as it is, Infinity would be no farther from 1.
      if (!(distance(after) < Number.POSITIVE_INFINITY)) return false;
      if (!(distance(after) <= GAIN * from && distance(after) <= from - LEAST)) return false;
      return flowVerdictKind(change, change.candidates[candidateIndex]!) !== 'dead';
    })
    .sort((a, b) => distance(a.after) - distance(b.after));
}

function changes(config: FlowConfig, index: number, candidate: FlowCandidate): Change[] {
  const { framework } = config;
  const own = frameworkActivation(candidate.activations[0]!, framework);
  const suited = suitedInitializer(own, framework);
  const withActivation = (name: ActivationName): Change => {
    const phi = activation(name);
    const kernelInitializer = suitedInitializer(phi, framework);
    const candidates = config.candidates.map((each, i) => (i === index ? { activations: [name] } : each));
    return {
      title: `${phi.label} with ${formatInitializer(kernelInitializer)}`,
      config: { ...config, candidates, kernelInitializer },
    };
  };
  const alike = candidate.activations.every((name) => name === own.name);
  return [
    ...alternatives.filter((name) => !alike || name !== own.name).map(withActivation),
    { title: `Initialiser ${formatInitializer(suited)}`, config: { ...config, kernelInitializer: suited } },
    ...(config.normalisation === 'batch'
      ? []
      : [{ title: 'Batch normalisation', config: { ...config, normalisation: 'batch' as const } }]),
    ...(config.normalisation === 'layer'
      ? []
      : [{ title: 'Layer normalisation', config: { ...config, normalisation: 'layer' as const } }]),
    ...(config.residual ? [] : [{ title: 'Residual connections', config: { ...config, residual: true } }]),
  ];
}
