import * as tf from '@tensorflow/tfjs';
import bytes from './assembly/index.wasm';

/** What `assembly/index.ts` exports: pointers, counts and single-precision numbers in, nothing or a count out. */
type Exports = Readonly<Record<(typeof names)[number], (...args: number[]) => number>>;

const names = [
  'activate',
  'countBelow',
  'floatsOfBytes',
  'moments',
  'packColumns',
  'packFours',
  'packRowFours',
  'packRows',
  'product',
  'slopes',
  'softmaxCrossEntropy',
  'sparseBytes',
  'sparseFloats',
  'sparseProduct',
  'squaredError',
  'sumRows',
  'throughSlopes',
  'total',
  'transposeSparse',
  'update',
] as const;

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

/** A kernel may read and write so many bytes beyond the end of an array. */
const BEYOND = 16;

/** The memory of tfjs's wasm backend, with kernels that work in it: all pointers are places in it, in bytes. */
export class WasmMemory {
  readonly kernels: Exports;
  readonly #backend: Backend;
  #bytes = new Uint8Array(0);
  #floats = new Float32Array(0);
  #integers = new Int32Array(0);
  #doubles = new Float64Array(0);

  private constructor(backend: Backend, module: WebAssembly.Module) {
    this.#backend = backend;
    const { memory } = backend.wasm.asm;
    this.kernels = new WebAssembly.Instance(module, { env: { memory, log: Math.log } }).exports as unknown as Exports;
  }

  /** That of the backend in force, or a sentence that says why its memory cannot be worked in. */
  static ofBackend(): WasmMemory | string {
    if (tf.getBackend() !== 'wasm') return `The ${tf.getBackend()} backend has no WebAssembly memory.`;
    if (!WebAssembly.validate(bytes)) return 'WebAssembly has no SIMD here.';
    const backend: unknown = tf.backend();
    if (!isBackend(backend)) return 'The memory of tfjs’s wasm backend cannot be reached.';
    return new WasmMemory(backend, new WebAssembly.Module(bytes));
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
