import * as v from 'valibot';
import { bytes } from '../schemas';

/** Of the wasm backend: with SIMD, and for machines without. No threaded one: webviews have no SharedArrayBuffer, and networks train in parallel. */
export const SIMD_WASM_FILE = 'tfjs-backend-wasm-simd.wasm';
export const PLAIN_WASM_FILE = 'tfjs-backend-wasm.wasm';
/** The bundle of webgl and webgpu, which a worker runs where one of them is asked for. */
export const GPU_BACKENDS_FILE = 'gpu-backends.js';

/** Files that backends are made of, by name; the document reads them, since a worker must not fetch its resources. */
export const backendFilesSchema = v.record(v.string(), bytes);
export type BackendFiles = v.InferOutput<typeof backendFilesSchema>;
