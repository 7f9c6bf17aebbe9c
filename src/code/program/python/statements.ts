import { splitBy } from '../../syntax';
import type { ImportBinding, Statement } from '../ast';
import { type Lowering, span } from '../lowering';
import type { CodeNode } from '../node';
import { listed } from './collections';
import { forStatement, ifStatement, matchStatement, tryStatement, withStatement } from './compound';
import { classCode, decorated, functionCode } from './definitions';
import { targetsOf } from './targets';

export function statementsIn(lower: Lowering, block: CodeNode): Statement[] {
  const statements: Statement[] = [];
  for (const child of block.children) if (child.name !== ':') statements.push(...lower.statement(child));
  return statements;
}

export function lowerStatement(lower: Lowering, node: CodeNode): Statement[] {
  const { from, to } = node;
  switch (node.name) {
    case 'StatementGroup':
      return node.children.flatMap((child) => lower.statement(child));
    case 'ExpressionStatement': {
      const children = node.children;
      return children.length === 0 ? [] : [{ from, to, kind: 'expression', value: listed(lower, children) }];
    }
    case 'AssignStatement':
      return assignment(lower, node);
    case 'UpdateStatement': {
      const [target, operator, ...value] = node.children;
      if (target === undefined || operator === undefined || value.length === 0) return [];
      return [
        {
          from,
          to,
          kind: 'assign',
          targets: [lower.target(target)],
          operator: lower.text(operator).replace(/=$/, ''),
          value: listed(lower, value),
        },
      ];
    }
    case 'ImportStatement':
      return [importStatement(lower, node)];
    case 'FunctionDefinition':
      return [{ from, to, kind: 'function', function: functionCode(lower, node, []) }];
    case 'ClassDefinition':
      return [{ from, to, kind: 'class', class: classCode(lower, node, []) }];
    case 'DecoratedStatement':
      return decorated(lower, node);
    case 'IfStatement':
      return ifStatement(lower, node.children, { from, to });
    case 'ForStatement':
      return [forStatement(lower, node)];
    case 'WhileStatement': {
      const [, test] = node.children;
      const [body] = node.getChildren('Body');
      return [
        {
          from,
          to,
          kind: 'while',
          before: [],
          test: test === undefined || test.name === 'Body' ? undefined : lower.expression(test),
          update: [],
          body: lower.body(body),
        },
      ];
    }
    case 'WithStatement':
      return [withStatement(lower, node)];
    case 'TryStatement':
      return [tryStatement(lower, node)];
    case 'MatchStatement':
      return matchStatement(lower, node);
    case 'ReturnStatement': {
      const value = node.children.slice(1);
      return [{ from, to, kind: 'return', ...(value.length === 0 ? {} : { value: listed(lower, value) }) }];
    }
    case 'RaiseStatement':
      return [{ from, to, kind: 'raise' }];
    case 'BreakStatement':
      return [{ from, to, kind: 'break' }];
    case 'ContinueStatement':
      return [{ from, to, kind: 'continue' }];
    case 'PassStatement':
    case 'AssertStatement':
    case 'TypeDefinition':
      return [];
    case 'DeleteStatement':
      return [
        {
          from,
          to,
          kind: 'delete',
          targets: node.children
            .slice(1)
            .filter(({ name }) => name !== ',')
            .map((child) => lower.target(child)),
        },
      ];
    case 'ScopeStatement':
      return [
        {
          from,
          to,
          kind: 'global',
          names: node.getChildren('VariableName').map((name) => lower.text(name)),
          nonlocal: node.getChild('nonlocal') !== null,
        },
      ];
    default:
      return /^[a-z;:,]/.test(node.name) ? [] : [{ from, to, kind: 'expression', value: lower.expression(node) }];
  }
}

function assignment(lower: Lowering, node: CodeNode): Statement[] {
  const { from, to, children } = node;
  const annotation = children.find((child) => child.name === 'TypeDef');
  const rest = annotation === undefined ? children : children.filter((child) => child !== annotation);
  const groups = splitBy(rest, 'AssignOp').filter((group) => group.length > 0);
  // An operator with nothing on either side.
  if (groups.length === 0) return [];
  if (groups.length === 1) {
    const [name] = groups[0]!;
    if (annotation === undefined || name?.name !== 'VariableName') return [];
    const written = lower.text(annotation).replace(/^:\s*/, '');
    return [{ from, to, kind: 'declare', name: lower.text(name), annotation: written }];
  }
  const value = groups.pop()!;
  return [
    { from, to, kind: 'assign', targets: groups.map((group) => targetsOf(lower, group)), value: listed(lower, value) },
  ];
}

function importStatement(lower: Lowering, node: CodeNode): Statement {
  const children = node.children.filter(({ name }) => name !== '(' && name !== ')');
  const keyword = children.findIndex(({ name }) => name === 'import');
  const from = children[0]?.name === 'from' ? children.slice(1, Math.max(1, keyword)) : undefined;
  const dotted = (nodes: readonly CodeNode[]): string =>
    nodes
      .filter(({ name }) => name === 'VariableName')
      .map((name) => lower.text(name))
      .join('.');
  const module = from === undefined ? '' : from[0]?.name === 'VariableName' ? dotted(from) : undefined;
  let star: string | undefined;
  const bindings: ImportBinding[] = [];
  for (const item of splitBy(children.slice(keyword + 1), ',')) {
    const alias = item.findIndex(({ name }) => name === 'as');
    const names = alias < 0 ? item : item.slice(0, alias);
    const target = alias < 0 ? names[0] : item[alias + 1];
    if (target === undefined) continue;
    if (target.name === '*') star = module;
    if (target.name !== 'VariableName') continue;
    const path =
      module === undefined
        ? undefined
        : module !== ''
          ? `${module}.${dotted(names)}`
          : alias >= 0
            ? dotted(names)
            : dotted(names.slice(0, 1));
    bindings.push({ ...span(target), name: lower.text(target), path });
  }
  return { ...span(node), kind: 'import', bindings, ...(star === undefined ? {} : { star }) };
}
