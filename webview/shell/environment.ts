import { realClock } from '../../src/session/clock';
import type { RunsEnvironment } from '../run/follower';
import { launchBrowserWorker, loadWorkerParts } from './workers';

/** A real browser's clock, cores and workers. */
export const browserEnvironment: RunsEnvironment = {
  clock: realClock,
  cores: navigator.hardwareConcurrency || 2,
  async loadWorkers({ worker, wasm }) {
    const { script, binaries } = await loadWorkerParts(worker, wasm);
    return { binaries, launch: () => launchBrowserWorker(script) };
  },
};
