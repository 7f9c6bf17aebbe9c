import type { Activation } from '../activations/catalogue';
import { findActivation } from '../activations/catalogue';
import { few } from '../format/excerpt';
import { frameworkActivation } from '../frameworks/functions';
import { channelsOf, type LayerWeights, numberOf, positionsOf, weightsOf } from '../model/fans';
import type { ActivationUse, Model, ModelNode, Operation, Shape } from '../model/model';
import { inferShapes } from '../model/shapes';
import { insideOf } from './borders';
import {
  gaussianSignal,
  mixtureOf,
  type Passed,
  productOf,
  restarted,
  type Signal,
  type SlopesAlike,
  shifted,
  sumOf,
  throughAverage,
  throughDropout,
  throughFunction,
  throughMaximum,
} from './signal';

/** What is taken for known of the input: one component, independent of the others. */
export interface FlowInput {
  /** E[x²]; 1 where left out, as of standardised data. */
  readonly variance?: number;
  /** E[x]; 0 where left out. */
  readonly mean?: number;
  /** Relative standard deviation of the mean over samples, which stacks of dense layers follow; 0 where left out. */
  readonly meanSpread?: number;
}

/** Examples of a batch where a batch normalisation looks at all of them; one counts elsewhere. */
export const NORMALISED_BATCH = 16;

/** Steps over which a recurrent layer is unrolled where its length is not known. */
export const USUAL_STEPS = 10;

/** A recurrent layer, unrolled; logarithms, since hundreds of steps underflow. */
export interface Unrolled {
  readonly steps: number;
  /** Whether the length is told by the shape. */
  readonly told: boolean;
  /** ln of ‖δ‖² at the first and the last step over ‖∂C/∂output‖². */
  readonly logFirst: number;
  readonly logLast: number;
  /** Sum over the steps of ‖δ‖² over ‖∂C/∂output‖². */
  readonly all: number;
}

/** A step's output, and by what it multiplies ‖∂C/∂output‖² for each input. */
export interface KnownStep {
  readonly signal: Signal;
  readonly factors: readonly number[];
  /** E[φ′⁴]/E[φ′²]², 1 for what is no activation. */
  readonly kurtosis: number;
  readonly slopesAlike?: SlopesAlike | undefined;
  /** Where the randomness comes from: steps with a common source are not independent. */
  readonly sources: ReadonlySet<number>;
  readonly weights?: LayerWeights;
  /** Of a layer whose weights have a mean that no normalisation takes out. */
  readonly coupled?: boolean;
  readonly unrolled?: Unrolled;
}

/** A step of which nothing is predicted, and why. */
export interface LostStep {
  readonly lost: string;
  /** What a person can fill in to help. */
  readonly symbols: readonly string[];
}

export type StepFlow = KnownStep | LostStep;

export const isLost = (step: StepFlow): step is LostStep => 'lost' in step;

/** What several passes over a graph need. */
export interface FlowContext {
  readonly graph: Model;
  readonly shapes: readonly (Shape | undefined)[];
  readonly consumers: readonly (readonly number[])[];
  readonly input: Required<FlowInput>;
}

export function flowContext(graph: Model, input: FlowInput = {}): FlowContext {
  const consumers: number[][] = graph.nodes.map(() => []);
  for (const { id, inputs } of graph.nodes) for (const from of inputs) consumers[from]?.push(id);
  return {
    graph,
    shapes: inferShapes(graph.nodes),
    consumers,
    input: { variance: input.variance ?? 1, mean: input.mean ?? 0, meanSpread: input.meanSpread ?? 0 },
  };
}

/** How a person finds a step again: `conv1`, `nn.Linear`. */
export const labelOf = ({ name, type }: ModelNode): string => `\`${name ?? type}\``;

/** The function of a use, as its framework computes it; undefined for what is not element-wise or not known. */
export function functionOf(use: ActivationUse | undefined): Activation | undefined {
  if (use?.name === undefined || findActivation(use.name) === undefined) return undefined;
  return frameworkActivation(use.name, use.framework);
}

const lost = (reason: string, symbols: readonly string[] = []): LostStep => ({ lost: reason, symbols });

/** The forward pass: every step's distribution, in the graph's order. */
export function forwardPass(context: FlowContext): StepFlow[] {
  const steps: StepFlow[] = [];
  /** Whether a kernel stands before a step: what is not known counts as a part of the input only where none does. */
  const trained: boolean[] = [];
  for (const node of context.graph.nodes) {
    trained[node.id] = node.inputs.some((id) => trained[id]) || 'kernel' in node.operation;
    const before = node.inputs.map((id) => steps[id] ?? lost('a step’s input is missing'));
    const missing = before.find(isLost);
    const source = node.operation.kind === 'opaque' && !trained[node.id];
    steps[node.id] = source ? sourceOf(context, node) : (missing ?? stepOf(context, node, before as KnownStep[]));
  }
  return steps;
}

const sourceOf = ({ input: { mean, variance } }: FlowContext, { id }: ModelNode): KnownStep => ({
  signal: gaussianSignal(mean, Math.max(0, variance - mean ** 2), 0),
  factors: [],
  kurtosis: 1,
  sources: new Set([id]),
});

function stepOf(context: FlowContext, node: ModelNode, inputs: readonly KnownStep[]): StepFlow {
  const { operation, id } = node;
  const [first] = inputs;
  if (operation.kind === 'input') return sourceOf(context, node);
  if (operation.kind === 'opaque') return lost(`what ${labelOf(node)} does to values and gradients is not known`);
  if (first === undefined) return lost(`${labelOf(node)} has no input`);
  const same = (passed: Passed): KnownStep => ({
    signal: passed.signal,
    factors: inputs.map((_, i) => (i === 0 ? passed.factor : 0)),
    kurtosis: passed.kurtosis,
    slopesAlike: passed.slopesAlike,
    sources: first.sources,
  });
  const kept: Passed = { signal: first.signal, factor: 1, kurtosis: 1 };
  switch (operation.kind) {
    case 'flatten':
    case 'rearrange':
    case 'scale':
      return same(kept);
    case 'activation': {
      const phi = functionOf(operation.activation);
      return phi === undefined
        ? lost(`${operation.activation.spelled} is not an element-wise function that is known`)
        : same(throughFunction(phi, first.signal));
    }
    case 'dropout':
      return dropoutStep(node, operation, first.signal, same);
    case 'normalisation':
      return same(normalised(operation.over, first.signal, context.shapes[node.inputs[0]!]));
    case 'pooling': {
      const k = windowOf(operation, context.shapes[node.inputs[0]!]);
      if (!(k >= 1)) return sizeMissing(context, node, 'the window of');
      return same(operation.mode === 'max' ? throughMaximum(first.signal, k) : throughAverage(first.signal, k));
    }
    case 'add':
    case 'multiply':
    case 'concatenate':
      return joined(context, node, operation.kind, inputs);
    case 'dense':
    case 'convolution':
    case 'embedding':
      return kernelStep(context, node, operation, first);
    case 'recurrent':
      return operation.cell === 'simple'
        ? recurrentStep(context, node, operation, first)
        : lost(`the theory does not cover gated cells such as ${labelOf(node)}`);
    case 'attention':
    case 'transformerEncoder':
      return lost(`the theory does not cover attention such as ${labelOf(node)}`);
    default:
      return { ...same(kept), sources: new Set([id]) };
  }
}

/** α of alpha dropout, −λα of SELU: what it sets a component to. */
const SELU_FLOOR = 1.7580993408473766;

function dropoutStep(
  node: ModelNode,
  { rate: given, variant }: Extract<Operation, { kind: 'dropout' }>,
  signal: Signal,
  same: (passed: Passed) => KnownStep,
): StepFlow {
  const rate = numberOf(given);
  if (!(rate >= 0 && rate < 1)) return lost(`the rate of ${labelOf(node)} is not known`);
  if (rate === 0) return same({ signal, factor: 1, kurtosis: 1 });
  // Alpha dropout keeps mean and variance; what it scales, it scales back too.
  if (variant === 'alpha') return same({ signal, factor: 1 / (1 + SELU_FLOOR ** 2 * rate), kurtosis: 1 });
  return same(throughDropout(signal, 1 - rate));
}

/**
 * Batch and instance normalisation take out what all places of a channel share, layer and group normalisation only the
 * mean over the units.
 *
 * Over T places of a batch, 1/σ̂² of Gaussian values has the mean T/(T − 3)/σ² and the way back leaves out two of T
 * directions, the constant and that of the values: together (T − 2)/(T − 3), which counts for vectors alone.
 */
function normalised(
  over: 'batch' | 'layer' | 'group' | 'instance' | 'rms',
  signal: Signal,
  shape: Shape | undefined,
): Passed {
  const { mean, square, cross } = signal;
  const alone = over === 'batch' || over === 'instance';
  const variance = over === 'rms' ? square : alone ? square - cross : square - mean ** 2;
  const shift = over === 'rms' ? 0 : mean;
  if (!(variance > 0)) return shifted(signal, shift, 1);
  const passed = shifted(signal, shift, 1 / Math.sqrt(variance), alone ? 0 : undefined);
  // What is left once the shared part is gone has variance 1.
  const places = NORMALISED_BATCH * positionsOf(shape);
  const few = over === 'batch' && places > 3 ? (places - 2) / (places - 3) : 1;
  const factor = passed.factor * few;
  return { ...passed, factor, ...(alone && signal.gaussian ? { signal: gaussianSignal(0, 1, 0) } : {}) };
}

function windowOf(operation: Extract<Operation, { kind: 'pooling' }>, input: Shape | undefined): number {
  if (operation.global) return positionsOf(input);
  const rank = Math.max(1, Math.min(operation.size.length, (input?.length ?? operation.size.length + 1) - 1));
  const sizes = Array.from({ length: rank }, (_, axis) => numberOf(operation.size[axis]));
  return sizes.reduce((a, b) => a * b, 1);
}

function sizeMissing({ shapes, graph }: FlowContext, node: ModelNode, what: string): LostStep {
  const sizes = [...node.inputs, node.id].flatMap((id) => shapes[id] ?? []);
  const own = Object.values(node.operation).filter((value) => typeof value === 'object' && value !== null);
  const symbols = [...sizes, ...own, ...graph.nodes.flatMap((each) => Object.values(each.operation))].flatMap((size) =>
    typeof size === 'object' && size !== null && size.kind === 'symbolic' ? (size.symbols as string[]) : [],
  );
  const names = [...new Set(symbols)];
  return names.length > 0
    ? lost(`${what} ${labelOf(node)} depends on ${few(names)}`, names)
    : lost(`${what} ${labelOf(node)} is not known`);
}

function joined(
  { shapes }: FlowContext,
  node: ModelNode,
  kind: 'add' | 'multiply' | 'concatenate',
  inputs: readonly KnownStep[],
): StepFlow {
  const sources = new Set([node.id, ...inputs.flatMap((each) => [...each.sources])]);
  const signals = inputs.map(({ signal }) => signal);
  if (kind === 'concatenate') {
    const counts = node.inputs.map((id) => channelsOf(shapes[id]));
    const total = counts.reduce((a, b) => a + b, 0);
    if (!(total > 0)) return lost(`how many channels meet in ${labelOf(node)} is not known`);
    const shares = counts.map((count) => count / total);
    const signal = restarted(mixtureOf(signals.map((each, i) => ({ signal: each, share: shares[i]! }))));
    return { signal, factors: shares, kurtosis: 1, sources };
  }
  const count = inputs.reduce((sum, each) => sum + each.sources.size, 1);
  if (inputs.length > 1 && sources.size < count) {
    return lost(`the branches that meet in ${labelOf(node)} are not independent`);
  }
  const signal = restarted(signals.reduce((a, b) => (kind === 'add' ? sumOf(a, b) : productOf(a, b))));
  const factors =
    kind === 'add'
      ? signals.map(() => 1)
      : signals.map((_, i) => signals.reduce((all, { square }, k) => (k === i ? all : all * square), 1));
  return { signal, factors, kurtosis: 1, sources };
}

/** z = W·a + b. Places share weights: their covariance is n·Var(w)·E[a·a′] + Var(b), whichever places they are. */
function kernelStep(
  context: FlowContext,
  node: ModelNode,
  operation: Extract<Operation, { kind: 'dense' | 'convolution' | 'embedding' }>,
  { signal }: KnownStep,
): StepFlow {
  const weights = knownWeights(context, node);
  if ('lost' in weights) return weights;
  const { kernel, bias } = weights;
  const inside = insideOf(node, context.shapes[node.inputs[0]!], context.shapes[node.id]);
  const [gain, connections] = [weights.gain * inside.own, weights.connections * inside.own];
  const sources = new Set([node.id]);
  if (operation.kind === 'embedding') {
    if (!(kernel.variance >= 0)) return sizeMissing(context, node, 'the size of');
    const drawn = gaussianSignal(kernel.mean, kernel.variance, 0);
    return { signal: drawn, factors: [0], kurtosis: 1, sources, weights };
  }
  if (!(gain >= 0) || (kernel.mean !== 0 && !(connections > 0))) return sizeMissing(context, node, 'the size of');
  const expected = kernel.mean === 0 ? bias.mean : connections * kernel.mean * signal.mean + bias.mean;
  const common = kernel.mean === 0 ? 0 : connections * kernel.mean ** 2 * Math.max(0, signal.square - signal.mean ** 2);
  const mean = common > 0 ? (expected < 0 ? -1 : 1) * Math.sqrt(expected ** 2 + common) : expected;
  const drawn = gaussianSignal(
    Math.max(-1e100, Math.min(1e100, mean)),
    Math.min(1e200, gain * signal.square + bias.variance),
    weights.gain * inside.both * signal.cross + bias.variance,
  );
  const [next, ...more] = context.consumers[node.id]!;
  const follows = next === undefined ? undefined : context.graph.nodes[next]?.operation.kind;
  const coupled = kernel.mean !== 0 && !(follows === 'normalisation' && more.length === 0);
  return { signal: drawn, factors: [gain], kurtosis: 1, sources, weights, coupled };
}

function knownWeights({ graph, shapes }: FlowContext, node: ModelNode): LayerWeights | LostStep {
  const weights = weightsOf(node, graph.framework, shapes[node.inputs[0]!]);
  if (weights !== undefined) return weights;
  const { operation } = node;
  const written =
    'kernel' in operation && operation.kernel.kind === 'unknown' ? operation.kernel.spelled : 'an initialiser';
  return lost(`what ${labelOf(node)} starts with is not known (${written})`);
}

/** h_t = φ(W·x_t + U·h_(t−1) + b), one layer a step; the steps' kernels count as independent, as mean-field has it. */
function recurrentStep(
  context: FlowContext,
  node: ModelNode,
  operation: Extract<Operation, { kind: 'recurrent' }>,
  { signal: input }: KnownStep,
): StepFlow {
  const weights = knownWeights(context, node);
  if ('lost' in weights) return weights;
  const { gain, bias, kernel, recurrent } = weights;
  const phi =
    operation.activation === undefined
      ? frameworkActivation('tanh', context.graph.framework)
      : functionOf(operation.activation);
  if (phi === undefined) return lost(`the activation of ${labelOf(node)} is not known`);
  if (recurrent === undefined) return lost(`what the recurrent kernel of ${labelOf(node)} starts with is not known`);
  if (!(gain >= 0) || !(bias.variance >= 0) || !(recurrent.gain >= 0)) return sizeMissing(context, node, 'the size of');
  if (kernel.mean !== 0 || recurrent.mean !== 0) return lost(`the kernels of ${labelOf(node)} have a mean`);
  const length = positionsOf(context.shapes[node.inputs[0]!]);
  const told = Number.isInteger(length) && length > 0;
  const steps = told ? Math.min(length, 2000) : USUAL_STEPS;
  const slopes: number[] = [];
  let state = { square: 0, cross: 0 };
  let drawn = gaussianSignal(0, 0, 0);
  let passed: Passed | undefined;
  for (let t = 0; t < steps; t++) {
    const q = Math.min(1e200, gain * input.square + recurrent.gain * state.square + bias.variance);
    // Once it stands still, the rest of the steps are like it.
    if (passed === undefined || Math.abs(q - drawn.square) > 1e-9 * q) {
      drawn = gaussianSignal(bias.mean, q, gain * input.cross + recurrent.gain * state.cross + bias.variance);
      passed = throughFunction(phi, drawn);
      state = { square: passed.signal.square, cross: passed.signal.cross };
    }
    slopes.push(passed.factor);
  }
  if (passed === undefined) return lost(`${labelOf(node)} has no steps`);
  const arriving = operation.sequences ? -Math.log(steps) : 0;
  let log = Number.NEGATIVE_INFINITY;
  let all = 0;
  let logLast = 0;
  for (let t = steps - 1; t >= 0; t--) {
    const carried = log + Math.log(recurrent.gain);
    const outside = operation.sequences || t === steps - 1 ? arriving : Number.NEGATIVE_INFINITY;
    log = logSum(carried, outside) + Math.log(slopes[t]!);
    if (t === steps - 1) logLast = log;
    all += Math.exp(log);
  }
  return {
    signal: restarted(passed.signal),
    factors: [gain * all, ...context.graph.nodes[node.id]!.inputs.slice(1).map(() => 0)],
    kurtosis: passed.kurtosis,
    sources: new Set([node.id]),
    weights,
    unrolled: { steps, told, logFirst: log, logLast, all },
  };
}

/** ln(e^a + e^b) */
export function logSum(a: number, b: number): number {
  const larger = Math.max(a, b);
  return Number.isFinite(larger) ? larger + Math.log(Math.exp(a - larger) + Math.exp(b - larger)) : larger;
}
