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

/** What becomes of a gradient: "shrinks to 2.0e-6 of itself". */
function change(ratio: number, number: (x: number) => string): string {
  if (ratio === 0) return 'becomes exactly 0';
  if (ratio === Number.POSITIVE_INFINITY) return 'grows beyond every number';
  if (ratio < 0.95) return `shrinks to ${number(ratio)} of itself`;
  return ratio <= 1.05 ? `keeps its size (${number(ratio)})` : `grows to ${number(ratio)} times itself`;
}

/** What ten layers leave of a gradient, in sentences; the last says why their numbers differ. */
export function flowSentences(
  { layers, bound, byDefault, fitting }: StackFlow,
  framework: string,
  format: NumberFormat = 'words',
): string[] {
  const number = (x: number) => formatNumber(x, format);
  const limit = bound === Number.POSITIVE_INFINITY ? 'without bound' : `by at most ${number(bound)}`;
  const suited = fitting ? `; with ${fitting.initializer}, which suits it, it ${change(fitting.ratio, number)}` : '';
  return [
    `${layers} layers: their derivatives multiply a gradient ${limit}. Really, with ${byDefault.initializer}, ${framework}’s default, it ${change(byDefault.ratio, number)} on its way to the first layer${suited}.`,
    `The two differ: the weights multiply in as well, and the bound counts ${layers} derivatives where the gradient takes ${layers - 1} steps.`,
  ];
}
