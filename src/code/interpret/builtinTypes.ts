import type { Value } from './values';

/** What `type(value)` gives for values of Python's own types. */

const BUILTINS = 'builtins.';

const ofNumber = (value: number): string => (Number.isInteger(value) ? 'int' : 'float');

function nameOf(value: Value): string | undefined {
  if (value.kind === 'list') return value.of;
  if (value.kind === 'dict') return 'dict';
  if (value.kind !== 'constant') return undefined;
  const { value: held } = value;
  if (typeof held === 'number') return ofNumber(held);
  return typeof held === 'string' ? 'str' : typeof held === 'boolean' ? 'bool' : undefined;
}

export function builtinType(value: Value): Value | undefined {
  const name = nameOf(value);
  return name === undefined ? undefined : { kind: 'path', path: `${BUILTINS}${name}` };
}

const names = /^(list|tuple|set|dict|int|float|str|bool)$/;

/** Whether a type that `type(value)` gave is the one that a name such as `list` stands for. */
export function isBuiltinType(type: Value, other: Value): boolean | undefined {
  if (type.kind !== 'path' || !type.path.startsWith(BUILTINS) || other.kind !== 'unknown') return undefined;
  if (other.symbols.length > 0 || !names.test(other.text)) return undefined;
  return type.path.slice(BUILTINS.length) === other.text;
}
