import type { Statement } from '../ast';
import { type Lowering, span } from '../lowering';
import type { CodeNode } from '../node';
import { statementsOf } from './blocks';
import { forStatement, ifStatement, switchStatement } from './compound';
import { classCode, functionCode } from './definitions';
import { importDeclaration } from './imports';
import { partsOf } from './syntax';
import { variables } from './variables';

export function lowerStatement(lower: Lowering, node: CodeNode): Statement[] {
  const here = span(node);
  switch (node.name) {
    case 'ExpressionStatement': {
      const [value] = node.children;
      return value === undefined ? [] : [{ ...here, kind: 'expression', value: lower.expression(value) }];
    }
    case 'VariableDeclaration':
      return variables(lower, node);
    case 'FunctionDeclaration':
      return [{ ...here, kind: 'function', function: functionCode(lower, node) }];
    case 'ClassDeclaration':
      return [{ ...here, kind: 'class', class: classCode(lower, node) }];
    case 'ImportDeclaration':
      return importDeclaration(lower, node);
    case 'ExportDeclaration':
      return exportDeclaration(lower, node);
    case 'Block':
      return [{ ...here, kind: 'block', body: statementsOf(lower, node.children) }];
    case 'IfStatement':
      return ifStatement(lower, node);
    case 'ForStatement':
      return forStatement(lower, node);
    case 'WhileStatement':
    case 'DoStatement': {
      const test = node.getChild('ParenthesizedExpression');
      const body = partsOf(node).find(({ name }) => !['while', 'do', 'ParenthesizedExpression'].includes(name));
      return [
        {
          ...here,
          kind: 'while',
          before: [],
          test: test === null ? undefined : lower.expression(test),
          update: [],
          body: lower.body(body),
        },
      ];
    }
    case 'TryStatement': {
      const handler = node.getChild('CatchClause')?.getChild('Block');
      return [
        {
          ...here,
          kind: 'try',
          body: lower.body(node.getChild('Block')),
          handlers: handler === null || handler === undefined ? [] : [lower.body(handler)],
          otherwise: [],
          finally: lower.body(node.getChild('FinallyClause')?.getChild('Block')),
        },
      ];
    }
    case 'SwitchStatement':
      return switchStatement(lower, node);
    case 'ReturnStatement': {
      const value = partsOf(node)[1];
      const empty = value === undefined || value.name === ';';
      return [{ ...here, kind: 'return', ...(empty ? {} : { value: lower.expression(value) }) }];
    }
    case 'ThrowStatement':
      return [{ ...here, kind: 'raise' }];
    case 'BreakStatement':
      return [{ ...here, kind: 'break' }];
    case 'ContinueStatement':
      return [{ ...here, kind: 'continue' }];
    case 'LabeledStatement':
      return lower.body(node.children.at(-1));
    default:
      return [];
  }
}

function exportDeclaration(lower: Lowering, node: CodeNode): Statement[] {
  const inner = partsOf(node).find(({ name }) => /Declaration$/.test(name));
  if (inner !== undefined) return lower.statement(inner);
  const value = partsOf(node).find(({ name }) => /Expression$|Function$/.test(name));
  return value === undefined ? [] : [{ ...span(node), kind: 'expression', value: lower.expression(value) }];
}
