import type { Rank } from '../../../core/frameworks/layerSignature';
import { methodSpelling, pathSpelling } from '../../../core/frameworks/spellings';
import type { Operation, Shape, Size } from '../../../core/model/model';
import { type CallArguments, constant, list, type Value } from '../../interpret/values';
import {
  flagOf,
  type Given,
  givenBy,
  isNone,
  numberOf,
  product,
  sizeOf,
  sizesOf,
  textOf,
  unknownSize,
} from '../keras/given';
import { activationUse } from '../tracing/activation';
import {
  broadcast,
  joined,
  type Layout,
  lastSize,
  type Moment,
  type NewStep,
  newStep,
  opaqueStep,
  type Shapes,
  stepsBefore,
  type Tensor,
  tellLast,
  tensorIn,
  tensorsIn,
} from '../tracing/step';
import { clampedAs } from './clamps';
import { kindNamed } from './kinds/kinds';
import { convPlan, globalPool } from './kinds/space';
import { densePlan, embeddingPlan } from './kinds/weighted';
import { applyPlans, newLayer, type Plan, shapeList, writtenPath } from './layer';
import { flattened, permuted, reduced, reshaped, squeezed, swapped, unsqueezed } from './shapes';
import { foreign, isBatch, lastPart, type Parameter, parameterIn, readingOf, sizeValue, tensorValue } from './state';

/** A function on tensors, or a method of one: the tensor comes first. */
interface FunctionCall {
  /** As the code writes it. */
  readonly type: string;
  readonly args: CallArguments;
  readonly moment: Moment;
  /** The tensor. */
  readonly input: Tensor;
  given(...names: string[]): Given;
}

type Handler = (call: FunctionCall) => Value | undefined;

/** Numbers that stand in the code. */
export const held = ({ machine, site }: Moment, shape: Shape | undefined, type: string): Value =>
  tensorValue({
    step: newStep(
      { operation: { kind: 'opaque' }, inputs: [], type, source: site.source, certain: false, shape },
      machine,
    ).step,
    constant: true,
  });

const isHeld = (value: Value | undefined): boolean => tensorIn(value)?.constant === true;

const step = (
  { type, moment: { machine, site }, input }: FunctionCall,
  more: Partial<NewStep> & { readonly operation: Operation },
): Value =>
  tensorValue({
    ...newStep({ inputs: [input], type, source: site.source, ...more }, machine),
    ...(input.constant ? { constant: true } : {}),
  });

const rearranged = (
  call: FunctionCall,
  infer: (inputs: Shapes) => Shape | undefined,
  more: Partial<NewStep> = {},
): Value => step(call, { operation: { kind: 'rearrange' }, infer, ...more });

const opaque = (call: FunctionCall, infer?: (inputs: Shapes) => Shape | undefined): Value => {
  const inputs = [...call.args.positional, ...call.args.named.values()]
    .flatMap((value) => tensorsIn(value))
    .filter(({ constant: fixed }) => !fixed);
  if (inputs.length === 0) return held(call.moment, undefined, call.type);
  return tensorValue(opaqueStep(call.type, inputs, call.moment, infer === undefined ? {} : { infer }));
};

const same: Handler = ({ input }) => tensorValue(input);

/** Numbers of others are put into a tensor: it has the shape that it had. */
const putInto: Handler = (call) => opaque(call, () => call.input.step.shape);

/** A function of each number alone, which no theory here knows: the axes stay. */
const elementWise: Handler = (call) => {
  if (call.input.constant) return held(call.moment, call.input.step.shape, call.type);
  const others = [...call.args.positional.slice(1), ...call.args.named.values()];
  if (others.some((value) => tensorIn(value)?.constant === false || tensorsIn(value).some((each) => !each.constant)))
    return opaque(call, broadcast);
  return tensorValue(opaqueStep(call.type, [call.input], call.moment, { keeps: true }));
};

/** Axes as arguments: `(0, 2, 1)`, `0, 2, 1`, `dim=1`. */
function axesOf(values: readonly Value[]): number[] | undefined {
  const [only] = values;
  const all = values.length === 1 && only?.kind === 'list' ? only.items : values;
  const numbers = all.map(numberOf);
  return numbers.length > 0 && numbers.every((axis) => axis !== undefined) ? numbers : undefined;
}

// Reshaping

/** Sizes of a view: numbers, the batch where its size is written, −1 for what is left. */
function targetOf(values: readonly Value[]): (Size | 'batch')[] | undefined {
  const [only] = values;
  if (values.length === 1 && only?.kind === 'foreign') return undefined;
  const all = values.length === 1 && only?.kind === 'list' ? only.items : values;
  if (all.length === 0) return undefined;
  return all.map((value) => (isBatch(value) ? 'batch' : sizeOf(value)));
}

const view: Handler = (call) => {
  const { input, args } = call;
  const shapes = args.positional.slice(1);
  const target = targetOf(shapes.length > 0 ? shapes : [...args.named.values()]);
  const { shape } = input.step;
  const infer = reshaped(target);
  if (target === undefined || target.length !== 2) return rearranged(call, infer);
  const [first, second] = target;
  const rank = shape?.length;
  const width = typeof second === 'number' && second > 0 ? second : undefined;
  // (N, T, C) to (N·T, C): time joins the batch.
  const last = lastSize(input);
  if (first === -1 && rank !== undefined && rank > 2 && width !== undefined && last === width)
    return rearranged(call, infer);
  if (first === -1 && width !== undefined && rank === undefined) tellLast(input, width);
  if (rank === 2 && (first === -1 || first === 'batch')) return rearranged(call, infer, { keeps: false });
  return step(call, { operation: { kind: 'flatten' }, infer, layout: 'plain' });
};

const flatten: Handler = (call) => {
  const given = call.given('start_dim', 'end_dim');
  const start = sizeOf(given.value('start_dim'), 0);
  const end = sizeOf(given.value('end_dim'), -1);
  const whole = (start === 0 || start === 1) && end === -1;
  return step(call, {
    operation: { kind: whole ? 'flatten' : 'rearrange' },
    infer: flattened(start === 0 ? 1 : start, end),
    layout: 'plain',
  });
};

const permute: Handler = (call) => {
  const values = call.args.positional.slice(1);
  const axes = axesOf(values.length > 0 ? values : [...call.args.named.values()]);
  return rearranged(call, permuted(axes), { turnsTime: axes?.[0] === 1 && axes[1] === 0 });
};

const transpose: Handler = (call) => {
  const given = call.given('dim0', 'dim1');
  const [a, b] = [numberOf(given.value('dim0')), numberOf(given.value('dim1'))];
  return rearranged(call, swapped(a, b), { turnsTime: (a === 0 && b === 1) || (a === 1 && b === 0) });
};

const transposeLast: Handler = (call) => rearranged(call, swapped(-2, -1));

const squeeze: Handler = (call) => {
  const given = call.given('dim');
  const axis = given.value('dim');
  const { input } = call;
  return rearranged(call, squeezed(isNone(axis) ? undefined : numberOf(axis)), {
    lastInTime: input.step.lastInTime,
  });
};

const unsqueeze: Handler = (call) => rearranged(call, unsqueezed(numberOf(call.given('dim').value('dim'))));

/** `x.repeat(1, 2)`: numbers repeated. */
const repeated: Handler = (call) => rearranged(call, () => undefined);

/** `x.expand(-1, 10, 10)`: −1 leaves an axis as it is; new ones come first. */
const expanded: Handler = (call) => {
  const values = call.args.positional.slice(1);
  const target = targetOf(values.length > 0 ? values : [...call.args.named.values()]);
  return rearranged(call, ([shape]) => {
    if (shape === undefined || target === undefined) return undefined;
    const more = target.length - shape.length;
    return target.map((size, k): Size => (size === -1 || size === 'batch' ? (shape[k - more] ?? unknownSize) : size));
  });
};

/** `x.expand_as(y)`, `x.view_as(y)`: as that one is. */
const likeAnother: Handler = (call) => {
  const other = tensorIn(call.args.positional[1] ?? call.args.named.get('other'));
  if (other === undefined) return repeated(call);
  const layout = layoutAt(other);
  return rearranged(call, () => other.step.shape, layout === undefined ? {} : { layout, wants: layout });
};

// Parts

const axisLength = ({ step: { shape } }: Tensor, axis: number): Size => shape?.at(axis) ?? unknownSize;

function parts(
  call: FunctionCall,
  count: number | undefined,
  axis: number,
  size: (k: number) => Size,
  drop = false,
): Value {
  const infer =
    (k: number) =>
    ([input]: Shapes): Shape | undefined => {
      if (input === undefined) return undefined;
      const at = axis < 0 ? input.length + axis : axis;
      return drop ? input.filter((_, i) => i !== at) : input.map((each, i) => (i === at ? size(k) : each));
    };
  const part = (k: number): Value => rearranged(call, infer(k), axis === -1 && !drop ? { last: size(k) } : {});
  if (count === undefined || count > 64) return foreign('parts', { part });
  return list(
    Array.from({ length: count }, (_, k) => part(k)),
    'tuple',
  );
}

/** Parts of which nobody knows how many there are. */
export interface Parts {
  part(k: number): Value;
}

const chunk: Handler = (call) => {
  const given = call.given('chunks', 'dim');
  const count = numberOf(given.value('chunks'));
  const axis = numberOf(given.value('dim') ?? constant(0)) ?? 0;
  const whole = axis === -1 ? (lastSize(call.input) ?? unknownSize) : axisLength(call.input, axis);
  const each = typeof whole === 'number' && count !== undefined ? Math.ceil(whole / count) : unknownSize;
  return parts(call, count, axis, () => each);
};

const split: Handler = (call) => {
  const given = call.given('split_size_or_sections', 'dim');
  const value = given.value('split_size_or_sections') ?? given.value('split_size');
  const axis = numberOf(given.value('dim') ?? constant(0)) ?? 0;
  if (value?.kind === 'list') return parts(call, value.items.length, axis, (k) => sizeOf(value.items[k]));
  const whole = axis === -1 ? (lastSize(call.input) ?? unknownSize) : axisLength(call.input, axis);
  const size = sizeOf(value);
  const count = typeof whole === 'number' && typeof size === 'number' && size > 0 ? Math.ceil(whole / size) : undefined;
  return parts(call, count, axis, () => size);
};

const unbind: Handler = (call) => {
  const axis = numberOf(call.given('dim').value('dim') ?? constant(0)) ?? 0;
  const whole = axisLength(call.input, axis);
  return parts(call, typeof whole === 'number' ? whole : undefined, axis, () => unknownSize, true);
};

// Joining

const concatenated: Handler = ({ args, moment, type }) => {
  const given = givenBy(args, ['tensors', 'dim'], 'python');
  const value = given.value('tensors');
  const inputs = tensorsIn(value);
  const axis = given.value('dim') ?? given.value('axis') ?? constant(0);
  const { machine, site } = moment;
  const complete = value?.kind === 'list' && value.complete && value.items.length === inputs.length;
  if (inputs.length === 0) return undefined;
  if (inputs.every(({ constant: fixed }) => fixed)) return held(moment, undefined, type);
  // Flax and TensorFlow join the last axis, PyTorch's code the channels: which are axis 1 of (N, C, …).
  const last = numberOf(axis) === -1 ? inputs.map((input) => lastSize(input) ?? unknownSize) : undefined;
  return tensorValue(
    newStep(
      {
        operation: { kind: 'concatenate' },
        inputs,
        type,
        source: site.source,
        certain: complete,
        infer: joined(numberOf(axis)),
        last: last?.every((size) => typeof size === 'number') ? last.reduce((a, b) => a + b, 0) : undefined,
        ...layoutOfInputs(inputs),
      },
      machine,
    ),
  );
};

/** Joined tensors stand as theirs do. */
const layoutOfInputs = (inputs: readonly Tensor[]): { readonly layout?: Layout } => {
  const layout = inputs.map((input) => layoutAt(input)).find((each) => each !== undefined);
  return layout === undefined ? {} : { layout };
};

/** How a tensor's axes stand, as far as its own steps say it. */
export function layoutAt(tensor: Tensor): Layout | undefined {
  for (let { step: at } = tensor; ; at = at.inputs[0].step) {
    if (at.layout !== undefined) return at.layout;
    if (!at.keeps || at.inputs[0] === undefined) return undefined;
  }
}

// Reductions

const pooledKinds: ReadonlySet<Operation['kind']> = new Set([
  'embedding',
  'recurrent',
  'attention',
  'transformerEncoder',
  'convolution',
]);

/** True where axis 1 is time: what came before works along it. */
const hasTime = (tensor: Tensor): boolean =>
  tensor.step.shape?.length === 3 ||
  (tensor.step.shape === undefined && stepsBefore([tensor]).some(({ operation }) => pooledKinds.has(operation.kind)));

/** How many axes there are where what came before works in space and the axes stayed; undefined where nobody can tell. */
function rankOf({ step: last }: Tensor): number | undefined {
  for (let at = last; ; at = at.inputs[0].step) {
    if (at.shape !== undefined) return at.shape.length;
    if (at.operation.kind === 'convolution') return at.operation.rank + 2;
    if (at.operation.kind === 'pooling' && !at.operation.global) return at.operation.size.length + 2;
    if (!at.keeps || at.inputs[0] === undefined) return undefined;
  }
}

/** A mean or maximum over space or time is global pooling. */
const reduction =
  (mode: 'max' | 'average' | undefined): Handler =>
  (call) => {
    const given = call.given('dim', 'keepdim');
    const { input } = call;
    if (input.constant) return held(call.moment, undefined, call.type);
    const written = given.value('dim') ?? given.value('axis');
    const axes = written === undefined ? undefined : axesOf([written]);
    const keep = flagOf(given.value('keepdim'), false) === true;
    const infer = reduced(axes, keep);
    const rank = rankOf(input);
    const layout = layoutAt(input);
    const sorted = axes?.map((axis) => (axis < 0 && rank !== undefined ? rank + axis : axis)).sort((a, b) => a - b);
    const space =
      sorted !== undefined &&
      mode !== undefined &&
      ((rank !== undefined && rank > 2 && layout === 'channels' && isRange(sorted, 2, rank - 1)) ||
        (rank !== undefined &&
          rank > 2 &&
          layout !== 'channels' &&
          layout !== 'time' &&
          isRange(sorted, 1, rank - 2)) ||
        (rank === 4 && isRange(sorted, 2, 3)) ||
        (rank === undefined && (isRange(sorted, 2, 3) || isRange(sorted, -2, -1) || isRange(sorted, 2, 4))) ||
        (sorted.length === 1 && sorted[0] === (layout === 'time' ? 0 : 1) && layout !== 'channels' && hasTime(input)));
    if (!space) return opaque(call, infer);
    const channels = layout === 'channels' || (rank === 4 && sorted[0] === 2) || rank === undefined;
    const isTime = sorted.length === 1 && layout !== 'channels';
    const last = isTime ? lastSize(input) : undefined;
    return step(call, {
      operation: { kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' },
      infer: (shapes) => infer(shapes) ?? (isTime && !keep && last !== undefined ? [unknownSize, last] : undefined),
      last,
      ...(isTime ? {} : channels ? { wants: 'channels' as const } : {}),
      layout: keep && channels && !isTime ? 'channels' : 'plain',
    });
  };

const isRange = (axes: readonly number[], from: number, to: number): boolean =>
  axes.length === to - from + 1 && axes.every((axis, k) => axis === from + k);

/** `torch.max(x, 1)` has values and indices; `torch.max(x, y)` is the larger of two. */
const maximum: Handler = (call) => {
  const [, second] = call.args.positional;
  if (tensorIn(second) !== undefined) return opaque(call, broadcast);
  const value = reduction('max')(call);
  if (value === undefined) return undefined;
  if (second === undefined && !call.args.named.has('dim')) return value;
  return foreign('extremes', { values: value, indices: call.moment.machine.unknown('indices') } satisfies Extremes);
};

/** What `torch.max(x, 1)` gives: a tuple whose parts have names. */
export interface Extremes {
  readonly values: Value;
  readonly indices: Value;
}

// Products with weights

const matmul: Handler = (call) => {
  const [left, right] = call.args.positional;
  return product2(left, right, call.type, call.moment) ?? opaque(call);
};

/** x·W with a weight of the model: a dense layer without a bias. */
export function product2(
  left: Value | undefined,
  right: Value | undefined,
  type: string,
  moment: Moment,
): Value | undefined {
  const [input, weight] = [tensorIn(left), parameterIn(right)];
  if (input === undefined || weight === undefined || weight.shape?.length !== 2) return undefined;
  tellLast(input, weight.shape[0]!);
  return dense(input, weight, undefined, weight.shape[1]!, type, moment);
}

function dense(
  input: Tensor,
  weight: Parameter,
  bias: Parameter | undefined,
  units: Size,
  type: string,
  moment: Moment,
): Value {
  const plan = densePlan(units, weight, bias);
  return tensorValue(
    newStep(
      {
        operation: plan.operation([]),
        inputs: [input],
        type,
        source: moment.site.source,
        weights: weight.number,
        infer: plan.infer,
        last: units,
      },
      moment.machine,
    ),
  );
}

const linear: Handler = (call) => {
  const given = call.given('weight', 'bias');
  const [weight, bias] = [parameterIn(given.value('weight')), parameterIn(given.value('bias'))];
  if (weight?.shape === undefined) return opaque(call);
  tellLast(call.input, weight.shape[1] ?? unknownSize);
  return dense(call.input, weight, bias, weight.shape[0] ?? unknownSize, call.type, call.moment);
};

const functionalConv =
  (rank: Rank, transposed: boolean): Handler =>
  (call) => {
    const given = transposed
      ? call.given('weight', 'bias', 'stride', 'padding', 'output_padding', 'groups', 'dilation')
      : call.given('weight', 'bias', 'stride', 'padding', 'dilation', 'groups');
    const kernel = parameterIn(given.value('weight'));
    if (kernel?.shape?.length !== rank + 2) return opaque(call);
    const padding = textOf(given.value('padding'));
    const sizes = sizesOf(given.value('padding'), rank, 0);
    const plan = convPlan({
      rank,
      filters: kernel.shape[transposed ? 1 : 0]!,
      groups: sizeOf(given.value('groups'), 1),
      transposed,
      window: {
        size: kernel.shape.slice(2),
        strides: sizesOf(given.value('stride'), rank, 1),
        dilation: sizesOf(given.value('dilation'), rank, 1),
        padding: padding === 'same' || padding === 'valid' ? padding : sizes.every((p) => p === 0) ? 'valid' : sizes,
      },
      extra: sizesOf(given.value('output_padding'), rank, 0),
      kernel,
      bias: parameterIn(given.value('bias')),
    });
    return fromPlan(call, plan, kernel.number);
  };

const embedding: Handler = (call) => {
  const weight = parameterIn(call.given('weight').value('weight'));
  const [entries, units] = weight?.shape ?? [];
  if (weight === undefined || entries === undefined || units === undefined) return opaque(call);
  return fromPlan(call, embeddingPlan(entries, units, weight), weight.number);
};

function fromPlan(call: FunctionCall, plan: Plan, weights?: number): Value {
  const { input } = call;
  return step(call, {
    operation: plan.operation([input.step.shape]),
    infer: plan.infer,
    last: plan.last,
    layout: plan.layout,
    wants: plan.wants,
    keeps: plan.keeps ?? false,
    ...(weights === undefined ? {} : { weights }),
  });
}

// Layers as functions

/** `F.max_pool2d(x, 2)` as `nn.MaxPool2d(2)` on x. */
const asLayer =
  (name: string): Handler =>
  (call) => {
    const kind = kindNamed(name);
    const { args, moment, input, type } = call;
    const [, ...positional] = args.positional;
    const sources = new Map(
      [...args.sources].map(([key, range]) => [typeof key === 'number' ? key - 1 : key, range] as const),
    );
    const made = newLayer(`torch.nn.${name}`, kind, { ...args, positional, sources }, moment);
    return tensorValue(applyPlans({ ...made, type, name: undefined }, [input], moment));
  };

/** Normalisation: weights and sizes do not matter here. */
const normalised =
  (over: 'batch' | 'layer' | 'group' | 'instance' | 'rms'): Handler =>
  (call) =>
    step(call, { operation: { kind: 'normalisation', over }, keeps: true });

const dropout =
  (variant: 'plain' | 'spatial' | 'alpha'): Handler =>
  (call) => {
    const given = call.given('p', 'training');
    if (flagOf(given.value('training'), true) === false) return tensorValue(call.input);
    return step(call, { operation: { kind: 'dropout', rate: sizeOf(given.value('p'), 0.5), variant }, keeps: true });
  };

// Arithmetic

const arithmetic =
  (operator: string): Handler =>
  ({ args, moment, type }) => {
    const [left, right = args.named.get('other')] = args.positional;
    return left === undefined || right === undefined ? undefined : operate(operator, [left, right], moment, type);
  };

/** Whether a value is a number, or data that the model does not make. */
const isFixed = (value: Value): boolean =>
  value.kind === 'constant' ||
  parameterIn(value) !== undefined ||
  isHeld(value) ||
  (value.kind === 'unknown' && value.symbols.length > 0);

/** `x + y`, `-x`, `x @ w`. */
export function operate(
  operator: string,
  operands: readonly Value[],
  moment: Moment,
  type?: string,
): Value | undefined {
  const { machine, site } = moment;
  const [left, right] = operands;
  const [a, b] = [tensorIn(left), tensorIn(right)];
  const written = type ?? machine.text(site.source).slice(0, 40);
  if (operands.length === 1) {
    if (a === undefined) return held(moment, undefined, written);
    if (operator === '-') return scaled(a, written, moment);
    return undefined;
  }
  if (['<', '>', '<=', '>=', '==', '!='].includes(operator) || left === undefined || right === undefined)
    return undefined;
  if (operator === '@') {
    const multiplied = product2(left, right, '@', moment);
    return multiplied ?? opaqueStepOf(operands, '@', moment);
  }
  if ((a === undefined || a.constant) && (b === undefined || b.constant)) {
    return a === undefined && b === undefined ? undefined : heldOf(operands, written, moment);
  }
  if (a !== undefined && b !== undefined && !a.constant && !b.constant) {
    if (operator === '+' || operator === '-') return binary('add', [a, b], written, moment);
    if (operator === '*') return binary('multiply', [a, b], written, moment);
    return opaqueStepOf(operands, written, moment);
  }
  const [tensor, other] = a !== undefined && !a.constant ? [a, right] : [b!, left];
  if (!['+', '-', '*', '/'].includes(operator) || (operator === '/' && tensor !== a))
    return opaqueStepOf(operands, written, moment);
  if (isFixed(other)) {
    const bias = operator === '+' ? parameterIn(other) : undefined;
    const shape = parameterIn(other)?.shape ?? (isHeld(other) ? tensorIn(other)?.step.shape : undefined);
    const isOpen = shape === undefined && (parameterIn(other) !== undefined || isHeld(other));
    return (
      (bias && withBias(tensor, bias, moment)) ??
      scaled(tensor, written, moment, shape ?? (isOpen ? 'open' : undefined))
    );
  }
  return opaqueStepOf(operands, written, moment);
}

function heldOf(operands: readonly Value[], type: string, moment: Moment): Value {
  const shapes = operands.map((value) => tensorIn(value)?.step.shape).filter((shape) => shape !== undefined);
  return held(moment, shapes.length === 0 ? undefined : broadcast(shapes), type);
}

const opaqueStepOf = (operands: readonly Value[], type: string, moment: Moment): Value => {
  const inputs = operands.flatMap((value) => tensorsIn(value)).filter(({ constant: fixed }) => !fixed);
  return inputs.length === 0
    ? held(moment, undefined, type)
    : tensorValue(opaqueStep(type, inputs, moment, { infer: broadcast }));
};

/** x·W + b, where the step before is x·W. */
function withBias({ step: before }: Tensor, bias: Parameter, { machine, site }: Moment): Value | undefined {
  const { operation } = before;
  if (operation.kind !== 'dense' || operation.bias !== null || bias.shape?.length !== 1) return undefined;
  // A longer one is no bias of the layer: the units are repeated.
  const [units] = bias.shape;
  if (typeof units === 'number' && typeof operation.units === 'number' && units !== operation.units) return undefined;
  return tensorValue(
    newStep({ ...before, operation: { ...operation, bias: bias.initialization }, source: site.source }, machine),
  );
}

const binary = (kind: 'add' | 'multiply', inputs: readonly Tensor[], type: string, { machine, site }: Moment): Value =>
  tensorValue(
    newStep(
      { operation: { kind }, inputs, type, source: site.source, infer: broadcast, keeps: true, last: undefined },
      machine,
    ),
  );

/** Of a tensor after what nobody knows the shape of: an axis of length 1 may have been repeated. */
const maybeRepeated = (shape: Shape): Shape => shape.map((size, k) => (k > 0 && size === 1 ? unknownSize : size));

/** @param by shape of what it is multiplied with or shifted by: a larger one repeats numbers */
const scaled = (tensor: Tensor, type: string, { machine, site }: Moment, by?: Shape | 'open'): Value => ({
  ...tensorValue({
    ...newStep(
      {
        operation: { kind: 'scale' },
        inputs: [tensor],
        type,
        source: site.source,
        // Where the last axis may be repeated, it is not the input's any more.
        keeps: !(by === 'open' && lastSize(tensor) === 1),
        ...(by === undefined
          ? {}
          : {
              infer: ([shape]) => shape && (by === 'open' ? maybeRepeated(shape) : broadcast([shape, by])),
              last: undefined,
            }),
      },
      machine,
    ),
    ...(tensor.constant ? { constant: true } : {}),
  }),
});

// Tensors that stand in the code

const makers: ReadonlySet<string> = new Set(
  'zeros ones randn rand empty full eye arange linspace tensor as_tensor from_numpy FloatTensor Tensor LongTensor randint normal tril triu'.split(
    ' ',
  ),
);
const alikeMakers = /^(zeros|ones|randn|rand|empty|full)_like$/;

function made(name: string, args: CallArguments, moment: Moment): Value {
  const sizes = args.named.get('size') === undefined ? args.positional : [args.named.get('size')!];
  const [only] = sizes;
  const isTensorClass = /Tensor$/.test(name);
  // `torch.FloatTensor(data)` holds the data; `torch.FloatTensor(2, 3)` has that shape.
  const isSize = (value: Value): boolean =>
    sizes.length > 1 || typeof sizeOf(value) === 'number' || (value.kind === 'unknown' && value.symbols.length > 0);
  const hasSizes = isTensorClass
    ? sizes.every((value) => value.kind !== 'list' && isSize(value))
    : ['zeros', 'ones', 'randn', 'rand', 'empty'].includes(name);
  if (hasSizes) {
    const all = sizes.length === 1 && only?.kind === 'list' ? only.items : sizes;
    // One value that is not known may be a number or a tuple.
    const open =
      only === undefined || only.kind === 'foreign' || (sizes.length === 1 && !isSize(only) && only.kind !== 'list');
    return held(moment, open ? undefined : all.map((value) => sizeOf(value)), name);
  }
  if (name === 'full' || name === 'randint' || name === 'normal') {
    const shape = [...args.positional, ...args.named.values()].find((value) => value.kind === 'list');
    return held(moment, shape?.kind === 'list' ? shape.items.map((value) => sizeOf(value)) : undefined, name);
  }
  const [first] = args.positional;
  const shape = first?.kind === 'list' ? nestedShape(first) : tensorIn(first)?.step.shape;
  return held(moment, shape, name);
}

/** Sizes of nested lists: `torch.tensor([[1., 2.]])` is (1, 2). */
function nestedShape(value: Value, depth = 0): Shape | undefined {
  // What nobody knows may be a row as well as a number.
  if (value.kind === 'unknown') return undefined;
  if (value.kind !== 'list' || depth > 6) return [];
  const [first] = value.items;
  const inner = first === undefined ? [] : nestedShape(first, depth + 1);
  return inner && [value.complete ? value.items.length : unknownSize, ...inner];
}

const handlers: Readonly<Record<string, Handler>> = {
  view,
  reshape: view,
  flatten,
  ravel: flatten,
  permute,
  transpose,
  swapaxes: transpose,
  swapdims: transpose,
  movedim: (call) => rearranged(call, () => undefined),
  t: transposeLast,
  squeeze,
  unsqueeze,
  unflatten: (call) => rearranged(call, () => undefined),
  view_as: likeAnother,
  reshape_as: likeAnother,
  expand: expanded,
  expand_as: likeAnother,
  repeat: repeated,
  repeat_interleave: repeated,
  tile: repeated,
  roll: (call) => rearranged(call, ([shape]) => shape, { keeps: true }),
  flip: (call) => rearranged(call, ([shape]) => shape, { keeps: true }),
  narrow: repeated,
  select: repeated,
  index_select: repeated,
  gather: repeated,
  chunk,
  split,
  tensor_split: chunk,
  unbind,
  cat: concatenated,
  concat: concatenated,
  concatenate: concatenated,
  hstack: (call) => concatenated({ ...call, args: { ...call.args, named: new Map([['dim', constant(1)]]) } }),
  stack: (call) => stackedOf(call),
  mean: reduction('average'),
  amax: reduction('max'),
  max: maximum,
  min: (call) => (call.args.positional.length === 1 && call.args.named.size === 0 ? opaque(call) : undefined),
  sum: reduction(undefined),
  norm: reduction(undefined),
  ...Object.fromEntries(
    'exp exp2 expm1 log log2 log10 log1p sqrt rsqrt square pow abs absolute sign sin cos tan sinh cosh reciprocal neg negative clamp clip clamp_min clamp_max erf lgamma floor ceil round trunc nan_to_num masked_fill normalize cumsum softmin where'
      .split(' ')
      .map((name) => [name, elementWise] as const),
  ),
  scatter: putInto,
  scatter_add: putInto,
  scatter_reduce: putInto,
  index_fill: putInto,
  index_add: putInto,
  index_copy: putInto,
  masked_scatter: putInto,
  fill: putInto,
  matmul,
  mm: matmul,
  bmm: matmul,
  linear,
  conv1d: functionalConv(1, false),
  conv2d: functionalConv(2, false),
  conv3d: functionalConv(3, false),
  conv_transpose1d: functionalConv(1, true),
  conv_transpose2d: functionalConv(2, true),
  conv_transpose3d: functionalConv(3, true),
  embedding,
  dropout: dropout('plain'),
  dropout1d: dropout('spatial'),
  dropout2d: dropout('spatial'),
  dropout3d: dropout('spatial'),
  alpha_dropout: dropout('alpha'),
  feature_alpha_dropout: dropout('alpha'),
  batch_norm: normalised('batch'),
  layer_norm: normalised('layer'),
  group_norm: normalised('group'),
  instance_norm: normalised('instance'),
  rms_norm: normalised('rms'),
  add: arithmetic('+'),
  sub: arithmetic('-'),
  subtract: arithmetic('-'),
  mul: arithmetic('*'),
  multiply: arithmetic('*'),
  div: arithmetic('/'),
  divide: arithmetic('/'),
  true_divide: arithmetic('/'),
  pad: asLayer('ZeroPad2d'),
  interpolate: asLayer('Upsample'),
  upsample: asLayer('Upsample'),
  pixel_shuffle: asLayer('PixelShuffle'),
  pixel_unshuffle: asLayer('PixelUnshuffle'),
  ...Object.fromEntries(
    ([1, 2, 3] as const).flatMap((rank): (readonly [string, Handler])[] => [
      [`max_pool${rank}d`, asLayer(`MaxPool${rank}d`)],
      [`avg_pool${rank}d`, asLayer(`AvgPool${rank}d`)],
      [`adaptive_avg_pool${rank}d`, asLayer(`AdaptiveAvgPool${rank}d`)],
      [`adaptive_max_pool${rank}d`, asLayer(`AdaptiveMaxPool${rank}d`)],
    ]),
  ),
  ...Object.fromEntries(
    'contiguous clone detach to cuda cpu float double half bfloat16 type long int bool requires_grad_ retain_grad data type_as identity squeeze_ unsqueeze_ numpy log_ item pin_memory checkpoint_name'
      .split(' ')
      .map((name) => [name, same] as const),
  ),
};

function stackedOf(call: FunctionCall): Value | undefined {
  const given = givenBy(call.args, ['tensors', 'dim'], 'python');
  const inputs = tensorsIn(given.value('tensors'));
  if (inputs.length === 0) return undefined;
  if (inputs.every(({ constant: fixed }) => fixed)) return held(call.moment, undefined, call.type);
  const certain = given.value('tensors')?.kind === 'list';
  const { machine, site } = call.moment;
  return tensorValue(
    newStep({ operation: { kind: 'concatenate' }, inputs, type: call.type, source: site.source, certain }, machine),
  );
}

/** Methods that give the same numbers, and the other half of in-place ones. */
const canonical = (name: string): string => (Object.hasOwn(handlers, name) ? name : name.replace(/_$/, ''));

/** Functions whose result nobody derives through. */
const discarded =
  /^(argmax|argmin|topk|sort|argsort|eq|ne|gt|lt|ge|le|no_grad|backward|manual_seed|save|load|set_grad_enabled|is_tensor|numel|dim|ndimension|device|unique|multinomial|bernoulli)$/;

function activated(
  path: string | undefined,
  method: string,
  args: CallArguments,
  moment: Moment,
  type: string,
  input: Tensor,
): Value | undefined {
  const spelling = path === undefined ? methodSpelling('torch', method) : pathSpelling(path, 'python');
  if (spelling === undefined || spelling.form === 'layer') return undefined;
  // A method's tensor stands before the dot.
  const own = path === undefined ? { ...args, positional: args.positional.slice(1) } : args;
  const { use, certain, symbols } = activationUse(spelling, own, type, moment.site.source);
  return tensorValue({
    ...newStep(
      {
        operation: { kind: 'activation', activation: use },
        inputs: [input],
        type,
        source: moment.site.source,
        certain,
        symbols,
        keeps: use.notElementWise !== 'glu',
      },
      moment.machine,
    ),
    ...(input.constant ? { constant: true } : {}),
  });
}

/** A function of torch on tensors; undefined where no tensor is among its arguments. */
export function callFunction(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const name = lastPart(path);
  if (/^torch\.\w+$/.test(path) && makers.has(name) && tensorIn(args.positional[0])?.constant !== false) {
    if (makers.has(name) && !(name === 'tril' || name === 'triu')) return made(name, args, moment);
  }
  if (/^torch\.\w+$/.test(path) && alikeMakers.test(name)) {
    return held(moment, tensorIn(args.positional[0])?.step.shape, name);
  }
  if (!/^torch\.(\w+|nn\.functional\.\w+|special\.\w+|linalg\.\w+)$/.test(path)) return undefined;
  return applyFunction(name, path, args, moment, writtenPath(path));
}

/** A method of a tensor: `x.view(…)`, `x.relu()`. */
export const callMethod = (tensor: Tensor, name: string, args: CallArguments, moment: Moment): Value | undefined => {
  const { machine } = moment;
  const { shape } = tensor.step;
  if (name === 'size') {
    const [axis = args.named.get('dim')] = args.positional;
    const at = numberOf(axis);
    return axis === undefined ? shapeOf(tensor, moment) : at === undefined ? undefined : sizeAt(tensor, at, moment);
  }
  if (name === 'dim' || name === 'ndimension') return shape === undefined ? undefined : constant(shape.length);
  if (name === 'numel') return shape === undefined ? undefined : sizeValue(product(shape), machine);
  if (name.startsWith('new_')) return held(moment, undefined, name);
  const positional: Value[] = [tensorValue(tensor), ...args.positional];
  const sources = new Map(
    [...args.sources].map(([key, range]) => [typeof key === 'number' ? key + 1 : key, range] as const),
  );
  return applyFunction(name, undefined, { ...args, positional, sources }, moment, name);
};

function applyFunction(
  name: string,
  path: string | undefined,
  args: CallArguments,
  moment: Moment,
  type: string,
): Value | undefined {
  const all = [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value));
  const [first] = args.positional;
  const input = tensorIn(first) ?? tensorsIn(first)[0] ?? all[0];
  const weight = parameterIn(first);
  if (input === undefined) {
    return weight === undefined ? undefined : held(moment, undefined, type);
  }
  if (discarded.test(name)) return undefined;
  const call: FunctionCall = {
    type,
    args,
    moment,
    input,
    given: (...names) => givenBy(args, ['input', ...names], 'python'),
  };
  const known = canonical(name);
  const handler = Object.hasOwn(handlers, known) ? handlers[known] : undefined;
  const clamp = clampedAs(known, args);
  return (
    (clamp === undefined
      ? activated(path, name, args, moment, type, input)
      : activated(
          clamp,
          name,
          { ...args, positional: args.positional.slice(0, 1), named: new Map() },
          moment,
          type,
          input,
        )) ??
    handler?.(call) ??
    opaque(call)
  );
}

/** One size: `x.size(0)`, `x.shape[1]`. */
export function sizeAt(tensor: Tensor, axis: number, { machine }: Moment): Value {
  const { shape } = tensor.step;
  const size = shape?.at(axis) ?? (axis === -1 ? lastSize(tensor) : undefined) ?? unknownSize;
  const position = axis < 0 && shape !== undefined ? shape.length + axis : axis;
  return sizeValue(size, machine, position);
}

/** A tensor's shape; where not even the rank is known, an object that gives as many sizes as are asked for. */
export const shapeOf = (tensor: Tensor, { machine }: Moment): Value =>
  tensor.step.shape === undefined
    ? foreign('shape', { tensor, from: 0 } satisfies OpenShape)
    : shapeList(tensor.step.shape, machine, true);

/** The shape of a tensor of unknown rank, from an axis on. */
export interface OpenShape {
  readonly tensor: Tensor;
  readonly from: number;
}

/** A part of a tensor: `x[:, -1]`, `x[0]`, `x[..., :3]`. */
export function indexed(tensor: Tensor, index: Value | undefined, moment: Moment): Value {
  const { machine, site } = moment;
  const keys = index?.kind === 'list' ? index.items : index === undefined ? [] : [index];
  const layout = layoutAt(tensor);
  const infer = ([shape]: Shapes): Shape | undefined => sliced(shape, keys);
  const isLast = (value: Value | undefined) => numberOf(value) === -1;
  const rest = keys.slice(1).every(isSlice);
  const lastInTime =
    tensor.step.lastInTime ||
    (layout === 'time' ? isLast(keys[0]) && rest : isSlice(keys[0]) && isLast(keys[1]) && keys.slice(2).every(isSlice));
  return tensorValue({
    ...newStep(
      {
        operation: { kind: 'rearrange' },
        inputs: [tensor],
        type: `[${keys.map((key) => (key.kind === 'constant' ? String(key.value) : ':')).join(', ')}]`,
        source: site.source,
        infer,
        lastInTime: lastInTime && stepsBefore([tensor]).some(({ operation }) => operation.kind === 'recurrent'),
        last: keepsLast(keys, tensor) ? lastSize(tensor) : undefined,
        ...(layout === 'channels' && keys.every(isSlice) ? { layout } : {}),
      },
      machine,
    ),
    ...(tensor.constant ? { constant: true } : {}),
  });
}

const isSlice = (value: Value | undefined): boolean => value?.kind === 'unknown' && value.text.includes(':');
const isWhole = (value: Value | undefined): boolean => value?.kind === 'unknown' && /^\s*:\s*$/.test(value.text);

/** True where the last axis is not touched. */
function keepsLast(keys: readonly Value[], { step: { shape } }: Tensor): boolean {
  if (keys.some((key) => key.kind === 'unknown' && key.text === '...')) return isWhole(keys.at(-1));
  if (shape === undefined) return keys.length < 3 && keys.every((key) => key.kind === 'constant' || isSlice(key));
  return keys.length < shape.length || isWhole(keys.at(-1));
}

function sliced(shape: Shape | undefined, keys: readonly Value[]): Shape | undefined {
  if (shape === undefined || keys.some((key) => key.kind === 'unknown' && key.text === '...')) return undefined;
  const result: Size[] = [];
  let axis = 0;
  for (const key of keys) {
    if (key.kind === 'constant' && key.value === null) result.push(1);
    else if (key.kind === 'constant' && typeof key.value === 'number') axis++;
    else if (isSlice(key))
      result.push(
        isWhole(key) ? (shape[axis++] ?? unknownSize) : slicedSize(shape[axis++], (key as { text: string }).text),
      );
    else return undefined;
  }
  return [...result, ...shape.slice(axis)];
}

function slicedSize(size: Size | undefined, text: string): Size {
  const [, start = '', stop = ''] = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.exec(text) ?? [];
  if (!/^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.test(text)) return unknownSize;
  const from = start === '' ? 0 : Number(start);
  if (typeof size === 'number') {
    const at = (n: number) => Math.max(0, Math.min(size, n < 0 ? size + n : n));
    return Math.max(0, (stop === '' ? size : at(Number(stop))) - at(from));
  }
  return from === 0 && stop !== '' && Number(stop) > 0 ? unknownSize : unknownSize;
}

export { globalPool, readingOf };
