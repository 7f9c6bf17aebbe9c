import type { SyntaxNode } from '@lezer/common';
import type { SourceRange } from '../../core/model/model';
import type { ParsedDocument } from '../document';
import type { ModelDocument } from '../models/read';
import { alone, type Place } from '../place';
import { childrenOf, itemsOf, nextOf, textOf } from '../syntax';

/** A place of a text with the number of its cell. */
export interface CellPlace extends Place {
  readonly cell: number;
}

/** The documents as places see each other. */
export class Texts {
  constructor(readonly documents: readonly ModelDocument[]) {}

  /** A node of a cell, with the other cells of its language around it. */
  place(cell: number, node: SyntaxNode): CellPlace | undefined {
    const own = this.documents.findIndex((each) => each.cell === cell);
    if (own < 0) return undefined;
    const { document } = this.documents[own]!;
    const all = this.documents.map((each) => each.document);
    const context = all.length === 1 ? alone : { before: all.slice(0, own), after: all.slice(own + 1) };
    return { document, context, node, cell };
  }

  document(cell: number): ParsedDocument | undefined {
    return this.documents.find((each) => each.cell === cell)?.document;
  }

  /** The outermost expression that covers exactly this range. */
  exactly({ cell, from, to }: SourceRange): CellPlace | undefined {
    const document = this.document(cell);
    if (document === undefined || from >= to) return undefined;
    let found: SyntaxNode | undefined;
    for (
      let node: SyntaxNode | null = document.tree.resolveInner(from, 1);
      node !== null && node.from === from;
      node = node.parent
    ) {
      if (node.to === to && !/Statement$|^Script$|^Body$/.test(node.name)) found = node;
    }
    return found && this.place(cell, found);
  }

  /** The expression that a range of the graph means: of an argument, `activation='relu'` or `activation: 'relu'`, its value. */
  expression(range: SourceRange): CellPlace | undefined {
    const whole = this.exactly(range);
    if (whole !== undefined) {
      if (whole.node.name !== 'Property') return whole;
      const value = whole.node.lastChild;
      return value === null ? undefined : { ...whole, node: value };
    }
    const document = this.document(range.cell);
    const name = document?.tree.resolveInner(range.from, 1);
    const sign = name && nextOf(name);
    const value = sign?.name === 'AssignOp' ? nextOf(sign) : null;
    return value !== null && value.to === range.to ? this.place(range.cell, value) : undefined;
  }
}

/** An argument of a call as it is written. */
export interface WrittenArgument {
  readonly name: string | undefined;
  /** From its name to the end of its value. */
  readonly from: number;
  readonly to: number;
  readonly value: SyntaxNode;
  /** True where it may bring several: `*args`, `**options`, `...rest`. */
  readonly spread: boolean;
}

const isPython = ({ document }: Place): boolean => document.language === 'python';

/** The brackets that hold a call's arguments: in JavaScript its one object of options, where it has one. */
export function argumentList(call: Place): SyntaxNode | undefined {
  const list = call.node.getChild('ArgList');
  if (list === null) return undefined;
  if (isPython(call)) return list;
  const [first] = itemsOf(list);
  return first?.length === 1 && first[0]!.name === 'ObjectExpression' ? first[0] : list;
}

/** The arguments of a call in their order; undefined where it has no brackets, or a comprehension for them. */
export function writtenArguments(call: Place): readonly WrittenArgument[] | undefined {
  const list = argumentList(call);
  if (list === undefined) return undefined;
  const found: WrittenArgument[] = [];
  for (const item of itemsOf(list)) {
    const [first, sign, value] = item;
    const last = item.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const { from } = first;
    if (first.name === '*' || first.name === '**' || first.name === 'Spread') {
      found.push({ name: undefined, from, to: last.to, value: last, spread: true });
    } else if (list.name === 'ObjectExpression') {
      if (first.name !== 'Property') return undefined;
      const [key, colon, own] = childrenOf(first);
      if (key === undefined) return undefined;
      const spread = key.name === 'Spread';
      const name = spread ? undefined : textOf(call.document, key).replace(/^['"]|['"]$/g, '');
      found.push({ name, from, to: first.to, value: colon?.name === ':' && own ? own : key, spread });
    } else if (sign?.name === 'AssignOp' && value !== undefined) {
      found.push({ name: textOf(call.document, first), from, to: value.to, value, spread: false });
    } else if (item.length === 1) {
      found.push({ name: undefined, from, to: first.to, value: first, spread: false });
    } else return undefined;
  }
  return found;
}

/** The same where none of them is a spread. */
export function plainArguments(call: Place): readonly WrittenArgument[] | undefined {
  const given = writtenArguments(call);
  return given?.some(({ spread }) => spread) ? undefined : given;
}

/** The spaces and tabs that a line begins with, of the line in which an offset stands. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))![0];
}

/** Where the line of an offset ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

export const lineBreak = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** The quotes that a text's strings have for the most part; those of the nearest string before an offset go first. */
export function quoteNear(document: ParsedDocument, from: number, to: number): "'" | '"' {
  const own = /['"]/.exec(document.text.slice(from, to))?.[0];
  if (own === "'" || own === '"') return own;
  const single = document.text.split("'").length;
  return single > document.text.split('"').length ? "'" : '"';
}
