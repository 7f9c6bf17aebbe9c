const vscode = require('vscode');

/** Shows a page that does nothing but say that its script has run. */
function show() {
  const panel = vscode.window.createWebviewPanel('emptyPage', 'Empty Page', vscode.ViewColumn.Beside, {
    enableScripts: true,
  });
  const policy = "default-src 'none'; script-src 'nonce-a'";
  panel.webview.html = `<!DOCTYPE html>
<html><head><meta http-equiv="Content-Security-Policy" content="${policy}"></head>
<body><p data-points="0">Empty</p><script nonce="a">document.querySelector('p').dataset.points = '1';</script></body></html>`;
}

/** @param {import('vscode').ExtensionContext} context */
exports.activate = ({ subscriptions }) => {
  subscriptions.push(vscode.commands.registerCommand('emptyPage.show', show));
};
