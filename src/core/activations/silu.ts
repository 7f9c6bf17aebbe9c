import type { ActivationFunction } from './function';
import { logistic, logisticDerivative } from './sigmoid';

/** x·σ(x), also called swish (Elfwing et al. 2018; Ramachandran et al. 2017). */
export const silu = (): ActivationFunction => ({
  label: 'SiLU',
  value: (x) => x * logistic(x),
  derivative: (x) => logistic(x) + x * logisticDerivative(x),
  derivativeMax: { x: 2.39935728052, value: 1.099839320128867 },
  kinks: [],
  fittingInitializer: 'he_normal',
  formula: 'x·σ(x)',
  derivativeFormula: 'σ(x)(1 + x(1 − σ(x)))',
});

/** x·relu6(x + 3)/6 (Howard et al. 2019); at its kinks as PyTorch: −½ at −3, 1 at 3. */
export const hardSilu = (): ActivationFunction => ({
  label: 'hard SiLU',
  value: (x) => (x <= -3 ? 0 : x >= 3 ? x : (x * (x + 3)) / 6),
  derivative: (x) => (x < -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5),
  derivativeMax: { x: 3, value: 1.5 },
  kinks: [-3, 3],
  fittingInitializer: 'he_normal',
  formula: 'x·clip(x/6 + ½, 0, 1)',
  derivativeFormula: '0 for x < −3, x/3 + ½ up to 3, then 1',
});

/**
 * tanh(ln(1 + eˣ)) and 1 − tanh²(ln(1 + eˣ)) as ratios of polynomials in e^(−|x|): no logarithm, no overflow, and the
 * second keeps its digits where the first rounds to 1.
 */
function tanhOfSoftplus(x: number): { tanh: number; sech2: number } {
  const e = Math.exp(-Math.abs(x));
  const [numerator, rest] = x > 0 ? [1 + 2 * e, 2 * e * e] : [e * (e + 2), 2];
  const denominator = numerator + rest;
  return { tanh: numerator / denominator, sech2: (rest * (2 * numerator + rest)) / denominator ** 2 };
}

/** x·tanh(ln(1 + eˣ)) (Misra 2019). */
export const mish = (): ActivationFunction => ({
  label: 'mish',
  value: (x) => x * tanhOfSoftplus(x).tanh,
  derivative: (x) => {
    const { tanh, sech2 } = tanhOfSoftplus(x);
    return tanh + x * sech2 * logistic(x);
  },
  derivativeMax: { x: 1.49057117949, value: 1.088498161251728 },
  kinks: [],
  fittingInitializer: 'he_normal',
  formula: 'x·tanh(ln(1 + eˣ))',
  derivativeFormula: 't + x(1 − t²)·σ(x), t = tanh(ln(1 + eˣ))',
});
