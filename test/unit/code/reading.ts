import { type NotebookContext, type ParsedDocument, parse } from '../../../src/code/document';
import type { Language } from '../../../src/code/language';
import { type Mention, mentionAt } from '../../../src/code/mentions';

/** Stands in the tests' texts for the cursor. */
export const cursor = '‸';

/** The document of a text without its cursor, and where the cursor was. */
export function withCursor(source: string, language: Language): { document: ParsedDocument; offset: number } {
  const offset = source.indexOf(cursor);
  if (offset < 0) throw new Error(`No ${cursor} in the test's text.`);
  return { document: parse(source.slice(0, offset) + source.slice(offset + cursor.length), language), offset };
}

/** An argument in one word: `0=0.2`, `alpha=?slope`. A question mark goes before the text of what is not known. */
const shownArgument = ({ name, position, value, text }: Mention['arguments'][number]): string =>
  `${name ?? position}=${value === undefined ? `?${text}` : JSON.stringify(value)}`;

/** A mention in one line: `torch.nn.GELU(approximate="tanh")`, `.relu_()`, `'relu' of keras.layers.Dense activation`. */
export function shown(mention: Mention | undefined): string {
  if (mention === undefined) return '-';
  const { reference, called, incomplete } = mention;
  const given = [...mention.arguments.map(shownArgument), ...(incomplete ? ['…'] : [])].join(', ');
  const list = called ? `(${given})` : '';
  switch (reference.kind) {
    case 'path':
      return `${[reference.path, ...(reference.alternatives ?? [])].join(' | ')}${list}`;
    case 'method':
      return `.${reference.name}${list}`;
    case 'string':
      return `'${reference.text}' of ${reference.callee ?? '?'} ${reference.keyword ?? 'positional'}`;
  }
}

/** What stands at the cursor, in one line. */
export function read(source: string, language: Language, context?: NotebookContext): string {
  const { document, offset } = withCursor(source, language);
  return shown(mentionAt(document, offset, context));
}

/** A text from its lines. */
export const lines = (...all: string[]): string => all.join('\n');
