import type { Differentiable } from '../activations/moments';
import { normalCdf } from '../math/normal';

/** The stretches of the real line on which φ is constant. */
const stretches = new WeakMap<Differentiable, readonly (readonly [from: number, to: number])[]>();

function stretchesOf(phi: Differentiable): readonly (readonly [number, number])[] {
  const known = stretches.get(phi);
  if (known) return known;
  const breaks = phi.breaks ?? phi.kinks ?? [];
  const ends = [Number.NEGATIVE_INFINITY, ...breaks, Number.POSITIVE_INFINITY];
  const found = ends.slice(1).flatMap((to, i): (readonly [number, number])[] => {
    const from = ends[i]!;
    const [a, b] = Number.isFinite(from) ? [from, Number.isFinite(to) ? to : from + 1] : [to - 1, to];
    // A function without breaks is one form everywhere.
    if (!Number.isFinite(a) || !Number.isFinite(b))
      return phi.derivative(0) === 0 && phi.derivative(1) === 0 ? [[from, to]] : [];
    const inside = [0.25, 0.5, 0.75].map((share) => a + share * (b - a));
    const flat = inside.every((x) => phi.derivative(x) === 0 && phi.value(x) === phi.value(inside[0]!));
    return flat ? [[from, to]] : [];
  });
  stretches.set(phi, found);
  return found;
}

/** P(φ′(z) = 0), z ~ N(mean, variance): ½ for ReLU and mean 0, and 0 where φ is nowhere constant. */
export function flatShare(phi: Differentiable, mean: number, variance: number): number {
  const deviation = Math.sqrt(variance);
  const below = (x: number): number =>
    deviation === 0 ? (x >= mean ? 1 : 0) : Number.isFinite(x) ? normalCdf((x - mean) / deviation) : x > 0 ? 1 : 0;
  const share = stretchesOf(phi).reduce((sum, [from, to]) => sum + below(to) - below(from), 0);
  return Math.max(0, Math.min(1, share));
}
