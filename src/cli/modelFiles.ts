import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parse } from '../code/document';
import { scriptsIn } from '../code/htmlScripts';
import { type Language, languageOf } from '../code/language';
import type { Filled } from '../code/models/candidates/openArguments';
import { type ModelDocument, type ModelsRead, readModels } from '../code/models/read';
import { parseNotebook } from '../code/notebookFile';
import { firstError } from '../code/syntaxErrors';
import { messageOf } from '../core/format/errors';
import type { SourceRange } from '../core/model/model';
import type { PlaceOf } from '../core/report/modelEntry';
import { isReadableFolder, readBytes, reasonOf } from './files';
import { UsageError } from './options';
import { printError } from './output';

const languages: Readonly<Record<string, Language>> = {
  '.py': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.jsx': 'javascript',
  '.ts': 'typescript',
  '.tsx': 'tsx',
  '.html': 'javascript',
  '.htm': 'javascript',
};

const isReadable = (path: string): boolean => extname(path) in languages || extname(path) === '.ipynb';

/** Bytes of a file that is read: notebooks carry pictures. */
const LARGEST = { text: 2_000_000, notebook: 50_000_000 };

/** Folders in which other people's code lies. */
const skipped: ReadonlySet<string> = new Set(['node_modules', '.git', '__pycache__', 'venv', '.venv', 'site-packages']);

/** A place as a person counts: from 1; of a notebook, the cell's number and the line in it. */
export interface Position {
  readonly line: number;
  readonly column: number;
  /** From 1; undefined for a file. */
  readonly cell: number | undefined;
}

/** A file with its documents and the models in it. */
export interface FileRead extends ModelsRead {
  readonly file: string;
  readonly documents: readonly ModelDocument[];
  readonly position: (range: SourceRange, offset?: number) => Position;
  /** The same, with the line in all code cells of a notebook below each other. */
  readonly place: PlaceOf;
  /** What lies on the disk, without a mark of its byte order. */
  readonly text: string;
}

/** Text and line breaks of what is read: CRLF stays, since offsets count in the text as it is. */
function documentsIn(file: string): { documents: ModelDocument[]; text: string } {
  const notebook = extname(file) === '.ipynb';
  const bytes = readBytes(file, notebook ? LARGEST.notebook : LARGEST.text);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (!notebook) {
    const language = languages[extname(file)];
    if (language === undefined) {
      throw new Error(`its kind is not known; expected ${[...Object.keys(languages), '.ipynb'].join(', ')}.`);
    }
    const code = /^\.html?$/.test(extname(file)) ? scriptsIn(text) : text;
    return { text, documents: [{ document: parse(code, language), cell: 0 }] };
  }
  const { language, cells } = parseNotebook(text);
  const known = languageOf(language.toLowerCase());
  const documents =
    known === undefined ? [] : cells.map((each) => ({ document: parse(each.text, known), cell: each.cell }));
  return { text, documents };
}

/** Whether a document is mostly what its language does not allow: another format under its name. */
function isBroken({ document: { tree, text } }: ModelDocument): boolean {
  let wrong = 0;
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) wrong += Math.max(1, to - from);
    },
  });
  return text.includes('\0') || (text.length > 0 && wrong > text.length / 4);
}

/** Lines of a cell; a line break at its end begins no other. */
const linesOf = (text: string): number => text.replace(/\n$/, '').split('\n').length;

/** Reads a file's models. @throws Error with a sentence that follows the file's name */
function readFile(file: string, symbols: Filled): FileRead {
  const { documents, text } = documentsIn(file);
  const notebook = extname(file) === '.ipynb';
  if (documents.some(isBroken)) {
    throw new Error(`it does not parse as ${documents[0]!.document.language}; expected code in that language.`);
  }
  const texts = new Map(documents.map(({ document, cell }) => [cell, document.text]));
  const position = ({ cell, from }: SourceRange, offset = from): Position => {
    const before = texts.get(cell)?.slice(0, offset).split('\n') ?? [''];
    return {
      line: before.length,
      column: before.at(-1)!.length + 1,
      cell: notebook ? cell + 1 : undefined,
    };
  };
  const place: PlaceOf = (range) => {
    const { line, cell } = position(range);
    if (cell === undefined) return { line };
    const before = documents.filter((each) => each.cell < range.cell);
    return { line, cell, codeLine: before.reduce((sum, { document }) => sum + linesOf(document.text), line) };
  };
  const halves = documents.flatMap((each) => {
    const at = firstError(each.document);
    if (at === undefined) return [];
    const { line, cell } = position({ cell: each.cell, from: at, to: at });
    const place = cell === undefined ? `line ${line}` : `cell ${cell}, line ${line}`;
    return [`${place} does not parse as ${each.document.language}; models are read from the rest.`];
  });
  const { models, problems, asked, unread } = readModels(documents, { tensorflowKeras: 3, symbols });
  return { file, text, documents, position, place, models, problems: [...halves, ...problems], asked, unread };
}

/** What is wrong with a file or a folder, as a sentence. */
export type TellProblem = (path: string, problem: string) => void;

const onStderr: TellProblem = (path, problem) => printError(`${path}: ${problem}`);

export interface FileReading {
  /** What a person filled in for arguments that the code does not tell. */
  readonly symbols?: Filled;
  readonly tell?: TellProblem;
  /** Told of a file of which nothing could be read. */
  readonly onUnread?: (file: string) => void;
}

/** Reads file by file; one that cannot be read is told, and the others are read all the same. */
export function* readFiles(
  files: Iterable<string>,
  { symbols = new Map(), tell = onStderr, onUnread }: FileReading = {},
): Generator<FileRead> {
  for (const file of files) {
    let read: FileRead;
    try {
      read = readFile(file, symbols);
    } catch (error) {
      tell(file, messageOf(error));
      onUnread?.(file);
      continue;
    }
    for (const problem of read.problems) tell(file, problem);
    if (read.unread) onUnread?.(file);
    yield read;
  }
}

/**
 * The files under paths, in the order of their names; folders of installed packages are left out, and links are not
 * followed. Folders are looked into when their files are asked for.
 *
 * @throws UsageError for a path that does not exist, is neither a file nor a folder, or may not be read
 */
export function filesUnder(paths: readonly string[], tell: TellProblem = onStderr): Iterable<string> {
  const folders = paths.map((path) => {
    try {
      return isReadableFolder(path);
    } catch (error) {
      throw new UsageError(`${path} ${messageOf(error)}; expected a file or a folder.`);
    }
  });
  return once(paths, folders, tell);
}

function* once(paths: readonly string[], folders: readonly boolean[], tell: TellProblem): Generator<string> {
  const seen = new Set<string>();
  for (const [k, path] of paths.entries()) {
    for (const file of folders[k] ? walk(path, tell) : [path]) {
      if (seen.has(file)) continue;
      seen.add(file);
      yield file;
    }
  }
}

function* walk(folder: string, tell: TellProblem): Generator<string> {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(folder);
  } catch (error) {
    tell(folder, `${reasonOf(error)}; expected a folder.`);
    return;
  }
  // A virtual environment may have any name.
  if (entries.some(({ name }) => name === 'pyvenv.cfg')) return;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) yield* walk(path, tell);
    } else if (entry.isFile() && isReadable(path)) yield path;
  }
}

const entriesOf = (folder: string) =>
  readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
