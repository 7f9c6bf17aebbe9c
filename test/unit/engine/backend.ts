import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../../../src/engine/backends/start';

const folder = 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out';

/** Starts tfjs's wasm backend as the worker does, with the binaries of the npm package. */
export async function startWasm(): Promise<void> {
  tf.enableProdMode();
  const names = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];
  await startBackend(
    'wasm',
    Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(`${folder}/${name}`))])),
  );
}
