import type { NetworkState, RunRecord } from './record';

/** A run's state in one word, the same on every surface. */
export const runStates = ['running', 'paused', 'finished', 'stopped', 'diverged', 'failed', 'interrupted'] as const;
export type RunState = (typeof runStates)[number];

export const isRunOver = (state: RunState): boolean => state !== 'running' && state !== 'paused';

/** The first that any network has is the run's: what is not as it should be is said. */
const byWeight: readonly (readonly [NetworkState, RunState])[] = [
  ['running', 'running'],
  ['paused', 'paused'],
  ['interrupted', 'interrupted'],
  ['failed', 'failed'],
  ['stopped', 'stopped'],
  // Its turn never came.
  ['waiting', 'interrupted'],
];

/** A run is diverged where all its networks are; one that diverges beside others is a result of the run. */
export function runStateOf({ networks }: Pick<RunRecord, 'networks'>): RunState {
  for (const [state, word] of byWeight) if (networks.some((network) => network.state === state)) return word;
  return networks.length > 0 && networks.every(({ state }) => state === 'diverged') ? 'diverged' : 'finished';
}
