import { dictOf } from '../../interpret/operations';
import {
  type CallArguments,
  constant,
  type Foreign,
  type FunctionValue,
  type InstanceValue,
  type Machine,
  type Value,
} from '../../interpret/values';
import { type Parameter as CodeParameter, sourceAt } from '../../program/ast';
import { argumentsWith, textOf } from '../given';
import {
  doubted,
  doubtOf,
  fromDoubt,
  type Moment,
  type NewStep,
  newStep,
  opaqueStep,
  stepsBefore,
  type Tensor,
  tensorsIn,
} from '../tracing/step';
import {
  addChild,
  applyModule,
  containerKind,
  containerMethod,
  fillContainer,
  isChanged,
  nextKey,
  outputOf,
} from './containers';
import { beforeDraws } from './draws';
import { buildElsewhere, elsewhere, isForward } from './elsewhere';
import { areApart, headNames, wantsInput, widest } from './heads';
import { kindOf } from './kinds/kinds';
import { containerIn, inputTensors, type Layer, layerIn, layerMember, newContainer, newLayer } from './layer';
import { childrenOf, isModule, moduleMethod } from './modules';
import { foreign, keyOf, none, readingOf, tensorValue } from './state';

/** What is kept of an object of one of the file's modules. */
export interface Module {
  readonly path: string;
  readonly doubt: number;
  readonly instance: InstanceValue;
}

const plainModule =
  /^(torch\.nn\.(modules\.(module\.)?)?Module|torch\.jit\.ScriptModule|(pytorch_lightning|lightning(\.pytorch)?|pl)\.(core\.(\w+\.)*)?LightningModule)$/;

/** Whether a class of the file with this base is a module. */
export const isModuleBase = (path: string): boolean =>
  plainModule.test(path) ||
  containerKind(path) !== undefined ||
  kindOf(path) !== undefined ||
  /^torchvision\.models\.(\w+\.)*[A-Z]\w*$/.test(path);

export function adopt(instance: InstanceValue, path: string, moment: Moment): Foreign | undefined {
  if (!isModuleBase(path)) return undefined;
  const { machine } = moment;
  readingOf(machine).instances.push(instance);
  const container = containerKind(path);
  if (container !== undefined) return foreign('layer', newContainer(container, path, moment));
  return foreign('module', { path, doubt: doubtOf(machine), instance } satisfies Module);
}

/** `super().__init__(…)` */
function construct(instance: InstanceValue, args: CallArguments, moment: Moment): Value {
  const own = layerIn(instance.foreign);
  if (own?.container !== undefined) fillContainer(own, args, moment);
  else if (instance.foreign?.type === 'module') {
    const { path } = instance.foreign.data as Module;
    if (path === elsewhere) buildElsewhere(instance, moment);
    const kind = kindOf(path);
    if (kind !== undefined) {
      instance.foreign = foreign('layer', newLayer(path, kind, args, { ...moment, site: { source: instance.source } }));
      // PyTorch's own constructors fill the weights by it.
      const fill = methodOf(instance, 'reset_parameters', moment);
      if (fill !== undefined) moment.machine.call(fill, argumentsWith([], moment), moment.site);
    }
  }
  return none;
}

const ignoredMethods = new Set(
  'log log_dict print register_forward_hook register_full_backward_hook register_backward_hook register_load_state_dict_post_hook reset_parameters extra_repr manual_backward toggle_optimizer untoggle_optimizer __setstate__'.split(
    ' ',
  ),
);

/** Lightning's `self.hparams`: what the constructor was given, the arguments that are named, or what is given as a whole. */
function hyperparameters({ positional }: CallArguments, { machine }: Moment): Value {
  const [whole] = positional;
  const names = positional.map(textOf);
  if (whole !== undefined && names[0] === undefined) return whole;
  const entries = [...machine.parameters()].filter(([name]) => names.length === 0 || names.includes(name));
  return dictOf(entries);
}

/** A method that the file's class does not have. */
export function instanceMethod(
  instance: InstanceValue,
  name: string,
  args: CallArguments,
  moment: Moment,
): Value | undefined {
  const { machine } = moment;
  const layer = layerIn(instance.foreign);
  const [first, second] = args.positional;
  switch (name) {
    case '__init__':
      return construct(instance, args, moment);
    case '__call__':
      return instanceCall(instance, args, moment);
    case 'forward':
      return layer === undefined ? undefined : applyModule(layer, args, moment);
    case 'add_module':
    case 'register_module': {
      const key = textOf(first ?? args.named.get('name'));
      const value = second ?? args.named.get('module');
      if (value === undefined) return none;
      if (layer?.container !== undefined) addChild(layer, key ?? nextKey(layer), value, moment);
      else if (key !== undefined) instance.attributes.set(key, value);
      // Whatever it is called, it is a part.
      else instance.attributes.set(`(${instance.attributes.size})`, value);
      return none;
    }
    case 'save_hyperparameters':
      instance.attributes.set('hparams', hyperparameters(args, moment));
      return none;
    case '__getattr__':
    case 'get_submodule': {
      const key = textOf(first);
      return key === undefined ? undefined : machine.member(instance, key);
    }
    case '__setattr__':
    case 'register_buffer':
    case 'register_parameter': {
      const key = textOf(first ?? args.named.get('name'));
      const value = second ?? args.named.get('tensor') ?? args.named.get('param');
      if (key !== undefined && value !== undefined) instance.attributes.set(key, value);
      return none;
    }
    default: {
      if (ignoredMethods.has(name)) return none;
      // `self.norm1(x)` in a Sequential of one's own.
      const child = layer?.children.get(name);
      if (child !== undefined) return machine.call(child, args, moment.site);
      return (
        (layer?.container === undefined ? undefined : containerMethod(layer, name, args, moment)) ??
        moduleMethod(instance, name, args, moment)
      );
    }
  }
}

export function instanceMember(instance: Foreign, name: string, moment: Moment): Value | undefined {
  if (name === 'training') return constant(true);
  if (name === '_modules' && instance.type === 'module') return dictOf(childrenOf((instance.data as Module).instance));
  const layer = layerIn(instance);
  return layer === undefined ? undefined : layerMember(layer, name, moment);
}

const asFunction = (value: Value | undefined): FunctionValue | undefined =>
  value?.kind === 'function' ? value : undefined;

const methodOf = (instance: InstanceValue, name: string, { machine }: Moment): FunctionValue | undefined =>
  asFunction(machine.member(instance, name));

const forwardOf = (instance: InstanceValue, moment: Moment): FunctionValue | undefined =>
  methodOf(instance, 'forward', moment) ?? methodOf(instance, '__call__', moment);

/** `self.block(x)`, `model(x)`. */
export function instanceCall(instance: InstanceValue, args: CallArguments, moment: Moment): Value | undefined {
  const { machine, site } = moment;
  const reading = readingOf(machine);
  if (reading.depth === 0) return outputOf(instance, args, moment, instance.class.name);
  reading.parts.add(instance);
  const since = machine.next();
  const result = run(instance, args, { machine, site });
  if (reading.eithers.has(instance)) doubted(result, since);
  return result;
}

/** Objects whose `forward` is under way: one that calls itself is not followed. */
function run(instance: InstanceValue, args: CallArguments, moment: Moment): Value | undefined {
  const { machine, site } = moment;
  const forward = forwardOf(instance, moment);
  const tensors = [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value));
  if (forward === undefined) {
    const layer = layerIn(instance.foreign);
    return layer === undefined ? undefined : applyModule(layer, args, moment);
  }
  const reading = readingOf(machine);
  reading.depth++;
  try {
    const result = machine.call(forward, args, site);
    if (tensorsIn(result).length > 0 || tensors.length === 0) return result;
    return tensorValue(opaqueStep(instance.class.name, tensors, moment));
  } finally {
    reading.depth--;
  }
}

/** Parameters of `forward` that are no inputs. */
const notInputs =
  /^(self|training|train|args|kwargs|batch_size|epoch|n_\w+|num_\w+|.*mask.*|lengths?|.*_lens?|.*_lengths?|teacher_forcing.*|edge_index|edge_attr|return_.*|verbose|device)$/;

const isOpen = ({ target, rest, default: usual }: CodeParameter): boolean =>
  target.kind === 'name' && rest === undefined && usual === undefined;

/** `y=None` that is computed with as it is: whoever leaves it out gets an error. */
function isNeeded({ target, rest, default: usual }: CodeParameter, call: FunctionValue, machine: Machine): boolean {
  if (target.kind !== 'name' || rest !== undefined || usual === undefined) return false;
  const text = machine.text(sourceAt(call.place, call.code));
  const { name } = target;
  if (!new RegExp(`\\b${name}(\\s*:[^=,)]*)?\\s*=\\s*None\\b`).test(text)) return false;
  if (new RegExp(`\\b${name}\\s*(is|==|!=|or|and|if|else)\\b|\\b(if|not|elif|or|and|while)\\s+${name}\\b`).test(text))
    return false;
  return new RegExp(`\\bcat\\(\\s*[[(][^\\])]*\\b${name}\\b|\\bself\\.\\w+\\(\\s*${name}\\s*\\)`).test(text);
}

/** The arguments of `forward` for a model that is looked at for itself, and its inputs. */
function symbolicArguments(
  call: FunctionValue,
  shapes: readonly (import('../../../core/model/model').Shape | undefined)[],
  moment: Moment,
  /** Inputs of the model's other methods, by name. */
  shared = new Map<string, Tensor>(),
) {
  const { machine } = moment;
  const inputs: Tensor[] = [];
  const positional: Value[] = [];
  for (const parameter of call.code.parameters.slice(1)) {
    const { target, rest } = parameter;
    if (target.kind !== 'name') continue;
    const only = rest === 'positional' && inputs.length === 0;
    if (!isOpen(parameter) && !only && !isNeeded(parameter, call, machine)) break;
    if (parameter.keywordOnly && !only) break;
    if (notInputs.test(target.name) && !only) {
      positional.push(machine.unknown(target.name));
      continue;
    }
    const source = sourceAt(call.place, parameter);
    const shape = shapes[inputs.length];
    const input = shared.get(target.name) ?? inputStep({ name: target.name, source, shape }, machine);
    shared.set(target.name, input);
    inputs.push(input);
    positional.push(tensorValue(input));
  }
  // All inputs have defaults: the first is one all the same.
  if (inputs.length === 0) {
    const [, parameter] = call.code.parameters;
    if (parameter?.target.kind === 'name' && parameter.rest === undefined) {
      const { target } = parameter;
      const source = sourceAt(call.place, parameter);
      const shape = shapes[0];
      const input = inputStep({ name: target.name, source, shape }, machine);
      inputs.push(input);
      positional[0] = tensorValue(input);
    }
  }
  return { inputs, args: argumentsWith(positional, moment) };
}

/** How many open conditions a model was made under. */
export const doubtOfModel = (value: Value): number => {
  const own = value.kind === 'instance' ? value.foreign : value;
  return layerIn(own)?.doubt ?? (own?.kind === 'foreign' && own.type === 'module' ? (own.data as Module).doubt : 0);
};

/** What a model returns, from symbolic inputs; undefined where that is no tensor. */
export function bodyOf(value: Value, moment: Moment): readonly Tensor[] | undefined {
  const { machine } = moment;
  const reading = readingOf(machine);
  const key = keyOf(value);
  if (key === undefined) return undefined;
  const known = reading.bodies.get(key);
  if (known !== undefined) return known;
  if (reading.started.has(key)) return undefined;
  reading.started.add(key);
  const isPart = reading.parts.has(key);
  const shapes = reading.uses.get(key)?.inputs ?? exampleShapes(value);
  reading.depth++;
  try {
    const outputs = fromDoubt(machine, doubtOfModel(value), () =>
      value.kind === 'instance' ? instanceBody(value, shapes, moment) : containerBody(value, shapes, moment),
    );
    if (outputs === undefined || outputs.length === 0) return undefined;
    reading.bodies.set(key, outputs);
    return outputs;
  } finally {
    reading.depth--;
    if (!isPart) reading.parts.delete(key);
  }
}

/** Lightning's `self.example_input_array`. */
function exampleShapes(value: Value): readonly (import('../../../core/model/model').Shape | undefined)[] {
  const example = value.kind === 'instance' ? value.attributes.get('example_input_array') : undefined;
  return tensorsIn(example)
    .filter(({ constant: fixed }) => fixed)
    .map(({ step }) => step.shape);
}

type Shapes = Parameters<typeof symbolicArguments>[1];

function instanceBody(instance: InstanceValue, shapes: Shapes, moment: Moment): Tensor[] | undefined {
  const forward = forwardOf(instance, moment);
  if (forward === undefined) {
    return layerIn(instance.foreign) === undefined
      ? (stepBody(instance, moment) ?? partBodies(instance, moment) ?? headBodies(instance, moment))
      : containerBody(instance, shapes, moment);
  }
  const { args } = symbolicArguments(forward, shapes, moment);
  const { losses } = readingOf(moment.machine);
  const before = losses.length;
  const result = moment.machine.call(forward, args, { source: instance.source });
  const outputs = beforeDraws(tensorsIn(result).filter(({ constant: fixed }) => !fixed));
  if (outputs.length > 0) return outputs;
  // One that gives its loss alone.
  const found = losses.slice(before).find(({ output }) => output !== undefined);
  if (found?.output !== undefined) losses.push({ ...found, model: instance });
  // One that only says that it is not implemented.
  return found?.output === undefined ? headBodies(instance, moment) : [found.output];
}

/** A module that is used by other methods than `forward`, such as `pi` and `v`: all of them. */
function headBodies(instance: InstanceValue, moment: Moment): Tensor[] | undefined {
  const inputs = new Map<string, Tensor>();
  const bodies = headNames(instance).map((name): Tensor[] => {
    const call = methodOf(instance, name, moment);
    if (call === undefined || !wantsInput(call)) return [];
    const { args } = symbolicArguments(call, [], moment, inputs);
    const result = moment.machine.call(call, args, { source: instance.source });
    return beforeDraws(tensorsIn(result).filter(({ constant: fixed }) => !fixed));
  });
  const outputs = widest(bodies);
  // What holds nothing but networks that have nothing in common is none itself.
  const held = [...instance.attributes.values()].filter((value) => isModule(value));
  if (outputs.length === 0 || (areApart(outputs) && held.every((value) => containerIn(value) !== undefined)))
    return undefined;
  return [...outputs.flat(), ...uncovered(instance, outputs.flat(), inputs, moment)];
}

/** Parts that compare, and copies that follow others: no part of what a module computes. */
const noPart = /loss|criterion|metric|target|teacher|ema|momentum|percept|discrim|_(k|t)$/i;

/** Networks that an object of other methods holds and none of them uses, such as a critic that a training loop calls. */
function uncovered(
  instance: InstanceValue,
  outputs: readonly Tensor[],
  inputs: Map<string, Tensor>,
  moment: Moment,
): Tensor[] {
  const shown = new Set(stepsBefore(outputs).flatMap(({ weights }) => weights ?? []));
  const found: Tensor[] = [];
  for (const [name, part] of instance.attributes) {
    if (part.kind !== 'instance' || part.foreign === undefined || noPart.test(name)) continue;
    const call = methodOf(part, 'forward', moment);
    if (call === undefined || !wantsInput(call) || noPart.test(part.class.name)) continue;
    const { args } = symbolicArguments(call, [], moment, inputs);
    const own = tensorsIn(instanceCall(part, args, { ...moment, site: { source: part.source } }));
    const weights = stepsBefore(own).flatMap((step) => step.weights ?? []);
    if (weights.length > 0 && !weights.some((each) => shown.has(each))) found.push(...own);
  }
  return found;
}

/** A module without `forward` that has several, such as `generator_forward` and `discriminator_forward`: all of them. */
function partBodies(instance: InstanceValue, moment: Moment): Tensor[] | undefined {
  const calls = [...instance.class.attributes.keys()]
    .filter((name) => isForward(name))
    .map((name) => methodOf(instance, name, moment))
    .filter((call) => call !== undefined);
  if (calls.length === 0) return undefined;
  const { losses } = readingOf(moment.machine);
  const before = losses.length;
  const outputs = calls.flatMap((call) => {
    const { args } = symbolicArguments(call, [], moment);
    const result = moment.machine.call(call, args, { source: instance.source });
    return tensorsIn(result).filter(({ constant: fixed }) => !fixed);
  });
  if (outputs.length > 0) return outputs;
  // `train_forward` that gives its loss as a number.
  const found = losses.slice(before).find(({ output }) => output !== undefined);
  if (found?.output === undefined) return outputs;
  losses.push({ ...found, model: instance });
  return [found.output];
}

/** Lightning without `forward`: what the loss of `training_step` is given. */
function stepBody(instance: InstanceValue, moment: Moment): Tensor[] | undefined {
  const call = methodOf(instance, 'training_step', moment);
  if (call === undefined) return undefined;
  const reading = readingOf(moment.machine);
  const before = reading.losses.length;
  const { args } = symbolicArguments(call, [], moment);
  moment.machine.call(call, { ...args, positional: args.positional.slice(0, 1) }, { source: instance.source });
  const found = reading.losses.slice(before).find(({ output }) => output !== undefined);
  if (found?.output === undefined) return undefined;
  reading.losses.push({ ...found, model: instance });
  return [found.output];
}

/** `model = nn.Linear(1, 1)`: a layer that is called and trained by itself, and in no other model. */
function isAlone(layer: Layer, machine: Machine): boolean {
  const { alone, instances, containers } = readingOf(machine);
  if (!/\.(Lazy)?Linear$/.test(layer.path) || !alone.tuned.has(layer) || !alone.called.has(layer)) return false;
  const holds = (values: Iterable<Value>): boolean => [...values].some((value) => layerIn(value) === layer);
  return !(
    instances.some(({ attributes }) => holds(attributes.values())) ||
    containers.some((each) => holds((each as Layer).children.values()))
  );
}

const inputStep = (given: Pick<NewStep, 'name' | 'source' | 'shape'>, machine: Machine): Tensor =>
  newStep({ ...given, operation: { kind: 'input' }, inputs: [], type: 'input', infer: () => given.shape }, machine);

function containerBody(value: Value, shapes: Shapes, moment: Moment): Tensor[] | undefined {
  const layer = layerIn(value.kind === 'instance' ? value.foreign : value);
  const { machine } = moment;
  if (layer === undefined || !(layer.container === 'sequential' || isChanged(layer) || isAlone(layer, machine)))
    return undefined;
  const [shape] = shapes;
  const source = value.kind === 'instance' ? value.source : layer.source;
  const input = inputStep({ source, shape }, machine);
  const args = argumentsWith([tensorValue(input)], moment);
  const result = applyModule(layer, args, { machine, site: { source } });
  return tensorsIn(result);
}

/** Runs what else a Lightning module says: its loss. */
export function noteTrainingStep(instance: InstanceValue, moment: Moment): void {
  const reading = readingOf(moment.machine);
  const call = methodOf(instance, 'training_step', moment);
  if (call === undefined || reading.losses.some(({ model }) => model === instance)) return;
  const before = reading.losses.length;
  const { args } = symbolicArguments(call, [], moment);
  const isPart = reading.parts.has(instance);
  reading.depth++;
  try {
    moment.machine.call(call, { ...args, positional: args.positional.slice(0, 1) }, { source: instance.source });
  } finally {
    reading.depth--;
    if (!isPart) reading.parts.delete(instance);
  }
  const found = reading.losses.slice(before);
  if (found[0] !== undefined) reading.losses.push({ ...found[0], model: instance });
}

export type { Layer };
export { inputTensors };

/** What is told to be right, where `forward` computes its loss as well: `targets=None`, `labels: Tensor | None = None`. */
const rightOnes = /^(targets?|labels?|y|ys|y_true|gt|ground_truth)$/;

/** Runs `forward` with the targets that it may be given: its loss. */
export function noteOptionalLoss(instance: InstanceValue, moment: Moment): void {
  const { machine } = moment;
  const reading = readingOf(machine);
  const call = forwardOf(instance, moment);
  if (call === undefined || reading.losses.some(({ model }) => model === instance)) return;
  const text = machine.text(sourceAt(call.place, call.code));
  const optional = call.code.parameters.filter(
    ({ target, rest, default: usual }) =>
      target.kind === 'name' && rest === undefined && usual !== undefined && rightOnes.test(target.name),
  );
  const asked = optional.flatMap(({ target }) =>
    target.kind === 'name' && new RegExp(`\\bif\\s+${target.name}\\s+is\\s+(not\\s+)?None\\b`).test(text)
      ? [target.name]
      : [],
  );
  if (asked.length === 0 || !/loss|cross_entropy|criterion/i.test(text)) return;
  const before = reading.losses.length;
  const isPart = reading.parts.has(instance);
  reading.depth++;
  try {
    const { args } = symbolicArguments(call, [], moment);
    const given = asked.map((name): [string, Value] => [
      name,
      tensorValue(inputStep({ name, source: instance.source, shape: undefined }, machine)),
    ]);
    machine.call(call, { ...args, named: new Map([...args.named, ...given]) }, { source: instance.source });
  } finally {
    reading.depth--;
    if (!isPart) reading.parts.delete(instance);
  }
  for (const found of reading.losses.slice(before))
    if (found.output !== undefined) reading.losses.push({ ...found, model: instance });
}
