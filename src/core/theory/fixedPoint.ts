import { type Differentiable, gaussianMoments } from '../activations/moments';
import { checkPositive } from '../math/check';

/** Where the variance of the pre-activation settles in a deep, wide stack, and what a layer passes back there. */
export interface FixedPoint {
  /** q*; Infinity where q grows without end. */
  readonly q: number;
  /** χ₁ = σ_w²·E[φ′²] at q*; its limit where q* is 0 or Infinity. */
  readonly chi: number;
  /**
   * ξ_∇ = −1/ln χ₁: layers over which E‖δ‖² falls by e. Infinity at the edge of chaos; where gradients grow, the
   * negative of the layers over which it rises by e.
   */
  readonly depthScale: number;
}

/** Variances between which fixed points are sought. Outside, q counts as 0 and as Infinity. */
const SMALLEST = 1e-12;
const LARGEST = 1e12;
/** A step of the search, in ln q. */
const STEP = Math.LN10 / 10;
/** Relative change of q that counts as none: then every q is a fixed point, as for ReLU with σ_w² = 2. */
const STILL = 1e-12;

/**
 * The fixed point that a stack with a unit-variance pre-activation runs into: q* = σ_w²·E[φ(√q* z)²] + σ_b² (Poole et
 * al. 2016). Where every q is one, q* = 1. Slow to be reached where χ₁ is near 1: ten layers of tanh with σ_w² = 1 pass
 * back 0.28 (root mean square) although q* = 0 and χ₁ = 1. {@link predict} holds for finite depth.
 *
 * @param gainSquared σ_w² = fan-in · Var(w) ≥ 0
 * @param biasVariance σ_b² ≥ 0
 * @throws RangeError for negative or infinite ones
 */
export function fixedPoint(phi: Differentiable, gainSquared: number, biasVariance = 0): FixedPoint {
  checkPositive('σ_w²', gainSquared);
  checkPositive('σ_b²', biasVariance);
  const growth = (q: number): number => {
    const change = gainSquared * gaussianMoments(phi, 0, q).valueSquared - q;
    return (Math.abs(change) <= STILL * q ? 0 : change) + biasVariance;
  };
  const q = settle(growth);
  const at = Math.min(LARGEST, Math.max(q, SMALLEST ** 2));
  const chi = gainSquared === 0 ? 0 : gainSquared * gaussianMoments(phi, 0, at).derivativeSquared;
  return { q, chi, depthScale: depthScale(chi) };
}

/** −1/ln χ. A χ of 1 but for rounding counts as 1. */
export const depthScale = (chi: number): number =>
  Math.abs(chi - 1) <= STILL ? Number.POSITIVE_INFINITY : 0 - 1 / Math.log(chi);

function settle(growth: (q: number) => number): number {
  const start = growth(1);
  if (start === 0) return 1;
  const up = start > 0;
  for (let step = 1; ; step++) {
    const q = Math.exp((up ? step : -step) * STEP);
    if (q > LARGEST) return Number.POSITIVE_INFINITY;
    if (q < SMALLEST) return 0;
    const change = growth(q);
    if (change === 0) return q;
    if (change > 0 !== up) return bisect((x) => growth(Math.exp(x)), Math.log(q), (up ? step - 1 : 1 - step) * STEP);
  }
}

/** Root between ln q of opposite sign, as q. */
function bisect(f: (logQ: number) => number, a: number, b: number): number {
  const positive = f(a) > 0;
  for (let step = 0; step < 60; step++) {
    const middle = (a + b) / 2;
    if (middle === a || middle === b) break;
    if (f(middle) > 0 === positive) a = middle;
    else b = middle;
  }
  return Math.exp((a + b) / 2);
}

/** A pair (σ_w, σ_b) on the edge of chaos. */
export interface EdgeOfChaos {
  readonly kernelGain: number;
  /** q* there; 0 where it is the limit, or where every q is a fixed point. */
  readonly q: number;
}

/**
 * σ_w for which χ₁ = 1 at the fixed point, given σ_b: there gradients neither vanish nor explode in the limit
 * (Schoenholz et al. 2017; Hayou et al. 2019). At every q, χ₁ = 1 asks for σ_w² = 1/E[φ′²], and the fixed point then
 * for σ_b² = q − E[φ²]/E[φ′²]; the smallest such q is taken.
 *
 * @param biasDeviation σ_b ≥ 0
 * @returns undefined where there is none, as for ReLU with any σ_b > 0
 * @throws RangeError for a negative or infinite σ_b
 */
export function edgeOfChaos(phi: Differentiable, biasDeviation: number): EdgeOfChaos | undefined {
  checkPositive('σ_b', biasDeviation);
  const excess = (logQ: number): number => {
    const q = Math.exp(logQ);
    const { valueSquared, derivativeSquared } = gaussianMoments(phi, 0, q);
    const found = q - valueSquared / derivativeSquared;
    return (Math.abs(found) <= STILL * q ? 0 : found) - biasDeviation ** 2;
  };
  const at = (q: number): EdgeOfChaos => ({
    kernelGain: 1 / Math.sqrt(gaussianMoments(phi, 0, q).derivativeSquared),
    q,
  });
  let before = excess(Math.log(SMALLEST));
  if (before === 0) return { ...at(SMALLEST), q: 0 };
  for (let logQ = Math.log(SMALLEST) + STEP; logQ <= Math.log(LARGEST); logQ += STEP) {
    const now = excess(logQ);
    if (now === 0) return at(Math.exp(logQ));
    if (now > 0 !== before > 0 && Number.isFinite(now - before)) return at(bisect(excess, logQ - STEP, logQ));
    before = now;
  }
  return undefined;
}
