import type { FlowCandidate, FlowConfig } from '../calculation/config';
import { kernelName } from '../calculation/predict';
import { formatInteger, formatPercent, formatPower, formatSentence } from '../format/numbers';
import { hiddenLayerInWords } from '../runs/layerWords';
import {
  caseOf,
  type FlowCase,
  type FlowVerdictKind,
  flattest,
  hasEqualUnits,
  isEven,
  kindOf,
  type Slope,
  slopesOf,
  worthSaying,
} from '../verdicts/predicted';
import { flowThresholds } from '../verdicts/thresholds';
import { amountOf, stepsBack, timesOrOf } from './amounts';
import { firstRemedy } from './flowRemedies';
import { helpInWords } from './help';
import { unitsPlace } from './unitsPlace';

/** What the prediction means for a training that starts there. */
export interface FlowVerdict {
  readonly kind: FlowVerdictKind;
  /** All of it in one sentence: the decisive number, why it is so, and what would help. */
  readonly text: string;
  /** The sentence without its reason. */
  readonly head: string;
  /** The reason in a sentence of its own, for those who ask why. */
  readonly why: string;
}

/** Judges one candidate's prediction; see {@link flowThresholds}. */
export function flowVerdict(config: FlowConfig, candidate: FlowCandidate): FlowVerdict {
  const of = caseOf(config, candidate);
  const slopes = slopesOf(of);
  const kind = kindOf(of, slopes);
  const { what, before = ': ', why, born = 0, so = '', helped = '' } = said(kind, of, slopes);
  return {
    kind,
    text: `${what}${so}${before}${why}${bornDead(born)}${helped}.`,
    head: `${what}${so}${bornDead(born, '')}${helped}.`,
    why: `${why[0]!.toUpperCase()}${why.slice(1)}${bornDead(born)}.`,
  };
}

/** The parts of a sentence. */
interface Said {
  /** With the decisive number. */
  readonly what: string;
  /** Between it and the reason. */
  readonly before?: string;
  readonly why: string;
  /** The share of networks born dead. */
  readonly born?: number;
  /** What follows from it. */
  readonly so?: string;
  readonly helped?: string;
}

/** The calculation of one candidate. */
const alone = ({ config, candidate }: FlowCase): FlowConfig => ({ ...config, candidates: [candidate] });

function said(kind: FlowVerdictKind, of: FlowCase, slopes: readonly Slope[]): Said {
  const { ratio, layers, zeros } = of.prediction;
  const last = layers.length;
  const helped = () => `; ${helpInWords(firstRemedy(alone(of), 0), last)}`;
  if (kind === 'dead') return { ...deadReason(of, slopes), helped: helped() };
  if (last === 1) {
    const mends = kind === 'vanishing' || kind === 'exploding';
    return {
      what: `${formatSentence(ratio)} ${timesOrOf(ratio)} the gradient that arrives at the one hidden layer passes the slopes of ${labelOf(of)} to its kernel`,
      before: ', and ',
      why: 'there are no steps between layers in which it could vanish',
      born: zeros,
      ...(mends ? { helped: helped() } : {}),
    };
  }
  const reaches = `the gradient at ${hiddenLayerInWords(last, last)} reaches ${hiddenLayerInWords(1, last)}`;
  const reason = { why: stepReason(of, slopes), born: zeros };
  switch (kind) {
    case 'vanishing':
      return {
        what: `${amountOf(ratio)} of ${reaches}`,
        ...reason,
        helped: helped(),
      };
    case 'exploding':
      return {
        what: `${amountOf(ratio)} times ${reaches}`,
        ...reason,
        helped: helped(),
      };
    case 'healthy': {
      const healthy = { what: `${formatSentence(ratio)} ${timesOrOf(ratio)} ${reaches}`, ...reason };
      if (!isEven(ratio)) return { ...healthy, so: ', which trains unevenly', helped: helped() };
      return worthSaying.manyDead(zeros)
        ? { ...healthy, helped: helped() }
        : { ...healthy, so: ', which is enough to train on' };
    }
  }
}

const bornDead = (zeros: number, how = ', with a layer of which no unit is on'): string =>
  worthSaying.dead(zeros) ? `, and ${formatPercent(zeros)} of such networks are born dead${how}` : '';

/** The function's name in a sentence. */
const labelOf = ({ phis }: FlowCase): string =>
  phis.every((phi) => phi === phis[0]) ? phis[0]!.label : 'the activations';

function deadReason(of: FlowCase, slopes: readonly Slope[]): Pick<Said, 'what' | 'why'> {
  const { config, phis, prediction } = of;
  if (hasEqualUnits(of.stack)) {
    return {
      what: `Nothing can be learnt with ${kernelName(config)}`,
      why: 'all units of a layer are the same and stay so, and what the equal output kernels pass back adds up to 0',
    };
  }
  const { layer, size, share } = flattest(slopes);
  if (share >= flowThresholds.dead) {
    const { rootMeanSquare, zeros, layers } = prediction;
    const what = `Exactly 0 of the gradient at ${hiddenLayerInWords(layers.length, layers.length)} reaches ${hiddenLayerInWords(1, layers.length)}`;
    if (rootMeanSquare > 0) {
      return {
        what: `${what} in ${formatPercent(zeros)} of such networks, which are born dead`,
        why: `with so few units a layer of ${labelOf(of)} often has none that is on`,
      };
    }
    return { what, why: `with ${kernelName(config)} the kernels pass nothing back` };
  }
  const phi = phis[layer - 1]!;
  const { slope } = prediction.layers[layer - 1]!;
  const opening = slope === 0 && size > 0 ? 'less than 10⁻³²³' : formatSentence(slope);
  const what = `${opening[0]!.toUpperCase()}${opening.slice(1)} is what the slopes of ${hiddenLayerInWords(layer, phis.length)} leave of a gradient`;
  if (phi.derivativeMax.value === 0) return { what, why: `the derivative of ${phi.label} is 0 everywhere` };
  const { mean, q } = prediction.layers[layer - 1]!;
  const place = unitsPlace(mean, q);
  const cause = config.normalisation === 'none' ? `${kernelName(config)} puts the pre-activations` : 'they lie';
  return { what, why: `${cause} at ${place}, where ${phi.label} is flat` };
}

/** What the draws of single units cost the typical network; the root mean square, which others carry, knows nothing of it. */
function chance({ prediction, stack }: FlowCase): string {
  const { ratio, rootMeanSquare, layers } = prediction;
  if (!worthSaying.chance(prediction)) return '';
  const each = (ratio / rootMeanSquare) ** (1 / (layers.length - 1));
  const least = Math.min(...stack.layers.map(({ fanOut }) => fanOut));
  return `, and in layers of ${formatInteger(least)} ${least === 1 ? 'unit' : 'units'} chance costs a typical network a further ${formatPower(each, each > 0.9 ? 4 : 2)}`;
}

/** Why a step back multiplies a gradient by what it does. */
const stepReason = (of: FlowCase, slopes: readonly Slope[]): string => `${meanReason(of, slopes)}${chance(of)}`;

function meanReason(of: FlowCase, slopes: readonly Slope[]): string {
  const { config, stack, prediction } = of;
  const chis = prediction.layers.map(({ chi }) => chi);
  const back = stepsBack(prediction.ratio, chis);
  if (stack.layers.some(({ residual }) => residual)) {
    return `${back}, since a residual layer passes back what it receives beside what goes through its kernel`;
  }
  const passed = slopes.slice(0, -1);
  const slope = formatPower(Math.sqrt(passed.reduce((sum, { size }) => sum + size ** 2, 0) / passed.length));
  const flat = `the root mean square slope of ${labelOf(of)} is ${slope}`;
  if (config.normalisation === 'batch') return `${back}, since ${flat} and batch normalisation scales it up`;
  if (config.normalisation === 'layer') return `${back}, since ${flat} and layer normalisation scales it`;
  const gains = stack.layers
    .slice(1)
    .map(({ fanIn, kernelVariance, kernelMean }) => fanIn * (kernelVariance + kernelMean ** 2));
  const gain = Math.sqrt(gains.reduce((sum, x) => sum + x, 0) / gains.length);
  return `${back}, since ${flat} and kernels of ${kernelName(config)} multiply by ${formatPower(gain)}`;
}
