import { superOf } from '../builtins/objects';
import { inherited, libraryBase } from '../classes/lineage';
import { builtinOf, lookUp, unbound } from '../names';
import { none, type Run } from '../run';
import type { CallArguments, ClassValue, Environment, Site, Value } from '../values';
import { argumentsOf, type CallExpression } from './arguments';
import { callFunction } from './functions';
import { callMember } from './methods';
import { opaque } from './opaque';

/** Methods that give the object itself back: `net = nn.Sequential(…).to(device)`. */
const sameObject = /^(to|cuda|cpu|eval|train|float|double|half|requires_grad_)$/;

/** Calls as they are written: `f(x)`, `a.b(x)`, `super().__init__()`, `len(x)`. */
export function callExpression(
  run: Run,
  expression: CallExpression,
  scope: Environment,
  assignedTo: string | undefined,
): Value {
  const { callee } = expression;
  const site: Site = { source: run.at(expression), ...(assignedTo === undefined ? {} : { assignedTo }) };
  if (callee.kind === 'super') return superConstructor(run, expression, scope, site);
  if (callee.kind === 'name' && run.python && lookUp(run, callee.name, scope) === undefined) {
    return builtinCall(run, callee.name, expression, scope, site);
  }
  if (callee.kind === 'member') {
    const kept = sameObject.test(callee.name) ? assignedTo : undefined;
    const object = callee.object.kind === 'super' ? superHere(run) : run.expression(callee.object, scope, kept);
    return callMember(run, object, callee.name, argumentsOf(run, expression, scope), site);
  }
  const value = run.expression(callee, scope);
  return run.callValue(value, argumentsOf(run, expression, scope), site);
}

/** `super` in the function that runs. */
export const superHere = ({ frame }: Run): Value => superOf(frame.self, frame.function?.owner);

/** JavaScript's `super(…)`. */
function superConstructor(run: Run, expression: CallExpression, scope: Environment, site: Site): Value {
  const { self, function: current } = run.frame;
  const args = argumentsOf(run, expression, scope);
  if (self?.kind !== 'instance' || current?.owner === undefined) return none;
  const next = inherited(self.class, 'constructor', current.owner);
  if (next?.kind === 'function') return callFunction(run, { ...next, self }, args);
  const base = libraryBase(run, self.class);
  return base?.library.instanceMethod?.(self, 'constructor', args, site, run) ?? none;
}

/** The next method of a name after a class in an object's line. */
export function superMethod(
  run: Run,
  self: Value,
  owner: ClassValue | undefined,
  name: string,
  args: CallArguments,
  site: Site,
): Value {
  if (self.kind !== 'instance') return none;
  const found = inherited(self.class, name, owner);
  if (found?.kind === 'function') return callFunction(run, { ...found, self }, args);
  const base = libraryBase(run, self.class);
  const answer = base?.library.instanceMethod?.(self, name, args, site, run);
  if (answer !== undefined) return answer;
  return name.startsWith('__') ? none : opaque(run, name, args, site);
}

function builtinCall(run: Run, name: string, expression: CallExpression, scope: Environment, site: Site): Value {
  if (name === 'super') return superHere(run);
  const args = argumentsOf(run, expression, scope);
  const builtin = builtinOf(run, name);
  if (builtin === undefined) return run.callValue(unbound(run, name), args, site);
  const answer = builtin(args, run, site);
  if (answer !== undefined) return answer;
  const [first] = args.positional;
  if (first?.kind === 'foreign' && (name === 'len' || name === 'abs' || name === 'sum')) {
    const found = first.library.method(first, `__${name}__`, args, site, run);
    if (found !== undefined) return found;
  }
  return run.unknown(run.written(expression), args.positional);
}
