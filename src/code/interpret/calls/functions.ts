import { type Expression, type FunctionCode, type Parameter, sourceAt } from '../../program/ast';
import { merge } from '../branches';
import { lookUp } from '../names';
import { dictOf } from '../operations';
import { environment, frameIn, none, type Run } from '../run';
import { type CallArguments, constant, type Environment, type FunctionValue, list, type Value } from '../values';

/** Functions of the file: as values, and called. */

/** Calls within calls. */
const DEEPEST_CALL = 48;
/** … of one function by itself, each under one more condition that is not known: a tree that is searched has no end here. */
const DEEPEST_IN_DOUBT = 4;

export function functionValue(run: Run, code: FunctionCode, scope: Environment): FunctionValue {
  const { self, place } = run.frame;
  const defaults = new Map<number, Value>();
  code.parameters.forEach((parameter, k) => {
    if (parameter.default !== undefined && run.python) {
      const name = parameter.target.kind === 'name' ? parameter.target.name : undefined;
      defaults.set(k, run.expression(parameter.default, scope, name));
    }
  });
  const owner = run.owners.get(scope);
  const value: FunctionValue = {
    kind: 'function',
    code,
    place,
    // Names of a class are not seen from its methods.
    scope: owner === undefined ? scope : scope.parent!,
    defaults,
    ...(code.arrow && self !== undefined ? { self } : {}),
    ...(owner === undefined ? {} : { owner }),
  };
  run.functions.set(code, value);
  return value;
}

/** What the decorators of the file make of a function, where that is a function of its name. */
export function decorated(
  run: Run,
  value: FunctionValue,
  decorators: readonly Expression[],
  scope: Environment,
): Value {
  let result: Value = value;
  for (const decorator of decorators.toReversed()) {
    const by = run.expression(decorator, scope);
    const path = pathOfDecorator(by);
    if (path !== undefined && run.libraryOf(path)?.decorates?.(path, value.owner !== undefined)) {
      const site = {
        source: run.at(decorator),
        ...(value.code.name === undefined ? {} : { assignedTo: value.code.name }),
      };
      result = run.apply(by, [result], site);
    }
    if (by.kind !== 'function') continue;
    const made = run.apply(by, [result], { source: run.at(decorator) });
    if (made.kind === 'function' && made.code.name === value.code.name) result = made;
  }
  return result;
}

/** `@hk.transform`, `@nnx.vmap(in_axes=0)`, `@partial(nnx.vmap, in_axes=0)` */
function pathOfDecorator(by: Value): string | undefined {
  if (by.kind === 'path') return by.path;
  const data = by.kind === 'foreign' && (by.type === 'partial' || by.type === 'lift') ? by.data : undefined;
  const { path, callee } = (data ?? {}) as { readonly path?: string; readonly callee?: Value };
  return path ?? (callee?.kind === 'path' ? callee.path : undefined);
}

function isEndless({ frames, doubtLevel = 0 }: Run, code: FunctionCode): boolean {
  const own = frames.filter((frame) => frame.function?.code === code);
  if (own.length < DEEPEST_IN_DOUBT) return false;
  // Behind a return that may have been taken the code is as open as within a branch.
  const open = own.filter(({ returned }) => returned.length > 0);
  return doubtLevel + open.length >= own.length;
}

export function callFunction(run: Run, callee: FunctionValue, args: CallArguments): Value {
  const { code } = callee;
  if (run.frames.length >= DEEPEST_CALL || isEndless(run, code))
    return run.unknown(code.name ?? 'function', args.positional);
  if (code.generator && /\byield\b/.test(run.text(sourceAt(callee.place, code)))) {
    return run.unknown(code.name ?? 'generator', args.positional);
  }
  run.called.add(code);
  const scope = environment(callee.scope);
  const passed =
    run.python && callee.self !== undefined ? { ...args, positional: [callee.self, ...args.positional] } : args;
  const self = callee.self ?? (run.python ? undefined : run.frame.self);
  run.frames.push(frameIn(callee.place, run.python ? (passed.positional[0] ?? self) : self, callee, scope));
  try {
    bindParameters(run, callee, passed, scope);
    const completion = run.block(code.body, scope);
    const last = completion?.kind === 'return' ? completion.value : undefined;
    const { returned } = run.frame;
    if (returned.length === 0) return last ?? (run.python ? none : constant(undefined));
    return returned.reduce<Value>((result, value) => merge(run, result, value) ?? result, last ?? none);
  } finally {
    run.frames.pop();
  }
}

function bindParameters(run: Run, callee: FunctionValue, args: CallArguments, scope: Environment): void {
  const taken = new Set<string>();
  let position = 0;
  callee.code.parameters.forEach((parameter, k) => {
    const { target, rest } = parameter;
    const name = target.kind === 'name' ? target.name : undefined;
    if (rest === 'positional') {
      const more = args.positional.slice(position);
      position = args.positional.length;
      run.assign(target, list(more, run.python ? 'tuple' : 'list', args.complete), scope);
      return;
    }
    if (rest === 'keywords') {
      const more = [...args.named].filter(([key]) => !taken.has(key));
      run.assign(target, { ...dictOf(more), complete: args.complete }, scope);
      return;
    }
    const given =
      (parameter.keywordOnly ? undefined : args.positional[position++]) ??
      (name === undefined ? undefined : args.named.get(name));
    if (name !== undefined) taken.add(name);
    const missing = given === undefined || (given.kind === 'constant' && given.value === undefined);
    const value = missing ? (callee.defaults.get(k) ?? missingValue(run, parameter, given, scope)) : given;
    run.assign(target, value, scope);
  });
}

/** A parameter that a call leaves out, or gives JavaScript's `undefined`. */
function missingValue(run: Run, parameter: Parameter, given: Value | undefined, scope: Environment): Value {
  const { target, default: usual, annotation } = parameter;
  const name = target.kind === 'name' ? target.name : undefined;
  if (usual !== undefined) return run.expression(usual, scope, name);
  // A decorator gives it, such as `@pyrallis.wrap()`: an object of the file's class of settings.
  const type = annotation === undefined ? undefined : lookUp(run, annotation, scope);
  if (type?.kind === 'class' && type.dataclass && type.bases.length === 0)
    return run.apply(type, [], { source: run.at(parameter) });
  return run.python || given === undefined ? run.unknown(name ?? 'argument') : given;
}
