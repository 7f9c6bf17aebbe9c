import * as vscode from 'vscode';
import { modelCalculation } from '../../../core/advice/modelCalculation';
import { flowTitle } from '../../../core/advice/modelLens';
import { modelSentence } from '../../../core/advice/modelSentence';
import { flowArgument } from '../../../core/links/flowArgument';
import { isUnknownFlow } from '../../../core/theory/graph';
import { modelSettings } from '../../settings';
import { modelCommands } from './commandNames';
import { type ModelDocuments, type ModelsOfText, type OpenModel, placeOf, referenceTo } from './modelDocuments';

/** What is predicted for each model, over it, with what can be done about it. */
export class ModelLens implements vscode.CodeLensProvider {
  constructor(
    private readonly models: ModelDocuments,
    readonly onDidChangeCodeLenses: vscode.Event<void>,
  ) {}

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[] | undefined> {
    if (!modelSettings(document).codeLens) return undefined;
    const text = await this.models.read(document);
    if (text === undefined || token.isCancellationRequested) return undefined;
    return text.models.flatMap((model) => {
      const place = placeOf(text, model.graph.source);
      if (place?.document !== document) return [];
      return commandsOf(text, model).map((command) => new vscode.CodeLens(place.range, command));
    });
  }
}

function commandsOf(text: ModelsOfText, model: OpenModel): vscode.Command[] {
  const { graph, flow } = model;
  const reference = referenceTo(text, model);
  const command = (title: string, name: string, tooltip: string, argument: unknown = reference): vscode.Command => ({
    title,
    command: name,
    tooltip,
    arguments: [argument],
  });
  const about = isUnknownFlow(flow) ? [] : flow.assumptions;
  const tooltip = [`${modelSentence(graph, flow)}.`, ...about, 'Click for the layers.'].join('\n');
  const calculation = modelCalculation(graph, flow);
  const missing = isUnknownFlow(flow) && flow.symbols.length > 0 ? flow.symbols : graph.symbols.map(({ name }) => name);
  return [
    command(flowTitle(graph, flow), modelCommands.layers, tooltip),
    ...(missing.length > 0
      ? [
          command(
            `Fill in ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}`,
            modelCommands.fillIn,
            'The code does not say it; what is filled in is kept with the workspace.',
          ),
        ]
      : []),
    command(
      'Compare activations',
      modelCommands.compare,
      'Rebuild this model and train it once with each activation, side by side.',
    ),
    ...(calculation
      ? [
          command(
            'Open in calculator',
            'gradientLens.openCalculator',
            'Its hidden layers in the gradient-flow calculator.',
            flowArgument(calculation),
          ),
        ]
      : []),
    command('Probe', modelCommands.probe, 'Measure its gradient at the start of a training, without training it.'),
  ];
}
