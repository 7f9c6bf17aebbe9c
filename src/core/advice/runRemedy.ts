import type { ActivationName } from '../activations/catalogue';
import type { FlowConfig } from '../calculation/config';
import { flowOfExperiment } from '../calculation/fromExperiment';
import { modelOf } from '../calculation/model';
import type { ExperimentConfig } from '../experiment/config';
import { initializerMoments } from '../initializers/initializer';
import type { VerdictKind } from '../runs/verdictKinds';
import { isEven } from '../verdicts/predicted';
import { remedyThresholds } from '../verdicts/thresholds';
import type { RunRemedy } from '../verdicts/verdict';
import { type FlowRemedy, firstRemedy } from './flowRemedies';
import { swapTo } from './remedies/anotherActivation';
import type { Change } from './remedies/change';
import { fewerLayers } from './remedies/fewerLayers';
import { learningRate } from './remedies/learningRate';
import type { RemedyKind } from './remedies/remedy';
import { changeInWords, inRun } from './remedies/settings';
import { type Pace, type Subject, subjectOf } from './remedies/subject';
import { suitedInitializer } from './remedies/suitedInitializer';

/** What is known of a network that ails. */
export interface Case {
  readonly kind: VerdictKind;
  readonly activation: ActivationName;
  readonly config: ExperimentConfig;
  /** It was so before the first update: no learning rate is to blame. */
  readonly fromStart: boolean;
  /** Largest ‖ΔW‖/‖W‖ of a layer; NaN where nothing is known. */
  readonly updateRatio: number;
  /** The loss is well above that of guessing. */
  readonly lossAboveGuess: boolean;
}

const { rate: RATE, steps: STEPS } = remedyThresholds;

/** The one change of a run's settings to try first; undefined where none is known, or none is needed. */
export function remedyOf(of: Case): RunRemedy | undefined {
  switch (of.kind) {
    case 'started':
    case 'healthy':
      return undefined;
    case 'symmetric':
      return anotherInitializer(of) ?? betterStart(of);
    case 'saturated':
    case 'exploding':
    case 'vanishing':
      return betterStart(of);
    case 'diverged':
      return of.fromStart ? betterStart(of) : pace(of, 1 / RATE);
    case 'dying':
      return of.fromStart ? againstBirthDeath(of) : (pace(of, 1 / RATE) ?? offered(of, suitedInitializer));
    case 'stalled':
      return of.fromStart ? (betterWeights(of) ?? pace(of, 1 / RATE)) : anotherPace(of);
  }
}

/** The calculation of the network alone. */
const flowOf = ({ config, activation }: Case): FlowConfig => flowOfExperiment({ ...config, activations: [activation] });

const subjectFor = (of: Case, measured?: Pace): Subject => {
  const flow = flowOf(of);
  return subjectOf(modelOf(flow, flow.candidates[0]!), measured);
};

/** A change that a run can say and has not made already. */
function made({ config, activation }: Case, change: Change): RunRemedy | undefined {
  const changed = inRun(config, change, activation);
  if (changed === undefined || JSON.stringify(changed) === JSON.stringify(config)) return undefined;
  // Another activation that is trained beside it, with the same weights, is no news.
  if (changed.activations.length < config.activations.length && change.kernelInitializers === undefined)
    return undefined;
  return { words: changeInWords(change).short, config: changed };
}

/** What a kind of remedy has for the network, whatever is predicted of it. */
function offered(of: Case, { changes }: RemedyKind, measured?: Pace): RunRemedy | undefined {
  for (const change of changes(subjectFor(of, measured))) {
    const found = made(of, change);
    if (found !== undefined) return found;
  }
  return undefined;
}

const pace = (of: Case, factor: number): RunRemedy | undefined =>
  offered(of, learningRate, { learningRate: of.config.learningRate, factor });

/** A run is judged at every epoch's end; what is predicted of its settings stays the same. */
const predicted = new WeakMap<ExperimentConfig, Map<string, FlowRemedy | undefined>>();

/** The first of the calculator's list that a run can say and that changes weights; of other activations only where `any`. */
function firstOfWeights(of: Case, any = true): FlowRemedy | undefined {
  const known = predicted.get(of.config) ?? new Map<string, FlowRemedy | undefined>();
  predicted.set(of.config, known);
  const key = `${of.activation} ${any}`;
  if (!known.has(key)) {
    const isOffered = (change: Change) =>
      change.hiddenLayers === undefined && (any || change.activation === undefined) && made(of, change) !== undefined;
    known.set(key, firstRemedy(flowOf(of), 0, isOffered));
  }
  return known.get(key);
}

/** Equal units are the initialiser's doing alone: another one in its place, where that is predicted to do. */
function anotherInitializer(of: Case): RunRemedy | undefined {
  const first = firstOfWeights(of, false);
  return first !== undefined && isEven(first.after) ? made(of, first.change) : undefined;
}

/** What is predicted to help most; where nothing is, the initialiser that suits. */
function betterWeights(of: Case): RunRemedy | undefined {
  const first = firstOfWeights(of);
  return first === undefined ? offered(of, suitedInitializer) : made(of, first.change);
}

const betterStart = (of: Case): RunRemedy | undefined => betterWeights(of) ?? offered(of, fewerLayers);

/**
 * Units that are dead at the first batch: kernels with a mean push them there, and the fitting ones do not. Without a
 * mean no scale helps, only a slope on both sides.
 */
function againstBirthDeath(of: Case): RunRemedy | undefined {
  const pushed = initializerMoments(of.config.kernelInitializer, 1, 1).mean !== 0;
  return (
    (pushed ? offered(of, suitedInitializer) : undefined) ??
    made(of, swapTo(subjectFor(of), 'leaky_relu')) ??
    offered(of, fewerLayers)
  );
}

/** Steps of another size, or weights of another; what the size of the steps says comes first. */
function anotherPace(of: Case): RunRemedy | undefined {
  if (of.updateRatio > STEPS[1]) return pace(of, 1 / RATE);
  if (of.updateRatio < STEPS[0]) return pace(of, RATE);
  return offered(of, suitedInitializer) ?? pace(of, of.lossAboveGuess ? 1 / RATE : RATE);
}
