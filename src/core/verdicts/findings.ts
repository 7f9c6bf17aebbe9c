import { activation as catalogueEntry } from '../activations/catalogue';
import type { ExperimentConfig } from '../experiment/config';
import { initializerMoments } from '../initializers/initializer';
import { layerInWords } from '../runs/layerWords';
import type { NetworkRecord } from '../runs/record';

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
  /** Up to this share of that way it guesses: more than chance gives, or a class that is more frequent than others. */
  readonly guessingShare: number;
  /** Times the loss of guessing: above it, a network that guesses is off, not only slow. */
  readonly offLoss: number;
  /** Times the loss that it began with, or that of guessing: above it, training has driven it away. */
  readonly divergedLoss: number;
}

export const defaultThresholds: VerdictThresholds = {
  vanishingRatio: 1e-3,
  vanishingNorm: 1e-4,
  explodingRatio: 70,
  dyingShare: 0.7,
  saturatedShare: 0.5,
  learntShare: 0.5,
  guessingShare: 0.03,
  offLoss: 1.5,
  divergedLoss: 10,
};

/** What a verdict goes by, read from a network's records. */
export interface Findings {
  readonly label: string;
  readonly classes: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly epoch: number;
  /** 0 guesses, 1 has all right. */
  readonly learnt: number;
  /** The same over the last fifty steps. */
  readonly learntOfLate: number;
  /** Loss of guessing: ln(classes). */
  readonly guess: number;
  /** Loss of the first batch. */
  readonly firstLoss: number;
  /** First-batch gradient norms. */
  readonly first: number;
  readonly last: number;
  /** Hidden layer with the most saturated units at the first batch. */
  readonly worst: { layer: string; width: number; saturated: number; mean: number; stddev: number };
  /** Most dead units in one hidden layer at the last probe. */
  readonly dead: { layer: string; share: number };
  /** Most dead units in one hidden layer at the first batch. */
  readonly bornDead: number;
  /** Largest ‖ΔW‖/‖W‖ of a layer at the last probe. */
  readonly updateRatio: number;
  /** First hidden layer whose units start, and so stay, equal. */
  readonly equal: { layer: string; width: number } | undefined;
}

/** Of a network that has a step and a probe. */
export function find(record: NetworkRecord, config: ExperimentConfig, classes: number): Findings {
  const { steps, probes, layers } = record;
  const lastRow = record.epochs.at(-1);
  const recent = recentMeans(record);
  const accuracy = lastRow?.accuracy ?? recent.accuracy;
  const learntOf = (right: number) => (right - 1 / classes) / (1 - 1 / classes);
  const hidden = layers.length - 1;
  let worst = 0;
  let dead = 0;
  let born = 0;
  const lastProbe = probes.count - 1;
  for (let l = 1; l < hidden; l++) {
    if (probes.saturatedShare.at(0, l) > probes.saturatedShare.at(0, worst)) worst = l;
    if (probes.deadShare.at(lastProbe, l) > probes.deadShare.at(lastProbe, dead)) dead = l;
    if (probes.deadShare.at(0, l) > probes.deadShare.at(0, born)) born = l;
  }
  return {
    label: catalogueEntry(record.activation).label,
    classes,
    loss: lastRow?.loss ?? recent.loss,
    accuracy,
    epoch: lastRow?.epoch ?? 0,
    learnt: learntOf(accuracy),
    learntOfLate: learntOf(recent.accuracy),
    guess: Math.log(classes),
    firstLoss: steps.loss.at(0),
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
    bornDead: probes.deadShare.at(0, born),
    updateRatio: Math.max(...layers.map((_, l) => probes.updateRatio.at(lastProbe, l))),
    equal: equalUnits(record, config),
  };
}

/** Kernels and biases without scatter make the units of a layer equal, and equal units get equal gradients. */
function equalUnits({ layers }: NetworkRecord, config: ExperimentConfig): Findings['equal'] {
  const scatters = [config.kernelInitializer, config.biasInitializer].some(
    (initializer) => initializerMoments(initializer, 1, 1).variance > 0,
  );
  const wide = config.hidden.findIndex((width) => width > 1);
  return scatters || wide < 0 ? undefined : { layer: layerInWords(layers[wide]!), width: config.hidden[wide]! };
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
