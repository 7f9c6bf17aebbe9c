import * as vscode from 'vscode';
import { codeCommands } from '../../../protocol/commands';
import { registerCommand } from '../../commands';

/** Of texts that the product itself writes: a link of a diagnostic may open a text, and no command. */
const SCHEME = 'gradient-lens-rule';

export const rulePageUri = (id: string): vscode.Uri => vscode.Uri.from({ scheme: SCHEME, path: `/${id}.md` });

const idOf = ({ path }: vscode.Uri): string => path.replace(/^\/|\.md$/g, '');

/** What the rules are, which is asked for when it is needed. */
export interface Rules {
  /** In Markdown. */
  page(id: string): Promise<string>;
  turnOff(id: string): Promise<void>;
}

/** The rules' pages, rendered where they are opened, and commands about a rule. */
export function registerRulePages(rules: Rules): vscode.Disposable {
  const render = async (uri: vscode.Uri) => {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  };
  const renderInstead = async (editor: vscode.TextEditor | undefined) => {
    if (editor?.document.uri.scheme !== SCHEME) return;
    const source = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(
        ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === editor.document.uri.toString(),
      );
    await render(editor.document.uri);
    if (source) await vscode.window.tabGroups.close(source);
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => rules.page(idOf(uri)),
    }),
    vscode.window.onDidChangeActiveTextEditor(renderInstead),
    registerCommand(codeCommands.showRule, (id) => render(rulePageUri(id ?? 'index'))),
    registerCommand(codeCommands.turnOffRule, rules.turnOff),
  );
}
