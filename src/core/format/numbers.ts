/**
 * Numbers as people read them, in one form on each surface: "2.0 × 10⁻⁶" wherever there is a page (sentences, tables, plots),
 * and in the terminal's sentences; "2.0e-6" in the terminal's tables, where somebody asks for it, and in no other place. Files
 * hold numbers. NaN, infinity and an exact zero are named as what they are and never rounded into something else.
 */

const superscripts: Record<string, string> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

/** "⁻⁶" for -6. */
export const superscript = (exponent: number): string =>
  [...String(exponent)].map((c) => superscripts[c] ?? c).join('');

/** NaN and the infinities by name; undefined for a finite number. */
function special(x: number): string | undefined {
  if (Number.isNaN(x)) return 'NaN';
  if (x === Number.POSITIVE_INFINITY) return '∞';
  if (x === Number.NEGATIVE_INFINITY) return '−∞';
  return undefined;
}

/** "60,000". */
export function formatInteger(n: number): string {
  const named = special(n);
  if (named !== undefined) return named;
  const rounded = Math.round(n);
  const digits = String(Math.abs(rounded)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return rounded < 0 ? `−${digits}` : digits;
}

/** Digits before and after the point, with thousands separated: "553.46", "12,345.7". */
function grouped(fixed: string): string {
  const [whole = '0', fraction] = fixed.split('.');
  const separated = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

/** Positional notation with about `digits` significant digits, no exponent. */
function positional(x: number, digits: number): string {
  const magnitude = Math.floor(Math.log10(Math.abs(x)));
  const text = grouped(Math.abs(x).toFixed(Math.min(Math.max(digits - 1 - magnitude, 0), 20)));
  return x < 0 ? `−${text}` : text;
}

const isPlain = (x: number): boolean => Math.abs(x) >= 1e-3 && Math.abs(x) < 1e5;

/** "2.0 × 10⁻⁶" with so many digits of it; plain digits from 0.001 to 100,000. */
function written(x: number, digits: number, ofPower: number, power: (mantissa: string, exponent: number) => string) {
  const named = special(x);
  if (named !== undefined) return named;
  if (x === 0) return '0';
  if (isPlain(x)) return positional(x, digits);
  const [mantissa = '', exponent = '0'] = x.toExponential(ofPower - 1).split('e');
  return power(mantissa.replace('-', '−'), Number(exponent));
}

const timesTen = (mantissa: string, exponent: number): string => `${mantissa} × 10${superscript(exponent)}`;

/** "2.0 × 10⁻⁶" in a sentence; plain digits from 0.001 to 100,000. */
export const formatPower = (x: number, digits = 2): string => written(x, digits, digits, timesTen);

/** "2.0 × 10⁻⁶" in a table or beside a plot: more digits of what is plain. */
export const formatTable = (x: number, digits = 3): string => written(x, digits, Math.max(2, digits - 1), timesTen);

/** "2 × 10⁻⁶", where there is no room for more digits. */
export const formatNarrow = (x: number): string => written(x, 2, 1, timesTen);

/** The same as "2.0e-6": for tables of the terminal, and for who wants to read it back. */
export const formatPlain = (x: number, digits = 3): string =>
  written(x, digits, Math.max(2, digits - 1), (mantissa, exponent) => `${mantissa}e${exponent}`);

const scales: readonly [number, string][] = [
  [1e18, 'quintillion'],
  [1e15, 'quadrillion'],
  [1e12, 'trillion'],
  [1e9, 'billion'],
  [1e6, 'million'],
];

/** "1 in 500,000", "1 in 2.4 million"; undefined where that says less than the number itself. */
export function formatOneIn(share: number): string | undefined {
  if (!(share > 0) || share > 0.01) return undefined;
  const n = 1 / share;
  if (!(n < 1e21)) return undefined;
  const scale = scales.find(([size]) => Number(n.toPrecision(2)) >= size);
  if (scale !== undefined) {
    const count = Number((n / scale[0]).toPrecision(2));
    return `1 in ${count} ${scale[1]}`;
  }
  return `1 in ${formatInteger(Number(n.toPrecision(n >= 1e5 ? 1 : 2)))}`;
}

/** For prose: "2.0 × 10⁻⁶ (about 1 in 500,000)", "0.25", "exactly 0". */
export function formatSentence(x: number, digits = 2): string {
  if (x === 0) return 'exactly 0';
  if (!Number.isFinite(x) || isPlain(x)) return formatPower(x, digits);
  const oneIn = formatOneIn(x);
  return oneIn === undefined ? formatPower(x, digits) : `${formatPower(x, digits)} (about ${oneIn})`;
}

/** A share 0 … 1: "88 %", "9.5 %", "0.3 %"; "< 0.1 %" and "> 99 %" where rounding would claim nothing or all. */
export function formatPercent(share: number): string {
  const named = special(share);
  if (named !== undefined) return named;
  const percent = 100 * share;
  if (percent < 0) return `−${formatPercent(-share)}`;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return '< 0.1 %';
  if (percent < 9.95) return `${percent.toFixed(1)} %`;
  if (percent < 100 && percent >= 99.5) return '> 99 %';
  return `${formatInteger(percent)} %`;
}

/** Seconds below 90 s, then minutes: "0.4 s", "12 s", "3 min", "2 h 5 min". */
export function formatDuration(seconds: number): string {
  const named = special(seconds);
  if (named !== undefined) return named;
  if (seconds < 0.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** Fixed decimals as Keras prints them ("0.8842", "553.4570"); the exponent form where those would say nothing. */
export function formatKeras(x: number, decimals = 4, number: (x: number) => string = formatTable): string {
  const named = special(x);
  if (named !== undefined) return named;
  if (x === 0) return (0).toFixed(decimals);
  if (Math.abs(x) < 0.5 * 10 ** -decimals || Math.abs(x) >= 1e7) return number(x);
  return x.toFixed(decimals).replace(/^-/, '−');
}

/** A rate: "4,100", "12", "0.8". */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return formatTable(perSecond);
  if (perSecond >= 100) return formatInteger(Number(perSecond.toPrecision(2)));
  return perSecond >= 10 ? formatInteger(perSecond) : perSecond.toFixed(1);
}
