import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from './document';

export interface Range {
  readonly from: number;
  readonly to: number;
}

export const textOf = (document: ParsedDocument, range: Range): string => document.text.slice(range.from, range.to);

/** Lezer makes a new object for every visit, so nodes are compared by what they cover. */
export const isSameNode = (a: SyntaxNode | null, b: SyntaxNode | null): boolean =>
  a !== null && b !== null && a.from === b.from && a.to === b.to && a.type === b.type;

/** A node, or its type. */
interface Named {
  readonly name: string;
}

/** The children, without comments and errors. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (!child.type.isError && !isComment(child)) children.push(child);
  }
  return children;
}

export const isComment = (node: Named): boolean =>
  node.name === 'Comment' || node.name === 'LineComment' || node.name === 'BlockComment';

export const nextOf = (node: SyntaxNode): SyntaxNode | null => {
  let next = node.nextSibling;
  while (next !== null && isComment(next)) next = next.nextSibling;
  return next;
};

export const previousOf = (node: SyntaxNode): SyntaxNode | null => {
  let previous = node.prevSibling;
  while (previous !== null && isComment(previous)) previous = previous.prevSibling;
  return previous;
};

/** Children in groups between separators; an empty group where nothing stands between two. */
export function splitBy<N extends Named>(nodes: readonly N[], separator: string): N[][] {
  const groups: N[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) groups.push([]);
    else groups.at(-1)!.push(node);
  }
  return groups;
}

const brackets: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}']);

/** The comma-separated items of a bracketed list, each as its nodes; no item for a trailing comma. */
export const itemsOf = (list: SyntaxNode): SyntaxNode[][] =>
  splitBy(
    childrenOf(list).filter((child) => !brackets.has(child.name)),
    ',',
  ).filter((item) => item.length > 0);

/** The expressions that a call is given, by position or by name; a comprehension and a star as their whole item. */
export const argumentNodes = (document: ParsedDocument, list: SyntaxNode | undefined): SyntaxNode[] =>
  list === undefined
    ? []
    : itemsOf(list).flatMap((item) =>
        item[1]?.name === 'AssignOp' && textOf(document, item[1]) === '=' ? item.slice(2) : item,
      );

/** The expressions in a list, a tuple, a set, a dict or an object literal; undefined for a comprehension. */
export function membersOf(collection: SyntaxNode): SyntaxNode[] | undefined {
  if (collection.name.endsWith('ComprehensionExpression')) return undefined;
  return itemsOf(collection).flatMap((item) => {
    const [first] = item;
    if (first?.name === 'Property') return childrenOf(first).slice(-1);
    const colon = item.findIndex((node) => node.name === ':');
    return colon < 0 ? item : item.slice(colon + 1);
  });
}
