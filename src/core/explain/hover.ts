import { numeral } from '../activations/formula';
import type { Spelling } from '../activations/frameworks/framework';
import { type NotElementWiseName, notElementWise } from '../activations/frameworks/notElementWise';
import { type FrameworkActivation, formatParameter } from '../activations/frameworks/resolve';
import { framework } from '../activations/frameworks/spellings';
import { frameworkDifferences } from './differences';
import { stackFlow, usualPoints, valuesAt } from './explain';
import { pictureSize } from './picture';
import { flowSentences, formatCell, type NumberFormat } from './sentences';

/** What a hover needs from its surroundings. */
export interface HoverOptions {
  readonly numbers: NumberFormat;
  /** A data URI; undefined for no picture. */
  readonly picture: string | undefined;
  /** Links as URIs. */
  readonly compare: string;
  readonly calculator: string;
}

/** Characters that Markdown would take for its own. */
const markdown = (text: string): string => text.replace(/[\\`*_{}[\]<>~|]/g, '\\$&');

/** Code cannot be escaped, only quoted with more backticks than it holds. */
const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

const html = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const docsLink = (spelling: Spelling): string => `[${framework(spelling.framework).label} docs](${spelling.docs})`;

/** Title and formulas, φ′ at the usual points, and the picture beside them: a hover is wider than it is high. */
function figures({ activation: phi, spelling, parameters }: FrameworkActivation, options: HoverOptions): string {
  const { x, value } = phi.derivativeMax;
  const at = Number.isFinite(x) ? `at ${numeral(Number(x.toPrecision(3)))}` : `towards ${x > 0 ? '+∞' : '−∞'}`;
  const largest = Number.isFinite(value) ? `at most ${numeral(Number(value.toPrecision(4)))} ${at}` : 'without bound';
  const list = parameters.map((each) => {
    const text = `<code>${html(`${each.name}=${formatParameter(each.value)}`)}</code>`;
    return each.written ? text : `${text} (default)`;
  });
  const points = valuesAt(phi, usualPoints);
  const head = [
    [
      `<b>${html(spelling.name)}</b>`,
      framework(spelling.framework).label,
      ...(list.length > 0 ? [list.join(', ')] : []),
    ].join(' · '),
    `φ(x) = <code>${html(phi.formula.text)}</code>`,
    `φ′(x) = <code>${html(phi.derivativeFormula.text)}</code>, ${largest}`,
  ].join('<br>');
  const row = (cells: readonly string[]) => `<tr>${cells.join('')}</tr>`;
  const cell = (text: string) => `<td align="right">${html(text)}&nbsp;&nbsp;</td>`;
  const { width, height } = pictureSize;
  const picture =
    options.picture === undefined
      ? ''
      : `<td rowspan="3"><img src="${options.picture}" alt="${html(phi.label)}: φ and φ′, ${html(largest)}" width="${width}" height="${height}"></td>`;
  return `<table>${[
    row([`<td colspan="${points.length + 1}">${head}</td>`, picture]),
    row([cell('x'), ...points.map((point) => cell(numeral(point.x)))]),
    row([cell('φ′'), ...points.map((point) => cell(formatCell(point.dy, options.numbers)))]),
  ].join('')}</table>`;
}

/** The text of a hover in Markdown, compact, in the order in which questions come. */
export function hoverMarkdown(found: FrameworkActivation, options: HoverOptions): string {
  const { activation: phi, spelling, problems } = found;
  const differences = frameworkDifferences(phi.entry);
  const [flow, why] = flowSentences(stackFlow(found), framework(spelling.framework).label, options.numbers);
  return [
    figures(found, options),
    ...problems.map((problem) => `$(warning) ${markdown(problem)}`),
    `${markdown(flow)} *${markdown(why)}*`,
    ...(spelling.note ? [`$(info) ${markdown(spelling.note)}`] : []),
    ...(differences ? [markdown(differences)] : []),
    [`[Compare with…](${options.compare})`, `[Open in calculator](${options.calculator})`, docsLink(spelling)].join(
      ' · ',
    ),
  ].join('\n\n');
}

/** For what has no φ′(x): what it is, and why there is no curve. */
export function notElementWiseMarkdown(spelling: Spelling & { readonly activation: NotElementWiseName }): string {
  const { formula, explanation } = notElementWise(spelling.activation);
  return [
    `**${markdown(spelling.name)}** · ${framework(spelling.framework).label} · not element-wise`,
    code(formula),
    markdown(explanation),
    ...(spelling.note ? [`$(info) ${markdown(spelling.note)}`] : []),
    docsLink(spelling),
  ].join('\n\n');
}

/** One line for a list of names: what its derivative does, and what ten layers make of that. */
export function activationFact(found: FrameworkActivation): string {
  const { activation: phi, spelling } = found;
  const { byDefault, layers } = stackFlow(found);
  const max = phi.derivativeMax.value;
  const limit = Number.isFinite(max) ? `φ′ at most ${numeral(Number(max.toPrecision(3)))}` : 'φ′ without bound';
  return `${limit}; ${layers} layers pass ${formatCell(byDefault.ratio, 'words')} of a gradient back with ${framework(spelling.framework).label}’s default initialiser`;
}
