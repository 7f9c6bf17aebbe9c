import { define, number } from './entry';
import { cases, formula, latexNumber, numeral } from './formula';
import { piecewise, smooth } from './function';

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

const UP = Number.POSITIVE_INFINITY;

export const sigmoid = define('the logistic function', {}, () =>
  smooth({
    label: 'sigmoid',
    value: logistic,
    derivative: logisticDerivative,
    range: [0, 1],
    derivativeRange: [0, 0.25],
    derivativeMax: { x: 0, value: 0.25 },
    monotone: true,
    smoothness: UP,
    saturates: 'both',
    fittingInitializer: 'glorot_uniform',
    formula: formula('1/(1 + e⁻ˣ)', '\\frac{1}{1 + e^{-x}}'),
    derivativeFormula: formula('σ(x)(1 − σ(x))', '\\sigma(x)\\,(1 - \\sigma(x))'),
  }),
);

export const logSigmoid = define('the logarithm of the sigmoid', {}, () =>
  smooth({
    label: 'log sigmoid',
    value: (x) => -logOnePlusExp(-x),
    derivative: (x) => logistic(-x),
    range: [Number.NEGATIVE_INFINITY, 0],
    derivativeRange: [0, 1],
    derivativeMax: { x: Number.NEGATIVE_INFINITY, value: 1 },
    monotone: true,
    smoothness: UP,
    saturates: 'right',
    fittingInitializer: 'he_normal',
    formula: formula('ln(1/(1 + e⁻ˣ))', '\\ln\\frac{1}{1 + e^{-x}}'),
    derivativeFormula: formula('1/(1 + eˣ)', '\\frac{1}{1 + e^x}'),
  }),
);

/** clip(slope·x + ½, 0, 1). With slope 1/6 φ′ is 0 at both kinks, as in PyTorch's op; the frameworks with another slope clip, which lets the gradient through there. */
export const hardSigmoid = define('Courbariaux et al. 2015', { slope: number(1 / 6, { above: 0 }) }, ({ slope }) => {
  const edge = 0.5 / slope;
  const sixth = slope === 1 / 6;
  const line = sixth ? 'x/6' : `${numeral(slope)}x`;
  return piecewise({
    label: sixth ? 'hard sigmoid' : `hard sigmoid ${numeral(slope)}`,
    breaks: [-edge, edge],
    pieces: [
      { value: () => 0, derivative: () => 0 },
      { value: (x) => slope * x + 0.5, derivative: () => slope },
      { value: () => 1, derivative: () => 0 },
    ],
    atBreaks: sixth ? ['left', 'right'] : ['right', 'left'],
    range: [0, 1],
    derivativeRange: [0, slope],
    derivativeMax: { x: 0, value: slope },
    monotone: true,
    smoothness: 0,
    saturates: 'both',
    fittingInitializer: 'glorot_uniform',
    formula: formula(
      `clip(${line} + ½, 0, 1)`,
      `\\operatorname{clip}(${sixth ? 'x/6' : `${latexNumber(slope)}\\,x`} + \\tfrac12,\\ 0,\\ 1)`,
    ),
    derivativeFormula: formula(
      `${numeral(slope)} for |x| < ${numeral(edge)}, else 0`,
      cases(`${latexNumber(slope)} & |x| < ${latexNumber(edge)}`, '0 & \\text{else}'),
    ),
  });
});

/** A sparse relative of the sigmoid, and the derivative of sparse plus; at its kinks ¼, as JAX and Keras have it. */
export const sparseSigmoid = define('Martins & Astudillo 2016', {}, () =>
  piecewise({
    label: 'sparse sigmoid',
    breaks: [-1, 1],
    pieces: [
      { value: () => 0, derivative: () => 0 },
      { value: (x) => (x + 1) / 2, derivative: () => 0.5 },
      { value: () => 1, derivative: () => 0 },
    ],
    atBreaks: ['mean', 'mean'],
    range: [0, 1],
    derivativeRange: [0, 0.5],
    derivativeMax: { x: 0, value: 0.5 },
    monotone: true,
    smoothness: 0,
    saturates: 'both',
    fittingInitializer: 'glorot_uniform',
    formula: formula('clip((x + 1)/2, 0, 1)', '\\operatorname{clip}\\left(\\tfrac{x + 1}{2},\\ 0,\\ 1\\right)'),
    derivativeFormula: formula('½ for |x| < 1, else 0', cases('\\tfrac12 & |x| < 1', '0 & \\text{else}')),
  }),
);
