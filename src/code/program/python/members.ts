import { numberOf } from '../../expressionTypes';
import { splitBy } from '../../syntax';
import type { Expression } from '../ast';
import { around, type Lowering, span } from '../lowering';
import type { CodeNode } from '../node';
import { itemOf } from './collections';

/** `a.b`, `a[i]`, `a[1:3, 0]` */

export function lowerMember(lower: Lowering, node: CodeNode): Expression {
  const { from, to } = node;
  const children = node.children;
  const [object, sign] = children;
  if (object === undefined || sign === undefined) return lower.other(node);
  if (sign.name === '[') {
    const inside = children.slice(2).filter(({ name }) => name !== ']');
    if (inside.length === 0) return lower.other(node);
    return { from, to, kind: 'index', object: lower.expression(object), index: subscript(lower, inside) };
  }
  const property = children.at(-1)!;
  if (property.name !== 'PropertyName') {
    // The grammar takes the point of `1.` for the start of a member.
    const value = object.name === 'Number' ? numberOf(lower.text(object)) : undefined;
    return value === undefined ? lower.other(node) : { from, to, kind: 'constant', value };
  }
  return {
    from,
    to,
    kind: 'member',
    object: lower.expression(object),
    name: lower.text(property),
    property: span(property),
  };
}

function subscript(lower: Lowering, nodes: readonly CodeNode[]): Expression {
  const items = splitBy(nodes, ',').filter((item) => item.length > 0);
  const one = (item: readonly CodeNode[]): Expression => {
    if (!item.some(({ name }) => name === ':')) return itemOf(lower, item);
    const [start, stop, step] = splitBy(item, ':').map((part) =>
      part.length === 0 ? undefined : lower.expression(part[0]!),
    );
    return {
      ...around(item),
      kind: 'slice',
      ...(start === undefined ? {} : { start }),
      ...(stop === undefined ? {} : { stop }),
      ...(step === undefined ? {} : { step }),
    };
  };
  if (items.length === 1 && !nodes.some(({ name }) => name === ',')) return one(items[0]!);
  return { ...around(nodes), kind: 'tuple', items: items.map(one) };
}
