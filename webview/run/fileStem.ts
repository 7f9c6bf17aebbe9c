import type { RunRecord } from '../../src/core/runs/record';

/** "sigmoid-relu-2026-01-31-1205": names a run's files. */
export const fileStem = (run: RunRecord): string =>
  `${run.config.activations.join('-')}-${run.startedAt.slice(0, 16).replace('T', '-').replace(':', '')}`;
