import type { ParsedDocument } from './document';
import { javascriptBindings } from './javascript/bindings';
import { pythonBindings } from './python/bindings';
import type { Bindings } from './scope';

const known = new WeakMap<ParsedDocument, Bindings>();

/** What every name of a text is bound to, found once for each document. */
export function bindingsOf(document: ParsedDocument): Bindings {
  const former = known.get(document);
  if (former !== undefined) return former;
  const bindings = document.language === 'python' ? pythonBindings(document) : javascriptBindings(document);
  known.set(document, bindings);
  return bindings;
}
