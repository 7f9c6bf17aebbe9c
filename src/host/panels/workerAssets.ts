import * as vscode from 'vscode';
import type { WorkerAssets } from '../../protocol/pages/desk';
import { GPU_BACKENDS_FILE, PLAIN_WASM_FILE, SIMD_WASM_FILE } from '../../protocol/workers/backendFiles';

/** Where the page finds the worker's bundle and the files of its backends. */
export function workerAssets(webview: vscode.Webview, extensionUri: vscode.Uri): WorkerAssets {
  const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();
  const files = [SIMD_WASM_FILE, PLAIN_WASM_FILE, GPU_BACKENDS_FILE];
  return { worker: address('worker.js'), files: Object.fromEntries(files.map((name) => [name, address(name)])) };
}
