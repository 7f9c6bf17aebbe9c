import { formatPower, formatSentence, formatTable, superscript } from '../format/numbers';
import type { StackFlow } from './explain';
import { bestCaseProduct, factorText } from './flowWords';

/** `words`: 2.0 × 10⁻⁶ (about 1 in 500,000). `scientific`: 2.0e-6. `full`: every digit. */
export const numberFormats = ['words', 'scientific', 'full'] as const;
export type NumberFormat = (typeof numberFormats)[number];

const formats: Readonly<Record<NumberFormat, (x: number) => string>> = {
  words: (x) => formatSentence(x),
  scientific: (x) => formatTable(x, 3),
  full: (x) => String(x).replace('-', '−').replace('e−', 'e-'),
};

/** A number in a sentence. */
export const formatNumber = (x: number, format: NumberFormat): string => formats[format](x);

/** A number in a table or on a picture, where "about 1 in …" has no room. */
export const formatCell = (x: number, format: NumberFormat): string =>
  format === 'words' ? (Math.abs(x) >= 1e-4 || x === 0 ? formatTable(x, 3) : formatPower(x)) : formatNumber(x, format);

/** How much of a gradient: "2.0e-6", "2.3 times it". */
export function amount(ratio: number, number: (x: number) => string): string {
  if (ratio === 0) return 'nothing';
  if (ratio === Number.POSITIVE_INFINITY) return 'any multiple of it';
  return ratio > 1.05 ? `${number(ratio)} times it` : number(ratio);
}

/** The same steps with every slope at its largest, and the paper’s product of all slopes. */
function limits({ layers, steepest, derivatives, byDefault: { atBest } }: StackFlow, format: NumberFormat): string {
  if (steepest === 0) return 'Its slope is 0 everywhere: no step passes anything.';
  if (!Number.isFinite(steepest)) return 'Its slope has no largest value, which could limit that.';
  const number = (x: number) => formatCell(x, format);
  const steps = layers - 1;
  const best = atBest
    ? `At best these ${steps} steps keep ${bestCaseProduct(atBest, steepest, steps, number)}.`
    : `Slopes of up to ${factorText(steepest)} and these kernels set no limit below 1 over ${steps} steps.`;
  const product = `${factorText(steepest)}${superscript(layers)}`;
  const paper = derivatives === 1 ? product : `${product} = ${number(derivatives)}`;
  return `${best} The paper’s ${paper} counts all ${layers} slopes and no kernels.`;
}

/** What ten layers leave of a gradient, in two parts; the second says what they could leave at best. */
export function flowSentences(
  flow: StackFlow,
  framework: string,
  format: NumberFormat = 'words',
): [flow: string, why: string] {
  const { layers, byDefault, fitting } = flow;
  const much = (ratio: number) => amount(ratio, (x) => formatNumber(x, format));
  const suited = fitting ? `; with ${fitting.initializer}, which suits it, ${much(fitting.ratio)}` : '';
  return [
    `With ${byDefault.initializer}, ${framework}’s default, ${much(byDefault.ratio)} of a gradient reaches the first of ${layers} such layers${suited}.`,
    limits(flow, format),
  ];
}
