import type { DiagnosticSeverity } from '../code/diagnostics/diagnose';
import { listInWords } from '../core/format/list';
import { wrapped } from '../core/format/wrap';
import type { CheckPlace, CheckSummary, CheckWriter, Found } from './checkEntry';
import { printable, widthOf } from './printable';

export interface TextOptions {
  /** Of the terminal; undefined for a file or a pipe. */
  readonly columns: number | undefined;
  readonly colours: boolean;
  /** How many rules are on. */
  readonly rules: number;
}

const RESET = '\u001b[0m';
const colourOf: Readonly<Record<DiagnosticSeverity, string>> = {
  error: '\u001b[31m',
  warning: '\u001b[33m',
  hint: '\u001b[36m',
};

/** What is found as people read it: place, what, why; the line; and what would mend it. */
export const textWriter = ({ columns, colours, rules }: TextOptions): CheckWriter => ({
  begin: () => '',
  entry: (found) => `${entryText(found, columns, colours)}\n\n`,
  end: (summary, problems) => {
    const files = new Set(problems.map(({ file }) => file)).size;
    return `${wrapped(summaryText(summary, files, rules), columns)}\n`;
  },
});

/** `file:3:13`, `notebook.ipynb:cell 2:3:13` */
const placeText = (file: string, { cell, line, column }: CheckPlace): string =>
  `${printable(file)}:${cell === null ? '' : `cell ${cell}:`}${line}:${column}`;

function entryText(found: Found, columns: number | undefined, colours: boolean): string {
  const { entry } = found;
  const { severity, message, rule } = entry;
  const painted = (text: string): string => (colours ? `${colourOf[severity]}${text}${RESET}` : text);
  const head = wrapped(
    `${placeText(entry.file, entry)}: ${severity}: ${printable(message)} [${rule}]`,
    columns,
    '  ',
    widthOf,
  ).replace(new RegExp(`(?<=(?:^|\\s))${severity}:`), painted);
  const notes = [
    ...entry.related.map((each) => `${placeText(entry.file, each)}: ${printable(each.message)}`),
    ...fixText(found),
  ].map((note) => wrapped(`  ${note}`, columns, '    ', widthOf));
  return [head, ...snippet(found, columns, painted), ...notes].join('\n');
}

function fixText({ fixes: [first, ...others], remedy }: Found): string[] {
  if (first === undefined) return remedy === undefined ? [] : [`What would help: ${printable(remedy)}`];
  const more = others.length === 0 ? '' : ` (or ${others.length === 1 ? 'one other' : `${others.length} others`})`;
  return [`Fix: ${printable(first.title)}${more}`];
}

/** Columns of code at least, however narrow the terminal is. */
const LEAST_CODE = 10;
/** Columns before the mark that are shown of a line that is too long. */
const BEFORE = 12;
/** Columns of a line where there is no terminal: a minified file has one line. */
const USUAL = 160;

/** The line of the finding with a mark below it. */
function snippet(
  { entry, range, source }: Found,
  columns = USUAL,
  painted: (text: string) => string = (text) => text,
): string[] {
  const text = source.documents.find(({ cell }) => cell === range.cell)?.document.text ?? '';
  const start = text.lastIndexOf('\n', range.from - 1) + 1;
  const newline = text.indexOf('\n', range.from);
  const line = printable(text.slice(start, newline < 0 ? text.length : newline).replace(/\r$/, ''));
  const from = Math.min(range.from - start, line.length);
  const to = Math.max(from, Math.min(range.to - start, line.length));
  const gutter = `${String(entry.line).padStart(5)} | `;
  const room = Math.max(LEAST_CODE, columns - gutter.length);
  const indent = /^ */.exec(line)![0].length;
  const isLong = widthOf(line.slice(indent)) > room;
  const left = isLong ? Math.max(indent, from - BEFORE) : Math.min(indent, from);
  const ahead = left > indent ? '…' : '';
  let shown = ahead;
  let at = left;
  for (const character of line.slice(left)) {
    if (widthOf(shown + character) > room) break;
    shown += character;
    at += character.length;
  }
  const before = widthOf(ahead + line.slice(left, Math.max(left, from)));
  const marks = Math.max(1, widthOf(line.slice(Math.max(left, from), Math.min(to, at))));
  const mark = '^'.repeat(Math.max(1, Math.min(marks, room - before)));
  return [gutter + shown.trimEnd(), `${' '.repeat(gutter.length - 2)}| ${' '.repeat(before)}${painted(mark)}`];
}

const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

/** What was looked at and what was found: silence would read as approval of what nobody looked at. */
export function summaryText(summary: CheckSummary, problemFiles: number, rules: number): string {
  const { files, models, found, notShown, fixable } = summary;
  const kinds = (Object.keys(found) as DiagnosticSeverity[]).flatMap((severity) =>
    found[severity] === 0 ? [] : [counted(found[severity], severity)],
  );
  const where = `${counted(models, 'model')} in ${counted(files, 'file')}`;
  const sentences = [
    kinds.length === 0 ? nothingText(summary, where, rules) : `${where}: ${kinds.join(', ')}.`,
    ...(models === 0 ? [] : [`${flowText(summary)}.`]),
    ...(fixable === 0 ? [] : [`${fixable} with a fix.`]),
    ...(notShown === 0 ? [] : [`${counted(notShown, 'finding')} below the severity not shown.`]),
    ...(problemFiles === 0 ? [] : [`${counted(problemFiles, 'file')} not read, or not all of it.`]),
  ];
  return sentences.join(' ');
}

function nothingText({ files, models }: CheckSummary, where: string, rules: number): string {
  if (files === 0) return 'Nothing to check: no file with Python, JavaScript or TypeScript, and no notebook.';
  return models === 0
    ? `No models in ${counted(files, 'file')}.`
    : `Nothing found in ${where}, by ${counted(rules, 'rule')}.`;
}

/** Of how many models it is known how much of the gradient arrives: rules on it say nothing of the others. */
function flowText({ models, predicted, assumed, unknown }: CheckSummary): string {
  if (predicted === models) return 'How much of the gradient arrives is predicted for all of them';
  const parts = [
    ...(predicted === 0 ? [] : [`predicted for ${predicted}`]),
    ...(assumed === 0 ? [] : [`predicted under assumptions for ${assumed}`]),
    ...(unknown === 0 ? [] : [`not known for ${unknown}`]),
  ];
  return `How much of the gradient arrives is ${listInWords(parts)}`;
}
