import { findActivation } from '../activations/catalogue';
import type { Parameters } from '../activations/function';
import type { FrameworkId } from '../frameworks/framework';
import { formatInitializer } from '../initializers/initializer';
import {
  type ActivationUse,
  type Initialization,
  isKnown,
  type Model,
  type ModelNode,
  type Size,
  type SourceRange,
} from '../model/model';
import { type GraphFlow, isUnknownFlow } from '../theory/graph';
import { modelVerdict } from '../verdicts/model';
import type { FlowVerdictKind } from '../verdicts/predicted';

/** A number, the symbols that it hangs on, or null. */
export type SizeJson = number | string | null;

export interface LayerJson {
  /** As the code writes it. */
  readonly type: string;
  /** From 1. */
  readonly line: number;
  readonly units?: SizeJson;
  readonly filters?: SizeJson;
  readonly activation: { readonly name: string; readonly parameters: Parameters } | null;
  /** `he_normal`, `default`, or as written where it is not known; null where there is none. */
  readonly kernelInit: string | null;
  readonly biasInit: string | null;
  /** Whether it is not known what it is, or whether it is taken. */
  readonly unknown: boolean;
}

/** What `read --json` prints of a model. */
export interface ModelJson {
  readonly name: string;
  readonly framework: FrameworkId;
  readonly line: number;
  /** Components without the batch. */
  readonly input: readonly SizeJson[] | null;
  readonly layers: readonly LayerJson[];
  readonly flow: {
    readonly ratio: number | null;
    readonly band: readonly [number | null, number | null];
    readonly verdict: FlowVerdictKind;
    readonly certain: boolean;
  } | null;
}

const sizeJson = (size: Size): SizeJson =>
  isKnown(size) ? size : size.kind === 'symbolic' ? size.symbols.join(', ') : null;

const initJson = (initialization: Initialization | null): string | null => {
  if (initialization === null) return null;
  if (initialization.kind === 'default') return 'default';
  return initialization.kind === 'known' ? formatInitializer(initialization.initializer) : initialization.spelled;
};

const activationJson = (use: ActivationUse | undefined): LayerJson['activation'] => {
  if (use === undefined) return null;
  const name = use.notElementWise ?? use.name ?? use.spelled;
  const phi = use.name === undefined ? undefined : findActivation(use.name);
  return { name: phi?.entry ?? name, parameters: phi?.parameters ?? {} };
};

/** An infinite number as JSON has it: null. */
const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/**
 * @param lineOf the line of a place in the text, from 1
 */
export function modelJson(graph: Model, flow: GraphFlow, lineOf: (source: SourceRange) => number): ModelJson {
  const { name, framework, source, inputShape, nodes } = graph;
  return {
    name,
    framework,
    line: lineOf(source),
    input: inputShape?.map(sizeJson) ?? null,
    layers: layersJson(nodes, lineOf),
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

/** An activation that a layer makes by its argument belongs to the layer's entry; one that stands alone is its own. */
function layersJson(nodes: readonly ModelNode[], lineOf: (source: SourceRange) => number): LayerJson[] {
  const given = new Map<number, ModelNode>();
  for (const node of nodes) {
    const before = nodes[node.inputs[0] ?? -1];
    if (before && isArgumentOf(node, before)) given.set(before.id, node);
  }
  const folded = new Set([...given.values()].map(({ id }) => id));
  return nodes
    .filter(({ id, operation }) => operation.kind !== 'input' && !folded.has(id))
    .map((node) => {
      const own = layerJson(node, lineOf);
      const activation = given.get(node.id);
      if (activation === undefined) return own;
      const { activation: use, unknown } = layerJson(activation, lineOf);
      return { ...own, activation: use, unknown: own.unknown || unknown };
    });
}

/** Whether an activation is written in the call that makes the layer: as its argument. */
const isArgumentOf = ({ operation, source }: ModelNode, layer: ModelNode): boolean =>
  operation.kind === 'activation' &&
  'kernel' in layer.operation &&
  source.cell === layer.source.cell &&
  source.from >= layer.source.from &&
  source.to <= layer.source.to;

function layerJson(
  { operation, type, source, certain }: ModelNode,
  lineOf: (source: SourceRange) => number,
): LayerJson {
  const use = 'activation' in operation ? operation.activation : undefined;
  const open = use !== undefined && use.name === undefined && use.notElementWise === undefined;
  return {
    type,
    line: lineOf(source),
    ...('units' in operation ? { units: sizeJson(operation.units) } : {}),
    ...('filters' in operation ? { filters: sizeJson(operation.filters) } : {}),
    activation: activationJson(use),
    kernelInit: 'kernel' in operation ? initJson(operation.kernel) : null,
    biasInit: 'bias' in operation ? initJson(operation.bias) : null,
    unknown: operation.kind === 'opaque' || !certain || open,
  };
}
