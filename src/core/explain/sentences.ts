import { numeral } from '../activations/formula';
import { capital } from '../format/cases';
import { formatPlain, formatPower, formatSentence, formatTable, superscript } from '../format/numbers';
import type { StackFlow } from './explain';
import { bestCaseProduct, factorText } from './flowWords';

/** `words`: 2.0 × 10⁻⁶ (about 1 in 500,000). `scientific`: 2.0e-6. `full`: every digit. */
export const numberFormats = ['words', 'scientific', 'full'] as const;
export type NumberFormat = (typeof numberFormats)[number];

const formats: Readonly<Record<NumberFormat, (x: number) => string>> = {
  words: (x) => formatSentence(x),
  scientific: (x) => formatPlain(x),
  full: (x) => String(x).replace('-', '−').replace('e−', 'e-'),
};

/** A number in a sentence. */
export const formatNumber = (x: number, format: NumberFormat): string => formats[format](x);

/** A number in a table or on a picture, where "about 1 in …" has no room. */
export const formatCell = (x: number, format: NumberFormat): string =>
  format === 'words' ? formatTable(x) : formatNumber(x, format);

/** How much of a gradient: "2.0e-6", "2.3 times it". */
export function amount(ratio: number, number: (x: number) => string): string {
  if (ratio === 0) return 'nothing';
  if (ratio === Number.POSITIVE_INFINITY) return 'any multiple of it';
  return ratio > 1.05 ? `${number(ratio)} times it` : number(ratio);
}

/** The same steps with every slope at its largest, and the paper’s product of all slopes. */
function limits({ layers, steepest, derivatives, own: { atBest } }: StackFlow, format: NumberFormat): string {
  if (steepest === 0) return 'Its slope is 0 everywhere: no step passes anything.';
  if (!Number.isFinite(steepest)) return 'Its slope has no largest value, which could limit that.';
  const number = (x: number) => formatCell(x, format);
  if (atBest && steepest === 1) return `At best: ${number(atBest.value)}, what the kernels alone leave.`;
  const best = atBest
    ? `At best: ${bestCaseProduct(atBest, steepest, layers - 1, number)}`
    : `Slopes up to ${factorText(steepest)} and these kernels set no limit below 1`;
  // The paper's product says something where slopes alone let a gradient vanish.
  if (derivatives >= 1) return `${best}.`;
  const product = `${factorText(steepest)}${superscript(layers)}`;
  return `${best}; the paper’s ${product} = ${number(derivatives)} counts slopes alone.`;
}

const normalised = { none: '', batch: ' and batch normalisation', layer: ' and layer normalisation' } as const;

/** "ten 256-unit layers with this layer’s he_normal". */
function networkInWords({ layers, width, normalisation, ofCode, own }: StackFlow, framework: string): string {
  const many = layers === 10 ? 'ten' : numeral(layers);
  const start = ofCode.initializer ? `this layer’s ${own.initializer}` : `${framework}’s default ${own.initializer}`;
  return `${many} ${width}-unit layers with ${start}${normalised[normalisation]}`;
}

/** "0.5 of a gradient", "2.3 times a gradient", "nothing of a gradient". */
function ofGradient(ratio: number, number: (x: number) => string): string {
  if (ratio === 0) return 'nothing of a gradient';
  if (ratio === Number.POSITIVE_INFINITY) return 'any multiple of a gradient';
  return `${number(ratio)} ${ratio > 1.05 ? 'times' : 'of'} a gradient`;
}

/** Whether more of a gradient's size is kept: nearer to 1 from either side. */
const isNearer = (ratio: number, than: number): boolean => Math.abs(Math.log(ratio)) < Math.abs(Math.log(than));

/**
 * What ten layers leave of a gradient, in two parts; the second says what they could leave at best. Where the code says
 * nothing of a layer, or `isExample`, the first says that it is an example.
 */
export function flowSentences(
  flow: StackFlow,
  framework: string,
  format: NumberFormat = 'words',
  isExample = !flow.ofCode.layer,
): [flow: string, why: string] {
  const { own, fitting } = flow;
  const short = (x: number) => (format === 'words' ? formatPower(x) : formatNumber(x, format));
  // "1 in 15 million" is no help.
  const number = (x: number) => (x < 1e-7 && x > 0 ? short(x) : formatNumber(x, format));
  const arrives = `${ofGradient(own.ratio, number)} reaches the first of ${networkInWords(flow, framework)}`;
  const suited =
    fitting && isNearer(fitting.ratio, own.ratio)
      ? `; with ${fitting.initializer}, which suits it: ${amount(fitting.ratio, short)}`
      : '';
  return [`${isExample ? `For example, ${arrives}` : capital(arrives)}${suited}.`, limits(flow, format)];
}
