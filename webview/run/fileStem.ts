import { overlaidRuns } from '../../src/core/runs/overlay';
import type { RunRecord } from '../../src/core/runs/record';

const minute = (startedAt: string): string => startedAt.slice(0, 16).replace('T', '-').replace(':', '');

/** "sigmoid-relu-2026-01-31-1205", of an overlay "overlay-of-3-runs-2026-01-31-1205" by the latest: names a run's files. */
export function fileStem(run: RunRecord): string {
  const runs = overlaidRuns(run).map((each) => each.run.startedAt);
  if (runs.length === 0) return `${run.config.activations.join('-')}-${minute(run.startedAt)}`;
  return `overlay-of-${runs.length}-runs-${minute(runs.sort().at(-1) ?? '')}`;
}
