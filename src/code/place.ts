import type { SyntaxNode } from '@lezer/common';
import type { NotebookContext, ParsedDocument } from './document';
import type { Scope } from './scope';

/** A node with the document that it stands in, and the other cells as seen from there. */
export interface Place {
  readonly document: ParsedDocument;
  readonly context: NotebookContext;
  readonly node: SyntaxNode;
}

/** A class of a text, with the cell that it stands in. */
export interface ClassPlace {
  readonly scope: Scope;
  readonly place: Omit<Place, 'node'>;
}

export const alone: NotebookContext = { before: [], after: [] };

/** Another node of the same document. */
export const at = (place: Omit<Place, 'node'>, node: SyntaxNode): Place => ({
  document: place.document,
  context: place.context,
  node,
});

/** All cells in the order in which names are looked for from this one: the cell, those before it (last first), those after. */
export function cellsFrom({ document, context }: Omit<Place, 'node'>): ParsedDocument[] {
  return [document, ...context.before.toReversed(), ...context.after];
}

/** The context of another cell of the same notebook. */
export function contextOf(cell: ParsedDocument, { document, context }: Omit<Place, 'node'>): NotebookContext {
  if (cell === document) return context;
  const all = [...context.before, document, ...context.after];
  const position = all.indexOf(cell);
  return { before: all.slice(0, position), after: all.slice(position + 1) };
}
