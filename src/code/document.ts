import { type ChangedRange, type PartialParse, type Tree, TreeBuffer, TreeFragment } from '@lezer/common';
import type { CodeLanguage } from '../core/frameworks/framework';
import { asGrammarHas } from './javascript/readable';
import type { Language } from './language';
import { parserOf } from './parsers';
import { asPythonGrammarHas } from './python/readable';

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

/** Steps of the parser between two looks at the clock: a step takes about a microsecond, and in some texts thousands. */
const stepsPerLook = 4;

/** A text as its grammar takes it, of the same length; the very same string where nothing stands in its way. */
const readable = (text: string, language: Language): string =>
  language === 'python' ? asPythonGrammarHas(text) : asGrammarHas(text);

/** What was parsed for a document. */
const parsedTexts = new WeakMap<ParsedDocument, string>();

/** The one stretch in which two texts differ. */
function difference(a: string, b: string): ChangedRange {
  const shorter = Math.min(a.length, b.length);
  let from = 0;
  while (from < shorter && a.charCodeAt(from) === b.charCodeAt(from)) from++;
  let behind = 0;
  while (behind < shorter - from && a.charCodeAt(a.length - 1 - behind) === b.charCodeAt(b.length - 1 - behind))
    behind++;
  return { fromA: from, toA: a.length - behind, fromB: from, toB: b.length - behind };
}

const lengthAfter = (length: number, edits: readonly Edit[]): number =>
  edits.reduce((sum, edit) => sum - (edit.to - edit.from) + edit.insertedLength, length);

/** The parts of the former tree that the edits left alone; none where edits and texts do not fit together. */
function reusable(
  former: ParsedDocument,
  edits: readonly Edit[],
  text: string,
  readText: string,
  language: Language,
): readonly TreeFragment[] {
  if (former.language !== language || lengthAfter(former.text.length, edits) !== text.length) return [];
  const whole = TreeFragment.addTree(former.tree);
  const formerText = parsedTexts.get(former) ?? readable(former.text, language);
  if (formerText !== former.text || readText !== text) {
    // A magic changes its whole line, which the edits do not tell.
    return TreeFragment.applyChanges(whole, [difference(formerText, readText)]);
  }
  return edits.reduce<readonly TreeFragment[]>(
    (fragments, { from, to, insertedLength }) =>
      TreeFragment.applyChanges(fragments, [{ fromA: from, toA: to, fromB: from, toB: from + insertedLength }]),
    whole,
  );
}

/** Numbers of a node in a tree's buffer, of which the first says its type. */
const NODE_IN_BUFFER = 4;

/** Whether all nodes have a type: of some texts that are broken all over, the parser keeps nodes of which it knows none. */
function hasTypes(tree: Tree): boolean {
  const open: (Tree | TreeBuffer)[] = [tree];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (each instanceof TreeBuffer) {
      const { buffer, set } = each;
      for (let i = 0; i < buffer.length; i += NODE_IN_BUFFER) if (buffer[i]! >= set.types.length) return false;
    } else {
      if (each.type === undefined) return false;
      for (const child of each.children) open.push(child);
    }
  }
  return true;
}

/** The parser builds its tree by recursion: of code nested too deeply for that, and of what it has no types for, nothing is read. */
function unlessUnreadable<T extends Tree | null>(language: Language, make: () => T): T | Tree {
  try {
    const tree = make();
    return tree === null || hasTypes(tree) ? tree : parserOf(language).parse('');
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
  private readonly read: string;

  constructor(
    private readonly text: string,
    private readonly language: Language,
    private readonly version = 0,
    former?: { readonly document: ParsedDocument; readonly edits: readonly Edit[] },
  ) {
    this.read = readable(text, language);
    const fragments = former === undefined ? [] : reusable(former.document, former.edits, text, this.read, language);
    this.partial = parserOf(language).startParse(this.read, fragments);
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
    const tree = unlessUnreadable(this.language, () => this.partial.advance());
    if (tree === null) return;
    this.done = { language: this.language, text: this.text, tree, version: this.version, lineage: this.lineage };
    parsedTexts.set(this.done, this.read);
  }
}

/** Parses all of it at once. */
export const parse = (text: string, language: Language, version = 0): ParsedDocument => ({
  language,
  text,
  tree: unlessUnreadable(language, () => parserOf(language).parse(readable(text, language))),
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
