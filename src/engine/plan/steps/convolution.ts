import * as tf from '@tensorflow/tfjs-core';
import { asRows, type Pair, placed, spread, sumRows, thin } from './space';
import { batchOf, type StepContext, type StepOf, type StepPass } from './step';

/** Window of an ordinary convolution. */
interface Windows {
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilation: Pair;
}

const pair = (sizes: readonly number[]): Pair => [sizes[0]!, sizes[1] ?? 1];
const isOne = ([a, b]: Pair): boolean => a === 1 && b === 1;

/** What the windows of `places` cover from the first to the last. */
const covered = ({ kernel, strides, dilation }: Windows, places: Pair): Pair => {
  const along = (axis: 0 | 1): number => (places[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilation[axis] + 1;
  return [along(0), along(1)];
};

/** tfjs has no strides along with dilation: what lies between is thrown away then. */
function convolve(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  strides: Pair,
  dilation: Pair,
  depthwise: boolean,
  bias?: tf.Tensor1D,
): tf.Tensor4D {
  const both = !isOne(strides) && !isOne(dilation);
  const unequal = depthwise && strides[0] !== strides[1];
  const by = both || unequal ? ([1, 1] as const) : strides;
  if (depthwise) {
    const full = tf.depthwiseConv2d(x, kernel, [...by], 'valid', 'NHWC', [...dilation]);
    const taken = both || unequal ? thin(full, strides) : full;
    return bias ? tf.add(taken, bias) : taken;
  }
  if (both) {
    const taken = thin(tf.conv2d(x, kernel, 1, 'valid', 'NHWC', [...dilation]), strides);
    return bias ? tf.add(taken, bias) : taken;
  }
  const shared = { x, filter: kernel, strides: [...by] as [number, number], pad: 'valid' as const };
  return tf.fused.conv2d({
    ...shared,
    dilations: [...dilation],
    ...(bias === undefined ? {} : { bias }),
  }) as tf.Tensor4D;
}

/** ∂C/∂x of what the windows cover: the gradient, its places set apart, meets the kernel turned round. */
function inputGradient(gradient: tf.Tensor4D, kernel: tf.Tensor4D, windows: Windows, depthwise: boolean): tf.Tensor4D {
  const { strides, dilation } = windows;
  const places: Pair = [gradient.shape[1], gradient.shape[2]];
  const apart = isOne(strides) ? gradient : spread(gradient, strides);
  const around: Pair = [(windows.kernel[0] - 1) * dilation[0], (windows.kernel[1] - 1) * dilation[1]];
  const [height, width] = covered(windows, places);
  const wide = placed(apart, around, [height + around[0], width + around[1]]);
  const turned = tf.reverse(kernel, [0, 1]);
  if (depthwise) return convolve(wide, turned, [1, 1], dilation, true);
  return convolve(wide, tf.transpose(turned, [0, 1, 3, 2]), [1, 1], dilation, false);
}

/**
 * ∂C/∂kernel as a convolution in which examples and channels change places: the picture [channels, height, width, batch]
 * meets the gradient [height, width, batch, filters], dilated by the strides.
 *
 * @param covered what the windows cover of the input, exactly
 */
function kernelGradient(x: tf.Tensor4D, gradient: tf.Tensor4D, { strides, dilation }: Windows): tf.Tensor4D {
  const both = !isOne(strides) && !isOne(dilation);
  const trimmed = both ? trimmedSpread(gradient, strides) : gradient;
  const picture = tf.transpose(x, [3, 1, 2, 0]);
  const filters = tf.transpose(trimmed, [1, 2, 0, 3]);
  const found = convolve(picture, filters, dilation, both ? [1, 1] : strides, false);
  return tf.transpose(found, [1, 2, 0, 3]);
}

function trimmedSpread(gradient: tf.Tensor4D, strides: Pair): tf.Tensor4D {
  const [, height, width] = gradient.shape;
  return placed(spread(gradient, strides), [0, 0], [(height - 1) * strides[0] + 1, (width - 1) * strides[1] + 1]);
}

/** One kernel element after the other: Σ over examples and places of input times gradient. [height, width, channels, 1] */
function depthwiseKernelGradient(x: tf.Tensor4D, gradient: tf.Tensor4D, windows: Windows): tf.Tensor4D {
  const { kernel, strides, dilation } = windows;
  const apart = isOne(strides) ? gradient : trimmedSpread(gradient, strides);
  const [batch, height, width, channels] = apart.shape;
  const elements: tf.Tensor1D[] = [];
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      const part = tf.slice(x, [0, i * dilation[0], j * dilation[1], 0], [batch, height, width, channels]);
      elements.push(sumRows(asRows(tf.mul(part, apart))));
    }
  }
  return tf.reshape(tf.stack(elements), [...kernel, channels, 1]);
}

/** Channels from a group's first on. */
const part = (x: tf.Tensor4D, group: number, size: number): tf.Tensor4D =>
  tf.slice(x, [0, 0, 0, group * size], [x.shape[0], x.shape[1], x.shape[2], size]);

/**
 * A convolution over one or two axes, ordinary, grouped, depthwise or transposed. A transposed one is an ordinary one over
 * its input's places set apart by the strides; its kernel is the framework's turned round, which its draw does not tell.
 */
export function convolution(step: StepOf<'convolution'>, x: tf.Tensor, context: StepContext): StepPass {
  const { groups, transposed, weights, shape } = step;
  const kernel = context.parameter('kernel', weights.index) as tf.Tensor4D;
  const bias = weights.bias === null ? undefined : (context.parameter('bias', weights.index) as tf.Tensor1D);
  const given = x.shape;
  const oneAxis = given.length === 3;
  const input = (oneAxis ? tf.expandDims(x, 2) : x) as tf.Tensor4D;
  const size: Pair = [input.shape[1], input.shape[2]];
  const places: Pair = oneAxis ? [shape[0]!, 1] : [shape[0]!, shape[1]!];
  const pace = pair(step.strides);
  const windows: Windows = {
    kernel: pair(step.kernelSize),
    strides: transposed ? [1, 1] : pace,
    dilation: pair(step.dilation),
  };
  const front: Pair = [step.before[0]!, step.before[1] ?? 0];
  const before: Pair = transposed
    ? [
        (windows.kernel[0] - 1) * windows.dilation[0] - front[0],
        (windows.kernel[1] - 1) * windows.dilation[1] - front[1],
      ]
    : front;
  const apart = transposed && !isOne(pace) ? spread(input, pace) : input;
  const seen = placed(apart, before, covered(windows, places));
  const channels = input.shape[3];
  const depthwise = groups > 1 && groups === channels && shape.at(-1) === channels;
  // A grouped kernel is [height, width, channels / groups, filters], a depthwise one for tfjs [height, width, channels, 1].
  const arranged = depthwise ? (tf.transpose(kernel, [0, 1, 3, 2]) as tf.Tensor4D) : kernel;
  const filters = shape.at(-1)! / groups;
  const split = groups > 1 && !depthwise;
  const kernelOf = (group: number): tf.Tensor4D => part(kernel, group, filters);
  const numbers = Array.from({ length: split ? groups : 0 }, (_, group) => group);
  const { strides, dilation } = windows;
  let y: tf.Tensor4D;
  if (split) {
    const parts = numbers.map((g) => convolve(part(seen, g, channels / groups), kernelOf(g), strides, dilation, false));
    const joined = tf.concat(parts, 3) as tf.Tensor4D;
    y = bias ? tf.add(joined, bias) : joined;
  } else {
    y = convolve(seen, arranged, strides, dilation, depthwise, bias);
  }
  const output = tf.reshape(y, [batchOf(x), ...shape]);
  return {
    output,
    backward(arriving, sink, [wanted]) {
      const gradient = tf.reshape(arriving, y.shape) as tf.Tensor4D;
      if (bias) sink('bias', weights.index, sumRows(asRows(gradient)));
      if (depthwise) {
        const found = depthwiseKernelGradient(seen, gradient, windows);
        sink('kernel', weights.index, tf.transpose(found, [0, 1, 3, 2]));
      } else if (split) {
        const found = numbers.map((g) =>
          kernelGradient(part(seen, g, channels / groups), part(gradient, g, filters), windows),
        );
        sink('kernel', weights.index, tf.concat(found, 3));
      } else {
        sink('kernel', weights.index, kernelGradient(seen, gradient, windows));
      }
      if (!wanted) return [undefined];
      const behind = split
        ? (tf.concat(
            numbers.map((g) => inputGradient(part(gradient, g, filters), kernelOf(g), windows, false)),
            3,
          ) as tf.Tensor4D)
        : inputGradient(gradient, arranged, windows, depthwise);
      const back = placed(behind, [-before[0], -before[1]], [apart.shape[1]!, apart.shape[2]!]);
      const own = transposed ? placed(thin(back, pace), [0, 0], size) : back;
      return [tf.reshape(own, given)];
    },
  };
}
