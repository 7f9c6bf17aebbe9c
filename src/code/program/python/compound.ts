import { splitBy } from '../../syntax';
import type { Expression, Span, Statement } from '../ast';
import { type Lowering, span } from '../lowering';
import type { CodeNode } from '../node';
import { listed } from './collections';
import { targetsOf } from './targets';

/** Statements with blocks of their own. */

/** `if a: … elif b: … else: …`, from its children on. */
export function ifStatement(lower: Lowering, children: readonly CodeNode[], here: Span): Statement[] {
  const [, test, ...rest] = children;
  const body = rest.findIndex(({ name }) => name === 'Body');
  if (test === undefined || test.name === 'Body') return [];
  const after = body < 0 ? [] : rest.slice(body + 1);
  const [next] = after;
  const otherwise =
    next?.name === 'elif'
      ? lower.deeper(
          () => ifStatement(lower, after, { from: next.from, to: here.to }),
          () => [],
        )
      : next?.name === 'else'
        ? lower.body(after.find(({ name }) => name === 'Body'))
        : [];
  return [{ ...here, kind: 'if', test: lower.expression(test), consequence: lower.body(rest[body]), otherwise }];
}

export function forStatement(lower: Lowering, node: CodeNode): Statement {
  const children = node.children;
  const start = children.findIndex(({ name }) => name === 'for');
  const middle = children.findIndex(({ name }) => name === 'in');
  const end = children.findIndex(({ name }) => name === 'Body');
  const [body, otherwise] = node.getChildren('Body');
  const over = middle < 0 ? [] : children.slice(middle + 1, end < 0 ? undefined : end);
  return {
    ...span(node),
    kind: 'for',
    target: targetsOf(lower, children.slice(start + 1, Math.max(start + 1, middle))),
    over: over.length === 0 ? lower.other(node) : listed(lower, over),
    body: lower.body(body),
    otherwise: lower.body(otherwise),
  };
}

export function withStatement(lower: Lowering, node: CodeNode): Statement {
  const children = node.children.filter(({ name }) => name !== 'async' && name !== 'with');
  const body = children.findIndex(({ name }) => name === 'Body');
  const items = splitBy(children.slice(0, body < 0 ? undefined : body), ',').flatMap((item) => {
    const as = item.findIndex(({ name }) => name === 'as');
    const [value] = item;
    if (value === undefined) return [];
    const target = as < 0 ? undefined : item[as + 1];
    return [{ value: lower.expression(value), ...(target === undefined ? {} : { target: lower.target(target) }) }];
  });
  return { ...span(node), kind: 'with', items, body: lower.body(children[body]) };
}

export function tryStatement(lower: Lowering, node: CodeNode): Statement {
  const parts = {
    body: [] as Statement[],
    handlers: [] as Statement[][],
    otherwise: [] as Statement[],
    last: [] as Statement[],
  };
  let keyword = 'try';
  for (const child of node.children) {
    if (['try', 'except', 'else', 'finally'].includes(child.name)) keyword = child.name;
    if (child.name !== 'Body') continue;
    const body = lower.body(child);
    if (keyword === 'try') parts.body = body;
    else if (keyword === 'except') parts.handlers.push(body);
    else if (keyword === 'else') parts.otherwise = body;
    else parts.last = body;
  }
  const { body, handlers, otherwise } = parts;
  return { ...span(node), kind: 'try', body, handlers, otherwise, finally: parts.last };
}

/** `match x:` becomes a chain of comparisons where its patterns are constants, and branches that nobody knows else. */
export function matchStatement(lower: Lowering, node: CodeNode): Statement[] {
  const subject = node.children[1];
  const clauses = node.getChild('MatchBody')?.getChildren('MatchClause') ?? [];
  if (subject === undefined) return [];
  const value = lower.expression(subject);
  return clauses.toReversed().reduce<Statement[]>((otherwise, clause) => {
    const [, pattern] = clause.children;
    const consequence = lower.body(clause.getChild('Body'));
    const written = pattern === undefined ? '' : lower.text(pattern);
    if (written === '_') return consequence;
    const literal = pattern?.name === 'LiteralPattern' ? pattern.children[0] : undefined;
    const test: Expression =
      literal === undefined
        ? lower.other(pattern ?? clause)
        : { ...span(clause), kind: 'comparison', operators: ['=='], operands: [value, lower.expression(literal)] };
    return [{ ...span(clause), kind: 'if', test, consequence, otherwise }];
  }, []);
}
