import { IncrementalBindings } from './bindings';
import { type Edit, IncrementalParse, type ParsedDocument } from './document';
import type { Language } from './language';
import type { Steps } from './steps';

/** Characters of a text that is read; longer ones are data or bundles, which nobody reads. */
export const LONGEST_TEXT = 1_000_000;

export interface ReadingWork {
  readonly text: string;
  readonly language: Language;
  readonly version: number;
  readonly former?: { readonly document: ParsedDocument; readonly edits: readonly Edit[] } | undefined;
}

/** How long work in slices may take. */
export interface WorkLimits {
  /** How long a slice may hold up its thread, in milliseconds. */
  readonly slice: number;
  /** How long all slices together may take: some texts would take minutes. */
  readonly all: number;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** The next turn of the thread. */
  rest(): Promise<void>;
}

/**
 * Parses a text and finds what its names are bound to, in slices, so that typing is never held up. Undefined where that takes
 * longer than it may in all.
 */
export async function readInSlices(work: ReadingWork, limits: WorkLimits): Promise<ParsedDocument | undefined> {
  const { slice, all, now, rest } = limits;
  const parse = new IncrementalParse(work.text, work.language, work.version, work.former);
  let parsed: ParsedDocument | undefined;
  let bindings: IncrementalBindings | undefined;
  let worked = 0;
  for (;;) {
    const start = now();
    if (parsed === undefined) parsed = parse.advance(slice, now);
    else {
      // In turns of their own, so that the first question about the text finds them.
      bindings ??= new IncrementalBindings(parsed);
      if (bindings.advance(slice, now)) return parsed;
    }
    worked += now() - start;
    if (worked > all) return undefined;
    await rest();
  }
}

/**
 * Takes steps in slices, with a rest after each. Undefined where that takes longer than it may in all, or once nobody wants
 * it any more.
 */
export async function stepsInSlices<T>(
  steps: Steps<T>,
  { slice, all, now, rest }: WorkLimits,
  isWanted: () => boolean = () => true,
): Promise<T | undefined> {
  let worked = 0;
  for (;;) {
    const start = now();
    let took = 0;
    do {
      const { done, value } = steps.next();
      if (done) return value;
      took = now() - start;
    } while (took < slice);
    worked += took;
    if (worked > all || !isWanted()) return undefined;
    await rest();
  }
}
