import type { Activation } from '../activations/catalogue';
import { gaussianMoments } from '../activations/moments';
import type { FlowCandidate, FlowConfig } from '../calculation/config';
import { phisOf, predictCandidate, stackOfConfig } from '../calculation/predict';
import type { FlowPrediction } from '../theory/meanField';
import type { Stack } from '../theory/stack';
import { flowThresholds, wordThresholds } from './thresholds';

/** What of a prediction is worth a word beside its ratio; see {@link wordThresholds}. */
export const worthSaying = {
  dead: (zeros: number): boolean => zeros >= wordThresholds.dead,
  manyDead: (zeros: number): boolean => zeros >= wordThresholds.manyDead,
  rootMeanSquare: ({ ratio, rootMeanSquare }: Scatter): boolean =>
    ratio < wordThresholds.rootMeanSquare * rootMeanSquare,
  chance: ({ ratio, rootMeanSquare }: Scatter): boolean => ratio > 0 && ratio < wordThresholds.chance * rootMeanSquare,
} as const;

type Scatter = Pick<FlowPrediction, 'ratio' | 'rootMeanSquare'>;

/** Whether all layers learn at about one pace. */
export const isEven = (ratio: number): boolean => ratio >= flowThresholds.even[0] && ratio <= flowThresholds.even[1];

export const flowVerdictKinds = ['healthy', 'vanishing', 'exploding', 'dead'] as const;
export type FlowVerdictKind = (typeof flowVerdictKinds)[number];

/** A calculation's verdict in the word that people read. */
export const flowVerdictWord = (kind: FlowVerdictKind): string => (kind === 'healthy' ? 'flows' : kind);

/** A candidate with what is known of it. */
export interface FlowCase {
  readonly config: FlowConfig;
  readonly candidate: FlowCandidate;
  readonly phis: readonly Activation[];
  readonly stack: Stack;
  readonly prediction: FlowPrediction;
}

export const caseOf = (config: FlowConfig, candidate: FlowCandidate): FlowCase => ({
  config,
  candidate,
  phis: phisOf(config, candidate),
  stack: stackOfConfig(config, candidate),
  prediction: predictCandidate(config, candidate),
});

/** How steep φ is where a layer works. */
export interface Slope {
  /** From 1. */
  readonly layer: number;
  /** √E[φ′²] */
  readonly size: number;
  /** `size` over max|φ′|; 1 where that has no bound. */
  readonly share: number;
}

const clamp = (x: number, limit: number): number => Math.max(-limit, Math.min(limit, x));

export const slopesOf = ({ phis, prediction }: FlowCase): Slope[] =>
  prediction.layers.map(({ layer, mean, q }, l) => {
    const phi = phis[l]!;
    const size = Math.sqrt(gaussianMoments(phi, clamp(mean, 1e140), clamp(q, 1e280)).derivativeSquared);
    const largest = phi.derivativeMax.value;
    return { layer, size, share: size === 0 ? 0 : Number.isFinite(largest) ? size / largest : 1 };
  });

export const flattest = (slopes: readonly Slope[]): Slope => slopes.reduce((a, b) => (b.share < a.share ? b : a));

/**
 * Whether all kernels are constant: the units of a layer are equal and stay so, and output kernels of the same kind pass
 * nothing back, since what arrives there adds up to 0.
 */
export const hasEqualUnits = ({ layers }: Stack): boolean =>
  layers.every(({ kernelVariance, kernelMean }) => kernelVariance === 0 && kernelMean !== 0) &&
  layers.some(({ fanOut }) => fanOut > 1);

/** What a kind goes by, of a stack and of a graph alike. */
export interface Judged {
  readonly ratio: number;
  /** Share of networks born dead. */
  readonly zeros: number;
  /** χ of each layer: that none is 0 says that a ratio of 0 is only too small for a number. */
  readonly chis: readonly number[];
  /** The least √E[φ′²]/max|φ′| of a layer. */
  readonly flattest: number;
  /** Something leads around layers: a flat one does not stop a gradient then. */
  readonly bypassed: boolean;
  readonly equalUnits: boolean;
}

/** How gradients flow at the start of a training; see {@link flowThresholds}. */
export function predictedKind(of: Judged): FlowVerdictKind {
  const { ratio, zeros, chis, flattest: least, bypassed, equalUnits } = of;
  if (equalUnits || zeros >= flowThresholds.bornDead) return 'dead';
  if (ratio === 0 && !chis.every((chi) => chi > 0)) return 'dead';
  if (!bypassed && least < flowThresholds.dead) return 'dead';
  if (ratio < flowThresholds.vanishing) return 'vanishing';
  return ratio > flowThresholds.exploding ? 'exploding' : 'healthy';
}

export const kindOf = (
  { prediction: { ratio, zeros, layers }, stack }: FlowCase,
  slopes: readonly Slope[],
): FlowVerdictKind =>
  predictedKind({
    ratio,
    zeros,
    chis: layers.map(({ chi }) => chi),
    flattest: flattest(slopes).share,
    bypassed: stack.layers.some(({ residual }) => residual),
    equalUnits: hasEqualUnits(stack),
  });

/** The kind without the sentence. */
export function flowVerdictKind(config: FlowConfig, candidate: FlowCandidate): FlowVerdictKind {
  const of = caseOf(config, candidate);
  return kindOf(of, slopesOf(of));
}
