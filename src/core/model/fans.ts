import { framework as dataOf } from '../frameworks/all';
import type { FrameworkId } from '../frameworks/framework';
import { drawnShare } from '../frameworks/initialVariance';
import { type DefaultedKind, defaultBias, defaultKernel } from '../frameworks/layerDefaults';
import { type Initializer, initializerMoments } from '../initializers/initializer';
import { type Initialization, isKnown, type ModelNode, type Operation, type Shape, type Size } from './model';

/** How many weights meet in one unit; NaN where a size is not known. */
export interface Fans {
  /** As the framework's initialisers count it: a transposed convolution may have it the other way round. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** Weights that really meet in one component of the output: n in q = n·Var(w)·E[a²]. Borders are ignored. */
  readonly connections: number;
}

/** Mean and variance of one weight as the framework draws it. */
export interface DrawnWeights {
  readonly mean: number;
  readonly variance: number;
}

/** What a layer starts with. */
export interface LayerWeights extends Fans {
  readonly kernel: DrawnWeights;
  readonly bias: DrawnWeights;
  /** connections · Var(w): known even without sizes where the initialiser scales with the fan-in. */
  readonly gain: number;
  /** Of a recurrent layer: units · Var and mean of the kernel that meets the state. */
  readonly recurrent?: { readonly gain: number; readonly mean: number };
}

type Convolution = Extract<Operation, { kind: 'convolution' }>;
type Recurrent = Extract<Operation, { kind: 'recurrent' }>;

const weightedKinds: ReadonlySet<Operation['kind']> = new Set([
  'dense',
  'convolution',
  'recurrent',
  'embedding',
  'attention',
  'transformerEncoder',
]);

/** Whether a step has a kernel. */
export const isWeighted = ({ operation }: ModelNode): boolean => weightedKinds.has(operation.kind);

export const numberOf = (size: Size | undefined): number => (size !== undefined && isKnown(size) ? size : Number.NaN);

/** Components of the last axis; NaN where not known. */
export const channelsOf = (shape: Shape | undefined): number => numberOf(shape?.at(-1));

/** All axes but the last, multiplied; NaN where not known, 1 for a vector. */
export const positionsOf = (shape: Shape | undefined): number =>
  shape === undefined ? Number.NaN : shape.slice(0, -1).reduce<number>((all, size) => all * numberOf(size), 1);

/** Units of a layer: the components that a norm over its output adds up at one position. */
export function unitsOf(operation: Operation): number {
  switch (operation.kind) {
    case 'dense':
    case 'embedding':
    case 'attention':
    case 'transformerEncoder':
      return numberOf(operation.units);
    case 'recurrent':
      return numberOf(operation.units) * (operation.bidirectional ? 2 : 1);
    case 'convolution':
      return numberOf(operation.filters);
    default:
      return Number.NaN;
  }
}

/** Gates whose kernels one matrix holds side by side. */
const gates = { simple: 1, lstm: 4, gru: 3 } as const;

/**
 * Fans of a layer's kernel; of a recurrent layer those of the kernel that meets the input.
 *
 * Dense: input components and units. Convolution: the kernel's area × input channels / groups, and × filters. Keras,
 * TensorFlow and TensorFlow.js take the fans from a kernel's last two axes: filters and input channels of a transposed
 * convolution, input channels and multiplier of a depthwise one. PyTorch takes them from the second and first axis
 * (`_calculate_fan_in_and_fan_out`), with the same exchange for a transposed one. Flax has input channels / groups and
 * filters always.
 *
 * @param input shape of the layer's input, channels last
 * @returns undefined for what has no single kernel
 */
export function fansOf(node: ModelNode, framework: FrameworkId, input: Shape | undefined): Fans | undefined {
  const { operation } = node;
  const channels = channelsOf(input);
  switch (operation.kind) {
    case 'dense':
      return { fanIn: channels, fanOut: numberOf(operation.units), connections: channels };
    case 'embedding':
      return { fanIn: numberOf(operation.entries), fanOut: numberOf(operation.units), connections: 1 };
    case 'recurrent': {
      // Where gates are drawn one by one, each has its own fans.
      const count = dataOf(framework).defaults.recurrent.gatewise ? 1 : gates[operation.cell];
      return { fanIn: channels, fanOut: count * numberOf(operation.units), connections: channels };
    }
    case 'convolution':
      return convolutionFans(node, operation, framework, channels);
    default:
      return undefined;
  }
}

function convolutionFans(
  { type }: ModelNode,
  { filters: given, groups: parts, kernelSize, strides, transposed, rank }: Convolution,
  framework: FrameworkId,
  channels: number,
): Fans {
  const over = (sizes: readonly Size[], missing: Size): number =>
    Array.from({ length: rank }, (_, axis) => numberOf(sizes[axis] ?? sizes[0] ?? missing)).reduce((a, b) => a * b, 1);
  const area = over(kernelSize, { kind: 'unknown' });
  const filters = numberOf(given);
  const groups = numberOf(parts);
  const isDepthwise = /depthwise/i.test(type);
  const { fanAxes } = dataOf(framework).defaults;
  // Of a depthwise one each kernel meets one channel, however many there are.
  const received = isDepthwise && fanAxes === 'first' ? area : (area * channels) / groups;
  // Of a transposed convolution's kernel, a stride of s lets one weight in s meet an output.
  const connections = transposed ? received / over(strides, 1) : received;
  const ordinary = { fanIn: received, fanOut: area * filters, connections };
  if (fanAxes === 'first') {
    return transposed ? { fanIn: (area * filters) / groups, fanOut: area * channels, connections } : ordinary;
  }
  if (fanAxes === 'meaning') return ordinary;
  if (transposed) return { fanIn: area * filters, fanOut: area * channels, connections };
  return isDepthwise ? { fanIn: area * channels, fanOut: (area * filters) / channels, connections } : ordinary;
}

const still: DrawnWeights = { mean: 0, variance: 0 };

/** Mean and variance of a weight as written; NaN where a fan is missing and counts. */
function drawn(initializer: Initializer, framework: FrameworkId, { fanIn, fanOut }: Fans): DrawnWeights {
  const { mean, variance } = initializerMoments(initializer, fanIn, fanOut);
  return { mean, variance: variance === 0 ? 0 : variance * drawnShare(initializer, framework) };
}

/** Whether fan-in · Var(w) is the same for every fan-in. */
function scalesWithFanIn(initialization: Initialization, framework: FrameworkId): boolean {
  if (initialization.kind === 'unknown') return false;
  const initializer =
    initialization.kind === 'known' ? initialization.initializer : dataOf(framework).defaults.kernel.initializer;
  const at = (fanIn: number, fanOut: number): number => fanIn * initializerMoments(initializer, fanIn, fanOut).variance;
  return at(2, 7) > 0 && Math.abs(at(2, 7) - at(3, 5)) < 1e-9 * at(2, 7);
}

/**
 * Mean and variance of a layer's weights as its framework draws them, see the defaults in
 * `src/core/frameworks`; PyTorch's recurrent layers draw everything from U(±1/√units) and have two biases.
 *
 * @returns undefined where there is no single kernel, or where an initialiser is written that is not known
 */
export function weightsOf(node: ModelNode, framework: FrameworkId, input: Shape | undefined): LayerWeights | undefined {
  const { operation } = node;
  const fans = fansOf(node, framework, input);
  if (fans === undefined || !('kernel' in operation)) return undefined;
  if (operation.kernel.kind === 'unknown') return undefined;
  const biasInit = 'bias' in operation ? operation.bias : null;
  if (biasInit?.kind === 'unknown') return undefined;
  const initializer =
    operation.kernel.kind === 'known'
      ? operation.kernel.initializer
      : defaultKernel(framework, operation.kind as DefaultedKind, 'units' in operation ? numberOf(operation.units) : 0);
  const kernel = drawn(initializer, framework, fans);
  const scaleFree =
    scalesWithFanIn(operation.kernel, framework) &&
    (operation.kind === 'dense' || (operation.kind === 'convolution' && !operation.transposed));
  const one = { fanIn: 1, fanOut: 1, connections: 1 };
  const gain =
    scaleFree && Number.isNaN(fans.connections)
      ? drawn(initializer, framework, one).variance
      : fans.connections * kernel.variance;
  const bias = biasOf(biasInit, framework, operation, fans);
  if (operation.kind !== 'recurrent') return { ...fans, kernel, bias, gain };
  const recurrent = recurrentOf(operation, framework);
  return recurrent && { ...fans, kernel, bias, gain, recurrent };
}

function biasOf(bias: Initialization | null, framework: FrameworkId, operation: Operation, fans: Fans): DrawnWeights {
  if (bias === null || bias.kind === 'unknown') return still;
  const double = operation.kind === 'recurrent' && dataOf(framework).defaults.recurrent.secondBias === 'all';
  if (bias.kind === 'known') {
    const { mean, variance } = drawn(bias.initializer, framework, fans);
    // Where the fan-in is missing it is large, and a bias that scales with it counts for little.
    if (Number.isNaN(variance) && operation.kind !== 'recurrent') return still;
    return double ? { mean: 2 * mean, variance: 2 * variance } : { mean, variance };
  }
  const units = 'units' in operation ? numberOf(operation.units) : 0;
  const { variance } = drawn(defaultBias(framework, operation.kind as DefaultedKind, units), framework, fans);
  if (Number.isNaN(variance) && operation.kind !== 'recurrent') return still;
  return { mean: 0, variance: double ? 2 * variance : variance };
}

function recurrentOf(operation: Recurrent, framework: FrameworkId): LayerWeights['recurrent'] {
  const { recurrentKernel } = operation;
  if (recurrentKernel.kind === 'unknown') return undefined;
  const told = numberOf(operation.units);
  // What frameworks draw where nothing is said scales with the units, whatever they are.
  const units = recurrentKernel.kind === 'default' && Number.isNaN(told) ? 1 : told;
  const initializer =
    recurrentKernel.kind === 'default'
      ? dataOf(framework).defaults.recurrent.kernel(units, operation.cell)
      : recurrentKernel.initializer;
  const { mean, variance } = drawn(initializer, framework, { fanIn: units, fanOut: units, connections: units });
  return { gain: units * variance, mean };
}
