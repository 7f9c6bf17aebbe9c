import { type DenseProducts, plainProducts } from '../denseProducts';
import { BEYOND, blockBytes, type KernelExports, kernelsIn, panelBytes } from './module';

const PAGE = 65536;
/** Of double precision's normal numbers. */
const SMALLEST_EXPONENT = -1022;

/**
 * A dense layer's products by the kernels, in single precision and in a memory of their own: for what works without
 * TensorFlow.js. What goes in is scaled to sizes near 1, and what comes out back: gradients and signals may be far beyond single
 * precision's range.
 */
class KernelProducts implements DenseProducts {
  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly kernels: KernelExports,
  ) {}

  affine(kernel: Float32Array, bias: Float32Array, input: Float64Array, samples: number): Float64Array<ArrayBuffer> {
    const inner = input.length / samples;
    const columns = bias.length;
    const out = this.#product(input, samples, inner, kernel, columns, this.kernels.packRows);
    if (!out) return plainProducts.affine(kernel, bias, input, samples);
    for (let at = 0; at < out.length; at += columns) {
      for (let j = 0; j < columns; j++) out[at + j]! += bias[j]!;
    }
    return out;
  }

  inputGradient(kernel: Float32Array, gradient: Float64Array, samples: number): Float64Array<ArrayBuffer> {
    const inner = gradient.length / samples;
    return (
      this.#product(gradient, samples, inner, kernel, kernel.length / inner, this.kernels.packColumns) ??
      plainProducts.inputGradient(kernel, gradient, samples)
    );
  }

  /** a [rows, inner] × b, which `pack` makes panels of; undefined where single precision does not hold it. */
  #product(
    a: Float64Array,
    rows: number,
    inner: number,
    b: Float32Array,
    columns: number,
    pack: KernelExports['packRows'],
  ): Float64Array<ArrayBuffer> | undefined {
    const sizes = [4 * a.length, 4 * b.length, blockBytes(inner, rows), panelBytes(inner, columns)];
    const places = this.#places([...sizes, 4 * rows * columns, 32 * 4]);
    const [first, second, blocks, panels, out, tile] = places as [number, number, number, number, number, number];
    const scale = powerNear(a);
    const floats = new Float32Array(this.memory.buffer);
    for (let i = 0, to = first / 4; i < a.length; i++) floats[to + i] = a[i]! / scale;
    floats.set(b, second / 4);
    pack(second, inner, columns, panels);
    this.kernels.packRowFours(first, rows, inner, blocks);
    this.kernels.product(rows, columns, inner, blocks, panels, 0, out, tile);
    const found = new Float64Array(rows * columns);
    const from = out / 4;
    let finite = true;
    for (let i = 0; i < found.length; i++) {
      const x = floats[from + i]!;
      finite &&= Number.isFinite(x);
      found[i] = scale * x;
    }
    return finite ? found : undefined;
  }

  /** Places for so many bytes each, one behind the other; the memory grows where they need more. */
  #places(sizes: readonly number[]): number[] {
    let end = PAGE;
    const places = sizes.map((size) => {
      const at = end;
      end += Math.ceil((size + BEYOND) / 16) * 16;
      return at;
    });
    const lacking = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
    if (lacking > 0) this.memory.grow(lacking);
    return places;
  }
}

/** The power of two below the largest size; 1 where all are 0 or one is no number. */
function powerNear(values: Float64Array): number {
  let largest = 0;
  for (const x of values) largest = Math.max(largest, Math.abs(x));
  if (largest === 0 || !Number.isFinite(largest)) return 1;
  return 2 ** Math.max(SMALLEST_EXPONENT, Math.floor(Math.log2(largest)));
}

/** The kernels' products, or undefined where WebAssembly has no SIMD or must not be compiled. */
export function kernelProducts(): DenseProducts | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const kernels = kernelsIn(memory);
    return kernels && new KernelProducts(memory, kernels);
  } catch {
    return undefined;
  }
}
