import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { activationNames, activation as catalogueEntry, findActivation } from '../../../src/core/activations/catalogue';
import { framework } from '../../../src/core/frameworks/all';
import type { Kernels, Loss } from '../../../src/engine/kernels/kernels';
import { tensorActivation } from '../../../src/engine/tensors/activations';
import { norm } from '../../../src/engine/tensors/norm';
import { type DenseSettings, DenseTraining, type DenseWeights } from '../../../src/engine/train/denseTraining';
import { startWasm } from './backend';
import { kernelSets } from './kernelSets';

interface GoldenNetwork {
  activation: string;
  dims: number[];
  loss: Loss;
  kernels: number[][][];
  biases: number[][];
  x: number[][];
  labels: number[];
  loss_value: number;
  kernel_grads: number[][][];
  bias_grads: number[][];
  kernel_grad_norms: number[];
  adam: { lr: number; epsilon: number; loss_before_each_step: number[] };
}

const golden = JSON.parse(readFileSync('test/fixtures/torch-networks.json', 'utf8'));
const networks: GoldenNetwork[] = Array.isArray(golden) ? golden : golden.mlps;

const goldenNames: Record<string, string> = {
  'hard_sigmoid(1/6)': 'hard_sigmoid',
  'hard_sigmoid(0.2)': 'hard_sigmoid_0.2',
  'leaky_relu(0.2)': 'leaky_relu',
  'leaky_relu(0.01)': 'leaky_relu_0.01',
  'leaky_relu(0.3)': 'leaky_relu_0.3',
};
const ours = (name: string) => findActivation(goldenNames[name] ?? name.replace(/\(.*\)$/, ''))!.name;

const weightsOf = (net: GoldenNetwork): DenseWeights[] =>
  net.kernels.map((kernel, l) => ({
    fanIn: net.dims[l]!,
    fanOut: net.dims[l + 1]!,
    kernel: Float32Array.from(kernel.flat()),
    bias: Float32Array.from(net.biases[l]!),
  }));

/** A training, and all of its examples as one batch. */
function built(on: Kernels, weights: DenseWeights[], settings: DenseSettings, x: number[][], labels: number[]) {
  const training = new DenseTraining(on, weights, settings);
  const examples = { count: x.length, features: Float32Array.from(x.flat()), targets: Int32Array.from(labels) };
  const batch = training.batches(examples).gather(Uint32Array.from(labels.keys()), 0, x.length);
  return { training, batch };
}

const build = (on: Kernels, net: GoldenNetwork, learningRate = net.adam.lr) => {
  const { optimizers } = framework('torch');
  const semantics = { ...optimizers, adam: { ...optimizers.adam, epsilon: net.adam.epsilon } };
  const settings = {
    activation: ours(net.activation),
    loss: net.loss,
    optimizer: 'adam',
    learningRate,
    semantics,
  } as const;
  return built(on, weightsOf(net), settings, net.x, net.labels);
};

/** Largest difference relative to the largest value: single float32 entries near 0 have no relative error to speak of. */
function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs), 1e-12);
  return Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!))) / scale;
}

for (const { name: set, start, make } of kernelSets) {
  describe(`explicit backward pass by ${set}`, () => {
    beforeAll(start);

    it.each(networks.map((net) => [`${net.activation}, ${net.loss}`, net] as const))(
      'gives PyTorch’s losses and gradients: %s',
      async (_name, net) => {
        const on = make();
        const { training, batch } = build(on, net);
        training.step(batch, true);
        const [loss, , ...norms] = await training.steps.read();
        expect(loss! / net.loss_value).toBeCloseTo(1, 4);
        const { kernels, biases } = training.gradients;
        for (let l = 0; l < net.kernels.length; l++) {
          expect(relativeError(await on.read(kernels[l]!), net.kernel_grads[l]!.flat())).toBeLessThan(1e-4);
          expect(relativeError(await on.read(biases[l]!), net.bias_grads[l]!)).toBeLessThan(1e-4);
          expect(norms[l]! / net.kernel_grad_norms[l]!).toBeCloseTo(1, 4);
        }
        training.dispose();
      },
    );

    it.each(networks.map((net) => [`${net.activation}, ${net.loss}`, net] as const))(
      'follows PyTorch’s Adam trace: %s',
      async (_name, net) => {
        const { training, batch } = build(make(), net);
        for (const expected of net.adam.loss_before_each_step) {
          training.step(batch, false);
          const [loss] = await training.steps.read();
          expect(Math.abs(loss! - expected) / expected).toBeLessThan(1e-4);
        }
        training.dispose();
      },
    );

    it('agrees with tfjs’s own differentiation on random networks', async () => {
      for (const name of ['tanh', 'gelu', 'elu'] as const) {
        const widths = [9, 8, 7, 4];
        const weights = widths.slice(1).map((fanOut, l) => ({
          fanIn: widths[l]!,
          fanOut,
          kernel: tf.randomNormal([widths[l]!, fanOut], 0, 0.5, 'float32', 7 + l).dataSync() as Float32Array,
          bias: new Float32Array(fanOut),
        }));
        const x = tf.randomNormal([11, 9], 0, 1, 'float32', 3) as tf.Tensor2D;
        const labels = tf.tensor1d([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2], 'int32');
        const on = make();
        const settings = { activation: name, optimizer: 'sgd', learningRate: 0.1 } as const;
        const { training, batch } = built(on, weights, settings, x.arraySync(), labels.arraySync());
        training.step(batch, false);
        const variables = weights.map(({ kernel, fanIn, fanOut }) => tf.variable(tf.tensor2d(kernel, [fanIn, fanOut])));
        const { grads } = tf.variableGrads(() => {
          let a: tf.Tensor2D = x;
          variables.forEach((kernel, l) => {
            const z: tf.Tensor2D = tf.matMul(a, kernel as tf.Tensor2D);
            a =
              l < variables.length - 1
                ? name === 'tanh'
                  ? tf.tanh(z)
                  : name === 'elu'
                    ? tf.elu(z)
                    : tf.mul(tf.mul(z, 0.5), tf.add(tf.erf(tf.mul(z, Math.SQRT1_2)), 1))
                : z;
          });
          return tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 4), a);
        }, variables as tf.Variable[]);
        for (const [l, variable] of variables.entries()) {
          const gradient = await on.read(training.gradients.kernels[l]!);
          expect(relativeError(gradient, Array.from(grads[variable.name]!.dataSync()))).toBeLessThan(1e-4);
        }
        training.dispose();
      }
    });
  });
}

for (const backend of ['cpu', 'wasm'] as const) {
  describe(`functions on ${backend}`, () => {
    beforeAll(async () => {
      if (backend === 'wasm') await startWasm();
      else await tf.setBackend('cpu');
      expect(tf.getBackend()).toBe(backend);
    });

    const parametrised = [
      'relu(negative_slope=0.1, max_value=4, threshold=0.505)',
      'relu(max_value=3.3)',
      'leaky_relu(negative_slope=-0.4)',
      'elu(alpha=0.5)',
      'celu(alpha=2.5)',
      'silu(beta=1.702)',
      'softplus(beta=3, threshold=20)',
      'hard_tanh(min=-2.2, max=0.4)',
      'soft_shrink(lambda=1.3)',
      'squareplus(b=0.5)',
      'threshold(threshold=0.1, value=20)',
    ];

    it.each([...activationNames, ...parametrised])('computes %s and its derivative as the catalogue does', (name) => {
      const entry = catalogueEntry(name);
      const points = Float32Array.from({ length: 161 }, (_, i) => -8.03 + 0.1 * i);
      const z = tf.tensor2d(points, [1, points.length]);
      const a = tensorActivation(name).forward(z);
      const values = a.dataSync();
      const derivatives = tensorActivation(name).derivative(z, a).dataSync();
      points.forEach((x, i) => {
        const tolerance = 2e-5 * (1 + Math.abs(entry.value(x)));
        expect(Math.abs(values[i]! - entry.value(x)), `φ(${x})`).toBeLessThan(tolerance);
        expect(Math.abs(derivatives[i]! - entry.derivative(x)), `φ′(${x})`).toBeLessThan(tolerance);
      });
    });

    it('gives norms where squares would underflow or overflow, and exactly 0 for zeros', () => {
      const of = (values: number[]) => norm(tf.tensor1d(values)).dataSync()[0]!;
      expect(of([3e-30, 4e-30]) / 5e-30).toBeCloseTo(1, 5);
      expect(of([3e30, 4e30]) / 5e30).toBeCloseTo(1, 5);
      expect(of([0, 0])).toBe(0);
      expect(of([1, Number.NaN])).toBeNaN();
    });
  });
}
