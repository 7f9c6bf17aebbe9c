import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/data/dataset';
import type { Examples } from '../../core/data/examples';
import type { NetworkPlan } from '../../core/model/plan/plan';
import type { BatchSource, Batch as SomeBatch } from './kernels';

export const examplesOf = (set: LabelledImages | Examples): Examples =>
  'images' in set ? { count: set.labels.length, features: set.images, targets: set.labels, want: set.want } : set;

export interface Batch extends SomeBatch {
  /** [size, numbers of one example], float32, or int32 for numbers of entries. */
  readonly x: tf.Tensor2D;
  /** int32 [size], or float32 [size, units]. */
  readonly targets: tf.Tensor;
}

/** Turns examples into batches: a set stays as small as it came, and only a batch becomes float32. */
export class Batcher implements BatchSource {
  readonly form = 'all numbers';
  readonly #examples: Examples;
  /** Numbers of one example, and of its target. */
  readonly #width: number;
  readonly #targetWidth: number;

  constructor(set: LabelledImages | Examples) {
    this.#examples = examplesOf(set);
    const { count, features, targets } = this.#examples;
    this.#width = features.length / count;
    this.#targetWidth = targets.length / count;
  }

  get count(): number {
    return this.#examples.count;
  }

  release({ x, targets }: Batch): void {
    tf.dispose([x, targets]);
  }

  /** Holds no tensors. */
  dispose(): void {}

  gather(indices: Uint32Array, from: number, to: number): Batch {
    const size = to - from;
    const { features, targets, want } = this.#examples;
    const width = this.#width;
    const bytes = features instanceof Uint8Array;
    const x = features instanceof Int32Array ? new Int32Array(size * width) : new Float32Array(size * width);
    const units = this.#targetWidth;
    const numbers = targets instanceof Float32Array;
    const y = numbers ? new Float32Array(size * units) : new Int32Array(size);
    for (let row = 0; row < size; row++) {
      const example = indices[from + row]!;
      want?.(example);
      for (let u = 0; u < units; u++) y[row * units + u] = targets[example * units + u]!;
      const source = example * width;
      if (bytes) {
        const target = row * width;
        for (let p = 0; p < width; p++) x[target + p] = features[source + p]! / 255;
      } else x.set(features.subarray(source, source + width), row * width);
    }
    return {
      x: tf.tensor2d(x, [size, width], features instanceof Int32Array ? 'int32' : 'float32'),
      targets: numbers ? tf.tensor2d(y, [size, units], 'float32') : tf.tensor1d(y, 'int32'),
      size,
    };
  }
}

/** Data and model do not belong together; the message says what was found and what was expected. */
export class DataFitError extends Error {
  override readonly name = 'DataFitError';
}

/** @throws DataFitError where a plan's network cannot be trained on these examples */
export function checkFit(plan: NetworkPlan, { count, features, targets }: Examples): void {
  const { name, inputShape, vocabulary, output } = plan;
  const inputs = inputShape.reduce((all, size) => all * size, 1);
  if (count === 0) throw new DataFitError('The data have no examples; expected at least one.');
  if (features.length !== count * inputs)
    throw new DataFitError(
      `Each example has ${features.length / count} numbers, but ${name} takes ${inputShape.join('×')} = ${inputs}. Choose other data.`,
    );
  if ((vocabulary !== null) !== features instanceof Int32Array)
    throw new DataFitError(
      vocabulary === null
        ? `The data are numbers of entries, but ${name} has no embedding at its input. Choose other data.`
        : `${name} reads numbers of entries below ${vocabulary}, but the data are other numbers. Choose other data.`,
    );
  if (vocabulary !== null) {
    const wrong = features.find((entry) => entry < 0 || entry >= vocabulary);
    if (wrong !== undefined)
      throw new DataFitError(`The data name entry ${wrong}, but ${name} has ${vocabulary} (0 to ${vocabulary - 1}).`);
  }
  if (output.meaning === 'regression') {
    if (!(targets instanceof Float32Array) || targets.length !== count * output.units)
      throw new DataFitError(
        `${name} gives ${output.units} numbers, but the data have ${targets instanceof Float32Array ? `${targets.length / count} for each example` : 'classes'}. Choose other data.`,
      );
    return;
  }
  const classes = output.meaning === 'binary' ? 2 : output.units;
  if (targets instanceof Float32Array || targets.length !== count)
    throw new DataFitError(`${name} tells ${classes} classes apart, but the data have numbers as targets.`);
  const largest = (targets as Int32Array).reduce((most, label) => Math.max(most, label), 0);
  if (largest >= classes)
    throw new DataFitError(
      `The data have at least ${largest + 1} classes, but ${name} tells ${classes} apart. Choose other data.`,
    );
}
