import { timesOrOf } from '../advice/amounts';
import { flowTitle, isNumbered, rangeOf } from '../advice/modelLens';
import { fixOf, graphRemedies } from '../advice/modelRemedies';
import { shownRatio } from '../advice/remedies/rank';
import { framework } from '../frameworks/all';
import { writtenInitializer } from '../frameworks/initializerNames';
import { initializerInWords } from '../initializers/initializer';
import { isWeighted } from '../model/fans';
import type { Model, ModelNode } from '../model/model';
import { activationAfter, type GraphFlow, type KnownFlow, type LayerFlow, outputLayers } from '../theory/graph';
import { type FlowContext, flowContext } from '../theory/graphForward';
import { modelVerdict } from '../verdicts/model';
import { flowVerdictWord } from '../verdicts/predicted';
import { formatNumber, type NumberFormat } from './sentences';

/** Layers of a model that was read, which one place of its code makes: a call in a loop makes several. */
export interface LayersInModel {
  readonly graph: Model;
  readonly flow: GraphFlow;
  /** Steps with a kernel, in the model's order; none for an activation that follows no layer. */
  readonly layers: readonly number[];
}

/** The layers whose pre-activations an activation's step takes */
export function layersBefore(graph: Model, activation: number): readonly number[] {
  const context = flowContext(graph);
  return graph.nodes
    .filter((node) => isWeighted(node) && activationAfter(context, node.id)?.id === activation)
    .map(({ id }) => id);
}

const normalised = { batch: 'batch', layer: 'layer', group: 'group', instance: 'instance', rms: 'RMS' } as const;

/** What follows a layer as far as its own activation and one addition: "batch normalisation", "residual". */
function around({ graph, consumers }: FlowContext, layer: number): string[] {
  const found: string[] = [];
  let at = layer;
  for (let step = 0; step < 8; step++) {
    const next = consumers[at]!;
    const [only] = next;
    if (only === undefined || next.length > 1) break;
    const { operation } = graph.nodes[only]!;
    if (operation.kind === 'normalisation') found.push(`${normalised[operation.over]} normalisation`);
    else if (operation.kind === 'add') return [...found, 'residual'];
    else if (!['activation', 'dropout', 'rearrange'].includes(operation.kind)) break;
    at = only;
  }
  return found;
}

/** "he_normal"; "kaiming_uniform_(a=√5) by default". */
export function startOf({ operation }: ModelNode, { framework: id }: Model): string | undefined {
  if (!('kernel' in operation)) return undefined;
  const { kernel } = operation;
  if (kernel.kind === 'unknown') return undefined;
  if (kernel.kind === 'known')
    return writtenInitializer(kernel.initializer, id) ?? initializerInWords(kernel.initializer);
  if (operation.kind === 'dense' || operation.kind === 'convolution')
    return `${framework(id).defaults.kernel.name} by default`;
  return undefined;
}

const numberOf =
  (format: NumberFormat) =>
  (x: number): string =>
    format === 'words' ? shownRatio(x) : formatNumber(x, format);

/** "2 of 10, he_normal, batch normalisation" */
function about(graph: Model, flow: KnownFlow, own: readonly LayerFlow[], withStart: boolean): string {
  const context = flowContext(graph);
  const places = own.map((layer) => flow.layers.indexOf(layer) + 1);
  const where = places.length === 1 ? `${places[0]}` : `${places[0]} … ${places.at(-1)}`;
  const told = own.map(({ node }) =>
    [withStart ? startOf(graph.nodes[node]!, graph) : undefined, ...around(context, node)]
      .filter((word) => word !== undefined)
      .join(', '),
  );
  const same = told.every((each) => each === told[0]) && told[0] !== '';
  return `${where} of ${flow.layers.length}${same ? `, ${told[0]}` : ''}`;
}

/** The layers of a place as the flow has them; undefined where no number stands over the model. */
function numbered({ graph, flow, layers }: LayersInModel): { flow: KnownFlow; own: readonly LayerFlow[] } | undefined {
  if (!isNumbered(graph, flow)) return undefined;
  return { flow, own: flow.layers.filter(({ node }) => layers.includes(node)) };
}

/** Whether the flow of the model is predicted, so that no example has to stand for it. */
export const isPredicted = ({ graph, flow }: LayersInModel): boolean => isNumbered(graph, flow);

/**
 * What a place's layers do to a gradient in their model, with the number that stands over the model; where that is not
 * predicted, what stands there. A sentence or two.
 *
 * @param withStart whether it names the layers' initialiser
 */
export function inModelSentence(place: LayersInModel, format: NumberFormat = 'words', withStart = true): string {
  const { graph } = place;
  const name = `\`${graph.name}\``;
  const known = numbered(place);
  const title = `${name}: ${flowTitle(graph, place.flow)}.`;
  if (known === undefined || known.flow.layers.length === 1) return title;
  const { flow, own } = known;
  const number = numberOf(format);
  const verdict = flowVerdictWord(modelVerdict(flow));
  const roughly = flow.certain ? '' : 'about ';
  const arrives = (of: string) =>
    `${roughly}${number(flow.ratio)} ${timesOrOf(flow.ratio)} ${of} reaches the first layer (${verdict})`;
  if (own.length === 0) {
    const isOutput = place.layers.some((id) => outputLayers(graph).has(id));
    return isOutput ? `In ${name} this is the output layer; ${arrives('the gradient')}.` : title;
  }
  const factor = rangeOf(
    own.map((layer) => layer.factor),
    number,
  );
  const isLast = own.length === 1 && own[0] === flow.layers.at(-1);
  const [only, told] = [own.length === 1, about(graph, flow, own, withStart)];
  if (isLast) {
    return `In ${name} this is the last hidden layer (${told}), and another like it would multiply a gradient by ${factor} on its way back; ${arrives('it')}.`;
  }
  return `In ${name} ${only ? 'this layer' : 'these layers'} (${told}) ${only ? 'multiplies' : 'multiply'} a gradient by ${factor}${only ? '' : ' each'} on its way back; ${arrives('it')}.`;
}

/** What the number comes from at this layer: its slopes, and where its pre-activations lie. */
export function whySentence(place: LayersInModel, format: NumberFormat = 'words'): string | undefined {
  const known = numbered(place);
  if (known === undefined || known.own.length === 0) return undefined;
  const number = numberOf(format);
  const range = (of: (layer: LayerFlow) => number): string => rangeOf(known.own.map(of), number);
  return `Here √E[φ′²] = ${range(({ slope }) => slope)}, pre-activations ${range(({ mean }) => mean)} ± ${range(({ q }) => Math.sqrt(q))}.`;
}

/** What would help a model most that needs it; of chains alone, whose changes are predicted at once. */
export function remedyOf({ graph, flow }: LayersInModel): string[] {
  if (!isNumbered(graph, flow) || flow.stack === undefined || modelVerdict(flow) === 'healthy') return [];
  const [first] = graphRemedies(graph, flow);
  return first === undefined ? [] : [`${fixOf(first).title}.`];
}
