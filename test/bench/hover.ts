import type * as vscode from 'vscode';
import { type Edit, parse, parseEdited } from '../../src/code/document';
import { type Language, languageIds, languageOf } from '../../src/code/language';
import { CodeDocuments } from '../../src/host/code/codeDocuments';
import { CodeHover } from '../../src/host/code/codeHover';
import { FilledSymbols } from '../../src/host/code/models/filledSymbols';
import { ModelDocuments } from '../../src/host/code/models/modelDocuments';
import { codeFiles, fileOf, lineCount } from './codeFiles';
import { percentile, type Row } from './rows';
import { threadTime } from './threadTime';

/**
 * What a hover costs, and a character that is typed, in files of 5,000 lines: milliseconds that the thread works. The file
 * is open, so its syntax tree and models are there; every place is pointed at once, so no hover is one that was made before.
 */

const LINES = 5000;
const PLACES = 60;
const EDITS = 40;

function documentOf(text: string, languageId: string): vscode.TextDocument {
  const lines = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
  const positionAt = (offset: number) => {
    const line = lines.findLastIndex((start) => start <= offset);
    return { line, character: offset - lines[line]! };
  };
  const uri = { toString: () => `file:///bench.${languageId}`, scheme: 'file', path: `/bench.${languageId}` };
  return {
    uri,
    languageId,
    version: 1,
    isClosed: false,
    getText: () => text,
    positionAt,
    offsetAt: ({ line, character }: vscode.Position) => lines[line]! + character,
  } as unknown as vscode.TextDocument;
}

/** Where activations are named. */
const placesIn = (text: string): number[] =>
  [...text.matchAll(/\b(relu|sigmoid|tanh|gelu|elu|selu|softmax|silu)\b/gi)].map(({ index }) => index + 1);

async function hovers(name: string, text: string, languageId: string): Promise<Row[]> {
  const documents = new CodeDocuments({ warn() {} });
  const memento = { get: () => undefined, update: async () => {}, keys: () => [] } as unknown as vscode.Memento;
  const models = new ModelDocuments(documents, new FilledSymbols(memento), { warn() {} });
  const hover = new CodeHover(documents, models, () => {});
  const document = documentOf(text, languageId);
  await models.read(document);
  const places = placesIn(text);
  const token = { isCancellationRequested: false } as vscode.CancellationToken;
  const times: number[] = [];
  const every = Math.max(1, Math.floor(places.length / PLACES));
  for (let i = 0; i < places.length; i += every) {
    const position = document.positionAt(places[i]!);
    const started = threadTime();
    const found = await hover.provideHover(document, position, token);
    const taken = threadTime() - started;
    if (found !== undefined) times.push(taken);
  }
  if (times.length === 0) throw new Error(`No hover was given in ${name}.`);
  return [
    { what: `hover in ${name}, the first`, value: times[0]!, unit: 'ms' },
    { what: `hover in ${name}, median of ${times.length}`, value: percentile(times, 0.5), unit: 'ms' },
    { what: `hover in ${name}, 95th percentile`, value: percentile(times, 0.95), unit: 'ms' },
  ];
}

/** A letter after another at the end of a word in the middle, as somebody types. */
function typing(name: string, text: string, language: Language): Row[] {
  let document = parse(text, language);
  let now = text;
  let at = text.indexOf('relu', text.length / 2);
  const times: number[] = [];
  for (let i = 0; i < EDITS; i++) {
    const edit: Edit = { from: at, to: at, insertedLength: 1 };
    now = `${now.slice(0, at)}x${now.slice(at)}`;
    const started = threadTime();
    document = parseEdited(document, [edit], now);
    times.push(threadTime() - started);
    at++;
  }
  return [
    { what: `parsing of a typed letter in ${name}, median`, value: percentile(times, 0.5), unit: 'ms' },
    { what: `parsing of a typed letter in ${name}, 95th percentile`, value: percentile(times, 0.95), unit: 'ms' },
  ];
}

export default async function* hover(): AsyncGenerator<Row> {
  for (const [framework, file] of Object.entries(codeFiles)) {
    const text = fileOf(file, LINES);
    const name = `${lineCount(text).toLocaleString('en')} lines of ${framework}`;
    yield* await hovers(name, text, languageIds.find((id) => languageOf(id) === file.language)!);
    yield* typing(name, text, file.language);
  }
}
