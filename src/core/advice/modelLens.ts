import type { Model, ModelNode, SourceRange } from '../model/model';
import { type GraphFlow, hiddenLayers, isUnknownFlow, type KnownFlow, type LayerFlow } from '../theory/graph';
import { labelOf } from '../theory/graphForward';
import { modelVerdict } from '../verdicts/model';
import { flowVerdictWord } from '../verdicts/predicted';
import { shownRatio } from './remedies/rank';

/** What stands in the editor beside a model, in few words. */

/** Steps that somebody who looks for a model's layers expects in the list. */
const hasWeights = ({ operation }: ModelNode): boolean => 'kernel' in operation;

/** The step from which on nothing is known of a gradient; undefined where there is none. */
function unknownFrom(graph: Model, flow: GraphFlow): ModelNode | undefined {
  if (isUnknownFlow(flow)) return flow.from === undefined ? undefined : graph.nodes[flow.from];
  const first = flow.layers[0]?.node ?? 0;
  return graph.nodes.find(({ id, operation }) => id > first && operation.kind === 'opaque');
}

/** Whether a number stands over a model: its flow is predicted, and nothing on the way is a step that nobody knows. */
export const isNumbered = (graph: Model, flow: GraphFlow): flow is KnownFlow =>
  !isUnknownFlow(flow) && unknownFrom(graph, flow)?.operation.kind !== 'opaque';

/** "Gradient reaching the first layer: 2.0 × 10⁻⁶ (vanishing)", "… unknown from `CustomBlock` on" */
export function flowTitle(graph: Model, flow: GraphFlow): string {
  if (!graph.nodes.some(hasWeights)) return 'No layers with weights are known in this model';
  const open = unknownFrom(graph, flow);
  if (open !== undefined && open.operation.kind === 'opaque')
    return `Gradient reaching the first layer: unknown from ${labelOf(open)} on`;
  if (isUnknownFlow(flow)) {
    if (hiddenLayers(graph).length === 0) return 'One layer with weights: no gradient has to pass another';
    return `Gradient reaching the first layer: not predicted${open === undefined ? '' : ` from ${labelOf(open)} on`}`;
  }
  const about = flow.certain ? '' : 'about ';
  // A layer that is unrolled has steps of its own.
  const unrolled = flow.stack === undefined && flow.ratio !== 1;
  if (flow.layers.length === 1 && !unrolled && modelVerdict(flow) !== 'dead') {
    const slope = flow.stack ? flow.ratio : flow.layers[0]!.slope;
    return `One hidden layer, whose slopes leave ${about}${shownRatio(slope)} of a gradient`;
  }
  return `Gradient reaching the first layer: ${about}${shownRatio(flow.ratio)} (${flowVerdictWord(modelVerdict(flow))})`;
}

/** Layers that one piece of code makes: a call in a loop makes several. */
export interface LayersAtPlace {
  readonly source: SourceRange;
  readonly layers: readonly LayerFlow[];
}

/** The hidden layers of one or more models, place by place in the order of the text. */
export function layersByPlace(models: readonly { graph: Model; flow: KnownFlow }[]): LayersAtPlace[] {
  const places = new Map<string, { source: SourceRange; layers: LayerFlow[] }>();
  for (const { graph, flow } of models) {
    for (const layer of flow.layers) {
      const { source } = graph.nodes[layer.node]!;
      const key = `${source.cell} ${source.from} ${source.to}`;
      const place = places.get(key) ?? { source, layers: [] };
      places.set(key, place);
      place.layers.push(layer);
    }
  }
  return [...places.values()].sort((a, b) => a.source.cell - b.source.cell || a.source.from - b.source.from);
}

/** "×0.25", "×0.21 … ×0.25" for layers of one place. */
export const factorLabel = (layers: readonly LayerFlow[]): string =>
  rangeOf(
    layers.map(({ factor }) => factor),
    (factor) => `×${shownRatio(factor)}`,
  );

/** "0.21", "0.21 … 0.25" for values of several layers. */
export function rangeOf(values: readonly number[], shown: (x: number) => string = shownRatio): string {
  const [least, most] = [shown(Math.min(...values)), shown(Math.max(...values))];
  return least === most ? least : `${least} … ${most}`;
}

/** What a hint's number means, and what it comes from. Markdown. */
export function factorExplanation(layers: readonly LayerFlow[]): string {
  const range = (of: (layer: LayerFlow) => number): string => rangeOf(layers.map(of));
  const one = layers.length === 1;
  return [
    `On the way back through ${one ? 'this layer' : `these ${layers.length} layers`} a gradient is multiplied by **${range(({ factor }) => factor)}**${one ? '' : ' each'} at the start of a training: √χ = √(fan-out · Var(w) · E[φ′²]).`,
    `- pre-activation: mean ${range(({ mean }) => mean)}, standard deviation ${range(({ q }) => Math.sqrt(q))}`,
    `- slope of the activation, √E[φ′²]: ${range(({ slope }) => slope)}`,
    `- gradient here over that at the last hidden layer: ${range(({ delta }) => delta)}`,
  ].join('\n');
}
