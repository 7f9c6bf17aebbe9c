import type { ExperimentConfig } from '../experiment/config';
import type { VerdictKind } from '../runs/verdictKinds';

/** A verdict in the word that people read, the same everywhere. */
export const verdictWord = (kind: VerdictKind): string => (kind === 'healthy' ? 'learns' : kind);

/** A change of a run's settings to try: the sentence of a verdict names it, and its button makes it. */
export interface RunRemedy {
  /** After "Try": "he_normal", "ReLU with he_normal", "a learning rate of 0.01". */
  readonly words: string;
  /** The run's settings with the change. */
  readonly config: ExperimentConfig;
}

/** What a network's records say of its training. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** All of it in words: the sentence, its cause, and what to try, where something is known. */
  readonly text: string;
  /** The sentence alone: what is the matter, with the decisive number. */
  readonly head: string;
  /** The sentence in a few words, where many stand below each other. */
  readonly short: string;
  /** What that says besides name and kind, for a place where they stand above. */
  readonly facts: string;
  /** Its decisive numbers alone, for a place where a badge says the kind: "11 % right, gradient 0". */
  readonly figures: string;
  /** The same with their moments: "11 % right after 2 epochs, gradient 0 at batch 1". */
  readonly dated: string;
  /** Its cause in words, for those who ask why; '' where the sentence says all. */
  readonly why: string;
  /** The numbers behind it, each with its unit, for those who ask why. */
  readonly evidence: readonly { readonly label: string; readonly value: string }[];
  readonly remedy?: RunRemedy;
  /** True while the network still trains: the verdict may change. */
  readonly provisional: boolean;
}

/** How a verdict's sentence ends where there is something to try; where a button says it, the sentence need not. */
export const remedyInWords = ({ words }: RunRemedy): string => ` Try ${words}.`;
