/** One positive size over many draws of a network. */
export interface MeasuredSize {
  /** The median over all draws, those counted in which it is exactly 0. */
  readonly typical: number;
  /** Geometric standard deviation over the draws in which it is neither 0 nor infinite, ≥ 1. */
  readonly spread: number;
  /** 5 % and 95 % quantiles over all draws. */
  readonly low: number;
  readonly high: number;
  /** Share of the draws in which it is exactly 0. */
  readonly zeros: number;
}

/** What was measured at one hidden layer. */
export interface MeasuredLayer {
  /** From 1, at the input. */
  readonly layer: number;
  /** ‖δ^l‖/‖δ^L‖ of one sample; of a single hidden layer ‖δ‖/‖∂C/∂a‖, as predicted. */
  readonly delta: MeasuredSize;
  /** ‖∂C/∂W^l‖/‖∂C/∂W^L‖ of one sample; of a single hidden layer the same as `delta`. */
  readonly kernelGradient: MeasuredSize;
}

/** What was measured on random networks; beside a prediction, which speaks of the median as well. */
export interface MeasuredFlow {
  readonly networks: number;
  readonly layers: readonly MeasuredLayer[];
  /** ‖δ¹‖/‖δ^L‖. */
  readonly ratio: MeasuredSize;
}

/** Value below which a share of sorted numbers lies, linear between neighbours; the nearer one beside an infinite one. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  const part = at - Math.floor(at);
  if (!Number.isFinite(above - below)) return part < 0.5 ? below : above;
  return below + part * (above - below);
}

/**
 * Summary of a size from its natural logarithms, one for each draw; −Infinity for an exact 0, Infinity for what
 * overflowed.
 *
 * @throws RangeError without draws
 */
export function summariseLogs(logs: Iterable<number>): MeasuredSize {
  const sorted = Float64Array.from(logs).sort();
  if (sorted.length === 0) throw new RangeError('there are no draws; expected at least one.');
  const low = Math.exp(quantile(sorted, 0.05));
  const high = Math.exp(quantile(sorted, 0.95));
  const zeros = sorted.filter((log) => log === Number.NEGATIVE_INFINITY).length / sorted.length;
  const typical = Math.exp(quantile(sorted, 0.5));
  const finite = sorted.filter(Number.isFinite);
  if (finite.length === 0) return { typical, spread: 1, low, high, zeros };
  const mean = finite.reduce((sum, log) => sum + log, 0) / finite.length;
  const square = finite.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  const deviation = Math.sqrt(square / Math.max(1, finite.length - 1));
  return { typical, spread: Math.exp(deviation), low, high, zeros };
}
