import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { readModels } from '../../../src/code/models/read';
import { paperConfig } from '../../../src/core/experiment/config';
import { modelOfExperiment } from '../../../src/core/experiment/model';
import { createRandom } from '../../../src/core/math/random';
import type { Model } from '../../../src/core/model/model';
import { withInitializers } from '../../../src/core/model/plan/candidate';
import { networkPlan } from '../../../src/core/model/plan/fromModel';
import { countMultiplications } from '../../../src/core/model/plan/parameters';
import type { NetworkPlan } from '../../../src/core/model/plan/plan';
import { graphFlow, isUnknownFlow } from '../../../src/core/theory/graph';
import { kernelsOf } from '../../../src/engine/kernels/choose';
import { measurePlan } from '../../../src/engine/measure/measurePlan';
import { PlanNetwork } from '../../../src/engine/plan/planNetwork';
import { createOptimizer } from '../../../src/engine/tensors/optimizers';
import { DenseTraining } from '../../../src/engine/train/denseTraining';
import { initialWeights } from '../../../src/engine/train/initialWeights';
import { TensorTraining } from '../../../src/engine/train/tensorTraining';
import type { Training } from '../../../src/engine/train/training';
import { corpus, modelsIn, usual } from '../code/models/layersShown';
import { mlp } from '../core/model/models';
import { startWasm } from './backend';
import { PlanBuilder } from './plans';

const planOf = (graph: Model, inputShape?: number[]): NetworkPlan => {
  const result = networkPlan(graph, inputShape ? { inputShape } : {});
  if ('problem' in result) throw new Error(result.problem);
  return result.plan;
};

function batchFor(plan: NetworkPlan, batch: number, seed = 1): { x: tf.Tensor; targets: tf.Tensor } {
  const random = createRandom(seed, 'batch');
  const size = plan.inputShape.reduce((a, b) => a * b, batch);
  const shape = [batch, ...plan.inputShape];
  const x =
    plan.vocabulary === null
      ? tf.tensor(
          Float32Array.from({ length: size }, () => random.normal()),
          shape,
        )
      : tf.tensor(
          Int32Array.from({ length: size }, () => random.below(plan.vocabulary!)),
          shape,
          'int32',
        );
  const { meaning, units } = plan.output;
  const targets =
    meaning === 'regression'
      ? tf.tensor(
          Float32Array.from({ length: batch * units }, () => random.normal()),
          [batch, units],
        )
      : tf.tensor1d(
          Int32Array.from({ length: batch }, () => random.below(meaning === 'binary' ? 2 : units)),
          'int32',
        );
  return { x, targets };
}

const readable = ['keras', 'torch', 'tfjs', 'flax'].flatMap((folder) => {
  try {
    return corpus(folder).flatMap(({ name, documents }) =>
      readModels(documents, usual).models.flatMap((model): [string, NetworkPlan][] => {
        const result = networkPlan(model);
        return 'plan' in result ? [[`${folder}/${name}: ${model.name}`, result.plan]] : [];
      }),
    );
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
});

/** A batch through them takes a minute on a slow machine. */
const LARGE = 30_000_000;

describe('models of the corpus', () => {
  beforeAll(startWasm);

  it('many of them have a plan', () => {
    expect(readable.length).toBeGreaterThan(40);
  });

  it.each(readable.filter(([, plan]) => countMultiplications(plan) < LARGE))(
    '%s: one step gives finite gradients for every weight',
    (_, plan) => {
      const before = tf.memory().numTensors;
      const network = new PlanNetwork(plan, 1);
      const { x, targets } = batchFor(plan, 4);
      const gradients = network.gradients(x, targets);
      expect(Number.isFinite(gradients.loss.dataSync()[0]!)).toBe(true);
      expect(gradients.kernels.length).toBe(network.layerCount);
      gradients.parameters.forEach((gradient, place) => {
        expect(gradient.shape).toEqual([...network.parameters[place]!.shape]);
        expect(gradient.dataSync().every(Number.isFinite), network.parameters[place]!.name).toBe(true);
      });
      const optimizer = createOptimizer('adam', 0.001);
      const ratios = network.update(optimizer, gradients, true);
      expect(ratios.length).toBe(network.layerCount);
      const probe = network.probe(gradients);
      expect(probe.shape).toEqual([5, network.layerCount - 1]);
      const evaluated = network.evaluate(x, targets);
      expect(Number.isFinite(evaluated.lossSum.dataSync()[0]!)).toBe(true);
      tf.dispose([x, targets, gradients as never, probe, ratios, evaluated as never]);
      optimizer.dispose();
      network.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

const lenet = `import torch.nn as nn
class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.pool = nn.MaxPool2d(2)
        self.act = nn.ReLU()
    def forward(self, x):
        x = self.pool(self.act(self.conv1(x)))
        x = self.pool(self.act(self.conv2(x)))
        x = x.flatten(1)
        x = self.act(self.fc1(x))
        x = self.act(self.fc2(x))
        return self.fc3(x)
`;

const keras = (layers: string, input: string): Model =>
  modelsIn(
    `import keras\nfrom keras import layers as L\nmodel = keras.Sequential([keras.Input(${input}), ${layers}])\n`,
  ).models[0]!;

describe('numbers of weights, as the frameworks count them', () => {
  it('LeNet-5', () => {
    const graph = modelsIn(lenet).models[0]!;
    const plan = planOf(graph, [28, 28, 1]);
    // 6·25+6, 16·6·25+16, 400·120+120, 120·84+84, 84·10+10
    expect(plan.weights).toBe(156 + 2416 + 48120 + 10164 + 850);
    expect(plan.output).toEqual({ meaning: 'classes', units: 10 });
    expect(plan.ownActivation).toBe('relu');
  });

  it('asks for a shape, and says where one does not fit', () => {
    const graph = modelsIn(lenet).models[0]!;
    expect(networkPlan(graph)).toMatchObject({ asks: {} });
    const odd = networkPlan(graph, { inputShape: [32, 32, 3] });
    expect('problem' in odd && odd.problem).toContain('32×32×3');
  });

  // Formulas of the layers; biases included.
  it.each([
    ['L.Dense(7, activation="relu"), L.Dense(3)', '(4,)', 4 * 7 + 7 + 7 * 3 + 3],
    ['L.SimpleRNN(5), L.Dense(1)', '(10, 3)', 3 * 5 + 25 + 5 + 6],
    ['L.LSTM(5), L.Dense(1)', '(10, 3)', 4 * (3 * 5 + 25 + 5) + 6],
    ['L.GRU(5), L.Dense(1)', '(10, 3)', 3 * (3 * 5 + 25 + 10) + 6],
    ['L.Bidirectional(L.LSTM(5)), L.Dense(1)', '(10, 3)', 8 * (3 * 5 + 25 + 5) + 11],
    ['L.Embedding(100, 8), L.GlobalAveragePooling1D(), L.Dense(4, "relu"), L.Dense(1)', '(12,)', 800 + 36 + 5],
    ['L.Conv2D(4, 3, activation="relu"), L.BatchNormalization(), L.Flatten(), L.Dense(2)', '(6, 6, 3)', 112 + 8 + 130],
    ['L.DepthwiseConv2D(3, activation="relu"), L.Flatten(), L.Dense(2)', '(6, 6, 3)', 30 + 98],
    ['L.Conv2DTranspose(4, 3, activation="relu"), L.Flatten(), L.Dense(2)', '(4, 4, 3)', 112 + 290],
    ['L.Conv1D(4, 3, use_bias=False, activation="relu"), L.Flatten(), L.Dense(2)', '(6, 3)', 36 + 34],
    ['L.Dense(8), L.LayerNormalization(), L.ReLU(), L.Dense(2)', '(4,)', 40 + 16 + 18],
  ])('%s', (layers, input, count) => {
    expect(planOf(keras(layers, input)).weights).toBe(count);
  });
});

describe('a network from a plan', () => {
  beforeAll(startWasm);

  it('is the dense network where it is one: same weights, loss, gradients and probes', async () => {
    const config = { ...paperConfig, hidden: [16, 12], kernelInitializer: { kind: 'glorot_uniform' } as const };
    const plan = planOf(keras('L.Dense(16, "tanh"), L.Dense(12, "tanh"), L.Dense(5, "softmax")', '(20,)'));
    const on = kernelsOf();
    const model = modelOfExperiment(config, 'tanh', { inputs: 20, classes: 5 });
    const settings = { activation: 'tanh', optimizer: 'adam', learningRate: 0.01 } as const;
    const dense = new DenseTraining(on, initialWeights(model, 3), settings);
    const tensors = new TensorTraining(new PlanNetwork(plan, 3), createOptimizer('adam', 0.01));
    const { x, targets } = batchFor(plan, 32);
    const examples = {
      count: 32,
      features: x.dataSync() as Float32Array,
      targets: targets.dataSync() as Int32Array,
    };
    const order = Uint32Array.from({ length: 32 }, (_, i) => i);
    const trained = await Promise.all(
      [dense, tensors].map(async (training: Training) => {
        const source = training.batches(examples);
        training.step(source.gather(order, 0, 32), true);
        training.step(source.gather(order, 0, 32), true);
        return [...(await training.steps.read()), ...(await training.probes.read())];
      }),
    );
    expect(trained[0]!.length).toBe(2 * (2 + 3) + 2 * (5 * 2 + 3));
    trained[0]!.forEach((value, i) => {
      expect(trained[1]![i]).toBeCloseTo(value, 5);
    });
  });

  it('drops alike for one seed, otherwise for another, and not at all in evaluation', () => {
    const plan = planOf(keras('L.Dense(30, "relu"), L.Dropout(0.5), L.Dense(3, "softmax")', '(8,)'));
    const { x } = batchFor(plan, 8);
    const dropped = (seed: number): number[] => {
      const network = new PlanNetwork({ ...plan }, seed);
      return [...network.outputInTraining(x).dataSync(), ...network.outputInTraining(x).dataSync()];
    };
    const first = dropped(2);
    expect(dropped(2)).toEqual(first);
    expect(first.slice(0, 24)).not.toEqual(first.slice(24));
    const network = new PlanNetwork(plan, 2);
    expect([...network.predict(x).dataSync()]).toEqual([...network.predict(x).dataSync()]);
  });

  it('normalises by the batch in training, and by moving averages in evaluation', () => {
    const builder = new PlanBuilder([2]);
    builder.dense(2, 'tanh');
    builder.normalise('batch');
    const plan = builder.build();
    const network = new PlanNetwork(plan, 1);
    const { x } = batchFor(plan, 64);
    const before = network.predict(x).dataSync();
    for (let i = 0; i < 200; i++) network.outputInTraining(x).dispose();
    const trained = network.outputInTraining(x).dataSync() as Float32Array;
    const after = network.predict(x).dataSync() as Float32Array;
    expect(Math.max(...after.map((y, i) => Math.abs(y - trained[i]!)))).toBeLessThan(1e-3);
    expect(Math.max(...after.map((y, i) => Math.abs(y - before[i]!)))).toBeGreaterThan(0.1);
    expect(trained.reduce((sum, y) => sum + y, 0)).toBeCloseTo(0, 3);
  });

  it('learns: a convolutional network tells where a bright patch is', () => {
    const plan = planOf(
      keras('L.Conv2D(6, 3, activation="relu"), L.MaxPooling2D(), L.Flatten(), L.Dense(2, "softmax")', '(8, 8, 1)'),
    );
    const network = new PlanNetwork(plan, 1);
    const optimizer = createOptimizer('adam', 0.01);
    const random = createRandom(1, 'patches');
    const draw = () => {
      const labels = Int32Array.from({ length: 32 }, () => random.below(2));
      const pixels = Float32Array.from({ length: 32 * 64 }, (_, i) => {
        const column = i % 8;
        return 0.3 * random.normal() + (labels[Math.floor(i / 64)] === 0 ? (column < 3 ? 1 : 0) : column > 4 ? 1 : 0);
      });
      return { x: tf.tensor(pixels, [32, 8, 8, 1]), targets: tf.tensor1d(labels, 'int32') };
    };
    for (let step = 0; step < 40; step++) {
      const { x, targets } = draw();
      const gradients = network.gradients(x, targets);
      network.update(optimizer, gradients, false);
      tf.dispose([x, targets, gradients as never]);
    }
    const { x, targets } = draw();
    expect(network.evaluate(x, targets).correct.dataSync()[0]).toBeGreaterThanOrEqual(31);
  });
});

describe('candidates of a plan', () => {
  const plan = planOf(keras('L.Dense(16, "tanh"), L.Dense(12, "tanh"), L.Dense(5, "softmax")', '(20,)'));
  it('swap hidden activations, and keep or fit what the kernels start with', () => {
    const kept = withInitializers(plan, 'kept', 'relu');
    expect(kept.steps.flatMap((step) => (step.kind === 'activation' ? [step.phi] : []))).toEqual(['relu', 'relu']);
    const kernels = (of: NetworkPlan) =>
      of.steps.flatMap((step) => ('weights' in step ? [step.weights.kernel.kind] : []));
    expect(kernels(kept)).toEqual(['glorot_uniform', 'glorot_uniform', 'glorot_uniform']);
    expect(kernels(withInitializers(plan, 'fitted', 'relu'))).toEqual(['he_normal', 'he_normal', 'glorot_uniform']);
  });
});

describe('gradients measured at initialisation', () => {
  beforeAll(startWasm);

  it.each([
    ['sigmoid', 4, 'keras'],
    ['tanh', 8, 'keras'],
    ['relu', 8, 'keras'],
    ['relu', 6, 'torch'],
    ['gelu', 6, 'tfjs'],
  ] as const)('%s, %i layers of %s: the ratio lies within the predicted band', async (name, depth, framework) => {
    const graph = mlp(depth, 96, name, { framework }).build();
    const flow = graphFlow(graph);
    if (isUnknownFlow(flow)) throw new Error(flow.unknown);
    const { ratio, layers, draws } = await measurePlan(planOf(graph), {
      seed: 3,
      draws: 12,
      milliseconds: 60_000,
      batch: 8,
    });
    expect(draws).toBe(12);
    expect(layers.length).toBe(depth + 1);
    expect(ratio!.typical).toBeGreaterThan(flow.band[0]);
    expect(ratio!.typical).toBeLessThan(flow.band[1]);
  });

  it('is the same again for the same seed', async () => {
    const plan = planOf(mlp(3, 20, 'tanh').build());
    const options = { seed: 5, draws: 3, milliseconds: 60_000, batch: 4 };
    expect(await measurePlan(plan, options)).toEqual(await measurePlan(plan, options));
  });
});
