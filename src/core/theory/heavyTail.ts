import { type Differentiable, gaussLegendre } from '../activations/moments';
import { lazily } from '../math/lazily';
import { normalDensity } from '../math/normal';
import type { DrawnSum } from './drawnSum';

/** Standard deviations on either side within which units are looked for. */
const REACH = 8;
const PANELS = 64;

/** Of t ~ N(0, 1): where, and with what probability. */
const grid = lazily(() => {
  const { nodes, weights } = gaussLegendre(8);
  const half = REACH / PANELS;
  return Array.from({ length: PANELS }, (_, panel) => {
    const centre = (2 * panel + 1 - PANELS) * half;
    return [...nodes].map((node, i) => {
      const t = centre + half * node;
      return { t, mass: half * weights[i]! * normalDensity(t) };
    });
  }).flat();
});

/**
 * ln of what Σφ′²/n has in the share of draws: the steepest of n units where it stands in that share of them, and the mean
 * of those that are less steep.
 */
function logQuantiles(
  phi: Differentiable,
  mean: number,
  q: number,
  count: number,
  shares: readonly number[],
): number[] {
  const root = Math.sqrt(q);
  const units = grid()
    .map(({ t, mass }) => ({ square: phi.derivative(mean + root * t) ** 2, mass }))
    .sort((a, b) => b.square - a.square);
  return shares.map((share) => {
    /** P(one unit is steeper than the steepest of n). */
    let rare = -Math.expm1(Math.log(share) / count);
    let steepest: number | undefined;
    let sum = 0;
    for (const { square, mass } of units) {
      const left = Math.min(rare, mass);
      rare -= left;
      if (left < mass) steepest ??= square;
      sum += (mass - left) * square;
    }
    sum += (steepest ?? 0) / count;
    return Math.log(sum);
  });
}

/**
 * Σφ′²h²/n where E[φ′²] is that of pre-activations so far out that few networks have one: sigmoid or tanh about z = 100.
 * The unit nearest to the steep part brings nearly all of the sum then, so that median and quantiles are those of the
 * steepest of n draws.
 *
 * @param meanDeviation of the mean over samples
 * @param square E[φ′²]
 * @returns undefined where numbers cannot hold it
 */
export function heavySum(
  phi: Differentiable,
  { mean, q, meanDeviation }: { readonly mean: number; readonly q: number; readonly meanDeviation: number },
  square: number,
  count: number,
): DrawnSum | undefined {
  const [low, middle, high] = logQuantiles(phi, mean, q, count, [0.05, 0.5, 0.95]) as [number, number, number];
  const medianAt = (m: number): number => logQuantiles(phi, m, q, count, [0.5])[0]!;
  const common = meanDeviation === 0 ? 0 : (medianAt(mean + meanDeviation) - medianAt(mean - meanDeviation)) / 2;
  if (![low, middle, high, common].every(Number.isFinite)) return undefined;
  return {
    mean: Math.min(0, middle - Math.log(square)),
    // Quantiles of 5 and 95 % lie 2 · 1.645 standard deviations apart; ln h² of the one unit scatters by π²/2.
    variance: ((high - low) / 3.29) ** 2 + common ** 2 + Math.PI ** 2 / 2,
    zero: 0,
  };
}
