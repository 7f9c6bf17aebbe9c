const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** The number that a page writes: "2.0 × 10⁻⁶", "0.28", "1,235". */
export function numberIn(text: string): number {
  const [, mantissa = '', sign, power] = /^([−\d.,]+)(?: × 10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/.exec(text) ?? [];
  const exponent = [...(power ?? '')].map((digit) => superscripts.indexOf(digit)).join('');
  return Number(`${mantissa.replaceAll(',', '').replace('−', '-')}e${sign === '⁻' ? '-' : ''}${exponent || '0'}`);
}

/** A number's other form, "2.0e-6", which no page has. */
export const OTHER_FORM = /\d[eE][-−+]?\d/;
