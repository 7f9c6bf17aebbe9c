import type { Shape } from '../../../core/model/model';
import { classOfUnknown } from '../../interpret/unknown';
import { type CallArguments, constant, list, type Value } from '../../interpret/values';
import { eachWithin } from '../../interpret/within';
import { argumentsWith, numberOf, textOf } from '../given';
import { isDoubted } from '../tracing/either';
import { doubted, type Moment, opaqueStep, tensorIn, tensorsIn } from '../tracing/step';
import { applyLayer, containerIn, inputTensors, type Layer, layerIn, newContainer } from './layer';
import { foreign, keyOf, lastPart, none, readingOf, tensorValue } from './state';

/** Sequential, ModuleList, ModuleDict. */

const containers: Readonly<Record<string, NonNullable<Layer['container']>>> = {
  Sequential: 'sequential',
  ModuleList: 'list',
  ModuleDict: 'dict',
};

export const containerKind = (path: string): NonNullable<Layer['container']> | undefined =>
  /^torch\.nn\.(modules\.(container\.)?)?(Sequential|ModuleList|ModuleDict)$/.test(path)
    ? containers[lastPart(path)]
    : undefined;

/** Marks what is put into something as a part of it, with a name where it has none. */
export function addChild(layer: Layer, key: string, value: Value, { machine }: Moment): void {
  layer.children.set(key, value);
  const object = keyOf(value);
  if (object !== undefined) readingOf(machine).parts.add(object);
  const child = layerIn(value);
  if (child !== undefined && child.name === undefined && !/^\d+$/.test(key)) child.name = key;
  if (value.kind === 'unknown' || value.kind === 'path') layer.complete = layer.complete && value.kind !== 'unknown';
}

export const nextKey = ({ children }: Layer): string => {
  let k = children.size;
  while (children.has(String(k))) k++;
  return String(k);
};

/** The children that a container's call gives it. */
export function fillContainer(layer: Layer, args: CallArguments, moment: Moment): void {
  const [only] = args.positional;
  if (!args.complete) layer.complete = false;
  if (only?.kind === 'dict' && args.positional.length === 1) {
    for (const [key, value] of only.entries) addChild(layer, String(key), value, moment);
    if (!only.complete) layer.complete = false;
    return;
  }
  if (layer.container === 'dict') {
    addPairs(layer, only, moment);
    return;
  }
  if (layer.container === 'sequential') {
    // An OrderedDict that was made of pairs may come as a list.
    const seen = new Set<Value>();
    for (const value of args.positional) addSequential(layer, value, moment, seen);
    return;
  }
  if (only === undefined || (only.kind === 'constant' && only.value === null)) return;
  extend(layer, only, moment);
}

/** `nn.ModuleDict([['a', layer], …])` */
function addPairs(layer: Layer, value: Value | undefined, moment: Moment): void {
  if (value === undefined) return;
  if (value.kind !== 'list' || !value.complete) layer.complete = false;
  for (const pair of value.kind === 'list' ? value.items : []) {
    const [key, child] = pair.kind === 'list' ? pair.items : [];
    const name = textOf(key);
    if (name !== undefined && child !== undefined) addChild(layer, name, child, moment);
    else layer.complete = false;
  }
}

function addSequential(layer: Layer, value: Value, moment: Moment, seen: Set<Value>): void {
  const add = (each: Value): Iterable<Value> | undefined => {
    if (each.kind === 'list') return undefined;
    const { complete } = layer;
    addChild(layer, nextKey(layer), each, moment);
    // `Mystery(4)` is one module, whatever it does.
    if (classOfUnknown(each) !== undefined) layer.complete = complete;
    return [];
  };
  eachWithin(value, 4, add, seen);
}

function extend(layer: Layer, value: Value, moment: Moment): void {
  const items = itemsOf(value);
  if (items === undefined) {
    layer.complete = false;
    return;
  }
  for (const item of items) addChild(layer, nextKey(layer), item, moment);
  // What a loop of unknown length makes is not certain by itself, as what it appends to a container is not.
  if (value.kind === 'list' && !value.complete && !items.some((item) => isDoubted(item, moment.machine)))
    layer.complete = false;
}

function itemsOf(value: Value): readonly Value[] | undefined {
  if (value.kind === 'list') return value.items;
  const container = containerIn(value);
  return container?.complete ? [...container.children.values()] : undefined;
}

/** What a loop over a container goes through; undefined where that is not all known. */
export function containerItems(layer: Layer): readonly Value[] | undefined {
  if (!layer.complete) return undefined;
  if (layer.container === 'dict') return [...layer.children.keys()].map((key) => constant(key));
  return [...layer.children.values()];
}

const copyOf = (layer: Layer, items: readonly Value[], moment: Moment): Layer => {
  const made = newContainer(layer.container!, layer.path, moment);
  for (const item of items) addChild(made, nextKey(made), item, moment);
  made.name = layer.name;
  return made;
};

/** `self.layers[0]`, `features[:5]`, `self.acts['relu']`. */
export function containerIndex(layer: Layer, index: Value | undefined, moment: Moment): Value | undefined {
  const key = textOf(index);
  if (key !== undefined) return layer.children.get(key);
  const values = [...layer.children.values()];
  const at = numberOf(index);
  if (at !== undefined) return values.at(at);
  const text = index?.kind === 'unknown' ? index.text : '';
  // Whichever it is, there is one.
  if (index?.kind === 'unknown' && values.length === 1 && !text.includes(':') && layer.complete) return values[0];
  const [, start, stop] = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.exec(text) ?? [];
  if (start === undefined || stop === undefined || !layer.complete) return undefined;
  const part = values.slice(start === '' ? undefined : Number(start), stop === '' ? undefined : Number(stop));
  return foreign('layer', copyOf(layer, part, moment));
}

/** `layers[1] = nn.ReLU()`, `blocks['conv'] = nn.Conv2d(…)`. */
export function setContainerItem(layer: Layer, index: Value, value: Value | undefined, moment: Moment): void {
  const at = numberOf(index);
  const key = at === undefined ? textOf(index) : [...layer.children.keys()].at(at);
  if (key === undefined) layer.complete = false;
  else if (value !== undefined) addChild(layer, key, value, moment);
  else layer.children.delete(key);
}

/** `features + head`, also of lists of layers: a container of both. */
export function joinedContainers(left: Value | undefined, right: Value | undefined, moment: Moment): Value | undefined {
  const own = containerIn(left);
  if (own === undefined || right === undefined || (right.kind !== 'list' && containerIn(right) === undefined)) {
    return undefined;
  }
  const made = copyOf(own, [...own.children.values()], moment);
  made.complete = own.complete;
  extend(made, right, moment);
  for (const part of [own, containerIn(right)]) if (part !== undefined) readingOf(moment.machine).parts.add(part);
  return foreign('layer', made);
}

const pairs = (layer: Layer): Value =>
  list(
    [...layer.children].map(([key, value]) => list([constant(key), value], 'tuple')),
    'list',
    layer.complete,
  );

/** A method of a container; undefined for one that every module has. */
export function containerMethod(layer: Layer, name: string, args: CallArguments, moment: Moment): Value | undefined {
  const [first, second] = args.positional;
  switch (name) {
    case 'append':
      if (first !== undefined) addChild(layer, nextKey(layer), first, moment);
      return foreign('layer', layer);
    case 'extend':
      if (first !== undefined) extend(layer, first, moment);
      return foreign('layer', layer);
    case 'insert': {
      const at = numberOf(first);
      if (at === undefined || second === undefined) layer.complete = false;
      else {
        const values = [...layer.children.values()];
        values.splice(at, 0, second);
        layer.children.clear();
        for (const value of values) addChild(layer, nextKey(layer), value, moment);
      }
      return none;
    }
    case 'update':
      if (first?.kind === 'dict') for (const [key, value] of first.entries) addChild(layer, String(key), value, moment);
      else addPairs(layer, first, moment);
      return none;
    case 'items':
      return pairs(layer);
    case 'values':
      return list([...layer.children.values()], 'list', layer.complete);
    case 'keys':
      return list(
        [...layer.children.keys()].map((key) => constant(key)),
        'list',
        layer.complete,
      );
    case '__contains__': {
      const key = layer.container === 'dict' ? textOf(first) : undefined;
      if (key === undefined) return undefined;
      return layer.children.has(key) || layer.complete ? constant(layer.children.has(key)) : undefined;
    }
    case 'pop':
      layer.children.delete(textOf(first) ?? [...layer.children.keys()].at(-1) ?? '');
      return none;
    default:
      return undefined;
  }
}

/** Anything that can stand among layers, applied to a value. */
export function applyValue(callee: Value, value: Value, moment: Moment): Value {
  const layer = layerIn(callee);
  const args = argumentsWith([value], moment);
  const result =
    callee.kind === 'unknown'
      ? undefined
      : layer !== undefined
        ? applyModule(layer, args, moment)
        : moment.machine.call(callee, args, moment.site);
  if (tensorsIn(result).length > 0) return result!;
  const made = classOfUnknown(callee);
  const text =
    made !== undefined
      ? lastPart(made)
      : callee.kind === 'unknown'
        ? callee.text
        : callee.kind === 'instance'
          ? callee.class.name
          : 'unknown';
  return tensorValue(opaqueStep(text, inputTensors(value, moment), moment));
}

/** True for a ready model of which layers were replaced. */
export const isChanged = ({ heads, fronts }: Layer): boolean => heads.length + fronts.length > 0;

/** A layer or container applied. */
export function applyModule(layer: Layer, args: CallArguments, moment: Moment): Value | undefined {
  const reading = readingOf(moment.machine);
  if (layer.container === undefined && !isChanged(layer)) {
    if (reading.depth === 0) reading.alone.called.add(layer);
    if (reading.depth === 0 && reading.alone.tuned.has(layer))
      return outputOf(layer, args, moment, layer.type, exampleShape(layer, args, moment));
    return applyLayer(layer, args, moment);
  }
  const value = args.positional[0] ?? [...args.named.values()][0];
  if (reading.depth === 0) return outputOf(layer, args, moment, layer.type, exampleShape(layer, args, moment));
  if (layer.container === undefined) {
    const front =
      value === undefined ? undefined : layer.fronts.reduce((now, each) => applyValue(each, now, moment), value);
    const body = applyLayer(layer, front === undefined ? args : argumentsWith([front], moment), moment);
    return body === undefined ? undefined : layer.heads.reduce((now, head) => applyValue(head, now, moment), body);
  }
  if (layer.container !== 'sequential' || value === undefined) return undefined;
  let now: Value = value;
  const since = moment.machine.next();
  for (const child of layer.children.values()) now = applyValue(child, now, moment);
  if (!layer.certain) doubted(now, since);
  if (layer.complete) return now;
  return tensorValue(opaqueStep('…', inputTensors(now, moment), moment));
}

/** The shape that a container makes of an example: constructors count with it how wide the next layer is. */
function exampleShape(layer: Layer, args: CallArguments, moment: Moment): Shape | undefined {
  const [example] = args.positional;
  if (tensorIn(example)?.step.shape === undefined) return undefined;
  const reading = readingOf(moment.machine);
  reading.depth++;
  try {
    return tensorIn(applyModule(layer, args, moment))?.step.shape;
  } finally {
    reading.depth--;
  }
}

/** What a training loop gets of a model: nobody looks inside, but what is done with it counts. */
export function outputOf(model: object, args: CallArguments, moment: Moment, type: string, shape?: Shape): Value {
  const reading = readingOf(moment.machine);
  const inputs = args.positional
    .map((value) => tensorIn(value))
    .map((tensor) => (tensor?.constant ? tensor.step.shape : undefined));
  const use = reading.uses.get(model) ?? { inputs: undefined };
  if (use.inputs === undefined && inputs.some((shape) => shape !== undefined)) use.inputs = inputs;
  reading.uses.set(model, use);
  reading.trained = true;
  return tensorValue(opaqueStep(type, [], moment, { owner: model, shape }));
}
