import type { Operation, Shape, Size } from '../../../core/model/model';
import { type CallArguments, constant, list, type Value } from '../../interpret/values';
import { spellingAt, useOf } from './activation';
import { newStep, opaqueStep, tensorValue } from './apply';
import { dataTensor, indexedData } from './data';
import { flagOf, type Given, givenBy, isNone, numberOf, shapeOf, sizeOf, sizesOf, textOf, unknownSize } from './given';
import type { Shapes } from './layer';
import { tensorIn } from './model';
import { broadcast, concatenated, reshaped, unchanged } from './shape';
import { foreign, lastOf, type Moment } from './state';
import { type Tensor, tensorsIn } from './tensor';
import { multiplied, scaled, shifted, variable, weightIn } from './weight';

/** A tensor's shape as the program sees it, with the batch. */
export function shapeValue(tensor: Tensor, moment: Moment): Value {
  const shape = tensor.full ?? tensor.shape;
  const items = (shape ?? []).map((size): Value => sizeValue(size, moment));
  const batch: Value[] = tensor.full === undefined ? [constant(null)] : [];
  return list([...batch, ...items], 'tuple', shape !== undefined);
}

function sizeValue(size: Size, { machine }: Moment): Value {
  if (typeof size === 'number') return constant(size);
  return size.kind === 'symbolic'
    ? { kind: 'unknown', symbols: size.symbols, text: size.symbols.join(', ') }
    : machine.unknown('size');
}

interface Call {
  readonly name: string;
  readonly args: CallArguments;
  readonly tensor: Tensor;
  readonly moment: Moment;
  given(...names: string[]): Given;
}

const step = (
  { name, moment, tensor }: Call,
  operation: Operation,
  infer: ((inputs: Shapes) => Shape | undefined) | undefined = unchanged,
  inputs: readonly Tensor[] = [tensor],
): Value =>
  tensorValue(
    newStep(
      {
        operation,
        inputs,
        type: name,
        source: moment.site.source,
        ...(infer === undefined ? {} : { infer }),
        channelsFirst: tensor.step.channelsFirst,
      },
      moment,
    ),
    moment,
  );

const opaque = ({ name, args, moment }: Call, shape?: Shape): Value =>
  tensorValue(
    opaqueStep(
      name,
      args.positional.concat([...args.named.values()]).flatMap((value) => tensorsIn(value)),
      moment,
      shape,
    ),
    moment,
  );

/** Axes of a reduction, from the front with the batch as 0; undefined where they are not known. */
function axesOf(given: Given, rank: number | undefined): number[] | undefined {
  const value = given.value('axis') ?? given.value('reduction_indices');
  const axes = value?.kind === 'list' ? value.items.map(numberOf) : [numberOf(value)];
  if (rank === undefined || axes.some((axis) => axis === undefined)) return undefined;
  return axes.map((axis) => (axis! < 0 ? rank + axis! : axis!));
}

/** A mean or maximum over all of space is a global pooling; over anything else it is not known. */
const reduction =
  (mode: 'max' | 'average') =>
  (call: Call): Value => {
    const given = call.given('x', 'axis', 'keepdims');
    const { shape } = call.tensor;
    const rank = shape === undefined ? undefined : shape.length + 1;
    const axes = axesOf(given, rank);
    const space = rank === undefined ? [] : Array.from({ length: rank - 2 }, (_, k) => k + 1);
    const overSpace =
      axes !== undefined && space.length > 0 && axes.length === space.length && space.every((k) => axes.includes(k));
    if (!overSpace) return opaque(call, axes && shape?.filter((_, k) => !axes.includes(k + 1)));
    const keep = flagOf(given.value('keepdims'), false) === true;
    return step(
      call,
      { kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' },
      ([input]) => input && (keep ? [...space.map(() => 1), input.at(-1)!] : [input.at(-1)!]),
    );
  };

const pooling =
  (mode: 'max' | 'average') =>
  (call: Call): Value => {
    const given = call.given('input', 'ksize', 'strides', 'padding');
    const rank = call.tensor.shape === undefined ? 2 : call.tensor.shape.length - 1;
    if (rank < 1 || rank > 3) return opaque(call);
    // Older calls give the batch and the channels, too: [1, 2, 2, 1].
    const inSpace = (value: Value | undefined): Size[] =>
      value?.kind === 'list' && value.items.length === rank + 2
        ? value.items.slice(1, -1).map((item) => sizeOf(item))
        : sizesOf(value, rank);
    const size = inSpace(given.value('ksize') ?? given.value('pool_size'));
    const strides = isNone(given.value('strides')) ? size : inSpace(given.value('strides'));
    const padding = textOf(given.value('padding'))?.toLowerCase() === 'same' ? 'same' : 'valid';
    return step(call, { kind: 'pooling', mode, global: false, size, strides, padding }, undefined);
  };

const join =
  (operation: Operation) =>
  (call: Call): Value => {
    const inputs = allTensors(call);
    return inputs.length < 2 ? scaled(call.tensor, call.name, call.moment) : step(call, operation, broadcast, inputs);
  };

const allTensors = ({ args }: Call): Tensor[] =>
  [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value));

function concat(call: Call): Value {
  const given = call.given('values', 'axis');
  const axis = numberOf(given.value('axis')) ?? (given.value('axis') === undefined ? -1 : undefined);
  return step(call, { kind: 'concatenate' }, concatenated(axis), allTensors(call));
}

function reshape(call: Call): Value {
  const target = shapeOf(call.given('x', 'shape').value('shape') ?? call.args.named.get('newshape'));
  const inner = target?.slice(1);
  // `(-1, 784)`: the batch stays what it was only where the rest holds one example.
  return step(
    call,
    inner?.length === 1 && inner[0] === -1 ? { kind: 'flatten' } : { kind: 'rearrange' },
    reshaped(inner),
  );
}

function matmul(call: Call): Value {
  const [first, second] = call.args.positional;
  const weight = weightIn(second) ?? weightIn(call.args.named.get('b'));
  if (weight !== undefined && tensorIn(first) !== undefined)
    return multiplied(call.tensor, weight, call.name, call.moment);
  return opaque(call);
}

function add(call: Call): Value {
  const weight = [...call.args.positional, ...call.args.named.values()]
    .map(weightIn)
    .find((each) => each !== undefined);
  return weight === undefined ? join({ kind: 'add' })(call) : shifted(call.tensor, weight, call.name, call.moment);
}

function dropout(call: Call): Value {
  const rate = call.given('x', 'rate').value('rate') ?? call.args.named.get('level');
  return step(call, { kind: 'dropout', rate: sizeOf(rate), variant: 'plain' });
}

const rearranged =
  (infer: (call: Call) => (inputs: Shapes) => Shape | undefined) =>
  (call: Call): Value =>
    step(call, { kind: 'rearrange' }, infer(call));

const cast = (call: Call): Value =>
  call.tensor.constant ? tensorValue(call.tensor, call.moment) : step(call, { kind: 'rearrange' });

/** By the last part of a path of TensorFlow or keras.ops. */
const onTensors: Readonly<Record<string, (call: Call) => Value>> = {
  add,
  bias_add: add,
  subtract: join({ kind: 'add' }),
  add_n: join({ kind: 'add' }),
  multiply: join({ kind: 'multiply' }),
  divide: join({ kind: 'opaque' }),
  concat,
  concatenate: concat,
  reshape,
  matmul,
  dot: matmul,
  tensordot: matmul,
  dropout,
  reduce_mean: reduction('average'),
  mean: reduction('average'),
  reduce_max: reduction('max'),
  max: reduction('max'),
  max_pool: pooling('max'),
  max_pool1d: pooling('max'),
  max_pool2d: pooling('max'),
  avg_pool: pooling('average'),
  avg_pool2d: pooling('average'),
  average_pool: pooling('average'),
  transpose: rearranged(() => () => undefined),
  permute_dimensions: rearranged(() => () => undefined),
  squeeze: rearranged((call) => {
    const axis = numberOf(call.given('x', 'axis').value('axis'));
    return ([input]) =>
      axis === undefined || axis === 0
        ? undefined
        : input?.filter((_, k) => k !== (axis < 0 ? input.length + axis : axis - 1));
  }),
  expand_dims: rearranged((call) => {
    const axis = numberOf(call.given('x', 'axis').value('axis'));
    return ([input]) =>
      axis === undefined || axis === 0 || input === undefined
        ? undefined
        : input.toSpliced(axis < 0 ? input.length + 1 + axis : axis - 1, 0, 1);
  }),
  flatten: (call) => step(call, { kind: 'flatten' }, undefined),
  batch_flatten: (call) => step(call, { kind: 'flatten' }, undefined),
  identity: cast,
  cast,
  convert_to_tensor: cast,
  ensure_shape: cast,
};

/** Values that stand in the code or are drawn there. */
const constants: Readonly<Record<string, 'fixed' | 'random'>> = {
  zeros: 'fixed',
  ones: 'fixed',
  fill: 'fixed',
  'random.normal': 'random',
  'random.uniform': 'random',
  'random.truncated_normal': 'random',
  random_normal: 'random',
  random_uniform: 'random',
  randn: 'random',
  truncated_normal: 'random',
};

function constantTensor(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const key = path.split('.').slice(-2).join('.');
  const last = lastOf(path);
  const kind = Object.hasOwn(constants, key)
    ? constants[key]
    : Object.hasOwn(constants, last)
      ? constants[last]
      : undefined;
  if (kind === undefined) return undefined;
  const full = shapeOf(args.named.get('shape') ?? args.named.get('size') ?? args.positional[0]);
  return full === undefined
    ? tensorValue({ ...opaqueStep(last, [], moment), constant: kind }, moment)
    : dataTensor(full, last, moment, kind);
}

/** Roots whose functions are known here; those of layers and models are elsewhere. */
const isFunctionPath = (path: string): boolean => /^(tf|keras\.(ops|backend|activations|random))(\.|$)/.test(path);

/** A function of TensorFlow or Keras; undefined for what is not known and has no tensor among its arguments. */
export function callFunction(path: string, written: string, args: CallArguments, moment: Moment): Value | undefined {
  if (!isFunctionPath(path)) return undefined;
  const name = lastOf(path);
  const all = [...args.positional, ...args.named.values()];
  const [tensor] = all.flatMap((value) => tensorsIn(value));
  if (name === 'Variable') return variable(args, moment);
  if (tensor === undefined) return constantTensor(path, args, moment);
  if (name === 'shape' || name === 'int_shape') return shapeValue(tensor, moment);
  if (tensor.constant !== undefined && all.flatMap((value) => tensorsIn(value)).length === 1 && !all.some(weightIn)) {
    return undefined;
  }
  const call: Call = { name, args, tensor, moment, given: (...names) => givenBy(args, names, moment.machine.language) };
  // The backend's functions have the parameters of Keras 2's activations.
  const backend = /^keras\.backend\.(\w+)$/.exec(path)?.[1];
  const spelling = spellingAt(backend === undefined ? written : `tf_keras.activations.${backend}`, moment);
  if (spelling?.form === 'function') {
    const source = moment.site.source;
    const spelled = written.startsWith('tensorflow.') && !written.includes('keras') ? path : lastOf(written);
    const { use, certain } = useOf(spelling, args, spelled, source);
    return tensorValue(
      newStep(
        {
          operation: { kind: 'activation', activation: use },
          inputs: [tensor],
          type: spelled,
          source,
          certain,
          infer: unchanged,
          channelsFirst: tensor.step.channelsFirst,
        },
        moment,
      ),
      moment,
    );
  }
  return Object.hasOwn(onTensors, name)
    ? onTensors[name]!(call)
    : opaque(call, tensor.shape === undefined ? undefined : elementWise.has(name) ? tensor.shape : undefined);
}

/** Of a known shape, although what they do to a gradient is not said. */
const elementWise: ReadonlySet<string> = new Set(
  'exp log sqrt square abs sin cos sign pow clip clip_by_value l2_normalize normalize stop_gradient round'.split(' '),
);

const arithmetic: Readonly<Record<string, string>> = { '+': '+', '-': '−', '*': '×', '/': '/' };

/** `x + y`, `x * 2`, `x @ w`. */
export function operate(operator: string, operands: readonly Value[], moment: Moment): Value | undefined {
  const [left, right] = operands;
  const [a, b] = [tensorIn(left), tensorIn(right)];
  const weight = weightIn(left) ?? weightIn(right);
  const tensor = a ?? b;
  if (tensor === undefined) return undefined;
  const text = operator in arithmetic ? `x ${operator} y` : operator;
  // Data stay data: `x_train / 255`.
  const isData = (each: Tensor | undefined) => each === undefined || each.constant !== undefined;
  if (isData(a) && isData(b) && weight === undefined && tensor.full !== undefined && operator in arithmetic) {
    return tensorValue(a?.full !== undefined && a.full.length >= (b?.full?.length ?? 0) ? a : tensor, moment);
  }
  if (operands.length === 1)
    return operator === '-' ? scaled(tensor, '-x', moment) : operator === '+' ? left : undefined;
  const both = a !== undefined && b !== undefined;
  const held = both && a.constant !== b.constant && (a.constant === 'fixed' || b.constant === 'fixed');
  const symbolic = a?.constant === undefined ? (a ?? tensor) : (b ?? tensor);
  if (operator === '@' && weight !== undefined) return multiplied(tensor, weight, 'x @ w', moment);
  if (weight !== undefined) {
    if (operator === '+') return shifted(tensor, weight, 'x + b', moment);
    return operator in arithmetic ? scaled(tensor, text, moment) : undefined;
  }
  const joined = (operation: Operation): Value =>
    tensorValue(
      newStep(
        {
          operation,
          inputs: [a!, b!],
          type: text,
          source: moment.site.source,
          infer: broadcast,
          channelsFirst: a!.step.channelsFirst,
        },
        moment,
      ),
      moment,
    );
  if (held && operator in arithmetic) return scaled(symbolic, text, moment);
  if (both && (operator === '+' || operator === '-')) return joined({ kind: 'add' });
  if (both && operator === '*') return joined({ kind: 'multiply' });
  const other = a === undefined ? left : right;
  const number = other?.kind === 'constant' || (other?.kind === 'unknown' && other.symbols.length > 0);
  if (number && operator in arithmetic && !(operator === '/' && a === undefined)) return scaled(tensor, text, moment);
  if (!(operator in arithmetic) && operator !== '**' && operator !== '@' && operator !== '%' && operator !== '//')
    return undefined;
  const inputs = [a, b].filter((each) => each !== undefined);
  // What is added is not known; the sum is still one of a step that is.
  const unknown =
    other !== undefined && !both && !number
      ? [opaqueStep(other.kind === 'unknown' ? other.text : 'unknown', [], moment)]
      : [];
  if (unknown.length > 0 && operator !== '**' && operator !== '@') {
    const operation: Operation =
      operator === '+' || operator === '-'
        ? { kind: 'add' }
        : operator === '*'
          ? { kind: 'multiply' }
          : { kind: 'opaque' };
    return tensorValue(
      newStep(
        {
          operation,
          inputs: [...inputs, ...unknown],
          type: text,
          source: moment.site.source,
          infer: () => tensor.shape,
        },
        moment,
      ),
      moment,
    );
  }
  return tensorValue(opaqueStep(text, inputs, moment, both ? undefined : tensor.shape), moment);
}

/** `x[:, -1]`: the shape where all of it can be told. */
export function indexed(tensor: Tensor, index: Value | undefined, moment: Moment): Value | undefined {
  if (tensor.constant !== undefined) return indexedData(tensor, index, moment);
  const parts = index?.kind === 'list' ? index.items : undefined;
  const shape = parts === undefined ? undefined : slicedShape(tensor.shape, parts);
  const made = newStep(
    {
      operation: { kind: 'rearrange' },
      inputs: [tensor],
      type: 'x[…]',
      source: moment.site.source,
      infer: () => shape,
    },
    moment,
  );
  return tensorValue(made, moment);
}

/** `:` and `1:` as the text of what the interpreter does not know. */
const sliceText = (part: Value): string | undefined =>
  part.kind === 'unknown' && part.text.includes(':') ? part.text.replace(/\s/g, '') : undefined;

const isEllipsis = (part: Value): boolean => part.kind === 'unknown' && part.text === '...';

/** How many components a slice leaves, where its bounds are numbers. */
function slicedSize(text: string, size: Size): Size {
  if (text === ':' || text === '::') return size;
  const [start, stop, ...more] = text.split(':').map((each) => (each === '' ? undefined : Number(each)));
  if (typeof size !== 'number' || more.length > 0 || Number.isNaN(start ?? 0) || Number.isNaN(stop ?? 0)) {
    return unknownSize;
  }
  const at = (position: number): number => Math.min(Math.max(position < 0 ? size + position : position, 0), size);
  return Math.max(at(stop ?? size) - at(start ?? 0), 0);
}

function slicedShape(shape: Shape | undefined, parts: readonly Value[]): Shape | undefined {
  if (shape === undefined || parts.some((part) => isNone(part))) return undefined;
  const dots = parts.findIndex(isEllipsis);
  const [before, after] = dots < 0 ? [parts, []] : [parts.slice(0, dots), parts.slice(dots + 1)];
  const [batch, ...front] = before;
  if (front.length + after.length > shape.length || (batch !== undefined && sliceText(batch) === undefined)) {
    return undefined;
  }
  const kept: Size[] = [];
  for (const [k, size] of shape.entries()) {
    const part = front[k] ?? after[k - (shape.length - after.length)];
    const text = part && sliceText(part);
    if (part === undefined) kept.push(size);
    else if (text !== undefined) kept.push(slicedSize(text, size));
    else if (numberOf(part) === undefined) return undefined;
  }
  return kept;
}

/** A part of an input that is a tuple or a dict. */
export function partOf(tensor: Tensor, key: string | number, moment: Moment): Value {
  const { parts } = moment.reading;
  const known = parts.get(tensor.step) ?? new Map<string | number, Tensor>();
  parts.set(tensor.step, known);
  const former = known.get(key);
  const part =
    former ??
    newStep(
      {
        operation: { kind: 'input' },
        inputs: [],
        type: tensor.step.type,
        name: String(key),
        source: tensor.step.source,
      },
      moment,
    );
  known.set(key, part);
  return foreign(moment.reading, 'tensor', part);
}
