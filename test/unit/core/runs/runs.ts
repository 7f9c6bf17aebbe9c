import { type ExperimentConfig, paperConfig } from '../../../../src/core/experiment/config';
import type { NetworkCheckpoint } from '../../../../src/core/runs/checkpoint';
import { applyNews, type RunNews } from '../../../../src/core/runs/news';
import {
  createRunRecord,
  type NetworkRecord,
  type ProbeBlock,
  type RunRecord,
  type StepBlock,
} from '../../../../src/core/runs/record';

/** Values that depend on step and layer only, so that a step told again is the same. */
const made = (from: number, rows: number, width: number, size: number): Float32Array =>
  Float32Array.from(
    { length: rows * width },
    (_, i) => size * (((from + Math.floor(i / width)) * 7 + (i % width)) % 101),
  );

export const stepsOf = (firstStep: number, steps: number, layers: number): StepBlock => ({
  firstStep,
  loss: made(firstStep, steps, 1, 0.1),
  accuracy: made(firstStep, steps, 1, 0.01),
  gradientNorms: made(firstStep, steps, layers, 1e-3),
});

export const probesOf = (firstStep: number, steps: number, layers: number): ProbeBlock => ({
  step: Int32Array.from({ length: steps }, (_, i) => firstStep + i),
  meanDerivative: made(firstStep, steps, layers - 1, 0.01),
  saturatedShare: made(firstStep, steps, layers - 1, 0.01),
  deadShare: made(firstStep, steps, layers - 1, 0.005),
  preActivationMean: made(firstStep, steps, layers - 1, -1),
  preActivationStddev: made(firstStep, steps, layers - 1, 1),
  updateRatio: made(firstStep, steps, layers, 1e-4),
});

const DATASET = { name: 'drawn digits', train: 512, test: 100, classes: 10, inputs: 12 };

/** 128 images a batch: 4 steps an epoch. */
export function emptyRun(change: Partial<ExperimentConfig> = {}, id = 'run'): RunRecord {
  const config = { ...paperConfig, hidden: [6, 5], epochs: 3, ...change };
  return createRunRecord(id, '2026-01-31T12:05:00.000Z', config, DATASET);
}

/** Trains a network on for some steps, with a probe at each, and the epochs that end. */
export function train(run: RunRecord, network: NetworkRecord, steps: number): RunNews[] {
  const layers = network.layers.length;
  const from = network.steps.count;
  const probes = probesOf(from, steps, layers);
  const news: RunNews[] = [];
  const tell = (each: RunNews) => {
    applyNews(run, each);
    news.push(each);
  };
  tell({ kind: 'recorded', network: network.id, steps: stepsOf(from, steps, layers), probes });
  for (let epoch = network.epochs.length + 1; 4 * epoch <= network.steps.count; epoch++) {
    const row = { epoch, loss: 1 / epoch, accuracy: 0.5, testLoss: Number.NaN, testAccuracy: 0.25 };
    tell({ kind: 'epochEnded', network: network.id, row });
  }
  const state = network.steps.count === 4 * run.config.epochs ? 'finished' : 'running';
  tell({ kind: 'state', network: network.id, state, seconds: network.steps.count / 10, backend: 'cpu' });
  return news;
}

export function finishedRun(change: Partial<ExperimentConfig> = {}, id = 'run'): RunRecord {
  const run = emptyRun(change, id);
  for (const network of run.networks) train(run, network, 4 * run.config.epochs);
  run.seconds = 7;
  return run;
}

/** All that is recorded, to compare. */
export const contents = (run: RunRecord) => ({
  ...run,
  networks: run.networks.map(({ steps, probes, ...network }) => ({
    ...network,
    steps: steps.block(),
    probes: probes.block(),
  })),
});

/** Kernels and biases of such a run: 12 inputs, 6 and 5 units, 10 classes. */
const sizes = [12 * 6, 6 * 5, 5 * 10, 6, 5, 10];
export const tensors = (scale: number) =>
  sizes.map((length) => Float32Array.from({ length }, (_, i) => scale * (i + 1)));

export const checkpointAt = (step: number): NetworkCheckpoint => ({
  step,
  sums: { loss: 3.5, correct: 7, seen: 128 },
  parameters: tensors(0.1),
  optimizer: { updates: step, first: tensors(Number.NaN), second: tensors(1e-20) },
});
