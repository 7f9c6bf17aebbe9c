import type { ActivationFunction } from './function';

/** σ(x) = 1/(1 + e⁻ˣ); the exponent is never positive, so nothing overflows. */
export function logistic(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/** σ′(x) = e⁻ˣ/(1 + e⁻ˣ)², even in x; keeps its digits in the tails, where σ(1 − σ) would round to 0. */
export function logisticDerivative(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return e / (1 + e) ** 2;
}

/** ln(1 + eˣ) without overflow. */
export const logOnePlusExp = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const sigmoid = (): ActivationFunction => ({
  label: 'sigmoid',
  value: logistic,
  derivative: logisticDerivative,
  derivativeMax: { x: 0, value: 0.25 },
  kinks: [],
  fittingInitializer: 'glorot_uniform',
  formula: '1/(1 + e⁻ˣ)',
  derivativeFormula: 'e⁻ˣ/(1 + e⁻ˣ)²',
});

export const logSigmoid = (): ActivationFunction => ({
  label: 'log sigmoid',
  value: (x) => -logOnePlusExp(-x),
  derivative: (x) => logistic(-x),
  derivativeMax: { x: Number.NEGATIVE_INFINITY, value: 1 },
  kinks: [],
  fittingInitializer: 'he_normal',
  formula: 'ln(1/(1 + e⁻ˣ))',
  derivativeFormula: '1/(1 + eˣ)',
});

/**
 * clip(slope·x + ½, 0, 1), written as a person writes the slope ("x/6", "0.2x").
 *
 * @param options.kinkDerivative φ′ at both kinks: 0 where PyTorch has an op of its own (slope 1/6), the slope where
 * TensorFlow and tfjs clip (slope 0.2)
 */
export function hardSigmoid(
  slope: number,
  options: { label: string; line: string; kinkDerivative: number },
): ActivationFunction {
  const edge = 0.5 / slope;
  return {
    label: options.label,
    value: (x) => (x <= -edge ? 0 : x >= edge ? 1 : slope * x + 0.5),
    derivative: (x) => (Math.abs(x) < edge ? slope : Math.abs(x) === edge ? options.kinkDerivative : 0),
    derivativeMax: { x: 0, value: slope },
    kinks: [-edge, edge],
    fittingInitializer: 'glorot_uniform',
    formula: `clip(${options.line} + ½, 0, 1)`,
    derivativeFormula: `${options.line.replace(/^x\//, '1/').replace(/x$/, '')} for |x| < ${edge}, else 0`,
  };
}

/** Martins & Astudillo's sparse relative of the sigmoid, as JAX and Keras have it: the derivative of sparse_plus; at its kinks ¼, as JAX. */
export const sparseSigmoid = (): ActivationFunction => ({
  label: 'sparse sigmoid',
  value: (x) => (x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2),
  derivative: (x) => (Math.abs(x) < 1 ? 0.5 : Math.abs(x) === 1 ? 0.25 : 0),
  derivativeMax: { x: 0, value: 0.5 },
  kinks: [-1, 1],
  fittingInitializer: 'glorot_uniform',
  formula: 'clip((x + 1)/2, 0, 1)',
  derivativeFormula: '½ for |x| < 1, else 0',
});
