import { gaussLegendre } from '../activations/moments';
import { lazily } from '../math/lazily';
import { memo } from '../math/memo';
import { type DrawnSum, drawnSum, squaresOf } from './drawnSum';
import { flatShare } from './flatShare';
import { capped, type Forward } from './forward';
import { heavySum } from './heavyTail';
import type { FlowActivation } from './stack';

/** How ‖δ^l‖²/‖δ^L‖² and ‖∂C/∂W^l‖²/‖∂C/∂W^L‖² scatter over draws of the weights. */
export interface Spread {
  /** Of ln‖δ^l‖²/‖δ^L‖², over draws in which it is not 0. */
  readonly variance: number;
  /** By how much its median over those draws lies beside ln E‖δ^l‖²/E‖δ^L‖². */
  readonly shift: number;
  /** By how much the median of ln‖a^(l−1)‖² lies beside ln E‖a^(l−1)‖²; 0 for what a residual layer gives. */
  readonly inputShift: number;
  /** P(‖δ^l‖/‖δ^L‖ = 0): a whole layer is off on the way. */
  readonly zero: number;
  /** By how much the median of ln‖δ^l‖²/‖∂C/∂a^l‖² lies beside ln E[φ′²]. */
  readonly slopeShift: number;
}

/** Finite width at one layer: how two sums over its n units scatter, and how they depend on q. */
interface Fluctuation {
  /** Of Σφ′²h², h = Wᵀδ Gaussian: Var(φ′²h²) is k = 3E[φ′⁴]/(ρ·E[φ′²]²) − 1 squared means. */
  readonly slope: DrawnSum;
  /** Of Σφ². */
  readonly activation: DrawnSum;
  /** Their covariance. */
  readonly both: number;
  /** ∂ln E[φ′²]/∂ln q */
  readonly slopeGrowth: number;
  /** ∂ln E[φ²]/∂ln q */
  readonly activationGrowth: number;
  /** The share of the next layer's pre-activation variance that Σφ² brings; the bias brings the rest. */
  readonly share: number;
}

/**
 * ln‖δ^l‖²/‖δ^(l+1)‖² scatters as {@link drawnSum} says of Σφ′²h²; and as Σφ² scatters, so does the q of the next layer,
 * and with it the E[φ′²] of all layers after it. Both are followed to first order. LayerNorm holds q, but divides δ by
 * what scatters. A residual layer's q counts as certain.
 *
 * @param common each layer's relative variance of ‖δ^l‖² that comes of sums over all units: 2 where it is one Gaussian's square
 */
export function spreads(forward: readonly Forward[], common: readonly number[]): Spread[] {
  const last = forward.length - 1;
  const sums = new LayerSums();
  const at = forward.map((layer, l) => fluctuation(layer, forward[l + 1], sums));
  /** Variance of ln q^l, and how far it lies beside that of wide layers. */
  const drift = new Array<number>(forward.length).fill(0);
  const level = new Array<number>(forward.length).fill(0);
  for (let l = 0; l < last; l++) {
    const { activation, activationGrowth, share } = at[l]!;
    if (!isPlain(forward[l + 1]!)) continue;
    drift[l + 1] = limited(share ** 2 * (activation.variance + activationGrowth ** 2 * drift[l]!));
    level[l + 1] = limited(share * (activation.mean + activationGrowth * level[l]!));
  }
  const zeros = zeroShares(forward, at);
  const result = new Array<Spread>(forward.length);
  let variance = 0;
  let shift = 0;
  /** ∂ln‖δ^l‖²/‖δ^L‖² by ln q^l. */
  let response = 0;
  for (let l = last; l >= 0; l--) {
    const here = at[l]!;
    if (l < last) {
      const next = forward[l + 1]!;
      const passed = isPlain(next) ? limited(here.share * response) : 0;
      variance +=
        stepVariance(forward[l]!, here, next) + passed ** 2 * here.activation.variance + 2 * passed * here.both;
      shift += stepShift(forward[l]!, here, next) + (isPlain(forward[l]!) ? here.slopeGrowth * level[l]! : 0);
      response = isPlain(forward[l]!) ? limited(here.slopeGrowth + here.activationGrowth * passed) : 0;
    }
    const coherent = logOfCoherent(Math.min(1, Math.sqrt(Math.max(0, common[l]!) / 2)));
    const rest = Math.max(0, variance + response ** 2 * drift[l]!);
    const below = at[l - 1];
    result[l] = {
      variance: rest + coherent.variance,
      shift: limited(shift + medianShift(coherent, rest)),
      inputShift:
        below === undefined || forward[l - 1]!.layer.residual
          ? 0
          : limited(below.activation.mean + below.activationGrowth * level[l - 1]!),
      zero: zeros[l]!,
      slopeShift: here.slope.mean - squaresOf(forward[l]!.layer.fanOut).mean,
    };
  }
  return result;
}

/**
 * How ‖δ‖²/‖g‖² of one layer scatters, g = ∂C/∂a Gaussian: Σφ′²g² as {@link drawnSum} says, less the scatter of Σg² that
 * both share. For ReLU the ratio is a beta variable, of which these are the moments.
 */
export function slopeSpread(at: Forward): { readonly variance: number; readonly shift: number; readonly zero: number } {
  const { slope } = fluctuation(at, undefined, new LayerSums());
  const whole = squaresOf(at.layer.fanOut);
  return {
    variance: Math.max(0, slope.variance - whole.variance),
    shift: slope.mean - whole.mean,
    zero: slope.zero,
  };
}

/** Of the logarithm of a Gaussian's square plus a Gaussian of variance `rest`: what the former's skewness leaves. */
const medianShift = ({ mean, median, variance }: LogOfCoherent, rest: number): number =>
  variance === 0 ? 0 : mean + ((median - mean) * variance) / (variance + rest);

/**
 * By layer, P(δ^l = 0 or δ^L = 0). A layer of which all units are off passes nothing back; without biases, it also turns
 * off the layers above it whose φ passes 0 on.
 */
function zeroShares(forward: readonly Forward[], at: readonly Fluctuation[]): number[] {
  const result = new Array<number>(forward.length);
  const isOff = (l: number): number => at[l]!.slope.zero;
  /** That no layer below turns it off. */
  const below: number[] = [];
  for (let l = 0; l < forward.length; l++) {
    below.push(l > 0 && handsOnZero(forward[l]!) ? below[l - 1]! * (1 - isOff(l - 1)) : 1);
  }
  let above = 1;
  for (let l = forward.length - 1; l >= 0; l--) {
    const bypassed = l > 0 && forward[l]!.layer.residual;
    // A residual layer's own δ may be 0, and the layers below it have theirs all the same.
    const alive = above * (1 - isOff(l));
    result[l] = 1 - alive * below[l]!;
    if (!bypassed) above = alive;
  }
  return result;
}

/** Whether inputs of 0 give pre-activations and slopes of 0. */
const handsOnZero = ({ layer }: Forward): boolean =>
  layer.biasVariance === 0 &&
  (layer.biasMean ?? 0) === 0 &&
  layer.normalisation === 'none' &&
  !layer.residual &&
  layer.phi.derivative(0) === 0;

/** The excess of one unit over the number of units from which single units bring the sum. */
const HEAVY = 4;

/** So that its square does not overflow. */
const limited = (x: number): number => Math.max(-1e70, Math.min(1e70, x));

/** Whether the layer's q follows the norm of its input. */
const isPlain = ({ layer }: Forward): boolean => layer.normalisation === 'none' && !layer.residual;

function fluctuation(at: Forward, next: Forward | undefined, sums: LayerSums): Fluctuation {
  const { layer, moments, couplings, output, q } = at;
  const { fanOut: n, keep } = layer;
  const square = capped(moments.valueSquared);
  const slopeSquare = capped(moments.derivativeSquared);
  const relative = (a: number, b: number, c: number) => (b > 0 && c > 0 ? capped(a / b / c) : 1);
  const root = Math.sqrt(Math.min(q, 1e280));
  const variance =
    next && next.layer.normalisation !== 'batch' ? capped(next.layer.fanIn * next.layer.kernelVariance) : 0;
  const brought = capped(variance * output.square);
  const excess = (fourth: number) => Math.max(0, fourth / keep - 1);
  const scatter = excess(3 * relative(capped(moments.derivativeFourth), slopeSquare, slopeSquare));
  const heavy = scatter > HEAVY * n ? sums.heavy(at, slopeSquare) : undefined;
  const slope = heavy ?? sums.drawn(n, scatter, offOf(at));
  // Where a unit's φ′ is 0 by chance, φ mostly is as well.
  const off = layer.phi.value(0) === 0 ? offOf(at) : 1 - keep;
  const activation = sums.drawn(n, excess(relative(couplings.activationFourth, square, square)), off);
  const most = Math.sqrt(slope.variance * activation.variance);
  const both = (relative(couplings.activation2Square, square, slopeSquare) / keep - 1) / n;
  return {
    slope,
    activation,
    both: Math.max(-most, Math.min(most, limited(both))),
    // d/dln q of E[f] is ½E[f·(t² − 1)] for any f, and √q/2·E[t·f′].
    slopeGrowth: slopeSquare > 0 ? limited((couplings.t2Square / slopeSquare - 1) / 2) : 0,
    activationGrowth: square > 0 ? limited((root * couplings.tActivation) / square) : 0,
    share: brought > 0 ? brought / (brought + (next?.layer.biasVariance ?? 0)) : 0,
  };
}

/**
 * P(φ′ = 0) of one unit, with dropout. Layer normalisation holds the sum over the units, so that they are never all off;
 * where kernels have a mean, units go off together.
 */
function offOf({ layer, mean, q }: Forward): number {
  if (layer.normalisation === 'layer' || layer.kernelMean !== 0) return 0;
  return 1 - layer.keep * (1 - flatShare(layer.phi, mean, Math.min(q, 1e280)));
}

/** Different sums that one stack's layers have at most; more are worked out again. */
const SUMS = 256;

/** {@link drawnSum} and {@link heavySum}, once for layers that are alike. */
class LayerSums {
  readonly #drawn = memo<DrawnSum>(SUMS);
  readonly #heavy = memo<{ readonly sum: DrawnSum | undefined }>(SUMS);
  readonly #phis = new Map<FlowActivation, number>();

  drawn(count: number, excess: number, off: number): DrawnSum {
    return this.#drawn(`${count} ${excess} ${off}`, () => drawnSum(count, excess, off));
  }

  /** @param square E[φ′²] */
  heavy({ layer: { phi, fanOut }, mean, q, meanDeviation }: Forward, square: number): DrawnSum | undefined {
    if (!this.#phis.has(phi)) this.#phis.set(phi, this.#phis.size);
    return this.#heavy(`${this.#phis.get(phi)} ${mean} ${q} ${meanDeviation} ${fanOut}`, () => ({
      sum: heavySum(phi, { mean, q, meanDeviation }, square, fanOut),
    })).sum;
  }
}

/** Variance of ln‖δ^l‖²/‖δ^(l+1)‖² given q^l and q^(l+1). */
function stepVariance(at: Forward, here: Fluctuation, next: Forward): number {
  if (next.layer.normalisation !== 'layer' || next.layer.residual) return scatterOf(at, here, next);
  const { share } = here;
  // Where the layer itself is normalised, Σt² does not scatter, and what follows from it neither.
  const held = at.layer.normalisation === 'layer' ? 2 / at.layer.fanOut : 0;
  const slope = here.slope.variance - held * here.slopeGrowth ** 2;
  const activation = here.activation.variance - held * here.activationGrowth ** 2;
  const both = here.both - held * here.slopeGrowth * here.activationGrowth;
  return Math.max(0, slope + share ** 2 * activation - 2 * share * both) + 2 / next.layer.fanOut;
}

/** By how much ln‖δ^l‖²/‖δ^(l+1)‖² lies beside χ, in the mean over draws with a typical q. */
const stepShift = (at: Forward, here: Fluctuation, next: Forward): number =>
  next.layer.residual ? -scatterOf(at, here, next) / 2 : here.slope.mean;

function scatterOf(at: Forward, here: Fluctuation, next: Forward): number {
  if (!next.layer.residual) return here.slope.variance;
  // ‖g + Wᵀδ‖²: the branch's own scatter, and 4χ_F of its product with g.
  const { fanIn, kernelVariance, keep } = next.layer;
  const square = capped(next.moments.derivativeSquared);
  const branch = capped(capped((fanIn * kernelVariance) / next.divisor) * (square / keep));
  const k = square > 0 ? (3 * capped(next.moments.derivativeFourth)) / square / square / keep - 1 : 0;
  const share = branch / (1 + branch);
  return Math.log1p((share ** 2 * Math.max(0, k) + (4 * share) / (1 + branch)) / at.layer.fanOut);
}

const rule = lazily(() => gaussLegendre(48));

/** Of ln(1 − c + c·x²), x ~ N(0, 1). */
export interface LogOfCoherent {
  readonly mean: number;
  readonly median: number;
  readonly variance: number;
}

/** The median of x². */
const MEDIAN_SQUARE = 0.45493642311957283;

/** Mean, median and variance of ln(1 − c + c·x²), x ~ N(0, 1); for c = 1 −1.2704, −0.7876 and π²/2. */
export function logOfCoherent(c: number): LogOfCoherent {
  if (!(c > 0)) return { mean: 0, median: 0, variance: 0 };
  let mass = 0;
  let mean = 0;
  let square = 0;
  const { nodes, weights } = rule();
  nodes.forEach((node, i) => {
    // x = 8u⁴, dx = 32u³du: the nodes crowd at 0, where the logarithm may fall without end.
    const u = (node + 1) / 2;
    const x = 8 * u ** 4;
    const weight = weights[i]! * u ** 3 * Math.exp((-x * x) / 2);
    const y = Math.log(1 - Math.min(1, c) + c * x * x);
    mass += weight;
    mean += weight * y;
    square += weight * y * y;
  });
  mean /= mass;
  return { mean, median: Math.log1p(Math.min(1, c) * (MEDIAN_SQUARE - 1)), variance: square / mass - mean * mean };
}
