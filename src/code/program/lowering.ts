import type { ParsedDocument } from '../document';
import { textOf } from '../syntax';
import type { Expression, Span, Statement, Target } from './ast';
import type { CodeNode } from './node';

/** Deeper code is not looked into: what stands there is `other`. */
const DEEPEST = 120;
/** Of the text that an unknown part keeps. */
const LONGEST_TEXT = 60;

export const span = ({ from, to }: Span): Span => ({ from, to });

/** From the first of these to the last. */
export const around = (nodes: readonly Span[]): Span => ({ from: nodes[0]!.from, to: nodes.at(-1)!.to });

/** How a language's syntax tree becomes a program. */
export interface Grammar {
  /** All statements that a node comes to. */
  statement(lower: Lowering, node: CodeNode): Statement[];
  /** The statements of a block; none where there is no block. */
  body(lower: Lowering, node: CodeNode | null | undefined): Statement[];
  expression(lower: Lowering, node: CodeNode): Expression;
  target(lower: Lowering, node: CodeNode): Target;
}

/** One text on its way into a program: the ways of a grammar into each other, with a guard against deep nesting. */
export class Lowering {
  private depth = 0;

  constructor(
    readonly document: ParsedDocument,
    private readonly grammar: Grammar,
  ) {}

  text(range: Span): string {
    return textOf(this.document, range);
  }

  /** A part that is not understood. */
  other({ from, to }: Span): Expression {
    return { from, to, kind: 'other', text: this.text({ from, to: Math.min(to, from + LONGEST_TEXT) }) };
  }

  statement(node: CodeNode): Statement[] {
    if (this.depth >= DEEPEST) return [{ from: node.from, to: node.to, kind: 'expression', value: this.other(node) }];
    this.depth++;
    try {
      return this.grammar.statement(this, node);
    } finally {
      this.depth--;
    }
  }

  body(node: CodeNode | null | undefined): Statement[] {
    return this.grammar.body(this, node);
  }

  expression(node: CodeNode): Expression {
    if (this.depth >= DEEPEST) return this.other(node);
    this.depth++;
    try {
      return this.grammar.expression(this, node);
    } finally {
      this.depth--;
    }
  }

  target(node: CodeNode): Target {
    if (this.depth >= DEEPEST) return { from: node.from, to: node.to, kind: 'other' };
    this.depth++;
    try {
      return this.grammar.target(this, node);
    } finally {
      this.depth--;
    }
  }

  /** Guards the stack: code that is nested too deeply becomes what `instead` makes. */
  deeper<T>(make: () => T, instead: () => T): T {
    if (this.depth >= DEEPEST) return instead();
    this.depth++;
    try {
      return make();
    } finally {
      this.depth--;
    }
  }
}

/** An attribute or an element as what is assigned to. */
export function placeTarget({ from, to }: Span, place: Expression): Target {
  if (place.kind === 'member') return { from, to, kind: 'member', object: place.object, name: place.name };
  if (place.kind === 'index') return { from, to, kind: 'index', object: place.object, index: place.index };
  return { from, to, kind: 'other' };
}
