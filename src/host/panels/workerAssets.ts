import * as vscode from 'vscode';

/** Where the page finds the worker's bundle and the files of the wasm backend. */
export function workerAssets(webview: vscode.Webview, extensionUri: vscode.Uri) {
  const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();
  const wasm = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];
  return { worker: address('worker.js'), wasm: Object.fromEntries(wasm.map((name) => [name, address(name)])) };
}
