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
const markdown = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&');

/** Code cannot be escaped, only quoted with more backticks than it holds. */
const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

/** As the framework writes it: `nn.LeakyReLU` is "LeakyReLU · PyTorch". */
const title = (spelling: Spelling, parameters: string): string =>
  `**${markdown(spelling.name)}** · ${framework(spelling.framework).label}${parameters}`;

const docsLink = (spelling: Spelling): string => `[${framework(spelling.framework).label} docs](${spelling.docs})`;

/** The text of a hover in Markdown, compact, in the order in which questions come. */
export function hoverMarkdown(found: FrameworkActivation, options: HoverOptions): string {
  const { activation: phi, spelling, parameters, problems } = found;
  const { label } = framework(spelling.framework);
  const list = parameters.map(({ name, value, written }) => {
    const text = code(`${name}=${formatParameter(value)}`);
    return written ? text : `${text} (default)`;
  });
  const { x, value } = phi.derivativeMax;
  const largest = Number.isFinite(value)
    ? `at most ${numeral(Number(value.toPrecision(4)))} ${Number.isFinite(x) ? `at ${numeral(Number(x.toPrecision(3)))}` : `towards ${x > 0 ? '+∞' : '−∞'}`}`
    : 'without bound';
  const points = valuesAt(phi, usualPoints);
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const differences = frameworkDifferences(phi.entry);
  const [flow, why] = flowSentences(stackFlow(found), label, options.numbers);
  return [
    title(spelling, list.length > 0 ? ` · ${list.join(', ')}` : ''),
    ...problems.map((problem) => `$(warning) ${markdown(problem)}`),
    `φ(x) = ${code(phi.formula.text)}  \nφ′(x) = ${code(phi.derivativeFormula.text)}, ${largest}`,
    ...(options.picture === undefined
      ? []
      : [
          `![${markdown(phi.label)}: φ and φ′, ${largest}](${options.picture}|width=${pictureSize.width},height=${pictureSize.height})`,
        ]),
    [
      row(['x', ...points.map((point) => numeral(point.x))]),
      row(['---', ...points.map(() => '--:')]),
      row(['φ′', ...points.map((point) => formatCell(point.dy, options.numbers))]),
    ].join('\n'),
    `${markdown(flow!)} *${markdown(why!)}*`,
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
    title(spelling, ' · not element-wise'),
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
