import {
  type Initializer,
  initializerMoments,
  isScaledTruncated,
  TRUNCATED_NORMAL_STDDEV,
} from '../initializers/initializer';
import { checkWhole } from '../math/check';
import type { FrameworkId } from './framework';

/** Variance of N(0, 1) cut off at ±2: what is left of the variance that tfjs's truncated normals aim at. */
export const TRUNCATED_NORMAL_VARIANCE = TRUNCATED_NORMAL_STDDEV ** 2;

/** What is left in a framework of the variance that an initialiser aims at: 1 but for tfjs's truncated normals. */
export const drawnShare = (initializer: Initializer, framework: FrameworkId): number =>
  framework === 'tfjs' && isScaledTruncated(initializer) ? TRUNCATED_NORMAL_VARIANCE : 1;

/**
 * Variance of one weight as the framework really draws it. Keras, TensorFlow 2 and Flax correct their truncated normals,
 * PyTorch does not truncate; tfjs truncates `*_normal` and varianceScaling's normal at two standard deviations and leaves it at that, so that 77.4 %
 * of the variance remain. Uniform draws are exact everywhere.
 *
 * @param fanIn whole, ≥ 1
 * @param fanOut whole, ≥ 1
 * @throws RangeError for others
 */
export function kernelVariance(
  initializer: Initializer,
  framework: FrameworkId,
  fanIn: number,
  fanOut: number,
): number {
  checkWhole('the fan-in', fanIn, 1);
  checkWhole('the fan-out', fanOut, 1);
  return drawnShare(initializer, framework) * initializerMoments(initializer, fanIn, fanOut).variance;
}

/** An initialiser by the name that its framework gives it. */
export interface NamedInitializer {
  readonly name: string;
  /** fan-in · Var for a square kernel, or for the bias of a layer with that fan-in. */
  readonly gainSquared: number;
}

/** What a framework's dense layer starts with where nothing is said; both have mean 0. */
export interface DefaultInitializers {
  readonly kernel: NamedInitializer;
  readonly bias: NamedInitializer;
}

const zeros = (name: string): NamedInitializer => ({ name, gainSquared: 0 });

const defaults: Readonly<Record<FrameworkId, DefaultInitializers>> = {
  keras: { kernel: { name: 'glorot_uniform', gainSquared: 1 }, bias: zeros('zeros') },
  tf2: { kernel: { name: 'glorot_uniform', gainSquared: 1 }, bias: zeros('zeros') },
  // U(±1/√fan_in): a = √5 makes He's bound √(6/((1 + a²)·fan_in)) just that.
  torch: {
    kernel: { name: 'kaiming_uniform_(a=√5)', gainSquared: 1 / 3 },
    bias: { name: 'uniform_(±1/√fan_in)', gainSquared: 1 / 3 },
  },
  tfjs: { kernel: { name: 'glorotNormal', gainSquared: TRUNCATED_NORMAL_VARIANCE }, bias: zeros('zeros') },
  jax: { kernel: { name: 'lecun_normal', gainSquared: 1 }, bias: zeros('zeros') },
};

/** Defaults of Keras's and tf.keras's Dense, torch.nn.Linear, tfjs's dense and Flax's Dense. */
export const defaultInitializers = (framework: FrameworkId): DefaultInitializers => defaults[framework];

/** Variances of one weight and of one bias of a dense layer with the framework's defaults. */
export function defaultVariances(
  framework: FrameworkId,
  fanIn: number,
  fanOut: number,
): { readonly kernel: number; readonly bias: number } {
  checkWhole('the fan-in', fanIn, 1);
  checkWhole('the fan-out', fanOut, 1);
  const { kernel, bias } = defaults[framework];
  // Glorot alone looks at the fan-out.
  const fan = kernel.name.startsWith('glorot') ? (fanIn + fanOut) / 2 : fanIn;
  return { kernel: kernel.gainSquared / fan, bias: bias.gainSquared / fanIn };
}
