import type { DictEntry, Expression } from '../ast';
import { type Lowering, span } from '../lowering';
import type { CodeNode } from '../node';
import { functionCode } from './definitions';
import { partsOf } from './syntax';

/** Items of arrays and calls, properties of objects. */

/** An item of an array or a call: an expression, or one with `...`. */
export function itemOf(lower: Lowering, nodes: readonly CodeNode[]): Expression {
  const [first, second] = nodes;
  if (first!.name === 'Spread') {
    return second === undefined
      ? lower.other(first!)
      : { from: first!.from, to: second.to, kind: 'spread', value: lower.expression(second) };
  }
  return lower.expression(first!);
}

export function entriesOf(lower: Lowering, node: CodeNode): DictEntry[] {
  return node.getChildren('Property').flatMap((property): DictEntry[] => {
    const range = span(property);
    const children = partsOf(property).filter(({ name }) => name !== 'async');
    const [first, second] = children;
    if (first === undefined) return [];
    if (first.name === 'Spread') return second === undefined ? [] : [{ ...range, value: lower.expression(second) }];
    const name = keyOf(lower, first, children);
    if (property.getChild('ParamList') !== null) {
      const code = functionCode(lower, property, true);
      return [{ ...range, key: name, value: { ...range, kind: 'function', function: code } }];
    }
    const colon = children.findIndex((child) => child.name === ':');
    const value = colon < 0 ? undefined : children[colon + 1];
    if (value !== undefined) return [{ ...range, key: name, value: lower.expression(value) }];
    if (first.name !== 'PropertyDefinition') return [];
    return [{ ...range, key: name, value: { ...span(first), kind: 'name', name: lower.text(first) } }];
  });
}

function keyOf(lower: Lowering, first: CodeNode, children: readonly CodeNode[]): Expression {
  if (first.name === '[') return children[1] === undefined ? lower.other(first) : lower.expression(children[1]);
  if (first.name === 'String' || first.name === 'Number') return lower.expression(first);
  return { ...span(first), kind: 'constant', value: lower.text(first) };
}
