import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from '../document';
import { constantOr, type Expression, numberOf, other, plain } from '../expressionTypes';
import { type Literal, stringValue } from '../strings';
import { childrenOf, textOf } from '../syntax';
import { pathOfModule } from './modules';

/** A literal's text; undefined for a template with holes. */
export const javascriptString = (document: ParsedDocument, node: Literal): string | undefined =>
  node.getChild('Interpolation') === null ? stringValue(document.text, node) : undefined;

const wrapped = (inner: SyntaxNode | undefined | null): Expression =>
  inner === undefined || inner === null ? other : { kind: 'wrapped', inner };

/** `x.relu`, `x?.relu`, `x['relu']`. */
function member(document: ParsedDocument, node: SyntaxNode): Expression {
  const children = childrenOf(node);
  const object = children[0];
  const last = children.at(-1);
  if (object === undefined || last === undefined || children.length < 3) return other;
  if (last.name === 'PropertyName' || last.name === 'PrivatePropertyName') {
    return { kind: 'member', object, name: textOf(document, last), property: last };
  }
  const index = children.at(-2);
  const name = index?.name === 'String' ? javascriptString(document, index) : undefined;
  if (index !== undefined && name !== undefined) return { kind: 'member', object, name, property: index };
  return last.name === ']' ? { kind: 'item', object, index: children.at(-3)?.name === '[' ? index : undefined } : other;
}

function moduleOf(document: ParsedDocument, specifier: SyntaxNode | null | undefined): Expression | undefined {
  const text = specifier?.name === 'String' ? javascriptString(document, specifier) : undefined;
  return text === undefined ? undefined : { kind: 'module', path: pathOfModule(text) };
}

function call(document: ParsedDocument, node: SyntaxNode): Expression {
  const children = childrenOf(node);
  const callee = children[0]?.name === 'new' ? children[1] : children[0];
  if (callee === undefined || callee.name === 'ArgList') return other;
  const list = node.getChild('ArgList') ?? undefined;
  if (callee.name === 'VariableName' && textOf(document, callee) === 'require') {
    return moduleOf(document, list?.getChild('String')) ?? other;
  }
  return callee.name === 'super' ? { kind: 'instance' } : { kind: 'call', callee, list };
}

/** Arithmetic, `a ?? b`, and TypeScript's `a as T`, which the grammar has among them. */
function binary(document: ParsedDocument, node: SyntaxNode): Expression {
  const [left, operator, right] = childrenOf(node);
  if (left === undefined || operator === undefined || right === undefined) return other;
  if (operator.name === 'as' || operator.name === 'satisfies') return wrapped(left);
  const symbol = textOf(document, operator);
  if (symbol === '||' || symbol === '??') return { kind: 'either', branches: [left, right] };
  return operator.name === 'ArithOp' ? { kind: 'operation', operator: symbol, operands: [left, right] } : other;
}

function unary(document: ParsedDocument, node: SyntaxNode): Expression {
  const [operator, operand] = childrenOf(node);
  return operator?.name === 'ArithOp' && operand !== undefined
    ? { kind: 'operation', operator: textOf(document, operator), operands: [operand] }
    : other;
}

function conditional(node: SyntaxNode): Expression {
  const [, , first, , second] = childrenOf(node);
  return first !== undefined && second !== undefined ? { kind: 'choice', branches: [first, second] } : other;
}

export function javascriptExpression(document: ParsedDocument, node: SyntaxNode): Expression {
  switch (node.name) {
    case 'VariableName':
    case 'VariableDefinition':
    // Shorthand: the `alpha` of `{alpha}`.
    case 'PropertyDefinition':
      return { kind: 'name', name: textOf(document, node) };
    case 'this':
    case 'super':
      return { kind: 'instance' };
    case 'MemberExpression':
      return member(document, node);
    case 'CallExpression':
    case 'NewExpression':
      return call(document, node);
    case 'DynamicImport':
      return moduleOf(document, node.getChild('String')) ?? other;
    case 'ParenthesizedExpression':
      return wrapped(childrenOf(node)[1]);
    case 'AwaitExpression':
    case 'PrefixCast':
    case 'SequenceExpression':
      return wrapped(childrenOf(node).at(-1));
    case 'InstantiationExpression':
      return wrapped(node.firstChild);
    case 'PostfixExpression':
      return document.text[node.to - 1] === '!' ? wrapped(node.firstChild) : other;
    case 'ConditionalExpression':
      return conditional(node);
    case 'BinaryExpression':
      return binary(document, node);
    case 'UnaryExpression':
      return unary(document, node);
    case 'Number':
      return constantOr(numberOf(textOf(document, node)));
    case 'String':
    case 'TemplateString':
    case 'JSXAttributeValue':
      return constantOr(javascriptString(document, node), plain);
    case 'BooleanLiteral':
      return constantOr(textOf(document, node) === 'true');
    case 'null':
      return constantOr(null);
    case 'ArrayExpression':
    case 'ObjectExpression':
      return { kind: 'collection' };
    case 'ArrowFunction':
    case 'FunctionExpression':
    case 'RegExp':
      return plain;
    default:
      return other;
  }
}
