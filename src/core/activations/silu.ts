import { define, number } from './entry';
import { cases, factor, formula, latexFactor, numeral } from './formula';
import { piecewise, smooth } from './function';
import { logistic, logisticDerivative } from './sigmoid';

const UP = Number.POSITIVE_INFINITY;

/** x·σ(βx), also called swish (Ramachandran et al. 2017, whose β is 1 in most frameworks). */
export const silu = define('Elfwing et al. 2018', { beta: number(1, { above: 0 }) }, ({ beta }) => {
  const [b, latex] = [factor(beta), latexFactor(beta)];
  return smooth({
    label: beta === 1 ? 'SiLU' : `SiLU ${numeral(beta)}`,
    value: (x) => x * logistic(beta * x),
    derivative: (x) => logistic(beta * x) + beta * x * logisticDerivative(beta * x),
    range: [-0.2784645427610738 / beta, UP],
    derivativeRange: [1 - 1.099839320128867, 1.099839320128867],
    derivativeMax: { x: 2.39935728052 / beta, value: 1.099839320128867 },
    monotone: false,
    smoothness: UP,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula(`x·σ(${b}x)`, `x\\,\\sigma(${latex}x)`),
    derivativeFormula: formula(
      `σ(${b}x)(1 + ${b}x(1 − σ(${b}x)))`,
      `\\sigma(${latex}x)\\,(1 + ${latex}x\\,(1 - \\sigma(${latex}x)))`,
    ),
  });
});

/** x·relu6(x + 3)/6. */
export const hardSilu = define('Howard et al. 2019', {}, () =>
  piecewise({
    label: 'hard SiLU',
    breaks: [-3, 3],
    pieces: [
      { value: () => 0, derivative: () => 0 },
      { value: (x) => (x * (x + 3)) / 6, derivative: (x) => x / 3 + 0.5 },
      { value: (x) => x, derivative: () => 1 },
    ],
    atBreaks: ['right', 'right'],
    range: [-0.375, UP],
    derivativeRange: [-0.5, 1.5],
    derivativeMax: { x: 3, value: 1.5 },
    monotone: false,
    smoothness: 0,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula('x·clip(x/6 + ½, 0, 1)', 'x\\,\\operatorname{clip}(x/6 + \\tfrac12,\\ 0,\\ 1)'),
    derivativeFormula: formula(
      '0 for x < −3, x/3 + ½ up to 3, then 1',
      cases('0 & x < -3', 'x/3 + \\tfrac12 & -3 < x < 3', '1 & x > 3'),
    ),
  }),
);

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

/** x·tanh(ln(1 + eˣ)). */
export const mish = define('Misra 2019', {}, () =>
  smooth({
    label: 'mish',
    value: (x) => x * tanhOfSoftplus(x).tanh,
    derivative: (x) => {
      const { tanh, sech2 } = tanhOfSoftplus(x);
      return tanh + x * sech2 * logistic(x);
    },
    range: [-0.30884341301725043, UP],
    derivativeRange: [-0.11253786895020385, 1.088498161251728],
    derivativeMax: { x: 1.49057117949, value: 1.088498161251728 },
    monotone: false,
    smoothness: UP,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula('x·tanh(ln(1 + eˣ))', 'x\\tanh(\\ln(1 + e^x))'),
    derivativeFormula: formula(
      't + x(1 − t²)·σ(x), t = tanh(ln(1 + eˣ))',
      't + x\\,(1 - t^2)\\,\\sigma(x),\\quad t = \\tanh(\\ln(1 + e^x))',
    ),
  }),
);
