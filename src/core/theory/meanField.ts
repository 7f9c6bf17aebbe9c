import { normalQuantile } from '../math/normal';
import { backpropagate } from './backward';
import { type BestCase, bestCases, bounds, slopesAlone } from './bound';
import { type Forward, propagate } from './forward';
import { slopeSpread, spreads } from './spread';
import { checkStack, type Stack } from './stack';

/** Lower and upper end. */
export type Band = readonly [lo: number, hi: number];

/** What the theory says of one hidden layer. */
export interface LayerPrediction {
  /** From 1, at the input. */
  readonly layer: number;
  /** Mean m of the pre-activation that φ receives; see {@link predict} for kernels with a mean. */
  readonly mean: number;
  /** Variance q of the pre-activation that φ receives, over the units of the layer. */
  readonly q: number;
  /** E‖δ^l‖²/E‖δ^(l+1)‖², what the step from the next layer multiplies; for the last layer as if one like it followed. */
  readonly chi: number;
  /**
   * ‖δ^l‖/‖δ^L‖ of the typical network, the median over draws of the weights: L is the last hidden layer,
   * δ^l = ∂C/∂z^l at φ's input. A single hidden layer has none to compare with: ‖δ‖/‖∂C/∂a‖ there, what its slopes leave.
   */
  readonly delta: number;
  /** The same, root mean square over draws: what few large ones carry where layers are narrow and many. */
  readonly rootMeanSquare: number;
  /** What the layer's own slopes leave of what arrives at it in the typical network, ‖δ^l‖/‖∂C/∂a^l‖. */
  readonly slope: number;
  /** ‖∂C/∂W^l‖/‖∂C/∂W^L‖ of the typical network, for one sample; of a single layer over ‖∂C/∂a‖·‖x‖, which slopes of 1 would give. */
  readonly kernelGradient: number;
  /** Holds ‖δ^l‖/‖δ^L‖ of nine in ten draws of the weights. */
  readonly band: Band;
  /** Share of the draws in which ‖δ^l‖/‖δ^L‖ is exactly 0. */
  readonly zeros: number;
  /** What ‖δ^l‖/‖δ^L‖ could be at best, over the same steps; undefined where that bounds nothing. */
  readonly atBest: BestCase | undefined;
}

/** What the theory says of a stack. */
export interface FlowPrediction {
  /** From the first hidden layer. */
  readonly layers: readonly LayerPrediction[];
  /** ‖δ¹‖/‖δ^L‖ of the typical network: the one number of every surface; see {@link LayerPrediction.delta}. */
  readonly ratio: number;
  /** ‖δ¹‖/‖δ^L‖, root mean square over draws. */
  readonly rootMeanSquare: number;
  /** Holds ‖δ¹‖/‖δ^L‖ of nine in ten draws of the weights. */
  readonly band: Band;
  /** Share of the draws in which nothing at all reaches the first layer: networks born dead. */
  readonly zeros: number;
  /** What ‖δ¹‖/‖δ^L‖ could be at best; undefined where that bounds nothing. */
  readonly atBest: BestCase | undefined;
  /** The same whether or not single networks exceed it: it bounds their root mean square. */
  readonly best: BestCase | undefined;
}

/**
 * Mean-field prediction of the backward pass through a stack at the start of its training: wide layers and independent
 * weights (Poole et al. 2016; Schoenholz et al. 2017). Every layer has its own q; the fixed point plays no part.
 *
 * Forward: m = n·E[w]·E[a] + E[b], q = n·Var(w)·E[a²] + Var(b), n the fan-in, E[a²] = E[φ²]/ρ with keep probability ρ.
 * Backward: E‖δ^l‖² = n_l·Var(w^(l+1))·E[φ′²]/ρ · E‖δ^(l+1)‖². The norm takes the fan-in n_l of the next kernel,
 * whatever its fan-out; the factor n_(l+1)/n_l that papers write belongs to the mean square of one component.
 * A residual layer adds to its input: χ = 1 + χ_F.
 *
 * BatchNorm divides by the variance over a large batch of independent samples, n·Var(w)·Var[a], and LayerNorm by that
 * over the units, n·Var(w)·E[a²] + Var(b). Both make m = 0 and q = 1. What they subtract in the backward pass is 1/batch
 * and 1/n of it. LayerNorm takes a kernel's mean out of both passes, exactly. With BatchNorm such a mean correlates the
 * units, which is left out: the prediction is rough there.
 *
 * Kernels with a mean μ are W = μ·1·1ᵀ + W̃. Forward, μ·Σa is common to all units; `mean` is its root mean square
 * √((n·μ·E[a] + E[b])² + n·μ²·Var[a]) with the first term's sign, since a draw has some such part even where E[a] = 0.
 * Backward, (Wᵀδ)_j = μ·S + κ·T·a_j + noise. S = Σδ_i comes through μ. T = Σt_iδ_i with t = (z − m)/√q and
 * κ = Var(w)/√q comes through W̃, which is not independent of δ: given z, the mean of w̃_ij is κ·t_i·a_j. In other
 * words, what is common to the units passes back as derivatives by m and by q. With E[w] = 0, T counts for 1/n, unless
 * layers are residual: their inputs add up, and so does what is common (fifty residual ReLU layers multiply ‖δ‖ by 10⁷,
 * where 1 + χ_F alone would be 10⁴). With a mean, both grow by the Jacobian of (m, q). The recursion holds E‖δ‖², E[S²],
 * E[ST] and E[T²]. Above the last
 * hidden layer ∂C/∂a has independent components of mean 0; with softmax and cross-entropy this holds for output kernels
 * with a mean too, as ∂C/∂logits sums to 0.
 *
 * Finite width, for Gaussian weights: see {@link spreads}. A network is a draw of its weights and of one sample. Of the
 * draws in which it is not 0, ln‖δ^l‖²/‖δ^L‖² is taken for normal about its median, which lies the further below
 * ln E‖δ^l‖² the narrower and the more the layers; `zeros` is the share of the others. `ratio` and `delta` are the median
 * of all draws, `band` their quantiles of 5 and 95 %. The median over s draws has a band √s narrower. Norms over a whole
 * batch vary less. `rootMeanSquare` is the recursion itself, which the literature's limit of wide layers speaks of.
 *
 * Sums of logarithms: neither 50 sigmoid layers nor kernels of variance 10⁻³⁰⁰ underflow before the result does. What
 * is exactly 0 stays 0, and Infinity means that an expectation overflows.
 *
 * A single layer is measured by what arrives at it, ∂C/∂a with independent Gaussian components.
 *
 * @throws RangeError for a stack that cannot be; see {@link checkStack}
 */
export function predict(stack: Stack): FlowPrediction {
  checkStack(stack);
  const forward = propagate(stack);
  if (forward.length === 1) return throughOne(forward[0]!);
  const backward = backpropagate(forward);
  const scatter = spreads(
    forward,
    backward.map(({ common }) => common),
  );
  const best = bestCases(forward);
  const last = forward.length - 1;
  const layers = forward.map((at, i): LayerPrediction => {
    const { chi, logDelta, logInput } = backward[i]!;
    const { variance, shift, inputShift } = scatter[i]!;
    // The last layer's own ratio is 1, also of a network that passes nothing.
    const zero = i === last ? 0 : scatter[i]!.zero;
    const centre = joined(logDelta, shift);
    const deviation = Math.sqrt(variance);
    const quantile = (share: number): number => Math.exp(quantileOf(share, centre, deviation, zero) / 2);
    const input = logInput + inputShift - scatter[last]!.inputShift;
    const band: Band = [quantile(0.05), quantile(0.95)];
    return {
      layer: i + 1,
      mean: at.mean,
      q: at.q,
      chi,
      delta: quantile(0.5),
      rootMeanSquare: Math.exp(logDelta / 2),
      slope: Math.exp(joined(Math.log(at.moments.derivativeSquared / at.layer.keep), scatter[i]!.slopeShift) / 2),
      kernelGradient: zero > 0.5 ? 0 : Math.exp(joined(joined(logDelta, shift), input) / 2),
      band,
      zeros: zero,
      atBest: best[i] && bounds(best[i], band) ? best[i] : undefined,
    };
  });
  const { delta, rootMeanSquare, band } = layers[0]!;
  const zeros = scatter[0]!.zero;
  return { layers, ratio: delta, rootMeanSquare, band, zeros, atBest: layers[0]!.atBest, best: best[0] };
}

/** The one hidden layer: from what arrives at its output to its kernel. */
function throughOne(at: Forward): FlowPrediction {
  const square = at.moments.derivativeSquared / at.layer.keep;
  const { variance, shift, zero } = slopeSpread(at);
  const best = slopesAlone(at);
  const most = best.slopes / at.layer.keep;
  const quantile = (share: number): number =>
    Math.min(most, Math.exp(quantileOf(share, joined(Math.log(square), shift), Math.sqrt(variance), zero) / 2));
  const band: Band = [quantile(0.05), quantile(0.95)];
  const found = {
    delta: quantile(0.5),
    rootMeanSquare: Math.sqrt(square),
    band,
    zeros: zero,
    atBest: bounds(best, band) ? best : undefined,
  };
  const { chi } = backpropagate([at])[0]!;
  const layer = { layer: 1, mean: at.mean, q: at.q, chi, slope: found.delta, kernelGradient: found.delta, ...found };
  return { ...found, layers: [layer], ratio: found.delta, best };
}

/**
 * Below what logarithm a share of the draws lies, of which `zero` are exactly 0 and the others normal.
 *
 * @returns −Infinity where that many are 0
 */
function quantileOf(share: number, centre: number, deviation: number, zero: number): number {
  if (share <= zero) return Number.NEGATIVE_INFINITY;
  return deviation === 0 ? centre : joined(centre, deviation * normalQuantile((share - zero) / (1 - zero)));
}

/** Logarithm of a product: 0 wins over Infinity. */
const joined = (a: number, b: number): number =>
  a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : a + b;
