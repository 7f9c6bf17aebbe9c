import type { ClassCode, Expression, FunctionCode, Parameter, Statement } from '../ast';
import { around, type Lowering, span } from '../lowering';
import { type CodeNode, itemsOf } from '../node';
import { argumentsOf } from './calls';
import { listed } from './collections';

/** Functions, lambdas and classes, with their decorators and parameters. */

export function decorated(lower: Lowering, node: CodeNode): Statement[] {
  const decorators = node.getChildren('Decorator').map((decorator) => decoratorOf(lower, decorator));
  const names = decorators.map((each) => (each.kind === 'name' ? each.name : each.kind === 'member' ? each.name : ''));
  const definition = node.getChild('FunctionDefinition');
  if (definition !== null) {
    const how = names.includes('staticmethod')
      ? ('static' as const)
      : names.includes('classmethod')
        ? ('class' as const)
        : names.some((name) => name === 'property' || name === 'cached_property')
          ? ('getter' as const)
          : undefined;
    const code = functionCode(lower, definition, decorators);
    return [{ ...span(node), kind: 'function', function: code, ...(how === undefined ? {} : { static: how }) }];
  }
  const type = node.getChild('ClassDefinition');
  return type === null ? [] : [{ ...span(node), kind: 'class', class: classCode(lower, type, decorators) }];
}

/** `@a.b`, `@a.b(c)`: the grammar lists the parts without nesting them. */
function decoratorOf(lower: Lowering, node: CodeNode): Expression {
  let found: Expression | undefined;
  for (const child of node.children) {
    if (child.name === 'At' || child.name === '@' || child.name === '.') continue;
    if (child.name === 'VariableName' || child.name === 'PropertyName') {
      const name = lower.text(child);
      found =
        found === undefined
          ? { ...span(child), kind: 'name', name }
          : { from: found.from, to: child.to, kind: 'member', object: found, name, property: span(child) };
    } else if (child.name === 'ArgList' && found !== undefined) {
      const callee: Expression = found;
      found = {
        from: callee.from,
        to: child.to,
        kind: 'call',
        callee,
        arguments: argumentsOf(lower, child),
        construct: false,
      };
    } else found ??= lower.expression(child);
  }
  return found ?? lower.other(node);
}

export function functionCode(lower: Lowering, node: CodeNode, decorators: readonly Expression[]): FunctionCode {
  const name = node.getChild('VariableName');
  const body = node.getChild('Body');
  return {
    from: node.from,
    to: node.to,
    name: name === null ? undefined : lower.text(name),
    ...(name === null ? {} : { nameSpan: span(name) }),
    parameters: parametersOf(lower, node.getChild('ParamList')),
    body: lower.body(body),
    decorators,
    arrow: false,
    generator: body !== null && yields(lower, body),
  };
}

function yields(lower: Lowering, body: CodeNode): boolean {
  if (!/\byield\b/.test(lower.text(body))) return false;
  const open = [body];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.name === 'YieldExpression' || node.name === 'YieldStatement') return true;
    if (node.name !== 'FunctionDefinition' && node.name !== 'LambdaExpression') open.push(...node.children);
  }
  return false;
}

function parametersOf(lower: Lowering, list: CodeNode | null): Parameter[] {
  if (list === null) return [];
  const parameters: Parameter[] = [];
  let keywordOnly = false;
  for (const item of itemsOf(list)) {
    const [first] = item;
    const star = lower.text(first!);
    const name = item.find((node) => node.name === 'VariableName');
    if (name === undefined) {
      if (star === '*') keywordOnly = true;
      continue;
    }
    const assign = item.findIndex((node) => node.name === 'AssignOp');
    const annotation = item.find((node) => node.name === 'TypeDef');
    const value = assign < 0 ? [] : item.slice(assign + 1);
    const rest = star === '*' ? ('positional' as const) : star === '**' ? ('keywords' as const) : undefined;
    parameters.push({
      ...around(item),
      target: { ...span(name), kind: 'name', name: lower.text(name) },
      ...(value.length > 0 ? { default: listed(lower, value) } : {}),
      ...(rest === undefined ? {} : { rest }),
      ...(keywordOnly && rest === undefined ? { keywordOnly: true } : {}),
      ...(annotation === undefined ? {} : { annotation: lower.text(annotation).replace(/^:\s*/, '') }),
    });
    if (rest === 'positional') keywordOnly = true;
  }
  return parameters;
}

export function lowerLambda(lower: Lowering, node: CodeNode): Expression {
  const body = node.children.at(-1);
  if (body === undefined || body.name === ':' || body.name === 'ParamList') return lower.other(node);
  return {
    ...span(node),
    kind: 'function',
    function: {
      ...span(node),
      name: undefined,
      parameters: parametersOf(lower, node.getChild('ParamList')),
      body: [{ ...span(body), kind: 'return', value: lower.expression(body) }],
      decorators: [],
      arrow: false,
      generator: false,
    },
  };
}

export function classCode(lower: Lowering, node: CodeNode, decorators: readonly Expression[]): ClassCode {
  const name = node.getChild('VariableName');
  const list = node.getChild('ArgList');
  return {
    from: node.from,
    to: node.to,
    name: name === null ? undefined : lower.text(name),
    ...(name === null ? {} : { nameSpan: span(name) }),
    bases: list === null ? [] : argumentsOf(lower, list),
    decorators,
    body: lower.body(node.getChild('Body')),
  };
}
