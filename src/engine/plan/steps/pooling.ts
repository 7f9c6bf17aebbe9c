import * as tf from '@tensorflow/tfjs-core';
import { type Pair, placed } from './space';
import type { StepOf, StepPass } from './step';

/** Below any number that is pooled; −∞ is not safe in every backend. */
const LOWEST = -3.4e38;

/** Above 0 where all numbers are the same. */
const TINY = 1e-30;

interface Windows {
  readonly size: Pair;
  readonly strides: Pair;
  readonly before: Pair;
  readonly places: Pair;
  readonly countsPadding: boolean;
}

/** How many numbers of the input each window holds, [1, height, width, 1]. */
function counts({ size, strides, before, places }: Windows, input: Pair): tf.Tensor4D {
  const along = (axis: 0 | 1): number[] =>
    Array.from({ length: places[axis] }, (_, at) => {
      const from = at * strides[axis] - before[axis];
      return Math.max(1, Math.min(input[axis], from + size[axis]) - Math.max(0, from));
    });
  const [down, across] = [along(0), along(1)];
  return tf.tensor4d(
    down.flatMap((n) => across.map((m) => n * m)),
    [1, ...places, 1],
  );
}

/**
 * Shifted above 0: the wasm backend's MaxPoolGrad (tfjs 4.22) passes nothing back to a maximum that is not positive. Which
 * place is the largest stays the same; the gradient needs no more of the values.
 */
function positive(x: tf.Tensor4D): tf.Tensor4D {
  const lowest = tf.min(x);
  const room = tf.mul(tf.sub(tf.max(x), lowest), 1e-3);
  return tf.add(tf.sub(x, lowest), tf.add(room, TINY));
}

/** @param x [batch, height, width, channels] */
function pool(x: tf.Tensor4D, mode: 'max' | 'average', windows: Windows): StepPass & { readonly output: tf.Tensor4D } {
  const { size, strides, before, places, countsPadding } = windows;
  const extent: Pair = [x.shape[1], x.shape[2]];
  const covered: Pair = [(places[0] - 1) * strides[0] + size[0], (places[1] - 1) * strides[1] + size[1]];
  const seen = placed(x, before, covered, mode === 'max' ? LOWEST : 0);
  const attributes = { filterSize: [...size], strides: [...strides], pad: 'valid' as const };
  const back = (behind: tf.Tensor4D): tf.Tensor[] => [placed(behind, [-before[0], -before[1]], extent)];
  if (mode === 'max') {
    const output = tf.maxPool(seen, [...size], [...strides], 'valid');
    return {
      output,
      backward: (dy) => {
        const input = placed(positive(x), before, covered, 0);
        const inputs = { dy, input, output: tf.maxPool(input, [...size], [...strides], 'valid') };
        return back(tf.engine().runKernel('MaxPoolGrad', inputs, attributes) as tf.Tensor4D);
      },
    };
  }
  const plain = tf.avgPool(seen, [...size], [...strides], 'valid');
  const padded = before.some((n) => n > 0) || covered[0] > extent[0] || covered[1] > extent[1];
  const factor = padded && !countsPadding ? tf.div<tf.Tensor4D>(size[0] * size[1], counts(windows, extent)) : undefined;
  return {
    output: factor ? tf.mul(plain, factor) : plain,
    backward: (dy) => {
      const inputs = { dy: factor ? tf.mul(dy, factor) : dy, input: seen };
      return back(tf.engine().runKernel('AvgPoolGrad', inputs, attributes) as tf.Tensor4D);
    },
  };
}

/** As [batch, height, width, channels], and back. */
function flattened(
  x: tf.Tensor,
  height: number,
  width: number,
  run: (x: tf.Tensor4D) => StepPass,
  shape: readonly number[],
): StepPass {
  const { output, backward } = run(tf.reshape(x, [x.shape[0]!, height, width, x.shape.at(-1)!]) as tf.Tensor4D);
  return {
    output: tf.reshape(output, [x.shape[0]!, ...shape]),
    backward: (gradient, sink, wanted) => {
      if (!wanted[0]) return [undefined];
      const [found] = backward(tf.reshape(gradient, output.shape), sink, wanted);
      return [tf.reshape(found!, x.shape)];
    },
  };
}

export function pooling(step: StepOf<'pooling'>, x: tf.Tensor): StepPass {
  const { size, strides, before, countsPadding, shape, mode } = step;
  const pair = (numbers: readonly number[], usual: number): Pair => [numbers[0]!, numbers[1] ?? usual];
  const windows: Windows = {
    size: pair(size, 1),
    strides: pair(strides, 1),
    before: pair(before, 0),
    places: x.shape.length === 3 ? [shape[0]!, 1] : [shape[0]!, shape[1]!],
    countsPadding,
  };
  const width = x.shape.length === 3 ? 1 : x.shape[2]!;
  return flattened(x, x.shape[1]!, width, (picture) => pool(picture, mode, windows), shape);
}

/** Over all places. */
export function globalPooling(step: StepOf<'globalPooling'>, x: tf.Tensor): StepPass {
  const places = x.size / (x.shape[0]! * x.shape.at(-1)!);
  const windows: Windows = {
    size: [places, 1],
    strides: [1, 1],
    before: [0, 0],
    places: [1, 1],
    countsPadding: false,
  };
  return flattened(x, places, 1, (picture) => pool(picture, step.mode, windows), step.shape);
}
