import type { Operation } from '../../../core/model/model';
import { type CallArguments, list, type Value } from '../../interpret/values';
import { givenBy, isNone, numberOf, textOf } from '../given';
import { doubted, type Moment, newStep, type Step, tensorIn } from '../tracing/step';
import { isLayerPath } from './kinds/kinds';
import { type Layer, layerIn, layerValue, newLayer } from './layer';
import { foreign, keyOf, moduleIn, none, readingOf, tensorValue } from './state';

/** A function with its gradient, a function over a batch, a class that is lifted. */
export interface Wrapped {
  readonly callee: Value;
  readonly how:
    | 'gradient'
    | 'valueAndGradient'
    | 'batched'
    | 'scan'
    | 'shared'
    | 'inTurn'
    | 'manyLayers'
    | 'ensemble'
    | 'withState'
    | 'keysSplit'
    | 'overStack';
  /** How many layers there are in turn; undefined where that is not told. */
  readonly count?: number | undefined;
  /** Which arguments go through and which are gone over, and what comes of them. */
  readonly axes?: { readonly in: Value | undefined; readonly out: Value | undefined };
}

const lifts: Readonly<Record<string, Wrapped['how']>> = {
  'jax.grad': 'gradient',
  'flax.nnx.grad': 'gradient',
  'jax.value_and_grad': 'valueAndGradient',
  'flax.nnx.value_and_grad': 'valueAndGradient',
  'jax.vmap': 'batched',
  'jax.pmap': 'batched',
  'flax.nnx.vmap': 'batched',
  'flax.nnx.pmap': 'batched',
  'equinox.filter_grad': 'gradient',
  'equinox.filter_value_and_grad': 'valueAndGradient',
  'equinox.filter_vmap': 'batched',
  'equinox.filter_pmap': 'batched',
  'equinox.nn.make_with_state': 'withState',
  'flax.linen.scan': 'scan',
  'flax.linen.transforms.scan': 'scan',
  'flax.linen.vmap': 'manyLayers',
  'flax.linen.transforms.vmap': 'manyLayers',
  'flax.nnx.scan': 'overStack',
  'flax.nnx.split_rngs': 'keysSplit',
};

/** What nnx makes of a function that it is called with, or that stands below it: `@nnx.vmap(in_axes=0)`. */
const decorating = /^flax\.(experimental\.)?nnx\.(vmap|scan|split_rngs)$/;

export const isLift = (path: string): boolean => decorating.test(path);

export function wrapped(path: string, args: CallArguments): Value | undefined {
  const known = path.replace('flax.experimental.nnx', 'flax.nnx');
  const how = Object.hasOwn(lifts, known) ? lifts[known]! : undefined;
  const [callee = args.named.get('f') ?? args.named.get('fun') ?? args.named.get('target')] = args.positional;
  if (how === undefined) return undefined;
  if (callee === undefined) return isLift(path) ? foreign('lift', { path, args } satisfies Lift) : undefined;
  return foreign('wrapped', { callee, ...liftedAs(known, how, args) } satisfies Wrapped);
}

/** A lift that waits for its function. */
export interface Lift {
  readonly path: string;
  readonly args: CallArguments;
}

/** `nnx.vmap(in_axes=0)(create)` */
export const liftWaiting = ({ path, args }: Lift, { positional }: CallArguments): Value | undefined =>
  positional.length === 0 ? undefined : wrapped(path, { ...args, positional: [positional[0]!] });

/** What becomes of the weights of a lifted class: one set for all, or one for each layer. */
function liftedAs(path: string, how: Wrapped['how'], args: CallArguments): Omit<Wrapped, 'callee'> {
  if (path.startsWith('flax.nnx')) {
    const axes = { in: args.named.get('in_axes'), out: args.named.get('out_axes') };
    const count = numberOf(args.named.get('axis_size') ?? args.named.get('splits') ?? args.named.get('length'));
    return { how, axes, count: count !== undefined && count > 0 && count <= MOST_LAYERS ? count : undefined };
  }
  const given = givenBy(args, ['target', 'variable_axes'], 'python');
  const axes = given.value('variable_axes');
  const ownWeights = axes?.kind === 'dict' && !isNone(axes.entries.get('params'));
  if (how === 'manyLayers' && path.startsWith('flax.linen')) return { how: ownWeights ? 'ensemble' : 'shared' };
  if (how !== 'scan' || textOf(args.named.get('variable_broadcast')) === 'params') return { how };
  const count = numberOf(given.value('length'));
  const isTold = count !== undefined && count > 0 && count <= MOST_LAYERS;
  return ownWeights ? { how: 'inTurn', count: isTold ? count : undefined } : { how: 'manyLayers' };
}

/** Layers in turn that are followed one by one. */
const MOST_LAYERS = 100;

/** Objects that may be a class to be lifted. */
const isClass = (value: Value): boolean =>
  value.kind === 'class' ||
  (value.kind === 'path' && isLayerPath(value.path)) ||
  (value.kind === 'foreign' && value.type === 'partial' && isClass((value.data as { callee: Value }).callee));

const isKey = (value: Value): boolean =>
  value.kind === 'unknown' || (value.kind === 'foreign' && value.type === 'rngs');

/** Of several keys one; anything else as it is. */
const oneOf = (value: Value): Value =>
  value.kind === 'list' && value.items.length > 0 && value.items.every(isKey) ? value.items[0]! : value;

/** Layers made of as many keys: one stands for all until they are gone through. */
function noteStack(
  made: Value,
  { positional, named }: CallArguments,
  another: () => Value,
  { machine }: Moment,
  told?: number,
): void {
  const keys = [...positional, ...named.values()].find((value) => oneOf(value) !== value);
  const object = keyOf(made);
  const count = told ?? (keys?.kind === 'list' && keys.complete ? keys.items.length : undefined);
  if (count === undefined || object === undefined) return;
  readingOf(machine).stacks.set(object, { count, another });
}

/** The same arguments, with one key for several. */
const withOneOf = (args: CallArguments): CallArguments => ({
  ...args,
  positional: args.positional.map(oneOf),
  named: new Map([...args.named].map(([name, value]) => [name, oneOf(value)])),
});

export function invokeWrapped(wrap: Wrapped, args: CallArguments, moment: Moment): Value | undefined {
  const { callee, how, count } = wrap;
  const { machine, site } = moment;
  const { depth } = readingOf(machine);
  switch (how) {
    case 'gradient':
      machine.call(callee, args, site);
      return machine.unknown('gradient');
    case 'valueAndGradient':
      return list([machine.call(callee, args, site), machine.unknown('gradient')], 'tuple');
    case 'batched': {
      const each = withOneOf(args);
      const free = each.positional.map((value) => (tensorIn(value)?.constant ? machine.unknown('batch') : value));
      // Equinox's layers take one example each: over more axes they go with vmap.
      const isPart = layerIn(callee)?.flavour === 'equinox' || moduleIn(callee)?.flavour === 'equinox';
      if (depth > 0) return isPart ? machine.call(callee, each, site) : overBatch(callee, each, moment);
      const made = machine.call(callee, { ...each, positional: free }, site);
      noteStack(made, args, () => machine.call(callee, each, site), moment, count);
      return made;
    }
    case 'scan': {
      if (!isClass(callee)) return undefined;
      const made = machine.call(callee, args, site);
      const module = moduleIn(made);
      if (made.kind === 'instance' && module !== undefined)
        made.foreign = foreign('module', { ...module, scanned: true });
      const layer = layerIn(made);
      if (layer?.meaning.cell !== undefined) return layerValue(overTime(layer));
      return made;
    }
    case 'shared':
      return isClass(callee) ? machine.call(callee, args, site) : undefined;
    case 'ensemble':
      if (!isClass(callee)) return depth > 0 ? beside(machine.call(callee, args, site), moment) : undefined;
      return depth > 0 ? layerValue(ensemble(callee, args, moment)) : machine.call(callee, args, site);
    case 'inTurn':
      return callee.kind === 'class' ? layerValue(inTurn({ callee, how, count }, args, moment)) : undefined;
    case 'withState':
      return list([machine.call(callee, args, site), machine.unknown('state')], 'tuple');
    case 'keysSplit':
      return machine.call(callee, withKeysSplit(args, count), site);
    case 'overStack':
      return overStack(wrap, args, moment);
    case 'manyLayers':
      return layerValue(newLayer(callee.kind === 'class' ? callee.name : 'lifted', undefined, args, moment));
  }
}

/** `nnx.split_rngs(splits=8)`: as many keys in the place of one; of an open number, one that stands for all. */
function withKeysSplit(args: CallArguments, count: number | undefined): CallArguments {
  const split = (value: Value): Value =>
    value.kind === 'foreign' && value.type === 'rngs' && count !== undefined
      ? list(Array.from({ length: count }, () => value))
      : value;
  return {
    ...args,
    positional: args.positional.map(split),
    named: new Map([...args.named].map(([name, value]) => [name, split(value)])),
  };
}

const isCarry = (value: Value | undefined): boolean => value?.kind === 'path' && /\.Carry$/.test(value.path);

/** `nnx.scan`: one argument goes through, one is gone over, which is a stack of layers or has time as its first axis. */
function overStack({ callee, axes }: Wrapped, args: CallArguments, moment: Moment): Value | undefined {
  if (callee.kind === 'class') {
    return layerValue(newLayer(callee.name, undefined, args, moment));
  }
  const taken = axes?.in?.kind === 'list' ? axes.in.items.findIndex(isCarry) : 0;
  const through = args.positional[taken];
  const over = args.positional.findIndex(
    (value, k) => k !== taken && (moduleIn(value) ?? layerIn(value)) !== undefined,
  );
  const f = (own: CallArguments): Value => moment.machine.call(callee, own, moment.site);
  if (taken < 0 || through === undefined || over < 0 || axes?.in?.kind === 'dict') {
    const since = moment.machine.next();
    const result = f(args);
    doubted(result, since);
    return result;
  }
  const isOnly = isCarry(axes?.out);
  const both = (value: Value): Value => (isOnly ? list([value, none], 'tuple') : value);
  const step = (now: Value, layer: Value): Value =>
    both(f({ ...args, positional: args.positional.with(taken, now).with(over, layer) }));
  const result = overLayers(step, through, args.positional[over]!, moment);
  return isOnly && result.kind === 'list' ? result.items[0] : result;
}

/** Many layers of one kind whose weights are taken in turn; where nobody knows how many, one stands for all. */
export function overLayers(
  step: (carry: Value, layer: Value) => Value,
  carry: Value,
  layers: Value,
  { machine }: Moment,
): Value {
  const object = keyOf(layers);
  const stack = object && readingOf(machine).stacks.get(object);
  if (stack !== undefined) {
    let now = carry;
    let last: Value | undefined;
    for (let k = 0; k < stack.count; k++) {
      last = step(now, k === 0 ? layers : stack.another());
      if (last.kind !== 'list' || last.items.length !== 2) break;
      now = last.items[0]!;
    }
    if (last?.kind === 'list' && last.items.length === 2) return last;
  }
  const since = machine.next();
  const result = step(carry, layers);
  doubted(result, since);
  return result;
}

/** Several of one class beside each other, with weights of their own: each does what the class says. */
function ensemble(callee: Value, made: CallArguments, moment: Moment): Layer {
  const name = callee.kind === 'class' ? callee.name : 'lifted';
  const layer = newLayer(name, undefined, made, moment);
  const member = moment.machine.call(callee, made, moment.site);
  const apply: Layer['meaning']['apply'] = (_, args, at) => beside(at.machine.call(member, args, at.site), at);
  return { ...layer, certain: true, meaning: { apply } };
}

/** What one of several gives, with an axis more for which it is. */
function beside(result: Value, moment: Moment): Value {
  if (result.kind === 'list') return { ...result, items: result.items.map((each) => beside(each, moment)) };
  const tensor = tensorIn(result);
  if (tensor === undefined || tensor.constant) return result;
  const { machine, site } = moment;
  const input = { operation: { kind: 'rearrange' }, inputs: [tensor], type: 'nn.vmap', source: site.source } as const;
  return tensorValue(newStep(input, machine));
}

/** Steps that mean the same for one example and for a batch. */
const sameForOne: ReadonlySet<Operation['kind']> = new Set([
  'dense',
  'activation',
  'add',
  'multiply',
  'scale',
  'dropout',
  'embedding',
  'convolution',
  'recurrent',
  'normalisation',
]);

/** Whether a step does to one example what it does to each of a batch. */
export function isOfEach({ operation, source }: Step, { machine }: Moment): boolean {
  if (operation.kind === 'pooling') return !operation.global;
  // `reshape(-1)` leaves one axis of an example; what speaks of the first axis takes that for the batch.
  if (operation.kind === 'flatten') return /\bravel\b|\bflatten\b|\(\s*\(?\s*-1\s*,?\s*\)/.test(machine.text(source));
  return sameForOne.has(operation.kind);
}

/** A function that is taken over a batch inside a model: what it does to axes is that of one example. */
function overBatch(callee: Value, args: CallArguments, moment: Moment): Value | undefined {
  const isRavel = callee.kind === 'path' && /\.ravel$/.test(callee.path);
  const since = moment.machine.next();
  const result = moment.machine.call(callee, args, moment.site);
  if (!isRavel) doubted(result, since, (step) => !isOfEach(step, moment));
  return result;
}

/** Layers of one class with weights of their own, each after the other: `nn.scan(…, variable_axes={'params': 0})`. */
function inTurn({ callee, count }: Wrapped, made: CallArguments, moment: Moment): Layer {
  const layer = newLayer(callee.kind === 'class' ? callee.name : 'lifted', undefined, made, moment);
  const apply: Layer['meaning']['apply'] = (_, args, { machine, site }) => {
    const [carry, ...others] = args.positional;
    let now: Value | undefined = carry;
    let last: Value | undefined;
    const since = machine.next();
    for (let k = 0; k < (count ?? 1) && now !== undefined; k++) {
      const each = machine.call(callee, made, { source: layer.source });
      last = machine.call(each, { ...args, positional: [now, ...others] }, site);
      now = last.kind === 'list' && last.items.length === 2 ? last.items[0] : undefined;
    }
    if (count === undefined) doubted(last, since);
    return last;
  };
  return { ...layer, certain: true, meaning: { apply } };
}

/** A cell that `nn.scan` takes through time. */
const overTime = (layer: Layer): Layer => ({
  ...layer,
  meaning: {
    ...layer.meaning,
    apply: (own, args, moment) => {
      const reading = readingOf(moment.machine);
      reading.scans++;
      try {
        return layer.meaning.apply?.(own, args, moment);
      } finally {
        reading.scans--;
      }
    },
  },
});
