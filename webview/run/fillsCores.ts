import type { RunRecord } from '../../src/core/runs/record';

/** Whether networks train on every core: what a page does besides is then taken from them. */
export const fillsCores = (run: RunRecord | undefined, cores: number): boolean =>
  (run?.networks.filter(({ state }) => state === 'running').length ?? 0) >= cores;
