import { define, number } from './entry';
import { cases, factor, formula, latexFactor, latexNumber, numeral } from './formula';
import { piecewise, smooth } from './function';
import { logistic, logOnePlusExp } from './sigmoid';

const UP = Number.POSITIVE_INFINITY;

/** ln(1 + e^(βx))/β; PyTorch takes x itself where βx exceeds its threshold. */
export const softplus = define(
  'Dugas et al. 2001',
  { beta: number(1, { above: 0 }), threshold: number(UP, { unbounded: true }) },
  (p) => {
    const { beta, threshold } = p;
    const power = beta === 1 ? 'eˣ' : `e^(${factor(beta)}x)`;
    const inverse = beta === 1 ? 'e⁻ˣ' : `e^(−${factor(beta)}x)`;
    const latexPower = beta === 1 ? 'e^x' : `e^{${latexFactor(beta)}x}`;
    const curve = {
      value: (x: number) => logOnePlusExp(beta * x) / beta,
      derivative: (x: number) => logistic(beta * x),
    };
    const scale = beta === 1 ? '' : `/${numeral(beta)}`;
    const latexScale = beta === 1 ? '' : `/${latexNumber(beta)}`;
    const facts = {
      label: beta === 1 ? 'softplus' : `softplus ${numeral(beta)}`,
      range: [0, UP],
      derivativeRange: [0, 1],
      derivativeMax: { x: UP, value: 1 },
      monotone: true,
      saturates: 'left',
      fittingInitializer: 'he_normal',
      formula: formula(`ln(1 + ${power})${scale}`, `\\ln(1 + ${latexPower})${latexScale}`),
      derivativeFormula: formula(
        `1/(1 + ${inverse})`,
        `\\frac{1}{1 + ${latexPower.replace('^{', '^{-').replace('^x', '^{-x}')}}`,
      ),
    } as const;
    if (threshold === UP) return smooth({ ...curve, ...facts, smoothness: UP });
    const linear = { value: (x: number) => x, derivative: () => 1 };
    const at = threshold / beta;
    return piecewise({
      ...facts,
      breaks: [at],
      pieces: [curve, linear],
      atBreaks: ['left'],
      // Strictly it jumps, by e^(−20) at PyTorch's threshold.
      smoothness: -1,
      formula: formula(
        `${facts.formula.text}, x above ${numeral(at)}`,
        cases(`${facts.formula.latex} & x \\le ${latexNumber(at)}`, 'x & \\text{else}'),
      ),
    });
  },
);

/** (x + √(x² + b))/2. */
export const squareplus = define('Barron 2021', { b: number(4, { above: 0 }) }, ({ b }) => {
  // Where the square overflows, b is nothing beside it.
  const rootAt = (x: number): number => (Math.abs(x) < 1e150 ? Math.sqrt(x * x + b) : Math.abs(x));
  // On the left, x + root cancels; multiplied out by its conjugate it does not.
  const value = (x: number): number => (x >= 0 ? (x + rootAt(x)) / 2 : b / (2 * (rootAt(x) - x)));
  return smooth({
    label: b === 4 ? 'squareplus' : `squareplus ${numeral(b)}`,
    value,
    // value/root is ½(1 + x/root) without the cancellation; at Infinity it would be Infinity/Infinity.
    derivative: (x) => (x === UP ? 1 : value(x) / rootAt(x)),
    range: [0, UP],
    derivativeRange: [0, 1],
    derivativeMax: { x: UP, value: 1 },
    monotone: true,
    smoothness: UP,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula(`½(x + √(x² + ${numeral(b)}))`, `\\tfrac12\\left(x + \\sqrt{x^2 + ${latexNumber(b)}}\\right)`),
    derivativeFormula: formula(
      `½(1 + x/√(x² + ${numeral(b)}))`,
      `\\tfrac12\\left(1 + \\frac{x}{\\sqrt{x^2 + ${latexNumber(b)}}}\\right)`,
    ),
  });
});

/** 0, then a parabola on (−1, 1), then x: continuous in φ′, and exactly 0 on the left. */
export const sparsePlus = define('JAX', {}, () =>
  piecewise({
    label: 'sparse plus',
    breaks: [-1, 1],
    pieces: [
      { value: () => 0, derivative: () => 0 },
      { value: (x) => ((x + 1) / 2) ** 2, derivative: (x) => (x + 1) / 2 },
      { value: (x) => x, derivative: () => 1 },
    ],
    atBreaks: ['left', 'right'],
    range: [0, UP],
    derivativeRange: [0, 1],
    derivativeMax: { x: 1, value: 1 },
    monotone: true,
    smoothness: 1,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula(
      '0 for x ≤ −1, ¼(x + 1)² up to 1, then x',
      cases('0 & x \\le -1', '\\tfrac14(x + 1)^2 & |x| < 1', 'x & x \\ge 1'),
    ),
    derivativeFormula: formula(
      'clip((x + 1)/2, 0, 1)',
      '\\operatorname{clip}\\left(\\tfrac{x + 1}{2},\\ 0,\\ 1\\right)',
    ),
  }),
);
