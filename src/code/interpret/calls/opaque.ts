import { sourceAt } from '../../program/ast';
import type { Run } from '../run';
import { textOfCall } from '../unknown';
import { type CallArguments, foreignIn, type Library, type Site, type Value } from '../values';

/** The libraries whose objects are in a value. */
function librariesIn(value: Value, depth = 0): readonly Library[] {
  const own = foreignIn(value);
  if (own !== undefined) return [own.library];
  if (depth > 4) return [];
  if (value.kind === 'list') return value.items.flatMap((item) => librariesIn(item, depth + 1));
  const held = value.kind === 'dict' ? value.entries : value.kind === 'instance' ? value.attributes : undefined;
  return held === undefined ? [] : [...held.values()].flatMap((item) => librariesIn(item, depth + 1));
}

/** A call of what nobody knows: a library may lead its own objects through it. */
export function opaque(run: Run, callee: string, args: CallArguments, site: Site): Value {
  if (!run.python) callBack(run, args, site);
  const given = [...args.positional, ...args.named.values()];
  // One framework's tensors mean nothing to another.
  const owners = new Set(given.flatMap((value) => librariesIn(value)));
  for (const library of owners) {
    const answer = library.opaque?.(callee, args, site, run);
    if (answer !== undefined) return answer;
  }
  return run.unknown(textOfCall(callee), given);
}

/** Functions given to what nobody knows run once, without certainty about what they are given. */
function callBack(run: Run, { positional }: CallArguments, site: Site): void {
  for (const callee of positional) {
    if (callee.kind !== 'function' || run.called.has(callee.code)) continue;
    const unknown = callee.code.parameters.map((each) => run.unknown(run.text(sourceAt(callee.place, each))));
    run.apply(callee, unknown, site);
  }
}
