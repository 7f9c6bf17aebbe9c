import { formatInteger, formatPower, formatSentence } from '../format/numbers';
import { wordThresholds } from '../verdicts/thresholds';

/** A ratio of gradients in a sentence, where no number holds it too. */
export function amountOf(ratio: number): string {
  if (ratio === 0) return 'Less than 10⁻³²³';
  return Number.isFinite(ratio) ? formatSentence(ratio) : 'More than 10³⁰⁸';
}

/** "0.21 of the gradient", "1.2 times the gradient". */
export const timesOrOf = (ratio: number): string => (ratio > wordThresholds.times ? 'times' : 'of');

/**
 * "each of the 9 steps back multiplies it by about 0.23"; where the ratio is too small for a number, by the layers' own χ.
 *
 * @param chis χ of each layer
 */
export function stepsBack(ratio: number, chis: readonly number[]): string {
  const steps = chis.length - 1;
  const logs = chis.slice(0, -1).map(Math.log);
  const mean = ratio > 0 ? ratio ** (1 / steps) : Math.exp(logs.reduce((sum, log) => sum + log, 0) / steps / 2);
  const factor = formatPower(mean, mean > 0.9 && mean < 1.1 ? 4 : 2);
  return steps === 1
    ? `the one step back multiplies it by ${factor}`
    : `each of the ${formatInteger(steps)} steps back multiplies it by about ${factor}`;
}
