import { moduleFunctions } from '../builtins/calls';
import { moduleCall } from '../builtins/mathematics';
import { builtinOf } from '../names';
import type { Run } from '../run';
import type { CallArguments, Site, Value } from '../values';
import { opaque } from './opaque';

/** A call of something imported: `nn.Linear(…)`, `functools.partial(…)`, `math.sqrt(…)`. */
export function callPath(run: Run, path: string, args: CallArguments, site: Site): Value {
  const answer = run.libraryOf(path)?.call(path, args, site, run) ?? ownCall(run, path, args, site);
  return answer ?? opaque(run, path, args, site);
}

/** Modules that have what Python brings along under its own names. */
const ofPython = /^(?:six\.moves|builtins|past\.builtins)\.(\w+)$/;

/** Calls of modules that the interpreter knows by itself. */
function ownCall(run: Run, path: string, args: CallArguments, site: Site): Value | undefined {
  const [, name] = ofPython.exec(path) ?? [];
  const own =
    name !== undefined
      ? builtinOf(run, name)
      : Object.hasOwn(moduleFunctions, path)
        ? moduleFunctions[path]
        : undefined;
  return own === undefined ? moduleCall(path, args) : own(args, run, site);
}
