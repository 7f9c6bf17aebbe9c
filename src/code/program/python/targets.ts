import type { SyntaxNode } from '@lezer/common';
import { childrenOf, itemsOf, splitBy } from '../../syntax';
import type { Span, Target } from '../ast';
import { around, type Lowering, placeTarget, span } from '../lowering';
import { lowerMember } from './members';

/** One target, or several between commas. */
export function targetsOf(lower: Lowering, nodes: readonly SyntaxNode[]): Target {
  const items = splitBy(nodes, ',').filter((item) => item.length > 0);
  if (nodes.length === 0) return { from: 0, to: 0, kind: 'other' };
  if (items.length === 1 && !nodes.some(({ name }) => name === ',')) {
    const item = items[0]!;
    return lower.target(item.at(-1)!);
  }
  return sequence(lower, items, around(nodes));
}

function sequence(lower: Lowering, items: readonly (readonly SyntaxNode[])[], range: Span): Target {
  const rest = items.findIndex((item) => item.length > 1 && lower.text(item[0]!) === '*');
  return {
    ...span(range),
    kind: 'sequence',
    items: items.map((item) => lower.target(item.at(-1)!)),
    ...(rest < 0 ? {} : { rest }),
  };
}

export function lowerTarget(lower: Lowering, node: SyntaxNode): Target {
  const here = span(node);
  switch (node.name) {
    case 'VariableName':
      return { ...here, kind: 'name', name: lower.text(node) };
    case 'MemberExpression':
      return placeTarget(here, lowerMember(lower, node));
    case 'TupleExpression':
    case 'ArrayExpression':
      return sequence(lower, itemsOf(node), node);
    case 'ParenthesizedExpression': {
      const inner = childrenOf(node)[1];
      return inner === undefined ? { ...here, kind: 'other' } : lower.target(inner);
    }
    default:
      return { ...here, kind: 'other' };
  }
}
