import type { Expression } from '../ast';
import { around, type Lowering } from '../lowering';
import type { CodeNode } from '../node';

/**
 * `not`, `and` and `or`. The grammar takes `not a or b` for `not (a or b)`; Python's `not` is of a alone, and `and` binds
 * before `or`. So a chain is taken apart, and put together again.
 */

/** Longer chains are data that somebody wrote down. */
const LONGEST = 100;

interface Chain {
  readonly operands: Expression[];
  readonly operators: string[];
}

const partsOf = (lower: Lowering, node: CodeNode): readonly [CodeNode, string, CodeNode] | undefined => {
  if (node.name !== 'BinaryExpression') return undefined;
  const [left, operator, right] = node.children;
  if (left === undefined || operator === undefined || right === undefined) return undefined;
  const written = lower.text(operator);
  return written === 'and' || written === 'or' ? [left, written, right] : undefined;
};

/** What a `not` stands before, where that is a chain. */
function negated(lower: Lowering, node: CodeNode): CodeNode | undefined {
  const [operator, operand] = node.name === 'UnaryExpression' ? node.children : [];
  if (operator === undefined || operand === undefined || lower.text(operator) !== 'not') return undefined;
  return partsOf(lower, operand) === undefined ? undefined : operand;
}

export const isChain = (lower: Lowering, node: CodeNode): boolean =>
  partsOf(lower, node) !== undefined || negated(lower, node) !== undefined;

function take(lower: Lowering, node: CodeNode, chain: Chain): void {
  if (chain.operands.length > LONGEST) return;
  const inner = negated(lower, node);
  if (inner !== undefined) {
    const at = chain.operands.length;
    take(lower, inner, chain);
    const operand = chain.operands[at];
    if (operand !== undefined)
      chain.operands[at] = { from: node.from, to: operand.to, kind: 'unary', operator: 'not', operand };
    return;
  }
  const rights: (readonly [string, CodeNode])[] = [];
  let first = node;
  for (let parts = partsOf(lower, first); parts !== undefined; parts = partsOf(lower, first)) {
    rights.push([parts[1], parts[2]]);
    first = parts[0];
  }
  if (rights.length > LONGEST) return;
  if (negated(lower, first) !== undefined) take(lower, first, chain);
  else chain.operands.push(lower.expression(first));
  for (const [operator, right] of rights.toReversed()) {
    chain.operators.push(operator);
    take(lower, right, chain);
  }
}

const joined = (operator: string, operands: readonly Expression[]): Expression =>
  operands.reduce((left, right) => ({ ...around([left, right]), kind: 'binary', operator, left, right }));

export function chain(lower: Lowering, node: CodeNode): Expression {
  const found: Chain = { operands: [], operators: [] };
  take(lower, node, found);
  const { operands, operators } = found;
  if (operands.length !== operators.length + 1 || operands.length > LONGEST) return lower.other(node);
  const groups: Expression[][] = [[operands[0]!]];
  operators.forEach((operator, k) => {
    if (operator === 'or') groups.push([operands[k + 1]!]);
    else groups.at(-1)!.push(operands[k + 1]!);
  });
  return joined(
    'or',
    groups.map((group) => joined('and', group)),
  );
}
