import { formatSentence } from '../format/numbers';
import { wordThresholds } from '../verdicts/thresholds';

/** A ratio of gradients in a sentence, where no number holds it too. */
export function amountOf(ratio: number): string {
  if (ratio === 0) return 'Less than 10⁻³²³';
  return Number.isFinite(ratio) ? formatSentence(ratio) : 'More than 10³⁰⁸';
}

/** "0.21 of the gradient", "1.2 times the gradient". */
export const timesOrOf = (ratio: number): string => (ratio > wordThresholds.times ? 'times' : 'of');
