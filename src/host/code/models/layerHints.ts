import * as vscode from 'vscode';
import { factorExplanation, factorLabel, layersByPlace } from '../../../core/advice/modelLens';
import { isUnknownFlow } from '../../../core/theory/graph';
import { modelSettings } from '../../settings';
import { type ModelDocuments, placeOf } from './modelDocuments';

/** Behind each layer, the factor on a gradient that passes it; off unless the setting says otherwise. */
export class LayerHints {
  constructor(private readonly models: ModelDocuments) {}

  async provideInlayHints(
    document: vscode.TextDocument,
    shown: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlayHint[] | undefined> {
    if (!modelSettings(document).inlayHints) return undefined;
    const text = await this.models.read(document);
    if (text === undefined || token.isCancellationRequested) return undefined;
    const known = text.models.flatMap(({ graph, flow }) =>
      isUnknownFlow(flow) || !flow.certain ? [] : [{ graph, flow }],
    );
    return layersByPlace(known).flatMap(({ source, layers }) => {
      const place = placeOf(text, source);
      if (place?.document !== document || !shown.contains(place.range.end)) return [];
      const hint = new vscode.InlayHint(place.range.end, `∇ ${factorLabel(layers)}`);
      hint.paddingLeft = true;
      hint.tooltip = new vscode.MarkdownString(factorExplanation(layers));
      return [hint];
    });
  }
}
