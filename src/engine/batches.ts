import * as tf from '@tensorflow/tfjs';
import type { LabelledImages } from '../core/data/dataset';

export interface Batch {
  /** [size, pixels], pixel value/255. */
  readonly x: tf.Tensor2D;
  /** [size], int32. */
  readonly labels: tf.Tensor1D;
  readonly size: number;
}

/** Turns bytes into batches: a set stays one byte a pixel in memory, and only a batch becomes float32. */
export class Batcher {
  readonly #pixels: number;

  constructor(private readonly set: LabelledImages) {
    this.#pixels = set.images.length / set.labels.length;
  }

  get count(): number {
    return this.set.labels.length;
  }

  /** The examples at indices[from … to); the caller disposes of the tensors. */
  gather(indices: Uint32Array, from: number, to: number): Batch {
    const size = to - from;
    const pixels = this.#pixels;
    const { images, labels } = this.set;
    const x = new Float32Array(size * pixels);
    const y = new Int32Array(size);
    for (let row = 0; row < size; row++) {
      const example = indices[from + row]!;
      y[row] = labels[example]!;
      const source = example * pixels;
      const target = row * pixels;
      for (let p = 0; p < pixels; p++) x[target + p] = images[source + p]! / 255;
    }
    return { x: tf.tensor2d(x, [size, pixels]), labels: tf.tensor1d(y, 'int32'), size };
  }
}
