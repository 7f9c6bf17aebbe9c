import { define } from './entry';
import { formula } from './formula';
import { piecewise, smooth } from './function';

const [DOWN, UP] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

export const linear = define('the identity', {}, () =>
  smooth({
    label: 'linear',
    value: (x) => x,
    derivative: () => 1,
    range: [DOWN, UP],
    derivativeRange: [1, 1],
    derivativeMax: { x: 0, value: 1 },
    monotone: true,
    smoothness: UP,
    saturates: 'none',
    fittingInitializer: 'glorot_uniform',
    formula: formula('x', 'x'),
    derivativeFormula: formula('1', '1'),
  }),
);

/** eˣ; it overflows to Infinity from x ≈ 709.8. */
export const exponential = define('the exponential function', {}, () =>
  smooth({
    label: 'exponential',
    value: Math.exp,
    derivative: Math.exp,
    range: [0, UP],
    derivativeRange: [0, UP],
    derivativeMax: { x: UP, value: UP },
    monotone: true,
    smoothness: UP,
    saturates: 'left',
    fittingInitializer: 'glorot_uniform',
    formula: formula('eˣ', 'e^x'),
    derivativeFormula: formula('eˣ', 'e^x'),
  }),
);

/** 1 above 0, 0 up to it: no gradient passes. */
export const step = define('Heaviside', {}, () =>
  piecewise({
    label: 'step',
    breaks: [0],
    pieces: [
      { value: () => 0, derivative: () => 0 },
      { value: () => 1, derivative: () => 0 },
    ],
    atBreaks: ['left'],
    range: [0, 1],
    derivativeRange: [0, 0],
    derivativeMax: { x: 0, value: 0 },
    monotone: true,
    smoothness: -1,
    saturates: 'both',
    fittingInitializer: 'glorot_uniform',
    formula: formula('1 for x > 0, else 0', '\\mathbb{1}[x > 0]'),
    derivativeFormula: formula('0', '0'),
  }),
);
