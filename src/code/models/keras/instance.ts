import type { Shape } from '../../../core/model/model';
import {
  type CallArguments,
  constant,
  type FunctionValue,
  type InstanceValue,
  list,
  type Value,
} from '../../interpret/values';
import { sourceAt } from '../../program/ast';
import { trainingFlag } from '../flags';
import { argumentsWith, givenBy } from '../given';
import { isDoubted } from '../tracing/either';
import { fromDoubt } from '../tracing/step';
import { applyLayer, inputTensors, opaqueStep, tensorValue } from './apply';
import { shapeValue } from './functions/sizes';
import { inputTensor } from './input';
import { makeLayer } from './makeLayer';
import { addItems, modelMethod } from './methods';
import { applyModel, bodyOf, doubtAt, isSymbolic, layerIn, modelIn } from './model';
import { type Body, type ModelData, newModel } from './modelData';
import { foreign, frameworkOf, kerasPath, type Moment, modelDoubt } from './state';
import { type Tensor, tensorsIn } from './tensor';
import { addWeight } from './weight';

const layerBases = /^keras\.layers\.(\w+)$/;

/** The kinds of base that a class of the file may have. */
export function baseOf(path: string): 'model' | 'sequential' | 'layer' | 'ready' | undefined {
  const known = kerasPath(path).replace(/^keras\.(engine|src)\.(\w+\.)*/, 'keras.');
  if (/^keras\.(models\.|training\.)?(Model|Functional)$/.test(known)) return 'model';
  if (/^(keras\.(models\.)?|tf\.|elsewhere\.)Sequential$/.test(known)) return 'sequential';
  if (/^keras\.(layers\.)?Layer$/.test(known) || known === 'tf.Module' || known === 'tf.layers.Layer') return 'layer';
  return layerBases.test(known) ? 'ready' : undefined;
}

/** What is kept of an object of a class of the file. */
export function adopt(instance: InstanceValue, path: string, moment: Moment): Value | undefined {
  const base = baseOf(path);
  if (base === undefined) return undefined;
  const model = newModel({
    kind: base === 'sequential' ? 'sequential' : 'subclass',
    type: instance.class.name,
    id: moment.machine.language === 'javascript' ? 'tfjs' : frameworkOf(path, moment.reading, 'python'),
    source: moment.site.source,
    name: moment.site.assignedTo,
    doubt: modelDoubt(moment),
    base: { path, kind: base },
    // A base in another file may have layers of its own.
    complete: !path.startsWith('elsewhere.'),
  });
  if (base === 'model' || base === 'sequential') moment.reading.adopted.push(model);
  return foreign(moment.reading, 'model', model);
}

const none = constant(null);

/** `super().__init__(…)` */
function construct(instance: InstanceValue, model: ModelData, args: CallArguments, moment: Moment): Value {
  const { language } = moment.machine;
  const base = model.base?.kind;
  if (base === 'sequential') {
    const [first] = args.positional;
    const layers = first?.kind === 'list' ? first : givenBy(args, ['layers'], language).value('layers');
    addItems(model, layers, moment);
  }
  if (base === 'model') {
    const given = givenBy(args, ['inputs', 'outputs', 'name'], language);
    const inputs = tensorsIn(given.value('inputs'));
    const outputs = given.value('outputs');
    if (inputs.length > 0 && outputs !== undefined) model.body = { inputs, outputs };
  }
  if (base === 'ready') {
    const layer = makeLayer(model.base!.path, model.id, args, { ...moment, site: { source: instance.source } });
    instance.foreign = foreign(moment.reading, 'layer', { ...layer, name: model.name ?? layer.name });
  }
  return none;
}

export function instanceMethod(
  instance: InstanceValue,
  name: string,
  args: CallArguments,
  moment: Moment,
): Value | undefined {
  const layer = layerIn(instance.foreign);
  if (layer !== undefined) {
    if (name === 'call' || name === '__call__') return applyLayer(layer, args.positional[0], args, moment);
    return name === '__init__' || name === 'build' ? none : undefined;
  }
  const model = modelIn(instance);
  if (model === undefined) return undefined;
  switch (name) {
    case '__init__':
    case 'constructor':
      return construct(instance, model, args, moment);
    case 'add_weight':
    case 'add_variable':
      return addWeight(args, moment);
    case 'call':
      return superCall(instance, model, args, moment);
    case '__call__':
    case 'apply':
      return instanceCall(instance, args, moment);
    case 'add_loss':
    case 'add_metric':
    case 'get_config':
      return name === 'get_config' ? { kind: 'dict', entries: new Map(), complete: true } : none;
    default:
      return modelMethod(model, name, args, moment);
  }
}

/** `super().call(x)`: of a Sequential its layers; of a class that is not here nobody knows. */
function superCall(instance: InstanceValue, model: ModelData, args: CallArguments, moment: Moment): Value | undefined {
  const { positional, named } = args;
  const input = positional[0] ?? named.get('inputs');
  if (moment.machine.member(instance, 'call')?.kind !== 'function') return instanceCall(instance, args, moment);
  if (model.base?.kind === 'sequential' || model.body !== undefined) return applyModel(model, input, args, moment);
  return tensorValue(opaqueStep(instance.class.name, inputTensors(input, moment), moment), moment);
}

const asFunction = (value: Value | undefined): FunctionValue | undefined =>
  value?.kind === 'function' ? value : undefined;

/** The class's own way from input to output. */
const callOf = (instance: InstanceValue, moment: Moment): FunctionValue | undefined =>
  asFunction(moment.machine.member(instance, 'call')) ?? asFunction(moment.machine.member(instance, '__call__'));

/** `build(input_shape)` runs once, before the first call. */
function ensureBuilt(instance: InstanceValue, model: ModelData, inputs: readonly Tensor[], moment: Moment): void {
  if (model.built) return;
  model.built = true;
  const build = asFunction(moment.machine.member(instance, 'build'));
  if (build === undefined) return;
  const shapes = inputs.map((tensor) => shapeValue({ step: tensor.step, shape: tensor.shape }, moment));
  moment.machine.call(build, argumentsWith([shapes.length === 1 ? shapes[0]! : list(shapes)], moment), moment.site);
}

const parametersOf = (call: FunctionValue): string[] =>
  call.code.parameters.flatMap(({ target, rest }) =>
    target.kind === 'name' && rest === undefined ? [target.name] : [],
  );

/** In training, as gradients flow then: dropout is in force. */
function withTraining(call: FunctionValue, args: CallArguments): CallArguments {
  // The first parameter is the model itself.
  const flags = parametersOf(call)
    .slice(1 + args.positional.length)
    .filter((name) => trainingFlag.test(name) && !args.named.has(name));
  return flags.length === 0
    ? args
    : { ...args, named: new Map([...args.named, ...flags.map((name) => [name, constant(true)] as const)]) };
}

/** `model(x)`, `self.block(x)`. */
export function instanceCall(instance: InstanceValue, args: CallArguments, moment: Moment): Value | undefined {
  const result = called(instance, args, moment);
  const own = modelIn(instance) ?? layerIn(instance.foreign);
  if (own !== undefined && (moment.reading.eithers.has(own) || isDoubted(instance, moment.machine))) {
    const inputs = [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value));
    doubtAt(Number.POSITIVE_INFINITY, tensorsIn(result), inputs);
  }
  return result;
}

function called(instance: InstanceValue, args: CallArguments, moment: Moment): Value | undefined {
  const layer = layerIn(instance.foreign);
  const model = modelIn(instance);
  const { reading, machine, site } = moment;
  const call = callOf(instance, moment);
  const [input] = args.positional.length > 0 ? args.positional : [...args.named.values()];
  if (call === undefined) {
    if (layer !== undefined) return applyLayer(layer, input, args, moment);
    return model && (model.body !== undefined || model.kind === 'sequential')
      ? applyModel(model, input, args, moment)
      : undefined;
  }
  const tensors = tensorsIn(input);
  // Data that are not known, outside of any model: a training loop.
  if (tensors.length === 0 && reading.depth === 0 && input?.kind === 'unknown') return undefined;
  if (model !== undefined) {
    if (isSymbolic(tensors)) model.inside = true;
    const shape = tensors[0]?.shape;
    if (shape !== undefined) model.inputShape ??= { shape, source: args.sources.get(0) ?? site.source };
    ensureBuilt(instance, model, tensors, moment);
  }
  const known =
    tensors.length > 0 || input === undefined
      ? args.positional
      : [asTensors(input, moment), ...args.positional.slice(1)];
  reading.depth++;
  try {
    const result = machine.call(call, withTraining(call, { ...args, positional: known }), site);
    if (tensorsIn(result).length > 0 || tensors.length === 0) return result;
    return tensorValue(opaqueStep(instance.class.name, tensors, moment), moment);
  } finally {
    reading.depth--;
  }
}

const asTensors = (value: Value, moment: Moment): Value =>
  value.kind === 'unknown' ? tensorValue(inputTensors(value, moment)[0]!, moment) : value;

/** Names of parameters that are no inputs. */
const notInputs: ReadonlySet<string> = new Set(
  'self mask masks return_attention_scores return_attention kwargs'.split(' '),
);
const isNoInput = (name: string): boolean => notInputs.has(name) || trainingFlag.test(name);

/** From an input of the shape that is told, or of one that is not, to what `call` returns. */
export function instanceBody(instance: InstanceValue, model: ModelData, moment: Moment): Body | undefined {
  if (model.body !== undefined) return model.body;
  const call = callOf(instance, moment);
  if (call === undefined) return bodyOf(model, moment);
  const parameters = call.code.parameters.slice(1).filter(({ target, rest, default: usual }) => {
    return target.kind === 'name' && rest === undefined && usual === undefined && !isNoInput(target.name);
  });
  const inputs = parameters.map((parameter, k): Tensor => {
    const { target } = parameter;
    const source = sourceAt(call.place, parameter);
    const shape: Shape | undefined = k === 0 ? model.inputShape?.shape : undefined;
    return inputTensor(shape, source, moment, 'Input', target.kind === 'name' ? target.name : undefined);
  });
  if (inputs.length === 0) return undefined;
  const { inside } = model;
  const positional = inputs.map((tensor) => tensorValue(tensor, moment));
  const outputs = fromDoubt(moment.machine, model.doubt, () =>
    called(instance, argumentsWith(positional, moment), moment),
  );
  model.inside = inside;
  if (outputs === undefined || tensorsIn(outputs).length === 0) return undefined;
  return { inputs, outputs };
}
