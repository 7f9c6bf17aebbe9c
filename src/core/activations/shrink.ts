import { define, number } from './entry';
import { cases, formula, latexNumber, numeral } from './formula';
import { piecewise, smooth } from './function';

const [DOWN, UP] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const zero = { value: () => 0, derivative: () => 0 };

/** sign(x)·max(0, |x| − λ). */
export const softShrink = define('Donoho 1995', { lambda: number(0.5, { min: 0 }) }, ({ lambda }) =>
  piecewise({
    label: lambda === 0.5 ? 'soft shrink' : `soft shrink ${numeral(lambda)}`,
    breaks: [-lambda, lambda],
    pieces: [
      { value: (x) => x + lambda, derivative: () => 1 },
      zero,
      { value: (x) => x - lambda, derivative: () => 1 },
    ],
    atBreaks: ['right', 'left'],
    range: [DOWN, UP],
    derivativeRange: [0, 1],
    derivativeMax: { x: 2 * lambda + 1, value: 1 },
    monotone: true,
    smoothness: 0,
    saturates: 'none',
    fittingInitializer: 'he_normal',
    formula: formula(
      `sign(x)·max(0, |x| − ${numeral(lambda)})`,
      `\\operatorname{sign}(x)\\max(0, |x| - ${latexNumber(lambda)})`,
    ),
    derivativeFormula: formula(
      `1 for |x| > ${numeral(lambda)}, else 0`,
      cases(`1 & |x| > ${latexNumber(lambda)}`, '0 & \\text{else}'),
    ),
  }),
);

/** x outside [−λ, λ], 0 inside: it jumps at ±λ. */
export const hardShrink = define('Donoho & Johnstone 1994', { lambda: number(0.5, { min: 0 }) }, ({ lambda }) => {
  const whole = { value: (x: number) => x, derivative: () => 1 };
  return piecewise({
    label: lambda === 0.5 ? 'hard shrink' : `hard shrink ${numeral(lambda)}`,
    breaks: [-lambda, lambda],
    pieces: [whole, zero, whole],
    atBreaks: ['right', 'left'],
    range: [DOWN, UP],
    derivativeRange: [0, 1],
    derivativeMax: { x: 2 * lambda + 1, value: 1 },
    monotone: true,
    smoothness: -1,
    saturates: 'none',
    fittingInitializer: 'he_normal',
    formula: formula(
      `x for |x| > ${numeral(lambda)}, else 0`,
      cases(`x & |x| > ${latexNumber(lambda)}`, '0 & \\text{else}'),
    ),
    derivativeFormula: formula(
      `1 for |x| > ${numeral(lambda)}, else 0`,
      cases(`1 & |x| > ${latexNumber(lambda)}`, '0 & \\text{else}'),
    ),
  });
});

/** x − tanh(x); near 0, where the difference cancels, by its series to x¹¹. */
function tanhShrinkValue(x: number): number {
  if (Math.abs(x) > 0.05) return x - Math.tanh(x);
  const s = x * x;
  return x * s * (1 / 3 + s * (-2 / 15 + s * (17 / 315 + s * (-62 / 2835 + (s * 1382) / 155925))));
}

export const tanhShrink = define('PyTorch', {}, () =>
  smooth({
    label: 'tanh shrink',
    value: tanhShrinkValue,
    derivative: (x) => Math.tanh(x) ** 2,
    range: [DOWN, UP],
    derivativeRange: [0, 1],
    derivativeMax: { x: UP, value: 1 },
    monotone: true,
    smoothness: UP,
    saturates: 'none',
    fittingInitializer: 'he_normal',
    formula: formula('x − tanh(x)', 'x - \\tanh x'),
    derivativeFormula: formula('tanh²(x)', '\\tanh^2 x'),
  }),
);
