import * as vscode from 'vscode';
import { readFlowArgument } from '../core/flow/link';
import { flowMarkdown } from '../core/report/flowMarkdown';

const SCHEME = 'gradient-lens-flow';

/** Where a calculation stands: its argument is the query, so that a reload shows it again. */
const uriOf = (argument: unknown): vscode.Uri =>
  vscode.Uri.from({ scheme: SCHEME, path: '/Gradient flow.md', query: JSON.stringify(argument ?? {}) });

/** The calculation in a document's address, as Markdown; a bad one gets the sentence that says what is wrong. */
function contentOf(uri: vscode.Uri): string {
  const read = readFlowArgument(uri.query);
  return 'config' in read ? flowMarkdown(read.config) : read.problems.map(({ message }) => message).join('\n\n');
}

/** Contributes the command that opens a calculation beside the code, as a page that needs no script. */
export function registerFlowDocument(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, { provideTextDocumentContent: contentOf }),
    vscode.commands.registerCommand('gradientLens.openCalculator', async (argument?: unknown) => {
      const given = argument instanceof vscode.Uri ? undefined : argument;
      const read = readFlowArgument(given);
      if ('problems' in read) {
        void vscode.window.showErrorMessage(`Gradient Lens: ${read.problems[0]!.message}`);
        return;
      }
      await vscode.commands.executeCommand('markdown.showPreviewToSide', uriOf(given));
    }),
  );
}
