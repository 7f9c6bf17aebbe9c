import type { Bounded } from './check';

/** Upper bounds on the activations' part of the backward pass. */
export interface DerivativeBound {
  /** max|φ′| of each layer, from the first. */
  readonly perLayer: readonly number[];
  /** ∏ max|φ′| from each layer up to the last: what can reach the layer at best. */
  readonly cumulative: readonly number[];
  /** The product over all layers. */
  readonly product: number;
}

/**
 * ∏ max|φ′_l|: the best case of the activations alone, 0.25¹⁰ ≈ 9.54·10⁻⁷ for ten sigmoid layers. The kernels multiply
 * in too and may outweigh it; what a network really passes back is {@link predict}'s.
 *
 * @param activations one for each layer, from the first
 */
export function derivativeBound(activations: readonly Bounded[]): DerivativeBound {
  const perLayer = activations.map((phi) => phi.derivativeMax.value);
  const cumulative = new Array<number>(perLayer.length);
  let product = 1;
  for (let l = perLayer.length - 1; l >= 0; l--) {
    // A layer that passes nothing stays one, also below an unbounded one.
    product = product === 0 || perLayer[l] === 0 ? 0 : product * perLayer[l]!;
    cumulative[l] = product;
  }
  return { perLayer, cumulative, product };
}
