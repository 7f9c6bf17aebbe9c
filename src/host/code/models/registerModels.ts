import * as vscode from 'vscode';
import { languageIds } from '../../../code/language';
import { modelCalculation } from '../../../core/advice/modelCalculation';
import { CALCULATOR_COMMAND, flowArgument } from '../../../core/links/flowArgument';
import type { CodeDocuments } from '../codeDocuments';
import { type ChosenModel, chooseModel, modelsInView } from './chooseModel';
import { modelCommands } from './commandNames';
import { FilledSymbols } from './filledSymbols';
import { fillIn } from './fillIn';
import { LayerHints } from './layerHints';
import { ModelActions } from './modelActions';
import { ModelDiagnostics } from './modelDiagnostics';
import { ModelDocuments } from './modelDocuments';
import { showLayers } from './modelLayers';
import { ModelLens } from './modelLens';
import { registerRulePages } from './rulePages';

export interface ModelServices {
  readonly workspaceState: vscode.Memento;
  readonly documents: CodeDocuments;
  readonly log: vscode.LogOutputChannel;
}

/** What the rest of the extension asks of models in code. */
export interface Models extends vscode.Disposable {
  readonly documents: ModelDocuments;
  /** Of the active editor, the one at the cursor first. */
  inView(): Promise<ChosenModel[]>;
}

/** Lens, hints, diagnostics, quick fixes and commands for models in code. */
export function registerModels({ workspaceState, documents, log }: ModelServices): Models {
  const symbols = new FilledSymbols(workspaceState);
  const models = new ModelDocuments(documents, symbols);
  const changed = new vscode.EventEmitter<void>();
  const diagnostics = new ModelDiagnostics(models, log);
  const languages = languageIds.map((language) => ({ language }));
  const refresh = () => {
    changed.fire();
    diagnostics.refresh();
  };
  const openCalculator = async (argument: unknown) => {
    const chosen = await chooseModel(models, argument);
    if (!chosen) return;
    const { graph, flow } = chosen.model;
    const calculation = modelCalculation(graph, flow);
    if (calculation) await vscode.commands.executeCommand(CALCULATOR_COMMAND, flowArgument(calculation));
    else
      void vscode.window.showInformationMessage(
        `Gradient Lens: the calculator shows chains of dense layers that start alike; ${graph.name} is none, or its sizes are not all known.`,
      );
  };
  const subscriptions = vscode.Disposable.from(
    symbols,
    changed,
    diagnostics,
    symbols.onDidChange(refresh),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('gradientLens')) refresh();
    }),
    vscode.languages.registerCodeLensProvider(languages, new ModelLens(models, changed.event)),
    vscode.languages.registerInlayHintsProvider(languages, new LayerHints(models, changed.event)),
    vscode.languages.registerCodeActionsProvider(languages, new ModelActions(models), ModelActions.metadata),
    vscode.commands.registerCommand(modelCommands.layers, (argument) => showLayers(models, argument)),
    vscode.commands.registerCommand(modelCommands.fillIn, (argument) => fillIn(models, symbols, argument)),
    vscode.commands.registerCommand(modelCommands.openCalculator, openCalculator),
    registerRulePages(),
  );
  return { documents: models, inView: () => modelsInView(models), dispose: () => subscriptions.dispose() };
}
