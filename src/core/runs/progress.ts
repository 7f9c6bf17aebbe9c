import type { RunRecord } from './record';

/** Steps of one epoch: the last batch may be smaller, as in Keras. */
export const stepsPerEpoch = (run: RunRecord): number =>
  Math.max(1, Math.ceil(run.dataset.train / run.config.batchSize));
