import type { Expression, Span } from '../../program/ast';
import { either, merge, perhaps } from '../branches';
import { binary, compare, truth } from '../operations';
import { none, type Run } from '../run';
import { constant, type Environment, isNothing, type Site, type Value } from '../values';

/** Operators, comparisons, and the choice between two values. */

/** An operator on two values: a framework's own first. */
export function operate(run: Run, operator: string, left: Value, right: Value, site: Site): Value {
  for (const operand of [left, right]) {
    const object = operand.kind === 'instance' ? operand.foreign : operand;
    if (object?.kind !== 'foreign') continue;
    const answer = object.library.operator?.(operator, [left, right], site, run);
    if (answer !== undefined) return answer;
  }
  return binary(operator, left, right, run.python) ?? run.unknown(run.text(site.source), [left, right]);
}

export function unary(run: Run, expression: Expression & { kind: 'unary' }, scope: Environment): Value {
  const { operator } = expression;
  const value = run.expression(expression.operand, scope);
  const unknown = () => run.unknown(run.written(expression), [value]);
  if (operator === 'not' || operator === '!') {
    const answer = truth(value);
    return answer === undefined ? unknown() : constant(!answer);
  }
  if (value.kind === 'foreign') {
    const answer = value.library.operator?.(operator, [value], { source: run.at(expression) }, run);
    if (answer !== undefined) return answer;
  }
  if (value.kind === 'constant' && typeof value.value === 'number') {
    if (operator === '-') return constant(-value.value, run.at(expression));
    if (operator === '+') return value;
    if (operator === '~') return constant(~value.value);
  }
  return unknown();
}

export function binaryExpression(
  run: Run,
  expression: Expression & { kind: 'binary' },
  scope: Environment,
  assignedTo: string | undefined,
): Value {
  const { operator } = expression;
  const left = run.expression(expression.left, scope);
  if (operator === 'and' || operator === 'or' || operator === '??') {
    return shortCircuit(run, expression, left, scope, assignedTo);
  }
  const right = run.expression(expression.right, scope);
  return operate(run, operator, left, right, {
    source: run.at(expression),
    ...(assignedTo === undefined ? {} : { assignedTo }),
  });
}

const isKnownNothing = (value: Value): boolean | undefined => (value.kind === 'unknown' ? undefined : isNothing(value));

/** `and`, `or` and `??`, whose right side may not run. */
function shortCircuit(
  run: Run,
  expression: Expression & { kind: 'binary' },
  left: Value,
  scope: Environment,
  assignedTo: string | undefined,
): Value {
  const { operator } = expression;
  const answer = operator === '??' ? isKnownNothing(left) : truth(left);
  if (answer !== undefined) {
    const taken = operator === 'or' ? !answer : answer;
    return taken ? run.expression(expression.right, scope, assignedTo) : left;
  }
  let right: Value | undefined;
  perhaps(run, () => {
    right = run.expression(expression.right, scope, assignedTo);
    return undefined;
  });
  // Whatever the left one is: `unknown and False` is false, `unknown or True` is true.
  const decided = right !== undefined && truth(right) === (operator === 'or') && operator !== '??';
  return decided && left.kind === 'unknown' ? right! : (merge(run, left, right) ?? left);
}

export function comparison(run: Run, expression: Expression & { kind: 'comparison' }, scope: Environment): Value {
  const operands = expression.operands.map((operand) => run.expression(operand, scope));
  let result: boolean | undefined = true;
  expression.operators.forEach((operator, k) => {
    const answer =
      heldBy(run, operator, operands[k]!, operands[k + 1]!, expression) ??
      compare(operator, operands[k]!, operands[k + 1]!);
    if (answer === false) result = false;
    else if (answer === undefined && result === true) result = undefined;
  });
  return result === undefined ? run.unknown(run.written(expression), operands) : constant(result);
}

/** `'drop' in self.layers` of what a library made. */
function heldBy(run: Run, operator: string, item: Value, held: Value, span: Span): boolean | undefined {
  if (held.kind !== 'foreign' || held.type !== 'layer' || !/^(not )?in$/.test(operator)) return undefined;
  const source = run.at(span);
  const args = { positional: [item], named: new Map(), complete: true, sources: new Map(), list: source };
  const answer = held.library.method(held, '__contains__', args, { source }, run);
  if (answer?.kind !== 'constant' || typeof answer.value !== 'boolean') return undefined;
  return answer.value === (operator === 'in');
}

/** `a if test else b`, `test ? a : b` */
export function choice(
  run: Run,
  { test, consequence, otherwise }: Expression & { kind: 'choice' },
  scope: Environment,
  assignedTo: string | undefined,
): Value {
  const answer = truth(run.expression(test, scope));
  if (answer !== undefined) return run.expression(answer ? consequence : otherwise, scope, assignedTo);
  let [a, b]: [Value | undefined, Value | undefined] = [undefined, undefined];
  either(
    run,
    () => {
      a = run.expression(consequence, scope, assignedTo);
      return undefined;
    },
    () => {
      b = run.expression(otherwise, scope, assignedTo);
      return undefined;
    },
  );
  return merge(run, a, b) ?? none;
}
