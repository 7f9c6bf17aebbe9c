import type { ActivationFunction } from './function';

export const relu = (): ActivationFunction => ({
  label: 'ReLU',
  value: (x) => Math.max(0, x),
  derivative: (x) => (x > 0 ? 1 : 0),
  derivativeMax: { x: 1, value: 1 },
  kinks: [0],
  fittingInitializer: 'he_normal',
  formula: 'max(0, x)',
  derivativeFormula: '1 for x > 0, else 0',
});

export const relu6 = (): ActivationFunction => ({
  label: 'ReLU6',
  value: (x) => Math.min(6, Math.max(0, x)),
  derivative: (x) => (x > 0 && x < 6 ? 1 : 0),
  derivativeMax: { x: 1, value: 1 },
  kinks: [0, 6],
  fittingInitializer: 'he_normal',
  formula: 'min(6, max(0, x))',
  derivativeFormula: '1 for 0 < x < 6, else 0',
});

/** @param slope for x ≤ 0, 0 … 1: Keras's string and tfjs's op 0.2, Keras's and tfjs's layers 0.3, PyTorch and JAX 0.01 */
export const leakyRelu = (slope: number): ActivationFunction => ({
  label: `leaky ReLU ${slope}`,
  value: (x) => (x > 0 ? x : slope * x),
  derivative: (x) => (x > 0 ? 1 : slope),
  derivativeMax: { x: 1, value: 1 },
  kinks: [0],
  fittingInitializer: 'he_normal',
  formula: `x for x > 0, else ${slope}x`,
  derivativeFormula: `1 for x > 0, else ${slope}`,
});
