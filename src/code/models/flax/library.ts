import {
  type CallArguments,
  constant,
  type Foreign,
  type Library,
  list,
  type Machine,
  type Site,
  type Value,
} from '../../interpret/values';
import { givenBy, numberOf, textOf } from '../keras/given';
import { type Moment, newStep, opaqueStep, type Tensor, tensorIn, tensorsIn } from '../tracing/step';
import { applyModule, containerIndex, containerItems, containerMethod, makeContainer } from './containers';
import {
  callFunction,
  callMethod,
  held,
  indexed,
  isRandom,
  type OpenShape,
  operate,
  type Parts,
  shapeGiven,
  shapeOf,
  sizeAt,
} from './functions';
import { initializerCall, initializerIn, isInitializerPath } from './initializer';
import { isLayerPath, kindOf } from './kinds/kinds';
import { type Layer, layerIn, layerMember, layerValue, newLayer } from './layer';
import { lossCall } from './loss';
import { adopt, instanceCall, instanceMethod, modelMethod, moduleMember } from './module';
import {
  draws,
  flaxLibrary,
  foreign,
  lastPart,
  moduleIn,
  none,
  type Parameter,
  readingOf,
  sizeValue,
  tensorValue,
} from './state';

const at = (machine: Machine, site: Site): Moment => ({ machine, site });
const nowhere: Site = { source: { cell: 0, from: 0, to: 0 } };
const anywhere = (machine: Machine): Moment => at(machine, nowhere);

/** A function with its gradient, a function over a batch, a class that is lifted. */
interface Wrapped {
  readonly callee: Value;
  readonly how: 'gradient' | 'valueAndGradient' | 'batched' | 'scan' | 'manyLayers';
}

/** Functions that give back what they are given, as far as a model goes. */
const wrappers =
  /^(jax\.(jit|checkpoint|remat|named_call|named_scope|custom_jvp|custom_vjp|block_until_ready|device_put|ad_checkpoint\.checkpoint)|flax\.linen\.((transforms|module)\.)?(remat|checkpoint|jit|compact|nowrap|with_partitioning|with_logical_partitioning|named_call|add_metadata_axis)|flax\.(experimental\.)?nnx\.(jit|remat|checkpoint|clone|with_partitioning|with_metadata|data|static|cached_partial|pure|as_pure|view|eval_mode|train_mode)|flax\.linen\.share_scope)$/;

const lifts: Readonly<Record<string, Wrapped['how']>> = {
  'jax.grad': 'gradient',
  'flax.nnx.grad': 'gradient',
  'jax.value_and_grad': 'valueAndGradient',
  'flax.nnx.value_and_grad': 'valueAndGradient',
  'jax.vmap': 'batched',
  'jax.pmap': 'batched',
  'flax.nnx.vmap': 'batched',
  'flax.nnx.pmap': 'batched',
  'flax.linen.scan': 'scan',
  'flax.linen.transforms.scan': 'scan',
  'flax.linen.vmap': 'manyLayers',
  'flax.linen.transforms.vmap': 'manyLayers',
  'flax.nnx.scan': 'manyLayers',
};

function wrapped(path: string, args: CallArguments): Value | undefined {
  const known = path.replace('flax.experimental.nnx', 'flax.nnx');
  const how = Object.hasOwn(lifts, known) ? lifts[known]! : undefined;
  const [callee = args.named.get('f') ?? args.named.get('fun') ?? args.named.get('target')] = args.positional;
  if (how === undefined || callee === undefined) return undefined;
  const broadcast = textOf(args.named.get('variable_broadcast'));
  return foreign('wrapped', {
    callee,
    how: how === 'scan' && broadcast !== 'params' ? 'manyLayers' : how,
  } satisfies Wrapped);
}

/** Objects that may be a class to be lifted. */
const isClass = (value: Value): boolean => value.kind === 'class' || (value.kind === 'path' && isLayerPath(value.path));

function invokeWrapped({ callee, how }: Wrapped, args: CallArguments, moment: Moment): Value | undefined {
  const { machine, site } = moment;
  const { depth } = readingOf(machine);
  switch (how) {
    case 'gradient':
      machine.call(callee, args, site);
      return machine.unknown('gradient');
    case 'valueAndGradient':
      return list([machine.call(callee, args, site), machine.unknown('gradient')], 'tuple');
    case 'batched': {
      const free = args.positional.map((value) => (tensorIn(value)?.constant ? machine.unknown('batch') : value));
      return depth === 0 ? machine.call(callee, { ...args, positional: free }, site) : undefined;
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
    case 'manyLayers':
      return layerValue(newLayer(callee.kind === 'class' ? callee.name : 'lifted', undefined, args, moment));
  }
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

/** `nnx.Param(jax.random.normal(key, (3, 4)))`, `nnx.Param(init(key, (3, 4)))`. */
function nnxParameter(args: CallArguments, moment: Moment): Value {
  const { machine, site } = moment;
  const [value, , written] = args.positional;
  const tensor = tensorIn(value);
  const drawn = tensor && draws.get(tensor.step);
  const initializer = initializerIn(value);
  const spelled = machine.text(site.source);
  return foreign('parameter', {
    name: site.assignedTo ?? 'parameter',
    initialization:
      drawn ??
      (initializer === undefined
        ? { kind: 'unknown', spelled, source: site.source }
        : { kind: 'known', initializer, spelled, source: site.source }),
    shape: initializer === undefined ? tensor?.step.shape : shapeGiven(written ?? args.named.get('shape')),
    number: machine.next(),
  } satisfies Parameter);
}

/** Numbers that a known function draws: `jax.random.normal(key, (3, 4))`, `jnp.zeros((4,))`. */
function noteDraw(path: string, args: CallArguments, value: Value | undefined, { machine, site }: Moment): void {
  const tensor = tensorIn(value);
  if (tensor?.constant !== true || draws.has(tensor.step)) return;
  const about = { spelled: machine.text(site.source), source: site.source };
  if (path === 'jax.random.normal')
    draws.set(tensor.step, { kind: 'known', initializer: { kind: 'normal', mean: 0, stddev: 1 }, ...about });
  if (path === 'jax.numpy.zeros') draws.set(tensor.step, { kind: 'known', initializer: { kind: 'zeros' }, ...about });
  if (path === 'jax.numpy.ones')
    draws.set(tensor.step, { kind: 'known', initializer: { kind: 'constant', value: 1 }, ...about });
  if (path === 'jax.random.uniform') {
    const given = givenBy(args, ['key', 'shape', 'dtype', 'minval', 'maxval'], 'python');
    const [min, max] = [given.value('minval'), given.value('maxval')].map((each, k) =>
      each === undefined ? k : numberOf(each),
    );
    if (min !== undefined && max !== undefined && min <= max)
      draws.set(tensor.step, { kind: 'known', initializer: { kind: 'uniform', min, max }, ...about });
  }
}

/** `init(key, (3, 4))`: an array that an initialiser fills. */
function draw(initializer: Value, args: CallArguments, moment: Moment): Value {
  const value = held(moment, shapeGiven(args.positional[1] ?? args.named.get('shape')), 'initializer');
  const tensor = tensorIn(value)!;
  const known = initializerIn(initializer);
  const source = moment.site.source;
  const spelled = moment.machine.text(source);
  draws.set(
    tensor.step,
    known ? { kind: 'known', initializer: known, spelled, source } : { kind: 'unknown', spelled, source },
  );
  return value;
}

/** What is not known leads on from the arrays that went into it. */
function opaque(callee: string, args: CallArguments, moment: Moment): Value | undefined {
  const inputs = [...args.positional, ...args.named.values()]
    .flatMap((value) => tensorsIn(value))
    .filter((tensor) => tensor.constant !== true);
  if (inputs.length === 0) return undefined;
  const name = lastPart(/^[\w.]+/.exec(callee)?.[0] ?? callee);
  return tensorValue(opaqueStep(name, inputs, moment));
}

function call(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const { machine } = moment;
  const [first] = args.positional;
  if (isInitializerPath(path)) {
    return initializerCall(path, args) ?? draw({ kind: 'path', path }, args, moment);
  }
  if (wrappers.test(path)) return first ?? args.named.get('target') ?? args.named.get('fn') ?? args.named.get('f');
  if (/initialize_carry$/.test(path)) return machine.unknown('carry');
  if (/^flax\.linen\.(module\.)?merge_param$/.test(path)) {
    const known = args.positional.slice(1).find((value) => value.kind !== 'constant' || value.value !== null);
    return known ?? machine.unknown('flag');
  }
  if (/^flax\.(experimental\.)?nnx\.Param$/.test(path)) return nnxParameter(args, moment);
  if (/^flax\.(experimental\.)?nnx\.(Rngs|RngStream)$/.test(path)) return foreign('rngs', {});
  if (
    /^flax\.(experimental\.)?nnx\.(Optimizer|ModelAndOptimizer|MultiMetric|Variable|BatchStat|metrics\.\w+)$/.test(path)
  )
    return machine.unknown(lastPart(path));
  if (/^flax\.linen\.(summary\.)?tabulate$/.test(path) && first !== undefined)
    return foreign('tabulate', { model: first });
  if (lossCall(path, args, moment)) {
    return readingOf(machine).depth > 0 ? undefined : machine.unknown(lastPart(path));
  }
  if (path.startsWith('optax.')) return undefined;
  const found = wrapped(path, args) ?? makeContainer(path, args, moment);
  if (found !== undefined) return found;
  const kind = kindOf(path);
  if (kind !== undefined) return layerValue(newLayer(path, kind, args, moment));
  const value = callFunction(path, args, moment);
  noteDraw(path, args, value, moment);
  if (value !== undefined) return value;
  // A class of Flax's layers that is not known is a layer all the same.
  return isLayerPath(path) ? layerValue(newLayer(path, undefined, args, moment)) : undefined;
}

function tensorMember(object: Foreign, name: string, machine: Machine): Value | undefined {
  const tensor = object.data as Tensor;
  switch (name) {
    case 'shape':
      return shapeOf(tensor, anywhere(machine));
    case 'ndim':
      return tensor.step.shape === undefined ? undefined : constant(tensor.step.shape.length);
    case 'T':
    case 'mT':
      return callMethod(
        tensor,
        name === 'T' ? 'transpose' : 'swapaxes',
        {
          positional: name === 'T' ? [] : [constant(-1), constant(-2)],
          named: new Map(),
          complete: true,
          sources: new Map(),
          list: tensor.step.source,
        },
        at(machine, { source: tensor.step.source }),
      );
    case 'dtype':
    case 'size':
      return machine.unknown(name);
    case 'at':
    case 'value':
      return object;
    default:
      return { kind: 'bound', object, name };
  }
}

function parameterMember(object: Foreign, name: string, machine: Machine): Value | undefined {
  const { shape } = object.data as Parameter;
  if (name === 'value') return object;
  if (name === 'shape' && shape !== undefined)
    return list(
      shape.map((size) => sizeValue(size, machine)),
      'tuple',
    );
  return undefined;
}

function fromShape({ tensor, from }: OpenShape, k: number, moment: Moment): Value {
  return sizeAt(tensor, k < 0 ? k : from + k, moment);
}

/** Several inputs in one: `x, y = batch`. */
function partsOf({ step }: Tensor, count: number, machine: Machine): readonly Value[] {
  const isInput = step.operation.kind === 'input';
  return Array.from({ length: count }, (_, k) =>
    tensorValue(
      newStep(
        isInput
          ? {
              operation: { kind: 'input' },
              inputs: [],
              type: 'input',
              name: `${step.name ?? 'input'}[${k}]`,
              source: step.source,
            }
          : { operation: { kind: 'rearrange' }, inputs: [{ step }], type: 'part', source: step.source },
        machine,
      ),
    ),
  );
}

/** `b[...]`, `b[None]`: all of it, with an axis more where it is broadcast. */
const isWhole = (index: Value | undefined): boolean =>
  (index?.kind === 'unknown' && index.text === '...') || (index?.kind === 'constant' && index.value === null);

const weightNames: ReadonlySet<string> = new Set(['kernel', 'bias', 'embedding']);

const library: Library = {
  call: (path, args, site, machine) => call(path, args, at(machine, site)),
  invoke(object, args, site, machine) {
    const moment = at(machine, site);
    switch (object.type) {
      case 'layer':
        return applyModule(object.data as Layer, args, moment);
      case 'wrapped':
        return invokeWrapped(object.data as Wrapped, args, moment);
      case 'initializer':
        return draw(object, args, moment);
      case 'rngs':
        return machine.unknown('key');
      case 'tabulate':
        modelMethod(
          (object.data as { model: Value }).model,
          'init',
          { ...args, positional: [none, ...args.positional] },
          moment,
        );
        return machine.unknown('table');
      default:
        return undefined;
    }
  },
  member(object, name, machine) {
    switch (object.type) {
      case 'tensor':
        return tensorMember(object, name, machine);
      case 'parameter':
        return parameterMember(object, name, machine) ?? { kind: 'bound', object, name };
      case 'layer': {
        const layer = object.data as Layer;
        // nnx's layers hold their weights.
        if (layer.flavour === 'nnx' && weightNames.has(name)) return foreign('weight', layer);
        return layerMember(layer, name);
      }
      case 'weight':
        return name === 'value' ? object : undefined;
      case 'rngs':
        // `rngs.params` is a stream of keys; `rngs.uniform(…)` draws at once.
        return isRandom(name) ? { kind: 'bound', object, name } : object;
      case 'module':
        return moduleMember(object, name, anywhere(machine));
      default:
        return undefined;
    }
  },
  method(object, name, args, site, machine) {
    const moment = at(machine, site);
    switch (object.type) {
      case 'tensor':
        return callMethod(object.data as Tensor, name, args, moment);
      case 'parameter':
        return name === 'astype' ? object : held(moment, undefined, name);
      case 'rngs': {
        // Keys of streams: `rngs.params()`.
        if (!isRandom(name)) return machine.unknown('key');
        const key = machine.unknown('key');
        return call(`jax.random.${name}`, { ...args, positional: [key, ...args.positional] }, moment);
      }
      case 'layer': {
        const layer = object.data as Layer;
        if (name === '__call__') return applyModule(layer, args, moment);
        if (name === 'initialize_carry') return machine.unknown('carry');
        const own = layer.meaning.methods?.[name];
        if (own !== undefined) return own(layer, args, moment);
        return containerMethod(layer, name, args) ?? modelMethod(object, name, args, moment);
      }
      default:
        return undefined;
    }
  },
  index(object, index, site, machine) {
    const moment = at(machine, site);
    switch (object.type) {
      case 'tensor':
        return indexed(object.data as Tensor, index, moment);
      case 'layer':
        return containerIndex(object.data as Layer, index);
      case 'parameter':
        // `w[...]` is its value; a part of it is numbers that are learned.
        return isWhole(index) ? object : held(moment, undefined, 'parameter');
      case 'shape': {
        const shape = object.data as OpenShape;
        const k = numberOf(index);
        if (k !== undefined) return fromShape(shape, k, moment);
        const [, start] = /^\s*(\d+)\s*:\s*$/.exec(index?.kind === 'unknown' ? index.text : '') ?? [];
        return start === undefined ? undefined : foreign('shape', { ...shape, from: shape.from + Number(start) });
      }
      case 'parts': {
        const k = numberOf(index);
        return k === undefined ? undefined : (object.data as Parts).part(k);
      }
      default:
        return undefined;
    }
  },
  operator: (operator, operands, site, machine) => operate(operator, operands, at(machine, site)),
  items(object, machine, count) {
    const moment = anywhere(machine);
    switch (object.type) {
      case 'layer':
        return containerItems(object.data as Layer);
      case 'shape': {
        const shape = object.data as OpenShape;
        if (count === undefined) return undefined;
        return Array.from({ length: count }, (_, k) =>
          k === count - 1 && shape.from === 0 ? sizeAt(shape.tensor, -1, moment) : fromShape(shape, k, moment),
        );
      }
      case 'parts':
        return count === undefined
          ? undefined
          : Array.from({ length: count }, (_, k) => (object.data as Parts).part(k));
      case 'tensor':
        return count === undefined ? undefined : partsOf(object.data as Tensor, count, machine);
      default:
        return undefined;
    }
  },
  opaque: (callee, args, site, machine) => opaque(callee, args, at(machine, site)),
  setMember(object, name) {
    // Weights that the code sets are no longer what the layer drew.
    if (object.type === 'weight' || (object.type === 'layer' && weightNames.has(name))) {
      (object.data as { certain: boolean }).certain = false;
    }
    return true;
  },
  // Whichever ran, the later one shows that something may have been done.
  merge(first, second) {
    const [a, b] = [tensorIn(first), tensorIn(second)];
    return a !== undefined && b !== undefined && b.step.doubt > a.step.doubt ? second : first;
  },
  adopt: (instance, path, site, machine) => adopt(instance, path, at(machine, site)),
  instanceMethod: (instance, name, args, site, machine) => instanceMethod(instance, name, args, at(machine, site)),
  instanceCall: (instance, args, site, machine) => instanceCall(instance, args, at(machine, site)),
  instanceOf(object, path) {
    const layer = layerIn(object);
    if (layer === undefined) return undefined;
    const name = lastPart(path);
    return name === lastPart(layer.path) || (name === 'Module' && path.startsWith('flax.'));
  },
};

Object.assign(flaxLibrary, library);
