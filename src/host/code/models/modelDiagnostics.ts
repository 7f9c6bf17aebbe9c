import * as vscode from 'vscode';
import type { Diagnostic } from '../../../code/diagnostics/diagnose';
import { languageOf } from '../../../code/language';
import { modelSettings } from '../../settings';
import { type ModelDocuments, type ModelsOfText, notebookOf, placeOf } from './modelDocuments';
import { findingsIn } from './modelFindings';
import { rulePageUri } from './rulePages';

/** Milliseconds without an edit after which a text is judged again. */
const QUIET = 300;
export const DIAGNOSTIC_SOURCE = 'Gradient Lens';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Hint,
} as const;

/** What the rules find in the open documents' models, as squiggles and in the Problems list. */
export class ModelDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('gradient-lens');
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly models: ModelDocuments,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.#subscriptions = [
      this.#collection,
      vscode.workspace.onDidOpenTextDocument((document) => this.#soon(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#soon(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => {
        const [cell] = notebook.getCells();
        if (cell) this.#soon(cell.document);
      }),
    ];
    this.refresh();
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  /** Judges all open documents anew, as after a change of settings. */
  refresh(): void {
    for (const document of vscode.workspace.textDocuments) this.#soon(document, 0);
  }

  #soon(document: vscode.TextDocument, wait = QUIET): void {
    if (!languageOf(document.languageId)) return;
    // All cells of a notebook are judged together.
    const key = this.models.uriOf(document).toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.set(
      key,
      setTimeout(() => {
        this.#waiting.delete(key);
        this.#judge(document).catch((error: unknown) => {
          this.log.error(`Diagnostics: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        });
      }, wait),
    );
  }

  async #judge(document: vscode.TextDocument): Promise<void> {
    if (document.isClosed) return;
    if (!modelSettings(document).diagnostics) {
      for (const cell of notebookOf(document)?.getCells() ?? [{ document }]) this.#collection.delete(cell.document.uri);
      return;
    }
    const text = await this.models.read(document);
    if (text === undefined) {
      this.#collection.delete(document.uri);
      return;
    }
    const found = findingsIn(text, document);
    const byDocument = new Map(
      [...text.cells.values()].map((cell): [string, vscode.Diagnostic[]] => [cell.uri.toString(), []]),
    );
    for (const each of found) {
      const place = placeOf(text, each.range);
      if (place) byDocument.get(place.document.uri.toString())?.push(toEditor(text, each, place.range));
    }
    for (const [uri, diagnostics] of byDocument) this.#collection.set(vscode.Uri.parse(uri, true), diagnostics);
  }

  #forget(document: vscode.TextDocument): void {
    this.#collection.delete(document.uri);
    this.models.forget(document.uri);
  }
}

function toEditor(text: ModelsOfText, found: Diagnostic, range: vscode.Range): vscode.Diagnostic {
  const { message, severity, rule, related } = found;
  const diagnostic = new vscode.Diagnostic(range, message, severities[severity]);
  diagnostic.relatedInformation = related.flatMap((each) => {
    const place = placeOf(text, each.range);
    if (place === undefined) return [];
    const location = new vscode.Location(place.document.uri, place.range);
    return [new vscode.DiagnosticRelatedInformation(location, each.message)];
  });
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = { value: rule, target: rulePageUri(rule) };
  return diagnostic;
}

/** The rule's id of a diagnostic of ours; undefined for others'. */
export const ruleOf = ({ source, code }: vscode.Diagnostic): string | undefined =>
  source === DIAGNOSTIC_SOURCE && typeof code === 'object' && typeof code.value === 'string' ? code.value : undefined;
