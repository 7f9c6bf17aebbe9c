import type { SyntaxNode } from '@lezer/common';
import { globalObjects } from './javascript/modules';
import { originalPath } from './reexports';
import { itemsOf } from './syntax';
import { data, foreign, lastOf, namesClass, namespace, pathValue, tensor, type Value } from './value';

export const partials: ReadonlySet<string> = new Set(['functools.partial', 'jax.tree_util.Partial']);

/** Calls that give back the function they are given. */
export const keepers: ReadonlySet<string> = new Set([
  'jax.jit',
  'jax.checkpoint',
  'jax.remat',
  'jax.vmap',
  'tensorflow.function',
  'torch.compile',
  'torch.jit.script',
]);

/** True where a call makes an object such as a layer, not a tensor: `nn.GELU`, `tf.layers.reLU`. */
export const makesObject = (path: string): boolean => namesClass(lastOf(path)) || path.startsWith('tf.layers.');

/** The first argument of a call, where it is a plain positional one. */
export function firstArgument(list: SyntaxNode | undefined): SyntaxNode | undefined {
  const first = list === undefined ? undefined : itemsOf(list)[0];
  return first?.length === 1 ? first[0] : undefined;
}

/** A member of a value, by its name. */
export function memberOf(object: Value, name: string): Value {
  if (object.kind === 'namespace' || object.kind === 'foreign')
    return object.kind === 'namespace' ? namespace : foreign;
  if (object.kind !== 'path') return object.kind === 'tensor' ? tensor : data;
  if (globalObjects.has(object.path) || (object.path === 'tf' && name === 'default')) {
    return pathValue(name === 'default' ? object.path : name);
  }
  const member = (path: string) => originalPath(`${path}.${name}`);
  return { kind: 'path', path: member(object.path), alternatives: object.alternatives.map(member) };
}

/** What several bindings agree on: the last of them where all lead to one path. */
export function agreed(values: readonly Value[]): Value {
  const last = values.at(-1);
  if (last === undefined) return data;
  const same = values.every(
    (value) => value.kind === last.kind && (!('path' in value) || !('path' in last) || value.path === last.path),
  );
  const isOne = values.every((value) => !('of' in value) || !('of' in last) || value.of?.scope === last.of?.scope);
  if (same) return isOne || !('of' in last) ? last : { kind: last.kind };
  return values.some((value) => value.kind === 'path' || value.kind === 'namespace') ? namespace : data;
}
