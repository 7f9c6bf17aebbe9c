import type { Differentiable } from '../activations/moments';
import { coarse, density, type Signal } from './signal';

/**
 * E[g²] of one component's gradient g given its value, over E[g²], on the grid of its signal; undefined where it does not
 * hang on the value, as behind a kernel.
 *
 * Around a residual branch a unit meets one activation after another: slopes on this way hang on one value, and E[φ′²φ′²]
 * is not E[φ′²]². Back from φ: B(z) = φ′(z)²·B(φ(z)); back from s = x + F to x: B(x) = E[B(x + F)] over F, which is
 * independent of x given zero-mean kernels; back from F's kernel it is 1.
 */
export type Given = Float64Array | undefined;

function relative(values: Float64Array): Given {
  const mean = values.reduce((sum, value, i) => sum + value * density[i]!, 0);
  return mean > 0 && Number.isFinite(mean) ? values.map((value) => value / mean) : undefined;
}

/** Before an activation, and by what E[φ′²] has to be multiplied. */
export function givenBeforeFunction(
  phi: Differentiable,
  input: Signal,
  after: Given,
): { given: Given; factor: number } {
  const slopes = input.values.map((y) => phi.derivative(y) ** 2);
  const whole = after ? slopes.map((slope, i) => slope * after[i]!) : slopes;
  const mean = (values: Float64Array): number => values.reduce((sum, value, i) => sum + value * density[i]!, 0);
  const plain = mean(slopes);
  const factor = after && plain > 0 ? mean(whole) / plain : 1;
  return { given: relative(whole), factor: factor > 0 ? factor : 1 };
}

/** `given` as a function of the value, which rises along the grid. */
function atValue(values: Float64Array, given: Float64Array, y: number): number {
  let [low, high] = [0, values.length - 1];
  if (y <= values[low]!) return given[low]!;
  if (y >= values[high]!) return given[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= y) low = middle;
    else high = middle;
  }
  const width = values[high]! - values[low]!;
  const share = width > 0 ? (y - values[low]!) / width : 0;
  return given[low]! + share * (given[high]! - given[low]!);
}

/** Of one term of a sum. */
export function givenBeforeSum(sum: Signal, term: Signal, others: Signal, after: Given): Given {
  if (after === undefined) return undefined;
  const rest = coarse(others.values);
  return relative(
    term.values.map((x) => rest.reduce((all, f) => all + atValue(sum.values, after, x + f), 0) / rest.length),
  );
}

/** Of one part of what was joined. */
export const givenBeforeJoin = (whole: Signal, part: Signal, after: Given): Given =>
  after && relative(part.values.map((y) => atValue(whole.values, after, y)));

/** What arrives along two ways, the second with a share of E[g²]. */
export function mergedGiven(a: Given, b: Given, share: number): Given {
  if (a === undefined && b === undefined) return undefined;
  return density.map((_, i) => (1 - share) * (a?.[i] ?? 1) + share * (b?.[i] ?? 1));
}
