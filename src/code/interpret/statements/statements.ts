import type { FunctionCode, Statement } from '../../program/ast';
import { decorated, functionValue } from '../calls/functions';
import { classValue } from '../classes/classValue';
import { bind, holderOf, lookUp, memberOfPath } from '../names';
import { type Completion, none, type Run } from '../run';
import { constant, type Environment } from '../values';
import { assignStatement, deleteTarget } from './assignment';
import { ifStatement } from './conditions';
import { changedInPlace } from './inPlace';
import { forStatement, whileStatement } from './loops';

export function runBlock(run: Run, statements: readonly Statement[], scope: Environment): Completion {
  for (const statement of statements) {
    const completion = run.statement(statement, scope);
    if (completion !== undefined) return completion;
  }
  return undefined;
}

export function runStatement(run: Run, statement: Statement, scope: Environment): Completion {
  run.step();
  switch (statement.kind) {
    case 'expression':
      changedInPlace(run, statement.value, run.expression(statement.value, scope), scope);
      return undefined;
    case 'assign':
      assignStatement(run, statement, scope);
      return undefined;
    case 'declare':
      if (!run.python) bind(run, scope, statement.name, constant(undefined));
      return undefined;
    case 'import':
      for (const { name, path } of statement.bindings) {
        bind(run, scope, name, path === undefined ? run.unknown(name) : memberOfPath(path));
      }
      if (statement.star !== undefined) run.stars.push(statement.star);
      return undefined;
    case 'function':
      functionStatement(run, statement, scope);
      return undefined;
    case 'class': {
      const value = classValue(run, statement.class, scope);
      if (statement.class.name !== undefined) bind(run, scope, statement.class.name, value);
      return undefined;
    }
    case 'if':
      return ifStatement(run, statement, scope);
    case 'for':
      return forStatement(run, statement, scope);
    case 'while':
      return whileStatement(run, statement, scope);
    case 'with':
      for (const { value, target } of statement.items) {
        const held = run.expression(value, scope);
        if (target !== undefined) run.assign(target, held, scope);
      }
      return run.block(statement.body, scope);
    case 'try':
      return tryStatement(run, statement, scope);
    case 'return': {
      const value = statement.value === undefined ? none : run.expression(statement.value, scope);
      return { kind: 'return', value };
    }
    case 'raise':
    case 'break':
    case 'continue':
      return { kind: statement.kind };
    case 'delete':
      for (const target of statement.targets) deleteTarget(run, target, scope);
      return undefined;
    case 'global':
      for (const name of statement.names) {
        const owner = statement.nonlocal ? holderOf(scope.parent, name) : run.module;
        if (owner !== undefined) run.frame.elsewhere.set(name, owner);
      }
      return undefined;
    case 'block':
      return run.block(statement.body, scope);
    default:
      return undefined;
  }
}

/** `@app.cell` of marimo: a function that is a cell of a notebook, whose names all other cells see. */
function isNotebookCell(run: Run, { decorators: [decorator] }: FunctionCode, scope: Environment): boolean {
  const maker = decorator?.kind === 'call' ? decorator.callee : decorator;
  if (maker?.kind !== 'member' || maker.name !== 'cell' || maker.object.kind !== 'name') return false;
  const app = lookUp(run, maker.object.name, scope);
  return app?.kind === 'unknown' && app.text.startsWith('marimo.App');
}

function functionStatement(run: Run, statement: Statement & { kind: 'function' }, scope: Environment): void {
  const { function: code, static: how } = statement;
  if (scope === run.module && isNotebookCell(run, code, scope)) {
    run.called.add(code);
    run.block(code.body, scope);
    return;
  }
  const value = functionValue(run, code, scope);
  if (how !== undefined) run.how.set(value, how);
  if (code.name !== undefined) bind(run, scope, code.name, decorated(run, value, code.decorators, scope));
}

function tryStatement(run: Run, statement: Statement & { kind: 'try' }, scope: Environment): Completion {
  const completion = run.block(statement.body, scope);
  const next =
    completion?.kind === 'raise'
      ? run.block(statement.handlers[0] ?? [], scope)
      : (completion ?? run.block(statement.otherwise, scope));
  return run.block(statement.finally, scope) ?? next;
}
