import type { ActivationFunction } from './function';

/** sign(x)·max(0, |x| − λ). @param lambda ≥ 0; the default of PyTorch and Keras is 0.5 */
export const softShrink = (lambda = 0.5): ActivationFunction => ({
  label: lambda === 0.5 ? 'soft shrink' : `soft shrink ${lambda}`,
  value: (x) => (x > lambda ? x - lambda : x < -lambda ? x + lambda : 0),
  derivative: (x) => (Math.abs(x) > lambda ? 1 : 0),
  derivativeMax: { x: 2 * lambda + 1, value: 1 },
  kinks: [-lambda, lambda],
  fittingInitializer: 'he_normal',
  formula: `sign(x)·max(0, |x| − ${lambda})`,
  derivativeFormula: `1 for |x| > ${lambda}, else 0`,
});

/** x outside [−λ, λ], 0 inside: it jumps at ±λ. @param lambda ≥ 0; the default of PyTorch and Keras is 0.5 */
export const hardShrink = (lambda = 0.5): ActivationFunction => ({
  label: lambda === 0.5 ? 'hard shrink' : `hard shrink ${lambda}`,
  value: (x) => (Math.abs(x) > lambda ? x : 0),
  derivative: (x) => (Math.abs(x) > lambda ? 1 : 0),
  derivativeMax: { x: 2 * lambda + 1, value: 1 },
  kinks: [-lambda, lambda],
  fittingInitializer: 'he_normal',
  formula: `x for |x| > ${lambda}, else 0`,
  derivativeFormula: `1 for |x| > ${lambda}, else 0`,
});

export const tanhShrink = (): ActivationFunction => ({
  label: 'tanh shrink',
  value: (x) => x - Math.tanh(x),
  derivative: (x) => Math.tanh(x) ** 2,
  derivativeMax: { x: Number.POSITIVE_INFINITY, value: 1 },
  kinks: [],
  fittingInitializer: 'he_normal',
  formula: 'x − tanh(x)',
  derivativeFormula: 'tanh²(x)',
});
