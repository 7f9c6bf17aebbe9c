import { sourceAt } from '../../program/ast';
import { functionsElsewhere } from '../builtins/calls';
import type { Run } from '../run';
import { textOfCall } from '../unknown';
import { type CallArguments, foreignIn, type Library, type Site, type Value } from '../values';
import { attributesOf, eachWithin } from '../within';

/** The libraries whose objects are in values. */
function librariesIn(values: readonly Value[]): ReadonlySet<Library> {
  const found = new Set<Library>();
  const seen = new Set<Value>();
  const note = (value: Value): Iterable<Value> | undefined => {
    const own = foreignIn(value);
    if (own === undefined) return attributesOf(value);
    found.add(own.library);
    return [];
  };
  for (const value of values) eachWithin(value, 5, note, seen);
  return found;
}

/** A call of what nobody knows: a library may lead its own objects through it. */
export function opaque(run: Run, callee: string, args: CallArguments, site: Site): Value {
  if (!run.python) callBack(run, args, site);
  const own = callee.slice(callee.lastIndexOf('.') + 1);
  if (Object.hasOwn(functionsElsewhere, own)) return functionsElsewhere[own]!(args, run, site) ?? run.unknown(own);
  const given = [...args.positional, ...args.named.values()];
  const places = [...args.positional.keys(), ...args.named.keys()];
  for (const [k, value] of given.entries()) {
    if (value.kind === 'path')
      run.libraryOf(value.path)?.handedOn?.(value.path, { source: args.sources.get(places[k]!) ?? args.list }, run);
  }
  // One framework's tensors mean nothing to another.
  for (const library of librariesIn(given)) {
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
