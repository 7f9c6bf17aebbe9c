import { type Clock, realClock } from '../../src/session/clock';
import { loadWorkerParts, type WorkerParts } from './workers';

/** What a page has of its browser: handed in, so that tests may turn the clock and write what workers answer. */
export interface BrowserEnvironment {
  readonly clock: Clock;
  /** Workers that this machine carries at the same time. */
  readonly cores: number;
  /** Fetches the worker's bundle and the files of the wasm backend. */
  loadWorkers(assets: { worker: string; wasm: Readonly<Record<string, string>> }): Promise<WorkerParts>;
}

/** A real browser's clock, cores and workers. */
export const browserEnvironment: BrowserEnvironment = {
  clock: realClock,
  cores: navigator.hardwareConcurrency || 2,
  loadWorkers: loadWorkerParts,
};
