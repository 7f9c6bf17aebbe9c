import {
  type FanMode,
  type Initializer,
  type ScalingDistribution,
  scalingName,
} from '../../../core/initializers/initializer';

// Gains are square roots: their squares come out a little off.
const rounded = (scale: number): number => Number(scale.toPrecision(12));

/** The name that variance scaling has; undefined where it has none. */
function scalingByName(scale: number, mode: FanMode, shape: 'uniform' | 'normal'): Initializer | undefined {
  const kind = scalingName(rounded(scale), mode, shape);
  return kind && { kind };
}

/** Variance scale/fan, by the name that it has where it has one. */
export function varianceScaling(scale: number, mode: FanMode, shape: 'uniform' | 'normal'): Initializer {
  const distribution = shape === 'uniform' ? 'uniform' : 'untruncated_normal';
  return scalingByName(scale, mode, shape) ?? { kind: 'variance_scaling', scale: rounded(scale), mode, distribution };
}

/** The same where the name stands for a normal that is cut off, as in Keras and JAX. */
export function cutVarianceScaling(scale: number, mode: FanMode, distribution: ScalingDistribution): Initializer {
  const named =
    distribution === 'untruncated_normal'
      ? undefined
      : scalingByName(scale, mode, distribution === 'uniform' ? 'uniform' : 'normal');
  return named ?? { kind: 'variance_scaling', scale, mode, distribution };
}
