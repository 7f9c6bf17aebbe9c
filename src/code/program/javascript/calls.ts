import type { Argument, Expression } from '../ast';
import type { Lowering } from '../lowering';
import { type CodeNode, itemsOf } from '../node';
import { itemOf } from './collections';
import { moduleOf } from './imports';
import { partsOf } from './syntax';

export function lowerCall(lower: Lowering, node: CodeNode): Expression {
  const children = partsOf(node);
  const construct = children[0]?.name === 'new';
  const callee = construct ? children[1] : children[0];
  const list = node.getChild('ArgList');
  if (callee === undefined || callee.name === 'ArgList') return lower.other(node);
  if (callee.name === 'VariableName' && lower.text(callee) === 'require') {
    return moduleOf(lower, list?.getChild('String'), node);
  }
  return {
    from: node.from,
    to: node.to,
    kind: 'call',
    callee: lower.expression(callee),
    arguments: list === null ? [] : argumentsOf(lower, list),
    construct,
  };
}

function argumentsOf(lower: Lowering, list: CodeNode): Argument[] {
  return itemsOf(list).map((item): Argument => {
    const range = { from: item[0]!.from, to: item.at(-1)!.to };
    return { ...range, value: itemOf(lower, item) };
  });
}
