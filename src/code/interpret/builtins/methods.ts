import { filledText, inARow, joinedText, replacedText } from '../growth';
import type { Builtin, Host } from '../host';
import { compare, keyOf, same, sliced, textOf, truth, wholeOf } from '../operations';
import { type CallArguments, constant, type DictValue, type ListValue, list, type Site, type Value } from '../values';
import { wordsOf } from './functions';

/** Methods of lists, dicts and texts, in Python and JavaScript. */

const none = constant(null);

type Method<T> = (object: T, args: CallArguments, host: Host, site: Site) => Value | undefined;

const pythonList: Readonly<Record<string, Method<ListValue>>> = {
  append(object, { positional: [value] }, host) {
    if (value !== undefined) host.changeList(object, (items) => items.push(value));
    return none;
  },
  add(object, { positional: [value] }, host) {
    if (value === undefined) return none;
    const answers = object.items.map((item) => same(item, value));
    if (answers.includes(true)) return none;
    host.changeList(object, (items) => items.push(value));
    // It may have been there already.
    if (answers.includes(undefined)) object.complete = false;
    return none;
  },
  update(object) {
    object.complete = false;
    return none;
  },
  extend(object, { positional: [value] }, host) {
    const more = value === undefined ? undefined : host.items(value);
    if (more === undefined) object.complete = false;
    else host.changeList(object, (items) => items.push(...more));
    return none;
  },
  insert(object, { positional: [place, value] }, host) {
    const at = wholeOf(place);
    if (at === undefined || value === undefined) object.complete = false;
    else host.changeList(object, (items) => items.splice(at, 0, value));
    return none;
  },
  pop(object, { positional: [place] }, host) {
    const at = wholeOf(place ?? constant(-1));
    if (at === undefined) return undefined;
    let taken: Value | undefined;
    host.changeList(object, (items) => {
      [taken] = items.splice(at, 1);
    });
    return taken;
  },
  reverse(object, _args, host) {
    host.changeList(object, (items) => items.reverse());
    return none;
  },
  clear(object, _args, host) {
    host.changeList(object, (items) => items.splice(0));
    return none;
  },
  remove(object, { positional: [value] }, host) {
    const at = value === undefined ? -1 : object.items.findIndex((item) => same(item, value) === true);
    if (at >= 0) host.changeList(object, (items) => items.splice(at, 1));
    return none;
  },
  sort(object, _args, host) {
    host.changeList(object, (items) => items.sort((a, b) => (compare('<', a, b) ? -1 : compare('>', a, b) ? 1 : 0)));
    return none;
  },
  copy: (object) => list([...object.items], object.of, object.complete),
  as_list: (object) => object,
  tolist: (object) => object,
  index(object, { positional: [value] }) {
    const at = value === undefined ? -1 : object.items.findIndex((item) => same(item, value) === true);
    return at < 0 ? undefined : constant(at);
  },
  count(object, { positional: [value] }) {
    if (value === undefined) return undefined;
    return constant(object.items.filter((item) => same(item, value) === true).length);
  },
};

const javascriptList: Readonly<Record<string, Method<ListValue>>> = {
  push(object, { positional }, host) {
    host.changeList(object, (items) => items.push(...positional));
    return lengthOf(object);
  },
  unshift(object, { positional }, host) {
    host.changeList(object, (items) => items.unshift(...positional));
    return lengthOf(object);
  },
  pop: (object, _args, host) => pythonList.pop!(object, { ...noArguments, positional: [] }, host, nowhere),
  concat(object, { positional }) {
    return listOfAll([object.items, ...positional.map(itemsOf)], positional, object.complete);
  },
  slice(object, { positional: [start, stop] }) {
    const items = sliced(object.items, wholeOf(start), wholeOf(stop));
    return items === undefined ? undefined : list(items, 'list', object.complete);
  },
  reverse: (object, args, host, site) => {
    pythonList.reverse!(object, args, host, site);
    return object;
  },
  map: (object, { positional: [callee] }, host, site) =>
    callee === undefined
      ? undefined
      : list(
          object.items.map((item, i) => host.apply(callee, [item, constant(i), object], site)),
          'list',
          object.complete,
        ),
  flatMap(object, { positional: [callee] }, host, site) {
    if (callee === undefined) return undefined;
    const found = object.items.map((item, i) => host.apply(callee, [item, constant(i), object], site));
    return listOfAll(found.map(itemsOf), found, object.complete);
  },
  forEach(object, { positional: [callee] }, host, site) {
    if (callee !== undefined)
      for (const [i, item] of object.items.entries()) host.apply(callee, [item, constant(i), object], site);
    return constant(undefined);
  },
  filter(object, { positional: [callee] }, host, site) {
    if (callee === undefined) return undefined;
    const answers = object.items.map((item, i) => truth(host.apply(callee, [item, constant(i), object], site)));
    if (answers.includes(undefined)) return undefined;
    const kept = object.items.filter((_, i) => answers[i]);
    return list(kept, 'list', object.complete);
  },
  reduce(object, { positional: [callee, start] }, host, site) {
    if (callee === undefined) return undefined;
    const total = foldOf(callee, object.items, start, host, site);
    if (object.complete || total === undefined) return total;
    // More items than are known would have added to it.
    if (total.kind === 'list') return list(total.items, total.of, false);
    return total.kind === 'constant' ? undefined : total;
  },
  join(object, { positional: [separator] }) {
    const texts = object.items.map((item) => (item.kind === 'constant' ? String(item.value ?? '') : undefined));
    return texts.every((text) => text !== undefined) ? joinedText(texts, textOf(separator) ?? ',') : undefined;
  },
  includes: (object, { positional: [value] }) => {
    const answer = value === undefined ? undefined : compare('in', value, object);
    return answer === undefined ? undefined : constant(answer);
  },
  fill(object, { positional: [value] }, host) {
    if (value !== undefined) host.changeList(object, (items) => items.fill(value));
    return object;
  },
  at: (object, { positional: [place] }) => {
    const at = wholeOf(place);
    return at === undefined ? undefined : object.items.at(at);
  },
  entries: (object) =>
    list(
      object.items.map((item, i) => list([constant(i), item], 'tuple')),
      'list',
      object.complete,
    ),
  keys: (object) =>
    list(
      object.items.map((_, i) => constant(i)),
      'list',
      object.complete,
    ),
};

/** A value's items, or itself. */
const itemsOf = (value: Value): readonly Value[] => (value.kind === 'list' ? value.items : [value]);

/** Items of several values in a row: all of them where each value tells all of its own. */
function listOfAll(
  lists: readonly (readonly Value[])[],
  of: readonly Value[],
  complete: boolean,
): ListValue | undefined {
  const items = inARow(lists);
  const told = of.every((value) => value.kind !== 'unknown' && (value.kind !== 'list' || value.complete));
  return items && list(items, 'list', complete && told);
}

/** What a function makes of items one after the other; undefined where it gives nothing. */
export function foldOf(
  callee: Value,
  items: readonly Value[],
  start: Value | undefined,
  host: Host,
  site: Site,
): Value | undefined {
  const [first, ...rest] = start === undefined ? items : [start, ...items];
  return rest.reduce<Value | undefined>((sofar, each) => sofar && host.apply(callee, [sofar, each], site), first);
}

const lengthOf = ({ items, complete }: ListValue): Value | undefined => (complete ? constant(items.length) : undefined);

const nowhere: Site = { source: { cell: 0, from: 0, to: 0 } };

const noArguments: CallArguments = {
  positional: [],
  named: new Map(),
  complete: true,
  sources: new Map(),
  list: nowhere.source,
};

const pythonDict: Readonly<Record<string, Method<DictValue>>> = {
  keys: ({ entries, complete }) =>
    list(
      [...entries.keys()].map((key) => constant(key)),
      'list',
      complete,
    ),
  values: ({ entries, complete }) => list([...entries.values()], 'list', complete),
  items: ({ entries, complete }) =>
    list(
      [...entries].map(([key, value]) => list([constant(key), value], 'tuple')),
      'list',
      complete,
    ),
  get(object, { positional: [key, usual = none] }) {
    const plain = key === undefined ? undefined : keyOf(key);
    if (plain === undefined) return undefined;
    return object.entries.get(plain) ?? (object.complete ? usual : undefined);
  },
  pop(object, { positional: [key, usual] }, host) {
    const plain = key === undefined ? undefined : keyOf(key);
    if (plain === undefined) return undefined;
    const found = object.entries.get(plain) ?? usual;
    host.changeDict(object, plain, undefined);
    return found;
  },
  setdefault(object, { positional: [key, usual = none] }, host) {
    const plain = key === undefined ? undefined : keyOf(key);
    if (plain === undefined) return undefined;
    if (!object.entries.has(plain)) host.changeDict(object, plain, usual);
    return object.entries.get(plain);
  },
  update(object, { positional: [more], named }, host) {
    if (more?.kind === 'dict') for (const [key, value] of more.entries) host.changeDict(object, key, value);
    else if (more !== undefined) object.complete = false;
    for (const [key, value] of named) host.changeDict(object, key, value);
    return none;
  },
  copy: ({ entries, complete }) => ({ kind: 'dict', entries: new Map(entries), complete }),
};

const onText =
  (of: (text: string) => string): Method<string> =>
  (text) =>
    constant(of(text));

const asked =
  (of: (text: string, part: string) => boolean | number): Method<string> =>
  (text, { positional: [part, ...within] }) => {
    const own = textOf(part);
    return own === undefined || within.length > 0 ? undefined : constant(of(text, own));
  };

const anyText: Readonly<Record<string, Method<string>>> = {
  split(text, { positional: [separator] }) {
    const by = textOf(separator);
    if (separator !== undefined && (by === undefined || by === '')) return undefined;
    const parts = by === undefined ? text.trim().split(/\s+/) : text.split(by);
    return list(parts.map((part) => constant(part)));
  },
  replace(text, { positional: [from, to] }) {
    const [a, b] = [textOf(from), textOf(to)];
    return a === undefined || b === undefined ? undefined : replacedText(text, a, b);
  },
};

const pythonText: Readonly<Record<string, Method<string>>> = {
  ...anyText,
  lower: onText((text) => text.toLowerCase()),
  upper: onText((text) => text.toUpperCase()),
  strip: onText((text) => text.trim()),
  lstrip: onText((text) => text.trimStart()),
  rstrip: onText((text) => text.trimEnd()),
  title: onText((text) => text.replace(/\b\w/g, (letter) => letter.toUpperCase())),
  capitalize: onText((text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()),
  startswith: asked((text, part) => text.startsWith(part)),
  endswith: asked((text, part) => text.endsWith(part)),
  find: asked((text, part) => text.indexOf(part)),
  rfind: asked((text, part) => text.lastIndexOf(part)),
  count: asked((text, part) => (part === '' ? text.length + 1 : text.split(part).length - 1)),
  isdigit: (text) => constant(/^\d+$/.test(text)),
  join(text, { positional: [value] }, host) {
    const parts = (value === undefined ? undefined : host.items(value))?.map(textOf);
    return parts?.every((part) => part !== undefined) ? joinedText(parts, text) : undefined;
  },
  format(text, { positional, named }) {
    let next = 0;
    return filledText(text, /\{(\w*)(?::[^}]*)?\}/g, ([, name = '']) => {
      const value = name === '' ? positional[next++] : /^\d+$/.test(name) ? positional[Number(name)] : named.get(name);
      return value === undefined ? undefined : wordsOf(value);
    });
  },
};

const javascriptText: Readonly<Record<string, Method<string>>> = {
  ...anyText,
  toLowerCase: onText((text) => text.toLowerCase()),
  toUpperCase: onText((text) => text.toUpperCase()),
  trim: onText((text) => text.trim()),
  startsWith: asked((text, part) => text.startsWith(part)),
  endsWith: asked((text, part) => text.endsWith(part)),
  includes: asked((text, part) => text.includes(part)),
};

function found<T>(methods: Readonly<Record<string, Method<T>>>, object: T, name: string): Builtin | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method === undefined ? undefined : (args, host, site) => method(object, args, host, site);
}

/** The method of a list, dict or text; undefined where there is none of that name. */
export function methodOf(object: Value, name: string, python: boolean): Builtin | undefined {
  if (object.kind === 'list') return found(python ? pythonList : javascriptList, object, name);
  if (object.kind === 'dict') return python ? found(pythonDict, object, name) : undefined;
  const text = textOf(object);
  return text === undefined ? undefined : found(python ? pythonText : javascriptText, text, name);
}
