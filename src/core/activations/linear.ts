import type { ActivationFunction } from './function';

export const linear = (): ActivationFunction => ({
  label: 'linear',
  value: (x) => x,
  derivative: () => 1,
  derivativeMax: { x: 0, value: 1 },
  kinks: [],
  fittingInitializer: 'glorot_uniform',
  formula: 'x',
  derivativeFormula: '1',
});

/** eˣ; it overflows to Infinity from x ≈ 709.8. */
export const exponential = (): ActivationFunction => ({
  label: 'exponential',
  value: Math.exp,
  derivative: Math.exp,
  derivativeMax: { x: Number.POSITIVE_INFINITY, value: Number.POSITIVE_INFINITY },
  kinks: [],
  fittingInitializer: 'glorot_uniform',
  formula: 'eˣ',
  derivativeFormula: 'eˣ',
});
