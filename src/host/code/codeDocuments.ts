import * as vscode from 'vscode';
import type { Edit, NotebookContext, ParsedDocument } from '../../code/document';
import { type Language, languageOf } from '../../code/language';
import { LONGEST_TEXT, readInSlices, type WorkLimits } from '../../code/work';
import { formatInteger } from '../../core/format/numbers';

/** Any code that a person writes is read in far less. */
const limits: WorkLimits = {
  slice: 8,
  all: 4000,
  now: () => performance.now(),
  rest: () => new Promise((resolve) => setTimeout(resolve)),
};

interface Entry {
  parsed: ParsedDocument | undefined;
  /** Since `parsed`, in order. */
  edits: Edit[];
  parsing: Promise<ParsedDocument | undefined> | undefined;
  /** The version that took too long to read, and why: it is not tried again. */
  givenUp: { readonly version: number; readonly why: string } | undefined;
}

/**
 * Syntax trees of the open documents, kept up to date incrementally. A text is parsed when somebody asks for it, in
 * slices, so that typing is never held up; after an edit only what the edit touched is parsed again.
 */
export class CodeDocuments implements vscode.Disposable {
  readonly #entries = new Map<string, Entry>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly log: Pick<vscode.LogOutputChannel, 'warn'>) {
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument((event) => this.#edited(event)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#entries.delete(document.uri.toString())),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#entries.clear();
  }

  /** The tree of the text as it is now; undefined for a language that is not read, or a text that is too long or takes too long. */
  async parsed(document: vscode.TextDocument): Promise<ParsedDocument | undefined> {
    const language = languageOf(document.languageId);
    if (!language) return undefined;
    const entry = this.#entry(document);
    while (entry.parsed?.version !== document.version || entry.parsed.language !== language) {
      if (document.isClosed || entry.givenUp?.version === document.version) return undefined;
      entry.parsing ??= this.#parse(document, language, entry).finally(() => {
        entry.parsing = undefined;
      });
      if (!(await entry.parsing)) return undefined;
    }
    return entry.parsed;
  }

  /** Why a text is not read as it is now, as the end of a sentence that begins with "its code"; undefined where it is. */
  whyNotRead(document: vscode.TextDocument): string | undefined {
    const givenUp = this.#entries.get(document.uri.toString())?.givenUp;
    return givenUp?.version === document.version ? givenUp.why : undefined;
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
      entry = { parsed: undefined, edits: [], parsing: undefined, givenUp: undefined };
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
    if (text.length > LONGEST_TEXT) {
      entry.parsed = undefined;
      entry.edits = [];
      return this.#giveUp(
        document,
        entry,
        version,
        `has ${formatInteger(text.length)} characters, of at most ${formatInteger(LONGEST_TEXT)}`,
      );
    }
    const edits = entry.edits.splice(0);
    const former = entry.parsed && { document: entry.parsed, edits };
    const parsed = await readInSlices({ text, language, version, former }, limits);
    // What was edited meanwhile stands in `entry.edits`, and is told to the next parse.
    if (parsed !== undefined) {
      entry.parsed = parsed;
      return parsed;
    }
    entry.edits.unshift(...edits);
    return this.#giveUp(document, entry, version, `takes longer than ${limits.all / 1000} s to read`);
  }

  #giveUp({ uri }: vscode.TextDocument, entry: Entry, version: number, why: string): undefined {
    const isFirst = entry.givenUp === undefined;
    entry.givenUp = { version, why };
    if (isFirst)
      this.log.warn(`${uri.toString(true)} is not read: its code ${why}. It is tried again when it changes.`);
  }
}
