import type { ActivationFunction } from './function';
import { logisticDerivative } from './sigmoid';

export const tanh = (): ActivationFunction => ({
  label: 'tanh',
  value: Math.tanh,
  // tanh′(x) = 4σ′(2x); 1 − tanh² would round to 0 from |x| ≈ 19.
  derivative: (x) => 4 * logisticDerivative(2 * x),
  derivativeMax: { x: 0, value: 1 },
  kinks: [],
  fittingInitializer: 'glorot_uniform',
  formula: '(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)',
  derivativeFormula: '1 − tanh²(x)',
});

export const hardTanh = (): ActivationFunction => ({
  label: 'hard tanh',
  value: (x) => Math.max(-1, Math.min(1, x)),
  derivative: (x) => (Math.abs(x) < 1 ? 1 : 0),
  derivativeMax: { x: 0, value: 1 },
  kinks: [-1, 1],
  fittingInitializer: 'glorot_uniform',
  formula: 'clip(x, −1, 1)',
  derivativeFormula: '1 for |x| < 1, else 0',
});

export const softsign = (): ActivationFunction => ({
  label: 'softsign',
  value: (x) => x / (1 + Math.abs(x)),
  derivative: (x) => 1 / (1 + Math.abs(x)) ** 2,
  derivativeMax: { x: 0, value: 1 },
  kinks: [],
  fittingInitializer: 'glorot_uniform',
  formula: 'x/(1 + |x|)',
  derivativeFormula: '1/(1 + |x|)²',
});
