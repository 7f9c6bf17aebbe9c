import { type ActivationName, activation } from '../activations/catalogue';
import { numeral } from '../activations/formula';
import { type FlowConfig, flowLimits, paperFlow } from '../calculation/config';
import { predictCandidate } from '../calculation/predict';
import { listInWords } from '../format/list';
import { formatPower } from '../format/numbers';
import { framework } from '../frameworks/all';
import { type FrameworkId, frameworkIds } from '../frameworks/framework';
import { writtenInitializer } from '../frameworks/initializerNames';
import type { LayerDefaults, Library } from '../frameworks/layerShelf';
import type { Initializer } from '../initializers/initializer';
import { explained } from '../words/glossary';
import { biasDeviation, EXAMPLE_LAYERS, EXAMPLE_WIDTH, exampleFans, widthOf } from './exampleNetwork';
import {
  gainText,
  type InitializerFigures,
  initializerFigures,
  type LayerFans,
  limitFormula,
  stddevFormula,
} from './initializerFigures';
import { code, html, markdown } from './quote';
import { amount, formatCell, type NumberFormat } from './sentences';
import { titled } from './titled';

/** What an initialiser fills, as far as the code tells. */
export type InitializerRole = 'kernel' | 'bias' | 'other';

/** The network in which an initialiser stands, as far as the code tells it. */
export interface NetworkBeside {
  /** Of the layers that it fills. */
  readonly activation?: ActivationName | undefined;
  /** Units of each hidden layer. */
  readonly widths?: readonly number[] | undefined;
}

/** An initialiser as a text names it. */
export interface InitializerMention {
  readonly framework: FrameworkId;
  /** Whose it is where it is not the framework's own. */
  readonly library?: Library | undefined;
  /** As written: `he_normal`, `HeNormal`, `kaiming_normal_`. */
  readonly name: string;
  /** Arguments that the code gives, `stddev=0.02`. */
  readonly written: readonly string[];
  /** Undefined for one that draws no independent numbers, or whose arguments do not fit. */
  readonly initializer: Initializer | undefined;
  /** What an initialiser does that has no numbers to tell. */
  readonly explanation: string | undefined;
  readonly role: InitializerRole;
  /** Of the layers that it fills, different ones; empty where the code does not tell them. */
  readonly fans: readonly LayerFans[];
  /** What the biases beside it start with: null where there are none, undefined for the framework's default. */
  readonly bias?: Initializer | null | undefined;
  readonly beside?: NetworkBeside | undefined;
  /** Sentences about arguments. */
  readonly problems: readonly string[];
  /** The framework's own page. */
  readonly docs: string;
}

export interface InitializerHoverOptions {
  readonly numbers: NumberFormat;
  /** Links for the calculation that the numbers are of. */
  readonly compare: (calculation: Partial<FlowConfig> & { readonly activation: string }) => string;
  readonly calculator: (calculation: Partial<FlowConfig>) => string;
}

/** Where a layer or an initialiser is from: a framework, or a library that is built on one. */
interface Home {
  readonly framework: FrameworkId;
  readonly library?: Library | undefined;
}

export const labelOf = ({ framework: id, library }: Home): string => library?.label ?? framework(id).label;

/** What the layers there start with. */
export const defaultsOf = ({ framework: id, library }: Home): LayerDefaults =>
  library?.defaults ?? framework(id).defaults;

/** How code there writes an initialiser with its numbers. */
export const writtenAt = ({ framework: id, library }: Home, initializer: Initializer): string | undefined =>
  library?.written?.(initializer) ?? writtenInitializer(initializer, id);

/** One framework of each family but its own; where a library has it, the framework that this is built on too. */
export const otherFamilies = ({ framework: id, library }: Home): readonly FrameworkId[] =>
  families.filter((each) => library !== undefined || familyOf(each) !== familyOf(id));

const shownActivations: readonly ActivationName[] = ['relu', 'tanh', 'sigmoid'];

/** The activation beside it first, and usual ones. */
const activationsOf = ({ beside }: InitializerMention): ActivationName[] =>
  [...new Set([...(beside?.activation === undefined ? [] : [beside.activation]), ...shownActivations])].slice(0, 3);

/** Ten layers as wide as the layer leaves it to be, all with this initialiser: the network that the numbers are of. */
export function networkOf(mention: InitializerMention, initializer: Initializer, fans: LayerFans) {
  const width = widthOf(fans);
  const bias = mention.bias === undefined ? mention.library?.defaults.bias.initializer : mention.bias;
  const biasStd = biasDeviation(bias, mention.framework, fans);
  return {
    framework: mention.framework,
    kernelInitializer: initializer,
    widths: Array.from({ length: EXAMPLE_LAYERS }, () => width),
    candidates: activationsOf(mention).map((name) => ({ activations: [name] })),
    ...(biasStd === undefined ? {} : { biasStd }),
  };
}

/** Sums of squares of its weights, over the fan-in: how far pre-activations are larger than what comes in. */
const growth = ({ mean, stddev }: InitializerFigures, { fanIn }: LayerFans): number =>
  Math.sqrt(fanIn * (stddev ** 2 + mean ** 2));

const isConstant = ({ stddev }: InitializerFigures): boolean => stddev === 0;

/** "0.9 with ReLU, 0.99 with tanh and 2.6 × 10⁻⁵ with sigmoid": what ten layers pass back. */
function passedBack(mention: InitializerMention, initializer: Initializer, fans: LayerFans, format: NumberFormat) {
  const network = networkOf(mention, initializer, fans);
  const config: FlowConfig = { ...paperFlow, ...network };
  const short = (x: number) => (format === 'words' ? formatPower(x) : formatCell(x, format));
  const parts = network.candidates.map(
    (candidate) =>
      `${amount(predictCandidate(config, candidate).ratio, short)} with ${activation(candidate.activations[0]!).label}`,
  );
  return listInWords(parts);
}

/** Without zeros at the end where the number is plain. */
export const cellOf = (format: NumberFormat) => (x: number) => {
  const text = formatCell(x, format);
  return format === 'words' && text.includes('.') && !/[e×]/.test(text) ? text.replace(/\.?0+$/, '') : text;
};

/** The answer in a sentence or two, with the number that decides. */
function answer(mention: InitializerMention, initializer: Initializer, fans: LayerFans, format: NumberFormat): string {
  const found = initializerFigures(initializer, mention.framework, fans);
  const cell = cellOf(format);
  const label = labelOf(mention);
  if (mention.role !== 'kernel') {
    const what = mention.role === 'bias' ? 'Every bias' : 'Every number';
    if (isConstant(found)) {
      const usual = mention.role === 'bias' && found.mean === 0 && isZeroBias(mention);
      return `${what} starts at ${cell(found.mean)}${usual ? `, as ${label} does by default` : ''}.`;
    }
    return `${what} starts at random, with standard deviation ${deviation(found, mention, cell)}${found.mean === 0 ? '' : ` about ${cell(found.mean)}`}.`;
  }
  if (isConstant(found)) {
    const end = found.mean === 0 ? ', and none passes a gradient on' : '';
    return `As a kernel, every weight is ${cell(found.mean)}: all units of a layer compute the same and stay equal${end}. It suits a bias.`;
  }
  const times = cell(growth(found, fans));
  const larger = `pre-activations are ${times === '1' ? 'as large as' : `${times} times`} what comes in`;
  const mean = found.mean === 0 ? '' : `Mean ${cell(found.mean)} and s`;
  const flow = `${passedBack(mention, initializer, fans, format)} reaches the first of ten such ${widthOf(fans)}-unit layers.`;
  return `${mean === '' ? 'S' : mean}tandard deviation ${deviation(found, mention, cell)}: ${larger}. Of a gradient, ${flow}`;
}

/** "0.0505 at fan-in 784"; with the formula where the code does not tell the fan-in. */
function deviation(found: InitializerFigures, mention: InitializerMention, cell: (x: number) => string): string {
  const [fans] = mention.fans;
  if (fans !== undefined && mention.role === 'kernel') {
    const out = found.scaling !== undefined && found.scaling.mode !== 'fan_in' ? `, fan-out ${fans.fanOut}` : '';
    return `${cell(found.stddev)} at fan-in ${numeral(fans.fanIn)}${out}`;
  }
  if (found.scaling === undefined) {
    return mention.role === 'kernel' ? `${cell(found.stddev)} (say at fan-in ${EXAMPLE_WIDTH})` : cell(found.stddev);
  }
  return `${stddevFormula(found.scaling)}, ${cell(found.stddev)} at fan-in ${EXAMPLE_WIDTH}`;
}

function spread(
  found: InitializerFigures,
  initializer: Initializer,
  label: string,
  cell: (x: number) => string,
): string {
  const [low, high] = found.range;
  const ends = low === -high ? `±${cell(high)}` : `${cell(low)} … ${cell(high)}`;
  if (initializer.kind === 'orthogonal') return 'a matrix whose rows or columns are orthonormal, whichever are fewer';
  if (found.isCut) {
    const lost =
      found.left < 1
        ? `; ${label} does not correct for it (${Math.round(100 * found.left)} % of the std are left)`
        : ', corrected for in the standard deviation';
    return `normal, cut off at ${ends}${lost}`;
  }
  if (!Number.isFinite(high)) return 'normal, not cut off';
  if (found.stddev === 0) return `always ${cell(low)}`;
  const formula = found.scaling?.distribution === 'uniform' ? ` = ${limitFormula(found.scaling)}` : '';
  return `uniform in ${ends}${formula}`;
}

/** What the biases beside such kernels start with. */
function biasRule(mention: InitializerMention, fans: LayerFans, cell: (x: number) => string): string {
  const { framework: id, bias: given } = mention;
  const label = labelOf(mention);
  if (given === null) return 'none in the code';
  if (given !== undefined) {
    const { mean, stddev } = initializerFigures(given, id, fans);
    return `${stddev === 0 ? cell(mean) : `std ${cell(stddev)}${mean === 0 ? '' : ` about ${cell(mean)}`}`}, as the code says`;
  }
  if (isZeroBias(mention)) return `0, ${label}’s default`;
  const [, limit] = initializerFigures(defaultsOf(mention).bias.initializer, id, fans).range;
  return `±${cell(limit)} = 1/√fan_in, uniform: ${label}’s default, which this leaves`;
}

const fanRules = {
  fan_in: 'fan_in (made for the forward pass)',
  fan_out: 'fan_out (made for the backward pass)',
  fan_avg: 'the mean of fan_in and fan_out (between both passes)',
} as const;

/** "0.0505 = √(2/fan_in)". */
export function deviationFormula(found: InitializerFigures, cell: (x: number) => string): string {
  const formula = found.scaling === undefined ? '' : stddevFormula(found.scaling);
  if (formula === '') return cell(found.stddev);
  const share = found.left < 1 ? `${cell(found.left)}·` : '';
  return `${cell(found.stddev)} = ${share}${formula}`;
}

/** What an initialiser draws, line by line: a name, and what it says. */
export function initializerRows(
  mention: InitializerMention,
  initializer: Initializer,
  fans: LayerFans,
  format: NumberFormat,
): (readonly [string, string])[] {
  const label = labelOf(mention);
  const found = initializerFigures(initializer, mention.framework, fans);
  const cell = cellOf(format);
  const others = mention.fans.slice(1, 4).map((each) => {
    const { stddev } = initializerFigures(initializer, mention.framework, each);
    return `${cell(stddev)} at fan-in ${numeral(each.fanIn)}`;
  });
  const more = mention.fans.length > 4 ? ', …' : '';
  if (isConstant(found)) return [];
  return [
    ['std', `${deviationFormula(found, cell)}${others.length > 0 ? `; ${others.join(', ')}${more}` : ''}`],
    ['drawn', spread(found, initializer, label, cell)],
    ...(found.scaling === undefined
      ? []
      : [['gain', `${gainText(found.scaling.scale)}, by ${fanRules[found.scaling.mode]}`] as const]),
    ...(initializer.kind === 'orthogonal' ? [['gain', `${cell(initializer.gain)}; it keeps lengths`] as const] : []),
    ...(mention.role === 'kernel' ? [['bias', biasRule(mention, fans, cell)] as const] : []),
  ];
}

/** Lines of a name and what it says; empty for none. */
export const rowsTable = (rows: readonly (readonly [string, string])[]): string =>
  rows.length === 0
    ? ''
    : `<table>${rows.map(([name, value]) => `<tr><td${name === 'gain' ? ` title="${explained('gain')}"` : ''}>${name}&nbsp;&nbsp;</td><td>${html(value)}</td></tr>`).join('')}</table>`;

export const familyOf = (id: FrameworkId): string => framework(id).initializers.family ?? framework(id).label;

const isPython = (id: FrameworkId): boolean => framework(id).paths.language === 'python';
const isZeroBias = (home: Home): boolean => defaultsOf(home).bias.initializer.kind === 'zeros';

/** One framework of each family, Python's first. */
export const families: readonly FrameworkId[] = frameworkIds
  .filter((id, k) => frameworkIds.findIndex((each) => familyOf(each) === familyOf(id)) === k)
  .toSorted((a, b) => Number(isPython(b)) - Number(isPython(a)));

/** Its name in the other frameworks, and where their draws differ. */
function elsewhere(mention: InitializerMention, initializer: Initializer): string | undefined {
  const own = initializerFigures(initializer, mention.framework, exampleFans);
  const places = otherFamilies(mention).flatMap((id) => {
    const name = writtenInitializer(initializer, id);
    if (name === undefined) return [];
    const there = initializerFigures(initializer, id, exampleFans);
    const difference =
      there.isCut === own.isCut && there.left === own.left
        ? ''
        : there.left !== own.left
          ? ` (std\u00a0×\u00a0${numeral(Number((there.left / own.left).toPrecision(2)))})`
          : there.isCut
            ? ' (cut off)'
            : ' (not cut off)';
    return [`${familyOf(id)} ${code(name)}${difference}`];
  });
  return places.length === 0 ? undefined : `The same in ${places.join(' · ')}`;
}

const isTrainable = (widths: readonly number[]): boolean =>
  widths.length <= flowLimits.layers.max && widths.every((width) => width <= flowLimits.width.max);

/** Links to a training, of the code's own hidden layers where it tells them, and to a calculation of what the numbers are of. */
export function networkLinks(
  { beside }: InitializerMention,
  network: ReturnType<typeof networkOf>,
  { compare, calculator }: InitializerHoverOptions,
): string[] {
  const { candidates, ...rest } = network;
  const widths = beside?.widths !== undefined && isTrainable(beside.widths) ? [...beside.widths] : rest.widths;
  return [
    `[Train with it…](${compare({ ...rest, activation: candidates[0]!.activations[0]!, widths })})`,
    `[Open in calculator](${calculator(network)})`,
  ];
}

/** Of which a call may have any number: the first say enough. */
const [MOST_ARGUMENTS, MOST_PROBLEMS] = [6, 4];

const listed = (written: readonly string[]): string =>
  `${written.slice(0, MOST_ARGUMENTS).map(code).join(', ')}${written.length > MOST_ARGUMENTS ? ', …' : ''}`;

/** The text of a hover on an initialiser's name: links, the answer in a sentence, and what it rests on. */
export function initializerMarkdown(mention: InitializerMention, options: InitializerHoverOptions): string {
  const { initializer, role } = mention;
  const fans = mention.fans[0] ?? exampleFans;
  const head = [
    `**${markdown(mention.name)}**`,
    labelOf(mention),
    ...(mention.written.length > 0 ? [listed(mention.written)] : []),
    ...(initializer !== undefined && role === 'kernel'
      ? networkLinks(mention, networkOf(mention, initializer, fans), options)
      : []),
    `[${labelOf(mention)} docs](${mention.docs})`,
  ].join(' · ');
  const problems = mention.problems.slice(0, MOST_PROBLEMS).map((problem) => `$(warning) ${markdown(problem)}`);
  if (initializer === undefined) {
    return [head, ...problems, ...(mention.explanation ? [markdown(mention.explanation)] : [])].join('\n\n');
  }
  const same = elsewhere(mention, initializer);
  return [
    head,
    ...problems,
    titled(markdown(answer(mention, initializer, fans, options.numbers))).replaceAll(' × ', '\u00a0×\u00a0'),
    ...[rowsTable(initializerRows(mention, initializer, fans, options.numbers))].filter((table) => table !== ''),
    ...(same === undefined ? [] : [same]),
  ].join('\n\n');
}
