import type { SyntaxNode } from '@lezer/common';
import { expressionOf } from './expression';
import type { Expression } from './expressionTypes';
import { globalObjects } from './javascript/modules';
import { attributeBindings, lookup, unboundPaths } from './lookup';
import { at, type Place } from './place';
import { mostBindings } from './reaching';
import type { Binding } from './scope';
import { itemsOf } from './syntax';
import { further, newTrail, type Trail as TrailOf } from './trail';

/** What an expression stands for, as far as its text tells. */
export type Value =
  /** Something imported. `alternatives` are further paths where several `import *` may have brought the name. */
  | { readonly kind: 'path'; readonly path: string; readonly alternatives: readonly string[] }
  /**
   * What a call of something imported gives: `nn.GELU()`, `tf.layers.reLU()`. With `partial`, the call is one of
   * `functools.partial`, whose first argument the path is.
   */
  | { readonly kind: 'made'; readonly path: string; readonly call: Place; readonly partial: boolean }
  /** `self`, `cls`, `this`, `super()`. */
  | { readonly kind: 'instance' }
  /** A module, class or function of the project, or one of several imports: its members are not known. */
  | { readonly kind: 'namespace' }
  /** Any data. */
  | { readonly kind: 'data' };

type Trail = TrailOf<Value>;

const data: Value = { kind: 'data' };
const namespace: Value = { kind: 'namespace' };

const pathValue = (path: string): Value => ({ kind: 'path', path, alternatives: [] });

const partials: ReadonlySet<string> = new Set(['functools.partial', 'jax.tree_util.Partial']);

/** Calls that give back the function they are given. */
const keepers: ReadonlySet<string> = new Set([
  'jax.jit',
  'jax.checkpoint',
  'jax.remat',
  'jax.vmap',
  'tensorflow.function',
  'torch.compile',
  'torch.jit.script',
]);

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

const isUpperCase = (c: string): boolean => c !== c.toLowerCase();

/** True where a call makes an object such as a layer, not a tensor: `nn.GELU`, `tf.layers.reLU`. */
const makesObject = (path: string): boolean => isUpperCase(lastOf(path)[0] ?? '') || path.startsWith('tf.layers.');

/** The first argument of a call, where it is a plain positional one. */
function firstArgument(list: SyntaxNode | undefined): SyntaxNode | undefined {
  const first = list === undefined ? undefined : itemsOf(list)[0];
  return first?.length === 1 ? first[0] : undefined;
}

function memberOf(object: Value, name: string): Value {
  if (object.kind === 'namespace') return namespace;
  if (object.kind !== 'path') return data;
  if (globalObjects.has(object.path) || (object.path === 'tf' && name === 'default')) {
    return pathValue(name === 'default' ? object.path : name);
  }
  return {
    kind: 'path',
    path: `${object.path}.${name}`,
    alternatives: object.alternatives.map((path) => `${path}.${name}`),
  };
}

/** What several bindings agree on: the last of them where all lead to one path. */
function agreed(values: readonly Value[]): Value {
  const last = values.at(-1);
  if (last === undefined) return data;
  const same = values.every(
    (value) => value.kind === last.kind && (!('path' in value) || !('path' in last) || value.path === last.path),
  );
  if (same) return last;
  return values.some((value) => value.kind === 'path' || value.kind === 'namespace') ? namespace : data;
}

/** The value of a binding, found once for each question; a binding that leads back to itself stands for any data. */
function bindingValue(binding: Binding, place: Omit<Place, 'node'>, trail: Trail): Value {
  const former = trail.known.get(binding);
  if (former !== undefined) return former;
  trail.known.set(binding, data);
  const value = meaningValue(binding, place, trail);
  trail.known.set(binding, value);
  return value;
}

function meaningValue({ meaning }: Binding, place: Omit<Place, 'node'>, trail: Trail): Value {
  switch (meaning.kind) {
    case 'path':
      return pathValue(meaning.path);
    case 'expression':
      return meaning.members.reduce(memberOf, follow(at(place, meaning.node), trail));
    case 'instance':
      return { kind: 'instance' };
    case 'local':
      return namespace;
    default:
      return data;
  }
}

function bindingsValue(bindings: readonly Binding[], place: Omit<Place, 'node'>, trail: Trail): Value {
  if (bindings.length > mostBindings) return namespace;
  return agreed(bindings.map((binding) => bindingValue(binding, place, trail)));
}

function nameValue(place: Place, name: string, trail: Trail): Value {
  const found = lookup(place, name);
  if (found !== undefined) return bindingsValue(found.bindings, found.place, trail);
  if (place.document.language !== 'python' && globalObjects.has(name)) return pathValue(name);
  const [path, ...alternatives] = unboundPaths(place, name);
  return path === undefined ? data : { kind: 'path', path, alternatives };
}

function memberValue(place: Place, expression: Expression & { kind: 'member' }, trail: Trail): Value {
  const object = at(place, expression.object);
  const value = follow(object, trail);
  if (value.kind !== 'instance') return memberOf(value, expression.name);
  const bindings = attributeBindings(object, expression.name, expression.property);
  return bindingsValue(bindings, place, trail);
}

function callValue(place: Place, expression: Expression & { kind: 'call' }, trail: Trail): Value {
  const callee = follow(at(place, expression.callee), trail);
  if (callee.kind === 'made' && callee.partial) {
    return makesObject(callee.path) ? { kind: 'made', path: callee.path, call: place, partial: false } : data;
  }
  if (callee.kind !== 'path') return data;
  const first = firstArgument(expression.list);
  if (first !== undefined && keepers.has(callee.path)) return follow(at(place, first), trail);
  if (first !== undefined && partials.has(callee.path)) {
    const inner = follow(at(place, first), trail);
    return inner.kind === 'path' ? { kind: 'made', path: inner.path, call: place, partial: true } : data;
  }
  return makesObject(callee.path) ? { kind: 'made', path: callee.path, call: place, partial: false } : data;
}

/** The part of `valueAt` that knows how far it has come. */
export function follow(place: Place, trail: Trail): Value {
  const next = further(trail);
  if (next === undefined) return data;
  const expression = expressionOf(place.document, place.node);
  switch (expression.kind) {
    case 'name':
      return nameValue(place, expression.name, next);
    case 'member':
      return memberValue(place, expression, next);
    case 'call':
      return callValue(place, expression, next);
    case 'wrapped':
      return follow(at(place, expression.inner), next);
    case 'choice':
    case 'either':
      return agreed(expression.branches.map((branch) => follow(at(place, branch), next)));
    case 'instance':
      return { kind: 'instance' };
    case 'module':
      return expression.path === undefined ? namespace : pathValue(expression.path);
    default:
      return data;
  }
}

/** What the expression at a place stands for. */
export const valueAt = (place: Place): Value => follow(place, newTrail());

/** The absolute dotted path that the expression at a place stands for, as imported: `torch.nn.functional.relu`. */
export function resolvePath(place: Place): string | undefined {
  const value = valueAt(place);
  return value.kind === 'path' ? value.path : undefined;
}

/** The path of what a call calls, also through `functools.partial`: the path that its keywords belong to. */
export function calleePath(call: Place): string | undefined {
  const expression = expressionOf(call.document, call.node);
  if (expression.kind !== 'call') return undefined;
  const callee = valueAt(at(call, expression.callee));
  if (callee.kind === 'made' && callee.partial) return callee.path;
  if (callee.kind !== 'path') return undefined;
  const first = partials.has(callee.path) ? firstArgument(expression.list) : undefined;
  return first === undefined ? callee.path : resolvePath(at(call, first));
}

/** True for a call of `functools.partial`. */
export function isPartial(call: Place): boolean {
  const expression = expressionOf(call.document, call.node);
  if (expression.kind !== 'call') return false;
  const path = resolvePath(at(call, expression.callee));
  return path !== undefined && partials.has(path);
}
