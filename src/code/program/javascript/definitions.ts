import { splitBy } from '../../syntax';
import type { ClassCode, FunctionCode, Parameter, Statement, Target } from '../ast';
import { type Lowering, span } from '../lowering';
import type { CodeNode } from '../node';
import { partsOf, patterns } from './syntax';

/** Functions and classes, with their parameters and fields. */

export function functionCode(lower: Lowering, node: CodeNode, method = false): FunctionCode {
  const name = method
    ? (node.getChild('PropertyDefinition') ?? node.getChild('PrivatePropertyDefinition'))
    : node.getChild('VariableDefinition');
  const body = node.getChild('Block');
  const arrow = node.name === 'ArrowFunction';
  const value = arrow && body === null ? partsOf(node).at(-1) : undefined;
  const list = node.getChild('ParamList');
  const own = method && name !== null && lower.text(name) === 'constructor' ? parameterProperties(lower, list) : [];
  return {
    ...span(node),
    name: name === null || arrow ? undefined : lower.text(name),
    ...(name === null || arrow ? {} : { nameSpan: span(name) }),
    parameters: list === null ? [] : parametersOf(lower, list),
    body:
      value === undefined || value.name === 'Arrow'
        ? [...own, ...lower.body(body)]
        : [{ ...span(value), kind: 'return', value: lower.expression(value) }],
    decorators: [],
    arrow,
    generator: node.getChild('Star') !== null,
  };
}

/** TypeScript's `constructor(private units: number)` is `this.units = units` as well. */
function parameterProperties(lower: Lowering, list: CodeNode | null): Statement[] {
  const nodes = list === null ? [] : partsOf(list).filter(({ name }) => name !== '(' && name !== ')');
  return splitBy(nodes, ',').flatMap((item): Statement[] => {
    const pattern = item.find(({ name }) => name === 'VariableDefinition');
    const marked = item.some((part) => part.name === 'Privacy' || part.name === 'readonly');
    if (pattern === undefined || !marked) return [];
    const here = span(pattern);
    const name = lower.text(pattern);
    return [
      {
        ...here,
        kind: 'assign',
        targets: [{ ...here, kind: 'member', object: { ...here, kind: 'this' }, name }],
        value: { ...here, kind: 'name', name },
      },
    ];
  });
}

function parametersOf(lower: Lowering, list: CodeNode): Parameter[] {
  const nodes = partsOf(list).filter(({ name }) => name !== '(' && name !== ')');
  // A single parameter of an arrow stands without brackets.
  return splitBy(nodes, ',').flatMap((item): Parameter[] => {
    const pattern = item.find(({ name }) => patterns.has(name));
    if (pattern === undefined) return [];
    const equals = item.findIndex(({ name }) => name === 'Equals');
    const value = equals < 0 ? undefined : item[equals + 1];
    const rest = item.some(({ name }) => name === 'Spread');
    return [
      {
        from: item[0]!.from,
        to: item.at(-1)!.to,
        target: lower.target(pattern),
        ...(value === undefined ? {} : { default: lower.expression(value) }),
        ...(rest ? { rest: 'positional' as const } : {}),
      },
    ];
  });
}

export function classCode(lower: Lowering, node: CodeNode): ClassCode {
  const name = node.getChild('VariableDefinition');
  const children = partsOf(node);
  const extend = children.findIndex((child) => child.name === 'extends');
  const base = extend < 0 ? undefined : children[extend + 1];
  const body: Statement[] = [];
  for (const member of (node.getChild('ClassBody') ?? node).children) {
    if (member.name === 'MethodDeclaration') {
      const how =
        member.getChild('static') !== null
          ? ('static' as const)
          : member.getChild('get') !== null
            ? ('getter' as const)
            : undefined;
      const code = functionCode(lower, member, true);
      body.push({
        ...span(member),
        kind: 'function',
        function: code,
        ...(how === undefined ? {} : { static: how }),
      });
    } else if (member.name === 'PropertyDeclaration') body.push(...field(lower, member));
  }
  return {
    ...span(node),
    name: name === null ? undefined : lower.text(name),
    ...(name === null ? {} : { nameSpan: span(name) }),
    bases: base === undefined || base.name === 'ClassBody' ? [] : [{ ...span(base), value: lower.expression(base) }],
    decorators: [],
    body,
  };
}

function field(lower: Lowering, member: CodeNode): Statement[] {
  const children = partsOf(member);
  const name = children.find(({ name: kind }) => /^(Private)?PropertyDefinition$/.test(kind));
  const equals = children.findIndex((child) => child.name === 'Equals');
  const value = equals < 0 ? undefined : children[equals + 1];
  if (name === undefined) return [];
  const own = lower.text(name);
  if (value === undefined) return [{ ...span(member), kind: 'declare', name: own }];
  const target: Target = { ...span(name), kind: 'name', name: own };
  return [{ ...span(member), kind: 'assign', targets: [target], value: lower.expression(value) }];
}
