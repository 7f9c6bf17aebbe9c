import { splitBy } from '../../syntax';
import type { DictEntry, Expression } from '../ast';
import { around, type Lowering } from '../lowering';
import { type CodeNode, itemsOf } from '../node';

/** Items between commas: of lists, tuples, sets and dicts. */

/** Nodes between commas: one expression, or a tuple without brackets. */
export function listed(lower: Lowering, nodes: readonly CodeNode[]): Expression {
  if (!nodes.some(({ name }) => name === ',')) return itemOf(lower, nodes);
  const items = splitBy(nodes, ',').filter((item) => item.length > 0);
  if (items.length === 0) return lower.other(nodes[0]!);
  return { ...around(nodes), kind: 'tuple', items: items.map((item) => itemOf(lower, item)) };
}

/** An item of a list: an expression, or one with a star. */
export function itemOf(lower: Lowering, nodes: readonly CodeNode[]): Expression {
  const [first, second] = nodes;
  if (second !== undefined && lower.text(first!) === '*') {
    return { ...around(nodes), kind: 'spread', value: lower.expression(second) };
  }
  return lower.expression(first!);
}

export function entriesOf(lower: Lowering, node: CodeNode): DictEntry[] {
  return itemsOf(node).flatMap((item): DictEntry[] => {
    const range = around(item);
    const colon = item.findIndex(({ name }) => name === ':');
    const [first, second] = item;
    if (colon < 0) {
      return second !== undefined && lower.text(first!) === '**' ? [{ ...range, value: lower.expression(second) }] : [];
    }
    const value = item[colon + 1];
    return value === undefined || colon === 0
      ? []
      : [{ ...range, key: lower.expression(first!), value: lower.expression(value) }];
  });
}
