import type { SyntaxNode } from '@lezer/common';
import { childrenOf } from '../../syntax';
import type { Statement } from '../ast';
import type { Lowering } from '../lowering';
import { hoisted } from '../order';

export function statementsOf(lower: Lowering, nodes: readonly SyntaxNode[]): Statement[] {
  return hoisted(nodes.flatMap((node) => lower.statement(node)));
}

/** The statements of a block, or the one statement that stands without braces. */
export function bodyOf(lower: Lowering, node: SyntaxNode | null | undefined): Statement[] {
  if (node === null || node === undefined) return [];
  return node.name === 'Block' ? statementsOf(lower, childrenOf(node)) : lower.statement(node);
}
