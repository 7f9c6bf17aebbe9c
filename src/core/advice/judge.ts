import { activation as catalogueEntry } from '../activations/catalogue';
import type { ExperimentConfig } from '../experiment/config';
import { formatInteger } from '../format/numbers';
import { runOf } from '../runs/overlay';
import { isOver, type NetworkRecord, type RunRecord } from '../runs/record';
import type { VerdictKind } from '../runs/verdictKinds';
import { type Findings, find } from '../verdicts/findings';
import { defaultThresholds, type VerdictThresholds } from '../verdicts/thresholds';
import { type RunRemedy, remedyInWords, type Verdict } from '../verdicts/verdict';
import { remedyOf } from './runRemedy';
import { evidence, type Said, sentence, unjudged } from './runSentence';
import { figures, shortSentence } from './runShortSentence';

/**
 * What the records of one network say, while it trains and after. Undefined before its first step.
 *
 * @param classes number of classes of the dataset; a guess has accuracy 1/classes and loss ln(classes)
 */
export function judge(
  record: NetworkRecord,
  config: ExperimentConfig,
  classes: number,
  thresholds: VerdictThresholds = defaultThresholds,
): Verdict | undefined {
  if (record.state === 'diverged') return diverged(record, config, classes, thresholds);
  if (record.steps.count === 0) return undefined;
  const found = find(record, config, classes);
  const provisional = !isOver(record.state);
  const kind = kindOf(record, found, thresholds);
  const remedy = remedyFor(kind, found, record, config, thresholds);
  return {
    kind,
    ...advised(withFailure(withLack(sentence(kind, found, record, config), found), record), remedy),
    ...failedToo(record, { ...shortSentence(kind, found, config), ...figures(kind, found) }),
    evidence: evidence(found, config),
    provisional,
  };
}

function remedyFor(
  kind: VerdictKind,
  found: Findings,
  { activation }: NetworkRecord,
  config: ExperimentConfig,
  thresholds: VerdictThresholds,
): RunRemedy | undefined {
  // Without the gradient it is not known whether that or the steps are to blame.
  if (kind === 'stalled' && found.gradient === undefined) return undefined;
  return remedyOf({
    kind,
    activation,
    config,
    fromStart:
      kind === 'dying' && found.dead !== undefined
        ? found.dead.born >= thresholds.dyingShare
        : beganOff(found.firstLoss, found.guess, thresholds),
    updateRatio: found.updateRatio,
    lossAboveGuess: found.loss > thresholds.offLoss * found.guess,
  });
}

/** The verdicts of a whole run by network id, as far as there are any. */
export function judgeAll(run: RunRecord): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const record of run.networks) {
    const { config, dataset } = runOf(run, record);
    const verdict = judge(record, config, dataset.classes);
    if (verdict) verdicts.set(record.id, verdict);
  }
  return verdicts;
}

/** Beside its cause a verdict says what it could not go by. */
const withLack = ({ head, why }: Said, found: Findings): Said => ({
  head,
  why: [why, unjudged(found)].filter(Boolean).join(' '),
});

/** What failed has come to its verdict before that, and is still said to have failed. */
const withFailure = ({ head, why }: Said, { state, message }: NetworkRecord): Said =>
  state === 'failed'
    ? { head: `${head} Then it failed${message === undefined ? '.' : `: ${message}`}`, why }
    : { head, why };

type Shorter = Pick<Verdict, 'short' | 'facts' | 'figures' | 'dated'>;

const failedToo = ({ state }: NetworkRecord, said: Shorter): Shorter =>
  state === 'failed'
    ? {
        short: `${said.short} Then it failed.`,
        facts: `${said.facts} Then it failed.`,
        figures: `${said.figures}, failed`,
        dated: `${said.dated}, failed`,
      }
    : said;

/** A sentence, its cause, and what to try, in the words of the button that tries it. */
function advised(
  { head, why }: Said,
  remedy: RunRemedy | undefined,
): Pick<Verdict, 'head' | 'why' | 'text' | 'remedy'> {
  const text = why === '' ? head : `${head} ${why}`;
  return remedy === undefined ? { head, why, text } : { head, why, text: text + remedyInWords(remedy), remedy };
}

/** The initial weights alone put the logits so far out that the first batch is far worse than a guess. */
const beganOff = (firstLoss: number, guess: number, limits: VerdictThresholds): boolean =>
  !(firstLoss <= limits.divergedLoss * guess);

/** A kind that goes by what the records lack is left out. */
function kindOf(record: NetworkRecord, found: Findings, limits: VerdictThresholds): VerdictKind {
  const { worst, dead, gradient } = found;
  if (found.learnt >= limits.learntShare) return 'healthy';
  if (found.equal !== undefined) return 'symmetric';
  if (worst !== undefined && worst.saturated > limits.saturatedShare && !isOneSided(record.activation)) {
    return 'saturated';
  }
  if (found.loss > limits.divergedLoss * Math.max(found.firstLoss, found.guess)) return 'diverged';
  if (dead !== undefined && dead.share >= limits.dyingShare && isOneSided(record.activation)) return 'dying';
  if (gradient !== undefined) {
    const { first, last } = gradient;
    const ratio = first / last;
    if (first < limits.vanishingNorm && (ratio < limits.vanishingRatio || last === 0)) return 'vanishing';
    if (ratio > limits.explodingRatio || !Number.isFinite(first)) return 'exploding';
  }
  if (isStalled(record, found, limits)) return 'stalled';
  const early = found.epoch === 0 ? record.state !== 'finished' : !isOver(record.state) && found.epoch < 2;
  return early ? 'started' : 'healthy';
}

/** Flat on one side and alive on the other, as relu: there a unit dies, and is not called saturated. */
function isOneSided(name: string): boolean {
  const { derivative } = catalogueEntry(name);
  return Math.abs(derivative(-1e3)) < 1e-6 !== Math.abs(derivative(1e3)) < 1e-6;
}

/** No better than guessing after an epoch, or where less was asked for; or little better, and not on its way. */
function isStalled(record: NetworkRecord, found: Findings, limits: VerdictThresholds): boolean {
  const { epochs } = record;
  const guesses = found.learnt <= limits.guessingShare;
  const off = !(found.loss <= limits.offLoss * found.guess);
  if (guesses && off) return epochs.length > 0 || record.state === 'finished';
  if (epochs.length === 0) return false;
  if (guesses && epochs.length === 1) return found.learntOfLate <= limits.stalledShare;
  return found.learnt <= limits.stalledShare && epochs.length > 1 && found.gain < limits.stalledGain;
}

function diverged(
  record: NetworkRecord,
  config: ExperimentConfig,
  classes: number,
  thresholds: VerdictThresholds,
): Verdict {
  const { label } = catalogueEntry(record.activation);
  const head = `${label} diverged. ${record.message ?? 'The loss was not finite.'}`;
  const remedy = remedyOf({
    kind: 'diverged',
    activation: record.activation,
    config,
    fromStart: beganOff(record.steps.loss.at(0), Math.log(classes), thresholds),
    updateRatio: Number.NaN,
    lossAboveGuess: true,
  });
  return {
    kind: 'diverged',
    ...advised({ head, why: '' }, remedy),
    short: head,
    facts: record.message ?? 'The loss was not finite.',
    figures: record.message ?? 'loss not finite',
    dated: record.message ?? 'loss not finite',
    evidence: [{ label: 'steps recorded', value: formatInteger(record.steps.count) }],
    provisional: false,
  };
}
