import * as vscode from 'vscode';
import { createNonce } from '../../core/format/nonce';
import { SIMD_WASM_FILE } from '../../protocol/workers/backendFiles';
import { workerAssets } from './workerAssets';

/** Which of the bundle's pages a document shows. */
export type PageName = 'compare' | 'calculator' | 'training' | 'model';

/**
 * The page's document. Scripts by nonce alone, no inline ones, no eval; wasm and blob workers allowed. The toolkit finds
 * the nonce in the meta element, for the one style element that it makes.
 *
 * @param workers that the page is about to want, at most: they come up while the page does
 */
export function webviewHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  { title, page, workers }: { readonly title: string; readonly page: PageName; readonly workers: number },
): string {
  const asset = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();
  const nonce = createNonce((bytes) => crypto.getRandomValues(bytes));
  const source = webview.cspSource;
  // What most trainings take comes beside the page's script, not after it: few machines are without SIMD, or asked for a GPU.
  const { worker, files } = workerAssets(webview, extensionUri);
  const trains = page === 'compare' || page === 'training';
  const early = trains ? [worker, files[SIMD_WASM_FILE]] : [];
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'wasm-unsafe-eval' blob:`,
    'worker-src blob:',
    `connect-src ${source} blob:`,
    `style-src 'nonce-${nonce}' ${source}`,
    'font-src data:',
    `img-src ${source} data: blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${asset('webview.css')}">
<link rel="modulepreload" nonce="${nonce}" href="${asset('plots.js')}">
${early.map((address) => `<link rel="preload" as="fetch" crossorigin href="${address}">`).join('\n')}
${workers > 0 ? `<script async nonce="${nonce}" src="${asset('early.js')}" data-worker="${worker}" data-workers="${workers}"></script>` : ''}
<title>${title}</title>
</head>
<body>
<div id="root" data-page="${page}"></div>
<script type="module" nonce="${nonce}" src="${asset('webview.js')}"></script>
</body>
</html>`;
}
