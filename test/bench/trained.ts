import * as tf from '@tensorflow/tfjs';
import { loadDataset } from '../../src/cli/data';
import type { Dataset } from '../../src/core/data/dataset';
import { drawDigits } from '../../src/core/data/digits';
import { type ExperimentConfig, paperConfig } from '../../src/core/experiment/config';
import { modelOfExperiment } from '../../src/core/experiment/model';
import type { Kernels } from '../../src/engine/kernels/kernels';
import { OperationKernels } from '../../src/engine/kernels/operations';
import { examplesOf } from '../../src/engine/kernels/tensorBatches';
import { DenseTraining } from '../../src/engine/train/denseTraining';
import { initialWeights } from '../../src/engine/train/initialWeights';
import { epochOrder, PROBE_INTERVAL } from '../../src/engine/train/trainer';
import { threadTime } from './threadTime';

/** What of a training is measured here, in this very thread. */

/** A folder of MNIST, if one was named. */
export const folder = process.env.BENCH_DATA;

export function benchData(): Dataset {
  if (folder === undefined) return drawDigits();
  return loadDataset({ kind: 'folder', folder }) as Dataset;
}

export const operations = (): Kernels => new OperationKernels();

export interface Trained extends Pick<ExperimentConfig, 'hidden' | 'kernelInitializer' | 'batchSize'> {
  readonly activation: string;
}

export const paper: Trained = { ...paperConfig, activation: 'sigmoid' };
export const tenLayers: Trained = {
  ...paperConfig,
  activation: 'tanh',
  hidden: new Array<number>(10).fill(128),
  kernelInitializer: { kind: 'glorot_uniform' },
};

/**
 * Milliseconds that the thread works for a step, with all that is recorded of it: the mean of `steps`, after a warm-up
 * of as many but 50 at most.
 */
export async function stepTime(on: Kernels, trained: Trained, data: Dataset, steps: number): Promise<number> {
  const { activation, batchSize } = trained;
  const config = { ...paperConfig, ...trained };
  const model = modelOfExperiment(config, activation, { inputs: data.rows * data.columns, classes: data.classes });
  const training = new DenseTraining(on, initialWeights(model, 0), {
    activation,
    optimizer: 'adam',
    learningRate: 1e-3,
  });
  const source = training.batches(data.train);
  const order = epochOrder(0, 1, source.count);
  const perEpoch = Math.floor(source.count / batchSize);
  const run = async (count: number) => {
    for (let step = 0; step < count; step++) {
      const from = (step % perEpoch) * batchSize;
      const batch = source.gather(order, from, from + batchSize);
      training.step(batch, step % PROBE_INTERVAL === 0);
      source.release(batch);
      // About as often as a turn of the worker.
      if (step % 50 === 49) await Promise.all([training.steps.read(), training.probes.read()]);
    }
    await Promise.all([training.steps.read(), training.probes.read()]);
  };
  await run(Math.min(50, steps));
  const started = threadTime();
  await run(steps);
  const milliseconds = (threadTime() - started) / steps;
  training.dispose();
  return milliseconds;
}

/** The same of tfjs as people use it: a model of its layers, and `fit`, which records no gradients. */
export async function fitTime(
  { activation, hidden, batchSize }: Trained,
  data: Dataset,
  steps: number,
): Promise<number> {
  const inputs = data.rows * data.columns;
  const model = tf.sequential();
  hidden.forEach((units, l) => {
    model.add(
      tf.layers.dense({ units, activation: activation as 'relu', ...(l === 0 ? { inputShape: [inputs] } : {}) }),
    );
  });
  model.add(tf.layers.dense({ units: data.classes, activation: 'softmax' }));
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const { features, targets } = examplesOf(data.train);
  const count = steps * batchSize;
  const x = tf.tensor2d(
    Float32Array.from(features.subarray(0, count * inputs), (byte) => byte / 255),
    [count, inputs],
  );
  const y = tf.tensor1d(Float32Array.from(targets.subarray(0, count)));
  const train = () => model.fit(x, y, { batchSize, epochs: 1, shuffle: false, yieldEvery: 'never' });
  await train();
  const started = threadTime();
  await train();
  const milliseconds = (threadTime() - started) / steps;
  model.dispose();
  tf.dispose([x, y]);
  return milliseconds;
}
