import { lazily } from '../math/lazily';

/** What the expectations below need of an activation function. */
export interface Differentiable {
  value(x: number): number;
  /** φ′(x), without the point masses where φ itself jumps: what automatic differentiation returns. */
  derivative(x: number): number;
  /** Ascending; where the closed form changes. */
  readonly breaks?: readonly number[];
  /** Stands in for `breaks` where there are none. */
  readonly kinks?: readonly number[];
}

/** Expectations over a Gaussian pre-activation. */
export interface GaussianMoments {
  /** E[φ] */
  readonly value: number;
  /** E[φ²] */
  readonly valueSquared: number;
  /** E[φ′] */
  readonly derivative: number;
  /** E[φ′²] */
  readonly derivativeSquared: number;
  /** E[φ′⁴] */
  readonly derivativeFourth: number;
}

/** Nodes of a panel's Gauss–Legendre rule: exact for polynomials up to degree 31. */
const ORDER = 16;
/** Widest panel in standard deviations: the rule integrates the density on it to rounding. */
const PANEL = 4;
/** Half the range of integration in standard deviations; the density beyond holds 2·10⁻¹⁹ of the mass. */
const RANGE = 9;
/** The density underflows from here on. */
const WIDEST_RANGE = 39;
/** A panel counts as resolved when its two highest Legendre coefficients are this small beside its largest value… */
const RESOLVED = 1e-7;
/** …or beside 1: no expectation of interest hangs on what lies below. */
const NEGLIGIBLE = 1e-40;
/** No panel is split below this share of a standard deviation: enough for a jump that `breaks` does not tell. */
const NARROWEST = 2 ** -14;
/** Panels kept of one function; about 100 serve all layers of a stack. */
const KEPT_PANELS = 4096;
const KEPT_RESULTS = 16;

/** Value and derivative of the Legendre polynomial of one degree. */
function legendre(degree: number, x: number): { value: number; derivative: number } {
  let [before, value] = [1, x];
  for (let n = 2; n <= degree; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
  return { value, derivative: (degree * (x * value - before)) / (x * x - 1) };
}

/** Gauss–Legendre nodes and weights on [−1, 1]; Newton's method from Tricomi's estimate (Press et al., Numerical Recipes, 4.6). */
export function gaussLegendre(order: number): { nodes: Float64Array; weights: Float64Array } {
  const nodes = new Float64Array(order);
  const weights = new Float64Array(order);
  for (let i = 0; i < order; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (order + 0.5));
    for (let step = 0; step < 8; step++) {
      const { value, derivative } = legendre(order, x);
      x -= value / derivative;
    }
    nodes[i] = x;
    weights[i] = 2 / ((1 - x * x) * legendre(order, x).derivative ** 2);
  }
  return { nodes, weights };
}

const rule = lazily(() => gaussLegendre(ORDER));

/** Rows of weights that give a panel's Legendre coefficients of the two highest degrees. */
const highest = lazily(() => {
  const { nodes, weights } = rule();
  return [ORDER - 2, ORDER - 1].map((degree) =>
    nodes.map((x, i) => ((2 * degree + 1) / 2) * weights[i]! * legendre(degree, x).value),
  );
});

/** φ tabulated on an interval that can be halved: a node of a binary tree. */
interface Panel {
  readonly lo: number;
  readonly hi: number;
  halves?: readonly [Panel, Panel];
  /** φ, then φ′, at the nodes. */
  table?: Float64Array;
  resolved?: boolean;
}

/** What is kept of one function. */
interface Tabulation {
  /** Trees that cover the real line, from the one around or right of 0 outwards; keyed by their place. */
  readonly roots: Map<number, Panel>;
  readonly breaks: readonly number[];
  tables: number;
  /** φ(x) = factor·eˣ for all x, where it is so: the expectations have closed forms, and no finite range holds them. */
  readonly exponential: number | undefined;
  readonly results: Result[];
  next: number;
}

interface Result {
  readonly mean: number;
  readonly variance: number;
  readonly moments: GaussianMoments;
  /** Standard deviations to each side that the moments needed. */
  readonly range: number;
}

const tabulations = new WeakMap<Differentiable, Tabulation>();

function tabulationOf(phi: Differentiable): Tabulation {
  const known = tabulations.get(phi);
  if (known) return known;
  const made: Tabulation = {
    roots: new Map(),
    breaks: (phi.breaks ?? phi.kinks ?? []).filter(Number.isFinite),
    tables: 0,
    exponential: exponentialFactor(phi),
    results: [],
    next: 0,
  };
  tabulations.set(phi, made);
  return made;
}

/** c where φ(x) = c·eˣ, whose expectations have closed forms; undefined for every other function. */
export const exponentialFactorOf = (phi: Differentiable): number | undefined => tabulationOf(phi).exponential;

/** A function that is its own derivative is c·eˣ. */
function exponentialFactor(phi: Differentiable): number | undefined {
  const factor = phi.value(0);
  const same = (a: number, b: number) => Math.abs(a - b) <= 1e-12 * Math.abs(b);
  const is =
    factor !== 0 &&
    [-3, -0.7, 0, 1, 5].every((x) => {
      const expected = factor * Math.exp(x);
      return same(phi.value(x), expected) && same(phi.derivative(x), expected);
    });
  return is ? factor : undefined;
}

/** Edges at 0, ±1, ±4, ±16, …: panels grow with the distance from 0, where activation functions have their structure. */
const edge = (k: number): number => (k === 0 ? 0 : Math.sign(k) * 4 ** (Math.abs(k) - 1));

/** The k for which edge(k) ≤ x < edge(k + 1). */
function intervalOf(x: number): number {
  const size = Math.abs(x);
  let k = size < 1 ? 0 : Math.floor(Math.log2(size) / 2) + 1;
  if (x < 0) k = -k - 1;
  while (edge(k) > x) k--;
  while (edge(k + 1) <= x) k++;
  return k;
}

/**
 * Expectations of φ and φ′ over z ~ N(mean, variance), by Gauss–Legendre quadrature on panels that end at φ's breaks,
 * are at most four standard deviations wide and are halved until φ is resolved on them. Relative error about 1e-12
 * (1e-5 where φ has a kink that it does not tell); for E[φ], which may cancel, relative to E|φ|.
 *
 * φ is tabulated on the panels the first time, so that later calls with similar moments cost a few microseconds.
 *
 * @param mean finite
 * @param variance finite, ≥ 0; 0 gives φ and φ′ at the mean
 * @throws RangeError for moments that are not
 */
export function gaussianMoments(phi: Differentiable, mean: number, variance: number): GaussianMoments {
  return resultOf(phi, mean, variance).moments;
}

/**
 * E[f] for other functions of φ(z), φ′(z) and t = (z − mean)/deviation, by the same quadrature: as exact as the moments
 * where f has no structure of its own. Not for the exponential, which no finite range holds.
 *
 * @param add writes the functions' values into `sums`, times `weight`, on top of what is there
 */
export function gaussianExpectations(
  phi: Differentiable,
  mean: number,
  variance: number,
  count: number,
  add: (value: number, derivative: number, t: number, weight: number, sums: Float64Array) => void,
): Float64Array {
  const { range } = resultOf(phi, mean, variance);
  const sums = new Float64Array(count);
  const deviation = Math.sqrt(variance);
  if (isPoint(mean, deviation)) {
    add(phi.value(mean), phi.derivative(mean), 0, 1, sums);
    return sums;
  }
  let mass = 0;
  integrate(phi, tabulationOf(phi), mean, deviation, range, (weight, t, value, derivative) => {
    mass += weight;
    add(value, derivative, t, weight, sums);
  });
  return sums.map((sum) => sum / mass);
}

function resultOf(phi: Differentiable, mean: number, variance: number): Result {
  if (!Number.isFinite(mean)) throw new RangeError(`the mean is ${mean}; expected a finite number.`);
  if (!(variance >= 0 && variance < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the variance is ${variance}; expected a finite number that is not negative.`);
  }
  const tabulation = tabulationOf(phi);
  for (const kept of tabulation.results) {
    if (kept.mean === mean && kept.variance === variance) return kept;
  }
  const result = { mean, variance, ...compute(phi, tabulation, mean, variance) };
  tabulation.results[tabulation.next] = result;
  tabulation.next = (tabulation.next + 1) % KEPT_RESULTS;
  return result;
}

/** Whether z is a point to the precision of its mean. */
const isPoint = (mean: number, deviation: number): boolean =>
  deviation === 0 || (mean !== 0 && mean + deviation === mean);

function compute(
  phi: Differentiable,
  tabulation: Tabulation,
  mean: number,
  variance: number,
): { moments: GaussianMoments; range: number } {
  if (tabulation.exponential !== undefined) {
    return { moments: exponentialMoments(tabulation.exponential, mean, variance), range: RANGE };
  }
  const deviation = Math.sqrt(variance);
  if (isPoint(mean, deviation)) return { moments: pointMoments(phi, mean), range: RANGE };
  const core = sumUp(phi, tabulation, mean, deviation, RANGE);
  // Where the bulk of z lies in φ's flat part, the tails decide: σ′ around +100 with a deviation of 10 lives at 0.
  const scale = Math.abs(phi.value(mean)) + deviation;
  const smallest = Math.min(
    core.absolute / scale,
    core.moments.valueSquared / scale ** 2,
    core.moments.derivativeSquared,
    core.moments.derivativeFourth,
  );
  const range = Math.min(WIDEST_RANGE, Math.sqrt(2 * (23 - Math.log(smallest))));
  return range > RANGE
    ? { moments: sumUp(phi, tabulation, mean, deviation, range).moments, range }
    : { moments: core.moments, range: RANGE };
}

function pointMoments(phi: Differentiable, x: number): GaussianMoments {
  const value = phi.value(x);
  const derivative = phi.derivative(x);
  return {
    value,
    valueSquared: value ** 2,
    derivative,
    derivativeSquared: derivative ** 2,
    derivativeFourth: derivative ** 4,
  };
}

/** E[e^(kz)] = e^(k·mean + k²·variance/2). */
function exponentialMoments(factor: number, mean: number, variance: number): GaussianMoments {
  const power = (k: number) => factor ** k * Math.exp(k * mean + (k * k * variance) / 2);
  return {
    value: power(1),
    valueSquared: power(2),
    derivative: power(1),
    derivativeSquared: power(2),
    derivativeFourth: power(4),
  };
}

/** The moments from one pass over mean ± range·deviation. `absolute` is E|φ|. */
function sumUp(
  phi: Differentiable,
  tabulation: Tabulation,
  mean: number,
  deviation: number,
  range: number,
): { moments: GaussianMoments; absolute: number } {
  let mass = 0;
  let value = 0;
  let absolute = 0;
  let valueSquared = 0;
  let derivative = 0;
  let derivativeSquared = 0;
  let derivativeFourth = 0;
  integrate(phi, tabulation, mean, deviation, range, (weight, _t, y, slope) => {
    const slope2 = slope * slope;
    mass += weight;
    value += weight * y;
    absolute += weight * Math.abs(y);
    valueSquared += weight * y * y;
    derivative += weight * slope;
    derivativeSquared += weight * slope2;
    derivativeFourth += weight * slope2 * slope2;
  });
  return {
    absolute: absolute / mass,
    moments: {
      value: value / mass,
      valueSquared: valueSquared / mass,
      derivative: derivative / mass,
      derivativeSquared: derivativeSquared / mass,
      derivativeFourth: derivativeFourth / mass,
    },
  };
}

/** Visits the nodes on mean ± range·deviation; the weights' sum is √(2π) but for rounding. */
function integrate(
  phi: Differentiable,
  tabulation: Tabulation,
  mean: number,
  deviation: number,
  range: number,
  add: (weight: number, t: number, value: number, derivative: number) => void,
): void {
  if (tabulation.tables > KEPT_PANELS) {
    tabulation.roots.clear();
    tabulation.tables = 0;
  }
  const from = mean - range * deviation;
  const to = mean + range * deviation;
  const widest = PANEL * deviation;
  const narrowest = NARROWEST * deviation;
  const { nodes, weights } = rule();

  const sum = (panel: Panel, table: Float64Array): void => {
    const half = (panel.hi - panel.lo) / 2;
    // From the difference, so that a narrow z far from 0 keeps its digits.
    const centre = (panel.lo - mean + half) / deviation;
    const reach = half / deviation;
    for (let i = 0; i < ORDER; i++) {
      const t = centre + reach * nodes[i]!;
      const weight = reach * weights[i]! * Math.exp((-t * t) / 2);
      if (weight > 0) add(weight, t, table[i]!, table[ORDER + i]!);
    }
  };
  const visit = (panel: Panel): void => {
    if (panel.hi <= from || panel.lo >= to) return;
    const width = panel.hi - panel.lo;
    const middle = panel.lo + width / 2;
    const divisible = middle > panel.lo && middle < panel.hi;
    if (!divisible || (width <= widest && (resolved(phi, tabulation, panel) || width < narrowest))) {
      sum(panel, tabulate(phi, tabulation, panel));
      return;
    }
    panel.halves ??= [
      { lo: panel.lo, hi: middle },
      { lo: middle, hi: panel.hi },
    ];
    visit(panel.halves[0]);
    visit(panel.halves[1]);
  };
  for (let k = intervalOf(from); edge(k) < to; k++) visit(rootOf(tabulation, k));
}

/** The tree over [edge(k), edge(k + 1)], its first cuts at the breaks. */
function rootOf(tabulation: Tabulation, k: number): Panel {
  const known = tabulation.roots.get(k);
  if (known) return known;
  const cut = (lo: number, hi: number): Panel => {
    const inside = tabulation.breaks.filter((x) => x > lo && x < hi);
    const at = inside[inside.length >> 1];
    return at === undefined ? { lo, hi } : { lo, hi, resolved: false, halves: [cut(lo, at), cut(at, hi)] };
  };
  const root = cut(edge(k), edge(k + 1));
  tabulation.roots.set(k, root);
  return root;
}

function tabulate(phi: Differentiable, tabulation: Tabulation, panel: Panel): Float64Array {
  if (panel.table) return panel.table;
  const table = new Float64Array(2 * ORDER);
  const { nodes } = rule();
  const half = (panel.hi - panel.lo) / 2;
  const centre = panel.lo + half;
  for (let i = 0; i < ORDER; i++) {
    const x = centre + half * nodes[i]!;
    table[i] = phi.value(x);
    table[ORDER + i] = phi.derivative(x);
  }
  panel.table = table;
  tabulation.tables++;
  return table;
}

/** Whether polynomials of the panel's degree follow φ, φ′ and φ′⁴ on it. */
function resolved(phi: Differentiable, tabulation: Tabulation, panel: Panel): boolean {
  if (panel.resolved !== undefined) return panel.resolved;
  const table = tabulate(phi, tabulation, panel);
  const slopes = table.subarray(ORDER);
  panel.resolved = follows(table.subarray(0, ORDER)) && follows(slopes) && follows(slopes.map((slope) => slope ** 4));
  return panel.resolved;
}

function follows(values: Float64Array): boolean {
  let largest = 0;
  for (const y of values) largest = Math.max(largest, Math.abs(y));
  if (!Number.isFinite(largest)) return true;
  const tolerance = Math.max(RESOLVED * largest, NEGLIGIBLE);
  return highest().every((row) => {
    let coefficient = 0;
    for (let i = 0; i < ORDER; i++) coefficient += row[i]! * values[i]!;
    return Math.abs(coefficient) <= tolerance;
  });
}
