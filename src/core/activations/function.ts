import type { VarianceScalingName } from '../initializers/initializer';

/** An activation function φ of one variable, with its derivative: what the catalogue gives a name to. */
export interface ActivationFunction {
  /** Shown to people, short: "sigmoid", "leaky ReLU 0.2". */
  readonly label: string;
  /** φ(x). Neither NaN nor overflow for |x| ≤ 10⁴, except that the exponential may be Infinity. */
  value(x: number): number;
  /** φ′(x) in closed form, equally stable; at a kink what PyTorch returns there (relu′(0) = 0, relu6′(6) = 0). */
  derivative(x: number): number;
  /**
   * Supremum of |φ′| and a point where it is reached. `x` is ±Infinity where it is only approached, and a kink where
   * it is the limit from one side. `value` is Infinity where φ′ is unbounded.
   */
  readonly derivativeMax: { readonly x: number; readonly value: number };
  /** Where φ′ jumps, ascending. */
  readonly kinks: readonly number[];
  /** The kernel initialiser that keeps the signal of a stack of this activation alive best. */
  readonly fittingInitializer: VarianceScalingName;
  /** φ(x) as plain text, "max(0, x)". */
  readonly formula: string;
  /** φ′(x) as plain text. */
  readonly derivativeFormula: string;
}
