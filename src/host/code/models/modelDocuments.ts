import * as vscode from 'vscode';
import { languageOf } from '../../../code/language';
import { type ModelDocument, type ModelReadingOptions, mayHoldModels, readingModels } from '../../../code/models/read';
import type { Steps } from '../../../code/steps';
import { stepsInSlices, type WorkLimits } from '../../../code/work';
import type { Model, SourceRange } from '../../../core/model/model';
import type { GraphFlow } from '../../../core/theory/graph';
import { flowOf } from '../../../core/theory/rememberedFlow';
import type { ModelReference } from '../../../protocol/schemas';
import { readingOptions } from '../../settings';
import type { CodeDocuments } from '../codeDocuments';
import type { FilledSymbols, SymbolValue } from './filledSymbols';

/** A model in an open document, with what is predicted for it. */
export interface OpenModel {
  readonly graph: Model;
  readonly flow: GraphFlow;
}

/** The models of a file, or of a whole notebook. */
export interface ModelsOfText {
  /** Of the file or the notebook, not of a cell. */
  readonly uri: vscode.Uri;
  readonly models: readonly OpenModel[];
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
  readonly documents: readonly ModelDocument[];
  /** The editor's documents by cell; a file's is cell 0. */
  readonly cells: ReadonlyMap<number, vscode.TextDocument>;
}

/** Reading counts its steps, and so comes to an end; this is for machines on which it takes too long all the same. */
const usualLimits: WorkLimits = {
  slice: 16,
  all: 15_000,
  now: () => performance.now(),
  rest: () => new Promise((resolve) => setTimeout(resolve)),
};

/** A text as it is asked for, and what it is read with. */
interface Asked {
  readonly uri: vscode.Uri;
  readonly documents: readonly ModelDocument[];
  readonly cells: ReadonlyMap<number, vscode.TextDocument>;
  readonly options: ModelReadingOptions;
  /** Another one for another text. */
  readonly key: string;
}

/** False once it was edited or closed. */
const isCurrent = ({ documents, cells }: Asked): boolean =>
  documents.every(({ document, cell }) => {
    const shown = cells.get(cell);
    return shown !== undefined && !shown.isClosed && shown.version === document.version;
  });

interface Reading {
  readonly key: string;
  readonly done: Promise<Kept | undefined>;
}

interface Kept {
  readonly asked: Asked;
  /** Undefined where that took too long. */
  readonly read: ModelsOfText | undefined;
}

export const notebookOf = (document: vscode.TextDocument): vscode.NotebookDocument | undefined =>
  document.uri.scheme === 'vscode-notebook-cell'
    ? vscode.workspace.notebookDocuments.find((each) => each.getCells().some((cell) => cell.document === document))
    : undefined;

/** Reads the models of open documents; a text that did not change is read once. */
export class ModelDocuments {
  readonly #kept = new Map<string, Kept>();
  /** Under way, by the text's URI: who asks meanwhile waits for the same. */
  readonly #reading = new Map<string, Reading>();

  constructor(
    private readonly documents: CodeDocuments,
    private readonly symbols: Pick<FilledSymbols, 'of'>,
    private readonly log: Pick<vscode.LogOutputChannel, 'warn'>,
    private readonly limits = usualLimits,
  ) {}

  /** The text that a document belongs to: a cell's notebook, or the file itself. */
  uriOf(document: vscode.TextDocument): vscode.Uri {
    return notebookOf(document)?.uri ?? document.uri;
  }

  /**
   * The models of the text as it is now, read in slices. Undefined for a language that is not read, a text that is too long or takes
   * too long, or one that was closed meanwhile.
   */
  async read(document: vscode.TextDocument): Promise<ModelsOfText | undefined> {
    for (;;) {
      const asked = await this.#asked(document);
      if (asked === undefined) return undefined;
      const { key } = asked;
      const uri = asked.uri.toString();
      const former = this.#kept.get(uri);
      if (former?.asked.key === key) return former.read;
      let reading = this.#reading.get(uri);
      if (reading?.key !== key) {
        reading = { key, done: this.#read(asked) };
        this.#reading.set(uri, reading);
      }
      const done = await reading.done;
      // Edited meanwhile it is read anew.
      if (done !== undefined && isCurrent(asked)) return done.read;
    }
  }

  async #asked(document: vscode.TextDocument): Promise<Asked | undefined> {
    const notebook = notebookOf(document);
    const texts = notebook
      ? notebook
          .getCells()
          .flatMap(({ kind, index, document: cell }) =>
            kind === vscode.NotebookCellKind.Code && languageOf(cell.languageId) ? [[index, cell] as const] : [],
          )
      : [[0, document] as const];
    const parsed = await Promise.all(texts.map(([, cell]) => this.documents.parsed(cell)));
    const documents: ModelDocument[] = [];
    for (const [k, [cell]] of texts.entries()) {
      const tree = parsed[k];
      if (tree !== undefined) documents.push({ document: tree, cell });
    }
    if (documents.length === 0) return undefined;
    const uri = notebook?.uri ?? document.uri;
    const symbols = this.symbols.of(uri);
    const options = { ...readingOptions(), symbols };
    const key = JSON.stringify([
      documents.map(({ document: { version, language }, cell }) => [cell, version, language]),
      readingOptions(),
      [...symbols],
    ]);
    return { uri, documents, cells: new Map(texts), options, key };
  }

  /** Undefined where nobody wants it any more. */
  async #read(asked: Asked): Promise<Kept | undefined> {
    // It is known to be under way by then.
    await undefined;
    const uri = asked.uri.toString();
    const isUnderWay = () => this.#reading.get(uri)?.key === asked.key;
    const isWanted = () => isUnderWay() && isCurrent(asked);
    try {
      const read = await stepsInSlices(modelsOf(asked), this.limits, isWanted);
      if (!isWanted()) return undefined;
      const kept: Kept = { asked, read };
      this.#kept.set(uri, kept);
      const name = asked.uri.toString(true);
      if (read === undefined)
        this.log.warn(
          `The models of ${name} are not read: its code ${this.#tooLong}. It is tried again when it changes.`,
        );
      return kept;
    } finally {
      if (isUnderWay()) this.#reading.delete(uri);
    }
  }

  get #tooLong(): string {
    return `takes longer than ${this.limits.all / 1000} s to follow`;
  }

  /** As {@link CodeDocuments.whyNotRead}, where the text may hold models; undefined for all others, which nobody misses. */
  whyNotRead(document: vscode.TextDocument): string | undefined {
    const kept = this.#kept.get(this.uriOf(document).toString());
    if (kept !== undefined && kept.read === undefined && isCurrent(kept.asked)) return this.#tooLong;
    const why = this.documents.whyNotRead(document);
    const language = why === undefined ? undefined : languageOf(document.languageId);
    return language !== undefined && mayHoldModels({ language, text: document.getText() }) ? why : undefined;
  }

  /** The text's models, opened if need be. */
  async readUri(uri: vscode.Uri): Promise<ModelsOfText | undefined> {
    const notebook = vscode.workspace.notebookDocuments.find((each) => each.uri.toString() === uri.toString());
    const document =
      notebook?.getCells().find(({ kind }) => kind === vscode.NotebookCellKind.Code)?.document ??
      (uri.path.endsWith('.ipynb')
        ? (await vscode.workspace.openNotebookDocument(uri))
            .getCells()
            .find(({ kind }) => kind === vscode.NotebookCellKind.Code)?.document
        : await vscode.workspace.openTextDocument(uri));
    return document && this.read(document);
  }

  /** The model that a command names, as it is now; undefined where it is gone. */
  async find(reference: ModelReference): Promise<{ text: ModelsOfText; model: OpenModel } | undefined> {
    const text = await this.readUri(vscode.Uri.parse(reference.uri, true));
    if (text === undefined) return undefined;
    const named = text.models.filter(({ graph }) => graph.name === reference.name);
    const model = named[reference.ordinal] ?? named.at(-1);
    return model && { text, model };
  }

  /** What was filled in for a text. */
  symbolsOf(uri: vscode.Uri): ReadonlyMap<string, SymbolValue> {
    return this.symbols.of(uri);
  }

  forget(uri: vscode.Uri): void {
    this.#kept.delete(uri.toString());
    this.#reading.delete(uri.toString());
  }
}

function* modelsOf({ uri, documents, cells, options }: Asked): Steps<ModelsOfText> {
  const { models: graphs, problems } = yield* readingModels(documents, options);
  const models: OpenModel[] = [];
  for (const graph of graphs) {
    models.push({ graph, flow: flowOf(graph) });
    yield;
  }
  return { uri, models, problems, documents, cells };
}

export function referenceTo(text: ModelsOfText, { graph }: OpenModel): ModelReference {
  const named = text.models.filter((each) => each.graph.name === graph.name);
  return {
    uri: text.uri.toString(),
    name: graph.name,
    ordinal: named.findIndex((each) => each.graph === graph),
  };
}

/** A part of a text in the editor's terms; undefined for a cell that is gone. */
export function placeOf(
  { cells }: ModelsOfText,
  { cell, from, to }: SourceRange,
): { document: vscode.TextDocument; range: vscode.Range } | undefined {
  const document = cells.get(cell);
  return document && { document, range: new vscode.Range(document.positionAt(from), document.positionAt(to)) };
}
