/** ln of a mean over the units of one layer, over draws in which it is not 0. */
export interface DrawnSum {
  /** E ln S where E[S] = 1 over all draws: below 0, since draws scatter. 0 where every draw is 0. */
  readonly mean: number;
  /** Var ln S. */
  readonly variance: number;
  /** P(S = 0): no unit contributes. */
  readonly zero: number;
}

/** The excess up to which a mean of squares counts as gamma distributed: that of ReLU's slopes, 3·2 − 1. */
const GAMMA = 5;
/** Terms of the binomial sum beyond so many standard deviations hold less than 10⁻¹⁵. */
const REACH = 8;
/** Units from which it no longer matters that few or many of them are off by chance. */
const MANY = 512;

/**
 * S = ΣX_i/n of n independent X_i ≥ 0 with mean 1, such as φ′²h² over its expectation, h Gaussian. Of those that are
 * not 0, K are drawn (binomial); their sum is taken for gamma distributed, which it is for ReLU and linear units, where
 * it is χ² of K degrees of freedom. What the terms scatter beyond that is heavy-tailed and counts as log-normal.
 *
 * @param count n, at least 1
 * @param excess Var(X), ≥ 0
 * @param off P(X = 0), in [0, 1]
 */
export function drawnSum(count: number, excess: number, off: number): DrawnSum {
  if (off >= 1) return { mean: 0, variance: 0, zero: 1 };
  const zero = off ** count;
  if (off === 0 || count > MANY) return { ...sumOf(count, excess), zero };
  /** Relative variance of the terms that are not 0. */
  const own = Math.max(0, (1 + excess) * (1 - off) - 1);
  const centre = count * (1 - off);
  const reach = REACH * Math.sqrt(centre * off) + REACH;
  let mass = 0;
  let mean = 0;
  let square = 0;
  const [odds, first] = [Math.log((1 - off) / off), Math.max(1, Math.floor(centre - reach))];
  let log = logBinomial(count, first) + first * odds + count * Math.log(off);
  for (let on = first; on <= Math.min(count, centre + reach); on++) {
    const weight = Math.exp(log);
    const sum = sumOf(on, own);
    const at = Math.log(on / centre) + sum.mean;
    mass += weight;
    mean += weight * at;
    square += weight * (at * at + sum.variance);
    log += Math.log((count - on) / (on + 1)) + odds;
  }
  mean /= mass;
  return { mean, variance: Math.max(0, square / mass - mean * mean), zero };
}

/** Of the mean of n squares of Gaussians. */
export const squaresOf = (count: number): { readonly mean: number; readonly variance: number } => sumOf(count, 2);

function sumOf(count: number, excess: number): { readonly mean: number; readonly variance: number } {
  const gamma = Math.min(excess, GAMMA);
  const rest = Math.log1p((excess - gamma) / (count + gamma));
  if (gamma === 0) return { mean: 0, variance: 0 };
  const shape = count / gamma;
  return { mean: digamma(shape) - Math.log(shape) - rest / 2, variance: trigamma(shape) + rest };
}

function logBinomial(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
  return log;
}

/** Both series are good to 10⁻¹² from here on. */
const ASYMPTOTIC = 10;

/** ψ(x) = d ln Γ(x)/dx, x > 0; Abramowitz & Stegun 6.3.5 and 6.3.18. */
export function digamma(x: number): number {
  let sum = 0;
  let at = x;
  for (; at < ASYMPTOTIC; at++) sum -= 1 / at;
  const s = 1 / (at * at);
  return sum + Math.log(at) - 1 / (2 * at) - s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s / 132))));
}

/** ψ′(x), x > 0; Abramowitz & Stegun 6.4.6 and 6.4.12. */
export function trigamma(x: number): number {
  let sum = 0;
  let at = x;
  for (; at < ASYMPTOTIC; at++) sum += 1 / (at * at);
  const s = 1 / (at * at);
  return sum + 1 / at + s / 2 + (s / at) * (1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - (s * 5) / 66))));
}
