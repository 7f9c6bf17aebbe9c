import type { Span } from '../program/ast';
import { flagAt } from './builtins/flags';
import { bound, inherited } from './classes/lineage';
import { memberOfPath, unbound } from './names';
import { dictOf, indexed, ownItems, textOf } from './operations';
import type { Run } from './run';
import { classOfUnknown } from './unknown';
import { constant, type FunctionValue, type Value } from './values';

/** `value.name`, `value[i]`, and what a loop over a value goes through. */

export function member(run: Run, object: Value, name: string): Value | undefined {
  switch (object.kind) {
    case 'path': {
      const path = `${object.path}.${name}`;
      const set = run.module.names.get(path);
      if (set !== undefined) return set;
      // What a page's window has by a name is what its scripts have.
      if (object.path === 'window') return run.module.names.get(name) ?? unbound(run, name);
      return run.libraryOf(path)?.constant?.(path) ?? flagAt(run, path) ?? memberOfPath(path);
    }
    case 'foreign':
      return object.library.member(object, name, run);
    case 'instance': {
      const own = object.attributes.get(name);
      if (own !== undefined) return own;
      const found = inherited(object.class, name);
      if (found !== undefined) return bound(run, found, object, object.class);
      if (name === '__class__') return object.class;
      if (name === '__dict__') return dictOf(object.attributes);
      return object.foreign === undefined ? undefined : object.foreign.library.member(object.foreign, name, run);
    }
    case 'class': {
      const found = inherited(object, name);
      if (found !== undefined) return run.how.has(found as FunctionValue) ? bound(run, found, object, object) : found;
      return name === '__name__' ? constant(object.name) : undefined;
    }
    case 'dict':
      if (!run.python) return object.entries.get(name) ?? (object.complete ? constant(undefined) : undefined);
      // Config dicts are read with a point too.
      return object.entries.get(name) ?? { kind: 'bound', object, name };
    case 'list':
      if (name === 'length' && object.complete) return constant(object.items.length);
      return { kind: 'bound', object, name };
    case 'constant':
      if (name === 'length' && textOf(object) !== undefined) return constant(textOf(object)!.length);
      // Of a member of an Enum, of a size in TensorFlow 1.
      if (name === 'value' && run.python) return object;
      return { kind: 'bound', object, name };
    default:
      return undefined;
  }
}

/** A member, or something unknown in its place. */
export function memberOf(run: Run, object: Value, name: string, range: Span): Value {
  const found = run.member(object, name);
  if (found !== undefined) return found;
  if (object.kind === 'unknown' && object.symbols.length === 1 && object.symbols[0] === object.text) {
    return run.symbol(`${object.text}.${name}`);
  }
  return run.unknown(run.written(range), [object]);
}

/** Whether a value says more than that nobody knows it. */
const tells = (value: Value): boolean =>
  value.kind !== 'unknown' || value.symbols.length > 0 || classOfUnknown(value) !== undefined;

export function setMember(run: Run, object: Value, name: string, value: Value): void {
  if (object.kind === 'instance') {
    const taken = object.foreign?.library.setMember?.(object.foreign, name, value, run);
    if (taken !== true || tells(value)) run.changes.set(object.attributes, name, value);
  } else if (object.kind === 'class') run.changes.set(object.attributes, name, value);
  else if (object.kind === 'dict') run.changeDict(object, name, value);
  else if (object.kind === 'foreign') object.library.setMember?.(object, name, value, run);
  // `tf.model = tf.keras.Sequential()`: no name of the program has a point.
  else if (object.kind === 'path') run.changes.set(run.module.names, `${object.path}.${name}`, value);
}

export function itemsOf(run: Run, value: Value, count?: number): readonly Value[] | undefined {
  const own = ownItems(value);
  if (own !== undefined) return own.items;
  if (value.kind === 'foreign') return value.library.items?.(value, run, count);
  if (value.kind === 'instance' && value.foreign !== undefined) {
    return value.foreign.library.items?.(value.foreign, run, count);
  }
  return undefined;
}

export function itemAt(run: Run, object: Value, index: Value, range: Span): Value {
  const source = run.at(range);
  if (object.kind === 'foreign') {
    return object.library.index?.(object, index, { source }, run) ?? run.unknown(run.written(range), [object, index]);
  }
  if (object.kind === 'instance') {
    const own = inherited(object.class, '__getitem__');
    if (own?.kind === 'function') return run.apply({ ...own, self: object }, [index], { source });
    const { foreign } = object;
    if (foreign !== undefined) {
      const found = foreign.library.index?.(foreign, index, { source }, run);
      if (found !== undefined) return found;
    }
  }
  // `tf.layers[type]`; nobody knows which one where the name is not known.
  if (object.kind === 'path' && !run.python) {
    const name = textOf(index);
    return (name === undefined ? undefined : member(run, object, name)) ?? run.unknown(run.written(range), [index]);
  }
  // `List[int]` stays what it is.
  if (object.kind === 'path' || object.kind === 'class') return object;
  return indexed(object, index) ?? symbolAt(run, object, index) ?? run.unknown(run.written(range), [object, index]);
}

/** `params['width']` of an argument is a symbol of its own, as `params.width` is. */
function symbolAt(run: Run, object: Value, index: Value): Value | undefined {
  const key = textOf(index);
  if (object.kind !== 'unknown' || object.symbols.length !== 1 || object.symbols[0] !== object.text) return undefined;
  return key !== undefined && /^\w+$/.test(key) ? run.symbol(`${object.text}.${key}`) : undefined;
}
