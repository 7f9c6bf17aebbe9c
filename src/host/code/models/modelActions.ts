import * as vscode from 'vscode';
import type { Diagnostic } from '../../../code/diagnostics/diagnose';
import { silencingChange } from '../../../code/diagnostics/silence';
import { fixAll } from '../../../code/edits/fixAll';
import { type FixOptions, type ModelFix, modelFixSteps } from '../../../code/edits/modelFixes';
import type { TextEdit } from '../../../code/edits/textEdit';
import { excerpt } from '../../../core/format/excerpt';
import type { SourceRange } from '../../../core/model/model';
import { codeCommands } from '../../../protocol/commands';
import { budgetSetting, readingOptions, ruleSettings } from '../../settings';
import { ruleOf } from './modelDiagnostics';
import { type ModelDocuments, type ModelsOfText, type OpenModel, placeOf } from './modelDocuments';
import { findingsIn } from './modelFindings';

/** Milliseconds of looking for fixes before the editor has a turn. */
const SLICE = 8;

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** What an action that mends a whole file is worked out from, once it is chosen. */
interface WholeFile {
  readonly text: ModelsOfText;
  readonly rule: string;
  readonly options: FixOptions;
}

/** What mends a finding, by edits of the code; and ways to silence it. */
export class ModelActions implements vscode.CodeActionProvider {
  /** Found once for each version of a text: every fix is tried out on it. */
  readonly #fixes = new WeakMap<OpenModel, { readonly key: string; readonly fixes: Promise<readonly ModelFix[]> }>();
  readonly #wholeFile = new WeakMap<vscode.CodeAction, WholeFile>();

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
    const actions = await Promise.all(
      own.map(async (each) => [...(await this.#fixing(text, document, each)), ...silencing(text, document, each)]),
    );
    return token.isCancellationRequested ? undefined : actions.flat();
  }

  /** Works out what mends a whole file, once somebody wants it. */
  async resolveCodeAction(action: vscode.CodeAction): Promise<vscode.CodeAction> {
    const wanted = this.#wholeFile.get(action);
    if (wanted === undefined) return action;
    const { text, rule, options } = wanted;
    const all = await Promise.all(text.models.map((model) => this.#fixesOf(text, model, options)));
    const found = fixAll(rule, all.flat(), text.documents, options);
    if (found === undefined) {
      void vscode.window.showInformationMessage(
        `Gradient Lens: the findings of ${rule} cannot be mended together; mend them one by one.`,
      );
    } else action.edit = workspaceEdit(text, found.edits);
    return action;
  }

  #fixesOf(text: ModelsOfText, model: OpenModel, options: FixOptions): Promise<readonly ModelFix[]> {
    const key = JSON.stringify([options.budget, options.tensorflowKeras, options.severities]);
    const known = this.#fixes.get(model);
    if (known?.key === key) return known.fixes;
    const fixes = inSlices(modelFixSteps(model.graph, text.documents, options));
    this.#fixes.set(model, { key, fixes });
    return fixes;
  }

  async #fixing(
    text: ModelsOfText,
    document: vscode.TextDocument,
    diagnostic: vscode.Diagnostic,
  ): Promise<vscode.CodeAction[]> {
    const rule = ruleOf(diagnostic)!;
    const isThere = ({ cell, from, to }: SourceRange): boolean =>
      text.cells.get(cell) === document &&
      document.offsetAt(diagnostic.range.start) === from &&
      document.offsetAt(diagnostic.range.end) === to;
    const found = findingsIn(text, document).filter((each) => each.rule === rule);
    const here = found.filter(({ range }) => isThere(range));
    const options = this.#options(text, document);
    const fixes = await Promise.all(text.models.filter(isOf(here)).map((model) => this.#fixesOf(text, model, options)));
    const actions = fixes
      .flat()
      .filter(({ answers }) => answers.some((answer) => answer.rule === rule && isThere(answer.range)))
      .map((fix) => {
        const action = fixing(fix.title, diagnostic);
        action.edit = workspaceEdit(text, fix.edits);
        action.isPreferred = fix.preferred;
        return action;
      });
    if (actions.length === 0 || found.length < 2) return actions;
    const all = fixing(`Fix all ${found.length} findings of ${rule} in this file`, diagnostic);
    this.#wholeFile.set(all, { text, rule, options });
    return [...actions, all];
  }

  #options(text: ModelsOfText, document: vscode.TextDocument): FixOptions {
    return {
      ...readingOptions(),
      symbols: this.models.symbolsOf(text.uri),
      budget: budgetSetting(document),
      severities: ruleSettings(document),
    };
  }
}

const isOf =
  (found: readonly Diagnostic[]) =>
  ({ graph }: OpenModel): boolean =>
    found.some(({ model }) => model === graph.name);

async function inSlices<T>(steps: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const end = performance.now() + SLICE;
    while (performance.now() < end) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
    await nextTurn();
  }
}

/** Characters of what a menu offers. */
const MOST_OF_TITLE = 200;

function fixing(title: string, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction(excerpt(title, MOST_OF_TITLE), vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  return action;
}

function workspaceEdit(text: ModelsOfText, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const all = new vscode.WorkspaceEdit();
  for (const edit of edits) {
    const place = placeOf(text, edit);
    if (place) all.replace(place.document.uri, place.range, edit.text);
  }
  return all;
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
  if (change && cell !== undefined) {
    const action = fixing(`Silence ${rule} here by a comment`, diagnostic);
    action.edit = workspaceEdit(text, [{ cell, ...change }]);
    actions.push(action);
  }
  for (const [title, command] of [
    [`Turn ${rule} off in the settings`, codeCommands.turnOffRule.id],
    [`Explain ${rule}`, codeCommands.showRule.id],
  ] as const) {
    const action = fixing(title, diagnostic);
    action.command = { title, command, arguments: [rule] };
    actions.push(action);
  }
  return actions;
}
