import { type Differentiable, gaussianMoments } from '../activations/moments';

/**
 * The distribution of one component of a tensor, over weights and inputs: y = f(z) with a latent z ~ N(0, 1), as values
 * on a grid of z. Two places of one channel (two positions, or the same in two samples) have latents with the
 * correlation ρ; different channels are independent. What is exactly Gaussian is held as such.
 */
export interface Signal {
  readonly mean: number;
  readonly square: number;
  /** E[y·y′] of two places of one channel. */
  readonly cross: number;
  /** Set where y is Gaussian: its variance is square − mean². */
  readonly gaussian: boolean;
  /** y on the grid of z. */
  readonly values: Float64Array;
  /** ρ of the latents. */
  readonly correlation: number;
  /** Squared slope from where the gradient's way through element-wise steps began, on the grid. */
  readonly slopes: Float64Array;
}

/** Points of the grid, beside 0 so that a kink there lies between two of them. */
const POINTS = 240;
const REACH = 6;
const STEP = (2 * REACH) / POINTS;
const OUTER = 24;
const OUTER_REACH = 3.6;

const grid = Float64Array.from({ length: POINTS }, (_, i) => -REACH + (i + 0.5) * STEP);

function normalised(points: Float64Array): Float64Array {
  const raw = points.map((z) => Math.exp((-z * z) / 2));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((w) => w / sum);
}

export const density = normalised(grid);
const outer = Float64Array.from({ length: OUTER }, (_, i) => -OUTER_REACH + ((i + 0.5) * 2 * OUTER_REACH) / OUTER);
const outerDensity = normalised(outer);
/** Share of the density up to the middle of each point. */
const ranks = (() => {
  let sum = 0;
  return density.map((w) => {
    sum += w;
    return sum - w / 2;
  });
})();
const ones = new Float64Array(POINTS).fill(1);

const expectation = (values: Float64Array, weights: Float64Array = density): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * weights[i]!;
  return sum;
};

const squares = (values: Float64Array): Float64Array => values.map((y) => y * y);

const clampUnit = (x: number): number => Math.max(0, Math.min(1, Number.isFinite(x) ? x : 0));

/** N(mean, variance), with the covariance of two places of one channel. */
export function gaussianSignal(mean: number, variance: number, covariance: number): Signal {
  const deviation = Math.sqrt(variance);
  const held = Math.max(0, Math.min(variance, covariance));
  return {
    mean,
    square: variance + mean * mean,
    cross: held + mean * mean,
    gaussian: true,
    values: grid.map((z) => mean + deviation * z),
    correlation: variance > 0 ? held / variance : 0,
    slopes: ones,
  };
}

/** Linear interpolation between the grid's points; beyond its ends the last value. */
function at(values: Float64Array, z: number): number {
  const place = (z + REACH) / STEP - 0.5;
  if (place <= 0) return values[0]!;
  if (place >= POINTS - 1) return values[POINTS - 1]!;
  const below = Math.floor(place);
  return values[below]! + (place - below) * (values[below + 1]! - values[below]!);
}

/** E[y·y′] of f(z), f(z′) for latents with correlation ρ: E over what they share of (E[f] given it)². */
function crossOf(values: Float64Array, correlation: number): number {
  if (correlation >= 0.999) return expectation(squares(values));
  if (correlation <= 0) return expectation(values) ** 2;
  const [shared, own] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  let cross = 0;
  for (let o = 0; o < OUTER; o++) {
    let given = 0;
    for (let i = 0; i < POINTS; i++) given += density[i]! * at(values, shared * outer[o]! + own * grid[i]!);
    cross += outerDensity[o]! * given * given;
  }
  return cross;
}

/** The ρ with which values on the grid have a certain E[y·y′]. */
function correlationFor(values: Float64Array, cross: number): number {
  let [low, high] = [0, 1];
  if (cross <= expectation(values) ** 2 * (1 + 1e-9)) return 0;
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2;
    if (crossOf(values, middle) < cross) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A signal of values with weights: put in order, so that the grid's ranks find them. */
function ordered(
  values: Float64Array,
  slopes: Float64Array,
  weights: Float64Array,
  moments: { readonly mean: number; readonly square: number; readonly cross: number },
): Signal {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const y = new Float64Array(POINTS);
  const d = new Float64Array(POINTS);
  let [total, next] = [0, 0];
  // Each point gets the mean of what lies between its neighbours' ranks.
  for (let i = 0; i < POINTS; i++) {
    const end = i === POINTS - 1 ? Number.POSITIVE_INFINITY : ranks[i]! + density[i]! / 2;
    let [mass, sum, slope] = [0, 0, 0];
    while (next < order.length && total < end) {
      const k = order[next]!;
      total += weights[k]!;
      mass += weights[k]!;
      sum += weights[k]! * values[k]!;
      slope += weights[k]! * slopes[k]!;
      next++;
    }
    if (mass > 0) {
      y[i] = sum / mass;
      d[i] = slope / mass;
    } else {
      const k = order[Math.min(next, order.length - 1)]!;
      y[i] = values[k]!;
      d[i] = slopes[k]!;
    }
  }
  return { ...moments, gaussian: false, values: y, correlation: correlationFor(y, moments.cross), slopes: d };
}

/** Result of a step, and by what it multiplies ‖gradient‖² on the way back. */
export interface Passed {
  readonly signal: Signal;
  readonly factor: number;
  /** E[φ′⁴]/E[φ′²]² of an activation. */
  readonly kurtosis: number;
  readonly slopesAlike?: SlopesAlike;
}

/** How alike an activation's slopes are at two places of one channel. */
export interface SlopesAlike {
  /** E[φ′·φ′]/E[φ′²] of two places. */
  readonly slopes: number;
  /** E[φ′²·φ′²]/E[φ′²]² of two places. */
  readonly squares: number;
}

/** φ of every component. */
export function throughFunction(phi: Differentiable, input: Signal): Passed {
  const values = input.values.map((y) => phi.value(y));
  const slopes = input.values.map((y) => phi.derivative(y) ** 2);
  const cross = crossOf(values, input.correlation);
  const chained = slopes.map((s, i) => s * input.slopes[i]!);
  const slopesAlike = likenessOf(
    input.values.map((y) => phi.derivative(y)),
    slopes,
    input.correlation,
  );
  if (input.gaussian) {
    const { value, valueSquared, derivativeSquared, derivativeFourth } = gaussianMoments(
      phi,
      input.mean,
      Math.max(0, input.square - input.mean ** 2),
    );
    const gridSquare = expectation(squares(values));
    const scale = gridSquare > 0 ? valueSquared / gridSquare : 1;
    return {
      signal: {
        mean: value,
        square: valueSquared,
        cross: Math.min(valueSquared, Math.max(value * value, cross * scale)),
        gaussian: false,
        values,
        correlation: input.correlation,
        slopes: chained,
      },
      factor: derivativeSquared,
      kurtosis: derivativeSquared > 0 ? derivativeFourth / derivativeSquared ** 2 : 1,
      slopesAlike,
    };
  }
  const before = expectation(input.slopes);
  const after = expectation(chained);
  const plain = expectation(slopes);
  return {
    signal: {
      mean: expectation(values),
      square: expectation(squares(values)),
      cross,
      gaussian: false,
      values,
      correlation: input.correlation,
      slopes: chained,
    },
    factor: before > 0 ? after / before : plain,
    kurtosis: plain > 0 ? expectation(squares(slopes)) / plain ** 2 : 1,
    slopesAlike,
  };
}

function likenessOf(slopes: Float64Array, squared: Float64Array, correlation: number): SlopesAlike {
  const square = expectation(squared);
  if (!(square > 0)) return { slopes: 1, squares: 1 };
  return {
    slopes: clampUnit(crossOf(slopes, correlation) / square),
    squares: crossOf(squared, correlation) / square / square,
  };
}

/** scale·(y − shift), and ρ as it is from then on. */
export function shifted(input: Signal, shift: number, scale: number, cross?: number): Passed {
  const mean = scale * (input.mean - shift);
  const square = scale ** 2 * (input.square - 2 * shift * input.mean + shift ** 2);
  const carried = scale ** 2 * (input.cross - 2 * shift * input.mean + shift ** 2);
  const kept = Math.max(mean * mean, Math.min(square, cross ?? carried));
  const values = input.values.map((y) => scale * (y - shift));
  const factor = scale ** 2;
  return {
    signal: {
      mean,
      square,
      cross: kept,
      gaussian: input.gaussian,
      values,
      correlation: cross === undefined ? input.correlation : clampUnit(correlationFor(values, kept)),
      slopes: input.slopes.map((d) => d * factor),
    },
    factor,
    kurtosis: 1,
  };
}

/** Kept with probability ρ and divided by it then. */
export function throughDropout(input: Signal, keep: number): Passed {
  const values = Float64Array.from([...input.values.map((y) => y / keep), ...new Float64Array(POINTS)]);
  const slopes = Float64Array.from([...input.slopes.map((d) => d / keep ** 2), ...new Float64Array(POINTS)]);
  const weights = Float64Array.from([...density.map((w) => w * keep), ...density.map((w) => w * (1 - keep))]);
  const moments = { mean: input.mean, square: input.square / keep, cross: input.cross };
  return { signal: ordered(values, slopes, weights, moments), factor: 1 / keep, kurtosis: 1 };
}

/**
 * The largest of k places, to which the gradient goes. Given what the places share, k independent draws: the largest has
 * the distribution F^k.
 */
export function throughMaximum(input: Signal, k: number): Passed {
  if (k <= 1) return { signal: input, factor: 1, kurtosis: 1 };
  const rho = input.correlation;
  const alone = rho < 1e-3;
  const [shared, own] = [Math.sqrt(rho), Math.sqrt(1 - rho)];
  const count = alone ? 1 : OUTER;
  const values = new Float64Array(count * POINTS);
  const slopes = new Float64Array(count * POINTS);
  const weights = new Float64Array(count * POINTS);
  let [mean, square, cross] = [0, 0, 0];
  for (let o = 0; o < count; o++) {
    const share = alone ? 1 : outerDensity[o]!;
    const place = (i: number): number => (alone ? grid[i]! : shared * outer[o]! + own * grid[i]!);
    const y = Float64Array.from(grid.keys(), (i) => at(input.values, place(i)));
    const d = Float64Array.from(grid.keys(), (i) => at(input.slopes, place(i)));
    const order = Array.from(y.keys()).sort((a, b) => y[a]! - y[b]!);
    let [below, given] = [0, 0];
    for (const i of order) {
      const above = Math.min(1, below + density[i]!);
      const weight = above ** k - below ** k;
      below = above;
      const to = o * POINTS + i;
      values[to] = y[i]!;
      slopes[to] = d[i]!;
      weights[to] = share * weight;
      given += weight * y[i]!;
      square += share * weight * y[i]! ** 2;
    }
    mean += share * given;
    cross += share * given * given;
  }
  const before = expectation(input.slopes);
  const after = expectation(slopes, weights);
  return {
    signal: ordered(values, slopes, weights, { mean, square, cross }),
    factor: before > 0 ? after / before : 1,
    kurtosis: 1,
  };
}

/** The mean of k places: each passes back 1/k of what it receives. */
export function throughAverage(input: Signal, k: number): Passed {
  if (k <= 1) return { signal: input, factor: 1, kurtosis: 1 };
  const square = input.square / k + (1 - 1 / k) * input.cross;
  const signal = gaussianSignal(input.mean, Math.max(0, square - input.mean ** 2), input.cross - input.mean ** 2);
  return { signal, factor: 1 / k, kurtosis: 1 };
}

/** Coarse equal shares of a signal, for sums and products of two. */
export function coarse(values: Float64Array): Float64Array {
  const order = Float64Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const parts = new Float64Array(60);
  const mass = new Float64Array(60);
  let total = 0;
  for (const k of order) {
    const part = Math.min(59, Math.floor((total + density[k]! / 2) * 60));
    total += density[k]!;
    parts[part]! += density[k]! * values[k]!;
    mass[part]! += density[k]!;
  }
  return parts.map((sum, i) => (mass[i]! > 0 ? sum / mass[i]! : (parts[i - 1] ?? 0) / (mass[i - 1] || 1)));
}

function paired(a: Signal, b: Signal, f: (x: number, y: number) => number): Float64Array {
  const [x, y] = [coarse(a.values), coarse(b.values)];
  return Float64Array.from({ length: 3600 }, (_, i) => f(x[Math.floor(i / 60)]!, y[i % 60]!));
}

const equal = new Float64Array(3600).fill(1 / 3600);
const plain = new Float64Array(3600).fill(1);

/** The sum of two that are independent. */
export function sumOf(a: Signal, b: Signal): Signal {
  const between = 2 * a.mean * b.mean;
  const moments = { mean: a.mean + b.mean, square: a.square + b.square + between, cross: a.cross + b.cross + between };
  if (a.gaussian && b.gaussian) {
    return gaussianSignal(moments.mean, moments.square - moments.mean ** 2, moments.cross - moments.mean ** 2);
  }
  return ordered(
    paired(a, b, (x, y) => x + y),
    plain,
    equal,
    moments,
  );
}

/** The product of two that are independent. */
export function productOf(a: Signal, b: Signal): Signal {
  const moments = { mean: a.mean * b.mean, square: a.square * b.square, cross: a.cross * b.cross };
  return ordered(
    paired(a, b, (x, y) => x * y),
    plain,
    equal,
    moments,
  );
}

/** Parts side by side, each with its share of the components. */
export function mixtureOf(parts: readonly { readonly signal: Signal; readonly share: number }[]): Signal {
  const values = Float64Array.from(parts.flatMap(({ signal }) => [...signal.values]));
  const weights = Float64Array.from(parts.flatMap(({ share }) => [...density.map((w) => w * share)]));
  const over = (of: (signal: Signal) => number): number =>
    parts.reduce((sum, { signal, share }) => sum + share * of(signal), 0);
  return ordered(values, new Float64Array(values.length).fill(1), weights, {
    mean: over(({ mean }) => mean),
    square: over(({ square }) => square),
    cross: over(({ cross }) => cross),
  });
}

/** The same signal, from where the way back is counted anew. */
export const restarted = (signal: Signal): Signal => ({ ...signal, slopes: ones });
