import * as vscode from 'vscode';
import { activationAt } from '../../code/codeActivation';
import { frameworksIn } from '../../code/frameworks';
import { layerBefore } from '../../code/initializers/layerBefore';
import { calculationLike } from '../../core/explain/exampleNetwork';
import { commands } from '../../protocol/commands';
import { runCommand } from '../commands';
import { readingOptions } from '../settings';
import type { CodeDocuments } from './codeDocuments';

/** After the last keystroke, before the text is looked at again. */
const PAUSE_MILLISECONDS = 500;

/** The calculation of the activation at the cursor; undefined where none stands there. */
async function calculationAtCursor(documents: CodeDocuments) {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { document, selection } = editor;
  const parsed = await documents.parsed(document);
  const context = await documents.notebookContext(document);
  if (!parsed || parsed.version !== document.version) return undefined;
  const there = activationAt(parsed, document.offsetAt(selection.active), readingOptions(), context);
  if (!there?.found) return undefined;
  return calculationLike(there.found, layerBefore(there.mention, parsed, readingOptions(), context));
}

/** Says whether the shown code imports from a framework: the editor's title and its menu have our doors in no other. */
export function watchShownCode(documents: CodeDocuments): vscode.Disposable {
  let told: boolean | undefined;
  let looks = 0;
  const look = async (): Promise<void> => {
    const own = ++looks;
    // A page of ours has the focus where no text has: the code beside it keeps its doors.
    const document = (vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0])?.document;
    const parsed = document && (await documents.parsed(document));
    const context = document && (await documents.notebookContext(document));
    if (own !== looks) return;
    const holds = parsed !== undefined && frameworksIn(parsed, context).size > 0;
    if (holds === told) return;
    told = holds;
    await vscode.commands.executeCommand('setContext', 'gradientLens.modelCode', holds);
  };
  let pause: ReturnType<typeof setTimeout> | undefined;
  const settle = ({ document }: vscode.TextDocumentChangeEvent) => {
    if (document !== vscode.window.activeTextEditor?.document) return;
    clearTimeout(pause);
    pause = setTimeout(() => void look(), PAUSE_MILLISECONDS);
  };
  void look();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(() => void look()),
    vscode.workspace.onDidChangeTextDocument(settle),
    { dispose: () => clearTimeout(pause) },
  );
}

/** Opens the activation at the cursor beside others; where the cursor is on none, the same without one. */
export const compareHere = async (documents: CodeDocuments): Promise<void> =>
  runCommand(commands.compareWith, await calculationAtCursor(documents));

/** Opens the calculation of the activation at the cursor; where it is on none, the calculator as it is. */
export async function calculateHere(documents: CodeDocuments): Promise<void> {
  const calculation = await calculationAtCursor(documents);
  await runCommand(commands.openCalculator, calculation);
  if (calculation !== undefined) return;
  void vscode.window.showInformationMessage(
    'Gradient Lens: no activation stands at the cursor. Put it on one, say on relu, for its calculation.',
  );
}
