import * as vscode from 'vscode';
import { createNonce } from '../../core/format/nonce';
import { type CalculatorParts, calculatorHtml, calculatorPartFiles } from '../../core/report/calculatorHtml';
import type { CalculatorState } from '../../protocol/pages/calculator';
import { saveFile } from '../panels/saveFile';

/** Saves the calculator with its calculation as one HTML file; false where the person cancelled. */
export async function savePage(extensionUri: vscode.Uri, state: CalculatorState): Promise<boolean> {
  const read = async (part: keyof CalculatorParts) => {
    const file = vscode.Uri.joinPath(extensionUri, 'dist', calculatorPartFiles[part]);
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  };
  const [script, style, worker] = await Promise.all([read('script'), read('style'), read('worker')]);
  return saveFile(
    'gradient-flow.html',
    calculatorHtml(
      state,
      { script, style, worker },
      createNonce((bytes) => crypto.getRandomValues(bytes)),
    ),
  );
}
