import type { Expression, Target } from '../ast';
import { type Lowering, placeTarget, span } from '../lowering';
import { type CodeNode, itemsOf } from '../node';
import { lowerMember } from './members';
import { partsOf, patterns } from './syntax';

/** What an array may be unpacked into, beside new names. */
const places: ReadonlySet<string> = new Set(['VariableName', 'MemberExpression', 'ArrayExpression']);

export function lowerTarget(lower: Lowering, node: CodeNode): Target {
  const here = span(node);
  switch (node.name) {
    case 'VariableDefinition':
    case 'VariableName':
      return { ...here, kind: 'name', name: lower.text(node) };
    case 'MemberExpression':
      return placeTarget(here, lowerMember(lower, node));
    case 'ArrayPattern':
    case 'ArrayExpression': {
      const items = itemsOf(node);
      const rest = items.findIndex((item) => item[0]!.name === 'Spread');
      return {
        ...here,
        kind: 'sequence',
        items: items.map((item) => {
          const pattern = item.find(({ name }) => patterns.has(name) || places.has(name));
          return pattern === undefined ? { ...span(item[0]!), kind: 'other' } : lower.target(pattern);
        }),
        ...(rest < 0 ? {} : { rest }),
      };
    }
    case 'ObjectPattern':
      return objectPattern(lower, node);
    case 'ParenthesizedExpression': {
      const inner = node.children[1];
      return inner === undefined ? { ...here, kind: 'other' } : lower.target(inner);
    }
    default:
      return { ...here, kind: 'other' };
  }
}

function objectPattern(lower: Lowering, node: CodeNode): Target {
  const properties: { name: string; target: Target; default?: Expression }[] = [];
  let rest: Target | undefined;
  for (const property of node.getChildren('PatternProperty')) {
    const children = partsOf(property);
    const pattern = children.findLast(({ name }) => patterns.has(name));
    if (pattern === undefined) continue;
    if (children[0]?.name === 'Spread') {
      rest = lower.target(pattern);
      continue;
    }
    const equals = children.findIndex(({ name }) => name === 'Equals');
    const value = equals < 0 ? undefined : children[equals + 1];
    const [key] = children;
    properties.push({
      name: key === undefined ? '' : lower.text(key),
      target: lower.target(pattern),
      ...(value === undefined ? {} : { default: lower.expression(value) }),
    });
  }
  return { ...span(node), kind: 'object', properties, ...(rest === undefined ? {} : { rest }) };
}
