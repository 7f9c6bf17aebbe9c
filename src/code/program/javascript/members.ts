import { javascriptString } from '../../javascript/expression';
import type { Expression } from '../ast';
import { type Lowering, span } from '../lowering';
import type { CodeNode } from '../node';
import { partsOf } from './syntax';

export function lowerMember(lower: Lowering, node: CodeNode): Expression {
  const { from, to } = node;
  const children = partsOf(node);
  const [object] = children;
  const last = children.at(-1);
  if (object === undefined || last === undefined || children.length < 2) return lower.other(node);
  const held: Expression = lower.expression(object);
  if (last.name === 'PropertyName' || last.name === 'PrivatePropertyName') {
    return { from, to, kind: 'member', object: held, name: lower.text(last), property: span(last) };
  }
  const index = children.at(-2);
  if (last.name !== ']' || index === undefined || index === object) return lower.other(node);
  const name = index.name === 'String' ? javascriptString(lower.document, index) : undefined;
  return name === undefined
    ? { from, to, kind: 'index', object: held, index: lower.expression(index) }
    : { from, to, kind: 'member', object: held, name, property: span(index) };
}
