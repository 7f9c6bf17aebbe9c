import type { SyntaxNode } from '@lezer/common';
import { childrenOf, itemsOf } from '../../syntax';
import type { Argument, Expression } from '../ast';
import { around, type Lowering } from '../lowering';
import { comprehension } from './comprehension';

export function lowerCall(lower: Lowering, node: SyntaxNode): Expression {
  const [callee] = childrenOf(node);
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

export function argumentsOf(lower: Lowering, list: SyntaxNode): Argument[] {
  if (list.getChild('for') !== null) {
    const inside = childrenOf(list).slice(1, -1);
    if (inside.length === 0) return [];
    return [{ ...around(inside), value: comprehension(lower, inside, 'generator', around(inside)) }];
  }
  return itemsOf(list).flatMap((item): Argument[] => {
    const range = around(item);
    const [first, second, ...rest] = item;
    const mark = lower.text(first!);
    if (second !== undefined && (mark === '*' || mark === '**')) {
      const value: Expression = { ...range, kind: 'spread', value: lower.expression(second) };
      return [{ ...range, value, ...(mark === '**' ? { double: true } : {}) }];
    }
    if (second?.name === 'AssignOp' && first!.name === 'VariableName') {
      return rest.length === 0 ? [] : [{ ...range, name: mark, value: lower.expression(rest[0]!) }];
    }
    return [{ ...range, value: lower.expression(first!) }];
  });
}
