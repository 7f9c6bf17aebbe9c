import type { ActivationFunction } from './function';
import { logistic, logOnePlusExp } from './sigmoid';

export const softplus = (): ActivationFunction => ({
  label: 'softplus',
  value: logOnePlusExp,
  derivative: logistic,
  derivativeMax: { x: Number.POSITIVE_INFINITY, value: 1 },
  kinks: [],
  fittingInitializer: 'he_normal',
  formula: 'ln(1 + eˣ)',
  derivativeFormula: '1/(1 + e⁻ˣ)',
});

/** (x + √(x² + b))/2 (Barron 2021). @param b > 0; JAX's and Keras's default is 4 */
export function squareplus(b = 4): ActivationFunction {
  // On the left, x + root cancels; multiplied out by its conjugate it does not.
  const value = (x: number): number => {
    const root = Math.sqrt(x * x + b);
    return x >= 0 ? (x + root) / 2 : b / (2 * (root - x));
  };
  return {
    label: b === 4 ? 'squareplus' : `squareplus ${b}`,
    value,
    // value/root is ½(1 + x/root) without the cancellation; at Infinity it would be Infinity/Infinity.
    derivative: (x) => (x === Number.POSITIVE_INFINITY ? 1 : value(x) / Math.sqrt(x * x + b)),
    derivativeMax: { x: Number.POSITIVE_INFINITY, value: 1 },
    kinks: [],
    fittingInitializer: 'he_normal',
    formula: `½(x + √(x² + ${b}))`,
    derivativeFormula: `½(1 + x/√(x² + ${b}))`,
  };
}

/** 0, then a parabola on (−1, 1), then x: smooth, and exactly 0 on the left (JAX, Keras). */
export const sparsePlus = (): ActivationFunction => ({
  label: 'sparse plus',
  value: (x) => (x <= -1 ? 0 : x >= 1 ? x : ((x + 1) / 2) ** 2),
  derivative: (x) => (x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2),
  derivativeMax: { x: 1, value: 1 },
  kinks: [],
  fittingInitializer: 'he_normal',
  formula: '0 for x ≤ −1, ¼(x + 1)² up to 1, then x',
  derivativeFormula: 'clip((x + 1)/2, 0, 1)',
});
