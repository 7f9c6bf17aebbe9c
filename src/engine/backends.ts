import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { BackendName } from '../core/experiment/config';
import type { WasmBinaries } from '../protocol/workers/training';
import { watchDevice } from './device';

/** A backend does not start here; the message says which and what to do. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
}

/** It did not start in the time that it had. */
export class LateBackendError extends BackendError {}

const START_TIMEOUT = 20_000;

let wasmPathsSet = false;

/** Names that tfjs looks for; the threaded one is never chosen (see {@link startBackend}) but must be named. */
const WASM_NAMES = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
] as const;

function offerWasm(binaries: WasmBinaries): void {
  if (wasmPathsSet) return;
  const plain = binaries[WASM_NAMES[0]];
  if (!plain)
    throw new BackendError(
      'The wasm backend cannot start: its .wasm files were not found. Install the extension again.',
    );
  // Blob URLs made here: a worker must not fetch the webview's resources, and Node's fetch reads them as well.
  const urls = Object.fromEntries(
    WASM_NAMES.map((name) => {
      const bytes = binaries[name] ?? plain;
      return [name, URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/wasm' }))];
    }),
  );
  setWasmPaths(urls, true);
  wasmPathsSet = true;
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
export async function startBackend(name: BackendName, binaries: WasmBinaries, within = START_TIMEOUT): Promise<void> {
  if (name === 'wasm') {
    // Networks already train in parallel, and threads need SharedArrayBuffer, which webviews lack.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    offerWasm(binaries);
  }
  // What has been read back would be computed on the CPU from then on where it is small, and round otherwise: a training
  // that somebody took a checkpoint of must record what an undisturbed one does.
  tf.env().set('WEBGL_CPU_FORWARD', false);
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  if (name === 'webgpu') repairWebgpuAdapter();
  const absence = absenceOf(name);
  if (absence !== undefined) throw new BackendError(absence);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new LateBackendError(`The ${name} backend did not start within ${Math.round(within) / 1000} s.`)),
      within,
    );
  });
  try {
    const started = await Promise.race([tf.setBackend(name), late]);
    if (!started) throw new BackendError(`The ${name} backend does not start on this machine. Choose wasm or cpu.`);
    watchDevice(name);
  } catch (error) {
    if (error instanceof BackendError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackendError(`The ${name} backend does not start on this machine (${reason}). Choose wasm or cpu.`);
  } finally {
    clearTimeout(timer);
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
  `The ${name} backend does not start here: no ${what}. Choose wasm or cpu.`;
