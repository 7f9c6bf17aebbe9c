import { type Initializer, initializerMoments, isScaledTruncated } from '../initializers/initializer';
import { checkWhole } from '../math/check';
import { framework } from './all';
import type { FrameworkId } from './framework';

/** What is left in a framework of the variance that an initialiser aims at: 1 but for cut-off normals that it does not correct. */
export const drawnShare = (initializer: Initializer, id: FrameworkId): number =>
  isScaledTruncated(initializer) ? framework(id).truncatedShare : 1;

/**
 * Variance of one weight as the framework really draws it. Keras, TensorFlow 2 and Flax correct their truncated normals,
 * PyTorch does not truncate; tfjs truncates `*_normal` and varianceScaling's normal at two standard deviations and leaves it at that, so that 77.4 %
 * of the variance remain. Uniform draws are exact everywhere.
 *
 * @param fanIn whole, ≥ 1
 * @param fanOut whole, ≥ 1
 * @throws RangeError for others
 */
export function kernelVariance(initializer: Initializer, id: FrameworkId, fanIn: number, fanOut: number): number {
  checkWhole('the fan-in', fanIn, 1);
  checkWhole('the fan-out', fanOut, 1);
  return drawnShare(initializer, id) * initializerMoments(initializer, fanIn, fanOut).variance;
}

/** An initialiser that a layer starts with where nothing is said. */
export interface DefaultInitializer {
  /** As its framework calls it. */
  readonly name: string;
  /** fan-in · Var for a square kernel, or for the bias of a layer with that fan-in. */
  readonly gainSquared: number;
}

/** Defaults of Keras's and tf.keras's Dense, torch.nn.Linear, tfjs's dense and Flax's Dense; all have mean 0. */
export function defaultInitializers(id: FrameworkId): {
  readonly kernel: DefaultInitializer;
  readonly bias: DefaultInitializer;
} {
  const { kernel, bias } = framework(id).defaults;
  return {
    kernel: { name: kernel.name, gainSquared: kernelVariance(kernel.initializer, id, 1, 1) },
    bias: { name: bias.name, gainSquared: kernelVariance(bias.initializer, id, 1, 1) },
  };
}

/** Variances of one weight and of one bias of a dense layer with the framework's defaults. */
export function defaultVariances(
  id: FrameworkId,
  fanIn: number,
  fanOut: number,
): { readonly kernel: number; readonly bias: number } {
  const { kernel, bias } = framework(id).defaults;
  return {
    kernel: kernelVariance(kernel.initializer, id, fanIn, fanOut),
    bias: kernelVariance(bias.initializer, id, fanIn, fanOut),
  };
}
