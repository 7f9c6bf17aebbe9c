import { type NodeType, type Tree, TreeBuffer } from '@lezer/common';
import type { Span } from './ast';

/**
 * A node of a syntax tree, for reading all of it: the parser's own nodes are made anew at every visit, which takes more
 * time than all that is done with them. Comments and errors are left out.
 */
export class CodeNode implements Span {
  readonly name: string;

  /**
   * @param holder what has the node's children: the node's own tree, or the buffer that it is in
   * @param start where the holder begins in the text
   * @param index of the node in a buffer
   */
  private constructor(
    type: NodeType,
    readonly from: number,
    readonly to: number,
    private readonly holder: Tree | TreeBuffer,
    private readonly start: number,
    private readonly index: number,
    private found: readonly CodeNode[] | undefined = undefined,
  ) {
    this.name = type.name;
  }

  static of(tree: Tree): CodeNode {
    return new CodeNode(tree.type, 0, tree.length, tree, 0, -1);
  }

  get children(): readonly CodeNode[] {
    this.found ??= this.find();
    return this.found;
  }

  /** The first child of a name. */
  getChild(name: string): CodeNode | null {
    for (const child of this.children) if (child.name === name) return child;
    return null;
  }

  getChildren(name: string): readonly CodeNode[] {
    return this.children.filter((child) => child.name === name);
  }

  private find(): readonly CodeNode[] {
    const { holder, start, index } = this;
    if (!(holder instanceof TreeBuffer))
      return holder.children.length === 0 ? none : CodeNode.inTree(holder, start, []);
    const end = holder.buffer[index + 3]!;
    return end === index + SLOTS ? none : CodeNode.inBuffer(holder, index + SLOTS, end, start, []);
  }

  private static inTree(tree: Tree, start: number, nodes: CodeNode[]): CodeNode[] {
    const { children, positions } = tree;
    for (let k = 0; k < children.length; k++) {
      const child = children[k]!;
      const from = start + positions[k]!;
      if (child instanceof TreeBuffer) CodeNode.inBuffer(child, 0, child.buffer.length, from, nodes);
      else if (child.type.isAnonymous) CodeNode.inTree(child, from, nodes);
      else if (isCode(child.type)) nodes.push(new CodeNode(child.type, from, from + child.length, child, from, -1));
    }
    return nodes;
  }

  /** The nodes from one place of a buffer to another; each has its type, start, end, and where the next begins. */
  private static inBuffer(
    holder: TreeBuffer,
    first: number,
    end: number,
    start: number,
    nodes: CodeNode[],
  ): CodeNode[] {
    const { buffer, set } = holder;
    for (let at = first; at < end; at = buffer[at + 3]!) {
      const type = set.types[buffer[at]!]!;
      if (!isCode(type)) continue;
      nodes.push(new CodeNode(type, start + buffer[at + 1]!, start + buffer[at + 2]!, holder, start, at));
    }
    return nodes;
  }
}

/** Numbers that a buffer has for each node. */
const SLOTS = 4;

const none: readonly CodeNode[] = [];

/** The grammars skip comments, and nothing else that has a name. */
const isCode = (type: NodeType): boolean => !type.isError && !type.isSkipped;

const brackets: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}']);

/** The comma-separated items of a bracketed list, each as its nodes; no item for a trailing comma. */
export function itemsOf(list: CodeNode): CodeNode[][] {
  const items: CodeNode[][] = [];
  let item: CodeNode[] | undefined;
  for (const child of list.children) {
    if (child.name === ',') item = undefined;
    else if (brackets.has(child.name)) continue;
    else if (item !== undefined) item.push(child);
    else {
      item = [child];
      items.push(item);
    }
  }
  return items;
}
