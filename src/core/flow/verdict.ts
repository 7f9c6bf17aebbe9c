import type { Activation } from '../activations/catalogue';
import { gaussianMoments } from '../activations/moments';
import { formatInteger, formatPower, formatSentence } from '../format/numbers';
import type { FlowConfig } from './config';
import {
  type FlowCandidate,
  initializerName,
  phisOf,
  predictCandidate,
  stackOfConfig,
  suitedInitializer,
} from './configStack';
import type { FlowPrediction } from './meanField';
import type { Stack } from './stack';

/** When a stack counts as ill. */
export const flowThresholds = {
  /** ‖δ¹‖/‖δ^L‖ below which AutoTrainer (ICSE 2021) would call the first layer's gradient vanishing… */
  vanishing: 1e-3,
  /** …and above which exploding. */
  exploding: 70,
  /** √E[φ′²]/max|φ′| below which a layer is flat: a thousandth, as for vanishing. */
  dead: 1e-3,
} as const;

/** ‖δ¹‖/‖δ^L‖ within which all layers learn at about one pace; a change is worth naming where it leads here. */
const EVEN = [0.02, 20] as const;

export const flowVerdictKinds = ['healthy', 'vanishing', 'exploding', 'dead'] as const;
export type FlowVerdictKind = (typeof flowVerdictKinds)[number];

/** What the prediction means for a training that starts there. */
export interface FlowVerdict {
  readonly kind: FlowVerdictKind;
  /** One sentence: the decisive number, why it is so, and what would help. */
  readonly text: string;
}

/** A candidate with what is known of it. */
interface Case {
  readonly config: FlowConfig;
  readonly candidate: FlowCandidate;
  readonly phis: readonly Activation[];
  readonly stack: Stack;
  readonly prediction: FlowPrediction;
}

const caseOf = (config: FlowConfig, candidate: FlowCandidate): Case => ({
  config,
  candidate,
  phis: phisOf(config, candidate),
  stack: stackOfConfig(config, candidate),
  prediction: predictCandidate(config, candidate),
});

/** How steep φ is where a layer works. */
interface Slope {
  /** From 1. */
  readonly layer: number;
  /** √E[φ′²] */
  readonly size: number;
  /** `size` over max|φ′|; 1 where that has no bound. */
  readonly share: number;
}

const clamp = (x: number, limit: number): number => Math.max(-limit, Math.min(limit, x));

const slopesOf = ({ phis, prediction }: Case): Slope[] =>
  prediction.layers.map(({ layer, mean, q }, l) => {
    const phi = phis[l]!;
    const size = Math.sqrt(gaussianMoments(phi, clamp(mean, 1e140), clamp(q, 1e280)).derivativeSquared);
    const largest = phi.derivativeMax.value;
    return { layer, size, share: size === 0 ? 0 : Number.isFinite(largest) ? size / largest : 1 };
  });

const flattest = (slopes: readonly Slope[]): Slope => slopes.reduce((a, b) => (b.share < a.share ? b : a));

/** Whether a ratio of 0 is only too small for a number: no single step passes nothing. */
const underflows = ({ prediction }: Case): boolean => prediction.layers.every(({ chi }) => chi > 0);

function kindOf(of: Case, slopes: readonly Slope[]): FlowVerdictKind {
  const { ratio } = of.prediction;
  const bypassed = of.stack.layers.some(({ residual }) => residual);
  if ((ratio === 0 && !underflows(of)) || (!bypassed && flattest(slopes).share < flowThresholds.dead)) return 'dead';
  if (ratio < flowThresholds.vanishing) return 'vanishing';
  return ratio > flowThresholds.exploding ? 'exploding' : 'healthy';
}

/** The kind without the sentence. */
export function flowVerdictKind(config: FlowConfig, candidate: FlowCandidate): FlowVerdictKind {
  const of = caseOf(config, candidate);
  return kindOf(of, slopesOf(of));
}

/** Judges one candidate's prediction; see {@link flowThresholds}. */
export function flowVerdict(config: FlowConfig, candidate: FlowCandidate): FlowVerdict {
  const of = caseOf(config, candidate);
  const slopes = slopesOf(of);
  const kind = kindOf(of, slopes);
  return { kind, text: `${sentence(kind, of, slopes)}.` };
}

function sentence(kind: FlowVerdictKind, of: Case, slopes: readonly Slope[]): string {
  const { ratio, layers } = of.prediction;
  const last = layers.length;
  if (kind === 'dead') return `${deadReason(of, slopes)}; ${help(of)}`;
  if (last === 1) {
    return `${formatSentence(slopes[0]!.size)} is what the slopes of ${labelOf(of)} leave of a gradient in the one hidden layer, and there are no steps between layers in which it could vanish`;
  }
  const reason = stepReason(of, slopes);
  const reaches = `the gradient at layer ${last} reaches layer 1: ${reason}`;
  switch (kind) {
    case 'vanishing':
      return `${ratio === 0 ? 'Less than 10⁻³²³' : formatSentence(ratio)} of ${reaches}; ${help(of)}`;
    case 'exploding':
      return `${Number.isFinite(ratio) ? formatSentence(ratio) : 'More than 10³⁰⁸'} times ${reaches}; ${help(of)}`;
    case 'healthy': {
      const share = `${formatSentence(ratio)} ${ratio > 1.05 ? 'times' : 'of'} ${reaches}`;
      return ratio < EVEN[0] || ratio > EVEN[1]
        ? `${share}, which trains unevenly; ${help(of)}`
        : `${share}, which is enough to train on`;
    }
  }
}

/** The function's name in a sentence. */
const labelOf = ({ phis }: Case): string => (phis.every((phi) => phi === phis[0]) ? phis[0]!.label : 'the activations');

function deadReason({ config, phis, prediction }: Case, slopes: readonly Slope[]): string {
  const { layer, size, share } = flattest(slopes);
  const last = prediction.layers.length;
  if (share >= flowThresholds.dead) {
    return `Exactly 0 of the gradient at layer ${last} reaches layer 1: with ${initializerName(config)} the kernels pass nothing back`;
  }
  const phi = phis[layer - 1]!;
  const opening = formatSentence(size);
  const left = `${opening[0]!.toUpperCase()}${opening.slice(1)} is what the slopes of layer ${layer} leave of a gradient`;
  if (phi.derivativeMax.value === 0) return `${left}: the derivative of ${phi.label} is 0 everywhere`;
  const { mean, q } = prediction.layers[layer - 1]!;
  const place = `${formatPower(mean, 3)} ± ${formatPower(Math.sqrt(q))}`;
  const cause = config.normalisation === 'none' ? `${initializerName(config)} puts the pre-activations` : 'they lie';
  return `${left}: ${cause} at ${place}, where ${phi.label} is flat`;
}

/** Why a step back multiplies a gradient by what it does. */
function stepReason(of: Case, slopes: readonly Slope[]): string {
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

/** The simplest change that is predicted to make the stack healthy. */
function help(of: Case): string {
  const { config, candidate } = of;
  const own = labelOf(of);
  const suited = suitedInitializer(of.phis[0]!, config.framework);
  const tries: readonly { text: string; config: FlowConfig; candidate: FlowCandidate }[] = [
    { text: `${own} with ${suited.kind}`, config: { ...config, kernelInitializer: suited }, candidate },
    {
      text: 'tanh with glorot_uniform',
      config: { ...config, kernelInitializer: { kind: 'glorot_uniform' } },
      candidate: { activations: ['tanh'] },
    },
    {
      text: 'ReLU with he_uniform',
      config: { ...config, kernelInitializer: { kind: 'he_uniform' } },
      candidate: { activations: ['relu'] },
    },
    { text: `${own} with residual connections`, config: { ...config, residual: true }, candidate },
    { text: `${own} with batch normalisation`, config: { ...config, normalisation: 'batch' }, candidate },
  ];
  for (const each of tries) {
    const { ratio } = predictCandidate(each.config, each.candidate);
    if (ratio < EVEN[0] || ratio > EVEN[1]) continue;
    if (flowVerdictKind(each.config, each.candidate) === 'dead') continue;
    return of.phis.length === 1 ? `${each.text} lets it through` : `${each.text} would leave ${formatPower(ratio)}`;
  }
  return 'fewer layers would help';
}
