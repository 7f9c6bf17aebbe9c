import type { Kernels } from './kernels';
import { OperationKernels } from './operations';
import { WasmMemory } from './wasm/memory';
import { WasmKernels } from './wasm/wasm';

/** The fastest kernels that the backend in force has. */
export function kernelsOf(): Kernels {
  const memory = WasmMemory.ofBackend();
  return typeof memory === 'string' ? new OperationKernels(memory) : new WasmKernels(memory);
}
