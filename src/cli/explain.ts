import Table from 'cli-table3';
import { numeral } from '../core/activations/formula';
import { frameworkDifferences } from '../core/explain/differences';
import { sourceOf, stackFlow, usualPoints, valuesAt } from '../core/explain/explain';
import { explanationJson, notElementWiseJson } from '../core/explain/json';
import { flowSentences } from '../core/explain/sentences';
import { steepest } from '../core/explain/steepest';
import { splitList } from '../core/format/list';
import { formatPlain } from '../core/format/numbers';
import { wrapped } from '../core/format/wrap';
import { framework } from '../core/frameworks/all';
import { type FrameworkId, frameworkIds, isFrameworkId, type ParameterValue } from '../core/frameworks/framework';
import { findSpelling, frameworksWith, meantSpelling } from '../core/frameworks/lookup';
import { isNotElementWiseName, notElementWise } from '../core/frameworks/notElementWise';
import {
  type FrameworkActivation,
  formatParameter,
  resolveSpelling,
  type WrittenArgument,
} from '../core/frameworks/resolve';
import { calledAs, flagsText } from './flags';
import { footnotes } from './footnotes';
import { UsageError } from './options';
import { jsonText, print } from './output';
import { columnsOf } from './progress';

/** The explain command's options as the command line gives them. */
export interface ExplainArguments {
  framework?: string;
  params: string[];
  at?: string;
  json?: boolean;
}

/** Prints what an activation computes in a framework. @throws UsageError for what is not known */
export function explain(name: string, args: ExplainArguments): void {
  const id = toFramework(args.framework);
  const { path, given } = asCall(name);
  const spelling = findSpelling(path, id);
  if (!spelling) throw new UsageError(unknownName(path, id));
  const points = toPoints(args.at);
  const { activation: entry } = spelling;
  if (isNotElementWiseName(entry)) {
    const { label, formula, explanation } = notElementWise(entry);
    print(
      args.json
        ? jsonText(notElementWiseJson({ ...spelling, activation: entry }))
        : wrapped(
            [`${label} · ${framework(spelling.framework).label}`, '', formula, '', explanation, '', spelling.docs].join(
              '\n',
            ),
            columns(),
          ),
    );
    return;
  }
  const found = resolveSpelling(spelling, [...given, ...args.params.map(toArgument)])!;
  const [problem] = found.problems;
  if (problem)
    throw new UsageError(
      `${args.params.length > 0 ? '--params' : name}: ${problem.replace(/[;.] (the figures|The figures).*$/, '.')}`,
    );
  print(args.json ? jsonText(explanationJson(found, points)) : page(found, points));
}

function toFramework(text: string | undefined): FrameworkId | undefined {
  if (text === undefined || isFrameworkId(text)) return text;
  throw new UsageError(`--framework: "${text}" is not known; expected ${frameworkIds.join(', ')}.`);
}

function unknownName(name: string, id: FrameworkId | undefined): string {
  const elsewhere = id === undefined ? [] : frameworksWith(name);
  const nearest = meantSpelling(name, id);
  if (elsewhere.length === 0) return `"${name}" is not a known activation; ${nearest}`;
  const labels = elsewhere.map((each) => framework(each).label).join(', ');
  return `${framework(id!).label} has no "${name}" (${labels} ${elsewhere.length === 1 ? 'has' : 'have'} it); ${nearest}`;
}

function toPoints(text: string | undefined): readonly number[] {
  if (text === undefined) return usualPoints;
  return text.split(',').map((part) => {
    const x = part.trim() === '' ? Number.NaN : Number(part);
    if (!Number.isFinite(x)) throw new UsageError(`--at: "${part}" is not a finite number; expected x1,x2,…`);
    return x;
  });
}

function toArgument(text: string) {
  const [, name, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
  if (name === undefined || value === undefined || value === '') {
    throw new UsageError(`--params: "${text}" is not a parameter; expected name=value, such as negative_slope=0.3.`);
  }
  return { name, value: toValue(value), text: value };
}

/** `nn.LeakyReLU(0.2)` as the name and its arguments, the tensor of a function not among them. */
function asCall(text: string): { path: string; given: WrittenArgument[] } {
  const [, path = text, list = ''] = /^([^(]*)\((.*)\)\s*$/.exec(text) ?? [];
  const parts = splitList(list).filter((part) => part !== '');
  const given = parts.map(
    (part, position): WrittenArgument =>
      part.includes('=') ? toArgument(part) : { position, value: toValue(part), text: part },
  );
  return { path, given };
}

/** `none` stays a word: it is PyTorch's name of GELU's exact form. */
const words: Readonly<Record<string, ParameterValue>> = { true: true, false: false, null: null };

function toValue(text: string): ParameterValue {
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  const fraction = /^(-?[\d.]+)\/([\d.]+)$/.exec(text);
  if (fraction) return Number(fraction[1]) / Number(fraction[2]);
  const word = text.toLowerCase();
  return word in words ? (words[word] ?? null) : text;
}

const columns = (): number | undefined => columnsOf(process.stdout);
const fitted = (text: string, indent = ''): string => wrapped(text, columns(), indent);

/** "0.268941", "1", "2.0612e-9". */
const sixDigits = (x: number): string =>
  formatPlain(x, 6)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');

const interval = ([low, high]: readonly [number, number]): string => `${numeral(low)} … ${numeral(high)}`;

function page(found: FrameworkActivation, points: readonly number[]): string {
  const { activation: phi, spelling, parameters } = found;
  const list = parameters.map(({ name, value }) => `${name}=${formatParameter(value)}`).join(', ');
  const rows: [string, string][] = [
    ['φ(x)', phi.formula.text],
    ['φ′(x)', phi.derivativeFormula.text],
    ['range of φ', interval(phi.range)],
    ['range of φ′', interval(phi.derivativeRange)],
    ['largest |φ′|', steepest(phi)],
    [
      'kinks',
      phi.kinks.length === 0
        ? 'none'
        : phi.kinks.map((at) => `φ′(${numeral(at)}) = ${numeral(phi.derivative(at))}`).join(', '),
    ],
    ['source', sourceOf(phi.entry)],
  ];
  const width = Math.max(...rows.map(([key]) => key.length));
  const table = new Table({
    head: ['x', 'φ(x)', 'φ′(x)'],
    colAligns: ['right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { x: at, y, dy } of valuesAt(phi, points)) table.push([numeral(at), sixDigits(y), sixDigits(dy)]);
  const differences = frameworkDifferences(found);
  const text = [
    `${spelling.name} · ${framework(spelling.framework).label}${list ? ` · ${list}` : ''}`,
    '',
    ...rows.map(([key, text]) => fitted(`${key.padEnd(width)}  ${text}`, ' '.repeat(width + 2))),
    '',
    table.toString(),
    '',
    ...flowSentences(stackFlow(found), framework(spelling.framework).label).map((each) => fitted(each)),
    ...(spelling.note ? ['', fitted(spelling.note)] : []),
    ...(differences ? ['', fitted(differences)] : []),
    '',
    `To calculate it in a network of your own: ${calledAs()} flow ${flagsText([
      ['--framework', spelling.framework],
      ['--activation', phi.name],
    ])} --layers 10 --width 128`,
    spelling.docs,
  ].join('\n');
  return [text, footnotes(text, columns())].filter((part) => part !== '').join('\n');
}
