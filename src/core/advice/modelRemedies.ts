import { type ActivationName, activation } from '../activations/catalogue';
import { formatTable } from '../format/numbers';
import { frameworkActivation, suitedInitializer } from '../frameworks/functions';
import { formatInitializer, type Initializer } from '../initializers/initializer';
import { startingWith } from '../model/build';
import type { Model, ModelNode } from '../model/model';
import { activationAfter, type GraphFlow, graphFlow, hiddenLayers, isUnknownFlow } from '../theory/graph';
import { type FlowInput, flowContext, functionOf } from '../theory/graphForward';
import type { Band } from '../theory/meanField';
import { modelVerdict } from '../verdicts/model';

/** A change at one layer. */
export interface GraphEdit {
  /** The step with the kernel. */
  readonly node: number;
  /** The step that applies its activation, where `activation` is given. */
  readonly activationNode?: number;
  readonly activation?: ActivationName;
  readonly kernel?: Initializer;
  /** Batch normalisation between the layer and its activation. */
  readonly batchNorm?: true;
}

/** A change of the model that is predicted to bring the ratio nearer to 1. */
export interface GraphRemedy {
  /** "Use relu with he_normal: 2.0e-6 → 1.0" */
  readonly title: string;
  readonly edits: readonly GraphEdit[];
  readonly before: number;
  readonly after: number;
  readonly band: Band;
}

/** Offered instead of another activation, each with the initialiser that suits it. */
const alternatives: readonly ActivationName[] = ['relu', 'tanh', 'elu', 'selu', 'gelu', 'silu'];

/** A change must take a tenth off the distance from 1, in ln, and no less than a factor of 1.1. */
const GAIN = 0.9;
const LEAST = Math.log(1.1);

const distance = (ratio: number): number => Math.abs(Math.log(ratio));

/** Rounding is no news: 0.9999999 is 1.0. */
export const shownRatio = (ratio: number): string => formatTable(Number(ratio.toPrecision(10)), 2);

/** The graph with edits made; with batch normalisation, steps are numbered anew. */
export function withEdits(graph: Model, edits: readonly GraphEdit[]): Model {
  const at = new Map<number, GraphEdit[]>();
  for (const edit of edits) {
    for (const id of new Set([edit.node, edit.activationNode ?? edit.node])) at.set(id, [...(at.get(id) ?? []), edit]);
  }
  const nodes = graph.nodes.map((node) =>
    (at.get(node.id) ?? []).reduce((each, edit) => edited(each, edit, graph), node),
  );
  const normalised = new Set(edits.filter(({ batchNorm }) => batchNorm).map(({ node }) => node));
  if (normalised.size === 0) return { ...graph, nodes };
  /** Of each step, the number of what stands for its output. */
  const renumbered: number[] = [];
  const result: ModelNode[] = [];
  for (const node of nodes) {
    const { name: _, weights: __, applied: ___, ...rest } = node;
    const id = result.length;
    result.push({ ...node, id, inputs: node.inputs.map((from) => renumbered[from]!) });
    if (normalised.has(node.id)) {
      const operation = { kind: 'normalisation', over: 'batch' } as const;
      result.push({ ...rest, id: id + 1, operation, inputs: [id], type: 'batch normalisation' });
    }
    renumbered[node.id] = result.length - 1;
  }
  const of = (ids: readonly number[]): number[] => ids.map((id) => renumbered[id]!);
  return { ...graph, nodes: result, inputs: of(graph.inputs), outputs: of(graph.outputs) };
}

function edited(node: ModelNode, edit: GraphEdit, { framework }: Model): ModelNode {
  const { operation } = node;
  if (node.id === edit.activationNode && edit.activation !== undefined && operation.kind === 'activation') {
    const use = { name: edit.activation, framework, spelled: edit.activation, source: operation.activation.source };
    return { ...node, operation: { kind: 'activation', activation: use } };
  }
  if (node.id === edit.node && edit.kernel !== undefined && 'kernel' in operation) {
    return { ...node, operation: { ...operation, kernel: startingWith(edit.kernel, node.source) } };
  }
  return node;
}

/** A hidden dense or convolutional layer with the activation that follows it. */
export interface HiddenLayer {
  readonly layer: ModelNode;
  readonly activation: ModelNode | undefined;
  /** The function; undefined for none, and for what is not known. */
  readonly phi: ReturnType<typeof functionOf>;
}

/** The hidden layers that edits apply to. */
export function editableLayers(graph: Model): HiddenLayer[] {
  const context = flowContext(graph);
  return hiddenLayers(graph)
    .map((id) => graph.nodes[id]!)
    .filter(({ operation }) => operation.kind === 'dense' || operation.kind === 'convolution')
    .map((layer) => {
      const after = activationAfter(context, layer.id);
      const phi = after?.operation.kind === 'activation' ? functionOf(after.operation.activation) : undefined;
      return { layer, activation: after, phi };
    });
}

/** Kernels of layers with an activation, as it suits each. */
export const suitedKernels = (graph: Model, layers: readonly HiddenLayer[]): GraphEdit[] =>
  layers.flatMap(({ layer, phi }) =>
    phi ? [{ node: layer.id, kernel: suitedInitializer(phi, graph.framework) }] : [],
  );

/**
 * What would bring more of the gradient to the first layer, or less where it explodes: the best first. Changes that do
 * not help are left out, and so are those after which a layer is flat. Empty where the flow is unknown or uncertain.
 */
export function graphRemedies(graph: Model, flow: GraphFlow = graphFlow(graph), input: FlowInput = {}): GraphRemedy[] {
  if (isUnknownFlow(flow) || !flow.certain) return [];
  // Where the gradient takes no step, what the slopes of one layer leave is no ill.
  if (flow.layers.length === 1 && modelVerdict(flow) === 'healthy') return [];
  const layers = editableLayers(graph);
  const active = layers.filter(({ phi, activation: at }) => phi !== undefined && at !== undefined);
  if (active.length === 0) return [];
  const from = modelVerdict(flow) === 'dead' ? Number.POSITIVE_INFINITY : distance(flow.ratio);
  return changes(graph, active)
    .flatMap(({ title, edits }): GraphRemedy[] => {
      const changed = graphFlow(withEdits(graph, edits), input);
      if (isUnknownFlow(changed) || modelVerdict(changed) === 'dead') return [];
      const { ratio: after, band } = changed;
      if (!(distance(after) <= GAIN * from && distance(after) <= from - LEAST)) return [];
      const numbers = `${shownRatio(flow.ratio)} → ${shownRatio(after)}`;
      return [{ title: `${title}: ${numbers}`, edits, before: flow.ratio, after, band }];
    })
    .sort((a, b) => distance(a.after) - distance(b.after));
}

function changes(graph: Model, active: readonly HiddenLayer[]): { title: string; edits: readonly GraphEdit[] }[] {
  const { framework } = graph;
  const names = new Set(active.map(({ phi }) => phi!.name));
  const swaps = alternatives
    .filter((name) => names.size > 1 || !names.has(name))
    .map((name) => {
      const kernel = suitedInitializer(frameworkActivation(activation(name).name, framework), framework);
      const edits = active.map(({ layer, activation: at }) => ({
        node: layer.id,
        activationNode: at!.id,
        activation: name,
        kernel,
      }));
      return { title: `Use ${name} with ${formatInitializer(kernel)}`, edits };
    });
  const kernels = suitedKernels(graph, active);
  const kinds = [...new Set(kernels.map(({ kernel }) => formatInitializer(kernel!)))];
  const context = flowContext(graph);
  const bare = active.filter(({ layer }) =>
    context.consumers[layer.id]!.every((id) => graph.nodes[id]!.operation.kind !== 'normalisation'),
  );
  return [
    ...swaps,
    { title: `Use ${kinds.join(' and ')}`, edits: kernels },
    ...(bare.length > 0
      ? [
          {
            title: 'Add batch normalisation',
            edits: bare.map(({ layer }) => ({ node: layer.id, batchNorm: true as const })),
          },
        ]
      : []),
  ];
}
