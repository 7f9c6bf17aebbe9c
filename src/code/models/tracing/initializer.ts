import type { FanMode, Initializer } from '../../../core/initializers/initializer';

const families: Readonly<Record<string, 'lecun' | 'he' | 'glorot'>> = {
  'fan_in 1': 'lecun',
  'fan_in 2': 'he',
  'fan_avg 1': 'glorot',
};

/** The name that variance scaling has; undefined where it has none. */
export function scalingByName(scale: number, mode: FanMode, shape: 'uniform' | 'normal'): Initializer | undefined {
  const family = families[`${mode} ${Number(scale.toPrecision(12))}`];
  return family && { kind: `${family}_${shape}` };
}

/** Variance scale/fan, by the name that it has where it has one. */
export function varianceScaling(scale: number, mode: FanMode, shape: 'uniform' | 'normal'): Initializer {
  // Gains are square roots: their squares come out a little off.
  const rounded = Number(scale.toPrecision(12));
  const distribution = shape === 'uniform' ? 'uniform' : 'untruncated_normal';
  return scalingByName(rounded, mode, shape) ?? { kind: 'variance_scaling', scale: rounded, mode, distribution };
}
