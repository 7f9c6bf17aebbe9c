import type { Builtin, Host } from '../host';
import { textOf } from '../operations';
import { constant, isNothing, list, type Value } from '../values';

/** Options of a command line as absl has them: `flags.DEFINE_integer('width', 64, '…')`, then `FLAGS.width`. */

const found = new WeakMap<Host, Map<string, Value>>();

const flagsOf = (host: Host): Map<string, Value> => {
  const own = found.get(host) ?? new Map<string, Value>();
  found.set(host, own);
  return own;
};

const paths = /^absl\.flags\.FLAGS\.(\w+)$/;

/** The default of a flag; undefined where the path is none. */
export function flagAt(host: Host, path: string): Value | undefined {
  const name = paths.exec(path)?.[1];
  return name === undefined ? undefined : flagsOf(host).get(name);
}

/** A list is also given as text: `'64,64'`. */
const listed = (usual: Value): Value => {
  const text = textOf(usual);
  return text === undefined ? usual : list(text === '' ? [] : text.split(',').map((each) => constant(each.trim())));
};

const define =
  (read: (usual: Value) => Value): Builtin =>
  ({ positional, named }, host, site) => {
    const name = textOf(positional[0] ?? named.get('name'));
    const usual = positional[1] ?? named.get('default');
    if (name === undefined) return undefined;
    const symbol = `FLAGS.${name}`;
    const value: Value =
      usual === undefined || isNothing(usual) ? { kind: 'unknown', symbols: [symbol], text: symbol } : read(usual);
    flagsOf(host).set(name, value);
    return host.namespace(new Map([['value', value]]), 'FlagHolder', site);
  };

const same = (usual: Value): Value => usual;

export const flagDefinitions: Readonly<Record<string, Builtin>> = Object.fromEntries([
  ...'integer float string bool boolean enum multi_integer multi_float multi_string'
    .split(' ')
    .map((kind) => [`absl.flags.DEFINE_${kind}`, define(same)] as const),
  ['absl.flags.DEFINE_list', define(listed)] as const,
]);
