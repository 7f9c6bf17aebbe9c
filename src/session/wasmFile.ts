import { PLAIN_WASM_FILE, SIMD_WASM_FILE } from '../protocol/workers/backendFiles';

/** A module with an instruction of SIMD: the very bytes by which tfjs chooses its file. */
const withSimd = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11],
);

/** The file of the wasm backend that this machine runs. */
export const wasmFile = (): string => (WebAssembly.validate(withSimd) ? SIMD_WASM_FILE : PLAIN_WASM_FILE);
