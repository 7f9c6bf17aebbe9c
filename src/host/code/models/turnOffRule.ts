import * as vscode from 'vscode';
import { rules } from '../../../core/advice/rules';

/** Turns a rule off in the workspace's settings; where there is no workspace, in the person's. */
export async function turnOffRule(id: string): Promise<void> {
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
}
