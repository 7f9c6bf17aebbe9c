import type { ListValue, Value } from './values';

/** A name, attribute or key that was set, with what it held before. */
interface MapChange {
  readonly kind: 'map';
  readonly map: Map<unknown, Value>;
  readonly key: unknown;
  readonly before: Value | undefined;
}

interface ListChange {
  readonly kind: 'list';
  readonly list: ListValue;
  readonly before: readonly Value[];
  readonly loose: readonly number[] | undefined;
}

type Change = MapChange | ListChange;

/** What a branch left behind: for each place that it changed, the value there at its end. */
export interface Outcome {
  readonly maps: ReadonlyMap<Map<unknown, Value>, ReadonlyMap<unknown, Value | undefined>>;
  readonly lists: ReadonlyMap<ListValue, readonly Value[]>;
}

/** What code does that may not run. */
interface Attempt {
  readonly changes: Change[];
  /** Objects' attributes and lists that it made: before it there was nothing that could be given back to them. */
  readonly fresh: Set<object>;
}

/** The loose items of a list to which a branch adds some that another does not. */
function loosened({ items: before, complete, loose }: ListValue, items: readonly Value[]): number[] | undefined {
  const told = complete || loose !== undefined;
  if (!told || !before.every((item, k) => item === items[k])) return undefined;
  return [...(loose ?? []), ...items.slice(before.length).map((_, k) => before.length + k)];
}

/** What stands at each place of a list after either of two branches. */
const eitherItems = (
  a: readonly Value[],
  b: readonly Value[],
  merge: (a: Value | undefined, b: Value | undefined) => Value | undefined,
): readonly Value[] => {
  const longer = a.length >= b.length ? a : b;
  return longer.map((item, k) => merge(a[k], b[k]) ?? item);
};

/** Notes all changes of names, objects and lists while code runs that may not run, so that they can be taken back. */
export class Changes {
  private readonly open: Attempt[] = [];

  /** Something new: an object's attributes, or a list. */
  made<T extends object>(value: T): T {
    this.open.at(-1)?.fresh.add(value);
    return value;
  }

  set<K>(map: Map<K, Value>, key: K, value: Value | undefined): void {
    this.open.at(-1)?.changes.push({ kind: 'map', map: map as Map<unknown, Value>, key, before: map.get(key) });
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }

  list(target: ListValue, change: (items: Value[]) => void): void {
    const [before, { loose }] = [[...target.items], target];
    this.open.at(-1)?.changes.push({ kind: 'list', list: target, before, loose });
    change(target.items);
    // Loose items count from the front: what is done there moves them.
    if (loose?.some((k) => before[k] !== target.items[k])) target.loose = undefined;
  }

  /** Runs code, takes back what it changed, and tells what that was. */
  attempt(run: () => void): Outcome {
    const own: Attempt = { changes: [], fresh: new Set() };
    this.open.push(own);
    try {
      run();
    } finally {
      this.open.pop();
    }
    for (const each of own.fresh) this.made(each);
    const changes = own.changes.filter((change) => !own.fresh.has(change.kind === 'list' ? change.list : change.map));
    const maps = new Map<Map<unknown, Value>, Map<unknown, Value | undefined>>();
    const lists = new Map<ListValue, readonly Value[]>();
    for (const change of changes) {
      if (change.kind === 'list') lists.set(change.list, [...change.list.items]);
      else {
        const entries = maps.get(change.map) ?? new Map<unknown, Value | undefined>();
        maps.set(change.map, entries.set(change.key, change.map.get(change.key)));
      }
    }
    for (const change of changes.toReversed()) {
      if (change.kind === 'list') {
        change.list.items.splice(0, Number.POSITIVE_INFINITY, ...change.before);
        change.list.loose = change.loose;
      } else if (change.before === undefined) change.map.delete(change.key);
      else change.map.set(change.key, change.before);
    }
    return { maps, lists };
  }

  /** Makes what one of two branches left behind the state, merged where both differ. */
  join(
    first: Outcome,
    second: Outcome,
    merge: (a: Value | undefined, b: Value | undefined) => Value | undefined,
  ): void {
    const maps = new Set([...first.maps.keys(), ...second.maps.keys()]);
    for (const map of maps) {
      const [a, b] = [first.maps.get(map), second.maps.get(map)];
      for (const key of new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])) {
        const before = map.get(key);
        const left = a?.has(key) === true ? a.get(key) : before;
        const right = b?.has(key) === true ? b.get(key) : before;
        this.set(map, key, merge(left, right));
      }
    }
    for (const target of new Set([...first.lists.keys(), ...second.lists.keys()])) {
      const [a, b] = [first.lists.get(target), second.lists.get(target)];
      const items = a === undefined || b === undefined ? (a ?? b!) : eitherItems(a, b, merge);
      const loose = (a === undefined || b === undefined) && loosened(target, items);
      this.list(target, (own) => own.splice(0, Number.POSITIVE_INFINITY, ...items));
      // Both leave as many items: which ones may not be known, how many is.
      if (a !== undefined && a.length === b?.length) continue;
      target.complete = false;
      target.loose = loose || undefined;
    }
  }

  /** Makes what a branch left behind the state. */
  take({ maps, lists }: Outcome): void {
    for (const [map, entries] of maps) for (const [key, value] of entries) this.set(map, key, value);
    for (const [target, items] of lists) {
      this.list(target, (own) => own.splice(0, Number.POSITIVE_INFINITY, ...items));
    }
  }
}
