import type { Activation } from '../activations/catalogue';
import { numeral } from '../activations/formula';
import { framework } from '../frameworks/all';
import type { Spelling } from '../frameworks/framework';
import { type NotElementWiseName, notElementWise } from '../frameworks/notElementWise';
import { type FrameworkActivation, formatParameter } from '../frameworks/resolve';
import { frameworkDifferences } from './differences';
import type { LayerBefore } from './exampleNetwork';
import { stackFlow, usualPoints, valuesAt } from './explain';
import { inModelSentence, isPredicted, type LayersInModel, remedyOf, whySentence } from './modelLayer';
import { pictureSize } from './picture';
import { code, html, markdown, withCode } from './quote';
import { flowSentences, formatCell, type NumberFormat } from './sentences';
import { steepest } from './steepest';
import { titled } from './titled';

/** What a hover needs from its surroundings. */
export interface HoverOptions {
  readonly numbers: NumberFormat;
  /** A data URI; undefined for no picture. */
  readonly picture: string | undefined;
  /** Links as URIs. */
  readonly compare: string;
  readonly calculator: string;
}

const labelOf = ({ label, framework: id }: Spelling): string => label ?? framework(id).label;

const docsLink = (spelling: Spelling): string => `[${framework(spelling.framework).label} docs](${spelling.docs})`;

/** A sentence in which names that are typed look so; the longest first, which may hold the others. */
const typedIn = (text: string, names: readonly (string | undefined)[]): string =>
  names
    .filter((name) => name !== undefined)
    .toSorted((a, b) => b.length - a.length)
    .reduce((all, name) => all.replace(markdown(name), code(name)), text);

/** What it is and what can be done with it: the first line, since an editor cuts a hover off below. */
function head({ spelling, parameters }: FrameworkActivation, { compare, calculator }: HoverOptions): string {
  // Where a learned slope starts is said below.
  const shown = parameters.filter(({ name, written }) => written || !/initializer$/i.test(name));
  const list = (isWritten: boolean) =>
    shown
      .filter(({ written }) => written === isWritten)
      .map(({ name, value }) => code(`${name}=${inFewDigits(formatParameter(value))}`))
      .join(', ');
  const usual = shown.filter(({ written }) => !written).length;
  return [
    `**${markdown(spelling.name)}**`,
    labelOf(spelling),
    ...(usual < shown.length ? [list(true)] : []),
    `[Compare with…](${compare})`,
    `[Open in calculator](${calculator})`,
    `[Docs](${spelling.docs})`,
    ...(usual > 0 ? [`${list(false)} (default${usual > 1 ? 's' : ''})`] : []),
  ].join(' · ');
}

/** "0.333" of "0.3333333". */
const inFewDigits = (value: string): string => value.replace(/^(0\.\d{3})\d{2,}$/, '$1');

/** "at most 0.25 at 0", "at most 1, for all x > 0", "0 everywhere". */
function largestSlope(phi: Activation): string {
  if (!Number.isFinite(phi.derivativeMax.value)) return 'without bound';
  const digits = (count: number) => (x: number) => numeral(Number(x.toPrecision(count)));
  const found = steepest(phi, digits(4), digits(3));
  return found.endsWith('everywhere') ? found : `at most ${found}`;
}

/** Formulas, φ′ at the usual points, and the picture beside them: a hover is wider than it is high. */
function figures({ activation: phi }: FrameworkActivation, options: HoverOptions): string {
  const largest = largestSlope(phi);
  // A long formula would take a further line for what the picture marks.
  const shown = options.picture !== undefined && phi.derivativeFormula.text.length > 36;
  const constant = phi.derivativeFormula.text === numeral(phi.derivativeMax.value);
  const points = valuesAt(phi, usualPoints);
  const formulas = [
    `φ(x) = <code>${html(phi.formula.text)}</code>`,
    `φ′(x) = <code>${html(phi.derivativeFormula.text)}</code>${constant ? ' everywhere' : shown ? '' : `, ${html(largest)}`}`,
  ].join('<br>');
  const row = (cells: readonly string[]) => `<tr>${cells.join('')}</tr>`;
  const cell = (text: string) => `<td align="right">${html(text)}&nbsp;&nbsp;</td>`;
  const { width, height } = pictureSize;
  const picture =
    options.picture === undefined
      ? ''
      : `<td rowspan="3"><img src="${options.picture}" alt="${html(phi.label)}: φ and φ′, ${html(largest)}" width="${width}" height="${height}"></td>`;
  return `<table>${[
    row([`<td colspan="${points.length + 1}">${formulas}</td>`, picture]),
    row([cell('x'), ...points.map((point) => cell(numeral(point.x)))]),
    row([cell('φ′'), ...points.map((point) => cell(formatCell(point.dy, options.numbers)))]),
  ].join('')}</table>`;
}

/** Characters of the last paragraph: three lines of it are cut off. */
const LAST_LINES = 200;

/** What the answer rests on; where that gets long, the paper’s product gives way to how far frameworks lie apart. */
function reasons(why: string | undefined, note: string | undefined, differences: string | undefined): string[] {
  const all = (first: string | undefined) => [first, note, differences].filter((each) => each !== undefined);
  const whole = all(why);
  const isShort = note !== undefined || whole.join(' ').length <= LAST_LINES;
  return isShort ? whole : all(why?.replace(/; the paper’s .*$/, '.'));
}

/** For what stands in the place of any layer: no more than that. */
const placeholderMarkdown = (spelling: Spelling): string =>
  `**${markdown(spelling.name)}** · ${labelOf(spelling)} · hands its input on unchanged · ${docsLink(spelling)}`;

/** The answer and what it rests on: of its own model where that is predicted, else of ten layers like it. */
function answerOf(
  found: FrameworkActivation,
  { numbers }: HoverOptions,
  layer: LayerBefore | undefined,
  place: LayersInModel | undefined,
): { readonly flow: string; readonly why: string | undefined } {
  const own = place && inModelSentence(place, numbers);
  if (own !== undefined && place !== undefined && isPredicted(place) && place.layers.length > 0) {
    return { flow: withCode([own, ...remedyOf(place)].join(' ')), why: whySentence(place, numbers) };
  }
  // Where the model says nothing of it, ten layers are an example.
  const stack = stackFlow(found, layer);
  const [flow, why] = flowSentences(
    stack,
    framework(found.spelling.framework).label,
    numbers,
    own === undefined ? undefined : true,
  );
  const typed = typedIn(markdown(flow), [stack.own.initializer, stack.fitting?.initializer]);
  return { flow: own === undefined ? typed : `${withCode(own)} ${typed}`, why };
}

/**
 * The text of a hover in Markdown, compact: actions, the answer in a sentence, and then what it rests on.
 *
 * @param layer what the code says of the layer before it; its numbers are of ten such layers then
 * @param place the layers of its model that come before it, whose numbers go before those
 */
export function hoverMarkdown(
  found: FrameworkActivation,
  options: HoverOptions,
  layer?: LayerBefore,
  place?: LayersInModel,
): string {
  const { spelling, problems } = found;
  if (spelling.placeholder) return placeholderMarkdown(spelling);
  const { flow, why } = answerOf(found, options, layer, place);
  return [
    head(found, options),
    ...problems.map((problem) => `$(warning) ${markdown(problem)}`),
    flow,
    figures(found, options),
    // In one paragraph: a hover that is higher than 250 pixels is cut.
    reasons(why, spelling.note, frameworkDifferences(found))
      .map((each) => titled(markdown(each)))
      .join(' '),
  ].join('\n\n');
}

/** For what has no φ′(x): what it is, and why there is no curve. */
export function notElementWiseMarkdown(spelling: Spelling & { readonly activation: NotElementWiseName }): string {
  const { formula, explanation } = notElementWise(spelling.activation);
  return [
    `**${markdown(spelling.name)}** · ${labelOf(spelling)} · not element-wise · ${docsLink(spelling)}`,
    code(formula),
    markdown(explanation),
    ...(spelling.note ? [`$(info) ${markdown(spelling.note)}`] : []),
  ].join('\n\n');
}

/** A few words beside a name in a list, which cuts off what is longer. */
export function activationFact(found: FrameworkActivation): string {
  const { own, layers } = stackFlow(found);
  const max = found.activation.derivativeMax.value;
  const limit = Number.isFinite(max) ? `φ′ ≤ ${numeral(Number(max.toPrecision(3)))}` : 'φ′ unbounded';
  return `${limit}, ${layers} layers pass ${formatCell(own.ratio, 'words')}`;
}

/** Still fewer words, for a list that shows them beside every name. */
export function activationShort(found: FrameworkActivation): string {
  const { own, layers } = stackFlow(found);
  return `${layers} layers: ${formatCell(own.ratio, 'words')}`;
}

/** What stands behind {@link activationFact}, for the text beside the list. */
export const activationExplanation = (found: FrameworkActivation): string =>
  flowSentences(stackFlow(found), framework(found.spelling.framework).label).join(' ');
