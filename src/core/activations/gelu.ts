import { normalCdf, normalDensity } from '../math/normal';
import { choice, define } from './entry';
import { formula } from './formula';
import { type ActivationFunction, smooth } from './function';
import { logistic, logisticDerivative } from './sigmoid';

const UP = Number.POSITIVE_INFINITY;

const EXACT_MAX = normalCdf(Math.SQRT2) + Math.SQRT2 * normalDensity(Math.SQRT2);

const exact = (): ActivationFunction =>
  smooth({
    label: 'GELU',
    value: (x) => x * normalCdf(x),
    derivative: (x) => normalCdf(x) + x * normalDensity(x),
    range: [-0.16997120747990369, UP],
    // φ″ = (2 − x²)·density vanishes at ±√2.
    derivativeRange: [1 - EXACT_MAX, EXACT_MAX],
    derivativeMax: { x: Math.SQRT2, value: EXACT_MAX },
    monotone: false,
    smoothness: UP,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula('x·Φ(x)', 'x\\,\\Phi(x)'),
    derivativeFormula: formula('Φ(x) + x·e^(−x²/2)/√(2π)', '\\Phi(x) + \\frac{x\\,e^{-x^2/2}}{\\sqrt{2\\pi}}'),
  });

const CUBIC = 0.044715;
const TWICE_SQRT_2_OVER_PI = 2 * Math.sqrt(2 / Math.PI);

/** ½(1 + tanh u) is σ(2u). */
const tanhForm = (): ActivationFunction =>
  smooth({
    label: 'GELU (tanh)',
    value: (x) => x * logistic(TWICE_SQRT_2_OVER_PI * (x + CUBIC * x ** 3)),
    derivative: (x) => {
      const u = TWICE_SQRT_2_OVER_PI * (x + CUBIC * x ** 3);
      const slope = logisticDerivative(u);
      // Far out the slope is 0, and what it multiplies may be infinite.
      return logistic(u) + (slope === 0 ? 0 : x * slope * TWICE_SQRT_2_OVER_PI * (1 + 3 * CUBIC * x * x));
    },
    range: [-0.17004075057125412, UP],
    derivativeRange: [-0.128993068658772, 1.128993068658772],
    derivativeMax: { x: 1.41850400879, value: 1.128993068658772 },
    monotone: false,
    smoothness: UP,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula(
      '½x(1 + tanh(√(2/π)(x + 0.044715x³)))',
      '\\tfrac12 x\\left(1 + \\tanh\\left(\\sqrt{2/\\pi}\\,(x + 0.044715\\,x^3)\\right)\\right)',
    ),
    derivativeFormula: formula(
      't + 2xt(1 − t)·√(2/π)(1 + 0.134145x²), t = ½(1 + tanh(√(2/π)(x + 0.044715x³)))',
      't + 2x\\,t(1 - t)\\sqrt{2/\\pi}\\,(1 + 0.134145\\,x^2),\\quad t = \\phi(x)/x',
    ),
  });

/** x·Φ(x) with the error function, or its approximation by a tanh. */
export const gelu = define('Hendrycks & Gimpel 2016', { approximate: choice('none', ['none', 'tanh']) }, (p) =>
  p.approximate === 'tanh' ? tanhForm() : exact(),
);
