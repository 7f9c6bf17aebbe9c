import type { Statement } from '../ast';
import type { Lowering } from '../lowering';
import type { CodeNode } from '../node';
import { hoisted } from '../order';

export function statementsOf(lower: Lowering, nodes: readonly CodeNode[]): Statement[] {
  return hoisted(nodes.flatMap((node) => lower.statement(node)));
}

/** The statements of a block, or the one statement that stands without braces. */
export function bodyOf(lower: Lowering, node: CodeNode | null | undefined): Statement[] {
  if (node === null || node === undefined) return [];
  return node.name === 'Block' ? statementsOf(lower, node.children) : lower.statement(node);
}
