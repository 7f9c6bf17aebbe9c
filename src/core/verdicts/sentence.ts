import { activation as catalogueEntry } from '../activations/catalogue';
import type { ExperimentConfig } from '../experiment/config';
import { formatInteger, formatPercent, formatPower, formatSentence } from '../format/numbers';
import { formatInitializer } from '../initializers/initializer';
import type { NetworkRecord } from '../runs/record';
import type { Findings } from './findings';
import type { Verdict, VerdictKind } from './verdict';

/** When a score was taken. */
const after = (epoch: number): string =>
  epoch === 0 ? 'so far' : `after ${epoch} ${epoch === 1 ? 'epoch' : 'epochs'}`;
const withDecimals = (x: number): string => x.toFixed(2);
/** A large loss without decimals. */
const lossInWords = (x: number): string =>
  x >= 1000 && x < 1e9 ? formatInteger(Math.round(x)) : x < 1000 ? withDecimals(x) : formatPower(x);

/** A verdict's sentence, and its cause in sentences of its own; where nothing is to be added, ''. */
export interface Said {
  readonly head: string;
  readonly why: string;
}

/** What happened, with the decisive number, and why; what to try is added by the judge. */
export function sentence(
  kind: VerdictKind,
  found: Findings,
  record: NetworkRecord,
  config: ExperimentConfig,
  provisional: boolean,
): Said {
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
          ? `So only the class frequencies can be learnt and ${lossText(found.loss, guess, classes)}.`
          : `It has only ${score}.`;
      return {
        head: `${label} is stuck: at the first batch ${units} are saturated and the gradient that reaches the first layer ${gradient}.`,
        why: `${result} ${saturationCause(found, config)}`,
      };
    }
    case 'vanishing': {
      const depth = config.hidden.length;
      const reached =
        found.first === 0
          ? `nothing of the output layer's gradient of ${formatPower(found.last)} reaches the first layer`
          : `the gradient shrinks from ${formatPower(found.last)} at the output to ${formatSentence(found.first)} at the first layer`;
      return {
        head: `${label} vanishes (${score}): ${reached}.`,
        why:
          depth > 1
            ? `Each of the ${depth} hidden layers multiplies it by the weights and by φ′${boundText(record.activation)}.`
            : `The initialiser ${formatInitializer(config.kernelInitializer)} makes it so small.`,
      };
    }
    case 'exploding':
      return {
        head: `${label} explodes (${score}): at the first batch the gradient grows from ${formatPower(found.last)} at the output to ${formatPower(found.first)} at the first layer.`,
        why: '',
      };
    case 'dying':
      return {
        head: `${label} is dying (${score}): ${formatPercent(found.dead.share)} of the units of ${found.dead.layer} give 0 on a whole batch.`,
        why: 'A unit that gives 0 passes no gradient back.',
      };
    case 'stalled':
      return {
        head: `${label} has stalled (${score}, loss ${lossInWords(found.loss)}, guessing gives ${guess}), although a gradient of ${formatSentence(found.first)} reaches the first layer.`,
        why: '',
      };
    case 'healthy': {
      const state =
        found.learnt >= 0.5
          ? 'learns'
          : found.epoch === 0 || (provisional && found.epoch < 2)
            ? 'has started'
            : 'learns slowly';
      return {
        head: `${label} ${state}: ${formatPercent(found.accuracy)} of the training images are right ${after(found.epoch)}, and a gradient of ${formatSentence(found.first)} reaches the first layer at the first batch.`,
        why: '',
      };
    }
    case 'symmetric': {
      const { layer, width } = found.equal!;
      return {
        head: `${label} has a symmetric start (${score}): with ${formatInitializer(config.kernelInitializer)} all ${formatInteger(width)} units of ${layer} are the same.`,
        why: 'As equal units get equal gradients they stay so: the layer can do no more than one unit.',
      };
    }
    case 'diverged':
      return {
        head: `${label} diverged (${score}): training has raised the loss from ${lossInWords(found.firstLoss)} at the first batch to ${lossInWords(found.loss)}, and guessing gives ${guess}.`,
        why: '',
      };
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
    : `the loss, now ${lossInWords(loss)}, cannot fall below ${guess}`;
}

/** The initialiser is to blame where it pushes z far out; depth is not, in a net of one hidden layer. */
function saturationCause(found: Findings, config: ExperimentConfig): string {
  const { mean, stddev } = found.worst;
  const place = `${mean >= 0 ? '+' : '−'}${Math.abs(mean).toPrecision(3)} ± ${stddev.toPrecision(2)}`;
  const depth = config.hidden.length === 1 ? ', not depth: there is one hidden layer' : '';
  return `The initialiser ${formatInitializer(config.kernelInitializer)} does that${depth}; it puts the pre-activations at ${place}, where the derivative is practically 0.`;
}

/** The numbers behind a verdict. */
export function evidence(found: Findings, config: ExperimentConfig): Verdict['evidence'] {
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
      value: `${found.loss.toPrecision(4)} nats (guessing: ${found.guess.toFixed(4)})`,
    },
    { label: 'training loss, first batch', value: `${found.firstLoss.toPrecision(4)} nats` },
    { label: 'kernel initialiser', value: formatInitializer(config.kernelInitializer) },
  ];
}
