import type { Expression, Statement, Target } from '../../program/ast';
import { operate } from '../expressions/operators';
import { itemAt, memberOf } from '../members';
import { bind, lookUp } from '../names';
import { dictOf, keyOf, wholeOf } from '../operations';
import type { Run } from '../run';
import { constant, type Environment, foreignIn, list, type Value } from '../values';

/** Targets of assignments: what they hold, what they are given, what is taken out of them. */

export function assignStatement(run: Run, statement: Statement & { kind: 'assign' }, scope: Environment): void {
  const { targets, operator } = statement;
  const [first] = targets;
  const name = first?.kind === 'name' || first?.kind === 'member' ? first.name : undefined;
  if (operator === undefined) {
    const value = run.expression(statement.value, scope, name);
    for (const target of targets) run.assign(target, value, scope);
    return;
  }
  if (first === undefined) return;
  const before = read(run, first, scope);
  const more = run.expression(statement.value, scope);
  if (before.kind === 'list' && more.kind === 'list' && operator === '+' && run.python) {
    run.changeList(before, (items) => items.push(...more.items));
    if (!more.complete) before.complete = false;
    return;
  }
  const source = run.at(statement);
  run.assign(first, operate(run, operator, before, more, { source }), scope);
}

/** What an expression names is another value now. */
export function assignAgain(run: Run, expression: Expression, value: Value, scope: Environment): void {
  if (expression.kind === 'name' || expression.kind === 'member') run.assign(expression, value, scope);
}

/** What a target holds already. */
export function read(run: Run, target: Target, scope: Environment): Value {
  switch (target.kind) {
    case 'name':
      return lookUp(run, target.name, scope) ?? run.unknown(target.name);
    case 'member':
      return memberOf(run, run.expression(target.object, scope), target.name, target);
    case 'index':
      return itemAt(run, run.expression(target.object, scope), run.expression(target.index, scope), target);
    default:
      return run.unknown(run.written(target));
  }
}

export function assign(run: Run, target: Target, value: Value, scope: Environment): void {
  switch (target.kind) {
    case 'name':
      bind(run, scope, target.name, value);
      return;
    case 'member':
      run.setMember(run.expression(target.object, scope), target.name, value);
      return;
    case 'index':
      assignItem(run, target, value, scope);
      return;
    case 'sequence':
      assignSequence(run, target, value, scope);
      return;
    case 'object':
      assignObject(run, target, value, scope);
      return;
    default:
  }
}

function assignItem(run: Run, target: Target & { kind: 'index' }, value: Value, scope: Environment): void {
  const object = run.expression(target.object, scope);
  const index = run.expression(target.index, scope);
  const at = wholeOf(index);
  const key = keyOf(index);
  if (object.kind === 'dict') {
    if (key === undefined) object.complete = false;
    else run.changeDict(object, key, value);
  } else if (object.kind === 'list') {
    if (at === undefined) object.complete = false;
    else if (at < object.items.length)
      run.changeList(object, (items) => items.splice(at < 0 ? at + items.length : at, 1, value));
  } else if (object.kind === 'unknown' && typeof key === 'string' && foreignIn(value) !== undefined) {
    // `output = ModelOutput()`: whatever it is, it holds that from now on.
    assignAgain(run, target.object, { ...dictOf([[key, value]]), complete: false }, scope);
  } else {
    const held = foreignIn(object);
    const made = held?.library.setItem?.(held, index, value, { source: run.at(target) }, run);
    if (made !== undefined) assignAgain(run, target.object, made, scope);
  }
}

function assignSequence(run: Run, target: Target & { kind: 'sequence' }, value: Value, scope: Environment): void {
  const { items: targets, rest } = target;
  const exact = rest === undefined ? targets.length : undefined;
  const items = run.items(value, exact);
  if (items === undefined || (exact !== undefined && run.python && items.length !== exact)) {
    targets.forEach((each, k) => {
      run.assign(each, itemAt(run, value, constant(k), target), scope);
    });
    return;
  }
  const behind = (k: number): number => targets.length - 1 - k;
  targets.forEach((each, k) => {
    if (k === rest) run.assign(each, list(items.slice(k, items.length - behind(k))), scope);
    else {
      const item = rest === undefined || k < rest ? items[k] : items[items.length - 1 - behind(k)];
      run.assign(each, item ?? run.unknown('item', [value]), scope);
    }
  });
}

/** `const {units, layers: n = 2, ...rest} = value` */
function assignObject(run: Run, target: Target & { kind: 'object' }, value: Value, scope: Environment): void {
  for (const { name, target: inner, default: usual } of target.properties) {
    const found = value.kind === 'unknown' ? memberOf(run, value, name, inner) : run.member(value, name);
    const missing = found === undefined || (found.kind === 'constant' && found.value === undefined);
    const held = missing
      ? usual === undefined
        ? run.unknown(name, [value])
        : run.expression(usual, scope, name)
      : found;
    run.assign(inner, held, scope);
  }
  if (target.rest !== undefined) run.assign(target.rest, restOf(run, target.properties, value), scope);
}

function restOf(run: Run, taken: readonly { readonly name: string }[], value: Value): Value {
  if (value.kind !== 'dict') return run.unknown('rest', [value]);
  const names = new Set(taken.map(({ name }) => name));
  return dictOf([...value.entries].filter(([key]) => !names.has(String(key))));
}

/** `del x`, `del self.x`, `del layers[-1]` */
export function deleteTarget(run: Run, target: Target, scope: Environment): void {
  if (target.kind === 'name') run.changes.set(scope.names, target.name, undefined);
  if (target.kind === 'member') {
    const object = run.expression(target.object, scope);
    if (object.kind === 'instance') run.changes.set(object.attributes, target.name, undefined);
  }
  if (target.kind !== 'index') return;
  const object = run.expression(target.object, scope);
  const index = run.expression(target.index, scope);
  const [at, key] = [wholeOf(index), keyOf(index)];
  if (object.kind === 'list') {
    if (at === undefined) object.complete = false;
    else run.changeList(object, (items) => items.splice(at < 0 ? at + items.length : at, 1));
  } else if (object.kind === 'dict') {
    if (key === undefined) object.complete = false;
    else run.changeDict(object, key, undefined);
  } else {
    const held = foreignIn(object);
    held?.library.setItem?.(held, index, undefined, { source: run.at(target) }, run);
  }
}
