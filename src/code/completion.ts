import type { SyntaxNode } from '@lezer/common';
import { type ActivationSlot, activationSlot } from './activationString';
import { IncrementalParse, type NotebookContext, type ParsedDocument } from './document';
import { alone } from './place';
import { type StringParts, stringParts } from './strings';
import type { Range } from './syntax';

/** Where an activation's name is being typed inside quotes: what a completion replaces, on one line. */
export interface CompletionPlace extends Range, ActivationSlot {
  /** What opened the string, to close it with. */
  readonly quote: string;
}

const literals: ReadonlySet<string> = new Set(['String', 'TemplateString', 'JSXAttributeValue']);

const isWord = (c: string): boolean =>
  (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c === '_';

/** A name as typed so far; anything else has left the string that was meant. */
const isName = (text: string): boolean => [...text].every((c) => isWord(c) || c === '-' || c === '.' || c === ':');

function wordEnd(text: string, from: number): number {
  let to = from;
  while (to < text.length && isWord(text[to]!)) to++;
  return to;
}

function literalBefore(document: ParsedDocument, offset: number): SyntaxNode | undefined {
  let node: SyntaxNode | null = document.tree.resolveInner(offset, -1);
  if (node.type.isError || node.name === 'Escape') node = node.parent;
  return node !== null && literals.has(node.name) ? node : undefined;
}

interface Literal {
  readonly node: SyntaxNode;
  readonly parts: StringParts;
}

/** The literal that a name is being typed in at an offset. */
function literalAt(document: ParsedDocument, offset: number): Literal | undefined {
  const node = literalBefore(document, offset);
  const parts = node === undefined ? undefined : stringParts(document.text, node);
  if (node === undefined || parts === undefined || parts.prefix.includes('b')) return undefined;
  const { from, to } = parts.content;
  if (offset < from || (parts.closed && offset > to) || !isName(document.text.slice(from, offset))) return undefined;
  return { node, parts };
}

/** The text up to an offset, its string closed: what follows a string without an end only confuses the parser. */
function cutAt(document: ParsedDocument, offset: number, quote: string): ParsedDocument {
  const edits = [{ from: offset, to: document.text.length, insertedLength: quote.length }];
  const text = document.text.slice(0, offset) + quote;
  const parsing = new IncrementalParse(text, document.language, document.version, { document, edits });
  return parsing.advance(Number.POSITIVE_INFINITY, () => 0) ?? document;
}

/** The slot of a string without an end, as it would be if the text ended with the string. */
function unendedSlot(document: ParsedDocument, offset: number, quote: string, context: NotebookContext) {
  const cut = cutAt(document, offset, quote);
  const node = literalBefore(cut, offset);
  return node === undefined ? undefined : activationSlot({ document: cut, context, node });
}

/** The place of an activation's name at an offset, also while its string has no end yet. */
export function completionAt(
  document: ParsedDocument,
  offset: number,
  context: NotebookContext = alone,
): CompletionPlace | undefined {
  if (!(offset >= 0 && offset <= document.text.length)) return undefined;
  const literal = literalAt(document, offset);
  if (literal === undefined) return undefined;
  const { quote, closed, content } = literal.parts;
  const slot =
    activationSlot({ document, context, node: literal.node }) ??
    (closed ? undefined : unendedSlot(document, offset, quote, context));
  return slot === undefined ? undefined : { from: content.from, to: wordEnd(document.text, offset), quote, ...slot };
}
