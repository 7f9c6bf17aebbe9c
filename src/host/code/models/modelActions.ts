import * as vscode from 'vscode';
import { silencingChange } from '../../../code/diagnostics/silence';
import { type ModelFix, modelFixes } from '../../../code/edits/modelFixes';
import { findings } from '../../../core/advice/rules';
import type { SourceRange } from '../../../core/model/model';
import { codeCommands } from '../../../protocol/commands';
import { readingOptions } from '../../settings';
import { ruleOf } from './modelDiagnostics';
import { type ModelDocuments, type ModelsOfText, type OpenModel, placeOf } from './modelDocuments';

/** What mends a finding, by edits of the code; and ways to silence it. */
export class ModelActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };

  constructor(private readonly models: ModelDocuments) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[] | undefined> {
    const own = diagnostics.filter((each) => ruleOf(each) !== undefined);
    if (own.length === 0) return undefined;
    const text = await this.models.read(document);
    if (text === undefined || token.isCancellationRequested) return undefined;
    return own.flatMap((each) => [...this.#fixing(text, document, each), ...silencing(text, document, each)]);
  }

  /** Found once for each version of a text: every fix is tried out on it. */
  readonly #fixes = new WeakMap<OpenModel, readonly ModelFix[]>();

  #fixesOf(text: ModelsOfText, model: OpenModel): readonly ModelFix[] {
    const known = this.#fixes.get(model);
    if (known) return known;
    const options = { ...readingOptions(), symbols: this.models.symbolsOf(text.uri) };
    const found = modelFixes(model.graph, text.documents, options);
    this.#fixes.set(model, found);
    return found;
  }

  #fixing(text: ModelsOfText, document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
    const rule = ruleOf(diagnostic);
    const isThere = ({ cell, from, to }: SourceRange): boolean =>
      text.cells.get(cell) === document &&
      document.offsetAt(diagnostic.range.start) === from &&
      document.offsetAt(diagnostic.range.end) === to;
    return text.models
      .filter(({ graph, flow }) => findings(graph, flow).some((each) => each.rule === rule && isThere(each.range)))
      .flatMap((model) => this.#fixesOf(text, model))
      .filter(({ answers }) => answers.some((answer) => answer.rule === rule && isThere(answer.range)))
      .map((fix) => {
        const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
        action.edit = new vscode.WorkspaceEdit();
        for (const edit of fix.edits) {
          const place = placeOf(text, edit);
          if (place) action.edit.replace(place.document.uri, place.range, edit.text);
        }
        action.diagnostics = [diagnostic];
        action.isPreferred = fix.preferred;
        return action;
      });
  }
}

function silencing(
  text: ModelsOfText,
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction[] {
  const rule = ruleOf(diagnostic)!;
  const actions: vscode.CodeAction[] = [];
  const [cell] = [...text.cells].find(([, each]) => each === document) ?? [];
  const parsed = text.documents.find((each) => each.cell === cell)?.document;
  const change = parsed && silencingChange(parsed, document.offsetAt(diagnostic.range.start), rule);
  const place = change && cell !== undefined && placeOf(text, { cell, ...change });
  if (place) {
    const action = new vscode.CodeAction(`Silence ${rule} here by a comment`, vscode.CodeActionKind.QuickFix);
    action.edit = new vscode.WorkspaceEdit();
    action.edit.replace(document.uri, place.range, change.text);
    action.diagnostics = [diagnostic];
    actions.push(action);
  }
  for (const [title, command] of [
    [`Turn ${rule} off in the settings`, codeCommands.turnOffRule.id],
    [`Explain ${rule}`, codeCommands.showRule.id],
  ] as const) {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.command = { title, command, arguments: [rule] };
    action.diagnostics = [diagnostic];
    actions.push(action);
  }
  return actions;
}
