import type { ExperimentConfig } from '../experiment/config';
import { formatInteger, formatPercent, formatPower } from '../format/numbers';
import type { VerdictKind } from '../runs/verdictKinds';
import type { Findings } from '../verdicts/findings';
import { after, healthyWord, lossInWords } from './runSentence';

/** A verdict's sentence in a few words, where many stand below each other: the decisive number, as far as it was recorded. */
export function shortSentence(kind: VerdictKind, found: Findings, config: ExperimentConfig): string {
  const { label, loss, accuracy, epoch, gradient, guess } = found;
  const score =
    accuracy === undefined
      ? `loss ${lossInWords(loss)} ${after(epoch)}`
      : `${formatPercent(accuracy)} right ${after(epoch)}`;
  const arrives = gradient === undefined ? '' : `, gradient ${formatPower(gradient.first)} at layer 1`;
  const guessing = `guessing: ${guess.toFixed(2)}`;
  switch (kind) {
    case 'saturated': {
      const { saturated, width, layer } = found.worst!;
      const units = `${saturated === 1 ? 'all' : `${formatPercent(saturated)} of the`} ${formatInteger(width)} units`;
      return `${label} is stuck: ${units}${config.hidden.length > 1 ? ` of ${layer}` : ''} saturated${arrives}.`;
    }
    case 'vanishing':
    case 'exploding': {
      const { first, last } = gradient!;
      const verb = kind === 'vanishing' ? 'vanishes' : 'explodes';
      return `${label} ${verb}: gradient ${formatPower(last)} at the output, ${formatPower(first)} at layer 1.`;
    }
    case 'dying': {
      const { share, layer } = found.dead!;
      return `${label} is dying: ${formatPercent(share)} of the units of ${layer} give 0.`;
    }
    case 'stalled':
      return `${label} has stalled: ${score}${accuracy === undefined ? '' : `, loss ${lossInWords(loss)}`} (${guessing}).`;
    case 'started':
    case 'healthy':
      return `${label} ${healthyWord(kind, found)}: ${score}${arrives}.`;
    case 'symmetric': {
      const { layer, width } = found.equal!;
      return `${label} has a symmetric start: all ${formatInteger(width)} units of ${layer} are the same.`;
    }
    case 'diverged':
      return `${label} diverged: loss from ${lossInWords(found.firstLoss)} to ${lossInWords(loss)} (${guessing}).`;
  }
}
