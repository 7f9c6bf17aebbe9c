import { isLoose, looseAt, loosePart } from '../../interpret/looseLists';
import { type CallArguments, constant, type ListValue, list, type Value } from '../../interpret/values';
import { argumentsWith, numberOf, textOf, unknownSize } from '../given';
import { doubted, type Moment, opaqueStep, tensorsIn } from '../tracing/step';
import { addChild, applyLayer, inputTensors, type Layer, layerIn, newContainer } from './layer';
import { foreign, keyOf, lastPart, moduleIn, none, readingOf, tensorValue } from './state';

/** `nn.Sequential`, `nnx.Sequential`, `nnx.List`, `nnx.Dict`. */

const kinds: Readonly<Record<string, NonNullable<Layer['container']>>> = {
  Sequential: 'sequential',
  List: 'list',
  Dict: 'dict',
};

export const containerKind = (path: string): NonNullable<Layer['container']> | undefined =>
  /^(flax\.(linen\.(combinators\.)?Sequential|(experimental\.)?nnx\.(\w+\.)*(Sequential|List|Dict))|(equinox\.nn|haiku)\.Sequential)$/.test(
    path,
  )
    ? kinds[lastPart(path)]
    : undefined;

function extend(layer: Layer, value: Value): void {
  if (value.kind !== 'list') {
    const other = layerIn(value);
    if (other?.container !== undefined) for (const child of other.children.values()) append(layer, child);
    else layer.complete = false;
    return;
  }
  value.items.forEach((item, k) => {
    if (isLoose(value, k)) layer.loose.add(String(layer.children.size));
    append(layer, item);
  });
  if (!value.complete && value.loose === undefined) layer.complete = false;
}

const append = (layer: Layer, value: Value): void => addChild(layer, String(layer.children.size), value);

/** A new container with what its call gives it: Linen's a list, nnx's the layers one by one. */
export function makeContainer(path: string, args: CallArguments, moment: Moment): Value | undefined {
  const kind = containerKind(path);
  if (kind === undefined) return undefined;
  const layer = newContainer(kind, path, moment);
  const [only = args.named.get('layers')] = args.positional;
  if (!args.complete) layer.complete = false;
  if (kind === 'dict') {
    if (only?.kind === 'dict') for (const [key, value] of only.entries) addChild(layer, String(key), value);
    for (const [key, value] of args.named) addChild(layer, key, value);
  } else if (layer.flavour !== 'nnx' || kind === 'list') {
    if (only !== undefined) extend(layer, only);
  } else for (const value of args.positional) append(layer, value);
  return foreign('layer', layer);
}

/** Made under a condition, or in a loop of which nobody knows the rounds: its steps are not certain. */
const isDoubtful = (value: Value): boolean => ((moduleIn(value) ?? layerIn(value))?.doubt ?? 0) > 0;

/** What a loop over a container goes through; undefined where that is not all known. */
export function containerItems(layer: Layer): readonly Value[] | undefined {
  if (layer.container === undefined) return undefined;
  const children = [...layer.children.values()];
  if ((!layer.complete || layer.loose.size > 0) && !(children.length > 0 && children.every(isDoubtful)))
    return undefined;
  if (layer.container === 'dict') return [...layer.children.keys()].map((key) => constant(key));
  return children;
}

/** The children as a list of the program's. */
const listOf = ({ children, complete, loose }: Layer): ListValue => ({
  ...list([...children.values()], 'list', complete),
  ...(loose.size > 0 ? { loose: [...children.keys()].flatMap((key, k) => (loose.has(key) ? [k] : [])) } : {}),
});

/** `self.layers[0]`, `self.layers[:-1]`, `self.heads['value']`. */
export function containerIndex(layer: Layer, index: Value | undefined, moment: Moment): Value | undefined {
  const key = textOf(index);
  if (key !== undefined) return layer.children.get(key);
  const at = numberOf(index);
  if (at !== undefined) return layer.loose.size > 0 ? looseAt(listOf(layer), at) : [...layer.children.values()].at(at);
  const bounds = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.exec(index?.kind === 'unknown' ? index.text : '');
  if (bounds === null) return undefined;
  const [start, stop] = bounds.slice(1).map((each) => (each === '' ? undefined : Number(each)));
  const all = listOf(layer);
  const items = layer.loose.size > 0 ? undefined : all.items.slice(start, stop);
  const part = items === undefined ? loosePart(all, start, stop) : list(items, 'list', layer.complete);
  if (layer.container !== 'sequential' || part === undefined) return part;
  return makeContainer(layer.path, argumentsWith(layer.flavour === 'nnx' ? part.items : [part], moment), moment);
}

export function containerMethod(layer: Layer, name: string, args: CallArguments): Value | undefined {
  const [first] = args.positional;
  if (layer.container === 'list' && name === 'append' && first !== undefined) {
    append(layer, first);
    return none;
  }
  if (layer.container === 'list' && name === 'extend' && first !== undefined) {
    extend(layer, first);
    return none;
  }
  if (layer.container !== 'dict') return undefined;
  const keys = [...layer.children.keys()].map((key) => constant(key));
  const values = [...layer.children.values()];
  switch (name) {
    case 'items':
      return list(
        values.map((value, k) => list([keys[k]!, value], 'tuple')),
        'list',
        layer.complete,
      );
    case 'values':
      return list(values, 'list', layer.complete);
    case 'keys':
      return list(keys, 'list', layer.complete);
    default:
      return undefined;
  }
}

/** Anything that can stand among layers, applied to a value. */
function applyValue(callee: Value, value: Value, moment: Moment): Value {
  // A tuple is spread over the arguments.
  const positional = value.kind === 'list' && value.of === 'tuple' ? value.items : [value];
  const args = argumentsWith(positional, moment);
  const result = callee.kind === 'unknown' ? undefined : moment.machine.call(callee, args, moment.site);
  if (tensorsIn(result).length > 0) return result!;
  const text = callee.kind === 'unknown' ? callee.text : callee.kind === 'instance' ? callee.class.name : 'unknown';
  return tensorValue(opaqueStep(text, inputTensors(value, moment), moment));
}

/** A layer or container applied. */
export function applyModule(layer: Layer, args: CallArguments, moment: Moment): Value | undefined {
  if (layer.container === undefined) return applyLayer(layer, args, moment);
  const value = args.positional[0] ?? [...args.named.values()][0];
  if (layer.container !== 'sequential' || value === undefined) return undefined;
  if (readingOf(moment.machine).depth === 0) return outputOf(foreign('layer', layer), args, moment, layer.type);
  let now: Value =
    args.positional.length > 1 ? { kind: 'list', of: 'tuple', items: [...args.positional], complete: true } : value;
  for (const [key, child] of layer.children) {
    const since = moment.machine.next();
    now = applyValue(child, now, moment);
    if (!layer.certain || layer.loose.has(key)) doubted(now, since);
  }
  return layer.complete ? now : tensorValue(opaqueStep('…', inputTensors(now, moment), moment));
}

/** What a training step gets of a model: nobody looks inside, but what is done with it counts. */
export function outputOf(model: Value, args: CallArguments, moment: Moment, type: string, shapes = true): Value {
  if (shapes) noteInputs(model, args.positional, moment);
  const owner = model.kind === 'instance' ? model.class : keyOf(model);
  return tensorValue(opaqueStep(type, [], moment, { owner }));
}

/** Shapes of arrays that the code makes and gives to a model. */
export function noteInputs(model: Value, values: readonly Value[], { machine }: Moment): void {
  const key = model.kind === 'instance' ? model.class : keyOf(model);
  if (key === undefined) return;
  const { inputs } = readingOf(machine);
  const shapes = values
    .flatMap((value) => tensorsIn(value))
    .map((tensor) => (tensor.constant ? tensor.step.shape : undefined))
    // One axis alone is that of one example.
    .map((shape, k) => (k === 0 && shape?.length === 1 ? [unknownSize, ...shape] : shape));
  if (shapes.some((shape) => shape !== undefined) && !inputs.has(key)) inputs.set(key, shapes);
}
