import { type GaussianMoments, gaussianMoments } from '../activations/moments';
import { checkStack, type DenseLayer, type FlowActivation, type Stack } from './stack';

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
  /** ‖δ^l‖/‖δ^L‖, root mean square: L is the last hidden layer, δ^l = ∂C/∂z^l at φ's input. */
  readonly delta: number;
  /** Geometric mean of ‖δ^l‖/‖δ^L‖ over draws of the weights. */
  readonly typical: number;
  /** ‖∂C/∂W^l‖/‖∂C/∂W^L‖ for one sample, root mean square. */
  readonly kernelGradient: number;
  /** Holds ‖δ^l‖/‖δ^L‖ of nine in ten draws of the weights. */
  readonly band: Band;
}

/** What the theory says of a stack. */
export interface FlowPrediction {
  /** From the first hidden layer. */
  readonly layers: readonly LayerPrediction[];
  /** ‖δ¹‖/‖δ^L‖, root mean square. */
  readonly ratio: number;
  /** Geometric mean of ‖δ¹‖/‖δ^L‖ over draws of the weights. */
  readonly typical: number;
  /** Holds ‖δ¹‖/‖δ^L‖ of nine in ten draws of the weights. */
  readonly band: Band;
}

/** Quantile of N(0, 1) that leaves 5 % on each side. */
const Z90 = 1.6448536269514722;

/** Stands in for larger moments, so that Infinity is reported where it arises and never becomes NaN further on. */
const LARGEST = 1e280;

/** Mean and variance of ln χ²₁: of the square of one Gaussian sum. */
const LN_CHI_SQUARE = { mean: -1.2703628454614782, variance: Math.PI ** 2 / 2 };

/** The forward pass at one layer. */
interface Forward {
  readonly layer: DenseLayer;
  /** At φ's input. */
  readonly mean: number;
  readonly q: number;
  readonly moments: GaussianMoments;
  /** E[a²] of the layer's input. */
  readonly inputSquare: number;
  /** By what the normalisation divides the linear output, squared. */
  readonly divisor: number;
}

/**
 * Mean-field prediction of the backward pass through a stack at the start of its training: wide layers, independent
 * weights, δ independent of the weights it meets (Poole et al. 2016; Schoenholz et al. 2017). Every layer has its own q.
 *
 * Forward: m = n·E[w]·E[a] + E[b], q = n·Var(w)·E[a²] + Var(b), n the fan-in, E[a²] over its keep probability ρ.
 * Backward: E‖δ^l‖² = n_l·Var(w^(l+1))·E[φ′²]/ρ · E‖δ^(l+1)‖². The norm takes the fan-in n_l of the next kernel whatever
 * its fan-out; the factor n_(l+1)/n_l that papers write belongs to the mean square of one component.
 *
 * BatchNorm divides by the variance over a large batch of independent samples, n·(Var(w) + E[w]²)·Var[a]; LayerNorm by
 * that over the units. Both make m = 0 and q = 1; how they couple the samples or units is neglected.
 *
 * A residual layer adds to its input: χ = 1 + χ_F.
 *
 * Kernels with a mean μ add the rank-one matrix μ·1·1ᵀ. Forward, its part μ·Σa is common to all units; `mean` is the
 * root mean square of it, √((n·μ·E[a])² + n·μ²·Var[a]) with the sign of the first term, since one draw has some such
 * part even where E[a] = 0. Backward, (Wᵀδ)_j = μ·S + noise with S = Σδ: E‖δ‖² couples to E[S²], and the recursion holds
 * both, S growing by n·μ·E[φ′] a layer. LayerNorm takes μ out of both passes. Above the last hidden layer δ is taken as
 * incoherent, E[S²] = E‖∂C/∂a‖²; with softmax and cross-entropy it is, as ∂C/∂logits sums to 0.
 *
 * Finite width: Var ln‖δ^l‖² ≈ Σ k/n over the layers from l to L − 1, k = 3E[φ′⁴]/(ρE[φ′²]²) − 1 for Gaussian weights, and
 * its mean lies half of that below ln E‖δ^l‖². `typical` has that shift. `band` is `typical` times exp(±1.645 standard
 * deviations of ln‖δ^l‖/‖δ^L‖): it speaks of one network and one sample; a mean over s draws varies √s less. Too narrow
 * where q drifts from layer to layer.
 *
 * Sums of logarithms: neither 50 sigmoid layers nor kernels of 10⁻³⁰⁰ underflow before the result does. What is exactly
 * 0 stays 0, and Infinity means that an expectation overflows.
 *
 * @throws RangeError for a stack that cannot be; see {@link checkStack}
 */
export function predict(stack: Stack): FlowPrediction {
  checkStack(stack);
  const forward = propagate(stack);
  const backward = backpropagate(forward);
  const layers = forward.map((at, i): LayerPrediction => {
    const { chi, logDelta, logInput, variance, shift } = backward[i]!;
    const delta = Math.exp(logDelta / 2);
    const centre = (logDelta + shift) / 2;
    const spread = (Z90 * Math.sqrt(variance)) / 2;
    return {
      layer: i + 1,
      mean: at.mean,
      q: at.q,
      chi,
      delta,
      typical: Math.exp(centre),
      kernelGradient: Math.exp(joined(logDelta, logInput) / 2),
      band: [Math.exp(centre - spread), Math.exp(centre + spread)],
    };
  });
  const { delta, typical, band } = layers[0]!;
  return { layers, ratio: delta, typical, band };
}

const capped = (x: number): number => Math.max(-LARGEST, Math.min(LARGEST, x));

/** Logarithm of a product: 0 wins over Infinity. */
const joined = (a: number, b: number): number =>
  a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : a + b;

function propagate(stack: Stack): Forward[] {
  /** E[a] and E[a²] of what the next layer receives. */
  let first = stack.inputMean ?? 0;
  let square = stack.inputVariance;
  return stack.layers.map((layer) => {
    const { phi, fanIn, kernelMean, kernelVariance, normalisation, keep } = layer;
    const scatter = Math.max(0, square - first * first);
    let divisor = 1;
    let mean = 0;
    let q = 1;
    if (normalisation === 'none') {
      mean = commonPart(fanIn * kernelMean * first + (layer.biasMean ?? 0), fanIn * kernelMean * kernelMean * scatter);
      q = fanIn * kernelVariance * square + layer.biasVariance;
    } else {
      divisor =
        normalisation === 'batch'
          ? fanIn * (kernelVariance + kernelMean * kernelMean) * scatter
          : fanIn * kernelVariance * square + layer.biasVariance;
      // A constant stays one: frameworks divide by their ε then.
      if (divisor === 0) [q, divisor] = [0, 1];
    }
    const moments = momentsAt(phi, mean, q);
    const at: Forward = { layer, mean, q, moments, inputSquare: square, divisor };
    const value = capped(moments.value);
    const valueSquared = capped(moments.valueSquared) / keep;
    // z is independent of the component that it is added to.
    square = capped(layer.residual ? square + 2 * first * value + valueSquared : valueSquared);
    first = capped(layer.residual ? first + value : value);
    return at;
  });
}

/** A sum of mean `mean` and variance `variance` by its root mean square, with the sign of its mean. */
const commonPart = (mean: number, variance: number): number =>
  variance === 0 ? mean : (mean < 0 ? -1 : 1) * Math.hypot(mean, Math.sqrt(variance));

const momentsAt = (phi: FlowActivation, mean: number, q: number): GaussianMoments =>
  gaussianMoments(phi, Math.max(-1e140, Math.min(1e140, mean)), Math.min(LARGEST, q));

/** An expectation that depends linearly on E‖∂C/∂a^L‖² and on E[(Σ∂C/∂a^L)²]: the shares that come of each. */
type Shares = readonly [own: number, coherent: number];
const total = ([own, coherent]: Shares): number => own + coherent;
const combine = (a: number, x: Shares, b: number, y: Shares): Shares => [a * x[0] + b * y[0], a * x[1] + b * y[1]];

interface Backward {
  readonly chi: number;
  /** ln of E‖δ^l‖²/E‖δ^L‖². */
  readonly logDelta: number;
  /** ln of what ‖∂C/∂W^l‖²/‖∂C/∂W^L‖² has besides. */
  readonly logInput: number;
  /** Variance of ln‖δ^l‖²/‖δ^L‖² over draws, and how far its mean lies from `logDelta`. */
  readonly variance: number;
  readonly shift: number;
}

function backpropagate(forward: readonly Forward[]): Backward[] {
  const last = forward.length - 1;
  /** ln E‖δ^l‖² with E‖∂C/∂a^L‖² = 1, and the share that comes of S at the last layer. */
  const logs = new Array<number>(forward.length);
  const coherent = new Array<number>(forward.length);
  /** E‖g‖² and E[(Σg)²], g = ∂C/∂a of the layer's output, both over exp(scale). */
  let norm: Shares = [1, 0];
  let sum: Shares = [0, 1];
  let scale = 0;
  for (let l = last; l >= 0; l--) {
    const delta = atPreActivation(forward[l]!, norm, sum);
    const size = total(delta.norm);
    logs[l] = scale + Math.log(size);
    coherent[l] = size > 0 ? delta.norm[1] / size : 0;
    [norm, sum] = throughKernel(forward[l]!, norm, sum, delta);
    const unit = total(norm);
    if (unit > 0) {
      norm = [norm[0] / unit, norm[1] / unit];
      sum = [sum[0] / unit, sum[1] / unit];
      scale += Math.log(unit);
    }
  }

  const result = new Array<Backward>(forward.length);
  const inputs = forward.map(logInput);
  let infinite = false;
  let variance = 0;
  for (let l = last; l >= 0; l--) {
    const overflows = forward[l]!.moments.derivativeSquared === Number.POSITIVE_INFINITY;
    infinite ||= overflows && l < last;
    if (l < last) variance += stepVariance(forward[l]!, forward[l + 1]!);
    result[l] = {
      chi: l === last ? lastChi(forward[l]!) : overflows ? Number.POSITIVE_INFINITY : ratio(logs[l]!, logs[l + 1]!),
      logDelta: l === last ? 0 : difference(logs[l]!, logs[last]!, infinite),
      logInput: l === last ? 0 : difference(inputs[l]!, inputs[last]!, false),
      variance: variance + coherent[l]! * LN_CHI_SQUARE.variance,
      shift: -variance / 2 + coherent[l]! * LN_CHI_SQUARE.mean,
    };
  }
  return result;
}

/** ln(e^a/e^b), where 0/0 is 0. */
function difference(a: number, b: number, infinite: boolean): number {
  if (a === Number.NEGATIVE_INFINITY) return a;
  return infinite ? Number.POSITIVE_INFINITY : a - b;
}

const ratio = (a: number, b: number): number => Math.exp(difference(a, b, false));

interface Gradient {
  /** E‖·‖² */
  readonly norm: Shares;
  /** E[(Σ·)²] */
  readonly sum: Shares;
}

/** ∂C/∂z from ∂C/∂a: times φ′ and the dropout mask, both independent of it. */
function atPreActivation({ layer, moments }: Forward, norm: Shares, sum: Shares): Gradient {
  const slope = capped(moments.derivative) ** 2;
  const slopeSquared = capped(moments.derivativeSquared) / layer.keep;
  return {
    norm: combine(slopeSquared, norm, 0, norm),
    sum: combine(slope, sum, Math.max(0, slopeSquared - slope), norm),
  };
}

/** ∂C/∂a of the layer's input, from that of its output and from ∂C/∂z. */
function throughKernel(at: Forward, norm: Shares, sum: Shares, delta: Gradient): [norm: Shares, sum: Shares] {
  const { fanIn, kernelVariance, residual, normalisation } = at.layer;
  // LayerNorm's backward pass takes the mean over the units out.
  const mean = normalisation === 'layer' ? 0 : at.layer.kernelMean / Math.sqrt(at.divisor);
  const variance = kernelVariance / at.divisor;
  const noise = fanIn * variance;
  const branchNorm = combine(noise, delta.norm, fanIn * mean * mean, delta.sum);
  const branchSum = combine(noise, delta.norm, (fanIn * mean) ** 2, delta.sum);
  if (!residual) return [branchNorm, branchSum];
  const cross = 2 * mean * capped(at.moments.derivative);
  return [combine(1, combine(1, norm, cross, sum), 1, branchNorm), combine(1 + cross * fanIn, sum, 1, branchSum)];
}

/** ln of what ‖∂C/∂W‖² has besides ‖δ‖²: ∂C/∂W = δ·aᵀ with δ at the linear output. */
const logInput = ({ layer, inputSquare, divisor }: Forward): number => Math.log((layer.fanIn * inputSquare) / divisor);

/** χ of the last layer, as if the next had its kernel's moments and its own φ′. */
function lastChi(at: Forward): number {
  const { fanIn, kernelMean, kernelVariance, normalisation, keep, residual } = at.layer;
  const mean = normalisation === 'layer' ? 0 : kernelMean;
  const branch = ((fanIn * (kernelVariance + mean * mean)) / at.divisor) * (at.moments.derivativeSquared / keep);
  return residual ? 1 + branch : branch;
}

/** Var ln‖δ^l‖² given ‖δ^(l+1)‖²: ln(1 + k/n), k/n to first order and of use where k exceeds n. */
function stepVariance(at: Forward, next: Forward): number {
  const kurtosis = ({ layer, moments }: Forward): number => {
    const square = capped(moments.derivativeSquared);
    return square > 0 ? (3 * capped(moments.derivativeFourth)) / square / square / layer.keep : 1;
  };
  const n = at.layer.fanOut;
  if (!next.layer.residual) return Math.log1p(Math.max(0, kurtosis(at) - 1) / n);
  // ‖g + Wᵀδ‖²: the branch's own scatter, and 4χ_F of its product with g.
  const branch =
    ((next.layer.fanIn * next.layer.kernelVariance) / next.divisor) *
    (capped(next.moments.derivativeSquared) / next.layer.keep);
  const scatter = branch ** 2 * Math.max(0, kurtosis(next) - 1) + 4 * branch;
  return Math.log1p(scatter / (1 + branch) ** 2 / n);
}
