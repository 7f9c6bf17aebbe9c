import * as vscode from 'vscode';
import { languageIds } from '../../../code/language';
import { modelCalculation } from '../../../core/advice/modelCalculation';
import { modelExperiment } from '../../../core/advice/modelExperiment';
import { flowArgument } from '../../../core/links/flowArgument';
import { modelOut } from '../../../core/model/json/json';
import { hiddenLayers } from '../../../core/theory/graph';
import { codeCommands, commands } from '../../../protocol/commands';
import type { CodeLayer, ModelReference } from '../../../protocol/schemas';
import { registerCommand, runCommand } from '../../commands';
import { type ChosenModel, chooseModel } from './chooseModel';
import type { FilledSymbols } from './filledSymbols';
import { fillIn } from './fillIn';
import { LayerHints } from './layerHints';
import { ModelActions } from './modelActions';
import { ModelDiagnostics } from './modelDiagnostics';
import { type ModelDocuments, placeOf, referenceTo } from './modelDocuments';
import { reveal, showLayers } from './modelLayers';
import { ModelLens } from './modelLens';
import { registerRulePages } from './rulePages';

export interface ModelServices {
  readonly symbols: FilledSymbols;
  readonly models: ModelDocuments;
  readonly log: vscode.LogOutputChannel;
}

/** Lens, hints, diagnostics, quick fixes and commands for models in code. */
export function registerModels({ symbols, models, log }: ModelServices): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const diagnostics = new ModelDiagnostics(models, log);
  const lens = new ModelLens(models, changed.event);
  const languages = languageIds.map((language) => ({ language }));
  const refresh = () => {
    changed.fire();
    diagnostics.refresh();
  };
  return vscode.Disposable.from(
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
    registerCommand(codeCommands.revealLayer, (place) => revealLayer(models, place)),
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
    if (answer === open) await openModelInCalculator(models, referenceTo(chosen.text, chosen.model));
    return;
  }
  const { settings, network, origin } = experiment;
  const code = referenceTo(chosen.text, chosen.model);
  await runCommand(commands.compareWith, { settings, network, origin: { text: origin, code } });
}

/**
 * A chain of dense layers that start alike is the calculator's; any other model has a page of its own. Where the cursor is
 * on a hidden layer, that one is shown first.
 */
async function openModelInCalculator(models: ModelDocuments, given: ModelReference | undefined): Promise<void> {
  const chosen = await chooseModel(models, given);
  if (!chosen) return;
  const { graph, flow } = chosen.model;
  const layer = layerAtCursor(chosen);
  const code = { model: referenceTo(chosen.text, chosen.model), layers: hiddenLayers(graph).length };
  const place = { code, ...(layer === undefined ? {} : { layer }) };
  const calculation = modelCalculation(graph, flow);
  if (calculation) await runCommand(commands.openCalculator, { ...flowArgument(calculation), ...place });
  else await runCommand(commands.openModel, { model: modelOut(graph), ...place });
}

/** The number, from 1, of the hidden layer whose code the cursor is on; undefined where it is elsewhere. */
function layerAtCursor({ text, model: { graph } }: ChosenModel): number | undefined {
  const editor = vscode.window.activeTextEditor;
  const found = hiddenLayers(graph).findIndex((id) => {
    const place = placeOf(text, graph.nodes[id]!.source);
    return place?.document === editor?.document && place?.range.contains(editor!.selection.active);
  });
  return found < 0 ? undefined : found + 1;
}

/** Shows the line of a hidden layer. */
async function revealLayer(models: ModelDocuments, { model, layer }: CodeLayer): Promise<void> {
  const chosen = await chooseModel(models, model);
  if (!chosen) return;
  const { graph } = chosen.model;
  const id = hiddenLayers(graph)[layer - 1];
  if (id === undefined) {
    throw new Error(
      `${graph.name} has ${hiddenLayers(graph).length} hidden layers now; number ${layer} was asked for.`,
    );
  }
  await reveal(chosen, graph.nodes[id]!, false);
}
