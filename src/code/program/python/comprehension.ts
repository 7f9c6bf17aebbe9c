import { splitBy } from '../../syntax';
import type { ComprehensionClause, Expression, Span } from '../ast';
import type { Lowering } from '../lowering';
import type { CodeNode } from '../node';
import { targetsOf } from './targets';

export function comprehension(
  lower: Lowering,
  nodes: readonly CodeNode[],
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
