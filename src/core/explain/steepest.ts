import { numeral } from '../activations/formula';
import type { ActivationFunction } from '../activations/function';

type Stretch = readonly [low: number, high: number];

/** What is looked at of φ′. */
export type Slope = Pick<ActivationFunction, 'breaks' | 'kinks' | 'derivative' | 'derivativeMax'>;

/** An infinite end of a stretch is looked at from this far. */
const FAR = 50;

/** Between breaks, where |φ′| is at its maximum throughout. */
function steepestStretches({ breaks, derivative, derivativeMax }: Slope): Stretch[] {
  const edges = [Number.NEGATIVE_INFINITY, ...breaks, Number.POSITIVE_INFINITY];
  return edges
    .slice(1)
    .map((high, i): Stretch => [edges[i]!, high])
    .filter(([low, high]) => {
      const from = Number.isFinite(low) ? low : Math.min(high, 0) - FAR;
      const to = Number.isFinite(high) ? high : Math.max(low, 0) + FAR;
      return [0.05, 0.3, 0.5, 0.7, 0.95].every((share) => {
        const slope = Math.abs(derivative(from + share * (to - from)));
        return Math.abs(slope - derivativeMax.value) < 1e-12;
      });
    });
}

function inWords([low, high]: Stretch, number: (x: number) => string): string {
  if (low === Number.NEGATIVE_INFINITY) return `x < ${number(high)}`;
  return high === Number.POSITIVE_INFINITY ? `x > ${number(low)}` : `${number(low)} < x < ${number(high)}`;
}

/** Where |φ′| is largest: "at 0", "for all x > 0", "for −1 < x < 1", "towards ∞", "everywhere". */
export function whereSteepest(phi: Slope, number: (x: number) => string = numeral): string {
  const stretches = steepestStretches(phi);
  const { x } = phi.derivativeMax;
  if (stretches.length === 0) return `${Number.isFinite(x) ? 'at' : 'towards'} ${number(x)}`;
  if (stretches.length === phi.breaks.length + 1) {
    return phi.kinks.length === 0 ? 'everywhere' : `for all x except ${phi.kinks.map(number).join(', ')}`;
  }
  const [first, last] = [stretches[0]!, stretches.at(-1)!];
  if (stretches.length === 2 && first[0] === -last[1] && first[1] === -last[0]) {
    return Number.isFinite(last[1])
      ? `for ${number(last[0])} < |x| < ${number(last[1])}`
      : `for all |x| > ${number(last[0])}`;
  }
  const all = stretches.length === 1 && stretches[0]!.every(Number.isFinite) ? '' : 'all ';
  return `for ${all}${stretches.map((each) => inWords(each, number)).join(' and ')}`;
}

/** The largest |φ′| and where: "0.25 at 0", "1, for all x > 0", "1 everywhere". */
export function steepest(
  phi: ActivationFunction,
  value: (x: number) => string = numeral,
  place: (x: number) => string = numeral,
): string {
  const where = whereSteepest(phi, place);
  return `${value(phi.derivativeMax.value)}${/^(at|everywhere)/.test(where) ? '' : ','} ${where}`;
}
