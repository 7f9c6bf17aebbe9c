import type { Formula } from './function';

/** A parameter's value in formulas and labels: at most six digits, and sixths as a person writes them. */
export function numeral(x: number): string {
  if (x === Number.POSITIVE_INFINITY) return '∞';
  if (x === Number.NEGATIVE_INFINITY) return '−∞';
  const sixths = x * 6;
  const whole = Math.round(sixths);
  if (whole !== 0 && !Number.isInteger(x * 2) && Math.abs(sixths - whole) < 1e-12) {
    return whole % 2 === 0 ? `${whole / 2}/3` : `${whole}/6`;
  }
  return String(Number(x.toPrecision(6))).replace('-', '−');
}

/** "0.3·", and nothing for 1. */
export const factor = (x: number): string => (x === 1 ? '' : `${numeral(x)}·`);

/** A number for LaTeX: fractions stay fractions, a minus is a hyphen. */
export const latexNumber = (x: number): string =>
  numeral(x)
    .replace('−', '-')
    .replace('∞', '\\infty')
    .replace(/^(-?)(\d+)\/(\d+)$/, '$1\\tfrac{$2}{$3}');

export const latexFactor = (x: number): string => (x === 1 ? '' : `${latexNumber(x)}\\,`);

export const formula = (text: string, latex: string): Formula => ({ text, latex });

/** `\begin{cases}` with "form & condition" rows. */
export const cases = (...rows: readonly string[]): string => `\\begin{cases} ${rows.join(' \\\\ ')} \\end{cases}`;
