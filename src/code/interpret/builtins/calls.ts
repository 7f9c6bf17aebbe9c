import { inARow, MOST_ITEMS } from '../growth';
import type { Builtin, Host } from '../host';
import { looseList } from '../looseLists';
import { dictOf, wholeOf } from '../operations';
import { constant, type DictValue, list, type Site, type Unknown, type Value } from '../values';
import { flagDefinitions } from './flags';
import { pythonBuiltins } from './functions';
import { foldOf } from './methods';
import { parserOf, partialOf } from './objects';

/** Functions of modules that the interpreter knows by itself, beside those of mathematics. */

const entriesOf = ({ entries }: DictValue): Map<string, Value> =>
  new Map([...entries].map(([key, value]) => [String(key), value]));

const first: Builtin = ({ positional: [value] }) => value;

const partial: Builtin = (args) => {
  const [callee] = args.positional;
  return callee === undefined ? undefined : partialOf(callee, args);
};

const namespace: Builtin = ({ positional: [from], named }, host, site) =>
  host.namespace(from?.kind === 'dict' ? entriesOf(from) : named, 'namespace', site);

const field: Builtin = ({ named }, host, site) => {
  const factory = named.get('default_factory');
  return named.get('default') ?? (factory === undefined ? undefined : host.apply(factory, [], site));
};

const copy: Builtin = ({ positional: [value] }) =>
  value?.kind === 'list' ? { ...value, items: [...value.items] } : value;

const chain: Builtin = ({ positional }, host) => {
  const parts = positional.map((value) => host.items(value));
  const items = parts.every((part) => part !== undefined) ? inARow(parts) : undefined;
  return items && list(items);
};

/** `functools.reduce(f, items, start)` */
const reduced: Builtin = ({ positional: [callee, value, start] }, host, site) => {
  const items = value?.kind === 'list' && value.complete && value.loose === undefined ? host.items(value) : undefined;
  if (callee === undefined || items === undefined || items.length > MOST_ITEMS) return undefined;
  return foldOf(callee, items, start, host, site);
};

const pairwise: Builtin = ({ positional: [value] }, host) => {
  const items = value === undefined ? undefined : host.items(value);
  return items === undefined ? undefined : list(items.slice(1).map((item, k) => list([items[k]!, item], 'tuple')));
};

/** `Object.keys(options)` and its like; those of an array are its places, as what they are used for. */
const ofObject =
  (each: (key: string | number, value: Value) => Value): Builtin =>
  ({ positional: [value] }) => {
    if (value?.kind === 'list' && value.complete) return list(value.items.map((item, k) => each(k, item)));
    if (value?.kind !== 'dict') return undefined;
    const items = [...value.entries].map(([key, item]) => each(String(key), item));
    return list(items, 'list', value.complete);
  };

/** One item for any number of them. */
function asManyAs(length: Unknown, each: Value | undefined, host: Host, site: Site): Value {
  const index: Unknown = { kind: 'unknown', symbols: length.symbols, text: 'index' };
  const item = each === undefined ? constant(undefined) : host.apply(each, [constant(undefined), index], site);
  return looseList([item], 'list', [0], length.text);
}

/** `Array.from({length: 3}, (_, i) => …)` */
const arrayFrom: Builtin = ({ positional: [value, each] }, host, site) => {
  const length = value?.kind === 'dict' ? value.entries.get('length') : undefined;
  const count = wholeOf(length);
  if (length?.kind === 'unknown') return asManyAs(length, each, host, site);
  const counted =
    count === undefined ? undefined : Array.from({ length: Math.min(count, MOST_ITEMS) }, () => constant(undefined));
  const items = counted ?? (value === undefined ? undefined : host.items(value));
  if (items === undefined) return undefined;
  return list(each === undefined ? [...items] : items.map((item, k) => host.apply(each, [item, constant(k)], site)));
};

/** `tyro.cli(Settings)`: what the class has where nothing is given on the command line. */
const settings: Builtin = ({ positional, named }, host, site) => {
  const type = positional[0] ?? named.get('config_class') ?? named.get('f');
  return type?.kind === 'class' ? host.apply(type, [], site) : undefined;
};

/** What ready models take Keras's modules from, so that they work with each of its packages. */
const kerasModules: Builtin = () =>
  list(
    ['backend', 'layers', 'models', 'utils'].map((name): Value => ({ kind: 'path', path: `keras.${name}` })),
    'tuple',
  );

/** Functions that everybody has in a file of their own, by name. */
export const functionsElsewhere: Readonly<Record<string, Builtin>> = { get_submodules_from_kwargs: kerasModules };

export const moduleFunctions: Readonly<Record<string, Builtin>> = {
  ...flagDefinitions,
  'tyro.cli': settings,
  'pyrallis.parse': settings,
  'draccus.parse': settings,
  'functools.partial': partial,
  'jax.tree_util.Partial': partial,
  'collections.OrderedDict': pythonBuiltins.dict!,
  'ml_collections.ConfigDict': pythonBuiltins.dict!,
  'ml_collections.config_dict.ConfigDict': pythonBuiltins.dict!,
  'types.SimpleNamespace': namespace,
  'argparse.Namespace': namespace,
  'easydict.EasyDict': namespace,
  'argparse.ArgumentParser': () => parserOf(),
  'dataclasses.field': field,
  'flax.struct.field': field,
  'copy.copy': copy,
  'copy.deepcopy': copy,
  'typing.cast': ({ positional }) => positional[1],
  'functools.lru_cache': first,
  'functools.wraps': first,
  'functools.cache': first,
  'functools.reduce': reduced,
  'itertools.chain': chain,
  'itertools.pairwise': pairwise,
  'Object.assign': ({ positional }) =>
    dictOf(positional.flatMap((value) => (value.kind === 'dict' ? [...value.entries] : []))),
  'Object.keys': ofObject((key) => constant(key)),
  'Object.values': ofObject((_, value) => value),
  'Object.entries': ofObject((key, value) => list([constant(key), value])),
  'Array.from': arrayFrom,
};
