import * as tf from '@tensorflow/tfjs-core';
import type { Numbers } from './kernels';

/** Numbers as scalars of tfjs, a tensor a row once it is full. */
export class TensorNumbers implements Numbers {
  #rows: tf.Tensor1D[] = [];
  #cells: tf.Scalar[] = [];

  constructor(private readonly width: number) {}

  get count(): number {
    return this.#rows.length + (this.#cells.length > 0 ? 1 : 0);
  }

  get tensors(): number {
    return this.#rows.length + this.#cells.length;
  }

  begin(): void {
    this.#close();
  }

  /** Takes the scalar over. */
  put(at: number, scalar: tf.Scalar): void {
    this.#cells[at] = tf.keep(scalar);
  }

  /** Adds a whole row, which it takes over. */
  add(row: tf.Tensor1D): void {
    this.#close();
    this.#rows.push(tf.keep(row));
  }

  async read(): Promise<Float32Array> {
    this.#close();
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0 || this.width === 0) {
      tf.dispose(rows);
      return new Float32Array(0);
    }
    const stacked = tf.stack(rows);
    tf.dispose(rows);
    const values = (await stacked.data()) as Float32Array;
    stacked.dispose();
    return values;
  }

  dispose(): void {
    tf.dispose([...this.#rows, ...this.#cells]);
    this.#rows = [];
    this.#cells = [];
  }

  #close(): void {
    const cells = this.#cells;
    if (cells.length === 0) return;
    this.#cells = [];
    this.#rows.push(tf.keep(tf.stack(cells) as tf.Tensor1D));
    tf.dispose(cells);
  }
}
