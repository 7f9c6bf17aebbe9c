import * as vscode from 'vscode';
import { languageIds } from '../../../code/language';
import { modelCalculation } from '../../../core/advice/modelCalculation';
import { modelExperiment } from '../../../core/advice/modelExperiment';
import { flowArgument } from '../../../core/links/flowArgument';
import { modelOut } from '../../../core/model/json/json';
import { codeCommands, commands } from '../../../protocol/commands';
import type { ModelReference } from '../../../protocol/schemas';
import { registerCommand, runCommand } from '../../commands';
import type { CodeDocuments } from '../codeDocuments';
import { chooseModel } from './chooseModel';
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

/** Lens, hints, diagnostics, quick fixes and commands for models in code. */
export function registerModels({ workspaceState, documents, log }: ModelServices): vscode.Disposable {
  const symbols = new FilledSymbols(workspaceState);
  const models = new ModelDocuments(documents, symbols);
  const changed = new vscode.EventEmitter<void>();
  const diagnostics = new ModelDiagnostics(models, log);
  const lens = new ModelLens(models, changed.event);
  const languages = languageIds.map((language) => ({ language }));
  const refresh = () => {
    changed.fire();
    diagnostics.refresh();
  };
  return vscode.Disposable.from(
    symbols,
    changed,
    diagnostics,
    lens,
    symbols.onDidChange(refresh),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('gradientLens')) refresh();
    }),
    vscode.languages.registerCodeLensProvider(languages, lens),
    vscode.languages.registerInlayHintsProvider(languages, new LayerHints(models, changed.event)),
    vscode.languages.registerCodeActionsProvider(languages, new ModelActions(models), ModelActions.metadata),
    registerCommand(codeCommands.showLayers, (given) => showLayers(models, given)),
    registerCommand(codeCommands.fillIn, (given) => fillIn(models, symbols, given)),
    registerCommand(codeCommands.compareModel, (given) => compareModel(models, given)),
    registerCommand(codeCommands.openModelInCalculator, (given) => openModelInCalculator(models, given)),
    registerRulePages(),
  );
}

/** Trains a model's hidden layers with its own activation beside others; what a comparison cannot train is told. */
async function compareModel(models: ModelDocuments, given: ModelReference | undefined): Promise<void> {
  const chosen = await chooseModel(models, given);
  if (!chosen) return;
  const { graph, flow } = chosen.model;
  const experiment = modelExperiment(graph, flow);
  if ('problem' in experiment) {
    const open = 'Open its gradient flow';
    const answer = await vscode.window.showInformationMessage(`Gradient Lens: ${experiment.problem}`, open);
    if (answer === open) await runCommand(commands.openModel, modelOut(graph));
    return;
  }
  await runCommand(commands.compareWith, experiment);
}

/** A chain of dense layers that start alike is the calculator's; any other model has a page of its own. */
async function openModelInCalculator(models: ModelDocuments, given: ModelReference | undefined): Promise<void> {
  const chosen = await chooseModel(models, given);
  if (!chosen) return;
  const { graph, flow } = chosen.model;
  const calculation = modelCalculation(graph, flow);
  if (calculation) await runCommand(commands.openCalculator, flowArgument(calculation));
  else await runCommand(commands.openModel, modelOut(graph));
}
