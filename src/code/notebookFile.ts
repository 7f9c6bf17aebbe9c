import * as v from 'valibot';
import { messageOf } from '../core/format/errors';

/** A notebook as it lies on the disk (nbformat 3 and 4). */

const source = v.union([v.string(), v.array(v.string())]);

const cell = v.looseObject({
  cell_type: v.string(),
  source: v.optional(source),
  /** nbformat 3 has the code here. */
  input: v.optional(source),
});

const notebook = v.looseObject({
  cells: v.optional(v.array(cell)),
  worksheets: v.optional(v.array(v.looseObject({ cells: v.array(cell) }))),
  metadata: v.optional(
    v.looseObject({
      language_info: v.optional(v.looseObject({ name: v.optional(v.string()) })),
      kernelspec: v.optional(v.looseObject({ language: v.optional(v.string()) })),
    }),
  ),
});

/** A code cell. */
export interface NotebookCell {
  /** Its number among all cells, from 0: what a person counts. */
  readonly cell: number;
  readonly text: string;
}

export interface NotebookFile {
  /** As the notebook says: `python`, `javascript`; `python` where it says nothing. */
  readonly language: string;
  readonly cells: readonly NotebookCell[];
}

/** @throws Error with a sentence where the text is no notebook */
export function parseNotebook(text: string): NotebookFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`It is not JSON (${messageOf(error)}); expected a notebook.`);
  }
  const read = v.safeParse(notebook, json);
  if (!read.success) throw new Error(`It is not a notebook: ${read.issues[0].message}.`);
  const { cells, worksheets, metadata } = read.output;
  const all = cells ?? worksheets?.flatMap((sheet) => sheet.cells);
  if (all === undefined) throw new Error('It has no cells; expected a notebook.');
  return {
    language: metadata?.language_info?.name || metadata?.kernelspec?.language || 'python',
    cells: all.flatMap(({ cell_type: kind, source: own, input }, number) => {
      if (kind !== 'code') return [];
      const lines = own ?? input ?? '';
      return [{ cell: number, text: typeof lines === 'string' ? lines : lines.join('') }];
    }),
  };
}
