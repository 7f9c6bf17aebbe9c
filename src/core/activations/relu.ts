import { define, number } from './entry';
import { cases, factor, formula, latexFactor, latexNumber, numeral } from './formula';
import { type ActivationFunction, piecewise } from './function';

const UP = Number.POSITIVE_INFINITY;
const one = { value: (x: number) => x, derivative: () => 1 };
const constant = (y: number) => ({ value: () => y, derivative: () => 0 });

const plainRelu = (): ActivationFunction =>
  piecewise({
    label: 'ReLU',
    breaks: [0],
    pieces: [constant(0), one],
    atBreaks: ['left'],
    range: [0, UP],
    derivativeRange: [0, 1],
    derivativeMax: { x: 1, value: 1 },
    monotone: true,
    smoothness: 0,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula('max(0, x)', '\\max(0, x)'),
    derivativeFormula: formula('1 for x > 0, else 0', cases('1 & x > 0', '0 & x \\le 0')),
  });

/** Slope s up to the threshold θ, where Keras lets the function jump from 0 to θ, then x up to the maximum M. */
function kerasRelu(s: number, max: number, threshold: number): ActivationFunction {
  if (!(max > threshold)) throw new RangeError(`max_value is ${max}; expected more than threshold, ${threshold}.`);
  const capped = max < UP;
  const below = { value: (x: number) => s * (x - threshold), derivative: () => s };
  const t = numeral(threshold);
  const shift = threshold === 0 ? 'x' : `(x − ${t})`;
  const left = s === 0 ? '0' : `${factor(s)}${shift}`;
  const cap = capped ? `, at most ${numeral(max)}` : '';
  const latexLeft = s === 0 ? '0' : `${latexFactor(s)}${threshold === 0 ? 'x' : `(x - ${latexNumber(threshold)})`}`;
  const latexTop = capped ? [`${latexNumber(max)} & x \\ge ${latexNumber(max)}`] : [];
  const slopes = [s, 1, ...(capped ? [0] : [])];
  return piecewise({
    label: `ReLU (${[s !== 0 && `slope ${numeral(s)}`, capped && `max ${numeral(max)}`, threshold !== 0 && `from ${t}`].filter(Boolean).join(', ')})`,
    breaks: capped ? [threshold, max] : [threshold],
    pieces: [below, one, ...(capped ? [constant(max)] : [])],
    // x must exceed the threshold: at it, Keras multiplies by 0.
    atBreaks: capped ? ['left', 'right'] : ['left'],
    range: [s > 0 ? Number.NEGATIVE_INFINITY : Math.min(0, threshold), capped && s >= 0 ? max : UP],
    derivativeRange: [Math.min(...slopes), Math.max(...slopes)],
    derivativeMax:
      Math.abs(s) > 1
        ? { x: threshold - 1, value: Math.abs(s) }
        : { x: capped ? (threshold + max) / 2 : threshold + 1, value: 1 },
    monotone: s >= 0 && threshold >= 0,
    smoothness: threshold === 0 ? 0 : -1,
    saturates: s === 0 ? (capped ? 'both' : 'left') : capped ? 'right' : 'none',
    fittingInitializer: 'he_normal',
    formula: formula(
      `x for x > ${t}${cap}, else ${left}`,
      cases(...latexTop, `x & x > ${latexNumber(threshold)}`, `${latexLeft} & \\text{else}`),
    ),
    derivativeFormula: formula(
      `1 for ${t} < x${capped ? ` < ${numeral(max)}` : ''}, ${numeral(s)} below${capped ? ', 0 above' : ''}`,
      cases(
        ...(capped ? [`0 & x > ${latexNumber(max)}`] : []),
        `1 & x > ${latexNumber(threshold)}`,
        `${latexNumber(s)} & x < ${latexNumber(threshold)}`,
      ),
    ),
  });
}

/** max(0, x), and Keras's and TensorFlow's generalisation of it by a slope, a maximum and a threshold. */
export const relu = define(
  'Nair & Hinton 2010',
  { negative_slope: number(0), max_value: number(UP, { unbounded: true }), threshold: number(0) },
  (p) =>
    p.negative_slope === 0 && p.max_value === UP && p.threshold === 0
      ? plainRelu()
      : kerasRelu(p.negative_slope, p.max_value, p.threshold),
);

export const relu6 = define('Krizhevsky 2010', {}, () =>
  piecewise({
    label: 'ReLU6',
    breaks: [0, 6],
    pieces: [constant(0), one, constant(6)],
    atBreaks: ['left', 'right'],
    range: [0, 6],
    derivativeRange: [0, 1],
    derivativeMax: { x: 1, value: 1 },
    monotone: true,
    smoothness: 0,
    saturates: 'both',
    fittingInitializer: 'he_normal',
    formula: formula('min(6, max(0, x))', '\\min(6, \\max(0, x))'),
    derivativeFormula: formula('1 for 0 < x < 6, else 0', cases('1 & 0 < x < 6', '0 & \\text{else}')),
  }),
);

function leaky(label: string, slope: number): ActivationFunction {
  const steep = Math.abs(slope) > 1;
  return piecewise({
    label,
    breaks: [0],
    pieces: [{ value: (x) => slope * x, derivative: () => slope }, one],
    atBreaks: ['left'],
    range: [slope > 0 ? Number.NEGATIVE_INFINITY : 0, UP],
    derivativeRange: [Math.min(slope, 1), Math.max(slope, 1)],
    derivativeMax: steep ? { x: -1, value: Math.abs(slope) } : { x: 1, value: 1 },
    monotone: slope >= 0,
    smoothness: slope === 1 ? UP : 0,
    saturates: slope === 0 ? 'left' : 'none',
    fittingInitializer: 'he_normal',
    formula: formula(
      `x for x > 0, else ${slope === 0 ? '0' : `${numeral(slope)}x`}`,
      cases('x & x > 0', `${slope === 0 ? '0' : `${latexFactor(slope)}x`} & x \\le 0`),
    ),
    derivativeFormula: formula(
      `1 for x > 0, else ${numeral(slope)}`,
      cases('1 & x > 0', `${latexNumber(slope)} & x \\le 0`),
    ),
  });
}

/** The slope for x ≤ 0 is Keras's string's here; every framework has its own. PReLU is this function with a learned slope. */
export const leakyRelu = define('Maas et al. 2013', { negative_slope: number(0.2) }, (p) =>
  leaky(`leaky ReLU ${numeral(p.negative_slope)}`, p.negative_slope),
);

/** As it evaluates: with the mean of the slopes that it draws from U(lower, upper) in training. */
export const rrelu = define('Xu et al. 2015', { lower: number(1 / 8), upper: number(1 / 3) }, (p) => {
  if (p.lower > p.upper) throw new RangeError(`lower is ${p.lower}; expected at most upper, ${p.upper}.`);
  return leaky(
    p.lower === 1 / 8 && p.upper === 1 / 3 ? 'RReLU' : `RReLU ${numeral(p.lower)}…${numeral(p.upper)}`,
    (p.lower + p.upper) / 2,
  );
});

/** x above the threshold, a fixed value up to it. */
export const threshold = define('Konda et al. 2015', { threshold: number(1), value: number(0) }, (p) => {
  const [t, y] = [numeral(p.threshold), numeral(p.value)];
  return piecewise({
    label: p.threshold === 1 && p.value === 0 ? 'threshold' : `threshold ${t}, ${y}`,
    breaks: [p.threshold],
    pieces: [constant(p.value), one],
    atBreaks: ['left'],
    range: [Math.min(p.value, p.threshold), UP],
    derivativeRange: [0, 1],
    derivativeMax: { x: p.threshold + 1, value: 1 },
    monotone: p.value <= p.threshold,
    smoothness: p.value === p.threshold ? 0 : -1,
    saturates: 'left',
    fittingInitializer: 'he_normal',
    formula: formula(
      `x for x > ${t}, else ${y}`,
      cases(`x & x > ${latexNumber(p.threshold)}`, `${latexNumber(p.value)} & \\text{else}`),
    ),
    derivativeFormula: formula(
      `1 for x > ${t}, else 0`,
      cases(`1 & x > ${latexNumber(p.threshold)}`, '0 & \\text{else}'),
    ),
  });
});
