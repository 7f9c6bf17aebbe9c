import * as vscode from 'vscode';
import { commands } from '../../protocol/commands';
import { registerCommand } from '../commands';
import { codeColumn } from '../panels/columns';
import { registerTicks } from './walkthroughTicks';

/** Of the manifest: publisher and name, and the walkthrough's id. */
const WALKTHROUGH = 'gradient-lens.gradient-lens#start';

/** What a first visit opens: the walkthrough, and a sample to rest the pointer in, as a text of its own that may be changed. */
export function registerWelcome(extensionUri: vscode.Uri, memory: vscode.Memento): vscode.Disposable {
  const openWalkthrough = registerCommand(commands.getStarted, () =>
    vscode.commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH, false),
  );
  const openSample = registerCommand(commands.openSample, async () => {
    const file = vscode.Uri.joinPath(extensionUri, 'media', 'sample', 'keras_sigmoid.py');
    const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    const document = await vscode.workspace.openTextDocument({ language: 'python', content });
    await vscode.window.showTextDocument(document, { viewColumn: codeColumn() });
  });
  return vscode.Disposable.from(openWalkthrough, openSample, registerTicks(memory));
}
