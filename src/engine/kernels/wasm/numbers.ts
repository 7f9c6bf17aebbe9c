import type { Numbers } from '../kernels';
import type { WasmMemory } from './memory';

/** Rows in memory before they are moved out of it. */
const ROWS = 256;

/** Numbers as rows in WebAssembly's memory. */
export class WasmNumbers implements Numbers {
  readonly tensors = 0;
  readonly #at: number;
  #rows = 0;
  #moved: Float32Array[] = [];

  constructor(
    private readonly memory: WasmMemory,
    private readonly width: number,
  ) {
    this.#at = memory.allocate(4 * ROWS * width);
  }

  get count(): number {
    return this.#moved.length * ROWS + this.#rows;
  }

  begin(): void {
    if (this.#rows === ROWS) this.#move();
    this.#rows++;
  }

  put(at: number, value: number): void {
    this.memory.floats[this.#at / 4 + (this.#rows - 1) * this.width + at] = value;
  }

  async read(): Promise<Float32Array> {
    this.#move();
    const all = new Float32Array(this.#moved.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const rows of this.#moved) {
      all.set(rows, at);
      at += rows.length;
    }
    this.#moved = [];
    return all;
  }

  dispose(): void {
    this.memory.free(this.#at);
    this.#moved = [];
  }

  #move(): void {
    const from = this.#at / 4;
    this.#moved.push(this.memory.floats.slice(from, from + this.#rows * this.width));
    this.#rows = 0;
  }
}
