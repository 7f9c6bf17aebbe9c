import type { Argument, Expression } from '../ast';
import { around, type Lowering } from '../lowering';
import { type CodeNode, itemsOf } from '../node';
import { comprehension } from './comprehension';

export function lowerCall(lower: Lowering, node: CodeNode): Expression {
  const [callee] = node.children;
  const list = node.getChild('ArgList');
  if (callee === undefined) return lower.other(node);
  return {
    from: node.from,
    to: node.to,
    kind: 'call',
    callee: lower.expression(callee),
    arguments: list === null ? [] : argumentsOf(lower, list),
    construct: false,
  };
}

export function argumentsOf(lower: Lowering, list: CodeNode): Argument[] {
  if (list.getChild('for') !== null) {
    const inside = list.children.slice(1, -1);
    if (inside.length === 0) return [];
    return [{ ...around(inside), value: comprehension(lower, inside, 'generator', around(inside)) }];
  }
  const found: Argument[] = [];
  for (const item of itemsOf(list)) {
    const argument = argumentOf(lower, item);
    if (argument !== undefined) found.push(argument);
  }
  return found;
}

function argumentOf(lower: Lowering, item: readonly CodeNode[]): Argument | undefined {
  const { from } = item[0]!;
  const { to } = item.at(-1)!;
  const [first, second, third] = item;
  if (second === undefined) return { from, to, value: lower.expression(first!) };
  const mark = lower.text(first!);
  if (mark === '*' || mark === '**') {
    const value: Expression = { from, to, kind: 'spread', value: lower.expression(second) };
    return { from, to, value, ...(mark === '**' ? { double: true } : {}) };
  }
  if (second.name !== 'AssignOp' || first!.name !== 'VariableName') {
    return { from, to, value: lower.expression(first!) };
  }
  return third === undefined ? undefined : { from, to, name: mark, value: lower.expression(third) };
}
