import type { ParsedDocument } from './document';
import { javascriptBindings } from './javascript/bindings';
import { pythonBindings } from './python/bindings';
import type { Bindings } from './scope';

const known = new WeakMap<ParsedDocument, Bindings>();

/** What every name of a text is bound to, found once for each document. */
export function bindingsOf(document: ParsedDocument): Bindings {
  const former = known.get(document);
  if (former !== undefined) return former;
  new IncrementalBindings(document).advance(Number.POSITIVE_INFINITY, () => 0);
  return known.get(document)!;
}

/** Finds in slices what the names of a text are bound to, so that a long file never holds up typing. */
export class IncrementalBindings {
  private readonly steps: Generator<undefined, Bindings>;

  constructor(private readonly document: ParsedDocument) {
    this.steps = document.language === 'python' ? pythonBindings(document) : javascriptBindings(document);
  }

  /** Goes on for about this long; true once all is found, and `bindingsOf` has it. */
  advance(budgetMilliseconds: number, now: () => number): boolean {
    const end = now() + budgetMilliseconds;
    while (!known.has(this.document)) {
      const step = this.steps.next();
      if (step.done === true) known.set(this.document, step.value);
      else if (now() >= end) return false;
    }
    return true;
  }
}
