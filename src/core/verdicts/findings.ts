import { activation as catalogueEntry } from '../activations/catalogue';
import type { ExperimentConfig } from '../experiment/config';
import { initializerMoments } from '../initializers/initializer';
import type { FloatColumns } from '../runs/floatColumns';
import { layerInWords } from '../runs/layerWords';
import type { EpochRow, NetworkRecord } from '../runs/record';

/** What a verdict goes by, read from a network's records; undefined is what they lack. */
export interface Findings {
  readonly label: string;
  readonly classes: number;
  readonly loss: number;
  readonly accuracy: number | undefined;
  readonly epoch: number;
  /** 0 guesses, 1 has all right; without an accuracy, the share of guessing's loss that is gone. */
  readonly learnt: number;
  /** The same over the last fifty steps. */
  readonly learntOfLate: number;
  /** By how much the accuracy (without one, what is learnt) has risen since the first epoch's end; NaN before that. */
  readonly gain: number;
  /** Loss of guessing: ln(classes). */
  readonly guess: number;
  /** Loss of the first batch. */
  readonly firstLoss: number;
  /** First-batch gradient norms of the first layer and of the output layer; `now`: of the first layer at the last batch. */
  readonly gradient: { readonly first: number; readonly last: number; readonly now: number } | undefined;
  /** Hidden layer with the most saturated units at the first batch. */
  readonly worst:
    | {
        readonly layer: string;
        readonly width: number;
        readonly saturated: number;
        /** Moments of its pre-activations. */
        readonly place: { readonly mean: number; readonly stddev: number } | undefined;
      }
    | undefined;
  /** Most dead units in one hidden layer at the last probe; `born`: most in one at the first batch. */
  readonly dead: { readonly layer: string; readonly share: number; readonly born: number } | undefined;
  /** Largest ‖ΔW‖/‖W‖ of a layer at the last probe; NaN where nothing is known. */
  readonly updateRatio: number;
  /** First hidden layer whose units start, and so stay, equal. */
  readonly equal: { layer: string; width: number } | undefined;
}

/** Of a network that has a step. */
export function find(record: NetworkRecord, config: ExperimentConfig, classes: number): Findings {
  const { steps, probes, layers, epochs } = record;
  const lastRow = epochs.at(-1);
  const recent = recentMeans(record);
  const { loss, accuracy } = scoreOf(record, recent);
  const { gradientNorms } = steps;
  const { updateRatio } = probes;
  const learnt = (score: Score) => learntOf(score, classes);
  return {
    label: catalogueEntry(record.activation).label,
    classes,
    loss,
    accuracy,
    epoch: lastRow?.epoch ?? 0,
    learnt: learnt({ loss, accuracy }),
    learntOfLate: learnt(recent),
    gain: gainOf(epochs, learnt),
    guess: Math.log(classes),
    firstLoss: steps.loss.at(0),
    gradient: gradientNorms && {
      first: gradientNorms.at(0, 0),
      last: gradientNorms.at(0, layers.length - 1),
      now: gradientNorms.at(steps.count - 1, 0),
    },
    worst: worstOf(record, config),
    dead: deadOf(record),
    updateRatio:
      updateRatio === undefined || probes.count === 0
        ? Number.NaN
        : Math.max(...layers.map((_, l) => updateRatio.at(probes.count - 1, l))),
    equal: equalUnits(record, config),
  };
}

/** How well a network does. */
export interface Score {
  readonly loss: number;
  readonly accuracy?: number | undefined;
}

function learntOf({ loss, accuracy }: Score, classes: number): number {
  if (accuracy !== undefined) return (accuracy - 1 / classes) / (1 - 1 / classes);
  return Number.isFinite(loss) ? 1 - loss / Math.log(classes) : 0;
}

function gainOf(epochs: readonly EpochRow[], learnt: (row: EpochRow) => number): number {
  const [first, last] = [epochs[0], epochs.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  return first.accuracy === undefined || last.accuracy === undefined
    ? learnt(last) - learnt(first)
    : last.accuracy - first.accuracy;
}

/** The first hidden layer with the most at a probe. */
function most(shares: FloatColumns, probe: number): number {
  let found = 0;
  for (let l = 1; l < shares.width; l++) if (shares.at(probe, l) > shares.at(probe, found)) found = l;
  return found;
}

function worstOf({ probes, layers }: NetworkRecord, config: ExperimentConfig): Findings['worst'] {
  const { saturatedShare, preActivationMean, preActivationStddev } = probes;
  if (probes.count === 0 || saturatedShare === undefined) return undefined;
  const l = most(saturatedShare, 0);
  return {
    layer: layerInWords(layers[l]!),
    width: config.hidden[l]!,
    saturated: saturatedShare.at(0, l),
    place: preActivationMean &&
      preActivationStddev && { mean: preActivationMean.at(0, l), stddev: preActivationStddev.at(0, l) },
  };
}

function deadOf({ probes, layers }: NetworkRecord): Findings['dead'] {
  const { deadShare } = probes;
  const last = probes.count - 1;
  if (last < 0 || deadShare === undefined) return undefined;
  const l = most(deadShare, last);
  const born = deadShare.at(0, most(deadShare, 0));
  return { layer: layerInWords(layers[l]!), share: deadShare.at(last, l), born };
}

/** Kernels and biases without scatter make the units of a layer equal, and equal units get equal gradients. */
function equalUnits({ layers }: NetworkRecord, config: ExperimentConfig): Findings['equal'] {
  const scatters = [config.kernelInitializer, config.biasInitializer].some(
    (initializer) => initializerMoments(initializer, 1, 1).variance > 0,
  );
  const wide = config.hidden.findIndex((width) => width > 1);
  return scatters || wide < 0 ? undefined : { layer: layerInWords(layers[wide]!), width: config.hidden[wide]! };
}

/**
 * What is said of how well a network does, wherever it is: over its last whole epoch, and before one has ended over the
 * latest steps. NaN without a step.
 */
export function scoreOf(record: NetworkRecord, recent: Score = recentMeans(record)): Score {
  const lastRow = record.epochs.at(-1);
  return { loss: (lastRow ?? recent).loss, accuracy: lastRow?.accuracy ?? recent.accuracy };
}

/** Over the last fifty steps: what there is before the first epoch ends. */
function recentMeans({ steps }: NetworkRecord): Score {
  const from = Math.max(0, steps.count - 50);
  const mean = (column: FloatColumns): number => {
    let sum = 0;
    for (let i = from; i < steps.count; i++) sum += column.at(i);
    return sum / (steps.count - from);
  };
  return { loss: mean(steps.loss), accuracy: steps.accuracy && mean(steps.accuracy) };
}
