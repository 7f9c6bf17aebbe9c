import * as v from 'valibot';
import { frameworkIds } from '../../frameworks/framework';
import { initializerSchema } from '../../initializers/initializer';

/**
 * A model as it can be rebuilt: plain numbers, sizes and initialisers resolved, shapes channels last and without the
 * batch. It is JSON: it crosses from the editor to the page and its workers, and is stored with runs.
 */

const whole = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least));
const sizes = v.pipe(v.array(whole(1)), v.readonly());
const indices = v.pipe(v.array(whole(0)), v.readonly());

/** One matrix or filter bank and how it starts. */
export const plannedWeightsSchema = v.object({
  /** Which of the plan's kernels: layers that share weights name the same. Without gaps, in the order of the steps. */
  index: whole(0),
  kernel: initializerSchema('the kernel initialiser'),
  /** As the framework's initialiser counts them. Fans of grouped kernels need not be whole. */
  fanIn: v.pipe(v.number(), v.gtValue(0)),
  fanOut: v.pipe(v.number(), v.gtValue(0)),
  /** Null for a layer without biases. */
  bias: v.nullable(initializerSchema('the bias initialiser')),
});
export type PlannedWeights = v.InferOutput<typeof plannedWeightsSchema>;

const everyStep = {
  /** Its index in the plan's list; steps stand after all of their inputs. */
  id: whole(0),
  /** The step of the model that it stands for. */
  node: whole(0),
  /** As the code writes it, for messages. */
  label: v.string(),
  inputs: indices,
  /** Of its output. */
  shape: sizes,
};

const windowed = {
  strides: sizes,
  /** Zeros in front of each axis; those behind follow from the shapes, and may be negative. */
  before: indices,
};

/** An element-wise function by its catalogue name. */
const phi = v.string();

export const planStepSchema = v.variant('kind', [
  v.object({ ...everyStep, kind: v.literal('input') }),
  v.object({ ...everyStep, kind: v.literal('dense'), weights: plannedWeightsSchema }),
  v.object({
    ...everyStep,
    ...windowed,
    kind: v.literal('convolution'),
    /** As many axes as the input has but for its channels: 1 or 2. */
    kernelSize: sizes,
    dilation: sizes,
    groups: whole(1),
    transposed: v.boolean(),
    weights: plannedWeightsSchema,
  }),
  v.object({
    ...everyStep,
    ...windowed,
    kind: v.literal('pooling'),
    mode: v.picklist(['max', 'average']),
    size: sizes,
    /** Whether an average counts the zeros around the input (PyTorch does). */
    countsPadding: v.boolean(),
  }),
  v.object({ ...everyStep, kind: v.literal('globalPooling'), mode: v.picklist(['max', 'average']) }),
  /** The same numbers, in row-major order: flatten, reshape, identity. */
  v.object({ ...everyStep, kind: v.literal('reshape') }),
  /** Axes in another order: output axis i is input axis `axes[i]`, the batch not counted. */
  v.object({ ...everyStep, kind: v.literal('permute'), axes: indices }),
  /** Zeros around; those behind follow from the shape. */
  v.object({ ...everyStep, kind: v.literal('padding'), before: indices }),
  /** Every number repeated along each axis; an input of fewer axes gets leading axes of 1. */
  v.object({ ...everyStep, kind: v.literal('repeat'), times: sizes }),
  /** A row of numbers of entries, each below `entries`. */
  v.object({ ...everyStep, kind: v.literal('embedding'), entries: whole(1), weights: plannedWeightsSchema }),
  v.object({
    ...everyStep,
    kind: v.literal('normalisation'),
    over: v.picklist(['batch', 'layer', 'group', 'rms']),
    /** 1 but over groups. */
    groups: whole(1),
    epsilon: v.pipe(v.number(), v.minValue(0)),
    /** Share of a moving average that a step leaves. */
    momentum: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    /** Steps with one number share scale and shift. */
    parameters: whole(0),
    /** Whether it has a scale and, but for RMS, a shift that are trained. */
    trained: v.boolean(),
  }),
  v.object({
    ...everyStep,
    kind: v.literal('dropout'),
    rate: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
    variant: v.picklist(['plain', 'spatial', 'alpha', 'gaussian']),
  }),
  v.object({ ...everyStep, kind: v.literal('activation'), phi, hidden: v.boolean() }),
  v.object({ ...everyStep, kind: v.literal('softmax'), log: v.boolean() }),
  v.object({
    ...everyStep,
    kind: v.literal('recurrent'),
    cell: v.picklist(['simple', 'lstm', 'gru']),
    units: whole(1),
    sequences: v.boolean(),
    bidirectional: v.boolean(),
    phi,
    /** Whether candidates replace `phi`; gates keep theirs. */
    hidden: v.boolean(),
    gatePhi: phi,
    recurrentKernel: initializerSchema('the recurrent kernel initialiser'),
    /** Each gate's kernels are drawn as matrices of their own (Flax). */
    gatewise: v.boolean(),
    /** An LSTM's forget gate starts with a bias of 1 (Keras and its like). */
    forgetBias: v.boolean(),
    /**
     * The state meets a bias of its own: PyTorch's layers, and the GRU of Keras. A GRU's reset gate then works on what
     * the state's kernel gives, as in Flax, and otherwise on the state itself.
     */
    doubleBias: v.boolean(),
    weights: plannedWeightsSchema,
  }),
  v.object({ ...everyStep, kind: v.literal('add') }),
  v.object({ ...everyStep, kind: v.literal('multiply') }),
  v.object({ ...everyStep, kind: v.literal('concatenate'), axis: whole(0) }),
]);
export type PlanStep = v.InferOutput<typeof planStepSchema>;

/** What every step has. */
export type StepBase = Omit<Extract<PlanStep, { kind: 'input' }>, 'kind'>;
export type WeightedStep = Extract<PlanStep, { weights: PlannedWeights }>;

export const isWeightedStep = (step: PlanStep): step is WeightedStep => 'weights' in step;

export const networkPlanSchema = v.pipe(
  v.object({
    name: v.string(),
    framework: v.picklist(frameworkIds),
    inputShape: sizes,
    /** The input consists of numbers of entries, below this, since an embedding reads it; null for ordinary numbers. */
    vocabulary: v.nullable(whole(1)),
    /** The last one is the output. */
    steps: v.pipe(v.array(planStepSchema), v.minLength(2), v.readonly()),
    /**
     * What the output is trained for. `classes`: logits, softmax cross-entropy; `binary`: one logit, cross-entropy;
     * `regression`: numbers, mean squared error.
     */
    output: v.object({ meaning: v.picklist(['classes', 'binary', 'regression']), units: whole(1) }),
    /** The hidden activation that the code uses most. */
    ownActivation: v.string(),
    /** Number of weights that are trained. */
    weights: whole(0),
    /** What the code does not tell and was assumed. Sentences. */
    assumptions: v.pipe(v.array(v.string()), v.readonly()),
  }),
  v.check(
    ({ steps }) => steps.every((step, at) => step.id === at && step.inputs.every((from) => from < at)),
    'A network plan has steps out of order; expected each after its inputs. Read the model again.',
  ),
);
export type NetworkPlan = v.InferOutput<typeof networkPlanSchema>;
