import type * as vscode from 'vscode';

/** A change of a text by whole lines: those from `line` on to `line + removed` go, `added` come. */
interface LineChange {
  readonly line: number;
  readonly removed: number;
  readonly added: number;
}

export interface LensLine {
  /** From 0. */
  readonly line: number;
  readonly commands: readonly vscode.Command[];
}

/** How an edit moves lines. */
export const lineChange = ({ range, text }: vscode.TextDocumentContentChangeEvent): LineChange => ({
  line: range.start.line,
  removed: range.end.line - range.start.line,
  added: text.split('\n').length - 1,
});

/** Where a line stands after a change: below it, it moves; inside it, it stays at its start. */
export function movedLine(line: number, { line: from, removed, added }: LineChange): number {
  if (line <= from) return line;
  return line <= from + removed ? from : line + added - removed;
}

/**
 * The lenses to show of a text that was just read. A model that is missing while the text does not parse is being typed:
 * its lens stays where it stood, so that no line jumps.
 *
 * @param parses asked where a lens is missing alone: it looks through the whole text
 */
export function settledLenses(
  read: readonly LensLine[],
  kept: readonly LensLine[],
  parses: () => boolean,
): readonly LensLine[] {
  return read.length < kept.length && !parses() ? kept : read;
}
