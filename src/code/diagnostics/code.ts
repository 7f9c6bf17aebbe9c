import type { Model } from '../../core/model/model';
import { lowered, type ModelDocument } from '../models/read';
import { boundedOutputs } from './boundedOutputs';
import { missingEvals } from './evaluation';
import { missingZeroGrads } from './training';
import { type CodeFinding, type CodeText, everything, type Found } from './walk';

/** Texts without any of these hold nothing that is looked for in training and evaluation. */
const worthALook = /\bbackward\b|\bno_grad\b|\binference_mode\b|\btraining\s*=\s*True\b/;

/** What the rules find that look at the code around models. */
export function codeFindings(models: readonly Model[], documents: readonly ModelDocument[]): readonly CodeFinding[] {
  const textsOf = (own: readonly ModelDocument[]): readonly CodeText[] =>
    own.map(({ document, cell }) => ({ program: lowered(document), text: document.text, cell }));
  const python = documents.filter(({ document }) => document.language === 'python');
  const javascript = documents.filter(({ document }) => document.language !== 'python');
  let walked: readonly Found[] | undefined;
  const allPython = (): readonly Found[] => {
    walked ??= everything(textsOf(python));
    return walked;
  };
  const isPython = ({ framework }: Model): boolean => framework !== 'tfjs';
  const bounded = [
    ...boundedOutputs(allPython, models.filter(isPython)),
    ...boundedOutputs(
      () => everything(textsOf(javascript)),
      models.filter((each) => !isPython(each)),
    ),
  ];
  if (!python.some(({ document }) => worthALook.test(document.text))) return bounded;
  const texts = textsOf(python);
  const all = allPython();
  return [...missingZeroGrads(texts, all), ...missingEvals(texts, all, models), ...bounded];
}
