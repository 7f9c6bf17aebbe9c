import * as vscode from 'vscode';
import { languageOf } from '../../../code/language';
import { type ModelDocument, mayHoldModels, readModels } from '../../../code/models/read';
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

interface Kept {
  readonly key: string;
  readonly read: ModelsOfText;
}

export const notebookOf = (document: vscode.TextDocument): vscode.NotebookDocument | undefined =>
  document.uri.scheme === 'vscode-notebook-cell'
    ? vscode.workspace.notebookDocuments.find((each) => each.getCells().some((cell) => cell.document === document))
    : undefined;

/** Reads the models of open documents; a text that did not change is read once. */
export class ModelDocuments {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly documents: CodeDocuments,
    private readonly symbols: FilledSymbols,
  ) {}

  /** The text that a document belongs to: a cell's notebook, or the file itself. */
  uriOf(document: vscode.TextDocument): vscode.Uri {
    return notebookOf(document)?.uri ?? document.uri;
  }

  /** Undefined for a language that is not read, a text that is too long, or one that was closed meanwhile. */
  async read(document: vscode.TextDocument): Promise<ModelsOfText | undefined> {
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
    const options = readingOptions();
    const symbols = this.symbols.of(uri);
    const key = JSON.stringify([
      documents.map(({ document: { version, language }, cell }) => [cell, version, language]),
      options,
      [...symbols],
    ]);
    const former = this.#kept.get(uri.toString());
    if (former?.key === key) return former.read;
    const { models, problems } = readModels(documents, { ...options, symbols });
    const read: ModelsOfText = {
      uri,
      models: models.map((graph) => ({ graph, flow: flowOf(graph) })),
      problems,
      documents,
      cells: new Map(texts),
    };
    this.#kept.set(uri.toString(), { key, read });
    return read;
  }

  /** As {@link CodeDocuments.whyNotRead}, where the text may hold models; undefined for all others, which nobody misses. */
  whyNotRead(document: vscode.TextDocument): string | undefined {
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
  }
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
