/** From where on something is said of a network, and what: every threshold of verdicts, rules and remedies. */

/** When a network counts as ill by prediction. */
export const flowThresholds = {
  /** ‖δ¹‖/‖δ^L‖ below which AutoTrainer (ICSE 2021) would call the first layer's gradient vanishing… */
  vanishing: 1e-3,
  /** …and above which exploding. */
  exploding: 70,
  /** √E[φ′²]/max|φ′| below which a layer is flat: a thousandth, as for vanishing. */
  dead: 1e-3,
  /** Share of networks born dead from which on the typical one is. */
  bornDead: 0.5,
  /** The ratios within which all layers learn at about one pace; a change is worth naming where it leads here. */
  even: [0.02, 20],
} as const;

/** What of a prediction is worth a word beside its ratio. */
export const wordThresholds = {
  /** Share of networks born dead that is told… */
  dead: 0.01,
  /** …and that is no start to train on. */
  manyDead: 0.1,
  /** Share of the root mean square below which the typical network's ratio does not stand alone… */
  rootMeanSquare: 0.9,
  /** …and below which the sentence puts the difference down to chance. */
  chance: 0.7,
  /** Ratio above which a sentence says "times" a gradient, and no longer "of" it. */
  times: 1.05,
} as const;

/** When a change counts as a remedy. */
export const remedyThresholds = {
  /** It leaves at most this share of the distance from 1, in ln… */
  gain: 0.9,
  /** …and takes off no less than this: a factor of 1.1. */
  least: Math.log(1.1),
  /** Kernels are drawn alike where their variances differ by this share at most. */
  alike: 0.01,
  /** ‖ΔW‖/‖W‖ of a step within which weights neither jump nor rest (DeepDiagnosis has 10⁻⁵ for the lower end). */
  steps: [1e-4, 0.1],
  /** By which a learning rate is changed. */
  rate: 10,
} as const;

/** When a rule reports what it sees in a model. */
export const ruleThresholds = {
  /** √E[φ′²]/max|φ′| below which an initialiser is said to saturate a layer. */
  flat: 0.01,
  /** By how much the ratio must come nearer to 1, as a factor, for an initialiser that does not fit to be worth naming. */
  misfit: 3,
  /** Dropout rates that change a variance by enough for a word. */
  dropout: 0.1,
} as const;

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
  /** Up to this share it may have stalled… */
  readonly stalledShare: number;
  /** …where it has covered less than this since its first epoch. */
  readonly stalledGain: number;
  /** Times the loss of guessing: above it, a network that guesses is off, not only slow. */
  readonly offLoss: number;
  /** Times the loss that it began with, or that of guessing: above it, training has driven it away. */
  readonly divergedLoss: number;
}

export const defaultThresholds: VerdictThresholds = {
  vanishingRatio: flowThresholds.vanishing,
  vanishingNorm: 1e-4,
  explodingRatio: flowThresholds.exploding,
  dyingShare: 0.7,
  saturatedShare: 0.5,
  learntShare: 0.5,
  guessingShare: 0.03,
  stalledShare: 0.15,
  stalledGain: 0.05,
  offLoss: 1.5,
  divergedLoss: 10,
};
