import type { Bounded } from '../math/check';
import type { Forward } from './forward';
import type { DenseLayer } from './stack';

/** The paper's bound: the activations' derivatives alone, one of each layer and no kernels. */
export interface DerivativeBound {
  /** max|φ′| of each layer, from the first. */
  readonly perLayer: readonly number[];
  /** max|φ′| where all layers have the same. */
  readonly common: number | undefined;
  /** ∏ max|φ′| over all layers. */
  readonly product: number;
}

/**
 * ∏ max|φ′_l|: the paper's figure, 0.25¹⁰ ≈ 9.54·10⁻⁷ for ten sigmoid layers. It counts L derivatives, and no kernels:
 * it is not to be compared with ‖δ¹‖/‖δ^L‖, which takes L − 1 steps through both. What is: {@link bestCases}.
 *
 * @param activations one for each layer, from the first
 */
export function derivativeBound(activations: readonly Bounded[]): DerivativeBound {
  const perLayer = activations.map((phi) => phi.derivativeMax.value);
  // A layer that passes nothing stays one, also beside an unbounded one.
  const product = perLayer.includes(0) ? 0 : perLayer.reduce((all, each) => all * each, 1);
  const common = perLayer.every((each) => each === perLayer[0]) ? perLayer[0] : undefined;
  return { perLayer, common, product };
}

/** The largest that ‖δ^l‖/‖δ^L‖ could be with these kernels: every slope at its steepest. */
export interface BestCase {
  /** slopes · kernels */
  readonly value: number;
  /** ∏ max|φ′_k| over the steps k = l … L − 1. */
  readonly slopes: number;
  /** ∏ √(n_k·Var(w^(k+1))) over the same steps, over what normalisation divides by and the root of what dropout keeps. */
  readonly kernels: number;
}

/**
 * The steps of a prediction with φ′ at its largest everywhere, for each layer from the first. It bounds the root mean
 * square over networks, and so the typical network.
 *
 * @returns undefined for a layer where no such product bounds: above it a residual layer hands on the gradient itself, or
 *   a kernel's mean adds the units up
 */
export function bestCases(forward: readonly Forward[]): (BestCase | undefined)[] {
  const result = new Array<BestCase | undefined>(forward.length);
  let best: BestCase | undefined = { value: 1, slopes: 1, kernels: 1 };
  result[forward.length - 1] = best;
  for (let l = forward.length - 2; l >= 0; l--) {
    best = best && isProduct(forward[l + 1]!.layer) ? stepBack(best, forward[l]!.layer, forward[l + 1]!) : undefined;
    result[l] = best;
  }
  return result;
}

/** The one hidden layer of a network, from what arrives at it: no kernel on the way. */
export function slopesAlone({ layer: { phi, keep } }: Forward): BestCase {
  const slopes = phi.derivativeMax.value;
  const kernels = 1 / Math.sqrt(keep);
  return { value: slopes * kernels, slopes, kernels };
}

/** Whether the step through a layer is its kernel's alone. LayerNorm takes a kernel's mean out, BatchNorm not wholly. */
const isProduct = ({ residual, kernelMean, normalisation }: DenseLayer): boolean =>
  !residual && (kernelMean === 0 || normalisation === 'layer');

function stepBack(best: BestCase, { phi, keep }: DenseLayer, { layer, divisor }: Forward): BestCase {
  const slopes = times(best.slopes, phi.derivativeMax.value);
  const kernels = times(best.kernels, Math.sqrt((layer.fanIn * layer.kernelVariance) / divisor / keep));
  return { value: times(slopes, kernels), slopes, kernels };
}

/** a·b, where nothing times Infinity is nothing. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

/** Whether a best case says something: that the gradient cannot grow. */
export const isLimit = ({ value }: BestCase): boolean => value <= 1 + 1e-9;

/** Whether nine in ten networks lie below as well: single ones may exceed what bounds the root mean square over all. */
export const bounds = (best: BestCase, band: readonly [number, number]): boolean =>
  isLimit(best) && band[1] <= best.value * (1 + 1e-9);
