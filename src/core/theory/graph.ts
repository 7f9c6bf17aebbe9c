import { gaussianMoments } from '../activations/moments';
import { formatInteger } from '../format/numbers';
import { channelsOf, isWeighted, unitsOf } from '../model/fans';
import type { Model, ModelNode } from '../model/model';
import { chainOf } from './chainOf';
import { backwardPass } from './graphBackward';
import {
  type FlowContext,
  type FlowInput,
  flowContext,
  forwardPass,
  functionOf,
  isLost,
  type KnownStep,
  type LostStep,
  labelOf,
  type StepFlow,
} from './graphForward';
import { type Band, predict } from './meanField';
import { placesOf, scatter } from './places';
import type { Stack } from './stack';

/** What the theory says of one hidden layer of a model. */
export interface LayerFlow {
  /** The step with the kernel. */
  readonly node: number;
  /** Mean and variance of the pre-activation. */
  readonly mean: number;
  readonly q: number;
  /** E‖δ‖² here over that at the next hidden layer; for the last one as if one like it followed. */
  readonly chi: number;
  /** ‖δ‖ here over ‖δ‖ at the last hidden layer, of the typical network: the median over draws of the weights. */
  readonly delta: number;
  /** Holds it in nine of ten draws of the weights. */
  readonly band: Band;
  /** ‖∂C/∂W‖ likewise, for one sample; positions and steps count as independent, and outside chains it is a root mean square. */
  readonly kernelGradient: number;
  /** √χ: what the step back to here multiplies a gradient by. */
  readonly factor: number;
  /** √E[φ′²] of its activation, and that over max|φ′| (1 where that has no bound). */
  readonly slope: number;
  readonly slopeShare: number;
}

/** How much of a gradient a model passes back at the start of its training. */
export interface KnownFlow {
  /** ‖δ‖ at the first hidden layer over ‖δ‖ at the last one, of the typical network. */
  readonly ratio: number;
  /** Holds it in nine of ten draws of the weights. */
  readonly band: Band;
  /** Share of draws in which a layer passes nothing, born dead; predicted for chains of dense layers alone, else 0. */
  readonly zeros: number;
  /** From the first hidden layer, in the graph's order. */
  readonly layers: readonly LayerFlow[];
  /** The stack that the calculator would show, where the model is one; the numbers are the same then. */
  readonly stack: Stack | undefined;
  /** False where a step on the way is uncertain, or where something had to be assumed that the code does not tell. */
  readonly certain: boolean;
  /** What was assumed. Sentences. */
  readonly assumptions: readonly string[];
  /** Whether an addition or a joining leads around layers: a flat one does not stop a gradient then. */
  readonly bypassed: boolean;
}

/** Where it cannot be predicted how much reaches the first layer. */
export interface UnknownFlow {
  /** The reason, as the end of a sentence. */
  readonly unknown: string;
  /** What a person can fill in. */
  readonly symbols: readonly string[];
  /** The step from which on nothing is known, where there is one. */
  readonly from?: number;
  /** The flow within the layers before that step, from the last of them back; undefined where there are fewer than two. */
  readonly before?: KnownFlow;
}

export type GraphFlow = KnownFlow | UnknownFlow;

export const isUnknownFlow = (flow: GraphFlow): flow is UnknownFlow => 'unknown' in flow;

/** Quantile of N(0, 1) that leaves 5 % on each side. */
const Z90 = 1.6448536269514722;
/** Outside chains, more of the scatter is left out (shared kernels, drifting q): the variance is taken this much larger. */
const WIDER = 2;

/** Links between steps that are followed: more than any network that people draw has, and some parts look at all of them for each layer. */
const MOST_LINKS = 5000;

const unknown = (reason: string, symbols: readonly string[] = []): UnknownFlow => ({ unknown: reason, symbols });

/** Steps from which some other can be reached, itself included. */
function ancestors({ nodes }: Model, of: readonly number[]): Set<number> {
  const found = new Set(of);
  for (let id = nodes.length - 1; id >= 0; id--) {
    if (found.has(id)) for (const from of nodes[id]!.inputs) found.add(from);
  }
  return found;
}

function descendants({ nodes }: Model, of: number): Set<number> {
  const found = new Set([of]);
  for (const { id, inputs } of nodes) if (inputs.some((from) => found.has(from))) found.add(id);
  return found;
}

/** The layers whose output is the model's own: the last ones with a kernel before each output. */
export function outputLayers(graph: Model): ReadonlySet<number> {
  const found = new Set<number>();
  const visited = new Set<number>();
  const back = (id: number): void => {
    const node = graph.nodes[id];
    if (node === undefined || visited.has(id)) return;
    visited.add(id);
    if (isWeighted(node)) found.add(id);
    else node.inputs.forEach(back);
  };
  graph.outputs.forEach(back);
  // A model that also gives out what lies inside it has that as a hidden layer.
  for (const id of found) {
    const below = ancestors(graph, graph.nodes[id]!.inputs);
    for (const other of found) if (below.has(other)) found.delete(other);
  }
  return found;
}

/** Layers with a kernel that lead to an output, without the output layers; in the graph's order. */
export function hiddenLayers(graph: Model): readonly number[] {
  const outputs = outputLayers(graph);
  const leading = ancestors(graph, graph.outputs);
  return graph.nodes
    .filter((node) => isWeighted(node) && leading.has(node.id) && !outputs.has(node.id))
    .map(({ id }) => id);
}

/** The step whose output the activation receives: the layer, or a normalisation after it. */
export function preActivationOf({ graph, consumers }: FlowContext, layer: number): number {
  let at = layer;
  for (;;) {
    const [only, ...more] = consumers[at]!;
    if (only === undefined || more.length > 0) return at;
    const { kind } = graph.nodes[only]!.operation;
    if (kind !== 'normalisation' && kind !== 'rearrange') return at;
    at = only;
  }
}

/** The activation that receives a layer's pre-activation, through poolings and the like; undefined for none. */
export function activationAfter({ graph, consumers }: FlowContext, layer: number): ModelNode | undefined {
  let at = layer;
  for (;;) {
    const [only, ...more] = consumers[at]!;
    if (only === undefined || more.length > 0) return undefined;
    const node = graph.nodes[only]!;
    switch (node.operation.kind) {
      case 'activation':
        return node;
      case 'normalisation':
      case 'rearrange':
      case 'dropout':
      case 'pooling':
      case 'flatten':
      case 'add':
        at = only;
        break;
      default:
        return undefined;
    }
  }
}

/**
 * How much of the gradient at the last hidden layer's pre-activation reaches the first one's, at the start of a training.
 *
 * Chains of dense layers are the calculator's `Stack`, and {@link predict}'s numbers. For all else a mean-field
 * recursion on the graph: the distribution of one component forward (see `flowForward.ts`), ‖gradient‖² backward, where
 * what arrives from several consumers adds up. Convolutions count kernel area × channels as fan-in, less what lies beyond borders;
 * of a maximum the gradient goes to the winner; a simple recurrent layer is unrolled, and its first step's
 * pre-activation counts where it is the first layer, its last step's where it is the last one.
 *
 * The band of a graph is first order in 1/n for every layer on the way, with n its channels and what places share (see
 * `scatter`), doubled for variances that drift, which are not followed. It is for one example; where there is batch
 * normalisation, for a batch of 16.
 *
 * @param input moments of one component of the input; standardised and independent where left out
 */
export function graphFlow(graph: Model, input: FlowInput = {}): GraphFlow {
  const links = graph.nodes.reduce((sum, { inputs }) => sum + inputs.length, 0);
  if (links > MOST_LINKS) {
    return unknown(
      `the model has ${formatInteger(links)} links between its steps; at most ${formatInteger(MOST_LINKS)} are followed`,
    );
  }
  const context = flowContext(graph, input);
  const hidden = hiddenLayers(graph);
  const [first] = hidden;
  const last = hidden.at(-1);
  if (first === undefined || last === undefined) return unknown('the model has no hidden layer');
  const chain = chainOf(context);
  if (chain) return chainFlow(context, chain.stack, chain.nodes);
  return flowThrough(context, hidden, first, last);
}

function certainty({ graph }: FlowContext, between: ReadonlySet<number>): { certain: boolean; assumptions: string[] } {
  const assumptions: string[] = [];
  const numbers = new Map<number, number>();
  for (const id of between) {
    const node = graph.nodes[id]!;
    if (!node.certain) assumptions.push(`It is open whether ${labelOf(node)} is a part of the model.`);
    if (node.operation.kind === 'scale') assumptions.push(`${labelOf(node)} is taken to leave values as they are.`);
    if (node.operation.kind === 'opaque')
      assumptions.push(`What ${labelOf(node)} gives is taken for standardised data.`);
    if (node.weights !== undefined) numbers.set(node.weights, (numbers.get(node.weights) ?? 0) + 1);
  }
  return { certain: assumptions.length === 0, assumptions };
}

function slopeOf(context: FlowContext, layer: number, mean: number, q: number): { slope: number; slopeShare: number } {
  const after = activationAfter(context, layer)?.operation;
  const phi = after?.kind === 'activation' ? functionOf(after.activation) : undefined;
  if (phi === undefined) return { slope: 1, slopeShare: 1 };
  const held = (x: number, limit: number): number => Math.max(-limit, Math.min(limit, x));
  const slope = Math.sqrt(gaussianMoments(phi, held(mean, 1e140), held(q, 1e280)).derivativeSquared);
  const largest = phi.derivativeMax.value;
  return { slope, slopeShare: slope === 0 ? 0 : Number.isFinite(largest) ? slope / largest : 1 };
}

function chainFlow(context: FlowContext, stack: Stack, nodes: readonly number[]): KnownFlow {
  const { ratio, band, zeros, layers } = predict(stack);
  const found = layers.map(({ mean, q, chi, delta, band: within, kernelGradient }, i): LayerFlow => {
    const node = nodes[i]!;
    return {
      node,
      mean,
      q,
      chi,
      delta,
      band: within,
      kernelGradient,
      factor: Math.sqrt(chi),
      ...slopeOf(context, node, mean, q),
    };
  });
  const way = ancestors(context.graph, context.graph.nodes[context.graph.outputs[0]!]!.inputs);
  // Before the first layer a scale is how data come to be standardised.
  const inside = new Set([...way].filter((id) => id >= nodes[0]!));
  const { certain, assumptions } = certainty(context, inside);
  const bypassed = stack.layers.some(({ residual }) => residual);
  return {
    ratio,
    band,
    zeros,
    layers: found,
    stack,
    certain,
    assumptions,
    bypassed,
  };
}

/** From `lost` on nothing is known; what comes before it has a flow of its own. */
function lostAt(
  context: FlowContext,
  steps: readonly StepFlow[],
  hidden: readonly number[],
  first: number,
  { lost, symbols }: LostStep,
  from: number,
): UnknownFlow {
  const { graph } = context;
  const known = hidden.filter((id) =>
    [...ancestors(graph, [id, preActivationOf(context, id)])].every((each) => !isLost(steps[each]!)),
  );
  const end = known.at(-1);
  const before =
    end === undefined || end === first || known[0] !== first ? undefined : flowThrough(context, known, first, end);
  return { unknown: lost, symbols, from, ...(before === undefined || isUnknownFlow(before) ? {} : { before }) };
}

function flowThrough(context: FlowContext, hidden: readonly number[], first: number, last: number): GraphFlow {
  const { graph } = context;
  const { nodes } = graph;
  const steps = forwardPass(context);
  const leading = ancestors(graph, graph.outputs);
  const below = ancestors(graph, [last]);
  const after = descendants(graph, first);
  const relevant = nodes.filter(({ id }) => below.has(id) || (leading.has(id) && after.has(id)));
  const pre = preActivationOf(context, last);
  const needed = ancestors(graph, [last, pre]);
  for (const { id } of relevant) {
    const step = steps[id]!;
    if (isLost(step) && needed.has(id)) return lostAt(context, steps, hidden, first, step, id);
    if (!isLost(step) && step.coupled && hidden.includes(id)) {
      return unknown(
        `the kernel of ${labelOf(nodes[id]!)} has a mean other than 0, which is predicted for chains of dense layers alone`,
      );
    }
  }

  // The gradient comes from the output layers; where the way from there is not known, from the last hidden layer alone.
  const outputs = [...outputLayers(graph)];
  const top = outputs.flatMap((id) => nodes[id]!.inputs);
  const way = ancestors(graph, top);
  const whole = top.length > 0 && [...way].every((id) => !after.has(id) || !isLost(steps[id]!));
  const seeds = new Map<number, number>();
  if (whole) for (const id of top) seeds.set(id, 0);
  else seeds.set(pre, 0);
  const { logs, variances } = backwardPass(context, steps, seeds, whole ? way : needed);

  const known = hidden.filter((id) => after.has(id) && needed.has(id));
  const at = known.map((id) => layerAt(context, steps, logs, id));
  const end = at.at(-1);
  const start = at[0];
  if (end === undefined || start === undefined || end.first === Number.NEGATIVE_INFINITY) {
    return unknown('no gradient is predicted to reach the last hidden layer');
  }
  const own =
    start === end && start.step.unrolled
      ? scatter(start.step, nodes[known[0]!]!.operation, placesOf(undefined, 1), 0, 0)
      : 0;
  /** Variance of ln‖δ‖² at a layer beside that at the last one. */
  const scatterAt = (id: number): number => Math.max(0, variances[preActivationOf(context, id)]! - variances[pre]!);
  const variance = scatterAt(known[0]!) + own;
  const centre = start.first - end.last - variance / 2;
  const ratio = Math.exp(centre / 2);
  const bandAround = (middle: number, scattered: number): Band => {
    const reach = Z90 * Math.sqrt(WIDER * scattered);
    return [Math.exp((middle - reach) / 2), Math.exp((middle + reach) / 2)];
  };
  const band = bandAround(centre, variance);
  const layers = at.map(({ step, log, first: early, logInput, own, mean, q }, i): LayerFlow => {
    const next = at[i + 1];
    const { slope, slopeShare } = slopeOf(context, known[i]!, mean, q);
    const chi = next ? Math.exp(early - next.last) : own * slope ** 2;
    const scattered = scatterAt(known[i]!);
    const middle = log - end.last - scattered / 2;
    return {
      node: known[i]!,
      mean,
      q,
      chi,
      delta: i === 0 ? ratio : Math.exp(middle / 2),
      band: i === 0 ? band : bandAround(middle, scattered),
      kernelGradient: Math.exp((logInput - end.logInput) / 2),
      factor: Math.sqrt(chi),
      slope: step.unrolled ? 1 : slope,
      slopeShare: step.unrolled ? 1 : slopeShare,
    };
  });
  const inside = new Set([...relevant.map(({ id }) => id)].filter((id) => id >= first && needed.has(id)));
  for (const { id, operation } of relevant) if (operation.kind === 'opaque' && needed.has(id)) inside.add(id);
  const { assumptions } = certainty(context, inside);
  assumptions.push(...told(context, known, steps, whole));
  const bypassed = relevant.some(({ operation }) => operation.kind === 'add' || operation.kind === 'concatenate');
  return {
    ratio,
    band,
    zeros: 0,
    layers,
    stack: undefined,
    certain: assumptions.length === 0,
    assumptions,
    bypassed,
  };
}

/** What had to be assumed besides. Sentences. */
function told(
  { graph, shapes }: FlowContext,
  known: readonly number[],
  steps: readonly StepFlow[],
  whole: boolean,
): string[] {
  const sentences: string[] = [];
  for (const id of known) {
    const step = steps[id]!;
    const node = graph.nodes[id]!;
    if (isLost(step)) continue;
    if (step.unrolled && !step.unrolled.told) {
      sentences.push(`The sequence that ${labelOf(node)} reads is taken to have ${step.unrolled.steps} steps.`);
    }
    if (id !== known[0] && step.weights && Number.isNaN(step.weights.connections)) {
      sentences.push(
        `The fan-in of ${labelOf(node)} is not known: its kernel scales with it, and its bias is left out.`,
      );
    }
    if (Number.isNaN(channelsOf(shapes[id])) && Number.isNaN(unitsOf(node.operation))) {
      sentences.push(`The width of ${labelOf(node)} is not known: the band is for 64 units.`);
    }
  }
  if (!whole) sentences.push('What follows the last hidden layer is not known, and left out.');
  const numbers = known.flatMap((id) => graph.nodes[id]!.weights ?? []);
  if (new Set(numbers).size < numbers.length) sentences.push('Layers that share a kernel are taken for independent.');
  return sentences;
}

/** The backward pass at one layer: logarithms of ‖δ‖² as a whole, at its first and at its last step, and of ‖∂C/∂W‖². */
function layerAt(context: FlowContext, steps: readonly StepFlow[], logs: Float64Array, id: number) {
  const step = steps[id] as KnownStep;
  const pre = preActivationOf(context, id);
  const { signal } = steps[pre] as KnownStep;
  const node = context.graph.nodes[id]!;
  const source = node.inputs[0] === undefined ? undefined : (steps[node.inputs[0]] as KnownStep | undefined);
  const arriving = logs[pre]!;
  const { unrolled, weights } = step;
  const log = unrolled ? arriving + Math.log(unrolled.all) : arriving;
  const fanIn = weights && weights.connections > 0 ? weights.connections : 1;
  const square = node.operation.kind === 'embedding' ? 1 : (source?.signal.square ?? 1);
  return {
    step,
    log,
    first: unrolled ? arriving + unrolled.logFirst : arriving,
    last: unrolled ? arriving + unrolled.logLast : arriving,
    logInput: (unrolled ? log : logs[id]!) + Math.log(fanIn * square),
    own: weights?.gain ?? 1,
    mean: signal.mean,
    q: Math.max(0, signal.square - signal.mean ** 2),
  };
}
