import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/math/random';
import { PlanNetwork } from '../../../src/engine/plan/planNetwork';
import { startWasm } from './backend';
import { PlanBuilder } from './plans';

/** What each step is tried in: a dense layer before it, so that a gradient has to come through, and Σ error·output after. */
const cases: Readonly<Record<string, () => PlanBuilder>> = {
  'dense over places': () => {
    const plan = new PlanBuilder([3, 4]);
    plan.dense(5, 'tanh');
    plan.dense(2);
    return plan;
  },
  convolution: () => withConv([6, 5, 2], [4, 3, 3]),
  'convolution with zeros around': () => withConv([5, 5, 2], [5, 5, 3], { before: [1, 1] }),
  'strided convolution': () => withConv([7, 6, 2], [3, 3, 2], { strides: [2, 2], before: [0, 1] }),
  'convolution that leaves a rest': () => withConv([8, 8, 2], [3, 3, 2], { strides: [2, 2] }),
  'dilated convolution': () => withConv([7, 7, 1], [3, 3, 2], { dilation: [2, 2] }),
  'strided and dilated convolution': () => withConv([9, 9, 2], [3, 3, 2], { dilation: [2, 2], strides: [2, 2] }),
  'grouped convolution': () => withConv([5, 5, 4], [3, 3, 6], { groups: 2 }),
  'depthwise convolution': () => withConv([6, 6, 3], [3, 3, 3], { groups: 3, strides: [2, 2], before: [1, 1] }),
  'unequally strided depthwise convolution': () =>
    withConv([6, 6, 3], [3, 6, 3], { groups: 3, strides: [2, 1], before: [1, 1] }),
  'depthwise convolution with a multiplier': () => withConv([5, 5, 2], [3, 3, 4], { groups: 2 }),
  'convolution over one axis': () => withConv([9, 3], [4, 2], { strides: [2] }),
  'transposed convolution': () => withConv([3, 3, 2], [6, 6, 2], { transposed: true, strides: [2, 2], before: [0, 0] }),
  'transposed convolution that cuts': () =>
    withConv([3, 3, 2], [6, 6, 2], { transposed: true, strides: [2, 2], before: [1, 1], kernelSize: [4, 4] }),
  'transposed convolution with a rest': () =>
    withConv([3, 4], [8, 2], { transposed: true, strides: [3], before: [0], kernelSize: [2] }),
  'maximum of windows': () => withPool('max', [2, 2], [2, 2], [0, 0], [2, 2, 2]),
  'maximum of windows that overlap': () => withPool('max', [3, 3], [2, 2], [1, 1], [3, 3, 2]),
  'maximum of windows of negative numbers': () =>
    withPool('max', [3, 3], [2, 2], [1, 1], [3, 3, 2], false, 'log_sigmoid'),
  'average of windows': () => withPool('average', [2, 2], [2, 2], [0, 0], [2, 2, 2]),
  'average that counts zeros around': () => withPool('average', [3, 3], [2, 2], [1, 1], [3, 3, 2], true),
  'average that does not': () => withPool('average', [3, 3], [2, 2], [1, 1], [3, 3, 2], false),
  'average over all places': () => {
    const plan = new PlanBuilder([4, 3, 2]);
    plan.dense(3, 'tanh');
    plan.add({ kind: 'globalPooling', mode: 'average', shape: [3] });
    return plan;
  },
  'maximum over all places': () => {
    const plan = new PlanBuilder([5, 2]);
    plan.dense(3, 'tanh');
    plan.add({ kind: 'globalPooling', mode: 'max', shape: [3] });
    return plan;
  },
  'batch normalisation': () => normalised('batch'),
  'layer normalisation': () => normalised('layer'),
  'group normalisation': () => normalised('group', 2),
  'RMS normalisation': () => normalised('rms'),
  softmax: () => {
    const plan = new PlanBuilder([4]);
    plan.dense(4);
    plan.add({ kind: 'softmax', log: false, shape: [4] });
    plan.dense(2);
    return plan;
  },
  'logarithm of a softmax': () => {
    const plan = new PlanBuilder([4]);
    plan.dense(4);
    plan.add({ kind: 'softmax', log: true, shape: [4] });
    return plan;
  },
  'axes in another order': () => {
    const plan = new PlanBuilder([3, 4]);
    plan.dense(5, 'tanh');
    plan.add({ kind: 'permute', axes: [1, 0], shape: [5, 3] });
    plan.dense(2);
    return plan;
  },
  'zeros around': () => {
    const plan = new PlanBuilder([3, 3, 2]);
    plan.dense(2, 'tanh');
    plan.add({ kind: 'padding', before: [1, 0, 0], shape: [5, 4, 2] });
    plan.conv([3, 2, 2]);
    return plan;
  },
  'numbers that are repeated': () => {
    const plan = new PlanBuilder([2, 3, 2]);
    plan.dense(2, 'tanh');
    plan.add({ kind: 'repeat', times: [2, 3, 1], shape: [4, 9, 2] });
    plan.conv([2, 7, 2]);
    return plan;
  },
  'a vector that is repeated': () => {
    const plan = new PlanBuilder([3]);
    plan.dense(2, 'tanh');
    plan.add({ kind: 'repeat', times: [4, 1], shape: [4, 2] });
    plan.dense(2, 'tanh');
    plan.add({ kind: 'reshape', shape: [8] });
    plan.dense(1);
    return plan;
  },
  'sum, product and joint': () => {
    const plan = new PlanBuilder([2, 2, 3]);
    const trunk = plan.dense(3, 'tanh');
    const gate = plan.add({ kind: 'globalPooling', mode: 'average', shape: [3], inputs: [trunk] });
    const scaled = plan.add({ kind: 'multiply', shape: [2, 2, 3], inputs: [trunk, gate] });
    const sum = plan.add({ kind: 'add', shape: [2, 2, 3], inputs: [scaled, trunk] });
    plan.add({ kind: 'concatenate', axis: 2, shape: [2, 2, 9], inputs: [sum, trunk, scaled] });
    plan.dense(2);
    return plan;
  },
  'weights that are shared': () => {
    const plan = new PlanBuilder([4]);
    plan.dense(4, 'tanh');
    plan.add({ kind: 'dense', shape: [4], weights: { index: 0 } });
    return plan;
  },
  'numbers of entries': () => {
    const plan = new PlanBuilder([5], 6);
    plan.add({ kind: 'embedding', entries: 6, shape: [5, 3], weights: { bias: null } });
    plan.dense(2, 'tanh');
    return plan;
  },
  'simple recurrence': () => recurrent({ cell: 'simple', sequences: true }),
  'simple recurrence with two biases, in both directions': () =>
    recurrent({ cell: 'simple', sequences: false, bidirectional: true, doubleBias: true }),
  LSTM: () => recurrent({ cell: 'lstm', sequences: true }),
  'LSTM in both directions': () => recurrent({ cell: 'lstm', sequences: true, bidirectional: true, doubleBias: true }),
  'GRU that resets after': () => recurrent({ cell: 'gru', sequences: true, doubleBias: true }),
  'GRU that resets before': () => recurrent({ cell: 'gru', sequences: false, bidirectional: true }),
  'GRU of Flax': () => recurrent({ cell: 'gru', sequences: true, doubleBias: true, gatewise: true }),
};

function withConv(input: number[], output: number[], more: Parameters<PlanBuilder['conv']>[1] = {}): PlanBuilder {
  const plan = new PlanBuilder(input);
  plan.dense(input.at(-1)!, 'tanh');
  plan.conv(output, more);
  return plan;
}

function withPool(
  mode: 'max' | 'average',
  size: number[],
  strides: number[],
  before: number[],
  shape: number[],
  countsPadding = false,
  phi = 'tanh',
): PlanBuilder {
  const plan = new PlanBuilder([5, 5, 2]);
  plan.dense(2, phi);
  plan.add({ kind: 'pooling', mode, size, strides, before, shape, countsPadding });
  return plan;
}

function normalised(over: 'batch' | 'layer' | 'group' | 'rms', groups = 1): PlanBuilder {
  const plan = new PlanBuilder([3, 3]);
  plan.dense(4, 'tanh');
  plan.normalise(over, groups);
  plan.dense(2, 'tanh');
  return plan;
}

function recurrent({
  cell,
  sequences,
  bidirectional = false,
  doubleBias = false,
  gatewise = false,
}: {
  cell: 'simple' | 'lstm' | 'gru';
  sequences: boolean;
  bidirectional?: boolean;
  doubleBias?: boolean;
  gatewise?: boolean;
}): PlanBuilder {
  const plan = new PlanBuilder([4, 3]);
  plan.dense(3, 'tanh');
  const width = bidirectional ? 4 : 2;
  plan.add({
    kind: 'recurrent',
    cell,
    units: 2,
    sequences,
    bidirectional,
    phi: 'tanh',
    hidden: true,
    gatePhi: 'sigmoid',
    recurrentKernel: { kind: 'uniform', min: -0.7, max: 0.7 },
    gatewise,
    forgetBias: cell === 'lstm',
    doubleBias,
    shape: sequences ? [4, width] : [width],
  });
  return plan;
}

/** Along a random direction of each parameter: what the gradient says, and what the output does. */
for (const backend of ['cpu', 'wasm'] as const) {
  describe(`gradients of a plan's steps on ${backend}`, () => {
    beforeAll(async () => {
      if (backend === 'wasm') await startWasm();
      else await tf.setBackend('cpu');
      expect(tf.getBackend()).toBe(backend);
    });

    it.each(Object.entries(cases))('%s: agree with differences of the output', (_name, make) => {
      const plan = make().build();
      const network = new PlanNetwork(plan, 5);
      const random = createRandom(3, 'x');
      const batch = 3;
      const size = plan.inputShape.reduce((a, b) => a * b, batch);
      const x =
        plan.vocabulary === null
          ? tf.tensor(
              Float32Array.from({ length: size }, () => random.normal()),
              [batch, ...plan.inputShape],
            )
          : tf.tensor(
              Int32Array.from({ length: size }, () => random.below(plan.vocabulary!)),
              [batch, ...plan.inputShape],
              'int32',
            );
      const error = Float32Array.from({ length: batch * plan.output.units }, () => random.normal());
      const errors = tf.tensor2d(error, [batch, plan.output.units]);
      const { parameters } = network.gradientsFrom(x, errors);
      network.parameters.forEach((parameter, place) => {
        const gradient = parameters[place]!.dataSync() as Float32Array;
        const start = network.values[place]!.dataSync().slice() as Float32Array;
        const direction = Float32Array.from(start, () => random.normal());
        const along = direction.reduce((sum, d, i) => sum + d * gradient[i]!, 0);
        const length = Math.sqrt(direction.reduce((sum, d) => sum + d * d, 0));
        const step = 2e-3 / length;
        const cost = (by: number): number => {
          network.assign(
            place,
            start.map((w, i) => w + by * direction[i]!),
          );
          const output = network.outputInTraining(x).dataSync();
          return error.reduce((sum, e, i) => sum + e * output[i]!, 0);
        };
        const difference = (cost(step) - cost(-step)) / (2 * step);
        network.assign(place, start);
        const scale = Math.max(length * Math.hypot(...gradient) * 0.2, 1e-3);
        expect(Math.abs(difference - along) / scale, parameter.name).toBeLessThan(0.03);
        expect(Math.hypot(...gradient), parameter.name).toBeGreaterThan(0);
      });
      network.dispose();
    });
  });
}
