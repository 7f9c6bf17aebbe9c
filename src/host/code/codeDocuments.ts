import * as vscode from 'vscode';
import { bindingsOf } from '../../code/bindings';
import { type Edit, IncrementalParse, type NotebookContext, type ParsedDocument } from '../../code/document';
import { type Language, languageOf } from '../../code/language';

/** How long one slice of parsing may hold up the extension host, in milliseconds. */
const SLICE = 8;
/** Longer texts are data or bundles; a person does not read them. Characters. */
const LONGEST = 5_000_000;

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

interface Entry {
  parsed: ParsedDocument | undefined;
  /** Since `parsed`, in order. */
  edits: Edit[];
  parsing: Promise<ParsedDocument | undefined> | undefined;
}

/**
 * Syntax trees of the open documents, kept up to date incrementally. A text is parsed when somebody asks for it, in
 * slices, so that typing is never held up; after an edit only what the edit touched is parsed again.
 */
export class CodeDocuments implements vscode.Disposable {
  readonly #entries = new Map<string, Entry>();
  readonly #subscriptions: vscode.Disposable[];

  constructor() {
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument((event) => this.#edited(event)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#entries.delete(document.uri.toString())),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#entries.clear();
  }

  /** The tree of the text as it is now; undefined for a language that is not read, or a text that is too long. */
  async parsed(document: vscode.TextDocument): Promise<ParsedDocument | undefined> {
    const language = languageOf(document.languageId);
    if (!language) return undefined;
    const entry = this.#entry(document);
    while (entry.parsed?.version !== document.version || entry.parsed.language !== language) {
      if (document.isClosed) return undefined;
      entry.parsing ??= this.#parse(document, language, entry).finally(() => {
        entry.parsing = undefined;
      });
      if (!(await entry.parsing)) return undefined;
    }
    return entry.parsed;
  }

  /** The other code cells of the notebook that a cell belongs to. */
  async notebookContext(document: vscode.TextDocument): Promise<NotebookContext | undefined> {
    if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
    const notebook = vscode.workspace.notebookDocuments.find((each) =>
      each.getCells().some((cell) => cell.document === document),
    );
    if (!notebook) return undefined;
    const cells = notebook.getCells().filter((cell) => cell.document.languageId === document.languageId);
    const own = cells.findIndex((cell) => cell.document === document);
    const trees = await Promise.all(cells.map((cell) => this.parsed(cell.document)));
    const known = (from: number, to: number) =>
      trees.slice(from, to).filter((tree): tree is ParsedDocument => tree !== undefined);
    return { before: known(0, own), after: known(own + 1, trees.length) };
  }

  #entry(document: vscode.TextDocument): Entry {
    const key = document.uri.toString();
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { parsed: undefined, edits: [], parsing: undefined };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  #edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const entry = this.#entries.get(document.uri.toString());
    // Changes of one event all count in the text before it: from its end to its start, none moves another.
    const changes = [...contentChanges].sort((a, b) => b.rangeOffset - a.rangeOffset);
    entry?.edits.push(
      ...changes.map(({ rangeOffset, rangeLength, text }) => ({
        from: rangeOffset,
        to: rangeOffset + rangeLength,
        insertedLength: text.length,
      })),
    );
  }

  async #parse(document: vscode.TextDocument, language: Language, entry: Entry): Promise<ParsedDocument | undefined> {
    const { version } = document;
    const text = document.getText();
    if (text.length > LONGEST) return undefined;
    const edits = entry.edits.splice(0);
    const former = entry.parsed && { document: entry.parsed, edits };
    const parse = new IncrementalParse(text, language, version, former);
    for (;;) {
      const parsed = parse.advance(SLICE, () => performance.now());
      if (parsed) {
        // What was edited meanwhile stands in `entry.edits`, and is told to the next parse.
        entry.parsed = parsed;
        // In a turn of its own, so that the first question about the text finds it done.
        await nextTurn();
        bindingsOf(parsed);
        return parsed;
      }
      await nextTurn();
    }
  }
}
