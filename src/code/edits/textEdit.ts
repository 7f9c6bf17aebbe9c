import type { SourceRange } from '../../core/model/model';
import { IncrementalParse, type ParsedDocument } from '../document';
import type { ModelDocument } from '../models/read';

/** A change of a text: what stands in the range gives way to `text`. Offsets count before any of the edits. */
export interface TextEdit extends SourceRange {
  readonly text: string;
}

const byPlace = (a: TextEdit, b: TextEdit): number => a.cell - b.cell || a.from - b.from || a.to - b.to;

const isSame = (a: TextEdit, b: TextEdit): boolean =>
  a.cell === b.cell && a.from === b.from && a.to === b.to && a.text === b.text;

/**
 * The edits in the order of the text, each once: layers that one expression makes have one edit together. Undefined where
 * two of them contradict each other.
 */
export function merged(edits: readonly TextEdit[]): readonly TextEdit[] | undefined {
  const all: TextEdit[] = [];
  for (const edit of edits) if (!all.some((other) => isSame(other, edit))) all.push(edit);
  all.sort(byPlace);
  for (const [k, edit] of all.entries()) {
    const before = all[k - 1];
    if (before === undefined || before.cell !== edit.cell) continue;
    if (edit.from < before.to || (edit.from === before.from && edit.to > edit.from && before.to > before.from)) {
      return undefined;
    }
  }
  return all;
}

function edited(document: ParsedDocument, edits: readonly TextEdit[]): ParsedDocument {
  let { text } = document;
  // From the end, so that offsets before stay as they are.
  const steps = edits.toReversed().map((edit) => {
    text = text.slice(0, edit.from) + edit.text + text.slice(edit.to);
    return { from: edit.from, to: edit.to, insertedLength: edit.text.length };
  });
  const parsing = new IncrementalParse(text, document.language, document.version, { document, edits: steps });
  return parsing.advance(Number.POSITIVE_INFINITY, () => 0) ?? document;
}

/** @param edits in the order of the text, none over another: as {@link merged} gives them */
export const withTextEdits = (
  documents: readonly ModelDocument[],
  edits: readonly TextEdit[],
): readonly ModelDocument[] =>
  documents.map((each) => {
    const own = edits.filter(({ cell }) => cell === each.cell);
    return own.length === 0 ? each : { ...each, document: edited(each.document, own) };
  });
