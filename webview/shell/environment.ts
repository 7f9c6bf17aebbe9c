import type { WorkerAssets } from '../../src/protocol/pages/desk';
import { type Clock, realClock } from '../../src/session/clock';
import { loadWorkerParts, type WorkerParts } from './workers';

/** What a page has of its browser: handed in, so that tests may turn the clock and write what workers answer. */
export interface BrowserEnvironment {
  readonly clock: Clock;
  /** Workers that this machine carries at the same time. */
  readonly cores: number;
  /** Bytes of its memory, where the browser tells: rounded, and of much no more than a bound. */
  readonly memory?: number | undefined;
  /** What of this machine decides which backend is the fastest. */
  machine(): string;
  /** Fetches the worker's bundle and the wasm backend's file. */
  loadWorkers(assets: WorkerAssets): Promise<WorkerParts>;
}

const { deviceMemory } = navigator as { readonly deviceMemory?: number };

/** A real browser's clock, cores and workers. */
export const browserEnvironment: BrowserEnvironment = {
  clock: realClock,
  cores: navigator.hardwareConcurrency || 2,
  memory: deviceMemory === undefined ? undefined : deviceMemory * 2 ** 30,
  machine: () => `${navigator.hardwareConcurrency} cores · ${navigator.userAgent} · ${gpuName()}`.slice(0, 400),
  loadWorkers: loadWorkerParts,
};

/** What draws WebGL here. */
function gpuName(): string {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (gl === null) return 'no WebGL';
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL));
  // Browsers have few contexts to give.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return name;
}
