import type { SyntaxNode } from '@lezer/common';
import { itemsOf, splitBy } from '../../syntax';
import type { ComprehensionClause, DictEntry, Expression, Span } from '../ast';
import { around, type Lowering } from '../lowering';
import { targetsOf } from './targets';

/** Items between commas: of lists, tuples, sets and dicts, and of comprehensions. */

/** Nodes between commas: one expression, or a tuple without brackets. */
export function listed(lower: Lowering, nodes: readonly SyntaxNode[]): Expression {
  const items = splitBy(nodes, ',').filter((item) => item.length > 0);
  if (items.length === 0) return lower.other(nodes[0]!);
  if (items.length === 1 && !nodes.some(({ name }) => name === ',')) return itemOf(lower, items[0]!);
  return { ...around(nodes), kind: 'tuple', items: items.map((item) => itemOf(lower, item)) };
}

/** An item of a list: an expression, or one with a star. */
export function itemOf(lower: Lowering, nodes: readonly SyntaxNode[]): Expression {
  const [first, second] = nodes;
  if (second !== undefined && lower.text(first!) === '*') {
    return { ...around(nodes), kind: 'spread', value: lower.expression(second) };
  }
  return lower.expression(first!);
}

export function entriesOf(lower: Lowering, node: SyntaxNode): DictEntry[] {
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

export function comprehension(
  lower: Lowering,
  nodes: readonly SyntaxNode[],
  of: 'list' | 'set' | 'generator' | 'dict',
  here: Span,
): Expression {
  const start = nodes.findIndex(({ name }) => name === 'for' || name === 'async');
  const head = nodes.slice(0, Math.max(start, 0)).filter(({ name }) => name !== ':');
  const [first, second] = head;
  if (first === undefined || (of === 'dict' && second === undefined)) {
    return lower.other(here);
  }
  const clauses: ComprehensionClause[] = [];
  let rest = nodes.slice(start);
  while (rest.length > 0) {
    const from = rest.findIndex(({ name }) => name === 'for');
    const middle = rest.findIndex(({ name }) => name === 'in');
    if (from < 0 || middle < 0) break;
    const after = rest.slice(middle + 1);
    const next = after.findIndex(({ name }) => name === 'for' || name === 'async');
    const own = next < 0 ? after : after.slice(0, next);
    const [over, ...tests] = splitBy(
      own.map((node) => node),
      'if',
    );
    if (over === undefined || over.length === 0) break;
    clauses.push({
      target: targetsOf(lower, rest.slice(from + 1, middle)),
      over: lower.expression(over[0]!),
      tests: tests.flatMap((test) => (test.length === 0 ? [] : [lower.expression(test[0]!)])),
    });
    rest = next < 0 ? [] : after.slice(next);
  }
  if (clauses.length === 0) return lower.other(here);
  return {
    ...here,
    kind: 'comprehension',
    of,
    element: lower.expression(of === 'dict' ? second! : first),
    ...(of === 'dict' ? { key: lower.expression(first) } : {}),
    clauses,
  };
}
