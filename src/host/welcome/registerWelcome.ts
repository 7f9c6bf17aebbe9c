import * as vscode from 'vscode';
import { commands } from '../../protocol/commands';
import { registerCommand } from '../commands';

/** What a first visit opens: a sample to rest the pointer in, as a text of its own that may be changed. */
export function registerWelcome(extensionUri: vscode.Uri): vscode.Disposable {
  return registerCommand(commands.openSample, async () => {
    const file = vscode.Uri.joinPath(extensionUri, 'media', 'sample', 'keras_sigmoid.py');
    const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    const document = await vscode.workspace.openTextDocument({ language: 'python', content });
    await vscode.window.showTextDocument(document);
  });
}
