import type { SyntaxNodeRef } from '@lezer/common';
import type { ParsedDocument } from './document';

/** Where the grammar knows less than Python does: `1.`, a bare `yield`. */
const allowed = /(?:\d\.|\byield)\s*(?:#[^\n]*\s*)*$/;

/** At the end a block may be empty, as where a magic stood in it; a bracket, a text or an assignment may not be open. */
const mayEndOpen: ReadonlySet<string> = new Set(['Body', 'Script']);

/** Whether something that the grammar takes for an error is none. */
export function isAllowed(text: string, { from, to, node }: SyntaxNodeRef): boolean {
  if (from === to && allowed.test(text.slice(Math.max(0, from - 200), from))) return true;
  return mayEndOpen.has(node.parent?.name ?? '') && !text.slice(from).trim();
}

/** Offset of the first place that a text's language does not allow; undefined where it parses. */
export function firstError({ tree, text }: ParsedDocument): number | undefined {
  let found: number | undefined;
  tree.iterate({
    enter: (node) => {
      if (found !== undefined) return false;
      if (!node.type.isError) return true;
      if (!isAllowed(text, node)) found = node.from;
      return true;
    },
  });
  return found;
}
