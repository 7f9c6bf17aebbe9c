import { formatPower, formatSentence, formatTable } from '../format/numbers';
import type { StackFlow } from './explain';

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
function amount(ratio: number, number: (x: number) => string): string {
  if (ratio === 0) return 'nothing';
  if (ratio === Number.POSITIVE_INFINITY) return 'any multiple of it';
  return ratio > 1.05 ? `${number(ratio)} times it` : number(ratio);
}

/** What ten layers leave of a gradient, in two sentences; the second says what the derivatives alone would leave. */
export function flowSentences(
  { layers, bound, byDefault, fitting }: StackFlow,
  framework: string,
  format: NumberFormat = 'words',
): [flow: string, why: string] {
  const much = (ratio: number) => amount(ratio, (x) => formatNumber(x, format));
  const suited = fitting ? `; with ${fitting.initializer}, which suits it, ${much(fitting.ratio)}` : '';
  return [
    `With ${byDefault.initializer}, ${framework}’s default, ${much(byDefault.ratio)} of a gradient reaches the first of ${layers} layers${suited}.`,
    `${layers} derivatives alone: at most ${amount(bound, (x) => formatCell(x, format))}. The gradient takes ${layers - 1} of these steps, and the weights multiply in.`,
  ];
}
