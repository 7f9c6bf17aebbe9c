import { frameworkActivation } from '../frameworks/functions';
import { numberOf, weightsOf } from '../model/fans';
import type { ModelNode } from '../model/model';
import { type FlowContext, functionOf } from './graphForward';
import type { DenseLayer, FlowActivation, Normalisation, Stack } from './stack';

/** Hidden layers of a plain chain, and the step of each. */
export interface Chain {
  readonly stack: Stack;
  /** The dense layer of each of the stack's layers. */
  readonly nodes: readonly number[];
}

/** One layer as it is walked along. */
interface Walk {
  readonly dense: ModelNode;
  normalisation: Normalisation;
  phi: FlowActivation | undefined;
  keep: number;
  residual: boolean;
}

/**
 * A model that is a stack of dense layers, each with a normalisation, an activation and a dropout at most, in this order,
 * and residual around one layer; undefined for others, and where a size is missing.
 */
export function chainOf(context: FlowContext): Chain | undefined {
  const { graph, consumers, input } = context;
  const [start] = graph.inputs;
  if (start === undefined || graph.inputs.length !== 1 || graph.outputs.length !== 1) return undefined;
  const layers: Walk[] = [];
  const seen = new Set<number>();
  let variance = input.variance;
  let at = start;
  for (let steps = 0; steps <= graph.nodes.length; steps++) {
    const next = consumers[at]!;
    if (next.length === 0) break;
    const around = next.length === 2 ? residualAround(context, at) : undefined;
    if (around) {
      layers.push(around.layer);
      at = around.end;
      continue;
    }
    if (next.length !== 1) return undefined;
    const node = graph.nodes[next[0]!]!;
    if (seen.has(node.id)) return undefined;
    seen.add(node.id);
    const layer = layers.at(-1);
    if (node.operation.kind === 'dense') layers.push(walkFrom(node));
    else if (layer === undefined || layer.residual) {
      if (node.operation.kind === 'dropout' && node.operation.variant === 'plain' && layer === undefined) {
        variance /= 1 - numberOf(node.operation.rate);
      } else if (!isIdle(node) && !(node.operation.kind === 'scale' && layer === undefined)) return undefined;
    } else if (!takes(layer, node)) return undefined;
    at = node.id;
  }
  if (at !== graph.outputs[0] || layers.length < 2) return undefined;
  // Two layers with one kernel are not independent.
  const numbers = layers.flatMap(({ dense }) => dense.weights ?? []);
  if (new Set(numbers).size < numbers.length) return undefined;
  const hidden = layers.slice(0, -1).map((layer) => layerOf(context, layer));
  const whole = hidden.filter((layer) => layer !== undefined);
  if (whole.length < hidden.length || !(variance > 0)) return undefined;
  return {
    stack: { inputVariance: variance, inputMean: input.mean, inputMeanSpread: input.meanSpread, layers: whole },
    nodes: layers.slice(0, -1).map(({ dense }) => dense.id),
  };
}

const walkFrom = (dense: ModelNode): Walk => ({
  dense,
  normalisation: 'none',
  phi: undefined,
  keep: 1,
  residual: false,
});

const isIdle = ({ operation }: ModelNode): boolean => operation.kind === 'flatten' || operation.kind === 'rearrange';

/** Whether a step belongs to the layer as a stack's layers are made; it is noted there. */
function takes(layer: Walk, { operation }: ModelNode): boolean {
  switch (operation.kind) {
    case 'flatten':
    case 'rearrange':
      return true;
    case 'normalisation':
      if (layer.phi || layer.keep < 1 || layer.normalisation !== 'none') return false;
      if (operation.over !== 'batch' && operation.over !== 'layer') return false;
      layer.normalisation = operation.over;
      return true;
    case 'activation': {
      // Of the output layer nothing is asked: its softmax is no hidden layer's.
      const phi = operation.activation.notElementWise === undefined ? functionOf(operation.activation) : softmaxLast;
      if (phi === undefined || layer.keep < 1) return false;
      if (phi !== softmaxLast && phi.label === 'linear') return true;
      if (layer.phi) return false;
      layer.phi = phi;
      return true;
    }
    case 'dropout': {
      const rate = numberOf(operation.rate);
      if (operation.variant !== 'plain' || layer.keep < 1 || !(rate >= 0 && rate < 1)) return false;
      layer.keep = 1 - rate;
      return true;
    }
    default:
      return false;
  }
}

/** Stands for what is not element-wise, which an output layer alone may have. */
const softmaxLast: FlowActivation & { label: string } = {
  label: 'not element-wise',
  value: () => Number.NaN,
  derivative: () => Number.NaN,
  derivativeMax: { x: 0, value: Number.NaN },
};

/** `x + φ(dense(x))` with x the output of `at`. */
function residualAround({ graph, consumers }: FlowContext, at: number): { layer: Walk; end: number } | undefined {
  const next = consumers[at]!.map((id) => graph.nodes[id]!);
  const dense = next.find(({ operation }) => operation.kind === 'dense');
  const add = next.find(({ operation }) => operation.kind === 'add');
  if (!dense || !add || add.inputs.length !== 2) return undefined;
  const layer = walkFrom(dense);
  let end = dense.id;
  for (let steps = 0; steps < 6; steps++) {
    const [only, ...more] = consumers[end]!;
    if (only === undefined || more.length > 0) return undefined;
    if (only === add.id) {
      layer.residual = true;
      return { layer, end: add.id };
    }
    if (!takes(layer, graph.nodes[only]!)) return undefined;
    end = only;
  }
  return undefined;
}

function layerOf({ graph, shapes }: FlowContext, walk: Walk): DenseLayer | undefined {
  const { dense, normalisation, keep, residual } = walk;
  const input = shapes[dense.inputs[0]!];
  // On sequences and maps it is a convolution of width 1.
  if (input !== undefined && input.length > 1) return undefined;
  const weights = weightsOf(dense, graph.framework, input);
  const phi = walk.phi ?? frameworkActivation('linear', graph.framework);
  if (weights === undefined || phi === softmaxLast) return undefined;
  const { fanIn, fanOut, kernel, bias } = weights;
  if (!Number.isInteger(fanIn) || !Number.isInteger(fanOut) || fanIn < 1 || fanOut < 1) return undefined;
  if (residual && fanIn !== fanOut) return undefined;
  return {
    fanIn,
    fanOut,
    phi,
    kernelMean: kernel.mean,
    kernelVariance: kernel.variance,
    biasMean: bias.mean,
    biasVariance: bias.variance,
    normalisation,
    keep,
    residual,
  };
}
