import * as vscode from 'vscode';
import { rulePage, rulesIndex } from '../../../core/advice/rulePages';
import { rules } from '../../../core/advice/rules';
import { codeCommands } from '../../../protocol/commands';
import { registerCommand } from '../../commands';

/** Of texts that the product itself writes: a link of a diagnostic may open a text, and no command. */
const SCHEME = 'gradient-lens-rule';

export const rulePageUri = (id: string): vscode.Uri => vscode.Uri.from({ scheme: SCHEME, path: `/${id}.md` });

const idOf = ({ path }: vscode.Uri): string => path.replace(/^\/|\.md$/g, '');

/** The rules' pages, rendered where they are opened, and commands about a rule. */
export function registerRulePages(): vscode.Disposable {
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
  const turnOff = async (id: string) => {
    const known = rules.find((rule) => rule.id === id);
    if (!known) throw new Error(`"${id}" is no rule; expected one of ${rules.map((rule) => rule.id).join(', ')}.`);
    const inWorkspace = vscode.workspace.workspaceFolders !== undefined;
    const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration('gradientLens').update(`rules.${known.id}`, 'off', target);
    const openSetting = 'Open the Setting';
    const chosen = await vscode.window.showInformationMessage(
      `The rule ${known.id} is off in ${inWorkspace ? 'this workspace’s' : 'your'} settings.`,
      openSetting,
    );
    if (chosen !== openSetting) return;
    await vscode.commands.executeCommand('workbench.action.openSettings', `gradientLens.rules.${known.id}`);
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent(uri) {
        const rule = rules.find(({ id }) => id === idOf(uri));
        return rule ? rulePage(rule) : rulesIndex(rules);
      },
    }),
    vscode.window.onDidChangeActiveTextEditor(renderInstead),
    registerCommand(codeCommands.showRule, (id) => render(rulePageUri(id ?? 'index'))),
    registerCommand(codeCommands.turnOffRule, turnOff),
  );
}
