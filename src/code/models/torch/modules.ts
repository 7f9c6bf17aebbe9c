import { type CallArguments, constant, type InstanceValue, list, type Value } from '../../interpret/values';
import { argumentsWith } from '../given';
import type { Moment } from '../tracing/step';
import { setUnknown } from './initialise';
import { containerIn, type Layer, layerIn } from './layer';
import { foreign, keyOf, none, type Parameter, readingOf } from './state';

/** What all modules have in common: what lies in them, their weights, copies of them. */

/** The modules directly in a module, by name. */
export function childrenOf(value: Value): ReadonlyMap<string, Value> {
  const own = containerIn(value)?.children;
  if (value.kind !== 'instance') return own ?? new Map();
  const attributes = [...value.attributes].filter(([, each]) => isModule(each));
  return new Map([...(own ?? []), ...attributes]);
}

export const isModule = (value: Value): boolean =>
  layerIn(value) !== undefined || (value.kind === 'instance' && value.foreign !== undefined);

/** A module and all in it, in the order of PyTorch's `named_modules`. */
export function modulesOf(value: Value, name = '', depth = 0, seen = new Set<unknown>()): [string, Value][] {
  const key = keyOf(value);
  if (seen.has(key) || depth > 30) return [];
  seen.add(key);
  return [
    [name, value],
    ...[...childrenOf(value)].flatMap(([child, each]) =>
      modulesOf(each, name === '' ? child : `${name}.${child}`, depth + 1, seen),
    ),
  ];
}

/** Weights and biases of a module and all in it. */
export function parametersOf(value: Value): [string, Parameter][] {
  return modulesOf(value).flatMap(([name, module]) => {
    const prefix = name === '' ? '' : `${name}.`;
    const own = [...(layerIn(module.kind === 'instance' ? module.foreign : module)?.parameters ?? [])];
    const attributes =
      module.kind === 'instance'
        ? [...module.attributes].flatMap(([key, each]): [string, Parameter][] =>
            each.kind === 'foreign' && each.type === 'parameter' ? [[`${prefix}${key}`, each.data as Parameter]] : [],
          )
        : [];
    const found = own.flatMap(([key, parameter]): [string, Parameter][] =>
      parameter === undefined ? [] : [[`${prefix}${key}`, parameter]],
    );
    return [...found, ...attributes];
  });
}

/** All weights of a module are filled in a way that nobody sees. */
export function fillUnknown(value: Value, moment: Moment): void {
  for (const each of withOthers(value, moment)) {
    for (const [, parameter] of parametersOf(each)) setUnknown(parameter, moment);
  }
}

/** A module with those of which nobody knows whether one of them is meant. */
function withOthers(value: Value, { machine }: Moment): Iterable<Value> {
  const key = keyOf(value);
  return (key && readingOf(machine).others.get(key)) ?? [value];
}

const itself = new Set(
  'to cuda cpu train eval float half double bfloat16 requires_grad_ type compile xpu share_memory to_empty freeze unfreeze'.split(
    ' ',
  ),
);

/** True where all that a module may hold is known. */
const isComplete = (value: Value): boolean =>
  modulesOf(value).every(([, module]) => {
    const layer = layerIn(module.kind === 'instance' ? module.foreign : module);
    return layer === undefined || (layer.complete && layer.meaning.hidden !== true);
  });

/** A method that every module has. */
export function moduleMethod(value: Value, name: string, args: CallArguments, moment: Moment): Value | undefined {
  const { machine, site } = moment;
  if (itself.has(name)) return value;
  const complete = isComplete(value);
  const pairsOf = (entries: readonly (readonly [string, Value])[]): Value =>
    list(
      entries.map(([key, each]) => list([constant(key), each], 'tuple')),
      'list',
      complete,
    );
  const plain = (values: readonly Value[]): Value => list([...values], 'list', complete);
  switch (name) {
    case 'modules':
      return plain(modulesOf(value).map(([, module]) => module));
    case 'named_modules':
      return pairsOf(modulesOf(value));
    case 'children':
      return plain([...childrenOf(value).values()]);
    case 'named_children':
      return pairsOf([...childrenOf(value)]);
    case 'parameters':
      if (value.kind === 'foreign') readingOf(machine).alone.tuned.add(value.data);
      return plain(parametersOf(value).map(([, parameter]) => foreign('parameter', parameter)));
    case 'named_parameters':
      return pairsOf(parametersOf(value).map(([key, parameter]) => [key, foreign('parameter', parameter)]));
    case 'apply': {
      const [callee] = args.positional;
      if (callee === undefined) return value;
      if (callee.kind === 'unknown' || callee.kind === 'path') fillUnknown(value, moment);
      // Inside first, as PyTorch does it.
      for (const each of withOthers(value, moment)) {
        for (const [, module] of modulesOf(each).toReversed()) {
          machine.call(callee, argumentsWith([module], moment), site);
        }
      }
      return value;
    }
    case 'state_dict':
      return {
        kind: 'dict',
        entries: new Map(parametersOf(value).map(([key, parameter]) => [key, foreign('parameter', parameter)])),
        complete,
      };
    case 'load_state_dict':
    case 'zero_grad':
      return none;
    default:
      return undefined;
  }
}

/** Copies of a module with weights of their own: `copy.deepcopy(layer)`. */
export function copied(value: Value, moment: Moment, depth = 0): Value {
  const layer = layerIn(value);
  if (depth > 10) return value;
  if (layer !== undefined) return foreign('layer', copiedLayer(layer, moment, depth));
  if (value.kind === 'list') return { ...value, items: value.items.map((item) => copied(item, moment, depth + 1)) };
  if (value.kind !== 'instance' || value.foreign === undefined) return value;
  const made: InstanceValue = { ...value, attributes: new Map() };
  for (const [key, each] of value.attributes) made.attributes.set(key, copied(each, moment, depth + 1));
  const own = layerIn(value.foreign);
  if (own !== undefined) made.foreign = foreign('layer', copiedLayer(own, moment, depth));
  return made;
}

function copiedLayer(layer: Layer, moment: Moment, depth: number): Layer {
  const { machine } = moment;
  const children = new Map([...layer.children].map(([key, child]) => [key, copied(child, moment, depth + 1)] as const));
  return {
    ...layer,
    number: machine.next(),
    children,
    heads: layer.heads.map((head) => copied(head, moment, depth + 1)),
    fronts: layer.fronts.map((front) => copied(front, moment, depth + 1)),
    ...(layer.meaning.plans?.some(({ weights }) => weights !== undefined)
      ? {
          meaning: {
            ...layer.meaning,
            plans: layer.meaning.plans.map((plan) => ({ ...plan, weights: machine.next() })),
          },
        }
      : {}),
  };
}
