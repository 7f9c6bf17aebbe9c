import type { Operation } from '../../../core/model/model';
import { type CallArguments, list, type Value } from '../../interpret/values';
import { givenBy, isNone, numberOf, textOf } from '../given';
import { doubted, type Moment, newStep, type Step, tensorIn } from '../tracing/step';
import { isLayerPath } from './kinds/kinds';
import { type Layer, layerIn, layerValue, newLayer } from './layer';
import { foreign, keyOf, moduleIn, readingOf, tensorValue } from './state';

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
    | 'withState';
  /** How many layers there are in turn; undefined where that is not told. */
  readonly count?: number | undefined;
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
  'flax.nnx.scan': 'manyLayers',
};

export function wrapped(path: string, args: CallArguments): Value | undefined {
  const known = path.replace('flax.experimental.nnx', 'flax.nnx');
  const how = Object.hasOwn(lifts, known) ? lifts[known]! : undefined;
  const [callee = args.named.get('f') ?? args.named.get('fun') ?? args.named.get('target')] = args.positional;
  if (how === undefined || callee === undefined) return undefined;
  return foreign('wrapped', { callee, ...liftedAs(known, how, args) } satisfies Wrapped);
}

/** What becomes of the weights of a lifted class: one set for all, or one for each layer. */
function liftedAs(path: string, how: Wrapped['how'], args: CallArguments): Omit<Wrapped, 'callee'> {
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

/** Of several keys one; anything else as it is. */
const oneOf = (value: Value): Value =>
  value.kind === 'list' && value.items.length > 0 && value.items.every((each) => each.kind === 'unknown')
    ? value.items[0]!
    : value;

/** Layers made of as many keys: one stands for all until they are gone through. */
function noteStack(made: Value, { positional }: CallArguments, another: () => Value, { machine }: Moment): void {
  const keys = positional.find((value) => oneOf(value) !== value);
  const object = keyOf(made);
  if (keys?.kind !== 'list' || !keys.complete || object === undefined) return;
  readingOf(machine).stacks.set(object, { count: keys.items.length, another });
}

export function invokeWrapped({ callee, how, count }: Wrapped, args: CallArguments, moment: Moment): Value | undefined {
  const { machine, site } = moment;
  const { depth } = readingOf(machine);
  switch (how) {
    case 'gradient':
      machine.call(callee, args, site);
      return machine.unknown('gradient');
    case 'valueAndGradient':
      return list([machine.call(callee, args, site), machine.unknown('gradient')], 'tuple');
    case 'batched': {
      const free = args.positional.map((value) =>
        tensorIn(value)?.constant ? machine.unknown('batch') : oneOf(value),
      );
      // Equinox's layers take one example each: over more axes they go with vmap.
      const isPart = layerIn(callee)?.flavour === 'equinox' || moduleIn(callee)?.flavour === 'equinox';
      const each = { ...args, positional: args.positional.map(oneOf) };
      if (depth > 0) return isPart ? machine.call(callee, each, site) : overBatch(callee, each, moment);
      const made = machine.call(callee, { ...args, positional: free }, site);
      noteStack(made, args, () => machine.call(callee, each, site), moment);
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
    case 'manyLayers':
      return layerValue(newLayer(callee.kind === 'class' ? callee.name : 'lifted', undefined, args, moment));
  }
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
