import { pathSpelling } from '../../../core/frameworks/spellings';
import type { Operation, Shape, Size } from '../../../core/model/model';
import { moduleCall } from '../../interpret/modules';
import { type CallArguments, constant, list, type Value } from '../../interpret/values';
import { flagOf, type Given, givenBy, isNone, numberOf, product, sizeOf, textOf, unknownSize } from '../keras/given';
import { permuted, reduced, reshaped, squeezed, swapped, unsqueezed } from '../torch/shapes';
import { activationUse } from '../tracing/activation';
import {
  broadcast,
  joined,
  lastSize,
  type Moment,
  type NewStep,
  newStep,
  opaqueStep,
  plus,
  type Shapes,
  stepsBefore,
  type Tensor,
  tellLast,
  tensorIn,
  tensorsIn,
} from '../tracing/step';
import { kindIn } from './kinds/kinds';
import { densePlan } from './kinds/weighted';
import { applyPlans, newLayer, writtenPath } from './layer';
import { axisOf, foreign, lastPart, parameterIn, sizeValue, tensorValue } from './state';

/** A function on arrays, or a method of one: the array comes first. */
interface FunctionCall {
  /** As the code writes it. */
  readonly type: string;
  readonly args: CallArguments;
  readonly moment: Moment;
  readonly input: Tensor;
  given(...names: string[]): Given;
}

type Handler = (call: FunctionCall) => Value | undefined;

const fixed = (tensor: Tensor | undefined): boolean => tensor?.constant === true;

const withFixed = (tensor: Tensor, like: Tensor): Value =>
  tensorValue(fixed(like) ? { ...tensor, constant: true } : tensor);

/** Numbers that stand in the code. */
export const held = ({ machine, site }: Moment, shape: Shape | undefined, type: string): Value =>
  tensorValue({
    ...newStep(
      { operation: { kind: 'opaque' }, inputs: [], type, source: site.source, certain: false, shape },
      machine,
    ),
    constant: true,
  });

const step = (
  { type, moment: { machine, site }, input }: FunctionCall,
  more: Partial<NewStep> & { readonly operation: Operation },
): Value => withFixed(newStep({ inputs: [input], type, source: site.source, ...more }, machine), input);

const rearranged = (
  call: FunctionCall,
  infer: (inputs: Shapes) => Shape | undefined,
  more: Partial<NewStep> = {},
): Value => step(call, { operation: { kind: 'rearrange' }, infer, ...more });

const movingTensors = (args: CallArguments): Tensor[] =>
  [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value)).filter((each) => !fixed(each));

const opaque = (call: FunctionCall, infer?: (inputs: Shapes) => Shape | undefined): Value => {
  const inputs = movingTensors(call.args);
  if (inputs.length === 0) return held(call.moment, undefined, call.type);
  return tensorValue(opaqueStep(call.type, inputs, call.moment, infer === undefined ? {} : { infer }));
};

const same: Handler = ({ input }) => tensorValue(input);

/** A function of each number alone, which no theory here knows: the axes stay. */
const elementWise: Handler = (call) => {
  if (fixed(call.input)) return held(call.moment, call.input.step.shape, call.type);
  if (movingTensors(call.args).length > 1) return opaque(call, broadcast);
  return tensorValue(opaqueStep(call.type, [call.input], call.moment, { keeps: true }));
};

/** Axes as arguments: `(0, 2, 1)`, `0, 2, 1`. */
function axesOf(values: readonly Value[]): number[] | undefined {
  const [only] = values;
  const all = values.length === 1 && only?.kind === 'list' ? only.items : values;
  const numbers = all.map(numberOf);
  return numbers.length > 0 && numbers.every((axis) => axis !== undefined) ? numbers : undefined;
}

/** Sizes of a reshape: numbers, the batch where its size is written, −1 for what is left. */
function targetOf(values: readonly Value[]): (Size | 'batch')[] | undefined {
  const [only] = values;
  // One value that is not known may be a number or a whole shape.
  if (only === undefined || (values.length === 1 && (only.kind === 'foreign' || only.kind === 'unknown')))
    return undefined;
  if (values.length === 1 && only.kind === 'list' && !only.complete) return undefined;
  const all = values.length === 1 && only.kind === 'list' ? only.items : values;
  return all.map((value) => (axisOf(value) === 0 ? 'batch' : sizeOf(value)));
}

/** How many axes there are; undefined where nobody can tell. */
function rankOf({ step: last }: Tensor): number | undefined {
  for (let at = last; ; at = at.inputs[0].step) {
    if (at.shape !== undefined) return at.shape.length;
    if (at.operation.kind === 'convolution') return at.operation.rank + 2;
    if (at.operation.kind === 'pooling' && !at.operation.global) return at.operation.size.length + 2;
    if (!at.keeps || at.inputs[0] === undefined) return undefined;
  }
}

const reshape: Handler = (call) => {
  const { input, args } = call;
  const shapes = args.positional.slice(1);
  const target = targetOf(shapes.length > 0 ? shapes : [...args.named.values()]);
  const infer = reshaped(target);
  const rank = rankOf(input);
  // Of one example: everything becomes one axis.
  if (target?.length === 1 && target[0] === -1) return whole(call, rank);
  if (target?.length !== 2) return rearranged(call, infer);
  const [first, second] = target;
  const width = typeof second === 'number' && second > 0 ? second : undefined;
  // (N, T, C) to (N·T, C): time joins the batch.
  if (first === -1 && rank !== undefined && rank > 2 && width !== undefined && lastSize(input) === width)
    return rearranged(call, infer);
  if (first === -1 && width !== undefined && rank === undefined) tellLast(input, width);
  const keepsBatch = first === -1 || first === 'batch' || typeof first === 'object' || second === -1;
  if (rank === 2 || !keepsBatch) return rearranged(call, infer);
  return step(call, { operation: { kind: 'flatten' }, infer });
};

/** `x.reshape(-1)`, `jnp.ravel(x)` are of one example, or take away a last axis of one number. */
const whole = (call: FunctionCall, rank: number | undefined): Value => {
  if (rank !== undefined && rank < 3)
    return rearranged(call, ([shape]) => (shape?.at(-1) === 1 ? shape.slice(0, 1) : undefined));
  return step(call, {
    operation: { kind: 'flatten' },
    infer: ([shape]) => shape && [shape[0]!, product(shape.slice(1))],
  });
};

const ravel: Handler = (call) => whole(call, rankOf(call.input));

const transpose: Handler = (call) => {
  const values = [...call.args.positional.slice(1), ...call.args.named.values()];
  const axes = axesOf(values);
  if (values.length === 0 || isNone(values[0]))
    return rearranged(call, ([shape]) => shape?.toReversed(), { turnsTime: rankOf(call.input) === 2 });
  return rearranged(call, permuted(axes), { turnsTime: axes?.[0] === 1 && axes[1] === 0 });
};

const swapaxes: Handler = (call) => {
  const given = call.given('axis1', 'axis2');
  const [a, b] = [numberOf(given.value('axis1')), numberOf(given.value('axis2'))];
  return rearranged(call, swapped(a, b), { turnsTime: (a === 0 && b === 1) || (a === 1 && b === 0) });
};

const squeeze: Handler = (call) => {
  const axis = call.given('axis').value('axis');
  return rearranged(call, squeezed(isNone(axis) ? undefined : numberOf(axis)), {
    lastInTime: call.input.step.lastInTime,
  });
};

const expand: Handler = (call) => rearranged(call, unsqueezed(numberOf(call.given('axis').value('axis'))));

/** Numbers repeated, taken out or put elsewhere. */
const moved: Handler = (call) => rearranged(call, () => undefined);

const concatenate: Handler = ({ args, moment, type }) => {
  const given = givenBy(args, ['arrays', 'axis'], 'python');
  const value = given.value('arrays');
  const inputs = tensorsIn(value);
  const axis = given.value('axis') ?? constant(0);
  const { machine, site } = moment;
  if (inputs.length === 0) return undefined;
  if (inputs.every(fixed)) return held(moment, undefined, type);
  const complete = value?.kind === 'list' && value.complete && value.items.length === inputs.length;
  const at = numberOf(axis);
  const last = at === -1 ? inputs.map((input) => lastSize(input) ?? unknownSize).reduce(plus) : undefined;
  return tensorValue(
    newStep(
      {
        operation: { kind: 'concatenate' },
        inputs,
        type,
        source: site.source,
        certain: complete,
        infer: joined(at),
        last,
      },
      machine,
    ),
  );
};

const stack: Handler = ({ args, moment, type }) => {
  const value = args.positional[0] ?? args.named.get('arrays');
  const inputs = tensorsIn(value);
  if (inputs.every(fixed)) return held(moment, undefined, type);
  const { machine, site } = moment;
  const certain = value?.kind === 'list' && value.complete && value.items.length === inputs.length;
  return tensorValue(
    newStep({ operation: { kind: 'concatenate' }, inputs, type, source: site.source, certain }, machine),
  );
};

/** Parts of which nobody knows how many there are. */
export interface Parts {
  part(k: number): Value;
}

const split: Handler = (call) => {
  const given = call.given('indices_or_sections', 'axis');
  const sections = given.value('indices_or_sections');
  const axis = numberOf(given.value('axis') ?? constant(0)) ?? 0;
  const starts = sections?.kind === 'list' && sections.complete ? sections.items.map(numberOf) : undefined;
  const count = starts === undefined ? numberOf(sections) : starts.length + 1;
  const size = (k: number, all: Size | undefined): Size => {
    if (starts === undefined) return typeof all === 'number' && count !== undefined ? all / count : unknownSize;
    const [from, to] = [k === 0 ? 0 : starts[k - 1], k === starts.length ? all : starts[k]];
    return typeof from === 'number' && typeof to === 'number' ? to - from : unknownSize;
  };
  const part = (k: number): Value =>
    rearranged(
      call,
      ([input]) => {
        const at = input !== undefined && axis < 0 ? input.length + axis : axis;
        return input?.map((each, i) => (i === at ? size(k, each) : each));
      },
      axis === -1 ? { last: size(k, lastSize(call.input)) } : {},
    );
  if (count === undefined || count > 64) return foreign('parts', { part } satisfies Parts);
  return list(
    Array.from({ length: count }, (_, k) => part(k)),
    'list',
  );
};

const alongTime: ReadonlySet<Operation['kind']> = new Set(['embedding', 'recurrent', 'attention']);

const isRange = (axes: readonly number[], from: number, to: number): boolean =>
  to >= from && axes.length === to - from + 1 && axes.every((axis, k) => axis === from + k);

/** A mean or maximum over space or time is global pooling. */
const reduction =
  (mode: 'max' | 'average' | undefined): Handler =>
  (call) => {
    const { input } = call;
    if (fixed(input)) return held(call.moment, undefined, call.type);
    const given = call.given('axis');
    const written = given.value('axis');
    const axes = isNone(written) ? undefined : axesOf([written!]);
    const keep = flagOf(call.args.named.get('keepdims'), false) === true;
    const infer = reduced(axes, keep);
    const rank = rankOf(input);
    const sorted = axes?.map((axis) => (axis < 0 && rank !== undefined ? rank + axis : axis)).sort((a, b) => a - b);
    const isTime = rank === undefined && stepsBefore([input]).some(({ operation }) => alongTime.has(operation.kind));
    const space =
      sorted !== undefined &&
      ((rank !== undefined && isRange(sorted, 1, rank - 2)) ||
        (rank === undefined && (isRange(sorted, 1, 2) || isRange(sorted, -3, -2) || isRange(sorted, 1, 3))) ||
        (isTime && isRange(sorted, 1, 1)));
    if (!space || mode === undefined) return opaque(call, infer);
    const last = lastSize(input);
    return step(call, {
      operation: { kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' },
      infer: (shapes) => infer(shapes) ?? (!keep && last !== undefined ? [unknownSize, last] : undefined),
      last,
    });
  };

/** x·W with a weight of the module: a dense layer without a bias. */
function multiplied(
  left: Value | undefined,
  right: Value | undefined,
  type: string,
  moment: Moment,
): Value | undefined {
  const [input, weight] = [tensorIn(left), parameterIn(right)];
  if (input === undefined || fixed(input) || weight?.shape?.length !== 2) return undefined;
  const [inputs, units] = weight.shape as [Size, Size];
  tellLast(input, inputs);
  const plan = densePlan(units, weight.initialization, null);
  const { machine, site } = moment;
  return tensorValue(
    newStep(
      {
        operation: plan.operation([]),
        inputs: [input],
        type,
        source: site.source,
        weights: weight.number,
        infer: plan.infer,
        last: units,
      },
      machine,
    ),
  );
}

const dot: Handler = (call) => {
  const [left, right] = call.args.positional;
  return multiplied(left, right, call.type, call.moment) ?? opaque(call);
};

const isZero = (value: Value | undefined): boolean => numberOf(value) === 0;

/** `jnp.maximum(x, 0)` is a ReLU. */
const maximum: Handler = (call) => {
  const [left, right] = call.args.positional;
  const isRelu = (tensorIn(left) !== undefined && isZero(right)) || (tensorIn(right) !== undefined && isZero(left));
  if (!isRelu) return movingTensors(call.args).length > 1 ? opaque(call, broadcast) : elementWise(call);
  const spelling = pathSpelling('jax.nn.relu', 'python')!;
  const { use } = activationUse(spelling, undefined, call.type, call.moment.site.source);
  return step(call, { operation: { kind: 'activation', activation: use }, keeps: true });
};

/** Classes as vectors with a 1. */
const oneHot: Handler = (call) => {
  const units = sizeOf(call.given('num_classes').value('num_classes'));
  return rearranged(call, ([shape]) => shape && [...shape, units], { last: units });
};

/** `nn.max_pool(x, (2, 2))`, as a layer. */
const pooling =
  (name: 'max_pool' | 'avg_pool'): Handler =>
  ({ args, moment, input, type }) => {
    const made = newLayer(`flax.linen.${name}`, kindIn('linen', name), args, moment);
    return withFixed(applyPlans({ ...made, type, name: undefined }, [input], moment), input);
  };

const arithmetic =
  (operator: string): Handler =>
  ({ args, moment, type }) =>
    operate(operator, args.positional, moment, type);

const handlers: Readonly<Record<string, Handler>> = {
  reshape,
  ravel,
  flatten: ravel,
  transpose,
  permute_dims: transpose,
  swapaxes,
  moveaxis: moved,
  squeeze,
  expand_dims: expand,
  concatenate,
  concat: concatenate,
  stack,
  split,
  array_split: split,
  mean: reduction('average'),
  max: reduction('max'),
  amax: reduction('max'),
  sum: reduction(undefined),
  dot,
  matmul: dot,
  maximum,
  one_hot: oneHot,
  max_pool: pooling('max_pool'),
  avg_pool: pooling('avg_pool'),
  add: arithmetic('+'),
  subtract: arithmetic('-'),
  multiply: arithmetic('*'),
  divide: arithmetic('/'),
  true_divide: arithmetic('/'),
  flip: (call) => rearranged(call, ([shape]) => shape, { keeps: true }),
  ...Object.fromEntries(
    'tile repeat broadcast_to pad take take_along_axis resize roll rot90 rearrange'
      .split(' ')
      .map((name) => [name, moved] as const),
  ),
  ...Object.fromEntries(
    'exp expm1 log log1p log2 sqrt rsqrt square power abs absolute sign sin cos arctan clip minimum where stop_gradient normalize standardize negative reciprocal erf'
      .split(' ')
      .map((name) => [name, elementWise] as const),
  ),
  ...Object.fromEntries(
    'asarray array astype float32 float16 bfloat16 int32 float64 copy block_until_ready with_sharding_constraint with_logical_constraint conj real'
      .split(' ')
      .map((name) => [name, same] as const),
  ),
};

/** Functions whose result nobody derives through. */
const discarded =
  /^(argmax|argmin|argsort|sort|equal|not_equal|greater|less|isnan|save|load|device_put|make_causal_mask|make_attention_mask|combine_masks|shape|ndim|size)$/;

const makers: ReadonlySet<string> = new Set(
  'zeros ones empty full eye identity arange linspace array asarray zeros_like ones_like empty_like full_like'.split(
    ' ',
  ),
);

const randoms: ReadonlySet<string> = new Set('normal uniform bernoulli truncated_normal randint gumbel'.split(' '));

/** Whether a name is one of jax.random's distributions. */
export const isRandom = (name: string): boolean => randoms.has(name);

/** Sizes of nested lists: `jnp.array([[1., 2.]])` is (1, 2). */
function nestedShape(value: Value, depth = 0): Shape | undefined {
  if (value.kind !== 'list' || depth > 6) return [];
  const [first] = value.items;
  const inner = first === undefined ? [] : nestedShape(first, depth + 1);
  return inner && [value.complete ? value.items.length : unknownSize, ...inner];
}

export function shapeGiven(value: Value | undefined): Shape | undefined {
  if (value?.kind === 'list') return value.complete ? value.items.map((item) => sizeOf(item)) : undefined;
  const n = numberOf(value);
  return n === undefined ? undefined : [n];
}

/** Arrays that a function makes of a shape: `jnp.ones((1, 28, 28, 1))`, `random.normal(key, (4, 3))`. */
function made(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const name = lastPart(path);
  const [first, second] = args.positional;
  if (/^jax\.numpy\.\w+$/.test(path) && makers.has(name)) {
    if (name.endsWith('_like')) return held(moment, tensorIn(first)?.step.shape, name);
    if (name === 'array' || name === 'asarray') {
      if (tensorIn(first) !== undefined) return undefined;
      return held(moment, first?.kind === 'list' ? nestedShape(first) : undefined, name);
    }
    if (['zeros', 'ones', 'empty', 'full'].includes(name))
      return held(moment, shapeGiven(first ?? args.named.get('shape')), name);
    return held(moment, undefined, name);
  }
  if (/^jax\.random\.\w+$/.test(path) && randoms.has(name)) {
    const at = name === 'bernoulli' || name === 'truncated_normal' ? args.named.get('shape') : second;
    return held(moment, shapeGiven(args.named.get('shape') ?? at), name);
  }
  return undefined;
}

function activated(path: string, args: CallArguments, moment: Moment, type: string, input: Tensor): Value | undefined {
  const spelling = pathSpelling(path, 'python');
  if (spelling === undefined || spelling.form !== 'function') return undefined;
  const { use, certain, symbols } = activationUse(spelling, args, type, moment.site.source);
  const { machine, site } = moment;
  if (use.name === 'linear') return tensorValue(input);
  const next = newStep(
    {
      operation: { kind: 'activation', activation: use },
      inputs: [input],
      type,
      source: site.source,
      certain,
      symbols,
      keeps: use.notElementWise !== 'glu',
    },
    machine,
  );
  return withFixed(next, input);
}

const functions =
  /^(jax\.(numpy|nn|lax|image|scipy\.special|random)|flax\.(linen|(experimental\.)?nnx)|einops)\.(\w+\.)?[a-z]\w*$/;

/** `jnp.sqrt(2)`, `jnp.prod(shape)`: functions of numbers that the code tells. */
function numbersOf(path: string, args: CallArguments): Value | undefined {
  if (!/^jax\.numpy\.\w+$/.test(path) || args.named.size > 0) return undefined;
  const value = moduleCall(path.replace(/^jax\./, ''), args);
  return value?.kind === 'constant' ? value : undefined;
}

/** A function of JAX or Flax on arrays; undefined where none is among its arguments. */
export function callFunction(path: string, args: CallArguments, moment: Moment): Value | undefined {
  if (!functions.test(path)) return undefined;
  const number = numbersOf(path, args);
  if (number !== undefined) return number;
  const fresh = made(path, args, moment);
  if (fresh !== undefined) return fresh;
  if (discarded.test(lastPart(path))) return moment.machine.unknown(lastPart(path));
  return applyFunction(lastPart(path), path, args, moment, writtenPath(path));
}

/** A method of an array: `x.reshape(…)`, `x.mean(axis=1)`. */
export function callMethod(tensor: Tensor, name: string, args: CallArguments, moment: Moment): Value | undefined {
  if (name === '__len__') return sizeAt(tensor, 0, moment);
  const positional: Value[] = [tensorValue(tensor), ...args.positional];
  const sources = new Map(
    [...args.sources].map(([key, range]) => [typeof key === 'number' ? key + 1 : key, range] as const),
  );
  return applyFunction(name, undefined, { ...args, positional, sources }, moment, name);
}

/** A function of weights: the weights in another type, or numbers that no input leads to. */
const sameOrHeld = (name: string, parameter: Value, moment: Moment, type: string): Value =>
  handlers[name] === same ? parameter : held(moment, undefined, type);

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
  if (input === undefined && parameterIn(first) !== undefined) return sameOrHeld(name, first!, moment, type);
  if (input === undefined || discarded.test(name)) return undefined;
  const call: FunctionCall = {
    type,
    args,
    moment,
    input,
    given: (...names) => givenBy(args, ['a', ...names], 'python'),
  };
  const phi = path === undefined ? undefined : activated(path, args, moment, type, input);
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  return phi ?? handler?.(call) ?? opaque(call);
}

/** Whether a value is a number, or data that the model does not make. */
const isFixed = (value: Value): boolean =>
  value.kind === 'constant' ||
  parameterIn(value) !== undefined ||
  fixed(tensorIn(value)) ||
  (value.kind === 'unknown' && value.symbols.length > 0);

const opaqueOf = (operands: readonly Value[], type: string, moment: Moment): Value => {
  const inputs = operands.flatMap((value) => tensorsIn(value)).filter((each) => !fixed(each));
  return inputs.length === 0
    ? held(moment, undefined, type)
    : tensorValue(opaqueStep(type, inputs, moment, { infer: broadcast }));
};

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
  if (operands.length === 1) return a !== undefined && operator === '-' ? scaled(a, written, moment) : undefined;
  if (['<', '>', '<=', '>=', '==', '!='].includes(operator) || left === undefined || right === undefined)
    return undefined;
  if (a === undefined && b === undefined) return undefined;
  if (operator === '@') return multiplied(left, right, '@', moment) ?? opaqueOf(operands, '@', moment);
  const [movingA, movingB] = [a !== undefined && !fixed(a), b !== undefined && !fixed(b)];
  if (!movingA && !movingB) {
    const shapes = [a, b].map((each) => each?.step.shape).filter((shape) => shape !== undefined);
    return held(moment, shapes.length === 0 ? undefined : broadcast(shapes), written);
  }
  if (movingA && movingB) {
    const kind = operator === '+' || operator === '-' ? 'add' : operator === '*' ? 'multiply' : undefined;
    if (kind === undefined) return opaqueOf(operands, written, moment);
    return tensorValue(
      newStep(
        { operation: { kind }, inputs: [a!, b!], type: written, source: site.source, infer: broadcast, keeps: true },
        machine,
      ),
    );
  }
  const [tensor, other] = movingA ? [a!, right] : [b!, left];
  const plain = ['+', '-', '*'].includes(operator) || (operator === '/' && movingA);
  if (!plain || !isFixed(other)) return opaqueOf(operands, written, moment);
  return (operator === '+' ? withBias(tensor, other, moment) : undefined) ?? scaled(tensor, written, moment);
}

/** x·W + b, where the step before is x·W. */
function withBias({ step: before }: Tensor, other: Value, { machine, site }: Moment): Value | undefined {
  const { operation } = before;
  const bias = parameterIn(other);
  if (bias?.shape?.length !== 1 || operation.kind !== 'dense' || operation.bias !== null) return undefined;
  return tensorValue(
    newStep({ ...before, operation: { ...operation, bias: bias.initialization }, source: site.source }, machine),
  );
}

const scaled = (tensor: Tensor, type: string, { machine, site }: Moment): Value =>
  withFixed(
    newStep({ operation: { kind: 'scale' }, inputs: [tensor], type, source: site.source, keeps: true }, machine),
    tensor,
  );

/** The shape of an array of unknown rank, from an axis on. */
export interface OpenShape {
  readonly tensor: Tensor;
  readonly from: number;
}

/** One size: `x.shape[1]`. */
export function sizeAt(tensor: Tensor, axis: number, { machine }: Moment): Value {
  const { shape } = tensor.step;
  const size = shape?.at(axis) ?? (axis === -1 ? lastSize(tensor) : undefined) ?? unknownSize;
  const position = axis < 0 && shape !== undefined ? shape.length + axis : axis;
  return sizeValue(size, machine, position);
}

/** An array's shape; where not even the rank is known, an object that gives as many sizes as are asked for. */
export const shapeOf = (tensor: Tensor, { machine }: Moment): Value => {
  const { shape } = tensor.step;
  if (shape === undefined) return foreign('shape', { tensor, from: 0 } satisfies OpenShape);
  return list(
    shape.map((size, k) => sizeValue(size, machine, k)),
    'tuple',
  );
};

const isSlice = (value: Value | undefined): boolean => value?.kind === 'unknown' && value.text.includes(':');
const isWhole = (value: Value | undefined): boolean => value?.kind === 'unknown' && /^\s*:\s*$/.test(value.text);
const isDots = (value: Value | undefined): boolean => value?.kind === 'unknown' && value.text === '...';
const isNew = (value: Value | undefined): boolean =>
  (value?.kind === 'constant' && value.value === null) ||
  (value?.kind === 'unknown' && /newaxis$/.test(value.text)) ||
  (value?.kind === 'path' && /\.newaxis$/.test(value.path));

/** A part of an array: `x[:, -1]`, `x[0]`, `x[..., None]`. */
export function indexed(tensor: Tensor, index: Value | undefined, { machine, site }: Moment): Value {
  const keys = index?.kind === 'list' ? index.items : index === undefined ? [] : [index];
  const rest = keys.slice(2).every((key) => isSlice(key) || isDots(key));
  const lastInTime = tensor.step.lastInTime || (isWhole(keys[0]) && numberOf(keys[1]) === -1 && rest);
  const written = keys.map((key) => (key.kind === 'constant' ? (textOf(key) ?? String(key.value)) : ':')).join(', ');
  return withFixed(
    newStep(
      {
        operation: { kind: 'rearrange' },
        inputs: [tensor],
        type: `[${written}]`,
        source: site.source,
        infer: ([shape]) => sliced(shape, keys),
        lastInTime: lastInTime && stepsBefore([tensor]).some(({ operation }) => operation.kind === 'recurrent'),
        last: keepsLast(keys, tensor) ? lastSize(tensor) : undefined,
      },
      machine,
    ),
    tensor,
  );
}

/** True where the last axis is not touched. */
function keepsLast(keys: readonly Value[], { step: { shape } }: Tensor): boolean {
  if (keys.some(isDots)) return isWhole(keys.at(-1)) || isDots(keys.at(-1));
  if (shape === undefined) return keys.length < 3 && keys.every((key) => numberOf(key) !== undefined || isSlice(key));
  return keys.length < shape.length || isWhole(keys.at(-1));
}

function sliced(shape: Shape | undefined, keys: readonly Value[]): Shape | undefined {
  if (shape === undefined) return undefined;
  const dots = keys.findIndex(isDots);
  if (dots >= 0) {
    const after = keys.slice(dots + 1);
    const taken = after.filter((key) => !isNew(key)).length;
    const head = sliced(shape.slice(0, shape.length - taken), keys.slice(0, dots));
    const tail = sliced(shape.slice(shape.length - taken), after);
    return head && tail && [...head, ...tail];
  }
  const result: Size[] = [];
  let axis = 0;
  for (const key of keys) {
    if (isNew(key)) result.push(1);
    else if (numberOf(key) !== undefined) axis++;
    else if (isSlice(key)) result.push(slicedSize(shape[axis++], (key as { text: string }).text));
    else return undefined;
  }
  return [...result, ...shape.slice(axis)];
}

function slicedSize(size: Size | undefined, text: string): Size {
  const [, start = '', stop = ''] = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.exec(text) ?? [];
  if (/^\s*:\s*$/.test(text)) return size ?? unknownSize;
  if (typeof size !== 'number' || !/^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.test(text)) return unknownSize;
  const at = (n: number) => Math.max(0, Math.min(size, n < 0 ? size + n : n));
  return Math.max(0, (stop === '' ? size : at(Number(stop))) - at(start === '' ? 0 : Number(start)));
}
