import type { ExperimentConfig } from '../experiment/config';
import { formatInteger, formatPercent } from '../format/numbers';
import { firstLayerInWords } from '../runs/layerWords';
import type { VerdictKind } from '../runs/verdictKinds';
import type { Findings } from '../verdicts/findings';
import { after, gradientSize, healthyWord, lossInWords, unitsInWords } from './runSentence';

/** A verdict in a few words, each number with its moment. */
export interface ShortSaid {
  /** A sentence where many stand below each other: "sigmoid is stuck: all 128 units saturated, gradient 0 at batch 1." */
  readonly short: string;
  /** What it says after its colon, for a place where name and badge stand above. */
  readonly facts: string;
}

/** The decisive number, as far as it was recorded. */
export function shortSentence(kind: VerdictKind, found: Findings, config: ExperimentConfig): ShortSaid {
  const { label, loss, accuracy, gradient, guess } = found;
  const score = datedScore(kind, found);
  const layer = firstLayerInWords(config.hidden.length);
  const reaches = gradientAtFirst(found);
  const arrives = reaches === '' ? '' : `, ${reaches}`;
  const guessing = `guessing: ${guess.toFixed(2)}`;
  switch (kind) {
    case 'saturated': {
      const { saturated, width, layer: worst } = found.worst!;
      const units = unitsInWords(saturated, width);
      const place = worst === layer ? '' : ` of ${worst}`;
      return said(`${label} is stuck`, `${units}${place} saturated${arrives}`);
    }
    case 'vanishing':
    case 'exploding': {
      const { last } = gradient!;
      const verb = kind === 'vanishing' ? 'vanishes' : 'explodes';
      return said(`${label} ${verb}`, `${reaches}, from ${gradientSize(last)} at the output`);
    }
    case 'dying': {
      const { share, layer: dead } = found.dead!;
      return said(`${label} is dying`, `by now ${formatPercent(share)} of the units of ${dead} give 0`);
    }
    case 'stalled': {
      const both = accuracy === undefined ? score : `${score}, loss ${lossInWords(loss)}`;
      return said(`${label} has stalled`, `${both} (${guessing})`);
    }
    case 'started':
    case 'healthy':
      return said(`${label} ${healthyWord(kind, found)}`, `${score}${arrives}`);
    case 'symmetric': {
      const { layer: equal, width } = found.equal!;
      return said(`${label} has a symmetric start`, `all ${formatInteger(width)} units of ${equal} are the same`);
    }
    case 'diverged': {
      const change = `loss from ${lossInWords(found.firstLoss)} to ${lossInWords(loss)}`;
      return said(`${label} diverged`, `${change} (${guessing})`);
    }
  }
}

const said = (opening: string, facts: string): ShortSaid => ({
  short: `${opening}: ${facts}.`,
  facts: `${facts[0]!.toUpperCase()}${facts.slice(1)}.`,
});

/** How long a short sentence usually gets: room is kept for it before it comes. */
export const usualShort = (epochs: number): string =>
  ` learns: 99 % right ${after(epochs)}, gradient 0.0038 at batch 1.`;

/** The decisive numbers of a verdict, for a place where a badge says the kind. */
export interface Figures {
  /** "11 % right, gradient 0": where their moments are told beside it. */
  readonly figures: string;
  /** "11 % right after 2 epochs, gradient 0 at batch 1". */
  readonly dated: string;
}

/** How much is learnt, and how much of the gradient arrives at its first layer; of one that diverged its loss. */
export function figures(kind: VerdictKind, found: Findings): Figures {
  const { gradient } = found;
  const arrives = gradient === undefined || kind === 'diverged' ? '' : `, gradient ${gradientSize(gradient.first)}`;
  return {
    figures: `${scoreInWords(kind, found)}${arrives}`,
    dated: `${datedScore(kind, found)}${arrives === '' ? '' : `, ${gradientAtFirst(found)}`}`,
  };
}

/** As long as dated figures usually get. */
export const usualDated = (epochs: number): string => ` 99 % right ${after(epochs)}, gradient 0.0038 at batch 1`;

const gradientAtFirst = ({ gradient }: Findings): string =>
  gradient === undefined ? '' : `gradient ${gradientSize(gradient.first)} at batch 1`;

const scoreInWords = (kind: VerdictKind, { accuracy, loss }: Findings): string =>
  accuracy === undefined || kind === 'diverged' ? `loss ${lossInWords(loss)}` : `${formatPercent(accuracy)} right`;

const datedScore = (kind: VerdictKind, found: Findings): string => `${scoreInWords(kind, found)} ${after(found.epoch)}`;
