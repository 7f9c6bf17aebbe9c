import { activation as catalogueEntry } from '../activations/catalogue';
import type { ExperimentConfig } from '../experiment/config';
import { formatInteger, formatPercent, formatPower, formatSentence } from '../format/numbers';
import { formatInitializer } from '../initializers/initializer';
import { layerInWords } from '../runs/layerWords';
import { runOf } from '../runs/overlay';
import { isOver, type NetworkRecord, type RunRecord } from '../runs/record';
import type { Verdict, VerdictKind } from './verdict';

/** When a network's records count as ill. Defaults from published detectors; see each. */
export interface VerdictThresholds {
  /** First layer's gradient norm over the last layer's, and itself (AutoTrainer, ICSE'21). */
  readonly vanishingRatio: number;
  readonly vanishingNorm: number;
  /** The same ratio, upwards (AutoTrainer). */
  readonly explodingRatio: number;
  /** Share of dead units of a layer (AutoTrainer's 70 %, judged per unit and not per entry). */
  readonly dyingShare: number;
  /** Share of saturated units of a layer (DeepDiagnosis' 50 %, with one cut-off on φ′/max φ′). */
  readonly saturatedShare: number;
  /** A network has learnt where it covers this share of the way from guessing to all right. */
  readonly learntShare: number;
}

export const defaultThresholds: VerdictThresholds = {
  vanishingRatio: 1e-3,
  vanishingNorm: 1e-4,
  explodingRatio: 70,
  dyingShare: 0.7,
  saturatedShare: 0.5,
  learntShare: 0.5,
};

interface Findings {
  readonly label: string;
  readonly classes: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly epoch: number;
  /** 0 guesses, 1 has all right. */
  readonly learnt: number;
  /** First-batch gradient norms. */
  readonly first: number;
  readonly last: number;
  /** Hidden layer with the most saturated units at the first batch. */
  readonly worst: { layer: string; width: number; saturated: number; mean: number; stddev: number };
  /** Most dead units in one hidden layer at the last probe. */
  readonly dead: { layer: string; share: number };
}

/**
 * What the records of one network say, while it trains and after. Undefined before its first probe.
 *
 * @param classes number of classes of the dataset; a guess has accuracy 1/classes and loss ln(classes)
 */
export function judge(
  record: NetworkRecord,
  config: ExperimentConfig,
  classes: number,
  thresholds: VerdictThresholds = defaultThresholds,
): Verdict | undefined {
  if (record.state === 'diverged') return diverged(record);
  if (record.steps.count === 0 || record.probes.count === 0) return undefined;
  const found = find(record, config, classes);
  const provisional = !isOver(record.state);
  const kind = kindOf(record, found, thresholds);
  return {
    kind,
    text: sentence(kind, found, record, config, provisional),
    evidence: evidence(found, config),
    provisional,
  };
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

function kindOf(record: NetworkRecord, found: Findings, limits: VerdictThresholds): VerdictKind {
  if (found.learnt >= limits.learntShare) return 'healthy';
  if (found.worst.saturated > limits.saturatedShare && !isOneSided(record.activation)) return 'saturated';
  if (found.dead.share >= limits.dyingShare && isOneSided(record.activation)) return 'dying';
  const ratio = found.first / found.last;
  if (found.first < limits.vanishingNorm && (ratio < limits.vanishingRatio || found.last === 0)) return 'vanishing';
  if (ratio > limits.explodingRatio || !Number.isFinite(found.first)) return 'exploding';
  return isStalled(record, found) ? 'stalled' : 'healthy';
}

/** Flat on one side and alive on the other, as relu: there a unit dies, and is not called saturated. */
function isOneSided(name: string): boolean {
  const { derivative } = catalogueEntry(name);
  return Math.abs(derivative(-1e3)) < 1e-6 !== Math.abs(derivative(1e3)) < 1e-6;
}

/** No better than guessing, and not on its way: the later half of the steps is no better than the earlier one. */
function isStalled(record: NetworkRecord, found: Findings): boolean {
  if (found.learnt > 0.15 || record.epochs.length < 2) return false;
  const first = record.epochs[0]!;
  const last = record.epochs.at(-1)!;
  return last.accuracy - first.accuracy < 0.05;
}

function find(record: NetworkRecord, config: ExperimentConfig, classes: number): Findings {
  const { steps, probes, layers } = record;
  const lastRow = record.epochs.at(-1);
  const recent = recentMeans(record);
  const accuracy = lastRow?.accuracy ?? recent.accuracy;
  const hidden = layers.length - 1;
  let worst = 0;
  let dead = 0;
  const lastProbe = probes.count - 1;
  for (let l = 1; l < hidden; l++) {
    if (probes.saturatedShare.at(0, l) > probes.saturatedShare.at(0, worst)) worst = l;
    if (probes.deadShare.at(lastProbe, l) > probes.deadShare.at(lastProbe, dead)) dead = l;
  }
  return {
    label: catalogueEntry(record.activation).label,
    classes,
    loss: lastRow?.loss ?? recent.loss,
    accuracy,
    epoch: lastRow?.epoch ?? 0,
    learnt: (accuracy - 1 / classes) / (1 - 1 / classes),
    first: steps.gradientNorms.at(0, 0),
    last: steps.gradientNorms.at(0, hidden),
    worst: {
      layer: layerInWords(layers[worst]!),
      width: config.hidden[worst]!,
      saturated: probes.saturatedShare.at(0, worst),
      mean: probes.preActivationMean.at(0, worst),
      stddev: probes.preActivationStddev.at(0, worst),
    },
    dead: { layer: layerInWords(layers[dead]!), share: probes.deadShare.at(lastProbe, dead) },
  };
}

/** Over the last fifty steps: what there is before the first epoch ends. */
function recentMeans({ steps }: NetworkRecord): { loss: number; accuracy: number } {
  const from = Math.max(0, steps.count - 50);
  let loss = 0;
  let accuracy = 0;
  for (let i = from; i < steps.count; i++) {
    loss += steps.loss.at(i);
    accuracy += steps.accuracy.at(i);
  }
  const n = steps.count - from;
  return { loss: loss / n, accuracy: accuracy / n };
}

const after = (epoch: number): string =>
  epoch === 0 ? 'so far' : `after ${epoch} ${epoch === 1 ? 'epoch' : 'epochs'}`;
const withDecimals = (x: number): string => x.toFixed(2);

function sentence(
  kind: VerdictKind,
  found: Findings,
  record: NetworkRecord,
  config: ExperimentConfig,
  provisional: boolean,
): string {
  const { label, classes, worst } = found;
  const guess = `ln ${classes} = ${withDecimals(Math.log(classes))}`;
  const score = `${formatPercent(found.accuracy)} right ${after(found.epoch)}`;
  switch (kind) {
    case 'saturated': {
      const share = worst.saturated === 1 ? 'all' : `${formatPercent(worst.saturated)} of the`;
      const units = `${share} ${formatInteger(worst.width)} units of ${worst.layer}`;
      const gradient = found.first === 0 ? 'is exactly 0' : `is only ${formatSentence(found.first)}`;
      const result =
        found.learnt < 0.05
          ? `so only the class frequencies can be learnt and ${lossText(found.loss, guess, classes)}`
          : `and only ${score}`;
      const cause = saturationCause(found, config);
      return `${label} is stuck: at the first batch ${units} are saturated and the gradient that reaches the first layer ${gradient}, ${result}. ${cause}`;
    }
    case 'vanishing': {
      const depth = config.hidden.length;
      const reached =
        found.first === 0
          ? `nothing of the output layer's gradient of ${formatPower(found.last)} reaches the first layer`
          : `the gradient shrinks from ${formatPower(found.last)} at the output to ${formatSentence(found.first)} at the first layer`;
      const cause =
        depth > 1
          ? `Each of the ${depth} hidden layers multiplies it by the weights and by φ′${boundText(record.activation)}.`
          : `The initialiser ${formatInitializer(config.kernelInitializer)} makes it so small.`;
      return `${label} vanishes (${score}): ${reached}. ${cause}`;
    }
    case 'exploding':
      return `${label} explodes (${score}): at the first batch the gradient grows from ${formatPower(found.last)} at the output to ${formatPower(found.first)} at the first layer. Smaller weights, such as ${catalogueEntry(record.activation).fittingInitializer}, keep it even.`;
    case 'dying':
      return `${label} is dying (${score}): ${formatPercent(found.dead.share)} of the units of ${found.dead.layer} give 0 on a whole batch, and a unit that gives 0 passes no gradient back. A lower learning rate or ${catalogueEntry(record.activation).fittingInitializer} keeps units alive.`;
    case 'stalled':
      return `${label} has stalled (${score}, loss ${withDecimals(found.loss)}, guessing gives ${guess}), although a gradient of ${formatSentence(found.first)} reaches the first layer. Try another learning rate or ${catalogueEntry(record.activation).fittingInitializer}.`;
    case 'healthy': {
      const reached = `a gradient of ${formatSentence(found.first)} reaches the first layer at the first batch`;
      if (found.learnt >= 0.5)
        return `${label} learns: ${formatPercent(found.accuracy)} of the training images are right ${after(found.epoch)}, and ${reached}.`;
      return `${label} ${provisional && found.epoch < 2 ? 'has started' : 'learns slowly'}: ${formatPercent(found.accuracy)} of the training images are right ${after(found.epoch)}, and ${reached}.`;
    }
    case 'diverged':
      return diverged(record).text;
  }
}

/** Sigmoid's φ′ cannot exceed a quarter; the exponential's has no bound to tell. */
function boundText(activation: string): string {
  const { value } = catalogueEntry(activation).derivativeMax;
  return Number.isFinite(value) ? `, which is at most ${value.toPrecision(2)}` : '';
}

/** A net that only guesses comes to ln(classes) at best; early on it is still on its way down. */
function lossText(loss: number, guess: string, classes: number): string {
  const arrived = loss < 1.05 * Math.log(classes);
  return arrived
    ? `the loss stays at ${withDecimals(loss)} (${guess})`
    : `the loss, now ${withDecimals(loss)}, cannot fall below ${guess}`;
}

/** The initialiser is to blame where it pushes z far out; depth is not, in a net of one hidden layer. */
function saturationCause(found: Findings, config: ExperimentConfig): string {
  const { mean, stddev } = found.worst;
  const place = `${mean >= 0 ? '+' : '−'}${Math.abs(mean).toPrecision(3)} ± ${stddev.toPrecision(2)}`;
  const depth = config.hidden.length === 1 ? ', not depth: there is one hidden layer' : '';
  return `The initialiser ${formatInitializer(config.kernelInitializer)} does that${depth}; it puts the pre-activations at ${place}, where the derivative is practically 0.`;
}

function evidence(found: Findings, config: ExperimentConfig): Verdict['evidence'] {
  return [
    { label: `gradient norm of the first layer, first batch`, value: formatPower(found.first) },
    { label: 'gradient norm of the output layer, first batch', value: formatPower(found.last) },
    {
      label: `saturated units of ${found.worst.layer}, first batch`,
      value: formatPercent(found.worst.saturated),
    },
    {
      label: `pre-activations of ${found.worst.layer}, first batch`,
      value: `${found.worst.mean.toPrecision(3)} ± ${found.worst.stddev.toPrecision(3)}`,
    },
    { label: `dead units of ${found.dead.layer}, last probe`, value: formatPercent(found.dead.share) },
    { label: `training accuracy ${after(found.epoch)}`, value: formatPercent(found.accuracy) },
    {
      label: `training loss ${after(found.epoch)}`,
      value: `${found.loss.toPrecision(4)} nats (guessing: ${Math.log(found.classes).toFixed(4)})`,
    },
    { label: 'kernel initialiser', value: formatInitializer(config.kernelInitializer) },
  ];
}

function diverged(record: NetworkRecord): Verdict {
  const { label } = catalogueEntry(record.activation);
  const reason = record.message ?? 'The loss was not finite.';
  return {
    kind: 'diverged',
    text: `${label} diverged. ${reason} A lower learning rate or smaller initial weights keep it finite.`,
    evidence: [{ label: 'steps recorded', value: formatInteger(record.steps.count) }],
    provisional: false,
  };
}
