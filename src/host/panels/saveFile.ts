import * as vscode from 'vscode';
import { stepDone } from '../firstSteps';
import { codeColumn } from './columns';

/** Asks where to save; false where the person cancelled. */
export async function saveFile(name: string, content: string | Uint8Array): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const extension = name.slice(name.lastIndexOf('.') + 1);
  const target = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: { [extension.toUpperCase()]: [extension] },
  });
  if (!target) return false;
  await vscode.workspace.fs.writeFile(
    target,
    typeof content === 'string' ? new TextEncoder().encode(content) : content,
  );
  stepDone('shared');
  // Not waited for: it stays until the person closes it.
  void offerToOpen(target);
  return true;
}

/** Says where a file has gone, and opens it: a page in a browser where there is one, anything else in VS Code. */
async function offerToOpen(file: vscode.Uri): Promise<void> {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  if ((await vscode.window.showInformationMessage(`Gradient Lens: ${name} is saved.`, 'Open')) !== 'Open') return;
  const besideABrowser = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  if (name.endsWith('.html') && besideABrowser) await vscode.env.openExternal(file);
  else await vscode.commands.executeCommand('vscode.open', file, codeColumn());
}
