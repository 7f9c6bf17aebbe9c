import { numberOf } from '../../expressionTypes';
import { javascriptString } from '../../javascript/expression';
import type { Expression } from '../ast';
import type { Lowering } from '../lowering';
import { type CodeNode, itemsOf } from '../node';
import { lowerCall } from './calls';
import { entriesOf, itemOf } from './collections';
import { classCode, functionCode } from './definitions';
import { moduleOf } from './imports';
import { lowerMember } from './members';
import { partsOf } from './syntax';

/** What operators are called in a program, where that is not what is written. */
const operators: Readonly<Record<string, string>> = {
  '===': '==',
  '!==': '!=',
  '&&': 'and',
  '||': 'or',
};

const comparisons = /^(<|>|<=|>=|==|!=)$/;

export function lowerExpression(lower: Lowering, node: CodeNode): Expression {
  const { from, to } = node;
  const children = partsOf(node);
  switch (node.name) {
    case 'VariableName':
    case 'VariableDefinition':
      return { from, to, kind: 'name', name: lower.text(node) };
    case 'this':
      return { from, to, kind: 'this' };
    case 'super':
      return { from, to, kind: 'super' };
    case 'Number': {
      const value = numberOf(lower.text(node));
      return value === undefined ? lower.other(node) : { from, to, kind: 'constant', value };
    }
    case 'String': {
      const value = javascriptString(lower.document, node);
      return value === undefined ? lower.other(node) : { from, to, kind: 'constant', value };
    }
    case 'TemplateString':
      return template(lower, node);
    case 'BooleanLiteral':
      return { from, to, kind: 'constant', value: lower.text(node) === 'true' };
    case 'null':
      return { from, to, kind: 'constant', value: null };
    case 'ArrayExpression':
      return { from, to, kind: 'list', items: itemsOf(node).map((item) => itemOf(lower, item)) };
    case 'ObjectExpression':
      return { from, to, kind: 'dict', entries: entriesOf(lower, node) };
    case 'MemberExpression':
      return lowerMember(lower, node);
    case 'CallExpression':
    case 'NewExpression':
      return lowerCall(lower, node);
    case 'DynamicImport':
      return moduleOf(lower, node.getChild('String'), node);
    case 'FunctionExpression':
    case 'ArrowFunction':
      return { from, to, kind: 'function', function: functionCode(lower, node) };
    case 'ClassExpression':
      return { from, to, kind: 'class', class: classCode(lower, node) };
    case 'ParenthesizedExpression':
      return children[1] === undefined ? lower.other(node) : lower.expression(children[1]);
    case 'AwaitExpression':
    case 'PrefixCast':
      return children.at(-1) === undefined ? lower.other(node) : lower.expression(children.at(-1)!);
    case 'SequenceExpression':
      return sequence(lower, node, children);
    case 'InstantiationExpression':
      return children[0] === undefined ? lower.other(node) : lower.expression(children[0]);
    case 'PostfixExpression':
      return postfix(lower, node, children);
    case 'UnaryExpression':
      return unary(lower, node, children);
    case 'BinaryExpression':
      return binary(lower, node, children);
    case 'ConditionalExpression': {
      const [test, , consequence, , otherwise] = children;
      if (test === undefined || consequence === undefined || otherwise === undefined) return lower.other(node);
      return {
        from,
        to,
        kind: 'choice',
        test: lower.expression(test),
        consequence: lower.expression(consequence),
        otherwise: lower.expression(otherwise),
      };
    }
    case 'AssignmentExpression': {
      const [target, sign, value] = children;
      if (target === undefined || sign === undefined || value === undefined) return lower.other(node);
      const operator = lower.text(sign).replace(/=$/, '');
      return {
        from,
        to,
        kind: 'assignment',
        target: lower.target(target),
        value: lower.expression(value),
        ...(operator === '' ? {} : { operator: operators[operator] ?? operator }),
      };
    }
    default:
      return lower.other(node);
  }
}

/** `a, b` is its last; one with a sign for a comma is `[this.a, this.b] = f()`, in the form that the grammar knows. */
function sequence(lower: Lowering, node: CodeNode, children: readonly CodeNode[]): Expression {
  const last = children.at(-1);
  const sign = children.at(-2);
  const target = children.at(-3);
  if (last === undefined) return lower.other(node);
  if (target === undefined || sign === undefined || lower.text(sign) !== '=') return lower.expression(last);
  return {
    from: target.from,
    to: last.to,
    kind: 'assignment',
    target: lower.target(target),
    value: lower.expression(last),
  };
}

function template(lower: Lowering, node: CodeNode): Expression {
  const parts: (string | Expression)[] = [];
  let at = node.from + 1;
  for (const hole of node.getChildren('Interpolation')) {
    if (hole.from > at) parts.push(lower.text({ from: at, to: hole.from }));
    const inner = hole.children.find(({ name }) => !/^(InterpolationStart|InterpolationEnd|\$\{|\})$/.test(name));
    parts.push(inner === undefined ? lower.other(hole) : lower.expression(inner));
    at = hole.to;
  }
  if (node.to - 1 > at) parts.push(lower.text({ from: at, to: node.to - 1 }));
  return { from: node.from, to: node.to, kind: 'format', parts };
}

function unary(lower: Lowering, node: CodeNode, children: readonly CodeNode[]): Expression {
  const [sign, operand] = children;
  if (sign === undefined || operand === undefined) return lower.other(node);
  const operator = lower.text(sign);
  if (operator === '++' || operator === '--') return counted(lower, node, operand, operator);
  return { from: node.from, to: node.to, kind: 'unary', operator, operand: lower.expression(operand) };
}

function postfix(lower: Lowering, node: CodeNode, children: readonly CodeNode[]): Expression {
  const [operand, sign] = children;
  if (operand === undefined) return lower.other(node);
  const written = sign === undefined ? '' : lower.text(sign);
  return written === '++' || written === '--' ? counted(lower, node, operand, written) : lower.expression(operand);
}

/** `i++` as `i += 1`: what it gives itself is hardly ever used. */
function counted(lower: Lowering, node: CodeNode, operand: CodeNode, written: string): Expression {
  const one: Expression = { from: node.from, to: node.to, kind: 'constant', value: 1 };
  return {
    from: node.from,
    to: node.to,
    kind: 'assignment',
    target: lower.target(operand),
    operator: written === '++' ? '+' : '-',
    value: one,
  };
}

function binary(lower: Lowering, node: CodeNode, children: readonly CodeNode[]): Expression {
  const { from, to } = node;
  const [left, sign, right] = children;
  if (left === undefined || sign === undefined) return lower.other(node);
  // TypeScript's casts.
  if (sign.name === 'as' || sign.name === 'satisfies') return lower.expression(left);
  if (right === undefined) return lower.other(node);
  const written = lower.text(sign);
  const operator = operators[written] ?? written;
  const [a, b] = [lower.expression(left), lower.expression(right)];
  if (comparisons.test(operator)) return { from, to, kind: 'comparison', operators: [operator], operands: [a, b] };
  return { from, to, kind: 'binary', operator, left: a, right: b };
}
