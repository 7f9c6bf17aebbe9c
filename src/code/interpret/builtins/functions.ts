import { builtinType } from '../builtinTypes';
import { MOST_ITEMS } from '../growth';
import type { Builtin, Host } from '../host';
import { likeList, looseIndices, looseLength, looseList } from '../looseLists';
import { binary, compare, isWhole, keyOf, realOf, setOf, textOf, truth, wholeOf } from '../operations';
import { type CallArguments, constant, type ListValue, list, type Value } from '../values';

/** Python's built-in functions. */

const none = constant(null);

const listed =
  (of: ListValue['of']): Builtin =>
  ({ positional: [value] }, host) => {
    if (value === undefined) return list([], of);
    const items = host.items(value);
    if (items === undefined) return undefined;
    if (value.kind === 'list' && value.loose !== undefined) return likeList([...items], of, value);
    return of === 'set' ? setOf(items, isWhole(value)) : list([...items], of, isWhole(value));
  };

const range: Builtin = ({ positional }) => {
  const numbers = positional.map(wholeOf);
  if (numbers.length === 0 || !numbers.every((x) => x !== undefined)) return undefined;
  const [first = 0, second, step = 1] = numbers;
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const count = step === 0 ? -1 : Math.max(0, Math.ceil((stop - start) / step));
  if (count < 0 || count > MOST_ITEMS) return undefined;
  return list(Array.from({ length: count }, (_, i) => constant(start + i * step)));
};

const size: Builtin = ({ positional: [value] }, host) => {
  if (value?.kind === 'list' && value.complete) return constant(value.items.length);
  if (value?.kind === 'list') return looseLength(value);
  if (value?.kind === 'dict' && value.complete) return constant(value.entries.size);
  const text = textOf(value);
  if (text !== undefined) return constant(text.length);
  // Containers of layers have as many items as a loop over them goes through.
  const items = value?.kind === 'foreign' || value?.kind === 'instance' ? host.items(value) : undefined;
  return items === undefined ? undefined : constant(items.length);
};

const enumerate: Builtin = ({ positional: [value, start], named }, host) => {
  const items = value === undefined ? undefined : host.items(value);
  const from = wholeOf(start ?? named.get('start') ?? constant(0));
  if (items === undefined || from === undefined) return undefined;
  const over = value?.kind === 'list' ? value : undefined;
  const indices = over !== undefined && from === 0 ? looseIndices(over) : undefined;
  const numbered = items.map((item, i) => {
    const index = over?.loose === undefined ? constant(from + i) : (indices?.[i] ?? host.unknown('index'));
    return list([index, item], 'tuple');
  });
  return over === undefined ? list(numbered, 'list', isWhole(value)) : likeList(numbered, 'list', over);
};

/** Keys for random numbers, of which code makes as many as it needs. */
const isKeys = (value: Value): boolean =>
  value.kind === 'unknown' && /(^|[._])(sub)?(keys|rngs)\d*$|\brandom\.split\(|\bjr\.split\(/.test(value.text);

const zip: Builtin = ({ positional: given }, host) => {
  const positional = given.some(isKeys) ? withKeys(given, host) : given;
  const all = positional.map((value) => host.items(value));
  if (!all.every((items) => items !== undefined) || all.length === 0) return undefined;
  const count = Math.min(...all.map((items) => items.length));
  const zipped = Array.from({ length: count }, (_, i) =>
    list(
      all.map((items) => items[i]!),
      'tuple',
    ),
  );
  const loose = [...new Set(positional.flatMap((value) => (value.kind === 'list' ? (value.loose ?? []) : [])))];
  if (loose.length > 0) {
    const [asMany] = positional.flatMap((value) => (value.kind === 'list' ? (value.asMany ?? []) : []));
    return looseList(zipped, 'list', loose, asMany);
  }
  return list(zipped, 'list', positional.every(isWhole));
};

/** With as many keys as there is of everything else. */
function withKeys(values: readonly Value[], host: Host): readonly Value[] {
  const other = values.find((value) => !isKeys(value));
  const items = other && host.items(other);
  if (items === undefined) return values;
  return values.map((value) => (isKeys(value) ? list(items.map(() => value)) : value));
}

/** A number from a function of numbers: `sum`, `max`. */
const folded =
  (of: (numbers: readonly number[]) => number): Builtin =>
  ({ positional }, host) => {
    const [first] = positional;
    const items = positional.length === 1 && first !== undefined ? host.items(first) : positional;
    const numbers = items?.map(realOf);
    if (!isWhole(first) || numbers === undefined || numbers.length === 0 || !numbers.every((x) => x !== undefined))
      return undefined;
    return constant(of(numbers));
  };

const sum: Builtin = (args, host, site) => {
  const [value, start = constant(0)] = args.positional;
  const items = value === undefined ? undefined : host.items(value);
  if (items === undefined || !isWhole(value)) return undefined;
  let total: Value | undefined = start;
  for (const item of items) {
    if (total === undefined) return undefined;
    // 0 + x is x, also for tensors.
    if (total === start && realOf(start) === 0) total = item;
    else
      total =
        total.kind === 'foreign' && total.library.operator !== undefined
          ? total.library.operator('+', [total, item], site, host)
          : binary('+', total, item, true);
  }
  return total;
};

const number =
  (make: (x: number) => number): Builtin =>
  ({ positional: [value] }) => {
    const text = textOf(value)?.trim();
    const x = text === undefined ? realOf(value) : text === '' ? Number.NaN : Number(text);
    if (value?.kind === 'constant' && typeof value.value === 'boolean') return constant(value.value ? 1 : 0);
    return x === undefined || Number.isNaN(x) ? undefined : constant(make(x));
  };

/** Python's words for a constant. */
export function wordsOf(value: Value): string | undefined {
  if (value.kind !== 'constant') return undefined;
  if (value.value === null || value.value === undefined) return 'None';
  if (typeof value.value === 'boolean') return value.value ? 'True' : 'False';
  return String(value.value);
}

const dict: Builtin = ({ positional: [from], named }, host) => {
  const entries = new Map<string | number | boolean | null, Value>();
  let complete = true;
  if (from?.kind === 'dict') {
    for (const [key, value] of from.entries) entries.set(key, value);
    complete = from.complete;
  } else if (from !== undefined) {
    const pairs = host.items(from);
    if (pairs === undefined) return undefined;
    for (const pair of pairs) {
      const [key, value] = host.items(pair) ?? [];
      const plain = key === undefined ? undefined : keyOf(key);
      if (plain === undefined || value === undefined) complete = false;
      else entries.set(plain, value);
    }
  }
  for (const [key, value] of named) entries.set(key, value);
  return { kind: 'dict', entries, complete };
};

/** Items in order, where all can be compared. */
function sorted({ positional: [value], named }: CallArguments, host: Host, site: Parameters<Builtin>[2]) {
  const items = value === undefined ? undefined : host.items(value);
  if (items === undefined) return undefined;
  const key = named.get('key');
  const keyed = items.map((item) => ({ item, key: key === undefined ? item : host.apply(key, [item], site) }));
  let known = true;
  keyed.sort((a, b) => {
    const less = compare('<', a.key, b.key);
    const more = compare('>', a.key, b.key);
    if (less === undefined || more === undefined) known = false;
    return less ? -1 : more ? 1 : 0;
  });
  if (!known) return undefined;
  const result = keyed.map(({ item }) => item);
  const backwards = named.get('reverse') !== undefined && truth(named.get('reverse')!);
  return list(backwards ? result.toReversed() : result, 'list', isWhole(value));
}

const all =
  (wanted: boolean): Builtin =>
  ({ positional: [value] }, host) => {
    const answers = (value === undefined ? undefined : host.items(value))?.map(truth);
    if (answers === undefined) return undefined;
    if (answers.includes(!wanted)) return constant(!wanted);
    return answers.includes(undefined) || !isWhole(value) ? undefined : constant(wanted);
  };

export const pythonBuiltins: Readonly<Record<string, Builtin>> = {
  range,
  len: size,
  enumerate,
  zip,
  list: listed('list'),
  tuple: listed('tuple'),
  set: listed('set'),
  frozenset: listed('set'),
  iter: listed('list'),
  dict,
  sorted,
  sum,
  reversed: ({ positional: [value] }, host) => {
    const items = value === undefined ? undefined : host.items(value);
    if (items === undefined) return undefined;
    const turned = items.toReversed();
    if (value?.kind !== 'list' || value.loose === undefined) return list(turned, 'list', isWhole(value));
    return looseList(turned, 'list', value.loose.map((k) => turned.length - 1 - k).toReversed(), value.asMany);
  },
  max: folded((numbers) => Math.max(...numbers)),
  min: folded((numbers) => Math.min(...numbers)),
  abs: ({ positional: [value] }) => {
    const x = realOf(value);
    return x === undefined ? undefined : constant(Math.abs(x));
  },
  round: ({ positional: [value, digits] }) => {
    const x = realOf(value);
    const power = 10 ** (wholeOf(digits) ?? 0);
    return x === undefined ? undefined : constant(Math.round(x * power) / power);
  },
  pow: ({ positional: [a, b] }) => (a === undefined || b === undefined ? undefined : binary('**', a, b, true)),
  divmod: ({ positional: [a, b] }) => {
    const parts = a === undefined || b === undefined ? [] : [binary('//', a, b, true), binary('%', a, b, true)];
    return parts.length === 2 && parts.every((part) => part !== undefined) ? list(parts, 'tuple') : undefined;
  },
  int: number(Math.trunc),
  float: number((x) => x),
  bool: ({ positional: [value] }) => {
    const answer = value === undefined ? false : truth(value);
    return answer === undefined ? undefined : constant(answer);
  },
  str: ({ positional: [value] }) => {
    const words = value === undefined ? '' : wordsOf(value);
    return words === undefined ? undefined : constant(words);
  },
  getattr: ({ positional: [object, name, usual] }, host) => {
    const text = textOf(name);
    if (object === undefined || text === undefined) return undefined;
    return host.member(object, text) ?? (object.kind === 'instance' ? usual : undefined);
  },
  hasattr: ({ positional: [object, name] }, host) => {
    const text = textOf(name);
    if (object === undefined || text === undefined) return undefined;
    if (host.member(object, text) !== undefined) return constant(true);
    // All that a plain module of the file has is set in the file.
    const own = object.kind === 'instance' && (object.foreign === undefined || object.foreign.type === 'module');
    return own ? constant(false) : undefined;
  },
  setattr: ({ positional: [object, name, value] }, host) => {
    const text = textOf(name);
    if (object !== undefined && text !== undefined && value !== undefined) host.setMember(object, text, value);
    return none;
  },
  isinstance: ({ positional: [value, type] }, host) => {
    const answer = value === undefined || type === undefined ? undefined : host.isInstance(value, type);
    return answer === undefined ? undefined : constant(answer);
  },
  callable: ({ positional: [value] }) => {
    if (value === undefined || value.kind === 'unknown') return undefined;
    return constant(value.kind !== 'constant' && value.kind !== 'list' && value.kind !== 'dict');
  },
  type: ({ positional: [value] }, host) =>
    value === undefined ? undefined : (builtinType(value) ?? host.member(value, '__class__')),
  print: () => none,
  map: ({ positional: [callee, value] }, host, site) => {
    const items = value === undefined ? undefined : host.items(value);
    if (items === undefined || callee === undefined) return undefined;
    return list(
      items.map((item) => host.apply(callee, [item], site)),
      'list',
      isWhole(value),
    );
  },
  filter: ({ positional: [callee, value] }, host, site) => {
    const items = value === undefined ? undefined : host.items(value);
    if (items === undefined || callee === undefined) return undefined;
    const answers = items.map((item) => truth(callee.kind === 'constant' ? item : host.apply(callee, [item], site)));
    if (answers.includes(undefined)) return undefined;
    return list(
      items.filter((_, i) => answers[i]),
      'list',
      isWhole(value),
    );
  },
  vars: ({ positional: [value] }, host) => (value?.kind === 'instance' ? host.member(value, '__dict__') : undefined),
  any: all(false),
  all: all(true),
  next: ({ positional: [value] }, host) => (value === undefined ? undefined : host.items(value)?.[0]),
};
