import type { VarianceScalingName } from '../initializers/initializer';

/** A formula in two forms: one line of plain text, and LaTeX without delimiters. */
export interface Formula {
  readonly text: string;
  readonly latex: string;
}

/** The side on which the argument grows and φ′ goes to 0. `both` for the sigmoid, `left` for ReLU and GELU. */
export type SaturatingSide = 'none' | 'left' | 'right' | 'both';

/** An activation function φ of one variable with its parameters fixed, and with its derivative. */
export interface ActivationFunction {
  /** Shown to people, short: "sigmoid", "leaky ReLU 0.2". */
  readonly label: string;
  /** φ(x). Neither NaN nor overflow for |x| ≤ 10⁴, except that the exponential may be Infinity. */
  value(x: number): number;
  /** φ′(x) in closed form, equally stable; at a kink what PyTorch returns there, or what the framework does whose function it is. */
  derivative(x: number): number;
  /** Limit of φ′ at x from one side. Differs from the other side at the kinks alone. */
  slopeBeside(x: number, side: 'left' | 'right'): number;
  /** Where the closed form changes, ascending: the kinks, and where only a higher derivative jumps. */
  readonly breaks: readonly number[];
  /** Where φ′ jumps, ascending. */
  readonly kinks: readonly number[];
  /** Infimum and supremum of φ. */
  readonly range: readonly [number, number];
  /** Infimum and supremum of φ′. */
  readonly derivativeRange: readonly [number, number];
  /**
   * Supremum of |φ′| and a point where it is reached. `x` is ±Infinity where it is only approached, and a kink where
   * it is the limit from one side. `value` is Infinity where φ′ is unbounded.
   */
  readonly derivativeMax: { readonly x: number; readonly value: number };
  /** True where φ never falls. */
  readonly monotone: boolean;
  /** How many derivatives exist and are continuous: Infinity for the sigmoid, 0 for ReLU, −1 where φ itself jumps. */
  readonly smoothness: number;
  readonly saturates: SaturatingSide;
  /** The kernel initialiser that keeps the signal of a stack of this activation alive best. */
  readonly fittingInitializer: VarianceScalingName;
  readonly formula: Formula;
  readonly derivativeFormula: Formula;
}

/** Values of an entry's parameters, by name. */
export type Parameters = Readonly<Record<string, number | string>>;

/** One closed form, valid on a stretch of the real line. */
export interface Piece {
  value(x: number): number;
  derivative(x: number): number;
}

/** Which piece decides at a break; `mean` is the mean of the two slopes, a number is itself. */
export type AtBreak = 'left' | 'right' | 'mean' | number;

type Facts = Omit<ActivationFunction, 'value' | 'derivative' | 'slopeBeside' | 'breaks' | 'kinks'>;

/** A function with one closed form everywhere. */
export function smooth(form: Piece & Facts): ActivationFunction {
  return {
    ...form,
    smoothness: form.smoothness,
    slopeBeside: (x) => form.derivative(x),
    breaks: [],
    kinks: [],
  };
}

/** Where the slopes on both sides differ by less, a break is no kink: PyTorch's softplus becomes linear at 20 with a step of 2·10⁻⁹. */
const KINK = 1e-6;

/**
 * A function put together from pieces: `pieces[i]` holds between `breaks[i − 1]` and `breaks[i]`.
 *
 * @param atBreaks which piece decides φ and φ′ at each break
 */
export function piecewise(
  form: {
    readonly breaks: readonly number[];
    readonly pieces: readonly Piece[];
    readonly atBreaks: readonly AtBreak[];
  } & Facts,
): ActivationFunction {
  const { breaks, pieces, atBreaks, ...facts } = form;
  const pieceAt = (x: number, side: 'left' | 'right'): Piece => {
    let i = 0;
    while (i < breaks.length && (x > breaks[i]! || (x === breaks[i] && side === 'right'))) i++;
    return pieces[i]!;
  };
  const slopeBeside = (x: number, side: 'left' | 'right') => pieceAt(x, side).derivative(x);
  return {
    ...facts,
    breaks,
    kinks: breaks.filter((x) => Math.abs(slopeBeside(x, 'left') - slopeBeside(x, 'right')) > KINK),
    slopeBeside,
    value: (x) => pieceAt(x, atBreaks[breaks.indexOf(x)] === 'right' ? 'right' : 'left').value(x),
    derivative: (x) => {
      const i = breaks.indexOf(x);
      return i < 0 ? slopeBeside(x, 'left') : atBreak(atBreaks[i]!, x, slopeBeside);
    },
  };
}

function atBreak(rule: AtBreak, x: number, slope: (x: number, side: 'left' | 'right') => number): number {
  if (typeof rule === 'number') return rule;
  return rule === 'mean' ? (slope(x, 'left') + slope(x, 'right')) / 2 : slope(x, rule);
}

/**
 * The same function with another convention for φ′ at its kinks.
 *
 * @param rules one for each kink, ascending; throws a RangeError where their number differs
 */
export function withKinkRules(phi: ActivationFunction, rules: readonly AtBreak[]): ActivationFunction {
  if (rules.length !== phi.kinks.length) {
    throw new RangeError(`${phi.label} has ${phi.kinks.length} kinks; found ${rules.length} rules for them.`);
  }
  return {
    ...phi,
    derivative: (x) => {
      const i = phi.kinks.indexOf(x);
      return i < 0 ? phi.derivative(x) : atBreak(rules[i]!, x, phi.slopeBeside);
    },
  };
}
