import * as vscode from 'vscode';
import type { Transport } from '../protocol/channel';

/** What the extension's panels have in common. */

export const webviewTransport = (webview: vscode.Webview): Transport => ({
  post: (message) => void webview.postMessage(message),
  listen(receive) {
    const subscription = webview.onDidReceiveMessage(receive);
    return () => subscription.dispose();
  },
});

export const assetUri = (webview: vscode.Webview, extensionUri: vscode.Uri, name: string): string =>
  webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();

/** Where the page finds the worker's bundle and the files of the wasm backend. */
export const workerAssets = (webview: vscode.Webview, extensionUri: vscode.Uri) => ({
  worker: assetUri(webview, extensionUri, 'worker.js'),
  wasm: Object.fromEntries(
    ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'].map((name) => [
      name,
      assetUri(webview, extensionUri, name),
    ]),
  ),
});

export const panelIcon = (extensionUri: vscode.Uri) => ({
  light: vscode.Uri.joinPath(extensionUri, 'media', 'panel-light.svg'),
  dark: vscode.Uri.joinPath(extensionUri, 'media', 'panel-dark.svg'),
});

export function panelOptions(extensionUri: vscode.Uri): vscode.WebviewOptions & vscode.WebviewPanelOptions {
  return {
    enableScripts: true,
    // The workers live in the page: hiding the panel must not end what they do.
    retainContextWhenHidden: true,
    localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')],
  };
}

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
  return true;
}
