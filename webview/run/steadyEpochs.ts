import { useRef } from 'preact/hooks';
import { overlaidRuns } from '../../src/core/runs/overlay';
import { shownEpochs } from '../../src/core/runs/progress';
import type { RunRecord } from '../../src/core/runs/record';

/**
 * Where axes of epochs end. Like other axes they do not shrink while somebody looks: whoever sees a run stop keeps its plan, and
 * sees where it stopped; one that is opened later ends with its data.
 */
export class SteadyEpochs {
  readonly #seen = new Map<string, number>();

  of(run: RunRecord): number {
    const runs = overlaidRuns(run);
    const now = runs.length === 0 ? shownEpochs(run) : Math.max(...runs.map((each) => this.of(each.run)));
    const most = Math.max(now, this.#seen.get(run.id) ?? 0);
    // While its data load, a run has no name yet.
    if (run.id !== '') this.#seen.set(run.id, most);
    return most;
  }
}

/** … for as long as a page is up. */
export function useSteadyEpochs(run: RunRecord | undefined): number {
  const steady = useRef<SteadyEpochs>(undefined);
  steady.current ??= new SteadyEpochs();
  return run === undefined ? 0 : steady.current.of(run);
}
