import type * as vscode from 'vscode';
import type { LayersInModel } from '../../core/explain/modelLayer';
import { commandUri } from '../../core/links/flowArgument';
import type { Model } from '../../core/model/model';
import { codeCommands } from '../../protocol/commands';
import { type ModelDocuments, type ModelsOfText, referenceTo } from './models/modelDocuments';

/** The models that a hover looks a place up in: those that lenses stand over, with what was filled in. */
export interface HoverModels {
  readonly graphs: readonly Model[];
  /** The number of a cell in the models' places, by its number among the cells of code. */
  readonly numberOfCell: (cell: number) => number;
  /** Undefined where there is no text to read any more. */
  readonly text: ModelsOfText | undefined;
}

export async function hoverModels(document: vscode.TextDocument, models: ModelDocuments): Promise<HoverModels> {
  const text = await models.read(document);
  return {
    graphs: text?.models.map(({ graph }) => graph) ?? [],
    numberOfCell: (cell) => text?.documents[cell]?.cell ?? cell,
    text,
  };
}

/** Links to a model's comparison and calculation, by its name. */
export function modelLinks(
  { graph }: LayersInModel,
  { text }: HoverModels,
): { readonly compare: string; readonly calculator: string } | undefined {
  const open = text?.models.find((each) => each.graph === graph);
  if (text === undefined || open === undefined) return undefined;
  const reference = referenceTo(text, open);
  return {
    compare: commandUri(codeCommands.compareModel.id, reference),
    calculator: commandUri(codeCommands.openModelInCalculator.id, reference),
  };
}
