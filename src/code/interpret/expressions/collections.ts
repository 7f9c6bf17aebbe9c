import type { Expression } from '../../program/ast';
import { joinedLists, spreadList } from '../looseLists';
import { keyOf } from '../operations';
import type { Run } from '../run';
import { type DictValue, type Environment, type ListValue, list, type Value } from '../values';

/** Literals of lists, tuples, sets, dicts and objects. */

/** What nobody knows stands for the items that it has. */
const spreadOf = (value: Value): ListValue =>
  value.kind === 'unknown' && value.symbols.length > 0 ? spreadList(value, 'list') : list([], 'list', false);

export function listExpression(
  run: Run,
  items: readonly Expression[],
  of: ListValue['of'],
  scope: Environment,
): ListValue {
  let result = list([], of);
  for (const item of items) {
    const value = run.expression(item, scope);
    if (item.kind !== 'spread') result.items.push(value);
    else {
      const more = run.items(value);
      const told = value.kind === 'list' && value.loose !== undefined ? value : undefined;
      const spread =
        told ?? (more === undefined ? spreadOf(value) : list([...more], of, value.kind !== 'list' || value.complete));
      result = joinedLists(result, spread) ?? list(result.items, of, false);
    }
  }
  return run.changes.made(result);
}

export function dictExpression(run: Run, { entries }: Expression & { kind: 'dict' }, scope: Environment): DictValue {
  const result = new Map<string | number | boolean | null, Value>();
  let complete = true;
  for (const { key, value } of entries) {
    if (key === undefined) {
      const more = run.expression(value.kind === 'spread' ? value.value : value, scope);
      // `...(first && { inputShape })`: nothing is spread of what is none.
      if (more.kind === 'constant') continue;
      if (more.kind === 'dict') for (const [name, held] of more.entries) result.set(name, held);
      if (more.kind !== 'dict' || !more.complete) complete = false;
      continue;
    }
    const name = keyOf(run.expression(key, scope));
    const held = run.expression(value, scope, typeof name === 'string' ? name : undefined);
    if (name === undefined) complete = false;
    else result.set(name, held);
  }
  return { kind: 'dict', entries: result, complete };
}
