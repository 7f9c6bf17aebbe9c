import { activation as catalogueEntry } from '../activations/catalogue';
import type { ExperimentConfig } from '../experiment/config';
import { formatInteger, formatOneIn, formatPercent, formatPower } from '../format/numbers';
import { initializerInWords } from '../initializers/initializer';
import { firstLayerInWords } from '../runs/layerWords';
import type { NetworkRecord } from '../runs/record';
import type { VerdictKind } from '../runs/verdictKinds';
import type { Findings } from '../verdicts/findings';
import type { Verdict } from '../verdicts/verdict';

/** When a score was taken. */
export const after = (epoch: number): string =>
  epoch === 0 ? 'so far' : `after ${epoch} ${epoch === 1 ? 'epoch' : 'epochs'}`;
const withDecimals = (x: number): string => x.toFixed(2);
/** A large loss without decimals. */
export const lossInWords = (x: number): string =>
  x >= 1000 && x < 1e9 ? formatInteger(Math.round(x)) : x < 1000 ? withDecimals(x) : formatPower(x);

/** A verdict's sentence, and its cause in sentences of its own; where nothing is to be added, ''. */
export interface Said {
  readonly head: string;
  readonly why: string;
}

/** What stands after the name in a sentence as long as they usually are: room is kept for it before it comes. */
export const usualHead = (epochs: number, hiddenLayers: number): string =>
  hiddenLayers > 1
    ? ` vanishes (100 % right ${after(epochs)}): at the first batch the gradient shrinks from 0.75 at the output layer to 3.8 × 10⁻⁹ at hidden layer 1 (about 1 in 200 million).`
    : ` learns: 100 % of the training images are right ${after(epochs)}, and a gradient of 0.0038 reaches the hidden layer at the first batch.`;

/** A gradient's size where a number stands alone; one that overflowed is none. */
export const gradientSize = (x: number): string => (Number.isFinite(x) ? formatPower(x) : 'not finite');

/** … and in a sentence: "a gradient of …". */
const sizeText = (x: number): string => (Number.isFinite(x) ? formatPower(x) : 'no finite size');

/** What happened, with the decisive number, and why; what to try is added by the judge. */
export function sentence(kind: VerdictKind, found: Findings, record: NetworkRecord, config: ExperimentConfig): Said {
  const { label, classes } = found;
  const guess = `ln ${classes} = ${withDecimals(Math.log(classes))}`;
  const score = scoreText(found, guess);
  const firstLayer = firstLayerInWords(config.hidden.length);
  switch (kind) {
    case 'saturated': {
      const worst = found.worst!;
      const units = `${unitsInWords(worst.saturated, worst.width)} of ${worst.layer}`;
      const first = found.gradient?.first;
      const gradient =
        first === 0
          ? 'is exactly 0'
          : first !== undefined && Number.isFinite(first)
            ? `is only ${formatPower(first)}`
            : 'is not finite';
      const reached = worst.layer === firstLayer ? 'it' : firstLayer;
      const arrives = first === undefined ? '' : ` and the gradient that reaches ${reached} ${gradient}`;
      const result =
        found.learnt < 0.05
          ? `So only the class frequencies can be learnt and ${lossText(found.loss, guess, classes)}.`
          : found.accuracy === undefined
            ? `It has come only to a ${score}.`
            : `It has only ${score}.`;
      return {
        head: `${label} is stuck: at the first batch ${units} ${worst.width === 1 ? 'is' : 'are'} saturated${arrives}.`,
        why: `${result} ${saturationCause(found, config)}`,
      };
    }
    case 'vanishing': {
      const depth = config.hidden.length;
      const { first, last } = found.gradient!;
      const reached =
        first === 0
          ? `at the first batch nothing of the output layer's gradient of ${sizeText(last)} reaches ${firstLayer}`
          : `at the first batch the gradient shrinks from ${sizeText(last)} at the output layer to ${formatPower(first)} at ${firstLayer}${shareText(first / last)}`;
      return {
        head: `${label} vanishes (${score}): ${reached}.`,
        why:
          depth > 1
            ? `Each of the ${depth} hidden layers multiplies it by the weights and by φ′${boundText(record.activation)}.`
            : `The initialiser ${initializerInWords(config.kernelInitializer)} makes it so small.`,
      };
    }
    case 'exploding': {
      const { first, last } = found.gradient!;
      return {
        head: `${label} explodes (${score}): at the first batch the gradient grows from ${sizeText(last)} at the output layer to ${sizeText(first)} at ${firstLayer}.`,
        why: '',
      };
    }
    case 'dying': {
      const { share, layer } = found.dead!;
      return {
        head: `${label} is dying (${score}): by now ${formatPercent(share)} of the units of ${layer} give 0 on a whole batch.`,
        why: 'A unit that gives 0 passes no gradient back.',
      };
    }
    case 'stalled': {
      const both =
        found.accuracy === undefined ? score : `${score}, loss ${lossInWords(found.loss)}, guessing gives ${guess}`;
      const although =
        found.gradient === undefined
          ? ''
          : `, although a gradient of ${sizeText(found.gradient.first)} reaches ${firstLayer} at the first batch`;
      return { head: `${label} has stalled (${both})${although}.`, why: '' };
    }
    case 'started':
    case 'healthy': {
      const state = healthyWord(kind, found);
      const right =
        found.accuracy === undefined
          ? `training has come to a ${score}`
          : `${formatPercent(found.accuracy)} of the training images are right ${after(found.epoch)}`;
      const arrives =
        found.gradient === undefined
          ? ''
          : `, and a gradient of ${sizeText(found.gradient.first)} reaches ${firstLayer} at the first batch`;
      return { head: `${label} ${state}: ${right}${arrives}.`, why: confidentErrors(found, guess) };
    }
    case 'symmetric': {
      const { layer, width } = found.equal!;
      return {
        head: `${label} has a symmetric start (${score}): with ${initializerInWords(config.kernelInitializer)} all ${formatInteger(width)} units of ${layer} are the same.`,
        why: 'As equal units get equal gradients they stay so: the layer can do no more than one unit.',
      };
    }
    case 'diverged':
      return {
        head: `${label} diverged${found.accuracy === undefined ? '' : ` (${score})`}: training has raised the loss from ${lossInWords(found.firstLoss)} at the first batch to ${lossInWords(found.loss)}, and guessing gives ${guess}.`,
        why: '',
      };
  }
}

/** How well a network gets on that nothing is the matter with. */
export const healthyWord = (kind: VerdictKind, { learnt }: Findings): string =>
  kind === 'started' ? 'has started' : learnt >= 0.5 ? 'learns' : 'learns slowly';

/** " (about 1 in 2.6 million)": what is left of what was there; '' where that says less than the two sizes. */
/** "all 128 units", "78 % of the 128 units", "the one unit". */
export function unitsInWords(share: number, width: number): string {
  if (width === 1) return 'the one unit';
  return `${share === 1 ? 'all' : `${formatPercent(share)} of the`} ${formatInteger(width)} units`;
}

const shareText = (share: number): string => {
  const oneIn = formatOneIn(share);
  return oneIn === undefined ? '' : ` (about ${oneIn})`;
};

/**
 * Why a network that learns may have a higher loss than one that guesses. What it has right costs at most ln(classes), since
 * no other class has a larger share there; so what it has wrong costs the rest, and is said only where that is much.
 */
function confidentErrors({ loss, accuracy, guess }: Findings, guessing: string): string {
  if (accuracy === undefined || accuracy === 1 || !(loss > guess)) return '';
  const ofErrors = (loss - accuracy * guess) / (1 - accuracy);
  if (!(ofErrors > 2 * guess)) return '';
  return `Its loss of ${lossInWords(loss)} is above that of guessing (${guessing}) because it is sure of its wrong answers too, and the loss punishes that.`;
}

/** Sigmoid's φ′ cannot exceed a quarter; the exponential's has no bound to tell. */
function boundText(activation: string): string {
  const { value } = catalogueEntry(activation).derivativeMax;
  return Number.isFinite(value) ? `, which is at most ${formatPower(value)}` : '';
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
  const depth = config.hidden.length === 1 ? ', not depth: there is one hidden layer' : '';
  const cause = `The initialiser ${initializerInWords(config.kernelInitializer)} does that${depth}`;
  const place = found.worst?.place;
  if (place === undefined) return `${cause}.`;
  const { mean, stddev } = place;
  const at = `${mean >= 0 ? '+' : '−'}${formatPower(Math.abs(mean), 3)} ± ${formatPower(stddev)}`;
  return `${cause}; it puts the pre-activations at ${at} (measured, standard deviation over units and examples), where the derivative is practically 0.`;
}

/** "88 % right after 2 epochs", or without an accuracy "loss of 0.31 after 2 epochs, where guessing gives ln 10 = 2.30". */
const scoreText = ({ accuracy, loss, epoch }: Findings, guess: string): string =>
  accuracy === undefined
    ? `loss of ${lossInWords(loss)} ${after(epoch)}, where guessing gives ${guess}`
    : `${formatPercent(accuracy)} right ${after(epoch)}`;

/** What a verdict could not go by, in sentences; '' where the records lack nothing. */
export function unjudged({ accuracy, gradient, worst, dead }: Findings): string {
  const kinds = [
    ...(gradient === undefined ? ['vanishing and exploding gradients'] : []),
    ...(worst === undefined ? ['saturated units'] : []),
    ...(dead === undefined ? ['dead units'] : []),
  ];
  const sentences = [
    ...(accuracy === undefined ? ['No accuracy was recorded: the loss says how much is learnt.'] : []),
    ...(kinds.length > 0 ? [`Not recorded, and so not judged: ${kinds.join(', ')}.`] : []),
  ];
  return sentences.join(' ');
}

/** The numbers behind a verdict, as far as they were recorded. */
export function evidence(found: Findings, config: ExperimentConfig): Verdict['evidence'] {
  const { gradient, worst, dead, accuracy } = found;
  const firstLayer = firstLayerInWords(config.hidden.length);
  return [
    ...when(gradient, ({ first, last, now }) => [
      { label: `gradient norm of ${firstLayer}, first batch`, value: gradientSize(first) },
      { label: `gradient norm of ${firstLayer}, last batch`, value: gradientSize(now) },
      { label: 'gradient norm of the output layer, first batch', value: gradientSize(last) },
    ]),
    ...when(worst, ({ layer, saturated }) => [
      { label: `saturated units of ${layer}, first batch`, value: formatPercent(saturated) },
    ]),
    ...when(worst?.place, ({ mean, stddev }) => [
      {
        label: `pre-activations of ${worst!.layer}, first batch`,
        value: `${formatPower(mean, 3)} ± ${formatPower(stddev, 3)} (standard deviation over units and examples)`,
      },
    ]),
    ...when(dead, ({ layer, share }) => [{ label: `dead units of ${layer}, last probe`, value: formatPercent(share) }]),
    ...when(accuracy, (share) => [{ label: `training accuracy ${after(found.epoch)}`, value: formatPercent(share) }]),
    {
      label: `training loss ${after(found.epoch)}`,
      value: `${formatPower(found.loss, 4)} nats (guessing: ${formatPower(found.guess, 4)})`,
    },
    { label: 'training loss, first batch', value: `${formatPower(found.firstLoss, 4)} nats` },
    { label: 'kernel initialiser', value: initializerInWords(config.kernelInitializer) },
  ];
}

const when = <T>(known: T | undefined, lines: (known: T) => Verdict['evidence']): Verdict['evidence'] =>
  known === undefined ? [] : lines(known);
