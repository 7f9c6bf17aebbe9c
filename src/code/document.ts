import { type PartialParse, type Tree, TreeFragment } from '@lezer/common';
import type { CodeLanguage } from '../core/frameworks/framework';
import { type Language, parserOf } from './language';
import { withoutMagics } from './python/magics';

/** A text with its syntax tree. What is derived from it is cached by this object, so keep it while the text stays. */
export interface ParsedDocument {
  readonly language: Language;
  readonly text: string;
  readonly tree: Tree;
  /** The editor's version of the text; the reading room only carries it. */
  readonly version: number;
  /** The same for all versions of a text: what was derived from one may be taken over for the next. */
  readonly lineage: object;
}

export const codeLanguage = ({ language }: ParsedDocument): CodeLanguage =>
  language === 'python' ? 'python' : 'javascript';

/** The other cells of a notebook, in the notebook's order. A name that a cell does not bind is looked up in them. */
export interface NotebookContext {
  readonly before: readonly ParsedDocument[];
  readonly after: readonly ParsedDocument[];
}

/** `insertedLength` characters took the place of [from, to). Edits apply one after another, as an editor tells them. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insertedLength: number;
}

/** Steps of the parser between two looks at the clock; a step takes about a microsecond. */
const stepsPerLook = 64;

const readable = (text: string, language: Language): string => (language === 'python' ? withoutMagics(text) : text);

const lengthAfter = (length: number, edits: readonly Edit[]): number =>
  edits.reduce((sum, edit) => sum - (edit.to - edit.from) + edit.insertedLength, length);

/** The parts of the former tree that the edits left alone; none where edits and texts do not fit together. */
function reusable(
  former: ParsedDocument,
  edits: readonly Edit[],
  text: string,
  language: Language,
): readonly TreeFragment[] {
  const fits =
    former.language === language &&
    lengthAfter(former.text.length, edits) === text.length &&
    // A magic changes its whole line, which the edit does not tell.
    readable(former.text, language) === former.text &&
    readable(text, language) === text;
  if (!fits) return [];
  return edits.reduce<readonly TreeFragment[]>(
    (fragments, { from, to, insertedLength }) =>
      TreeFragment.applyChanges(fragments, [{ fromA: from, toA: to, fromB: from, toB: from + insertedLength }]),
    TreeFragment.addTree(former.tree),
  );
}

/** The parser builds its tree by recursion: of code nested too deeply for that, nothing is read. */
function unlessTooDeep<T extends Tree | null>(language: Language, make: () => T): T | Tree {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return parserOf(language).parse('');
  }
}

/** A parse in slices, so that a long file never holds up typing; it takes over what the edits left of the former tree. */
export class IncrementalParse {
  private readonly partial: PartialParse;
  private done: ParsedDocument | undefined;
  private readonly lineage: object;

  constructor(
    private readonly text: string,
    private readonly language: Language,
    private readonly version = 0,
    former?: { readonly document: ParsedDocument; readonly edits: readonly Edit[] },
  ) {
    const fragments = former === undefined ? [] : reusable(former.document, former.edits, text, language);
    this.partial = parserOf(language).startParse(readable(text, language), fragments);
    this.lineage = former?.document.lineage ?? {};
  }

  /** Parses for about this long; the document once it is whole, and from then on. */
  advance(budgetMilliseconds: number, now: () => number): ParsedDocument | undefined {
    const end = now() + budgetMilliseconds;
    while (this.done === undefined) {
      for (let step = 0; step < stepsPerLook && this.done === undefined; step++) this.step();
      if (now() >= end) break;
    }
    return this.done;
  }

  private step(): void {
    const tree = unlessTooDeep(this.language, () => this.partial.advance());
    if (tree === null) return;
    this.done = { language: this.language, text: this.text, tree, version: this.version, lineage: this.lineage };
  }
}

/** Parses all of it at once. */
export const parse = (text: string, language: Language, version = 0): ParsedDocument => ({
  language,
  text,
  tree: unlessTooDeep(language, () => parserOf(language).parse(readable(text, language))),
  version,
  lineage: {},
});

/** Parses a text after edits: all at once, and anew only where the edits were. */
export const parseEdited = (
  former: ParsedDocument,
  edits: readonly Edit[],
  text: string,
  version = former.version + 1,
): ParsedDocument =>
  new IncrementalParse(text, former.language, version, { document: former, edits }).advance(
    Number.POSITIVE_INFINITY,
    () => 0,
  )!;
