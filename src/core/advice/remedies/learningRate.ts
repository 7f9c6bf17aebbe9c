import { limits } from '../../experiment/config';
import type { RemedyKind } from './remedy';

/** Steps of another size, where a run's were measured and are at fault. What it does to a training is not predicted. */
export const learningRate: RemedyKind = {
  changes({ pace }) {
    if (pace === undefined) return [];
    const { min, max } = limits.learningRate;
    const rate = Math.min(max, Math.max(min, Number((pace.learningRate * pace.factor).toPrecision(3))));
    return rate === pace.learningRate ? [] : [{ learningRate: rate }];
  },
};
