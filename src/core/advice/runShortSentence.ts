import type { ExperimentConfig } from '../experiment/config';
import { formatInteger, formatPercent, formatPower } from '../format/numbers';
import { firstLayerInWords } from '../runs/layerWords';
import type { VerdictKind } from '../runs/verdictKinds';
import type { Findings } from '../verdicts/findings';
import { after, healthyWord, lossInWords, unitsInWords } from './runSentence';

/** A verdict's sentence in a few words, where many stand below each other: the decisive number, as far as it was recorded. */
export function shortSentence(kind: VerdictKind, found: Findings, config: ExperimentConfig): string {
  const { label, loss, accuracy, epoch, gradient, guess } = found;
  const score =
    accuracy === undefined
      ? `loss ${lossInWords(loss)} ${after(epoch)}`
      : `${formatPercent(accuracy)} right ${after(epoch)}`;
  const layer = firstLayerInWords(config.hidden.length);
  const arrives = gradient === undefined ? '' : `, gradient ${formatPower(gradient.first)} at ${layer}`;
  const guessing = `guessing: ${guess.toFixed(2)}`;
  switch (kind) {
    case 'saturated': {
      const { saturated, width, layer: worst } = found.worst!;
      const units = unitsInWords(saturated, width);
      const place = worst === layer ? '' : ` of ${worst}`;
      return `${label} is stuck: ${units}${place} saturated${arrives}.`;
    }
    case 'vanishing':
    case 'exploding': {
      const { first, last } = gradient!;
      const verb = kind === 'vanishing' ? 'vanishes' : 'explodes';
      return `${label} ${verb}: gradient ${formatPower(last)} at the output layer, ${formatPower(first)} at ${layer}.`;
    }
    case 'dying': {
      const { share, layer: dead } = found.dead!;
      return `${label} is dying: ${formatPercent(share)} of the units of ${dead} give 0.`;
    }
    case 'stalled':
      return `${label} has stalled: ${score}${accuracy === undefined ? '' : `, loss ${lossInWords(loss)}`} (${guessing}).`;
    case 'started':
    case 'healthy':
      return `${label} ${healthyWord(kind, found)}: ${score}${arrives}.`;
    case 'symmetric': {
      const { layer: equal, width } = found.equal!;
      return `${label} has a symmetric start: all ${formatInteger(width)} units of ${equal} are the same.`;
    }
    case 'diverged':
      return `${label} diverged: loss from ${lossInWords(found.firstLoss)} to ${lossInWords(loss)} (${guessing}).`;
  }
}

/** How much is learnt, and how much of the gradient arrives at its first layer; of one that diverged its loss. */
export function figures(kind: VerdictKind, { accuracy, loss, gradient }: Findings): string {
  const score =
    accuracy === undefined || kind === 'diverged' ? `loss ${lossInWords(loss)}` : `${formatPercent(accuracy)} right`;
  return gradient === undefined || kind === 'diverged' ? score : `${score}, gradient ${formatPower(gradient.first)}`;
}
