import type { SyntaxNode } from '@lezer/common';
import type { ParsedDocument } from '../document';
import { isComment, type Range, textOf } from '../syntax';

/** A comment that silences rules. */
export interface SilencingComment {
  /** Ids with their places; undefined for all rules. */
  readonly rules: readonly (Range & { readonly id: string })[] | undefined;
  /** Offsets of the line that it silences, without its end; undefined for the whole file. */
  readonly line: Range | undefined;
}

const marker = /^(?:#|\/\/|\/\*)\s*gradient-lens:\s*ignore(-file)?(?![\w-])\s*(?:\[([^\]]*)\])?/;

/** The comments of a text that speak to the rules. They are found in its syntax tree, so text in strings is none. */
export function lensComments(document: ParsedDocument): SyntaxNode[] {
  if (!document.text.includes('gradient-lens:')) return [];
  const found: SyntaxNode[] = [];
  document.tree.iterate({
    enter: ({ node }) => {
      if (isComment(node) && textOf(document, node).includes('gradient-lens:')) found.push(node);
    },
  });
  return found;
}

/** The comments of a text that silence rules. */
export const silencingComments = (document: ParsedDocument): SilencingComment[] =>
  lensComments(document).flatMap((node) => commentAt(document, node) ?? []);

function commentAt(document: ParsedDocument, node: SyntaxNode): SilencingComment | undefined {
  const written = textOf(document, node);
  const match = marker.exec(written);
  if (!match) return undefined;
  const [all, wholeFile, list] = match;
  const start = node.from + all.length - (list?.length ?? 0) - 1;
  return {
    rules: list === undefined ? undefined : idsIn(list, start),
    line: wholeFile === undefined ? silencedLine(document.text, node) : undefined,
  };
}

const idsIn = (list: string, start: number) =>
  [...list.matchAll(/[^,\s]+/g)].map((match) => ({
    id: match[0],
    from: start + match.index,
    to: start + match.index + match[0].length,
  }));

const lineAt = (text: string, offset: number): Range => {
  const end = text.indexOf('\n', offset);
  return { from: text.lastIndexOf('\n', offset - 1) + 1, to: end < 0 ? text.length : end };
};

/** The comment's own line, or the next one where it stands alone. */
function silencedLine(text: string, { from, to }: Range): Range {
  const own = lineAt(text, from);
  const alone = text.slice(own.from, from).trim() === '';
  const end = text.indexOf('\n', to);
  return alone && end >= 0 ? lineAt(text, end + 1) : own;
}
