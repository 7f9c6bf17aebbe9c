import { define, number } from './entry';
import { cases, factor, formula, latexFactor, latexNumber, numeral } from './formula';
import { piecewise } from './function';

const UP = Number.POSITIVE_INFINITY;
const one = { value: (x: number) => x, derivative: () => 1 };

export const elu = define('Clevert et al. 2016', { alpha: number(1, { min: 0 }) }, ({ alpha }) =>
  piecewise({
    label: alpha === 1 ? 'ELU' : `ELU ${numeral(alpha)}`,
    breaks: [0],
    pieces: [{ value: (x) => alpha * Math.expm1(x), derivative: (x) => alpha * Math.exp(x) }, one],
    atBreaks: ['left'],
    range: [-alpha, UP],
    derivativeRange: [0, Math.max(1, alpha)],
    derivativeMax: { x: alpha < 1 ? 1 : 0, value: Math.max(1, alpha) },
    monotone: true,
    smoothness: alpha === 1 ? 1 : 0,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula(
      `x for x > 0, else ${alpha === 1 ? 'eˣ − 1' : `${numeral(alpha)}(eˣ − 1)`}`,
      cases('x & x > 0', `${alpha === 1 ? 'e^x - 1' : `${latexFactor(alpha)}(e^x - 1)`} & x \\le 0`),
    ),
    derivativeFormula: formula(
      `1 for x > 0, else ${factor(alpha)}eˣ`,
      cases('1 & x > 0', `${latexFactor(alpha)}e^x & x \\le 0`),
    ),
  }),
);

/** ELU made smooth for every α. */
export const celu = define('Barron 2017', { alpha: number(1, { above: 0 }) }, ({ alpha }) => {
  const power = alpha === 1 ? 'eˣ' : `e^(x/${numeral(alpha)})`;
  const latexPower = alpha === 1 ? 'e^x' : `e^{x/${latexNumber(alpha)}}`;
  const grouped = alpha === 1 ? `${power} − 1` : `${numeral(alpha)}(${power} − 1)`;
  const latexGrouped = alpha === 1 ? `${latexPower} - 1` : `${latexNumber(alpha)}(${latexPower} - 1)`;
  return piecewise({
    label: alpha === 1 ? 'CELU' : `CELU ${numeral(alpha)}`,
    breaks: [0],
    pieces: [{ value: (x) => alpha * Math.expm1(x / alpha), derivative: (x) => Math.exp(x / alpha) }, one],
    atBreaks: ['left'],
    range: [-alpha, UP],
    derivativeRange: [0, 1],
    derivativeMax: { x: 0, value: 1 },
    monotone: true,
    smoothness: 1,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula(`max(0, x) + min(0, ${grouped})`, `\\max(0, x) + \\min(0, ${latexGrouped})`),
    derivativeFormula: formula(`1 for x > 0, else ${power}`, cases('1 & x > 0', `${latexPower} & x \\le 0`)),
  });
});

/** The constants for which mean 0 and variance 1 are a stable fixed point. */
export const SELU_ALPHA = 1.6732632423543772;
export const SELU_SCALE = 1.0507009873554805;

export const selu = define('Klambauer et al. 2017', {}, () =>
  piecewise({
    label: 'SELU',
    breaks: [0],
    pieces: [
      {
        value: (x) => SELU_SCALE * SELU_ALPHA * Math.expm1(x),
        derivative: (x) => SELU_SCALE * SELU_ALPHA * Math.exp(x),
      },
      { value: (x) => SELU_SCALE * x, derivative: () => SELU_SCALE },
    ],
    atBreaks: ['left'],
    range: [-SELU_SCALE * SELU_ALPHA, UP],
    derivativeRange: [0, SELU_SCALE * SELU_ALPHA],
    derivativeMax: { x: 0, value: SELU_SCALE * SELU_ALPHA },
    monotone: true,
    smoothness: 0,
    saturates: 'left',
    fittingInitializer: 'lecun_normal',
    formula: formula(
      '1.0507x for x > 0, else 1.7581(eˣ − 1)',
      cases('1.0507\\,x & x > 0', '1.7581\\,(e^x - 1) & x \\le 0'),
    ),
    derivativeFormula: formula('1.0507 for x > 0, else 1.7581eˣ', cases('1.0507 & x > 0', '1.7581\\,e^x & x \\le 0')),
  }),
);
