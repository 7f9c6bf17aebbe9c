import * as vscode from 'vscode';
import { flowTitle } from '../../../core/advice/modelLens';
import { excerpt, withoutIcons } from '../../../core/format/excerpt';
import { writtenIn } from '../../../core/report/modelTable';
import type { ModelReference } from '../../../protocol/schemas';
import { type ModelDocuments, type ModelsOfText, type OpenModel, placeOf } from './modelDocuments';

/** The document that a person looks at: a file, or the focused cell of a notebook. */
export function activeDocument(): vscode.TextDocument | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor) return editor.document;
  const notebook = vscode.window.activeNotebookEditor;
  if (!notebook) return undefined;
  const cells = notebook.notebook.getCells();
  const focused = cells[notebook.selection.start];
  const code = (cell: vscode.NotebookCell | undefined) => cell?.kind === vscode.NotebookCellKind.Code;
  return (code(focused) ? focused : cells.find(code))?.document;
}

export interface ChosenModel {
  readonly text: ModelsOfText;
  readonly model: OpenModel;
}

/** The models of the active editor: the one that the cursor stands in first. */
export async function modelsInView(models: ModelDocuments): Promise<ChosenModel[]> {
  const document = activeDocument();
  const text = document && (await models.read(document));
  if (!text) return [];
  const at = vscode.window.activeTextEditor?.selection.active;
  const chosen = text.models.map((model) => ({ text, model }));
  const own = chosen.findLast(({ model }) => {
    const place = placeOf(text, model.graph.source);
    return at !== undefined && place?.document === document && place.range.start.line <= at.line;
  });
  return own ? [own, ...chosen.filter((each) => each !== own)] : chosen;
}

/**
 * The model that a command is about: the one that its argument names, or one of the active editor, asked for where
 * there are several. Undefined where there is none (which is told), or where the person changed their mind.
 */
export async function chooseModel(
  models: ModelDocuments,
  given: ModelReference | undefined,
): Promise<ChosenModel | undefined> {
  if (given !== undefined) {
    const found = await models.find(given);
    if (!found) {
      void vscode.window.showWarningMessage(
        `Gradient Lens: there is no model ${excerpt(given.name)} in the file any more.`,
      );
    }
    return found;
  }
  const found = await modelsInView(models);
  const [first, ...more] = found;
  if (first === undefined) {
    void vscode.window.showInformationMessage(
      'Gradient Lens: no model was found in the active editor; expected one in Keras, PyTorch, Flax or TensorFlow.js.',
    );
    return undefined;
  }
  if (more.length === 0) return first;
  const picked = await vscode.window.showQuickPick(
    found.map((each) => ({ ...modelItem(each), chosen: each })),
    { title: 'Which model?', matchOnDescription: true },
  );
  return picked?.chosen;
}

export function modelItem({ text, model: { graph, flow } }: ChosenModel): vscode.QuickPickItem {
  const place = placeOf(text, graph.source);
  const line = place ? `line ${place.range.start.line + 1}` : '';
  return {
    label: `$(symbol-class) ${withoutIcons(graph.name)}`,
    description: `${writtenIn(graph)}, ${line}`,
    detail: withoutIcons(flowTitle(graph, flow)),
  };
}
