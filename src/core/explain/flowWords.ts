import { numeral } from '../activations/formula';
import { formatPower, superscript } from '../format/numbers';
import type { BestCase } from '../theory/bound';
import { explained } from '../words/glossary';
import { paperInFull } from '../words/paper';

/** What a person is looking at when a word of the paper may mislead. */
export type FlowSubject =
  | 'sigmoidSlope'
  | 'tanhSlope'
  | 'derivatives'
  | 'atBest'
  | 'prediction'
  | 'measurement'
  | 'rootMeanSquare'
  | 'bornDead'
  | 'depth'
  | 'paperInitialiser'
  | 'chain';

/** What is so, in one or two sentences, for beside the number itself. */
export const corrections: Readonly<Record<FlowSubject, string>> = {
  sigmoidSlope:
    'At z = ±1 the sigmoid’s slope is still 0.1966, four fifths of its largest. It is near 0 from about ±5 on: σ′(±5) = 0.0066.',
  tanhSlope:
    'tanh has slope 1 at z = 0 alone. At ±1 it is 0.42, which ten layers turn into 0.42¹⁰ ≈ 1.7 × 10⁻⁴; at ±3 it is 0.0099.',
  derivatives: `${paperInFull} Its figure: one derivative of every layer, each at its largest, and no kernels. From the last layer to the first are one step fewer, and every step takes a kernel too.`,
  atBest:
    'The very steps of the prediction, with every slope at its largest: slopes times kernels. Where kernels could make it grow, where a layer is residual, or where single networks exceed it, it bounds nothing and is left out.',
  prediction:
    'Slopes and kernels together, over the pre-activations that each layer really has. L layers are L − 1 steps; of a single one, what its slopes leave of what arrives at it.',
  measurement:
    'Networks drawn at random, one backward pass each: how a training starts, not how it ends. The number is their median; single networks scatter about it, the more the deeper and narrower they are.',
  rootMeanSquare: explained('rootMeanSquare'),
  bornDead: explained('bornDead'),
  depth:
    'The sigmoid vanishes with depth: with one hidden layer and glorot_uniform it reaches 94 % on MNIST in three epochs, with ten it stays near 19 % after two.',
  paperInitialiser:
    'Here the initialiser is to blame, not the depth: kernels of mean 1 push the pre-activations to about +100, where sigmoid and tanh are flat alike. With glorot_uniform the same network learns.',
  chain:
    'One neuron a layer has one path back. A layer of n neurons adds up n of them, which is why real networks follow the variance of their kernels, not a single weight.',
};

/** The words that belong to an activation's slope; undefined where nobody is misled. */
export const slopeCorrection = (activation: string): string | undefined =>
  activation === 'sigmoid' ? corrections.sigmoidSlope : activation === 'tanh' ? corrections.tanhSlope : undefined;

/** A factor of a product: "0.25", "1", "0.00713". */
export const factorText = (x: number): string =>
  x >= 1e-4 && x < 1000 ? numeral(Number(x.toPrecision(3))) : formatPower(x);

/**
 * "3.8 × 10⁻⁶ = 0.25⁹ (steepest slopes) × 1 (kernels)".
 *
 * @param steepest max|φ′|; undefined where layers differ
 */
export function bestCaseProduct(
  { value, slopes, kernels }: BestCase,
  steepest: number | undefined,
  steps: number,
  number: (x: number) => string = formatPower,
): string {
  const product = steepest === undefined ? factorText(slopes) : `${factorText(steepest)}${superscript(steps)}`;
  return `${number(value)} = ${product} (steepest slopes) × ${factorText(kernels)} (kernels)`;
}
