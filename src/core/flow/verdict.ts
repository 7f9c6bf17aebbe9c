import { formatInteger, formatPercent, formatPower, formatSentence } from '../format/numbers';
import type { FlowConfig } from './config';
import { type FlowCandidate, initializerName } from './configStack';
import {
  caseOf,
  type FlowCase,
  type FlowVerdictKind,
  flattest,
  flowThresholds,
  hasEqualUnits,
  isEven,
  kindOf,
  type Slope,
  slopesOf,
  worthSaying,
} from './kind';
import { firstRemedy } from './remedies';

/** What the prediction means for a training that starts there. */
export interface FlowVerdict {
  readonly kind: FlowVerdictKind;
  /** One sentence: the decisive number, why it is so, and what would help. */
  readonly text: string;
}

/** Judges one candidate's prediction; see {@link flowThresholds}. */
export function flowVerdict(config: FlowConfig, candidate: FlowCandidate): FlowVerdict {
  const of = caseOf(config, candidate);
  const slopes = slopesOf(of);
  const kind = kindOf(of, slopes);
  return { kind, text: `${sentence(kind, of, slopes)}.` };
}

function sentence(kind: FlowVerdictKind, of: FlowCase, slopes: readonly Slope[]): string {
  const { ratio, layers, zeros } = of.prediction;
  const last = layers.length;
  if (kind === 'dead') return `${deadReason(of, slopes)}; ${help(of)}`;
  if (last === 1) {
    const mends = kind === 'vanishing' || kind === 'exploding' ? `; ${help(of)}` : '';
    return `${formatSentence(ratio)} ${ratio > 1.05 ? 'times' : 'of'} the gradient that arrives at the one hidden layer passes the slopes of ${labelOf(of)} to its kernel, and there are no steps between layers in which it could vanish${bornDead(zeros)}${mends}`;
  }
  const reason = `${stepReason(of, slopes)}${bornDead(zeros)}`;
  const reaches = `the gradient at layer ${last} reaches layer 1: ${reason}`;
  switch (kind) {
    case 'vanishing':
      return `${ratio === 0 ? 'Less than 10⁻³²³' : formatSentence(ratio)} of ${reaches}; ${help(of)}`;
    case 'exploding':
      return `${Number.isFinite(ratio) ? formatSentence(ratio) : 'More than 10³⁰⁸'} times ${reaches}; ${help(of)}`;
    case 'healthy': {
      const share = `${formatSentence(ratio)} ${ratio > 1.05 ? 'times' : 'of'} ${reaches}`;
      if (!isEven(ratio)) return `${share}, which trains unevenly; ${help(of)}`;
      return worthSaying.manyDead(zeros) ? `${share}; ${help(of)}` : `${share}, which is enough to train on`;
    }
  }
}

const bornDead = (zeros: number): string =>
  worthSaying.dead(zeros)
    ? `, and ${formatPercent(zeros)} of such networks are born dead, with a layer of which no unit is on`
    : '';

/** The function's name in a sentence. */
const labelOf = ({ phis }: FlowCase): string =>
  phis.every((phi) => phi === phis[0]) ? phis[0]!.label : 'the activations';

function deadReason(of: FlowCase, slopes: readonly Slope[]): string {
  const { config, phis, prediction } = of;
  if (hasEqualUnits(of)) {
    return `Nothing can be learnt with ${initializerName(config)}: all units of a layer are the same and stay so, and what the equal output kernels pass back adds up to 0`;
  }
  const { layer, size, share } = flattest(slopes);
  const last = prediction.layers.length;
  if (share >= flowThresholds.dead) {
    const { rootMeanSquare, zeros } = prediction;
    if (rootMeanSquare > 0) {
      return `Exactly 0 of the gradient at layer ${last} reaches layer 1 in ${formatPercent(zeros)} of such networks, which are born dead: with so few units a layer of ${labelOf(of)} often has none that is on`;
    }
    return `Exactly 0 of the gradient at layer ${last} reaches layer 1: with ${initializerName(config)} the kernels pass nothing back`;
  }
  const phi = phis[layer - 1]!;
  const { slope } = prediction.layers[layer - 1]!;
  const opening = slope === 0 && size > 0 ? 'less than 10⁻³²³' : formatSentence(slope);
  const left = `${opening[0]!.toUpperCase()}${opening.slice(1)} is what the slopes of layer ${layer} leave of a gradient`;
  if (phi.derivativeMax.value === 0) return `${left}: the derivative of ${phi.label} is 0 everywhere`;
  const { mean, q } = prediction.layers[layer - 1]!;
  const place = `${formatPower(mean, 3)} ± ${formatPower(Math.sqrt(q))}`;
  const cause = config.normalisation === 'none' ? `${initializerName(config)} puts the pre-activations` : 'they lie';
  return `${left}: ${cause} at ${place}, where ${phi.label} is flat`;
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
  const steps = prediction.layers.length - 1;
  const chis = prediction.layers.slice(0, -1).map(({ chi }) => Math.log(chi));
  const mean =
    prediction.ratio > 0
      ? prediction.ratio ** (1 / steps)
      : Math.exp(chis.reduce((sum, log) => sum + log, 0) / steps / 2);
  const factor = formatPower(mean, mean > 0.9 && mean < 1.1 ? 4 : 2);
  const back =
    steps === 1
      ? `the one step back multiplies it by ${factor}`
      : `each of the ${formatInteger(steps)} steps back multiplies it by about ${factor}`;
  if (stack.layers.some(({ residual }) => residual)) {
    return `${back}, since a residual layer passes back what it receives beside what goes through its kernel`;
  }
  const passed = slopes.slice(0, -1);
  const slope = formatPower(Math.sqrt(passed.reduce((sum, { size }) => sum + size ** 2, 0) / passed.length));
  const flat = `the slope of ${labelOf(of)} is ${slope} on average`;
  if (config.normalisation === 'batch') return `${back}, since ${flat} and batch normalisation scales it up`;
  if (config.normalisation === 'layer') return `${back}, since ${flat} and layer normalisation scales it`;
  const gains = stack.layers
    .slice(1)
    .map(({ fanIn, kernelVariance, kernelMean }) => fanIn * (kernelVariance + kernelMean ** 2));
  const gain = Math.sqrt(gains.reduce((sum, x) => sum + x, 0) / gains.length);
  return `${back}, since ${flat} and kernels of ${initializerName(config)} multiply by ${formatPower(gain)}`;
}

/** The first of the remedies, as the list beneath has it. */
function help(of: FlowCase): string {
  const { config, candidate } = of;
  const first = firstRemedy({ ...config, candidates: [candidate] }, 0);
  if (first === undefined) return of.phis.length === 1 ? 'no other start is known to help' : 'fewer layers would help';
  return of.phis.length === 1
    ? `${first.words} lets it through`
    : `${first.words} would leave ${formatPower(first.after)}`;
}
