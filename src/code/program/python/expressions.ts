import { numberOf } from '../../expressionTypes';
import { stringText } from '../../python/expression';
import { stringParts } from '../../strings';
import type { Expression, Span } from '../ast';
import type { Lowering } from '../lowering';
import { type CodeNode, itemsOf } from '../node';
import { lowerCall } from './calls';
import { entriesOf, itemOf } from './collections';
import { comprehension } from './comprehension';
import { lowerLambda } from './definitions';
import { chain, isChain } from './logic';
import { lowerMember } from './members';

export function lowerExpression(lower: Lowering, node: CodeNode): Expression {
  const { from, to } = node;
  switch (node.name) {
    case 'VariableName':
      return { from, to, kind: 'name', name: lower.text(node) };
    case 'Number': {
      const value = numberOf(lower.text(node));
      return value === undefined ? lower.other(node) : { from, to, kind: 'constant', value };
    }
    case 'String':
    case 'ContinuedString': {
      const value = stringText(lower.document.text, node, ({ children }) => children);
      return value === undefined ? lower.other(node) : { from, to, kind: 'constant', value };
    }
    case 'FormatString':
      return formatString(lower, node);
    case 'Boolean':
      return { from, to, kind: 'constant', value: lower.text(node) === 'True' };
    case 'None':
      return { from, to, kind: 'constant', value: null };
    case 'MemberExpression':
      return lowerMember(lower, node);
    case 'CallExpression':
      return lowerCall(lower, node);
    case 'ParenthesizedExpression':
    case 'AwaitExpression': {
      const inner = node.children.find(({ name }) => name !== '(' && name !== 'await');
      return inner === undefined || inner.name === ')' ? lower.other(node) : lower.expression(inner);
    }
    case 'NamedExpression': {
      const [target, , value] = node.children;
      if (target === undefined || value === undefined) return lower.other(node);
      return { from, to, kind: 'assignment', target: lower.target(target), value: lower.expression(value) };
    }
    case 'TupleExpression':
      return { from, to, kind: 'tuple', items: itemsOf(node).map((item) => itemOf(lower, item)) };
    case 'ArrayExpression':
      return { from, to, kind: 'list', items: itemsOf(node).map((item) => itemOf(lower, item)) };
    case 'SetExpression':
      return { from, to, kind: 'set', items: itemsOf(node).map((item) => itemOf(lower, item)) };
    case 'DictionaryExpression':
      return { from, to, kind: 'dict', entries: entriesOf(lower, node) };
    case 'ArrayComprehensionExpression':
      return comprehension(lower, node.children.slice(1, -1), 'list', { from, to });
    case 'SetComprehensionExpression':
      return comprehension(lower, node.children.slice(1, -1), 'set', { from, to });
    case 'DictionaryComprehensionExpression':
      return comprehension(lower, node.children.slice(1, -1), 'dict', { from, to });
    case 'ComprehensionExpression':
      return comprehension(lower, node.children.slice(1, -1), 'generator', { from, to });
    case 'LambdaExpression':
      return lowerLambda(lower, node);
    case 'ConditionalExpression': {
      const parts = node.children.filter(({ name }) => name !== 'if' && name !== 'else');
      const [consequence, test, otherwise] = parts;
      if (consequence === undefined || test === undefined || otherwise === undefined) return lower.other(node);
      return {
        from,
        to,
        kind: 'choice',
        test: lower.expression(test),
        consequence: lower.expression(consequence),
        otherwise: lower.expression(otherwise),
      };
    }
    case 'UnaryExpression': {
      if (isChain(lower, node)) return chain(lower, node);
      const [operator, operand] = node.children;
      if (operator === undefined || operand === undefined) return lower.other(node);
      return { from, to, kind: 'unary', operator: lower.text(operator), operand: lower.expression(operand) };
    }
    case 'BinaryExpression':
      return isChain(lower, node) ? chain(lower, node) : binary(lower, node);
    default:
      return lower.other(node);
  }
}

function formatString(lower: Lowering, node: CodeNode): Expression {
  const parts: (string | Expression)[] = [];
  const taken = stringParts(lower.document.text, node);
  if (taken === undefined) return lower.other(node);
  let at = taken.content.from;
  const piece = (to: number) => {
    if (to > at) parts.push(lower.text({ from: at, to }).replaceAll('{{', '{').replaceAll('}}', '}'));
  };
  for (const hole of node.getChildren('FormatReplacement')) {
    piece(hole.from);
    const inner = hole.children.find(({ name }) => name !== '{' && name !== '}');
    parts.push(inner === undefined ? lower.other(hole) : lower.expression(inner));
    at = hole.to;
  }
  piece(taken.content.to);
  return { from: node.from, to: node.to, kind: 'format', parts };
}

function binary(lower: Lowering, node: CodeNode): Expression {
  const { from, to } = node;
  const [left, ...rest] = node.children;
  const right = rest.at(-1);
  if (left === undefined || right === undefined || rest.length < 2) return lower.other(node);
  const operator = rest
    .slice(0, -1)
    .map((part) => lower.text(part))
    .join(' ');
  if (/^(<|>|<=|>=|==|!=|in|not in|is|is not)$/.test(operator))
    return compared(lower, left, operator, right, { from, to });
  return { from, to, kind: 'binary', operator, left: lower.expression(left), right: lower.expression(right) };
}

/** `a < b < c` is nested to the left in the tree, and one comparison in Python. */
function compared(lower: Lowering, left: CodeNode, operator: string, right: CodeNode, { from, to }: Span): Expression {
  const first = lower.expression(left);
  const last = lower.expression(right);
  if (first.kind === 'comparison' && left.name === 'BinaryExpression') {
    return {
      from,
      to,
      kind: 'comparison',
      operators: [...first.operators, operator],
      operands: [...first.operands, last],
    };
  }
  return { from, to, kind: 'comparison', operators: [operator], operands: [first, last] };
}
