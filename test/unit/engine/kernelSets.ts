import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import { OperationKernels } from '../../../src/engine/kernels/operations';
import { WasmMemory } from '../../../src/engine/kernels/wasm/memory';
import { WasmKernels } from '../../../src/engine/kernels/wasm/wasm';
import { startWasm } from './backend';

export interface KernelSet {
  readonly name: string;
  readonly start: () => Promise<void>;
  /** New ones, once started. */
  readonly make: () => Kernels;
}

/** Our own kernels on the wasm backend, which has to be started. */
export const ownKernels = (): Kernels => new WasmKernels(wasmMemory());

/** The wasm backend's. */
export function wasmMemory(): WasmMemory {
  const memory = WasmMemory.ofBackend();
  if (typeof memory === 'string') throw new Error(memory);
  return memory;
}

/** Every implementation of the kernels, on every backend that Node has. */
export const kernelSets: readonly KernelSet[] = [
  {
    name: 'operations on cpu',
    start: async () => {
      await tf.setBackend('cpu');
    },
    make: () => new OperationKernels(),
  },
  { name: 'operations on wasm', start: startWasm, make: () => new OperationKernels() },
  {
    name: 'own kernels on wasm',
    start: startWasm,
    make: ownKernels,
  },
];
