import { perhaps } from '../branches';
import { methodOf } from '../builtins/methods';
import { bound, inherited, libraryBase } from '../classes/lineage';
import { isLoose } from '../looseLists';
import { none, type Run } from '../run';
import {
  type CallArguments,
  type ClassValue,
  constant,
  type Foreign,
  type FunctionValue,
  type InstanceValue,
  isNothing,
  type ListValue,
  list,
  type Site,
  type Unknown,
  type Value,
} from '../values';
import { opaque } from './opaque';
import { callPath } from './paths';

/** Calls of a value's member: `model.add(…)`, `self.block(x)`, `layers.append(…)`. */

/** JavaScript's methods that call back with each item. */
const eachItem: ReadonlySet<string> = new Set(['forEach', 'map', 'flatMap']);

export function callMember(run: Run, object: Value, name: string, args: CallArguments, site: Site): Value {
  switch (object.kind) {
    case 'path': {
      const path = `${object.path}.${name}`;
      const set = run.module.names.get(path);
      return set === undefined ? callPath(run, path, args, site) : run.callValue(set, args, site);
    }
    case 'foreign':
      return callForeign(run, object, name, args, site);
    case 'instance':
      return callInstance(run, object, name, args, site);
    case 'class':
      return callClass(run, object, name, args, site);
    case 'bound':
    case 'function':
      // `Base.__init__(self)`, JavaScript's `f.call(…)`: not followed.
      return run.unknown(name, args.positional);
    default:
      return callOwn(run, object, name, args, site);
  }
}

const withObject = (object: Value, args: CallArguments): CallArguments => ({
  ...args,
  positional: [object, ...args.positional],
});

function callForeign(run: Run, object: Foreign, name: string, args: CallArguments, site: Site): Value {
  const found = object.library.member(object, name, run);
  const answer =
    found === undefined || found.kind === 'bound'
      ? object.library.method(object, name, args, site, run)
      : run.callValue(found, args, site);
  return answer ?? opaque(run, name, withObject(object, args), site);
}

function callInstance(run: Run, object: InstanceValue, name: string, args: CallArguments, site: Site): Value {
  const own = object.attributes.get(name);
  if (own !== undefined) return run.callValue(own, args, site);
  const method = inherited(object.class, name);
  const mayCall = run.libraries.some(({ library }) => library.called === name);
  const library = mayCall || method === undefined ? libraryBase(run, object.class)?.library : undefined;
  const called = library?.called === name ? library.instanceCall?.(object, args, site, run) : undefined;
  if (called !== undefined) return called;
  if (method !== undefined) return run.callValue(bound(run, method, object, object.class), args, site);
  const answer = library?.instanceMethod?.(object, name, args, site, run);
  return answer ?? opaque(run, name, withObject(object, args), site);
}

function callClass(run: Run, object: ClassValue, name: string, args: CallArguments, site: Site): Value {
  const found = inherited(object, name);
  if (found?.kind === 'function') {
    return run.callValue(run.how.get(found) === 'class' ? { ...found, self: object } : found, args, site);
  }
  if (found !== undefined) return run.callValue(found, args, site);
  const [self, ...rest] = args.positional;
  if (self?.kind === 'instance') {
    const base = libraryBase(run, object);
    return base?.library.instanceMethod?.(self, name, { ...args, positional: rest }, site, run) ?? none;
  }
  return opaque(run, `${object.name}.${name}`, args, site);
}

/** What comes from somebody else by a name: an argument, a variable that nothing was put into yet. */
const isHanded = (object: Value): boolean =>
  object.kind === 'unknown' ? object.symbols.length > 0 && /^[\w.]+$/.test(object.text) : isNothing(object);

/** A function of an object as `this` has it. */
const ofObject = (held: Value, object: Value): Value =>
  held.kind === 'function' && held.self === undefined && !held.code.arrow ? { ...held, self: object } : held;

/** Of what the interpreter itself holds, and of what nobody knows. */
function callOwn(run: Run, object: Value, name: string, args: CallArguments, site: Site): Value {
  const [called] = args.positional;
  if (name === 'forEach' && !run.python && object.kind === 'list' && object.loose && called !== undefined) {
    return looseEach(run, object, called, site);
  }
  const answer = methodOf(object, name, run.python)?.(args, run, site);
  if (answer !== undefined) return answer;
  if (object.kind === 'dict' && !run.python) {
    const held = object.entries.get(name);
    if (held !== undefined) return run.callValue(ofObject(held, object), args, site);
  }
  if (isHanded(object)) for (const { library } of run.libraries) library.overlooked?.(name, args, site, run);
  if (object.kind !== 'unknown') return run.unknown(name, [object, ...args.positional]);
  const [callee] = args.positional;
  if (!run.python && eachItem.has(name) && callee?.kind === 'function') {
    return perhapsEach(run, object, callee, name, site);
  }
  return opaque(run, `${object.text}.${name}`, args, site);
}

/** A callback on each item of a list; on one that stands for any number, without certainty. */
function looseEach(run: Run, object: ListValue, callee: Value, site: Site): Value {
  for (const [k, item] of object.items.entries()) {
    const round = () => {
      run.apply(callee, [item, isLoose(object, k) ? run.unknown('index') : constant(k), object], site);
      return undefined;
    };
    if (isLoose(object, k)) perhaps(run, round);
    else round();
  }
  return constant(undefined);
}

/** A callback on each item of what nobody knows: it runs once, without certainty. */
function perhapsEach(run: Run, object: Unknown, callee: FunctionValue, name: string, site: Site): Value {
  let found: Value = run.unknown(name, [object]);
  perhaps(run, () => {
    found = run.apply(callee, [run.unknown('item', [object]), run.unknown('index')], site);
    return undefined;
  });
  return name === 'forEach' ? constant(undefined) : list([found], 'list', false);
}
