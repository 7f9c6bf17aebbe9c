import type { ActivationName } from '../../activations/catalogue';
import { suitedInitializer } from '../../frameworks/functions';
import type { Initializer } from '../../initializers/initializer';
import { nodeOf, startingWith } from '../../model/build';
import { isKnown, type Model, type ModelNode, type Shape } from '../../model/model';
import { chainOf } from '../../theory/chainOf';
import type { FlowContext } from '../../theory/graphForward';
import { type ActiveLayer, type HiddenLayer, initializerAt, type Subject } from './subject';

/** A change at one layer of a model. */
export interface GraphEdit {
  /** The step with the kernel. */
  readonly node: number;
  /** The step that applies its activation, where `activation` is given. */
  readonly activationNode?: number;
  readonly activation?: ActivationName;
  readonly kernel?: Initializer;
  /** Between the layer and its activation. */
  readonly normalisation?: 'batch' | 'layer';
  /** The step that normalises already and is to do it so; undefined where one is put in. */
  readonly normalisationNode?: number;
  /** The step to whose output what the layer receives is added. */
  readonly residual?: number;
  /** The layer's steps, all of them left out: what follows receives what the layer did. */
  readonly removed?: readonly number[];
}

/** Whether edits change what steps do and no step comes or goes. */
export const keepsSteps = (edits: readonly GraphEdit[]): boolean =>
  edits.every(
    ({ normalisation, residual, removed }) =>
      normalisation === undefined && residual === undefined && removed === undefined,
  );

/** The model with edits made; where steps come or go, they are numbered anew. */
export function withEdits(graph: Model, edits: readonly GraphEdit[]): Model {
  const at = new Map<number, GraphEdit[]>();
  for (const edit of edits) {
    const { node, activationNode = node, normalisationNode = node } = edit;
    for (const id of new Set([node, activationNode, normalisationNode])) at.set(id, [...(at.get(id) ?? []), edit]);
  }
  const nodes = graph.nodes.map((node) =>
    (at.get(node.id) ?? []).reduce((each, edit) => edited(each, edit, graph), node),
  );
  return keepsSteps(edits) ? { ...graph, nodes } : renumbered(graph, nodes, edits);
}

function edited(node: ModelNode, edit: GraphEdit, { framework }: Model): ModelNode {
  const { operation } = node;
  if (node.id === edit.activationNode && edit.activation !== undefined && operation.kind === 'activation') {
    const use = { name: edit.activation, framework, spelled: edit.activation, source: operation.activation.source };
    return { ...node, operation: { kind: 'activation', activation: use } };
  }
  if (node.id === edit.normalisationNode && edit.normalisation !== undefined) {
    return { ...node, operation: { kind: 'normalisation', over: edit.normalisation } };
  }
  if (node.id === edit.node && edit.kernel !== undefined && 'kernel' in operation) {
    return { ...node, operation: { ...operation, kernel: startingWith(edit.kernel, node.source) } };
  }
  return node;
}

const normalisationType = { batch: 'batch normalisation', layer: 'layer normalisation' } as const;

/** The steps with those that edits put in, and without those that they leave out. */
function renumbered(graph: Model, nodes: readonly ModelNode[], edits: readonly GraphEdit[]): Model {
  const normalised = new Map(
    edits
      .filter(({ normalisationNode }) => normalisationNode === undefined)
      .flatMap(({ node, normalisation }) => (normalisation ? [[node, normalisation] as const] : [])),
  );
  const added = new Map(
    edits.flatMap(({ node, residual }) => (residual === undefined ? [] : [[residual, nodes[node]!] as const])),
  );
  const removed = new Set(edits.flatMap((edit) => edit.removed ?? []));
  /** Of each step, the number of what stands for its output. */
  const numbers: number[] = [];
  const of = (ids: readonly number[]): number[] => ids.map((id) => numbers[id]!);
  const result: ModelNode[] = [];
  for (const node of nodes) {
    if (removed.has(node.id)) {
      numbers[node.id] = numbers[node.inputs[0]!]!;
      continue;
    }
    const { source, shape, certain } = node;
    const put = (operation: ModelNode['operation'], inputs: readonly number[], type: string): number =>
      result.push(nodeOf(result.length, operation, inputs, { type, source, shape, certain })) - 1;
    let id = result.push({ ...node, id: result.length, inputs: of(node.inputs) }) - 1;
    const over = normalised.get(node.id);
    if (over !== undefined) id = put({ kind: 'normalisation', over }, [id], normalisationType[over]);
    const around = added.get(node.id);
    if (around !== undefined) id = put({ kind: 'add' }, [numbers[around.inputs[0]!]!, id], 'residual addition');
    numbers[node.id] = id;
  }
  return { ...graph, nodes: result, inputs: of(graph.inputs), outputs: of(graph.outputs) };
}

export const activationEdits = ({ layers }: Subject, activation: ActivationName): GraphEdit[] =>
  layers.map(({ layer, activation: at }) => ({ node: layer.id, activationNode: at.id, activation }));

export const kernelEdits = ({ layers }: Subject, initializers: readonly Initializer[]): GraphEdit[] =>
  layers.map(({ layer }, l) => ({ node: layer.id, kernel: initializerAt(initializers, l) }));

/** Kernels of layers with an activation, as it suits each. */
export const suitedKernels = (graph: Model, layers: readonly HiddenLayer[]): GraphEdit[] =>
  layers.flatMap(({ layer, phi }) =>
    phi ? [{ node: layer.id, kernel: suitedInitializer(phi, graph.framework) }] : [],
  );

/** Where nothing normalises a layer, or where it is normalised over the other of the two. */
export const normalisationEdits = (
  { model: { nodes }, context: { consumers }, layers }: Subject,
  normalisation: 'batch' | 'layer',
): GraphEdit[] =>
  layers.flatMap(({ layer }) => {
    const after = consumers[layer.id]!.find((id) => nodes[id]!.operation.kind === 'normalisation');
    if (after === undefined) return [{ node: layer.id, normalisation }];
    const { operation } = nodes[after]!;
    const other = normalisation === 'batch' ? 'layer' : 'batch';
    const differs = operation.kind === 'normalisation' && operation.over === other;
    return differs ? [{ node: layer.id, normalisation, normalisationNode: after }] : [];
  });

/** Around each layer whose activation gives as much as the layer receives, and that nothing leads around yet. */
export const residualEdits = ({ context, layers }: Subject): GraphEdit[] =>
  layers.flatMap((each) => {
    const end = endOf(context, each);
    const from = each.layer.inputs[0];
    if (end === undefined || from === undefined || context.consumers[from]!.length > 1) return [];
    const { shapes } = context;
    return isSameShape(shapes[from], shapes[end]) ? [{ node: each.layer.id, residual: end }] : [];
  });

/** The last step of a layer: its activation, or the dropout after it. Undefined where the way there forks or is added to. */
function endOf({ graph: { nodes, outputs }, consumers }: FlowContext, { layer, activation }: ActiveLayer) {
  let at = layer.id;
  let found: number | undefined;
  for (;;) {
    if (outputs.includes(at)) return undefined;
    const [next, ...more] = consumers[at]!;
    if (next === undefined || more.length > 0) return found;
    const { kind } = nodes[next]!.operation;
    if (kind === 'add') return undefined;
    if (found === undefined) {
      if (next === activation.id) found = next;
      else if (kind !== 'normalisation' && kind !== 'rearrange') return undefined;
    } else if (kind !== 'dropout') return found;
    else found = next;
    at = next;
  }
}

const isSameShape = (a: Shape | undefined, b: Shape | undefined): boolean =>
  a !== undefined && a.length === b?.length && a.every((size, axis) => isKnown(size) && size === b[axis]);

/** Of a chain, without the hidden layers behind the first ones. */
export function shorterEdits({ model: { nodes }, context }: Subject, layers: number): GraphEdit[] | undefined {
  const chain = chainOf(context)?.nodes;
  if (chain === undefined) return undefined;
  const output = nodes.find(({ id, operation }) => operation.kind === 'dense' && id > chain.at(-1)!);
  const ends = [...chain.slice(1), output?.id ?? nodes.length];
  return chain.slice(layers).map((node, i) => {
    const end = ends[layers + i]!;
    return { node, removed: nodes.filter(({ id }) => id >= node && id < end).map(({ id }) => id) };
  });
}
