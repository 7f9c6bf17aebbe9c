import { formatTable } from '../../format/numbers';
import type { Band } from '../../theory/meanField';
import { type FlowVerdictKind, isEven, worthSaying } from '../../verdicts/predicted';
import { remedyThresholds } from '../../verdicts/thresholds';
import type { Change } from './change';
import { changeInWords } from './settings';
import type { Subject } from './subject';
import { changesFor } from './table';

/** What is predicted of a network. */
export interface Outlook {
  /** ‖δ‖ at the first hidden layer over that at the last. */
  readonly ratio: number;
  /** Holds what nine in ten networks would have. */
  readonly band: Band;
  /** Share of networks born dead. */
  readonly zeros: number;
  readonly kind: FlowVerdictKind;
  /** How many there are. */
  readonly hiddenLayers: number;
}

/** A change that is predicted to bring ‖δ‖ first/last nearer to 1. */
export interface Remedy {
  readonly change: Change;
  /** "ReLU with he_normal", "Batch normalisation". */
  readonly title: string;
  /** The same inside a sentence: "the initialiser he_normal", "batch normalisation". */
  readonly words: string;
  /** "Use ReLU with he_normal", "Add batch normalisation". */
  readonly command: string;
  /** The ratio as it is. */
  readonly before: number;
  /** The ratio with the change. */
  readonly after: number;
  /** Holds what nine in ten networks would have with the change. */
  readonly band: Band;
}

/** Rounding is no news: 0.9999999 is 1.0. */
export const shownRatio = (ratio: number): string => formatTable(Number(ratio.toPrecision(10)), 2);

/** "2.0e-6 → 0.91" */
export const effectOf = ({ before, after }: Remedy): string => `${shownRatio(before)} → ${shownRatio(after)}`;

/** How far a ratio lies from 1, in ln; 0 and Infinity are farthest. */
export const distance = (ratio: number): number => Math.abs(Math.log(ratio));

/** A network, what is predicted of it, and how to try a change. */
export interface Ranking<E> {
  readonly subject: Subject;
  readonly now: Outlook;
  /** Undefined where the change cannot be said, or where it is not known what comes of it. */
  readonly tried: (change: Change) => Trial<E> | undefined;
}

interface Trial<E> {
  readonly outlook: Outlook;
  /** What it takes to make the change. */
  readonly made: E;
}

/**
 * What would bring more of the gradient to the first layer, or less where it explodes: the best first. Changes that do
 * not help are left out, and so are those after which a layer is still flat. The prediction alone ranks them: what else an
 * activation is good for is not its subject. Each is looked at once it is asked for.
 */
export function* ranked<E>(ranking: Ranking<E>): Generator<Remedy & E, undefined> {
  const { subject, now } = ranking;
  // Where the gradient takes no step, what the slopes of one layer leave is no ill.
  if (subject.layers.length === 0 || (now.hiddenLayers === 1 && now.kind === 'healthy')) return;
  const { usual, last } = changesFor(subject);
  let found = false;
  for (const remedy of ordered(ranking, usual)) {
    found = true;
    yield remedy;
  }
  if (!found && ails(now)) yield* ordered(ranking, last);
}

/** What is wrong enough for a word. */
export const ails = ({ kind, ratio, zeros, hiddenLayers }: Outlook): boolean =>
  kind !== 'healthy' || (hiddenLayers > 1 && (!isEven(ratio) || worthSaying.manyDead(zeros)));

/** The changes that help, nearest to 1 first; a single layer's initialiser before all, as no step lies between layers. */
function* ordered<E>({ subject, now, tried }: Ranking<E>, changes: readonly Change[]): Generator<Remedy & E> {
  const { ratio: before, kind, hiddenLayers } = now;
  const from = kind === 'dead' ? Number.POSITIVE_INFINITY : distance(before);
  const comesFirst = ({ activation, kernelInitializers }: Change): boolean =>
    hiddenLayers === 1 && activation === undefined && kernelInitializers !== undefined;
  const helping = changes
    .flatMap((change) => {
      const trial = tried(change);
      return trial !== undefined && helps(distance(trial.outlook.ratio), from) ? [{ change, ...trial }] : [];
    })
    .sort(
      (a, b) =>
        Number(comesFirst(b.change)) - Number(comesFirst(a.change)) ||
        distance(a.outlook.ratio) - distance(b.outlook.ratio),
    );
  for (const { change, made, outlook } of helping) {
    if (outlook.kind === 'dead') continue;
    const { title, words, short, verb } = changeInWords(change, subject.model.framework);
    yield {
      ...made,
      change,
      title,
      words,
      command: `${verb} ${short}`,
      before,
      after: outlook.ratio,
      band: outlook.band,
    };
  }
}

/** Where it overflows as it is, Infinity would be no farther from 1. */
const helps = (to: number, from: number): boolean =>
  to < Number.POSITIVE_INFINITY && to <= remedyThresholds.gain * from && to <= from - remedyThresholds.least;
