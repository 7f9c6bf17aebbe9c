import type { ActivationFunction } from './function';
import { normalCdf, normalDensity } from './normal';
import { logistic, logisticDerivative } from './sigmoid';

/** x·Φ(x) with the error function (Hendrycks & Gimpel 2016): Keras's string, PyTorch's default, tfjs's gelu. */
export const gelu = (): ActivationFunction => ({
  label: 'GELU',
  value: (x) => x * normalCdf(x),
  derivative: (x) => normalCdf(x) + x * normalDensity(x),
  // φ″ = (2 − x²)·density vanishes at √2.
  derivativeMax: { x: Math.SQRT2, value: normalCdf(Math.SQRT2) + Math.SQRT2 * normalDensity(Math.SQRT2) },
  kinks: [],
  fittingInitializer: 'he_normal',
  formula: 'x·Φ(x)',
  derivativeFormula: 'Φ(x) + x·e^(−x²/2)/√(2π)',
});

const CUBIC = 0.044715;
const TWICE_SQRT_2_OVER_PI = 2 * Math.sqrt(2 / Math.PI);

/** The tanh form: jax.nn.gelu's default, tfjs's and Hugging Face's gelu_new. ½(1 + tanh u) is σ(2u). */
export const geluTanh = (): ActivationFunction => ({
  label: 'GELU (tanh)',
  value: (x) => x * logistic(TWICE_SQRT_2_OVER_PI * (x + CUBIC * x ** 3)),
  derivative: (x) => {
    const u = TWICE_SQRT_2_OVER_PI * (x + CUBIC * x ** 3);
    return logistic(u) + x * logisticDerivative(u) * TWICE_SQRT_2_OVER_PI * (1 + 3 * CUBIC * x * x);
  },
  derivativeMax: { x: 1.41850400879, value: 1.128993068658772 },
  kinks: [],
  fittingInitializer: 'he_normal',
  formula: '½x(1 + tanh(√(2/π)(x + 0.044715x³)))',
  derivativeFormula: 't + 2xt(1 − t)·√(2/π)(1 + 0.134145x²), t = ½(1 + tanh(√(2/π)(x + 0.044715x³)))',
});
