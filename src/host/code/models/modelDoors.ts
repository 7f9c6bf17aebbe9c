import * as vscode from 'vscode';
import { modelCalculation } from '../../../core/advice/modelCalculation';
import { modelExperiment } from '../../../core/advice/modelExperiment';
import { flowArgument } from '../../../core/links/flowArgument';
import { modelOut } from '../../../core/model/json/json';
import { hiddenLayers } from '../../../core/theory/graph';
import { commands } from '../../../protocol/commands';
import type { CodeLayer, ModelReference } from '../../../protocol/schemas';
import { runCommand } from '../../commands';
import { type ChosenModel, chooseModel } from './chooseModel';
import { type ModelDocuments, placeOf, referenceTo } from './modelDocuments';
import { reveal } from './modelLayers';

/** Trains a model's hidden layers with its own activation beside others; what a comparison cannot train is told. */
export async function compareModel(models: ModelDocuments, given: ModelReference | undefined): Promise<void> {
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
export async function openModelInCalculator(models: ModelDocuments, given: ModelReference | undefined): Promise<void> {
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
export async function revealLayer(models: ModelDocuments, { model, layer }: CodeLayer): Promise<void> {
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
