import { type ActivationName, activation as catalogueEntry } from '../activations/catalogue';
import { flowOfExperiment } from '../calculation/fromExperiment';
import { DIGIT_PIXELS } from '../calculation/inputs';
import { predictCandidate } from '../calculation/predict';
import { type ExperimentConfig, limits } from '../experiment/config';
import { formatInitializer, type Initializer, initializerMoments } from '../initializers/initializer';
import type { VerdictKind } from '../runs/verdictKinds';
import { flowVerdictKind, isEven } from '../verdicts/predicted';
import type { RunRemedy } from '../verdicts/verdict';
import { remedies } from './flowRemedies';

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

/** ‖ΔW‖/‖W‖ of a step within which weights neither jump nor rest (DeepDiagnosis has 10⁻⁵ for the lower end). */
const STEPS = [1e-4, 0.1] as const;

/** The one change of a run's settings to try first; undefined where none is known, or none is needed. */
export function remedyOf(of: Case): RunRemedy | undefined {
  switch (of.kind) {
    case 'started':
    case 'healthy':
      return undefined;
    case 'symmetric':
    case 'saturated':
    case 'exploding':
      return betterWeights(of) ?? fewerLayers(of);
    case 'vanishing':
      return betterWeights(of) ?? fewerLayers(of);
    case 'diverged':
      return of.fromStart ? (betterWeights(of) ?? fewerLayers(of)) : rate(of, 0.1);
    case 'dying':
      return of.fromStart ? againstBirthDeath(of) : (rate(of, 0.1) ?? fitting(of));
    case 'stalled':
      return of.fromStart ? (betterWeights(of) ?? rate(of, 0.1)) : anotherPace(of);
  }
}

/** Whether two initialisers draw kernels of the same mean and variance, as he_normal and he_uniform do. */
function drawAlike(a: Initializer, b: Initializer, { hidden }: ExperimentConfig): boolean {
  return hidden.every((fanOut, l) => {
    const fanIn = hidden[l - 1] ?? DIGIT_PIXELS;
    const [one, other] = [a, b].map((each) => initializerMoments(each, fanIn, fanOut)) as [Moments, Moments];
    const scale = Math.max(one.variance, other.variance);
    return Math.abs(one.variance - other.variance) <= 0.01 * scale && one.mean === other.mean;
  });
}
type Moments = ReturnType<typeof initializerMoments>;

/** The activation's own initialiser, where the run has another. */
function fitting({ activation, config }: Case): RunRemedy | undefined {
  const kind = catalogueEntry(activation).fittingInitializer;
  return drawAlike({ kind }, config.kernelInitializer, config)
    ? undefined
    : { words: kind, config: { ...config, kernelInitializer: { kind } } };
}

/** Another activation in its place, with the initialiser that goes with it; not one that the run has so already. */
function swap({ activation, config }: Case, to: ActivationName, wanted: Initializer): RunRemedy | undefined {
  const same = drawAlike(wanted, config.kernelInitializer, config);
  if (same && config.activations.includes(to)) return undefined;
  const { label } = catalogueEntry(to);
  return {
    words: same ? label : `${label} with ${formatInitializer(wanted)}`,
    config: {
      ...config,
      activations: [...new Set(config.activations.map((name) => (name === activation ? to : name)))],
      kernelInitializer: same ? config.kernelInitializer : wanted,
    },
  };
}

/** The fitting initialiser where it is predicted to do, else what the calculator ranks first of what a run can have. */
function betterWeights(of: Case): RunRemedy | undefined {
  const own = fitting(of);
  const flow = flowOfExperiment({ ...of.config, activations: [of.activation] });
  if (own !== undefined) {
    const change = { ...flow, kernelInitializer: own.config.kernelInitializer };
    const candidate = change.candidates[0]!;
    if (isEven(predictCandidate(change, candidate).ratio) && flowVerdictKind(change, candidate) !== 'dead') return own;
  }
  for (const { change } of remedies(flow, 0)) {
    const name = change.candidates[0]!.activations[0]!;
    const { kernelInitializer, normalisation, residual } = change;
    if (kernelInitializer === null || normalisation !== flow.normalisation || residual !== flow.residual) continue;
    const found = name === of.activation ? own : swap(of, name, kernelInitializer);
    if (found !== undefined) return found;
  }
  return own;
}

/**
 * Units that are dead at the first batch: kernels with a mean push them there, and the fitting ones do not. Without a
 * mean no scale helps, only a slope on both sides.
 */
function againstBirthDeath(of: Case): RunRemedy | undefined {
  const fits = catalogueEntry('leaky_relu').fittingInitializer;
  const pushed = initializerMoments(of.config.kernelInitializer, 1, 1).mean !== 0;
  return (pushed ? fitting(of) : undefined) ?? swap(of, 'leaky_relu', { kind: fits }) ?? fewerLayers(of);
}

/** Steps of another size, or weights of another; what the size of the steps says comes first. */
function anotherPace(of: Case): RunRemedy | undefined {
  if (of.updateRatio > STEPS[1]) return rate(of, 0.1);
  if (of.updateRatio < STEPS[0]) return rate(of, 10);
  return fitting(of) ?? rate(of, of.lossAboveGuess ? 0.1 : 10);
}

function rate({ config }: Case, factor: number): RunRemedy | undefined {
  const { min, max } = limits.learningRate;
  const learningRate = Math.min(max, Math.max(min, Number((config.learningRate * factor).toPrecision(3))));
  return learningRate === config.learningRate
    ? undefined
    : { words: `a learning rate of ${learningRate}`, config: { ...config, learningRate } };
}

/** Half as many. */
function fewerLayers({ config }: Case): RunRemedy | undefined {
  const count = Math.ceil(config.hidden.length / 2);
  if (count === config.hidden.length) return undefined;
  return {
    words: count === 1 ? 'one hidden layer' : `${count} hidden layers`,
    config: { ...config, hidden: config.hidden.slice(0, count) },
  };
}
