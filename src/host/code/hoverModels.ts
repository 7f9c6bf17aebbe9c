import type * as vscode from 'vscode';
import type { NotebookContext, ParsedDocument } from '../../code/document';
import type { ModelWithFlow } from '../../code/initializers/modelPlaces';
import { modelsOf } from '../../code/initializers/textModels';
import { modelCalculation } from '../../core/advice/modelCalculation';
import { modelExperiment } from '../../core/advice/modelExperiment';
import type { LayersInModel } from '../../core/explain/modelLayer';
import { commandUri, flowArgument } from '../../core/links/flowArgument';
import { modelOut } from '../../core/model/json/json';
import type { Model } from '../../core/model/model';
import { codeCommands, commands } from '../../protocol/commands';
import { readingOptions } from '../settings';
import { type ModelDocuments, type ModelsOfText, referenceTo } from './models/modelDocuments';

/** Characters of a link that opens a whole model. */
const LONGEST_LINK = 60_000;

/** The models that a hover looks a place up in. */
export interface HoverModels {
  readonly graphs: readonly Model[];
  /** Those whose flow is known already. */
  readonly known: readonly ModelWithFlow[];
  /** The number of a cell in the models' places, by its number among the cells of code. */
  readonly numberOfCell: (cell: number) => number;
  readonly text: ModelsOfText | undefined;
}

/** The text's models: those that lenses stand over, where lenses are there, with what was filled in; else read anew. */
export async function hoverModels(
  document: vscode.TextDocument,
  parsed: ParsedDocument,
  context: NotebookContext,
  models: ModelDocuments | undefined,
): Promise<HoverModels> {
  const text = await models?.read(document);
  if (text === undefined) {
    return {
      graphs: modelsOf(parsed, context, readingOptions()),
      known: [],
      numberOfCell: (cell) => cell,
      text: undefined,
    };
  }
  return {
    graphs: text.models.map(({ graph }) => graph),
    known: text.models,
    numberOfCell: (cell) => text.documents[cell]?.cell ?? cell,
    text,
  };
}

/** Links to a model's comparison and calculation: by its name where the commands for that are there, else with it whole. */
export function modelLinks(
  { graph, flow }: LayersInModel,
  { text }: HoverModels,
): { readonly compare: string | undefined; readonly calculator: string } | undefined {
  const open = text?.models.find((each) => each.graph === graph);
  if (text !== undefined && open !== undefined) {
    const reference = referenceTo(text, open);
    return {
      compare: commandUri(codeCommands.compareModel.id, reference),
      calculator: commandUri(codeCommands.openModelInCalculator.id, reference),
    };
  }
  const experiment = modelExperiment(graph, flow);
  const calculation = modelCalculation(graph, flow);
  const calculator = calculation
    ? commandUri(commands.openCalculator.id, flowArgument(calculation))
    : commandUri(commands.openModel.id, modelOut(graph));
  if (calculator.length > LONGEST_LINK) return undefined;
  return {
    compare: 'problem' in experiment ? undefined : commandUri(commands.compareWith.id, experiment),
    calculator,
  };
}
