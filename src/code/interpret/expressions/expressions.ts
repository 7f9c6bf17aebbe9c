import type { Expression } from '../../program/ast';
import { wordsOf } from '../builtins/functions';
import { callExpression, superHere } from '../calls/callExpression';
import { functionValue } from '../calls/functions';
import { classValue } from '../classes/classValue';
import { joinedText } from '../growth';
import { memberOf } from '../members';
import { holderOf, lookUp, unbound } from '../names';
import type { Run } from '../run';
import { read } from '../statements/assignment';
import { constant, type Environment, type Value } from '../values';
import { dictExpression, listExpression } from './collections';
import { comprehension } from './comprehension';
import { indexExpression, sliceOf } from './indices';
import { binaryExpression, choice, comparison, operate, unary } from './operators';

export function evaluate(run: Run, expression: Expression, scope: Environment, assignedTo?: string): Value {
  run.step();
  switch (expression.kind) {
    case 'constant':
      return constant(expression.value, run.at(expression));
    case 'name':
      return lookUp(run, expression.name, scope) ?? unbound(run, expression.name);
    case 'this':
      return run.frame.self ?? run.unknown('this');
    case 'member':
      return memberExpression(run, expression, scope);
    case 'index':
      return indexExpression(run, expression, scope);
    case 'slice':
      return sliceOf(run, expression, scope);
    case 'call':
      return callExpression(run, expression, scope, assignedTo);
    case 'list':
    case 'tuple':
    case 'set':
      return listExpression(run, expression.items, expression.kind, scope);
    case 'dict':
      return dictExpression(run, expression, scope);
    case 'unary':
      return unary(run, expression, scope);
    case 'binary':
      return binaryExpression(run, expression, scope, assignedTo);
    case 'comparison':
      return comparison(run, expression, scope);
    case 'choice':
      return choice(run, expression, scope, assignedTo);
    case 'function':
      return functionValue(run, expression.function, scope);
    case 'class':
      return classValue(run, expression.class, scope);
    case 'comprehension':
      return comprehension(run, expression, scope);
    case 'format':
      return format(run, expression, scope);
    case 'assignment':
      return assignment(run, expression, scope);
    case 'spread':
      return run.expression(expression.value, scope);
    default:
      return run.unknown(run.written(expression));
  }
}

function memberExpression(run: Run, expression: Expression & { kind: 'member' }, scope: Environment): Value {
  const { object, name } = expression;
  if (object.kind === 'super') return { kind: 'bound', object: superHere(run), name };
  return memberOf(run, run.expression(object, scope), name, expression);
}

/** f-strings, templates. */
function format(run: Run, expression: Expression & { kind: 'format' }, scope: Environment): Value {
  const parts = expression.parts.map((part) =>
    typeof part === 'string' ? part : wordsOf(run.expression(part, scope)),
  );
  const text = parts.every((part) => part !== undefined) ? joinedText(parts) : undefined;
  return text ?? run.unknown(run.written(expression));
}

function assignment(run: Run, expression: Expression & { kind: 'assignment' }, scope: Environment): Value {
  const { target, operator } = expression;
  const own = target.kind === 'name' || target.kind === 'member' ? target.name : undefined;
  const value = run.expression(expression.value, scope, own);
  const result =
    operator === undefined
      ? value
      : operate(run, operator, read(run, target, scope), value, { source: run.at(expression) });
  // JavaScript assigns to a name where it was declared; Python's `:=` binds it here.
  const owner = !run.python && target.kind === 'name' ? holderOf(scope, target.name) : undefined;
  run.assign(target, result, owner ?? scope);
  return result;
}
