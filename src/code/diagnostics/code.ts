import type { Model } from '../../core/model/model';
import { lowered, type ModelDocument } from '../models/read';
import { missingEvals } from './evaluation';
import { missingZeroGrads } from './training';
import { type CodeFinding, type CodeText, everything } from './walk';

/** Texts without any of these hold nothing that is looked for. */
const worthALook = /\bbackward\b|\bno_grad\b|\binference_mode\b|\btraining\s*=\s*True\b/;

/** What the rules find that look at the code around models. */
export function codeFindings(models: readonly Model[], documents: readonly ModelDocument[]): readonly CodeFinding[] {
  const python = documents.filter(({ document }) => document.language === 'python');
  if (!python.some(({ document }) => worthALook.test(document.text))) return [];
  const texts = python.map(
    ({ document, cell }): CodeText => ({ program: lowered(document), text: document.text, cell }),
  );
  const all = everything(texts);
  return [...missingZeroGrads(texts, all), ...missingEvals(texts, all, models)];
}
