import {
  exponentialFactorOf,
  type GaussianMoments,
  gaussianExpectations,
  gaussianMoments,
} from '../activations/moments';
import type { DenseLayer, FlowActivation, Stack } from './stack';

/** Stands in for larger moments, so that Infinity is reported where it arises and never becomes NaN further on. */
const LARGEST = 1e280;
const LARGEST_MEAN = 1e140;

export const capped = (x: number): number => Math.max(-LARGEST, Math.min(LARGEST, x));

/** E[a] and E[a²] of one component. */
export interface Signal {
  readonly mean: number;
  readonly square: number;
}

/** The forward pass at one layer. */
export interface Forward {
  readonly layer: DenseLayer;
  /** Common to the units, at φ's input. */
  readonly mean: number;
  /** Variance over the units, at φ's input. */
  readonly q: number;
  /** By how much the mean scatters over samples, where they differ in theirs and the kernel adds them up. */
  readonly meanDeviation: number;
  readonly moments: GaussianMoments;
  readonly couplings: Couplings;
  readonly input: Signal;
  /** With dropout, and with what a residual layer adds. */
  readonly output: Signal;
  /** By what the normalisation divides the linear output, squared. */
  readonly divisor: number;
}

/** The layers' moments, from the input on; finite but for mean and q. The stack is one that {@link checkStack} lets pass. */
export function propagate(stack: Stack): Forward[] {
  let signal: Signal = { mean: stack.inputMean ?? 0, square: stack.inputVariance };
  return stack.layers.map((layer, l) => {
    const input = signal;
    const { mean, q, divisor } = preActivation(layer, input);
    const moments = momentsAt(layer.phi, mean, q);
    const value = limited(moments.value);
    const square = capped(moments.valueSquared) / layer.keep;
    signal = layer.residual
      ? // z is independent of the component that it is added to.
        signalOf(input.mean + value, input.square + 2 * input.mean * value + square)
      : signalOf(value, square);
    const meanDeviation =
      l === 0 && layer.normalisation === 'none'
        ? Math.abs(limited(layer.fanIn * layer.kernelMean * input.mean)) * (stack.inputMeanSpread ?? 0)
        : 0;
    return {
      layer,
      mean,
      q,
      meanDeviation,
      moments,
      couplings: couplingsAt(layer.phi, mean, q),
      input,
      output: signal,
      divisor,
    };
  });
}

const limited = (mean: number): number => Math.max(-LARGEST_MEAN, Math.min(LARGEST_MEAN, mean));

function signalOf(mean: number, square: number): Signal {
  const m = limited(mean);
  return { mean: m, square: Math.max(m * m, capped(square)) };
}

function preActivation(layer: DenseLayer, input: Signal): { mean: number; q: number; divisor: number } {
  const { fanIn, kernelMean, kernelVariance, biasVariance, normalisation } = layer;
  const scatter = Math.max(0, input.square - input.mean ** 2);
  // In this order nothing multiplies 0 by an overflow.
  const variance = fanIn * (kernelVariance * input.square) + biasVariance;
  if (normalisation === 'none') {
    const expected = fanIn * (kernelMean * input.mean) + (layer.biasMean ?? 0);
    return { mean: commonPart(expected, kernelMean * Math.sqrt(fanIn * scatter)), q: variance, divisor: 1 };
  }
  const divisor = normalisation === 'batch' ? fanIn * (kernelVariance * scatter) : variance;
  // A constant stays one: frameworks divide by their ε then.
  return divisor > 0 ? { mean: 0, q: 1, divisor: capped(divisor) } : { mean: 0, q: 0, divisor: 1 };
}

/** What a sum with this mean and standard deviation is worth: its root mean square, with the sign of its mean. */
const commonPart = (mean: number, deviation: number): number =>
  deviation === 0 ? mean : (mean < 0 ? -1 : 1) * Math.hypot(mean, deviation);

const inReach = (mean: number, q: number): [mean: number, q: number] => [limited(mean), Math.min(LARGEST, q)];

const momentsAt = (phi: FlowActivation, mean: number, q: number): GaussianMoments =>
  gaussianMoments(phi, ...inReach(mean, q));

/** Expectations that couple the backward pass to the activations; t = (z − m)/√q. */
export interface Couplings {
  /** E[φφ′] */
  readonly activation: number;
  /** E[tφ′] */
  readonly t: number;
  /** E[tφφ′] */
  readonly tActivation: number;
  /** E[tφ′²] */
  readonly tSquare: number;
  /** E[t²φ′²] */
  readonly t2Square: number;
  /** E[φφ′²] */
  readonly activationSquare: number;
  /** E[φ²φ′²] */
  readonly activation2Square: number;
  /** E[φ⁴] */
  readonly activationFourth: number;
}

/** @returns finite numbers */
function couplingsAt(phi: FlowActivation, mean: number, q: number): Couplings {
  const [m, variance] = inReach(mean, q);
  const factor = exponentialFactorOf(phi);
  const sums =
    factor === undefined
      ? gaussianExpectations(phi, m, variance, 8, addCouplings)
      : exponentialCouplings(factor, m, variance);
  const [activation, t, tActivation, tSquare, t2Square, activationSquare, activation2Square, activationFourth] = [
    ...sums,
  ].map(capped) as [number, number, number, number, number, number, number, number];
  return { activation, t, tActivation, tSquare, t2Square, activationSquare, activation2Square, activationFourth };
}

function addCouplings(y: number, slope: number, t: number, weight: number, sums: Float64Array): void {
  const once = weight * slope;
  const twice = once * slope;
  sums[0]! += once * y;
  sums[1]! += once * t;
  sums[2]! += once * t * y;
  sums[3]! += twice * t;
  sums[4]! += twice * t * t;
  sums[5]! += twice * y;
  sums[6]! += twice * y * y;
  sums[7]! += weight * y ** 4;
}

/** E[t·e^(kz)] = k√q·E[e^(kz)], and E[t²·e^(kz)] = (1 + k²q)·E[e^(kz)]. */
function exponentialCouplings(factor: number, mean: number, q: number): number[] {
  const power = (k: number) => factor ** k * Math.min(LARGEST, Math.exp(k * mean + (k * k * q) / 2));
  const s = Math.sqrt(q);
  return [
    power(2),
    s * power(1),
    2 * s * power(2),
    2 * s * power(2),
    (1 + 4 * q) * power(2),
    power(3),
    power(4),
    power(4),
  ];
}
