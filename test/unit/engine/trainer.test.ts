import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/core/data/dataset';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import { modelOfExperiment } from '../../../src/core/experiment/model';
import { formatPower } from '../../../src/core/format/numbers';
import { createRandom } from '../../../src/core/math/random';
import { type EpochRow, ProbeSeries, StepSeries } from '../../../src/core/runs/record';
import { initialWeights } from '../../../src/engine/train/initialWeights';
import { epochOrder, PROBE_INTERVAL, Trainer } from '../../../src/engine/train/trainer';
import type { TrainingOutcome } from '../../../src/protocol/workers/training';
import { startWasm } from './backend';

/** Four noisy 6×6 patterns: learnt within an epoch or two by anything that can learn. */
function patterns(count: number, testCount: number): Dataset {
  const random = createRandom(5, 'patterns');
  const prototypes = Array.from({ length: 4 }, () =>
    Uint8Array.from({ length: 36 }, () => (random.uniform() < 0.5 ? 220 : 20)),
  );
  const draw = (n: number) => {
    const images = new Uint8Array(n * 36);
    const labels = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
      const label = random.below(4);
      labels[i] = label;
      for (let p = 0; p < 36; p++)
        images[i * 36 + p] = Math.min(255, Math.max(0, prototypes[label]![p]! + 60 * random.normal()));
    }
    return { images, labels };
  };
  return { name: 'patterns', rows: 6, columns: 6, classes: 4, train: draw(count), test: draw(testCount) };
}

const small: ExperimentConfig = {
  ...paperConfig,
  hidden: [16, 16],
  kernelInitializer: { kind: 'glorot_uniform' },
  batchSize: 32,
  epochs: 2,
};

async function train(
  config: ExperimentConfig,
  dataset: Dataset,
  activation: string,
  seed = 3,
  during?: (trainer: Trainer, steps: number) => void,
) {
  const steps = new StepSeries(config.hidden.length + 1);
  const probes = new ProbeSeries(config.hidden.length + 1);
  const epochs: EpochRow[] = [];
  const states: string[] = [];
  const trainer: Trainer = new Trainer({ config, activation, seed }, dataset, {
    recorded(block, probeBlock) {
      steps.append(block);
      probes.append(probeBlock);
      during?.(trainer, steps.count);
    },
    epochEnded: (row) => epochs.push(row),
    stateChanged: (state) => {
      states.push(state);
      if (state === 'paused') trainer.resume();
    },
    checkpointed() {},
  });
  const outcome: TrainingOutcome = await trainer.train();
  return { outcome, steps, probes, epochs, states };
}

describe('training', () => {
  beforeAll(startWasm);

  it('records every step, probes every tenth, and running means as epochs', async () => {
    const { outcome, steps, probes, epochs } = await train(small, patterns(500, 100), 'tanh');
    expect(outcome.state).toBe('finished');
    expect(steps.count).toBe(2 * 16);
    expect(Array.from({ length: probes.count }, (_, i) => probes.stepOf(i))).toEqual([0, 10, 20, 30]);
    expect(PROBE_INTERVAL).toBe(10);
    // 500 = 15 × 32 + 20: the last batch weighs less.
    const weights = Array.from({ length: 16 }, (_, i) => (i < 15 ? 32 : 20));
    const mean = weights.reduce((sum, weight, i) => sum + weight * steps.loss.at(i), 0) / 500;
    expect(epochs[0]!.loss).toBeCloseTo(mean, 5);
    expect(epochs[1]!.testAccuracy).toBeGreaterThan(0.8);
  });

  it('gives the same numbers again for the same seed, and others for another', async () => {
    const dataset = patterns(300, 50);
    const [first, again, other] = [
      await train(small, dataset, 'relu'),
      await train(small, dataset, 'relu'),
      await train(small, dataset, 'relu', 4),
    ];
    expect(first.steps.loss.values()).toEqual(again.steps.loss.values());
    expect(first.steps.gradientNorms!.values()).toEqual(again.steps.gradientNorms!.values());
    expect(first.steps.loss.values()).not.toEqual(other.steps.loss.values());
  });

  it('draws weights and batches from the seed alone, whatever the activation', () => {
    const modelWith = (name: string) => modelOfExperiment(small, name, { inputs: 36, classes: 4 });
    const weights = initialWeights(modelWith('relu'), 9);
    expect(weights).toEqual(initialWeights(modelWith('gelu'), 9));
    expect(weights.map(({ fanIn, fanOut }) => [fanIn, fanOut])).toEqual([
      [36, 16],
      [16, 16],
      [16, 4],
    ]);
    expect([...epochOrder(9, 1, 50)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(epochOrder(9, 1, 50)).not.toEqual(epochOrder(9, 2, 50));
  });

  it.each(['sgd', 'momentum', 'rmsprop', 'adam'] as const)('learns with %s', async (optimizer) => {
    const learningRate = optimizer === 'sgd' || optimizer === 'momentum' ? 0.05 : 0.005;
    const { epochs } = await train({ ...small, optimizer, learningRate, epochs: 4 }, patterns(600, 100), 'relu');
    expect(epochs.at(-1)!.accuracy).toBeGreaterThan(0.9);
  });

  it('keeps its tensors constant from its second epoch to step 4,000', async () => {
    const before = tf.memory().numTensors;
    const counts = new Map<number, number>();
    const config = { ...small, hidden: [8], batchSize: 10, epochs: 8 };
    const { outcome, steps } = await train(config, patterns(5000, 20), 'sigmoid', 1, (_trainer, count) =>
      counts.set(count, tf.memory().numTensors),
    );
    expect(steps.count).toBe(4000);
    const seen = [...counts.entries()].filter(([step]) => step > 500).map(([, tensors]) => tensors);
    expect(new Set(seen).size).toBe(1);
    expect(outcome.tensors.end).toBe(outcome.tensors.early);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops after the step in progress, and keeps what it recorded', async () => {
    const { outcome, steps } = await train({ ...small, epochs: 1000 }, patterns(2000, 50), 'relu', 1, (trainer) =>
      trainer.stop(),
    );
    expect(outcome.state).toBe('stopped');
    // The first step is told at once, and the stop comes with it.
    expect(steps.count).toBe(1);
  });

  it('pauses until it is resumed, and then goes on as if nothing had been', async () => {
    const dataset = patterns(1000, 50);
    let paused = 0;
    const interrupted = await train(small, dataset, 'tanh', 1, (trainer) => {
      if (paused++ === 0) trainer.pause();
    });
    expect(interrupted.states).toEqual(['running', 'paused', 'running']);
    const plain = await train(small, dataset, 'tanh', 1);
    expect(interrupted.steps.loss.values()).toEqual(plain.steps.loss.values());
  });

  it('ends as diverged with the last finite loss where the loss is not finite', async () => {
    const config: ExperimentConfig = {
      ...small,
      optimizer: 'sgd',
      learningRate: 10,
      kernelInitializer: { kind: 'normal', mean: 0, stddev: 100 },
      epochs: 50,
    };
    const { outcome, steps } = await train(config, patterns(2000, 50), 'linear', 1);
    expect(outcome.state).toBe('diverged');
    const bad = steps.loss.values().findIndex((loss) => !Number.isFinite(loss));
    expect(bad).toBeGreaterThan(0);
    const before = formatPower(steps.loss.at(bad - 1), 4);
    expect(outcome.message).toBe(
      `The loss was not finite at step ${bad + 1}. The last finite loss was ${before}, one step before.`,
    );
  });

  it('says that a loss never was finite where the first is not', async () => {
    const config: ExperimentConfig = { ...small, kernelInitializer: { kind: 'normal', mean: 0, stddev: 1e30 } };
    const { outcome } = await train(config, patterns(100, 20), 'linear', 1);
    expect(outcome).toMatchObject({
      state: 'diverged',
      message: 'The loss was not finite at step 1. It never was finite.',
    });
  });

  it('tests on each image once, in as many batches as it takes', async () => {
    // With hardly a rate the weights stay: the running means of an epoch are those of the same images as a test.
    const config: ExperimentConfig = { ...small, optimizer: 'sgd', learningRate: 1e-8, epochs: 1 };
    for (const count of [330, 2300]) {
      const { train: set, ...rest } = patterns(count, 1);
      const { epochs, outcome } = await train(config, { ...rest, train: set, test: set }, 'tanh');
      expect(outcome.state).toBe('finished');
      const { loss, accuracy, testLoss, testAccuracy } = epochs[0]!;
      expect(testLoss).toBeCloseTo(loss, 4);
      expect(testAccuracy).toBe(accuracy);
      // So that a mean in place of a sum is something else.
      expect(loss).toBeGreaterThan(0.1);
    }
  });

  it('sees the saturation of the paper: all units, gradient exactly 0', async () => {
    const config: ExperimentConfig = {
      ...paperConfig,
      hidden: [32],
      epochs: 1,
      kernelInitializer: { kind: 'normal', mean: 8, stddev: 1 },
    };
    const { steps, probes } = await train(config, patterns(500, 50), 'sigmoid');
    expect(probes.saturatedShare!.at(0)).toBe(1);
    expect(probes.preActivationMean!.at(0)).toBeGreaterThan(50);
    expect(steps.gradientNorms!.at(0, 0)).toBe(0);
    expect(steps.gradientNorms!.at(0, 1)).toBeGreaterThan(0);
  });
});
