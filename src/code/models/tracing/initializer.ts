import type { FanMode, Initializer } from '../../../core/initializers/initializer';

const families: Readonly<Record<string, 'lecun' | 'he' | 'glorot'>> = {
  'fan_in 1': 'lecun',
  'fan_in 2': 'he',
  'fan_avg 1': 'glorot',
};

/** Variance scale/fan, by the name that it has where it has one. */
export function varianceScaling(scale: number, mode: FanMode, shape: 'uniform' | 'normal'): Initializer {
  // Gains are square roots: their squares come out a little off.
  const rounded = Number(scale.toPrecision(12));
  const family = families[`${mode} ${rounded}`];
  if (family !== undefined) return { kind: `${family}_${shape}` };
  const distribution = shape === 'uniform' ? 'uniform' : 'untruncated_normal';
  return { kind: 'variance_scaling', scale: rounded, mode, distribution };
}
