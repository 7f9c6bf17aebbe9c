import type { ModelDocument, ModelReadingOptions } from '../models/read';
import { readModels } from '../models/read';
import type { ModelFix } from './modelFixes';
import { merged, type TextEdit, withTextEdits } from './textEdit';
import { errorsIn } from './verify';

/** The first choices of a rule for several findings, as one change of the text. */
export interface FixAll {
  /** In the order of the text, none over another. */
  readonly edits: readonly TextEdit[];
  /** Findings that are gone after it. */
  readonly count: number;
}

/**
 * What mends all findings of a rule in a file at once: the first choice for each, as far as they do not contradict each
 * other. Undefined where that is one fix or none, or where the changed text would not hold the same models.
 *
 * @param fixes of all models of the file, see `modelFixes`
 */
export function fixAll(
  rule: string,
  fixes: readonly ModelFix[],
  documents: readonly ModelDocument[],
  options: ModelReadingOptions,
): FixAll | undefined {
  const taken: ModelFix[] = [];
  const answered = new Set<string>();
  let edits: readonly TextEdit[] = [];
  const placesOf = (fix: ModelFix): string[] =>
    fix.answers
      .filter((answer) => answer.rule === rule)
      .map(({ range: { cell, from, to } }) => `${cell} ${from} ${to}`);
  // What the rule prefers goes first; a finding that nothing preferred answers takes what there is.
  for (const fix of [...fixes].sort((a, b) => Number(b.preferred) - Number(a.preferred))) {
    const places = placesOf(fix);
    if (places.length === 0 || places.some((place) => answered.has(place))) continue;
    const together = merged([...edits, ...fix.edits]);
    if (together === undefined) continue;
    edits = together;
    taken.push(fix);
    for (const place of places) answered.add(place);
  }
  if (answered.size < 2 || taken.length < 2) return undefined;
  return holdsModels(documents, edits, options) ? { edits, count: answered.size } : undefined;
}

/** Whether the text parses as before after edits, and has the same models. */
function holdsModels(
  documents: readonly ModelDocument[],
  edits: readonly TextEdit[],
  options: ModelReadingOptions,
): boolean {
  const changed = withTextEdits(documents, edits);
  if (errorsIn(changed) > errorsIn(documents)) return false;
  const names = (of: readonly ModelDocument[]) => readModels(of, options).models.map(({ name }) => name);
  return JSON.stringify(names(changed)) === JSON.stringify(names(documents));
}
