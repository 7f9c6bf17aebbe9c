import type { Value } from './values';

const itemsOf = (value: Value): Iterable<Value> | undefined =>
  value.kind === 'list' ? value.items : value.kind === 'dict' ? value.entries.values() : undefined;

/** The values that an object has, for going through them as well. */
export const attributesOf = (value: Value): Iterable<Value> | undefined =>
  value.kind === 'instance' ? value.attributes.values() : undefined;

/**
 * Goes through a value and what its lists and dicts hold, so deep. What is held several times is gone through once: a
 * list of a thousand times the same list, and so on, would never end.
 *
 * @param visit may say what else a value holds
 */
export function eachWithin(
  value: Value,
  deepest: number,
  visit: (value: Value) => Iterable<Value> | undefined,
  seen = new Set<Value>(),
): void {
  const held = visit(value) ?? itemsOf(value);
  if (held === undefined || deepest === 0 || seen.has(value)) return;
  seen.add(value);
  for (const item of held) eachWithin(item, deepest - 1, visit, seen);
}
