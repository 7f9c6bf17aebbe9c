import * as tf from '@tensorflow/tfjs-core';
import { BEYOND, type KernelExports, kernelsIn } from './module';

/** What is used of tfjs's wasm backend, which has no types for it. */
interface Backend {
  readonly wasm: {
    readonly asm: { readonly memory: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(at: number): void;
  };
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32', at: number): tf.TensorInfo;
}

function isBackend(backend: unknown): backend is Backend {
  const { wasm, dataIdMap, makeOutput } = backend as Partial<Backend>;
  return (
    wasm?.asm?.memory instanceof WebAssembly.Memory &&
    typeof wasm._malloc === 'function' &&
    typeof wasm._free === 'function' &&
    typeof dataIdMap?.get === 'function' &&
    typeof makeOutput === 'function'
  );
}

/** The memory of tfjs's wasm backend, with kernels that work in it: all pointers are places in it, in bytes. */
export class WasmMemory {
  readonly #backend: Backend;
  #bytes = new Uint8Array(0);
  #floats = new Float32Array(0);
  #integers = new Int32Array(0);
  #doubles = new Float64Array(0);

  private constructor(
    backend: Backend,
    readonly kernels: KernelExports,
  ) {
    this.#backend = backend;
  }

  /** That of the backend in force, or a sentence that says why its memory cannot be worked in. */
  static ofBackend(): WasmMemory | string {
    if (tf.getBackend() !== 'wasm') return `The ${tf.getBackend()} backend has no WebAssembly memory.`;
    const backend: unknown = tf.backend();
    if (!isBackend(backend)) return 'The memory of tfjs’s wasm backend cannot be reached.';
    const kernels = kernelsIn(backend.wasm.asm.memory);
    return kernels ? new WasmMemory(backend, kernels) : 'WebAssembly has no SIMD here.';
  }

  get bytes(): Uint8Array {
    this.#look();
    return this.#bytes;
  }

  get floats(): Float32Array {
    this.#look();
    return this.#floats;
  }

  get integers(): Int32Array {
    this.#look();
    return this.#integers;
  }

  get doubles(): Float64Array {
    this.#look();
    return this.#doubles;
  }

  /** Room for so many bytes, all 0. @throws RangeError where the memory is used up */
  allocate(size: number): number {
    const at = this.#backend.wasm._malloc(size + BEYOND);
    if (at === 0) throw new RangeError(`No memory is left for ${size} bytes. Choose a smaller network or batch.`);
    this.bytes.fill(0, at, at + size + BEYOND);
    return at;
  }

  free(at: number): void {
    this.#backend.wasm._free(at);
  }

  /** A tensor of zeros, which frees its room when it is disposed of. */
  tensor(shape: number[]): tf.Tensor {
    const at = this.allocate(4 * shape.reduce((size, n) => size * n, 1));
    const info = this.#backend.makeOutput(shape, 'float32', at);
    return tf.keep(tf.engine().makeTensorFromTensorInfo(info));
  }

  /** Where a tensor lies. */
  placeOf(tensor: tf.Tensor): number {
    return this.#backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** Memory that has grown is another buffer. */
  #look(): void {
    const { buffer } = this.#backend.wasm.asm.memory;
    if (this.#bytes.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#floats = new Float32Array(buffer);
    this.#integers = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
  }
}

/** Room that grows with what is asked of it; what it held is lost when it does. */
export class Room {
  #at = 0;
  #size = 0;

  constructor(private readonly memory: WasmMemory) {}

  /** Its place, with so many bytes at least. */
  of(size: number): number {
    if (size > this.#size) {
      this.free();
      this.#at = this.memory.allocate(size);
      this.#size = size;
    }
    return this.#at;
  }

  free(): void {
    if (this.#size > 0) this.memory.free(this.#at);
    this.#size = 0;
  }
}
