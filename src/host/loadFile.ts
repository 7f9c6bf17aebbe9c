import * as vscode from 'vscode';

type Module = { exports: unknown };

/**
 * Runs a file of the extension's, once somebody needs it, and gives what it exports. By VS Code's file system and by hand,
 * as VS Code itself does in a browser: there an extension can require `vscode` alone, and the build makes no second file
 * that could be imported.
 *
 * @param name of a file in `dist`, written for `module`, `exports` and `require`
 */
export async function loadFile<Exports>(extensionUri: vscode.Uri, name: string): Promise<Exports> {
  const uri = vscode.Uri.joinPath(extensionUri, 'dist', name);
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const require = (wanted: string): unknown => {
    if (wanted === 'vscode') return vscode;
    throw new Error(`${name} asks for ${wanted}; expected vscode alone.`);
  };
  const module: Module = { exports: {} };
  // The name is what stack traces and debuggers show.
  const run = new Function('module', 'exports', 'require', `${text}\n//# sourceURL=${uri.toString(true)}`);
  run(module, module.exports, require);
  return module.exports as Exports;
}
