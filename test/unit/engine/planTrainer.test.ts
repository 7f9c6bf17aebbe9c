import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Examples } from '../../../src/core/data/examples';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import { createRandom } from '../../../src/core/math/random';
import type { NetworkPlan } from '../../../src/core/model/plan/plan';
import { type EpochRow, ProbeSeries, StepSeries } from '../../../src/core/runs/record';
import { checkFit } from '../../../src/engine/kernels/tensorBatches';
import { PlanNetwork } from '../../../src/engine/plan/planNetwork';
import { Trainer, type TrainingData } from '../../../src/engine/train/trainer';
import { startWasm } from './backend';
import { PlanBuilder } from './plans';

const config: ExperimentConfig = { ...paperConfig, batchSize: 16, epochs: 3, learningRate: 0.01 };

async function train(plan: NetworkPlan, data: TrainingData, seed = 1, change: Partial<ExperimentConfig> = {}) {
  const layers = new PlanNetwork(plan, 0).layerCount;
  const steps = new StepSeries(layers);
  const probes = new ProbeSeries(layers);
  const epochs: EpochRow[] = [];
  const trainer = new Trainer({ config: { ...config, ...change }, activation: 'tanh', seed, plan }, data, {
    recorded(block, probeBlock) {
      steps.append(block);
      probes.append(probeBlock);
    },
    epochEnded: (row) => epochs.push(row),
    stateChanged() {},
    checkpointed() {},
  });
  return { outcome: await trainer.train(), steps, probes, epochs };
}

/** Numbers whose target is a smooth function of them. */
function regression(count: number): Examples {
  const random = createRandom(4, 'regression');
  const features = Float32Array.from({ length: count * 3 }, () => random.normal());
  const targets = Float32Array.from({ length: count }, (_, i) => features[3 * i]! - 0.5 * features[3 * i + 1]!);
  return { count, features, targets };
}

/** Sentences of which one word decides. */
function sentences(count: number): Examples {
  const random = createRandom(4, 'sentences');
  const targets = Int32Array.from({ length: count }, () => random.below(2));
  const features = Int32Array.from({ length: count * 5 }, () => 2 + random.below(8));
  targets.forEach((label, i) => {
    features[5 * i + random.below(5)] = label;
  });
  return { count, features, targets };
}

const numbers = (): NetworkPlan => {
  const plan = new PlanBuilder([3]);
  plan.dense(12, 'tanh');
  plan.add({ kind: 'dropout', rate: 0.05, variant: 'plain', shape: [12] });
  plan.dense(1);
  return plan.build();
};

const words = (): NetworkPlan => {
  const plan = new PlanBuilder([5], 10);
  plan.add({ kind: 'embedding', entries: 10, shape: [5, 6], weights: { bias: null } });
  plan.add({ kind: 'globalPooling', mode: 'average', shape: [6] });
  plan.dense(8, 'tanh');
  plan.dense(1);
  return plan.build('binary');
};

describe('training a plan', () => {
  beforeAll(startWasm);

  it('of numbers: loss falls, and the explained share of the variance stands as accuracy', async () => {
    const before = tf.memory().numTensors;
    const plan = numbers();
    const { outcome, steps, probes, epochs } = await train(plan, {
      name: 'numbers',
      train: regression(400),
      test: regression(100),
    });
    expect(outcome.state).toBe('finished');
    expect(outcome.tensors.end).toBe(outcome.tensors.early);
    expect(steps.count).toBe(75);
    expect(probes.count).toBe(8);
    expect(epochs.at(-1)!.testLoss).toBeLessThan(epochs[0]!.testLoss!);
    expect(epochs.at(-1)!.testAccuracy).toBeGreaterThan(0.8);
    expect(tf.memory().numTensors).toBeLessThan(before + 10);
  });

  it('of words, to one logit', async () => {
    const { epochs } = await train(words(), { name: 'words', train: sentences(600), test: sentences(200) });
    expect(epochs.at(-1)!.testAccuracy).toBeGreaterThan(0.95);
  });

  it('tests on each example once', async () => {
    // With hardly a rate the weights stay: the running means of an epoch are those of the same examples as a test.
    const set = sentences(330);
    const { epochs } = await train(words(), { name: 'words', train: set, test: set }, 1, {
      ...{ optimizer: 'sgd', learningRate: 1e-8, epochs: 1 },
    });
    const { loss, accuracy, testLoss, testAccuracy } = epochs[0]!;
    expect(loss).toBeGreaterThan(0.1);
    expect(testLoss).toBeCloseTo(loss, 4);
    expect(testAccuracy).toBe(accuracy);
  });

  it('gives the same numbers again for one seed, dropout included', async () => {
    const data = { name: 'numbers', train: regression(100), test: regression(20) };
    const [first, again, other] = [
      await train(numbers(), data),
      await train(numbers(), data),
      await train(numbers(), data, 2),
    ];
    expect(again.steps.loss.values()).toEqual(first.steps.loss.values());
    expect(other.steps.loss.values()).not.toEqual(first.steps.loss.values());
  });
});

describe('data that do not fit a plan', () => {
  const few = regression(4);
  it.each([
    ['too many numbers', numbers(), { ...few, count: 3 }, /takes 3 = 3/],
    ['classes for a regression', numbers(), { ...few, targets: new Uint8Array(4) }, /gives 1 numbers/],
    ['numbers for words', words(), { ...few, features: new Float32Array(20) }, /numbers of entries below 10/],
    ['an entry too many', words(), { ...sentences(4), features: new Int32Array(20).fill(10) }, /entry 10/],
    ['a third class', words(), { ...sentences(4), targets: new Uint8Array([0, 1, 2, 1]) }, /at least 3 classes/],
    ['nothing', numbers(), { count: 0, features: new Float32Array(0), targets: new Float32Array(0) }, /no examples/],
  ] as const)('%s: a sentence', (_, plan, examples, message) => {
    expect(() => checkFit(plan, examples)).toThrow(message);
  });
});
