import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../../core/format/errors';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { type BackendName, isOnGpu } from '../../core/experiment/config';
import {
  type BackendFiles,
  GPU_BACKENDS_FILE,
  PLAIN_WASM_FILE,
  SIMD_WASM_FILE,
} from '../../protocol/workers/backendFiles';
import { watchDevice } from './device';
import { reachAllMemory } from './wasmMemory';

/** A backend does not start here; the message says which and what to do. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
}

/** It did not start in the time that it had. */
export class LateBackendError extends BackendError {}

const START_TIMEOUT = 20_000;

let wasmPathsSet = false;

/** Names that tfjs looks for; the threaded one is never chosen (see {@link startBackend}) but must be named. */
const WASM_NAMES = [PLAIN_WASM_FILE, SIMD_WASM_FILE, 'tfjs-backend-wasm-threaded-simd.wasm'];

function offerWasm(files: BackendFiles): void {
  // One of them is enough: whoever gave it knows which this machine runs.
  const given = files[SIMD_WASM_FILE] ?? files[PLAIN_WASM_FILE];
  if (!given)
    throw new BackendError('The wasm backend cannot start: its .wasm file was not found. Install the extension again.');
  if (!wasmPathsSet) setWasmPaths(Object.fromEntries(WASM_NAMES.map((name) => [name, name])), true);
  wasmPathsSet = true;
  // tfjs fetches the file, and nothing else here: it is given the bytes at once, without a way through a blob's URL.
  tf.env().platform.fetch = async (name) =>
    ({ ok: true, arrayBuffer: async () => files[name] ?? given }) as unknown as Response;
}

let gpuBackendsLoaded = false;

/**
 * Makes webgl and webgpu known to tfjs, where they are not yet. Runs their bundle, which takes a moment.
 *
 * @throws BackendError where it is not among the files
 */
export function loadGpuBackends(files: BackendFiles): void {
  if (gpuBackendsLoaded) return;
  const bundle = files[GPU_BACKENDS_FILE];
  if (!bundle)
    throw new BackendError(
      `The GPU's backends cannot start: ${GPU_BACKENDS_FILE} was not found. Install the extension again.`,
    );
  const url = URL.createObjectURL(new Blob([bundle as Uint8Array<ArrayBuffer>], { type: 'text/javascript' }));
  try {
    (globalThis as unknown as { importScripts(url: string): void }).importScripts(url);
  } finally {
    URL.revokeObjectURL(url);
  }
  gpuBackendsLoaded = true;
}

/** tfjs 4.22 asks the adapter by a method that browsers have since replaced by a property. */
function repairWebgpuAdapter(): void {
  const prototype = (globalThis as unknown as { GPUAdapter?: { prototype: Record<string, unknown> } }).GPUAdapter
    ?.prototype;
  if (prototype && !('requestAdapterInfo' in prototype)) {
    prototype.requestAdapterInfo = async function (this: { info: unknown }) {
      return this.info;
    };
  }
}

/**
 * Starts one backend and makes it the current one, or throws {@link BackendError}.
 *
 * @param within milliseconds; one that comes up later becomes the current one then, so that nothing else should train
 */
export async function startBackend(name: BackendName, files: BackendFiles, within = START_TIMEOUT): Promise<void> {
  const absence = absenceOf(name);
  if (absence !== undefined) throw new BackendError(absence);
  if (name === 'wasm') {
    // Networks already train in parallel, and threads need SharedArrayBuffer, which webviews lack.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    offerWasm(files);
  }
  if (isOnGpu(name)) {
    loadGpuBackends(files);
    // What has been read back would be computed on the CPU from then on where it is small, and round otherwise: a
    // training that somebody took a checkpoint of must record what an undisturbed one does.
    tf.env().set('WEBGL_CPU_FORWARD', false);
    tf.env().set('WEBGPU_CPU_FORWARD', false);
  }
  if (name === 'webgpu') repairWebgpuAdapter();
  if (name === 'wasm') checkMemory();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new LateBackendError(`The ${name} backend did not start within ${Math.round(within) / 1000} s.`)),
      within,
    );
  });
  try {
    const started = await Promise.race([tf.setBackend(name), late]);
    if (!started) throw new BackendError(`The ${name} backend does not start on this machine. ${choose(name)}`);
    if (name === 'wasm') reachAllMemory();
    watchDevice(name);
  } catch (error) {
    if (error instanceof BackendError) throw error;
    const reason = messageOf(error);
    throw new BackendError(`The ${name} backend does not start on this machine (${reason}). ${choose(name)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** What trains where a backend does not. */
const choose = (name: BackendName): string => (name === 'wasm' ? 'Choose cpu.' : 'Choose wasm or cpu.');

/**
 * Asks for such memory as tfjs is about to: where it is refused there, nobody hears of it, and a worker of Node dies.
 *
 * @throws BackendError where there is no room for it among the addresses that this process may have
 */
function checkMemory(): void {
  try {
    new WebAssembly.Memory({ initial: 256, maximum: 65_536 });
  } catch (error) {
    const reason = messageOf(error);
    throw new BackendError(`The wasm backend does not start on this machine (${reason}). ${choose('wasm')}`);
  }
}

/** Why a backend cannot start here, as a sentence, where that is known without trying; tfjs would answer with a stack trace. */
export function absenceOf(name: BackendName): string | undefined {
  const scope = globalThis as { OffscreenCanvas?: unknown; navigator?: { gpu?: unknown } };
  if (name === 'webgl' && scope.OffscreenCanvas === undefined) return missing(name, 'WebGL');
  if (name === 'webgpu' && scope.navigator?.gpu === undefined) return missing(name, 'WebGPU');
  return undefined;
}

const missing = (name: BackendName, what: string): string =>
  `The ${name} backend does not start here: no ${what}. ${choose(name)}`;
