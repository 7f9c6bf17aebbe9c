import type { Activation } from '../activations/catalogue';
import { numeral } from '../activations/formula';
import { type Slope, whereSteepest } from './steepest';

/** The greatest difference of two functions. */
export interface Farthest {
  /** Infinity where it grows without bound. */
  readonly difference: number;
  /** "at x = ±2.7", "for 2.5 < x < 3". */
  readonly where: string;
}

/** Functions are looked at between −REACH and REACH; beyond it they follow their ends. */
const REACH = 30;
const STEPS = 3000;
/** Golden section halves the place's error about 1.4 times a step. */
const REFINEMENTS = 60;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Differences below this are rounding. */
const ROUNDING = 1e-13;

/** The largest value between two points around a peak. */
function refined(of: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let step = 0; step < REFINEMENTS; step++) {
    const [left, right] = [to - GOLDEN * (to - from), from + GOLDEN * (to - from)];
    if (of(left) >= of(right)) to = right;
    else from = left;
  }
  return (from + to) / 2;
}

/** Grid, and both sides of each break: where a slope jumps, its difference is largest beside the jump. */
function peak(of: (x: number) => number, breaks: readonly number[]): { x: number; value: number } {
  const grid = Array.from({ length: STEPS + 1 }, (_, i) => ((2 * i) / STEPS - 1) * REACH);
  const beside = breaks.flatMap((x) => [x - 1e-9, x + 1e-9]);
  const points = [...grid, ...beside].sort((a, b) => a - b);
  const values = points.map(of);
  const top = values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
  const x = refined(of, points[Math.max(0, top - 1)]!, points[Math.min(points.length - 1, top + 1)]!);
  return of(x) > values[top]! ? { x, value: of(x) } : { x: points[top]!, value: values[top]! };
}

const number = (x: number): string => numeral(Number(x.toPrecision(2)));

function place(of: (x: number) => number, breaks: readonly number[]): Farthest {
  const { x, value } = peak(of, breaks);
  if (value < ROUNDING) return { difference: 0, where: '' };
  const [left, right] = [of(-1e4), of(1e4)];
  const end = Math.max(left, right);
  const towards = `towards ${right > left ? '' : '−'}∞`;
  if (end > 10 * value) return { difference: Number.POSITIVE_INFINITY, where: towards };
  if (end > value) return { difference: end, where: towards };
  // A difference is looked at like a slope: where it is at its largest throughout, that is a stretch.
  const slope: Slope = { breaks, kinks: breaks, derivative: of, derivativeMax: { x, value } };
  const where = whereSteepest(slope, number);
  if (!where.startsWith('at ')) return { difference: value, where };
  const both = Math.abs(x) > 1e-6 && Math.abs(of(-x) - value) < 1e-6 * value;
  return { difference: value, where: `at x = ${both ? `±${number(Math.abs(x))}` : number(x)}` };
}

/** Where φ and φ′ of two functions lie farthest apart; φ′ at single kinks, where frameworks choose, does not count. */
export function farthest(one: Activation, other: Activation): { readonly value: Farthest; readonly slope: Farthest } {
  const breaks = [...new Set([...one.breaks, ...other.breaks])].sort((a, b) => a - b);
  const slopeOf = (phi: Activation, x: number): number =>
    phi.breaks.includes(x) ? phi.slopeBeside(x, 'right') : phi.derivative(x);
  return {
    value: place((x) => Math.abs(one.value(x) - other.value(x)), breaks),
    slope: place((x) => Math.abs(slopeOf(one, x) - slopeOf(other, x)), breaks),
  };
}
