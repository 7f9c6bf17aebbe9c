import { describe, expect, it } from 'vitest';
import { activationNames } from '../../../src/core/activations/catalogue';
import {
  backendNames,
  type ExperimentConfig,
  isOnGpu,
  isPaperTraining,
  limits,
  paperConfig,
  parseConfig,
} from '../../../src/core/experiment/config';

const problemsOf = (change: Record<string, unknown>) => {
  const result = parseConfig({ ...paperConfig, ...change });
  return 'problems' in result ? result.problems : [];
};

describe('parseConfig', () => {
  it('writes activations in the one form that names them', () => {
    const result = parseConfig({ ...paperConfig, activations: ['ReLU', 'leakyReLU', 'leaky_relu(0.2)', 'gelu_tanh'] });
    expect('config' in result && result.config.activations).toEqual([
      'relu',
      'leaky_relu(negative_slope=0.3)',
      'leaky_relu',
      'gelu(approximate=tanh)',
    ]);
  });

  it('accepts the paper’s own, and every activation', () => {
    expect(parseConfig(paperConfig)).toEqual({ config: paperConfig });
    for (const name of activationNames) expect(problemsOf({ activations: [name] })).toEqual([]);
  });

  it('accepts the ends of every range', () => {
    const { learningRate, batchSize, epochs, seed, seeds, width, hiddenLayers } = limits;
    for (const end of ['min', 'max'] as const) {
      expect(
        problemsOf({
          learningRate: learningRate[end],
          batchSize: batchSize[end],
          epochs: epochs[end],
          seed: seed[end],
          seeds: seeds[end],
          hidden: new Array<number>(hiddenLayers[end]).fill(width[end]),
        }),
      ).toEqual([]);
    }
  });

  it.each<[keyof ExperimentConfig, unknown, string | RegExp]>([
    ['activations', [], 'activations lists 0; expected 1 to 6.'],
    ['activations', activationNames.slice(0, 7), 'activations lists 7; expected 1 to 6.'],
    ['activations', ['relu', 'relu'], 'activations names one twice; expected different ones.'],
    ['activations', ['sigmod'], /^activation "sigmod" is not known; expected one of sigmoid, tanh, relu, /],
    ['activations', ['leaky_relu(alpha=0.3)'], /^activation "leaky_relu\(alpha=0.3\)" is not known/],
    ['activations', ['relu', 'ReLU'], 'activations names one twice; expected different ones.'],
    ['hidden', [], 'hidden has 0 layers; expected 1 to 50.'],
    ['hidden', new Array(51).fill(8), 'hidden has 51 layers; expected 1 to 50.'],
    ['hidden', [128, 0], 'a hidden width is 0; expected a whole number from 1 to 4,096.'],
    ['hidden', [1.5], 'a hidden width is 1.5; expected a whole number from 1 to 4,096.'],
    ['hidden', ['64'], 'a hidden width is "64"; expected a whole number from 1 to 4,096.'],
    ['kernelInitializer', { kind: 'ones' }, /^the kernel initialiser is not known; expected zeros, /],
    ['biasInitializer', { kind: 'constant' }, /^the bias initialiser is incomplete/],
    ['optimizer', 'sgdd', 'optimizer is "sgdd"; expected one of sgd, momentum, rmsprop, adam.'],
    ['learningRate', 0, 'the learning rate is 0; expected a number from 1e-8 to 10.'],
    ['learningRate', 10.5, 'the learning rate is 10.5; expected a number from 1e-8 to 10.'],
    ['learningRate', '0.1', 'the learning rate is "0.1"; expected a number from 1e-8 to 10.'],
    ['learningRate', Number.NaN, /^the learning rate is .*; expected a number from 1e-8 to 10\.$/],
    ['batchSize', 4097, 'the batch size is 4097; expected a whole number from 1 to 4,096.'],
    ['epochs', 0, 'epochs is 0; expected a whole number from 1 to 1,000.'],
    ['seed', -1, 'the seed is -1; expected a whole number from 0 to 4,294,967,295.'],
    ['seeds', 21, 'the number of seeds is 21; expected a whole number from 1 to 20.'],
    ['backend', 'cuda', 'backend is "cuda"; expected one of auto, wasm, webgl, webgpu, cpu.'],
    ['data', { kind: 'folder', folder: '' }, 'the data folder is empty; expected a folder with IDX files.'],
  ])('says what is wrong with %s: %j', (field, value, message) => {
    const problems = problemsOf({ [field]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]!.field).toBe(field);
    expect(problems[0]!.message).toMatch(message);
  });

  it('reports all fields at once, each once', () => {
    const problems = problemsOf({ epochs: 0, seed: -1, hidden: [0, 0, -1] });
    expect(problems.map((one) => one.field).sort()).toEqual(['epochs', 'hidden', 'seed']);
  });

  it.each([undefined, null, 3, 'paper', [], {}])('never throws: %j', (input) => {
    expect(parseConfig(input)).toHaveProperty('problems');
  });
});

it('backends on a GPU are webgl and webgpu', () => {
  const all = backendNames.filter((name) => name !== 'auto');
  expect(all.filter(isOnGpu)).toEqual(['webgl', 'webgpu']);
});

describe('isPaperTraining', () => {
  it('leaves data, seeds, epochs, activations and backend free', () => {
    expect(isPaperTraining(paperConfig)).toBe(true);
    expect(isPaperTraining({ ...paperConfig, seed: 9, seeds: 3, epochs: 2, activations: ['tanh'] })).toBe(true);
    expect(isPaperTraining({ ...paperConfig, data: { kind: 'mnist' }, backend: 'cpu' })).toBe(true);
  });

  it.each<Partial<ExperimentConfig>>([
    { hidden: [128, 128] },
    { hidden: [64] },
    { kernelInitializer: { kind: 'glorot_uniform' } },
    { kernelInitializer: { kind: 'normal', mean: 0, stddev: 1 } },
    { kernelInitializer: { kind: 'normal', mean: 1, stddev: 0.5 } },
    { kernelInitializer: { kind: 'truncated_normal', mean: 1, stddev: 1 } },
    { biasInitializer: { kind: 'constant', value: 1 } },
    { optimizer: 'sgd' },
    { learningRate: 0.01 },
    { batchSize: 64 },
  ])('is not the paper’s: %j', (change) => {
    expect(isPaperTraining({ ...paperConfig, ...change })).toBe(false);
  });
});
