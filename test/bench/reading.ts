import { diagnose } from '../../src/code/diagnostics/diagnose';
import { type Edit, type ParsedDocument, parse, parseEdited } from '../../src/code/document';
import { type ModelDocument, readModels } from '../../src/code/models/read';
import { checkedSentence } from '../../src/core/advice/checked';
import { flowOf } from '../../src/core/theory/rememberedFlow';
import { type CodeFile, codeFiles, fileOf, lineCount } from './codeFiles';
import type { Row } from './rows';
import { threadTime } from './threadTime';

/**
 * What reading models from code costs: a file as it is opened, per 1,000 lines, and a long file or a notebook after an
 * edit of 5,000 lines, also as a share of reading the same anew. Milliseconds that the thread works, the least of several
 * runs, and at the first run of all, before anything is compiled.
 */

const LINES = [1000, 5000];
const LONG = 5000;
const RUNS = 5;
const options = { tensorflowKeras: 3 } as const;

function timed<T>(run: () => T): { readonly result: T; readonly milliseconds: number } {
  const start = threadTime();
  const result = run();
  return { result, milliseconds: threadTime() - start };
}

const documentsOf = (cells: readonly ParsedDocument[]): ModelDocument[] =>
  cells.map((document, cell) => ({ document, cell }));

const readAnew = (texts: readonly string[], { language }: CodeFile) =>
  readModels(documentsOf(texts.map((text) => parse(text, language))), options);

const least = (times: readonly number[]): number => Math.min(...times);

/** An edit of one of several cells: `insert` at `at`. */
interface Change {
  readonly name: string;
  readonly cell: number;
  readonly at: number;
  readonly insert: string;
}

const changed = (text: string, { at, insert }: Change): string => text.slice(0, at) + insert + text.slice(at);
const editOf = ({ at, insert }: Change): Edit => ({ from: at, to: at, insertedLength: insert.length });

/** What an editor shows of models: their flow and what the rules find. */
function judge({ models }: ReturnType<typeof readModels>, documents: readonly ModelDocument[]): void {
  for (const model of models) flowOf(model);
  diagnose(models, documents);
  models.forEach(checkedSentence);
}

/** Parsing, reading and judging after an edit, and reading anew. */
function measure(texts: readonly string[], file: CodeFile, change: Change) {
  const next = texts.map((text, cell) => (cell === change.cell ? changed(text, change) : text));
  const anew: number[] = [];
  const after: number[] = [];
  const parsing: number[] = [];
  const settled: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const cells = texts.map((text) => parse(text, file.language));
    judge(readModels(documentsOf(cells), options), documentsOf(cells));
    const { result: document, milliseconds } = timed(() =>
      parseEdited(cells[change.cell]!, [editOf(change)], next[change.cell]!),
    );
    parsing.push(milliseconds);
    const edited = documentsOf(cells.with(change.cell, document));
    const read = timed(() => readModels(edited, options));
    const judging = timed(() => judge(read.result, edited));
    after.push(milliseconds + read.milliseconds);
    settled.push(milliseconds + read.milliseconds + judging.milliseconds);
    anew.push(timed(() => readAnew(next, file)).milliseconds);
  }
  return { parsing: least(parsing), after: least(after), anew: least(anew), settled: least(settled) };
}

function* cold(): Generator<Row> {
  for (const [name, file] of Object.entries(codeFiles)) {
    for (const wanted of LINES) {
      const text = fileOf(file, wanted);
      const thousands = lineCount(text) / 1000;
      const first = timed(() => readAnew([text], file)).milliseconds;
      const then = least(Array.from({ length: RUNS }, () => timed(() => readAnew([text], file)).milliseconds));
      const what = `1,000 ${wanted > 1000 ? `of ${wanted.toLocaleString('en')} ` : ''}lines of ${name} read`;
      yield { what: `${what}, the first in a process`, value: first / thousands, unit: 'ms' };
      yield { what: `${what}, later`, value: then / thousands, unit: 'ms' };
    }
  }
}

/** The edits that are measured: of a file, and of a notebook. */
function editsOf(file: CodeFile): readonly { readonly texts: readonly string[]; readonly change: Change }[] {
  const text = fileOf(file, LONG);
  const half = text.lastIndexOf('\n\n', text.length / 2);
  const cells = [text.slice(0, half), text.slice(half)];
  const inside = text.indexOf('relu', text.length / 2);
  return [
    { texts: [text], change: { name: 'a character in a class or function', cell: 0, at: inside, insert: 's' } },
    { texts: [text], change: { name: 'a line on top', cell: 0, at: 0, insert: '\n' } },
    {
      texts: cells,
      change: { name: 'a line in the last of two cells', cell: 1, at: cells[1]!.length, insert: '\nx = 1\n' },
    },
  ];
}

function* edits(): Generator<Row> {
  for (const [name, file] of Object.entries(codeFiles)) {
    for (const { texts, change } of editsOf(file)) {
      const { parsing, after, anew, settled } = measure(texts, file, change);
      const what = `${name}, ${change.name}`;
      const share = `${((100 * after) / anew).toFixed(0)} % of reading anew`;
      yield { what: `${what}: parsed`, value: parsing, unit: 'ms' };
      yield { what: `${what}: and read`, value: after, unit: 'ms', note: share };
      yield { what: `${what}: and judged`, value: settled, unit: 'ms' };
    }
  }
}

export default async function* reading(): AsyncGenerator<Row> {
  yield* cold();
  yield* edits();
}
