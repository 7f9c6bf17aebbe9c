import { findActivation } from '../activations/catalogue';
import type { Parameters } from '../activations/function';
import type { FrameworkId } from '../frameworks/framework';
import { type DefaultedKind, defaultBias, defaultKernel } from '../frameworks/layerDefaults';
import { formatInitializer, type Initializer } from '../initializers/initializer';
import { channelsOf, numberOf } from '../model/fans';
import {
  type ActivationUse,
  type Initialization,
  isKnown,
  type LossUse,
  type Model,
  type ModelLibrary,
  type ModelNode,
  type Operation,
  type Size,
  type SourceRange,
} from '../model/model';
import { type GraphFlow, isUnknownFlow } from '../theory/graph';
import { modelVerdict } from '../verdicts/model';
import type { FlowVerdictKind } from '../verdicts/predicted';

/** A model that was read from code, as `read --json` prints it. */

/** What a layer is, whatever its framework calls it. */
export type LayerType =
  | 'dense'
  | `conv${1 | 2 | 3}d`
  | `conv${1 | 2 | 3}d_transpose`
  | 'depthwise_conv'
  | 'maxpool'
  | 'avgpool'
  | 'globalpool'
  | 'flatten'
  | 'embedding'
  | 'batchnorm'
  | 'layernorm'
  | 'groupnorm'
  | 'dropout'
  | 'simple_rnn'
  | 'lstm'
  | 'gru'
  | 'attention'
  | 'transformer_encoder'
  | 'activation'
  | 'add'
  | 'concat'
  | 'other';

/** A number, the symbols that it hangs on, or null. */
export type SizeEntry = number | string | null;

/** A place as a person counts it. */
export interface Place {
  /** From 1; of a notebook, in the cell. */
  readonly line: number;
  /** Of a notebook, from 1 in all code cells below each other. */
  readonly codeLine?: number;
}

export interface LayerEntry extends Place {
  readonly type: LayerType;
  /** As the code calls it; null where it does not. */
  readonly name: string | null;
  readonly units?: SizeEntry;
  readonly filters?: SizeEntry;
  /** Parameters in force; null for one that is infinite, as JSON has it. */
  readonly activation: {
    readonly name: string;
    readonly parameters: Readonly<Record<string, Parameters[string] | null>>;
  } | null;
  /** `he_normal`; the framework's default where nothing is written; as written where it is not known; null where there is none. */
  readonly kernelInit: string | null;
  readonly biasInit: string | null;
  /** As the code writes it, where its type does not tell what it is. */
  readonly class?: string;
  /** Whether it is not known what it is, or whether it is taken. */
  readonly unknown: boolean;
}

export interface ModelEntry extends Place {
  readonly name: string;
  /** The framework, or the library for it where that has a name of its own. */
  readonly framework: FrameworkId | ModelLibrary;
  /** Of a notebook, from 1. */
  readonly cell?: number;
  /** Components without the batch, channels last. */
  readonly input: readonly SizeEntry[] | null;
  readonly layers: readonly LayerEntry[];
  readonly loss:
    | ({ readonly kind: LossUse['kind']; readonly wants: LossUse['wants'] | null; readonly written: string } & Place)
    | null;
  /** What the file does not tell and a person can. */
  readonly symbols: readonly ({ readonly name: string } & Place)[];
  readonly flow: {
    readonly ratio: number | null;
    readonly band: readonly [number | null, number | null];
    readonly verdict: FlowVerdictKind;
    readonly certain: boolean;
  } | null;
}

const sizeEntry = (size: Size): SizeEntry =>
  isKnown(size) ? size : size.kind === 'symbolic' ? size.symbols.join(', ') : null;

/** An infinite number as JSON has it: null. */
const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** A place with the cell's number, where there is one. */
export type PlaceOf = (source: SourceRange) => Place & { readonly cell?: number };

export function modelEntry(model: Model, flow: GraphFlow, placeOf: PlaceOf): ModelEntry {
  const { name, framework, library, source, inputShape, loss, symbols } = model;
  /** The cell is told of the model alone. */
  const inside = (range: SourceRange): Place => {
    const { cell: _, ...place } = placeOf(range);
    return place;
  };
  return {
    name,
    framework: library ?? framework,
    ...placeOf(source),
    input: inputShape?.map(sizeEntry) ?? null,
    layers: layerEntries(model, inside),
    loss: loss ? { kind: loss.kind, wants: loss.wants ?? null, written: loss.spelled, ...inside(loss.source) } : null,
    symbols: symbols.map((symbol) => ({ name: symbol.name, ...inside(symbol.source) })),
    flow: isUnknownFlow(flow)
      ? null
      : {
          ratio: finite(flow.ratio),
          band: [finite(flow.band[0]), finite(flow.band[1])],
          verdict: modelVerdict(flow),
          certain: flow.certain,
        },
  };
}

/** The layers in the order in which they are computed; an activation that is no layer of its own belongs to the one before. */
function layerEntries({ nodes, framework }: Model, placeOf: (source: SourceRange) => Place): LayerEntry[] {
  const consumers = nodes.map(() => 0);
  for (const { inputs } of nodes) for (const from of inputs) consumers[from] = (consumers[from] ?? 0) + 1;
  const given = new Map<number, ModelNode>();
  for (const node of nodes) {
    const before = nodes[node.inputs[0] ?? -1];
    if (before === undefined || node.operation.kind !== 'activation') continue;
    const isItsOwn = isArgumentOf(node, before) || (isFunction(node, framework) && consumers[before.id] === 1);
    if (isItsOwn && canCarry(before)) given.set(before.id, node);
  }
  const folded = new Set([...given.values()].map(({ id }) => id));
  return nodes
    .filter(({ id, operation }) => operation.kind !== 'input' && !folded.has(id))
    .map((node): LayerEntry => {
      const activation = given.get(node.id);
      const use = useOf((activation ?? node).operation);
      return {
        ...kindOf(node, nodes),
        ...placeOf(node.source),
        name: node.name ?? null,
        ...sizesOf(node),
        activation: activationEntry(use),
        ...weightsOf(node, framework),
        unknown: isOpen(node) || (activation !== undefined && isOpen(activation)),
      };
    });
}

const useOf = (operation: Operation): ActivationUse | undefined =>
  'activation' in operation ? operation.activation : undefined;

/** Whether it is not known what a step is, or whether it is taken. */
function isOpen({ operation, certain }: ModelNode): boolean {
  const use = useOf(operation);
  const open = use !== undefined && use.name === undefined && use.notElementWise === undefined;
  return operation.kind === 'opaque' || !certain || open;
}

/** Whether an activation is written in the call that makes the layer: as its argument. */
const isArgumentOf = ({ source }: ModelNode, layer: ModelNode): boolean =>
  'kernel' in layer.operation &&
  source.cell === layer.source.cell &&
  source.from >= layer.source.from &&
  source.to <= layer.source.to;

/** Whether an activation is a function's call, `F.relu(x)`, and not a layer: classes are written with a capital, and TensorFlow.js has layers alone. */
const isFunction = ({ type }: ModelNode, framework: FrameworkId): boolean =>
  framework !== 'tfjs' && /(?:^|\.)[a-z_]\w*$/.test(type);

/** What can have an activation of its own: layers with a kernel, and normalisations after them. */
const canCarry = ({ operation }: ModelNode): boolean => 'kernel' in operation && operation.kind !== 'recurrent';

function kindOf(node: ModelNode, nodes: readonly ModelNode[]): Pick<LayerEntry, 'type' | 'class'> {
  const type = typeOf(node, nodes);
  return type === 'other' ? { type, class: node.type } : { type };
}

/** Whether each channel has kernels of its own: as many groups as channels come in. */
function isDepthwise({ operation, inputs, type }: ModelNode, nodes: readonly ModelNode[]): boolean {
  if (operation.kind !== 'convolution') return false;
  // Over one channel it is any convolution, called by what the code says.
  if (/depthwise/i.test(type)) return true;
  return operation.groups !== 1 && numberOf(operation.groups) === channelsOf(nodes[inputs[0] ?? -1]?.shape);
}

function typeOf(node: ModelNode, nodes: readonly ModelNode[]): LayerType {
  const { operation } = node;
  switch (operation.kind) {
    case 'dense':
    case 'flatten':
    case 'embedding':
    case 'dropout':
    case 'attention':
    case 'activation':
    case 'add':
      return operation.kind;
    case 'convolution':
      if (isDepthwise(node, nodes)) return 'depthwise_conv';
      return operation.transposed ? `conv${operation.rank}d_transpose` : `conv${operation.rank}d`;
    case 'pooling':
      return operation.global ? 'globalpool' : operation.mode === 'max' ? 'maxpool' : 'avgpool';
    case 'normalisation':
      // A group of one channel.
      return operation.over === 'instance' && /GroupNorm$/.test(node.type)
        ? 'groupnorm'
        : normalisations[operation.over];
    case 'recurrent':
      return operation.cell === 'simple' ? 'simple_rnn' : operation.cell;
    case 'transformerEncoder':
      return 'transformer_encoder';
    case 'concatenate':
      return 'concat';
    default:
      return 'other';
  }
}

const normalisations = {
  batch: 'batchnorm',
  layer: 'layernorm',
  group: 'groupnorm',
  instance: 'other',
  rms: 'other',
} as const satisfies Record<Extract<Operation, { kind: 'normalisation' }>['over'], LayerType>;

const sizesOf = ({ operation }: ModelNode): Pick<LayerEntry, 'units' | 'filters'> => ({
  ...('units' in operation ? { units: sizeEntry(operation.units) } : {}),
  ...('filters' in operation ? { filters: sizeEntry(operation.filters) } : {}),
});

function activationEntry(use: ActivationUse | undefined): LayerEntry['activation'] {
  if (use === undefined) return null;
  const name = use.notElementWise ?? use.name ?? use.spelled;
  const phi = use.name === undefined ? undefined : findActivation(use.name);
  const parameters = Object.entries(phi?.parameters ?? {}).map(
    ([key, value]) => [key, typeof value === 'number' ? finite(value) : value] as const,
  );
  return { name: phi?.entry ?? name, parameters: Object.fromEntries(parameters) };
}

/** Kinds that have defaults in the table of a framework. */
const defaulted = {
  dense: 'dense',
  convolution: 'convolution',
  embedding: 'embedding',
  recurrent: 'recurrent',
} as const;

const defaultedKind = ({ kind }: Operation): DefaultedKind | undefined =>
  Object.hasOwn(defaulted, kind) ? defaulted[kind as keyof typeof defaulted] : undefined;

function weightsOf({ operation }: ModelNode, framework: FrameworkId): Pick<LayerEntry, 'kernelInit' | 'biasInit'> {
  const kind = defaultedKind(operation);
  const units = 'units' in operation ? numberOf(operation.units) : Number.NaN;
  const entry = (
    initialization: Initialization | null | undefined,
    usual: (kind: DefaultedKind) => Initializer,
  ): string | null => {
    if (initialization === null || initialization === undefined) return null;
    if (initialization.kind === 'unknown') return initialization.spelled;
    if (initialization.kind === 'known') return formatInitializer(initialization.initializer);
    // PyTorch's recurrent layers draw by their units, which may not be known.
    if (kind === undefined || (kind === 'recurrent' && Number.isNaN(units))) return 'default';
    return formatInitializer(usual(kind));
  };
  return {
    kernelInit: entry('kernel' in operation ? operation.kernel : null, (of) => defaultKernel(framework, of, units)),
    biasInit: entry('bias' in operation ? operation.bias : null, (of) => defaultBias(framework, of, units)),
  };
}
