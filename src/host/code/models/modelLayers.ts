import * as vscode from 'vscode';
import { factorLabel } from '../../../core/advice/modelLens';
import { modelSentence } from '../../../core/advice/modelSentence';
import { withoutIcons } from '../../../core/format/excerpt';
import type { ModelNode, Shape } from '../../../core/model/model';
import { isKnown } from '../../../core/model/model';
import { isUnknownFlow } from '../../../core/theory/graph';
import type { ModelReference } from '../../../protocol/schemas';
import { codeColumn } from '../../panels/columns';
import { type ChosenModel, chooseModel } from './chooseModel';
import type { ModelDocuments } from './modelDocuments';
import { placeOf } from './modelDocuments';

/** Lists a model's layers with what each does to a gradient; going through the list goes through the code. */
export async function showLayers(models: ModelDocuments, given: ModelReference | undefined): Promise<void> {
  const chosen = await chooseModel(models, given);
  if (!chosen) return;
  const { graph, flow } = chosen.model;
  const items = layerItems(chosen);
  const before = vscode.window.activeTextEditor;
  const selection = before?.selection;
  const quickPick = vscode.window.createQuickPick<LayerItem>();
  quickPick.title = `${graph.name}: ${modelSentence(graph, flow)}`.replaceAll('`', '');
  quickPick.placeholder = 'Layers, from the input to the output';
  quickPick.matchOnDescription = true;
  quickPick.items = items;
  const accepted = await new Promise<boolean>((resolve) => {
    quickPick.onDidChangeActive(([item]) => item && void reveal(chosen, item.node, true));
    quickPick.onDidAccept(() => resolve(true));
    quickPick.onDidHide(() => resolve(false));
    quickPick.show();
  });
  const [item] = quickPick.activeItems;
  quickPick.dispose();
  if (accepted && item) await reveal(chosen, item.node, false);
  else if (before && selection) {
    const editor = await vscode.window.showTextDocument(before.document, before.viewColumn);
    editor.selection = selection;
    editor.revealRange(selection);
  }
}

interface LayerItem extends vscode.QuickPickItem {
  readonly node: ModelNode;
}

const shapeText = (shape: Shape | undefined): string =>
  shape === undefined ? '' : `→ ${shape.map((size) => (isKnown(size) ? size : '?')).join(' × ')}`;

function layerItems({ text, model: { graph, flow } }: ChosenModel): LayerItem[] {
  return graph.nodes
    .filter(({ operation }) => operation.kind !== 'input')
    .map((node) => {
      const layer = isUnknownFlow(flow) ? undefined : flow.layers.find((each) => each.node === node.id);
      const line = placeOf(text, node.source)?.range.start.line;
      const opaque = node.operation.kind === 'opaque' ? ['not known'] : [];
      const uncertain = node.certain ? [] : ['taken or not: the code leaves it open'];
      const notes = [shapeText(node.shape), line === undefined ? '' : `line ${line + 1}`, ...opaque, ...uncertain];
      return {
        label: `${withoutIcons(node.type)}${node.name && node.name !== node.type ? ` ${withoutIcons(node.name)}` : ''}${layer ? `  ∇ ${factorLabel([layer])}` : ''}`,
        description: notes.filter((note) => note !== '').join(', '),
        node,
      };
    });
}

/** Shows a layer's code and selects it. */
export async function reveal({ text }: ChosenModel, node: ModelNode, preview: boolean): Promise<void> {
  const place = placeOf(text, node.source);
  if (!place) return;
  const { document, range } = place;
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  if (preview && shown) {
    shown.selection = new vscode.Selection(range.start, range.end);
    shown.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    return;
  }
  if (preview) return;
  const notebook = vscode.workspace.notebookDocuments.find((each) => each.uri.toString() === text.uri.toString());
  if (notebook) {
    const index = notebook.getCells().findIndex((cell) => cell.document === document);
    const cells = new vscode.NotebookRange(index, index + 1);
    await vscode.window.showNotebookDocument(notebook, { selections: [cells], viewColumn: codeColumn() });
    const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
    if (editor) editor.selection = new vscode.Selection(range.start, range.end);
    return;
  }
  await vscode.window.showTextDocument(document, {
    selection: range,
    viewColumn: shown?.viewColumn ?? codeColumn(),
  });
}
