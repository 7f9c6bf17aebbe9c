import type { Activation } from '../activations/catalogue';
import { gaussianMoments } from '../activations/moments';
import type { FlowCandidate, FlowConfig } from '../calculation/config';
import { phisOf, predictCandidate, stackOfConfig } from '../calculation/predict';
import type { FlowPrediction } from '../theory/meanField';
import type { Stack } from '../theory/stack';

/** When a stack counts as ill. */
export const flowThresholds = {
  /** ‖δ¹‖/‖δ^L‖ below which AutoTrainer (ICSE 2021) would call the first layer's gradient vanishing… */
  vanishing: 1e-3,
  /** …and above which exploding. */
  exploding: 70,
  /** √E[φ′²]/max|φ′| below which a layer is flat: a thousandth, as for vanishing. */
  dead: 1e-3,
} as const;

/** What of a prediction is worth a word beside its ratio. */
export const worthSaying = {
  /** Share of networks born dead. */
  dead: (zeros: number): boolean => zeros >= 0.01,
  /** A share of them that is no start to train on. */
  manyDead: (zeros: number): boolean => zeros >= 0.1,
  /** The root mean square stands beside the typical network's number… */
  rootMeanSquare: ({ ratio, rootMeanSquare }: Scatter): boolean => ratio < 0.9 * rootMeanSquare,
  /** …and below this share of it, the sentence puts the difference down to chance. */
  chance: ({ ratio, rootMeanSquare }: Scatter): boolean => ratio > 0 && ratio < 0.7 * rootMeanSquare,
} as const;

type Scatter = Pick<FlowPrediction, 'ratio' | 'rootMeanSquare'>;

/** ‖δ¹‖/‖δ^L‖ within which all layers learn at about one pace; a change is worth naming where it leads here. */
const EVEN = [0.02, 20] as const;

export const isEven = (ratio: number): boolean => ratio >= EVEN[0] && ratio <= EVEN[1];

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

/** Whether a ratio of 0 is only too small for a number: no single step passes nothing. */
const underflows = ({ prediction }: FlowCase): boolean => prediction.layers.every(({ chi }) => chi > 0);

/**
 * Whether all kernels are constant: the units of a layer are equal and stay so, and output kernels of the same kind pass
 * nothing back, since what arrives there adds up to 0.
 */
export const hasEqualUnits = ({ stack }: FlowCase): boolean =>
  stack.layers.every(({ kernelVariance, kernelMean }) => kernelVariance === 0 && kernelMean !== 0) &&
  stack.layers.some(({ fanOut }) => fanOut > 1);

/** See {@link flowThresholds}. */
export function kindOf(of: FlowCase, slopes: readonly Slope[]): FlowVerdictKind {
  if (hasEqualUnits(of)) return 'dead';
  const { ratio, zeros } = of.prediction;
  const bypassed = of.stack.layers.some(({ residual }) => residual);
  if (zeros >= 0.5 || (ratio === 0 && !underflows(of)) || (!bypassed && flattest(slopes).share < flowThresholds.dead))
    return 'dead';
  if (ratio < flowThresholds.vanishing) return 'vanishing';
  return ratio > flowThresholds.exploding ? 'exploding' : 'healthy';
}

/** The kind without the sentence. */
export function flowVerdictKind(config: FlowConfig, candidate: FlowCandidate): FlowVerdictKind {
  const of = caseOf(config, candidate);
  return kindOf(of, slopesOf(of));
}
