import { splitBy } from '../../syntax';
import type { Span, Target } from '../ast';
import { around, type Lowering, placeTarget, span } from '../lowering';
import { type CodeNode, itemsOf } from '../node';
import { lowerMember } from './members';

/** One target, or several between commas. */
export function targetsOf(lower: Lowering, nodes: readonly CodeNode[]): Target {
  if (nodes.length === 0) return { from: 0, to: 0, kind: 'other' };
  if (!nodes.some(({ name }) => name === ',')) return lower.target(nodes.at(-1)!);
  const items = splitBy(nodes, ',').filter((item) => item.length > 0);
  return sequence(lower, items, around(nodes));
}

function sequence(lower: Lowering, items: readonly (readonly CodeNode[])[], range: Span): Target {
  const rest = items.findIndex((item) => item.length > 1 && lower.text(item[0]!) === '*');
  return {
    ...span(range),
    kind: 'sequence',
    items: items.map((item) => lower.target(item.at(-1)!)),
    ...(rest < 0 ? {} : { rest }),
  };
}

export function lowerTarget(lower: Lowering, node: CodeNode): Target {
  const { from, to } = node;
  switch (node.name) {
    case 'VariableName':
      return { from, to, kind: 'name', name: lower.text(node) };
    case 'MemberExpression':
      return placeTarget(node, lowerMember(lower, node));
    case 'TupleExpression':
    case 'ArrayExpression':
      return sequence(lower, itemsOf(node), node);
    case 'ParenthesizedExpression': {
      const inner = node.children[1];
      return inner === undefined ? { from, to, kind: 'other' } : lower.target(inner);
    }
    default:
      return { from, to, kind: 'other' };
  }
}
