import { erf as errorFunction } from '../math/normal';
import { define, number } from './entry';
import { cases, formula, latexNumber, numeral } from './formula';
import { piecewise, smooth } from './function';
import { logisticDerivative } from './sigmoid';

const UP = Number.POSITIVE_INFINITY;

export const tanh = define('the hyperbolic tangent', {}, () =>
  smooth({
    label: 'tanh',
    value: Math.tanh,
    // tanh′(x) = 4σ′(2x); 1 − tanh² would round to 0 from |x| ≈ 19.
    derivative: (x) => 4 * logisticDerivative(2 * x),
    range: [-1, 1],
    derivativeRange: [0, 1],
    derivativeMax: { x: 0, value: 1 },
    monotone: true,
    smoothness: UP,
    saturates: 'both',
    fittingInitializer: 'glorot_uniform',
    formula: formula('(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)', '\\frac{e^x - e^{-x}}{e^x + e^{-x}}'),
    derivativeFormula: formula('1 − tanh²(x)', '1 - \\tanh^2 x'),
  }),
);

/** clip(x, min, max); at both kinks 0, as PyTorch. */
export const hardTanh = define(
  'Collobert 2004',
  { min: number(-1, { unbounded: true }), max: number(1, { unbounded: true }) },
  ({ min, max }) => {
    if (!(min < max)) throw new RangeError(`min is ${min}; expected less than max, ${max}.`);
    const usual = min === -1 && max === 1;
    const [low, high] = [numeral(min), numeral(max)];
    const [latexLow, latexHigh] = [latexNumber(min), latexNumber(max)];
    return piecewise({
      label: usual ? 'hard tanh' : `hard tanh ${low}…${high}`,
      breaks: [min, max],
      pieces: [
        { value: () => min, derivative: () => 0 },
        { value: (x) => x, derivative: () => 1 },
        { value: () => max, derivative: () => 0 },
      ],
      atBreaks: ['left', 'right'],
      range: [min, max],
      derivativeRange: [0, 1],
      derivativeMax: { x: min < 0 && max > 0 ? 0 : (min + max) / 2, value: 1 },
      monotone: true,
      smoothness: 0,
      saturates: 'both',
      fittingInitializer: 'glorot_uniform',
      formula: formula(`clip(x, ${low}, ${high})`, `\\operatorname{clip}(x,\\ ${latexLow},\\ ${latexHigh})`),
      derivativeFormula: formula(
        usual ? '1 for |x| < 1, else 0' : `1 for ${low} < x < ${high}, else 0`,
        cases(`1 & ${latexLow} < x < ${latexHigh}`, '0 & \\text{else}'),
      ),
    });
  },
);

export const softsign = define('Turian et al. 2009', {}, () =>
  // |x| makes φ″ jump at 0, which a quadrature must know.
  piecewise({
    label: 'softsign',
    breaks: [0],
    pieces: [
      { value: (x) => x / (1 - x), derivative: (x) => 1 / (1 - x) ** 2 },
      { value: (x) => x / (1 + x), derivative: (x) => 1 / (1 + x) ** 2 },
    ],
    atBreaks: ['left'],
    range: [-1, 1],
    derivativeRange: [0, 1],
    derivativeMax: { x: 0, value: 1 },
    monotone: true,
    smoothness: 1,
    saturates: 'both',
    fittingInitializer: 'glorot_uniform',
    formula: formula('x/(1 + |x|)', '\\frac{x}{1 + |x|}'),
    derivativeFormula: formula('1/(1 + |x|)²', '\\frac{1}{(1 + |x|)^2}'),
  }),
);

/** The error function, 2Φ(√2·x) − 1. */
export const erf = define('the error function', {}, () =>
  smooth({
    label: 'erf',
    value: errorFunction,
    derivative: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
    range: [-1, 1],
    derivativeRange: [0, 2 / Math.sqrt(Math.PI)],
    derivativeMax: { x: 0, value: 2 / Math.sqrt(Math.PI) },
    monotone: true,
    smoothness: UP,
    saturates: 'both',
    fittingInitializer: 'glorot_uniform',
    formula: formula('erf(x)', '\\operatorname{erf}(x)'),
    derivativeFormula: formula('2e^(−x²)/√π', '\\frac{2}{\\sqrt\\pi}\\,e^{-x^2}'),
  }),
);
