import { gaussLegendre } from '../activations/moments';
import { capped, type Forward } from './forward';

/** How ln‖δ^l‖²/‖δ^L‖² scatters over draws of the weights. */
export interface Spread {
  readonly variance: number;
  /** By how much its mean lies beside ln E‖δ^l‖²/E‖δ^L‖². */
  readonly shift: number;
}

/** Finite width at one layer: relative fluctuations of two sums over its n units, and how they depend on q. */
interface Fluctuation {
  /** Variance of Σφ′²h², h = Wᵀδ Gaussian: k/n. */
  readonly slope: number;
  /** Variance of Σφ². */
  readonly activation: number;
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
 * To first order in 1/n. ln‖δ^l‖²/‖δ^(l+1)‖² scatters by k/n with k = 3E[φ′⁴]/(ρ·E[φ′²]²) − 1; and as Σφ² scatters, so
 * does the q of the next layer, and with it the E[φ′²] of all layers after it. LayerNorm holds q, but divides δ by what
 * scatters. A residual layer's q counts as certain.
 *
 * @param common each layer's relative variance of ‖δ^l‖² that comes of sums over all units: 2 where it is one Gaussian's square
 */
export function spreads(forward: readonly Forward[], common: readonly number[]): Spread[] {
  const last = forward.length - 1;
  const at = forward.map((layer, l) => fluctuation(layer, forward[l + 1]));
  /** Variance of ln q^l. */
  const drift = new Array<number>(forward.length).fill(0);
  for (let l = 0; l < last; l++) {
    const { activation, activationGrowth, share } = at[l]!;
    if (isPlain(forward[l + 1]!)) drift[l + 1] = limited(share ** 2 * (activation + activationGrowth ** 2 * drift[l]!));
  }
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
      variance += stepVariance(forward[l]!, here, next) + passed ** 2 * here.activation + 2 * passed * here.both;
      shift -= scatterOf(forward[l]!, here, next) / 2;
      response = isPlain(forward[l]!) ? limited(here.slopeGrowth + here.activationGrowth * passed) : 0;
    }
    const sums = logOfCoherent(Math.min(1, Math.sqrt(Math.max(0, common[l]!) / 2)));
    result[l] = {
      variance: Math.max(0, variance + response ** 2 * drift[l]! + sums.variance),
      shift: shift + sums.mean,
    };
  }
  return result;
}

/** So that its square does not overflow. */
const limited = (x: number): number => Math.max(-1e70, Math.min(1e70, x));

/** Whether the layer's q follows the norm of its input. */
const isPlain = ({ layer }: Forward): boolean => layer.normalisation === 'none' && !layer.residual;

function fluctuation({ layer, moments, couplings, output, q }: Forward, next: Forward | undefined): Fluctuation {
  const { fanOut: n, keep } = layer;
  const square = capped(moments.valueSquared);
  const slopeSquare = capped(moments.derivativeSquared);
  const relative = (a: number, b: number, c: number) => (b > 0 && c > 0 ? capped(a / b / c) : 1);
  const root = Math.sqrt(Math.min(q, 1e280));
  const variance =
    next && next.layer.normalisation !== 'batch' ? capped(next.layer.fanIn * next.layer.kernelVariance) : 0;
  const brought = capped(variance * output.square);
  return {
    slope: logarithmic((3 * relative(capped(moments.derivativeFourth), slopeSquare, slopeSquare)) / keep - 1, n),
    activation: logarithmic(relative(couplings.activationFourth, square, square) / keep - 1, n),
    both: limited((relative(couplings.activation2Square, square, slopeSquare) / keep - 1) / n),
    // d/dln q of E[f] is ½E[f·(t² − 1)] for any f, and √q/2·E[t·f′].
    slopeGrowth: slopeSquare > 0 ? limited((couplings.t2Square / slopeSquare - 1) / 2) : 0,
    activationGrowth: square > 0 ? limited((root * couplings.tActivation) / square) : 0,
    share: brought > 0 ? brought / (brought + (next?.layer.biasVariance ?? 0)) : 0,
  };
}

/** ln(1 + k/n): k/n to first order, and of use where k exceeds n. */
const logarithmic = (k: number, n: number): number => Math.log1p(Math.max(0, k) / n);

/** Variance of ln‖δ^l‖²/‖δ^(l+1)‖² given q^l and q^(l+1). */
function stepVariance(at: Forward, here: Fluctuation, next: Forward): number {
  if (next.layer.normalisation !== 'layer' || next.layer.residual) return scatterOf(at, here, next);
  const { share } = here;
  // Where the layer itself is normalised, Σt² does not scatter, and what follows from it neither.
  const held = at.layer.normalisation === 'layer' ? 2 / at.layer.fanOut : 0;
  const slope = here.slope - held * here.slopeGrowth ** 2;
  const activation = here.activation - held * here.activationGrowth ** 2;
  const both = here.both - held * here.slopeGrowth * here.activationGrowth;
  return Math.max(0, slope + share ** 2 * activation - 2 * share * both) + 2 / next.layer.fanOut;
}

/** k/n, in logarithms. */
function scatterOf(at: Forward, here: Fluctuation, next: Forward): number {
  if (!next.layer.residual) return here.slope;
  // ‖g + Wᵀδ‖²: the branch's own scatter, and 4χ_F of its product with g.
  const { fanIn, kernelVariance, keep } = next.layer;
  const square = capped(next.moments.derivativeSquared);
  const branch = capped(capped((fanIn * kernelVariance) / next.divisor) * (square / keep));
  const k = square > 0 ? (3 * capped(next.moments.derivativeFourth)) / square / square / keep - 1 : 0;
  const share = branch / (1 + branch);
  return logarithmic(share ** 2 * Math.max(0, k) + (4 * share) / (1 + branch), at.layer.fanOut);
}

const { nodes, weights } = gaussLegendre(48);

/** Mean and variance of ln(1 − c + c·x²), x ~ N(0, 1); for c = 1 −1.2704 and π²/2. */
export function logOfCoherent(c: number): { mean: number; variance: number } {
  if (!(c > 0)) return { mean: 0, variance: 0 };
  let mass = 0;
  let mean = 0;
  let square = 0;
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
  return { mean, variance: square / mass - mean * mean };
}
