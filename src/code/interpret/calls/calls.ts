import { instantiate } from '../classes/instances';
import { inherited, libraryBase } from '../classes/lineage';
import { builtinOf } from '../names';
import { LONGEST_TEXT, type Run } from '../run';
import { classOfUnknown, isInPlace } from '../unknown';
import type { CallArguments, InstanceValue, Site, Value } from '../values';
import { callFunction } from './functions';
import { callMember } from './methods';
import { opaque } from './opaque';
import { callPath } from './paths';

/** A call of any value. */
export function callValue(run: Run, callee: Value, args: CallArguments, site: Site): Value {
  run.step();
  switch (callee.kind) {
    case 'function':
      return callFunction(run, callee, args);
    case 'class':
      return instantiate(run, callee, args, site);
    case 'path':
      return callPath(run, callee.path, args, site);
    case 'foreign':
      return callee.library.invoke(callee, args, site, run) ?? opaque(run, callee.type, args, site);
    case 'instance':
      return callObject(run, callee, args, site);
    case 'bound':
      return callMember(run, callee.object, callee.name, args, site);
    default: {
      const builtin = callee.kind === 'unknown' ? builtinOf(run, callee.text) : undefined;
      return builtin?.(args, run, site) ?? opaque(run, told(callee) ?? calleeText(run, args, site), args, site);
    }
  }
}

/** `self.block(x)`: a framework's object of the file's class goes the framework's way first. */
function callObject(run: Run, callee: InstanceValue, args: CallArguments, site: Site): Value {
  const own = inherited(callee.class, '__call__');
  const base = libraryBase(run, callee.class);
  const answer =
    own?.kind === 'function' && base === undefined
      ? callFunction(run, { ...own, self: callee }, args)
      : base?.library.instanceCall?.(callee, args, site, run);
  if (answer !== undefined) return answer;
  if (own?.kind === 'function') return callFunction(run, { ...own, self: callee }, args);
  return opaque(run, callee.class.name, args, site);
}

/** What an unknown callee says of itself: its class, or that it changes what it is given. */
const told = (callee: Value): string | undefined =>
  callee.kind === 'unknown' && isInPlace(callee.text) ? callee.text : classOfUnknown(callee);

/** What stands before the brackets. */
function calleeText(run: Run, { list: brackets }: CallArguments, { source }: Site): string {
  const to = brackets.cell === source.cell && brackets.from > source.from ? brackets.from : source.to;
  return run.text({ ...source, to }).slice(0, LONGEST_TEXT);
}
