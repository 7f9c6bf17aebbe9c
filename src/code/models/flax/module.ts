import type { Shape } from '../../../core/model/model';
import {
  type CallArguments,
  type Foreign,
  type FunctionValue,
  type InstanceValue,
  list,
  type Value,
} from '../../interpret/values';
import { sourceAt } from '../../program/ast';
import { argumentsWith, givenBy, isNone } from '../given';
import { isDoubted } from '../tracing/either';
import {
  doubted,
  doubtOf,
  fromDoubt,
  type Moment,
  newStep,
  opaqueStep,
  type Tensor,
  tensorIn,
  tensorsIn,
} from '../tracing/step';
import { applyModule, makeContainer, noteInputs, outputOf } from './containers';
import { shapeGiven } from './functions/call';
import { functionIn, type Transformed, transformedIn } from './haiku';
import { ownNormalisation } from './handwritten';
import { initializationOf } from './initializer';
import { isLayerPath, kindOf } from './kinds/kinds';
import { flavourOf, layerIn, layerValue, newLayer, reweighted } from './layer';
import { doubtLifted, liftOf } from './liftedMethods';
import {
  type Flavour,
  foreign,
  keyOf,
  type Module,
  moduleIn,
  notePart,
  type Parameter,
  readingOf,
  tensorValue,
} from './state';
import { symbolicArguments } from './symbolicArguments';

const linenBase = /^flax\.linen\.(module\.)?(Module|RNNCellBase)$/;
const nnxBase = /^flax\.(experimental\.)?nnx\.(\w+\.)*(Module|Pytree|RNNCellBase)$/;
const equinoxBase = /^equinox\.(_module\.)?(Module|nn\.StatefulLayer)$/;
const haikuBase = /^haiku\.(Module|RNNCore)$/;

const sequentialBase = /^flax\.(experimental\.)?nnx\.(\w+\.)*Sequential$/;

/** Whether a class of the file with this base is a module. */
export const isModuleBase = (path: string): boolean =>
  [linenBase, nnxBase, equinoxBase, haikuBase, sequentialBase].some((base) => base.test(path));

/** A layer that a class of the file builds on: `class Standardised(nn.Conv)`. */
const isLayerBase = (path: string): boolean => !isModuleBase(path) && isLayerPath(path) && kindOf(path) !== undefined;

/** Whether an object is a layer of the library's kind, whatever its class adds. */
export const isDerivedLayer = ({ class: type }: InstanceValue): boolean =>
  type.bases.some((base) => base.kind === 'path' && isLayerBase(base.path));

/** The library's layer that an object of a derived class is: with weights of its own, or not certain where it changes more. */
function derivedLayer(instance: InstanceValue, args: CallArguments, moment: Moment): Value | undefined {
  const { class: type } = instance;
  const base = type.bases.find((each) => each.kind === 'path' && isLayerBase(each.path));
  if (base?.kind !== 'path') return undefined;
  const own = [...type.attributes];
  const named = new Map([...own.filter(([, value]) => value.kind !== 'function'), ...args.named]);
  const layer = newLayer(base.path, kindOf(base.path), { ...args, named }, moment);
  const methods = own.flatMap(([name, value]) => (value.kind === 'function' ? [name] : []));
  const changes = methods.some((name) => !/^(__init__|__call__|param)$/.test(name));
  const made = layerValue({ ...layer, certain: layer.certain && !changes });
  return methods.includes('param') ? reweighted(made, base.path, moment) : made;
}

export function adopt(instance: InstanceValue, path: string, { machine }: Moment): Foreign | undefined {
  if (!isModuleBase(path) && !isLayerBase(path)) return undefined;
  const flavour: Flavour = flavourOf(path);
  // Of Equinox's modules some are records of what a model gives.
  if (flavour === 'equinox' && machine.member(instance, '__call__') === undefined) return undefined;
  readingOf(machine).instances.push(instance);
  return foreign('module', {
    flavour,
    instance,
    doubt: doubtOf(machine),
    ready: flavour !== 'linen',
    scanned: false,
  } satisfies Module);
}

/** Linen's `setup` runs when something of the module is needed. */
export function setUp(instance: InstanceValue, moment: Moment): void {
  const module = moduleIn(instance);
  if (module === undefined || module.ready) return;
  module.ready = true;
  const setup = moment.machine.member(instance, 'setup');
  if (setup?.kind === 'function') moment.machine.call(setup, argumentsWith([], moment), moment.site);
}

/** Attributes that `setup` makes. */
export function moduleMember(object: Foreign, name: string, moment: Moment): Value | undefined {
  const { instance } = object.data as Module;
  setUp(instance, moment);
  return instance.attributes.get(name);
}

/** `self.param('kernel', nn.initializers.lecun_normal(), (3, 4))`. */
function parameter(args: CallArguments, moment: Moment): Value {
  const { machine, site } = moment;
  const given = givenBy(args, ['name', 'init_fn', 'shape'], 'python');
  const name = given.value('name');
  return foreign('parameter', {
    name: name?.kind === 'constant' ? String(name.value) : (site.assignedTo ?? 'parameter'),
    initialization: initializationOf(given, 'init_fn', moment),
    shape: shapeGiven(given.value('shape')),
    number: machine.next(),
  } satisfies Parameter);
}

const itself: ReadonlySet<string> = new Set('train eval clone copy replace unbind bind perturb'.split(' '));
const ignored: ReadonlySet<string> = new Set(
  'sow variable get_variable put_variable has_variable has_rng make_rng is_initializing is_mutable_collection set_attributes init_weights update lazy_init __init__ __init_subclass__ __post_init__'.split(
    ' ',
  ),
);

/** Inputs after the key, also where that is given by name: `init(rng=key, x=batch)`. */
function inputsGiven({ positional, named }: CallArguments): readonly Value[] {
  const isKeyNamed = named.has('rng') || named.has('rngs');
  const byName = [...named].filter(([name]) => !/^rngs?$|^key$/.test(name)).map(([, value]) => value);
  return [...(isKeyNamed ? positional : positional.slice(1)), ...byName];
}

/** Calls of a model from outside: of its object, or of `nn.Sequential`. */
export function modelMethod(model: Value, name: string, args: CallArguments, moment: Moment): Value | undefined {
  const { machine } = moment;
  switch (name) {
    case 'init':
    case 'init_with_output':
    case 'tabulate':
    case 'lazy_init':
      noteInputs(model, inputsGiven(args), moment);
      return name === 'init_with_output'
        ? list([outputOf(model, noArguments(args), moment, nameOf(model)), machine.unknown('variables')], 'tuple')
        : machine.unknown(name);
    case 'apply': {
      if (args.named.has('method')) return machine.unknown('apply');
      const { depth } = readingOf(machine);
      const inputs = { ...args, positional: args.positional.slice(1) };
      if (depth > 0) return appliedInside(model, inputs, moment);
      const output = outputOf(model, inputs, moment, nameOf(model));
      const mutable = args.named.get('mutable');
      const plain = isNone(mutable) || (mutable?.kind === 'constant' && mutable.value === false);
      return plain ? output : list([output, machine.unknown('variables')], 'tuple');
    }
    default:
      return undefined;
  }
}

/** `self.conv.apply({'params': …}, x)` within a model: a layer with weights that the code works out. */
function appliedInside(model: Value, inputs: CallArguments, moment: Moment): Value | undefined {
  const own = layerIn(model);
  const layer = own?.container === undefined ? layerIn(own && reweighted(model, own.path, moment)) : undefined;
  return layer && applyModule({ ...layer, certain: own!.certain }, inputs, moment);
}

const noArguments = (args: CallArguments): CallArguments => ({ ...args, positional: [], named: new Map() });

const nameOf = (model: Value): string =>
  model.kind === 'instance' ? model.class.name : (layerIn(model)?.type ?? 'model');

/** A method that the file's class does not have. */
export function instanceMethod(
  instance: InstanceValue,
  name: string,
  args: CallArguments,
  moment: Moment,
): Value | undefined {
  const { machine, site } = moment;
  if (name === '__call__') {
    // `super().__call__(x)` of what is derived from a container.
    const layers = moduleIn(instance)?.layers;
    return layers === undefined || readingOf(machine).depth === 0
      ? instanceCall(instance, args, moment)
      : machine.call(layers, args, site);
  }
  if (name === '__init__') {
    const module = moduleIn(instance);
    const derived = module && derivedLayer(instance, args, { machine, site: { ...site, source: instance.source } });
    if (derived !== undefined) module!.layers = derived;
    const layers =
      module && instance.class.bases.some((base) => base.kind === 'path' && sequentialBase.test(base.path));
    if (layers) {
      const made = makeContainer('flax.nnx.Sequential', args, { machine, site: { source: instance.source } });
      if (made !== undefined) module.layers = made;
    }
    return machine.unknown(name);
  }
  if (name === 'param') return parameter(args, moment);
  if (name === 'perturb') return args.positional[1];
  if (name === 'bind' || itself.has(name)) return instance;
  const module = moduleIn(instance);
  if (module?.ready === false) {
    setUp(instance, moment);
    const own = instance.attributes.get(name);
    if (own !== undefined) return machine.call(own, args, site);
  }
  const answer = modelMethod(instance, name, args, moment);
  if (answer !== undefined) return answer;
  return ignored.has(name) ? machine.unknown(name) : undefined;
}

const methodOf = (instance: InstanceValue, name: string, { machine }: Moment): FunctionValue | undefined => {
  const found = machine.member(instance, name);
  return found?.kind === 'function' ? found : undefined;
};

/** What a call of it runs; of a class whose base is in another file that is `forward` where the class has no other. */
const calledOf = (instance: InstanceValue, moment: Moment): FunctionValue | undefined =>
  methodOf(instance, '__call__', moment) ??
  (instance.class.bases.some((base) => base.kind === 'path' && isModuleBase(base.path))
    ? undefined
    : methodOf(instance, 'forward', moment));

/** `self.block(x)`, `Block(64)(x)`, `model(x)`. */
export function instanceCall(instance: InstanceValue, args: CallArguments, moment: Moment): Value | undefined {
  const reading = readingOf(moment.machine);
  if (reading.depth === 0) return outputOf(instance, args, moment, instance.class.name);
  notePart(instance);
  const since = moment.machine.next();
  const result = run(instance, args, moment);
  if (reading.eithers.has(instance) || isDoubted(instance, moment.machine)) doubted(result, since);
  return result;
}

/** Runs something as a part of a model. */
function inside<Result>({ machine }: Moment, work: () => Result): Result {
  const reading = readingOf(machine);
  reading.depth++;
  try {
    return work();
  } finally {
    reading.depth--;
  }
}

/** Modules of one class within each other, such as a U-Net's levels. */
const MOST_NESTED = 6;

function run(instance: InstanceValue, args: CallArguments, moment: Moment): Value | undefined {
  const { machine, site } = moment;
  setUp(instance, moment);
  const method = calledOf(instance, moment);
  if (method === undefined) {
    const { layers } = moduleIn(instance) ?? {};
    return layers && inside(moment, () => machine.call(layers, args, site));
  }
  const tensors = [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value));
  const lift = liftOf(instance, method, moment);
  const reading = readingOf(machine);
  const since = machine.next();
  // A module that makes itself again and again is not followed for ever.
  if (reading.underWay.filter((each) => each === instance.class).length >= MOST_NESTED) return undefined;
  reading.depth++;
  reading.underWay.push(instance.class);
  if (lift === 'time') reading.scans++;
  try {
    const result = machine.call(method, args, site);
    doubtLifted(result, since, lift, instance, moment);
    const own = tensorIn(result) && ownNormalisation(instance, tensors, tensorIn(result)!, since, moment);
    if (own !== undefined) return tensorValue(own);
    if (tensorsIn(result).length > 0 || tensors.length === 0) return result;
    return tensorValue(opaqueStep(instance.class.name, tensors, moment));
  } finally {
    reading.depth--;
    reading.underWay.pop();
    if (lift === 'time') reading.scans--;
  }
}

/** How many open conditions a model was made under. */
export const doubtOfModel = (value: Value): number =>
  (value.kind === 'instance' ? moduleIn(value)?.doubt : layerIn(value)?.doubt) ?? 0;

/** What a model returns, from symbolic inputs; undefined where that is no array. */
export function bodyOf(value: Value, moment: Moment): readonly Tensor[] | undefined {
  const { machine } = moment;
  const reading = readingOf(machine);
  const key = keyOf(value);
  if (key === undefined) return undefined;
  const known = reading.bodies.get(key);
  if (known !== undefined) return known;
  if (reading.started.has(key)) return undefined;
  reading.started.add(key);
  const shapes = reading.inputs.get(value.kind === 'instance' ? value.class : key) ?? [];
  reading.depth++;
  try {
    const result = fromDoubt(machine, doubtOfModel(value), () => {
      const transformed = transformedIn(value);
      if (transformed !== undefined) return transformedBody(transformed, shapes, moment);
      return value.kind === 'instance' ? instanceBody(value, shapes, moment) : containerBody(value, shapes, moment);
    });
    const outputs = tensorsIn(result).filter((tensor) => tensor.constant !== true);
    if (outputs.length === 0) return undefined;
    reading.bodies.set(key, outputs);
    return outputs;
  } finally {
    reading.depth--;
  }
}

/** Of a function that Haiku makes a model of. */
function transformedBody(
  transformed: Transformed,
  shapes: readonly (Shape | undefined)[],
  moment: Moment,
): Value | undefined {
  const callee = functionIn(transformed);
  if (callee === undefined) return undefined;
  const args = symbolicArguments(callee, shapes, moment, callee.self === undefined ? 0 : 1);
  return moment.machine.call(callee, args, { source: sourceAt(callee.place, callee.code) });
}

function instanceBody(
  instance: InstanceValue,
  shapes: readonly (Shape | undefined)[],
  moment: Moment,
): Value | undefined {
  const { machine } = moment;
  setUp(instance, moment);
  const method = calledOf(instance, moment);
  if (method === undefined) {
    const { layers } = moduleIn(instance) ?? {};
    return layers && containerBody(layers, shapes, moment);
  }
  const args = symbolicArguments(method, shapes, moment);
  const lift = liftOf(instance, method, moment);
  const reading = readingOf(machine);
  const since = machine.next();
  if (lift === 'time') reading.scans++;
  const result = machine.call(method, args, { source: instance.source });
  if (lift === 'time') reading.scans--;
  doubtLifted(result, since, lift, instance, moment);
  return result;
}

function containerBody(value: Value, shapes: readonly (Shape | undefined)[], moment: Moment): Value | undefined {
  const layer = layerIn(value);
  const stands = layer?.container === 'sequential' || layer?.type === 'eqx.nn.MLP';
  if (layer === undefined || !stands) return undefined;
  const [shape] = shapes;
  const { source } = layer;
  const input = newStep(
    { operation: { kind: 'input' }, inputs: [], type: 'input', source, shape, infer: () => shape },
    moment.machine,
  );
  return applyModule(layer, argumentsWith([tensorValue(input)], moment), { ...moment, site: { source } });
}
