import { drawWeights, type Initializer } from '../../initializers/initializer';
import { createRandom } from '../../math/random';
import type { NetworkPlan, PlanStep, WeightedStep } from './plan';
import { isWeightedStep } from './plan';

/** Gates of a recurrent cell, side by side in its kernels: LSTM i, f, candidate, o; GRU z, r, candidate. */
export const gatesOf = { simple: 1, lstm: 4, gru: 3 } as const;

export type ParameterRole = 'kernel' | 'bias' | 'recurrentKernel' | 'recurrentBias' | 'scale' | 'shift';

/** One tensor that is trained. */
export interface PlanParameter {
  readonly role: ParameterRole;
  /** `weights.index` of its layer, or `parameters` of its normalisation. */
  readonly index: number;
  /** Unique within a plan, and the name of the random stream that it is drawn from. */
  readonly name: string;
  /**
   * Dense [fan-in, units]; convolution [height, width, channels / groups, filters], one dimension as a width of 1;
   * embedding [entries, units]; recurrent [directions, inputs or units, gates · units]; biases [units] and, recurrent,
   * [directions, gates · units]; scale and shift [channels].
   */
  readonly shape: readonly number[];
  /** The step that it was first made for. */
  readonly step: number;
}

const words: Readonly<Record<ParameterRole, string>> = {
  kernel: 'kernel',
  bias: 'bias',
  recurrentKernel: 'recurrent kernel',
  recurrentBias: 'recurrent bias',
  scale: 'scale',
  shift: 'shift',
};

/** Key of a parameter among a plan's. */
export const parameterName = (role: ParameterRole, index: number): string => `${words[role]} ${index}`;

export const channels = (step: PlanStep): number => step.shape.at(-1) ?? 1;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);

type Recurrent = Extract<PlanStep, { kind: 'recurrent' }>;

/** Length of the bias that a recurrent layer's state meets; 0 for none. Flax's GRU has one for the candidate alone. */
export const recurrentBiasLength = ({ cell, doubleBias, gatewise, units, weights }: Recurrent): number =>
  weights.bias !== null && doubleBias ? (cell === 'gru' && gatewise ? units : gatesOf[cell] * units) : 0;

function weightedParameters(step: WeightedStep, inputs: number): PlanParameter[] {
  const { index, bias } = step.weights;
  const of = (role: ParameterRole, shape: readonly number[]): PlanParameter => ({
    role,
    index,
    name: parameterName(role, index),
    shape,
    step: step.id,
  });
  const units = channels(step);
  const biases = (shape: readonly number[]): PlanParameter[] => (bias === null ? [] : [of('bias', shape)]);
  switch (step.kind) {
    case 'dense':
      return [of('kernel', [inputs, units]), ...biases([units])];
    case 'convolution': {
      const [height = 1, width = 1] = step.kernelSize;
      return [of('kernel', [height, width, inputs / step.groups, units]), ...biases([units])];
    }
    case 'embedding':
      return [of('kernel', [step.entries, units])];
    case 'recurrent': {
      const directions = step.bidirectional ? 2 : 1;
      const columns = gatesOf[step.cell] * step.units;
      const second = recurrentBiasLength(step);
      return [
        of('kernel', [directions, inputs, columns]),
        of('recurrentKernel', [directions, step.units, columns]),
        ...biases([directions, columns]),
        ...(second > 0 ? [of('recurrentBias', [directions, second])] : []),
      ];
    }
  }
}

/** Everything that is trained, in the order of the steps; what several steps share stands once. */
export function planParameters({ steps }: Pick<NetworkPlan, 'steps'>): PlanParameter[] {
  const found = new Map<string, PlanParameter>();
  const note = (parameters: readonly PlanParameter[]): void => {
    for (const parameter of parameters) if (!found.has(parameter.name)) found.set(parameter.name, parameter);
  };
  for (const step of steps) {
    if (isWeightedStep(step)) {
      const from = steps[step.inputs[0]!];
      note(weightedParameters(step, from === undefined ? 1 : channels(from)));
    } else if (step.kind === 'normalisation' && step.trained) {
      const index = step.parameters;
      const shape = [channels(step)];
      const of = (role: ParameterRole): PlanParameter => ({
        role,
        index,
        name: parameterName(role, index),
        shape,
        step: step.id,
      });
      note(step.over === 'rms' ? [of('scale')] : [of('scale'), of('shift')]);
    }
  }
  return [...found.values()];
}

/** Number of weights that are trained. */
export const countWeights = (plan: Pick<NetworkPlan, 'steps'>): number =>
  planParameters(plan).reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** Multiplications of one example's way forward. */
export function countMultiplications({ steps }: Pick<NetworkPlan, 'steps'>): number {
  return steps.reduce((sum, step) => {
    const from = steps[step.inputs[0] ?? -1];
    const inputs = from === undefined ? 0 : channels(from);
    switch (step.kind) {
      case 'dense':
        return sum + sizeOf(step.shape) * inputs;
      case 'convolution':
        return sum + sizeOf(step.shape) * sizeOf(step.kernelSize) * (inputs / step.groups);
      case 'recurrent': {
        const rows = from?.shape[0] ?? 1;
        const directions = step.bidirectional ? 2 : 1;
        return sum + directions * rows * gatesOf[step.cell] * step.units * (inputs + step.units);
      }
      default:
        return sum;
    }
  }, 0);
}

/** Starting values of one parameter; the same for the same seed, whatever else the plan holds. */
export function drawParameter(
  plan: NetworkPlan,
  { role, name, shape, step: at }: PlanParameter,
  seed: number,
): Float32Array {
  const size = sizeOf(shape);
  const step = plan.steps[at]!;
  if (role === 'scale') return new Float32Array(size).fill(1);
  if (role === 'shift' || !isWeightedStep(step)) return new Float32Array(size);
  const random = createRandom(seed, name);
  const { fanIn, fanOut, kernel, bias } = step.weights;
  if (step.kind !== 'recurrent') {
    const initializer = role === 'kernel' ? kernel : bias!;
    // The rows of an orthogonal kernel are what one unit receives, whatever the framework calls its fans.
    const rows = role === 'kernel' && initializer.kind === 'orthogonal' ? size / shape.at(-1)! : fanIn;
    const columns = rows === fanIn ? fanOut : shape.at(-1)!;
    return drawWeights(initializer, size, rows, columns, random);
  }
  const [directions = 1, ...rest] = shape;
  const each = size / directions;
  const values = new Float32Array(size);
  for (let d = 0; d < directions; d++) values.set(drawDirection(step, role, rest, random), d * each);
  return values;

  function drawDirection(
    layer: Recurrent,
    of: ParameterRole,
    matrix: readonly number[],
    source: typeof random,
  ): Float32Array {
    const count = gatesOf[layer.cell];
    if (of === 'bias' || of === 'recurrentBias') {
      const length = matrix[0]!;
      const drawn = drawWeights(bias!, length, fanIn, fanOut, source);
      const forgetting = layer.forgetBias && layer.cell === 'lstm' && of === 'bias';
      if (forgetting) drawn.fill(1, layer.units, 2 * layer.units);
      return drawn;
    }
    const [rows = 1, columns = 1] = matrix;
    const initializer: Initializer = of === 'kernel' ? kernel : layer.recurrentKernel;
    if (!layer.gatewise) return drawWeights(initializer, rows * columns, rows, columns, source);
    const whole = new Float32Array(rows * columns);
    for (let gate = 0; gate < count; gate++) {
      const part = drawWeights(initializer, rows * layer.units, rows, layer.units, source);
      for (let row = 0; row < rows; row++)
        whole.set(part.subarray(row * layer.units, (row + 1) * layer.units), row * columns + gate * layer.units);
    }
    return whole;
  }
}
