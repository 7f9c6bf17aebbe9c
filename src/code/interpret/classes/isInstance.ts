import type { InstanceValue, Value } from '../values';
import { lineageOf } from './lineage';

/** `isinstance(value, type)`; undefined where it cannot be told. */
export function isInstance(value: Value, type: Value): boolean | undefined {
  switch (type.kind) {
    case 'list': {
      const each = type.items.map((one) => isInstance(value, one));
      return each.includes(true) ? true : each.includes(undefined) ? undefined : false;
    }
    case 'class':
      return value.kind === 'instance' ? lineageOf(value.class).classes.includes(type) : unlessUnknown(value, false);
    case 'path':
      if (value.kind === 'foreign') return value.library.instanceOf?.(value, type.path);
      return value.kind === 'instance' ? isOfPath(value, type.path) : unlessUnknown(value, false);
    case 'unknown':
      return isOfBuiltin(value, type.text);
    default:
      return undefined;
  }
}

const unlessUnknown = (value: Value, answer: boolean): boolean | undefined =>
  value.kind === 'unknown' ? undefined : answer;

function isOfPath(value: InstanceValue, path: string): boolean | undefined {
  if (lineageOf(value.class).paths.includes(path)) return true;
  return value.foreign?.library.instanceOf?.(value.foreign, path);
}

/** Types of constants, as `typeof` has them. */
const constantTypes: Readonly<Record<string, string>> = { float: 'number', str: 'string', bool: 'boolean' };

function isOfBuiltin(value: Value, name: string): boolean | undefined {
  switch (name) {
    case 'int':
      return unlessUnknown(value, value.kind === 'constant' && Number.isInteger(value.value));
    case 'float':
    case 'str':
    case 'bool':
      return unlessUnknown(value, value.kind === 'constant' && typeof value.value === constantTypes[name]);
    case 'list':
    case 'tuple':
    case 'set':
      return unlessUnknown(value, value.kind === 'list' && value.of === name);
    case 'dict':
      return unlessUnknown(value, value.kind === 'dict');
    default:
      return undefined;
  }
}
