import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from '../document';
import { constantOr, type Expression, numberOf, other, plain } from '../expressionTypes';
import { type Literal, stringValue } from '../strings';
import { childrenOf, textOf } from '../syntax';

/** A literal's text, also of several written one after another; undefined for an f-string with holes. */
export function stringText<N extends Literal>(
  text: string,
  node: N,
  partsOf: (node: N) => readonly N[],
): string | undefined {
  if (node.name === 'String') return stringValue(text, node);
  if (node.name === 'FormatString') {
    return node.getChild('FormatReplacement') === null ? stringValue(text, node) : undefined;
  }
  const parts = partsOf(node).map((part) =>
    part.name === 'ContinuedString' ? undefined : stringText(text, part, partsOf),
  );
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
}

export const pythonString = (document: ParsedDocument, node: SyntaxNode): string | undefined =>
  stringText(document.text, node, childrenOf);

function member(document: ParsedDocument, node: SyntaxNode): Expression {
  const object = node.firstChild;
  const property = node.lastChild;
  if (object === null || property === null) return other;
  if (property.name === 'PropertyName') {
    return { kind: 'member', object, name: textOf(document, property), property };
  }
  // The grammar takes the point of `1.` for the start of a member.
  if (object.name === 'Number' && document.text[node.to - 1] === '.') {
    return constantOr(numberOf(textOf(document, object)));
  }
  const [, open, index, close] = childrenOf(node);
  if (open?.name !== '[' || index === undefined) return other;
  return { kind: 'item', object, index: close?.name === ']' ? index : undefined };
}

function call(document: ParsedDocument, node: SyntaxNode): Expression {
  const callee = node.firstChild;
  if (callee === null) return other;
  if (callee.name === 'VariableName' && textOf(document, callee) === 'super') return { kind: 'instance' };
  return { kind: 'call', callee, list: node.getChild('ArgList') ?? undefined };
}

function binary(document: ParsedDocument, node: SyntaxNode): Expression {
  const [left, operator, right] = childrenOf(node);
  if (left === undefined || operator === undefined || right === undefined) return other;
  if (operator.name === 'or') return { kind: 'either', branches: [left, right] };
  return operator.name === 'ArithOp'
    ? { kind: 'operation', operator: textOf(document, operator), operands: [left, right] }
    : other;
}

function unary(document: ParsedDocument, node: SyntaxNode): Expression {
  const [operator, operand] = childrenOf(node);
  return operator?.name === 'ArithOp' && operand !== undefined
    ? { kind: 'operation', operator: textOf(document, operator), operands: [operand] }
    : other;
}

/** `a if condition else b`. */
function conditional(node: SyntaxNode): Expression {
  const [first, ...rest] = childrenOf(node);
  const last = rest.at(-1);
  return first !== undefined && last !== undefined && node.getChild('else') !== null
    ? { kind: 'choice', branches: [first, last] }
    : other;
}

const wrapped = (inner: SyntaxNode | undefined): Expression =>
  inner === undefined ? other : { kind: 'wrapped', inner };

export function pythonExpression(document: ParsedDocument, node: SyntaxNode): Expression {
  switch (node.name) {
    case 'VariableName':
      return { kind: 'name', name: textOf(document, node) };
    case 'MemberExpression':
      return member(document, node);
    case 'CallExpression':
      return call(document, node);
    case 'ParenthesizedExpression':
      return wrapped(childrenOf(node)[1]);
    case 'NamedExpression':
    case 'AwaitExpression':
      return wrapped(childrenOf(node).at(-1));
    case 'ConditionalExpression':
      return conditional(node);
    case 'BinaryExpression':
      return binary(document, node);
    case 'UnaryExpression':
      return unary(document, node);
    case 'Number':
      return constantOr(numberOf(textOf(document, node)), plain);
    case 'String':
    case 'FormatString':
    case 'ContinuedString':
      return constantOr(pythonString(document, node), plain);
    case 'Boolean':
      return constantOr(textOf(document, node) === 'True');
    case 'None':
      return constantOr(null);
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression':
    case 'DictionaryExpression':
    case 'ArrayComprehensionExpression':
    case 'SetComprehensionExpression':
    case 'DictionaryComprehensionExpression':
    case 'ComprehensionExpression':
      return { kind: 'collection' };
    case 'LambdaExpression':
      return plain;
    default:
      return other;
  }
}
