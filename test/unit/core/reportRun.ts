import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import { createRunRecord, type NetworkRecord, type RunRecord } from '../../../src/core/runs/record';

/** A small run for tests: 4 steps an epoch, values that say where they come from. */
export function sampleRun(change: Partial<ExperimentConfig> = {}): RunRecord {
  const config = { ...paperConfig, epochs: 2, ...change };
  return createRunRecord('run', '2026-01-31T12:05:00.000Z', config, {
    name: 'drawn digits',
    train: 4 * config.batchSize,
    test: 100,
    classes: 10,
    inputs: 784,
  });
}

/** Appends steps whose loss, accuracy and norms are given, and a probe at each. */
export function record(
  network: NetworkRecord,
  steps: number,
  value: { loss(i: number): number; norm(i: number, layer: number): number },
): void {
  const layers = network.layers.length;
  const hidden = layers - 1;
  const firstStep = network.steps.count;
  const fill = (width: number, of: (i: number, layer: number) => number) =>
    Float32Array.from({ length: steps * width }, (_, k) => of(firstStep + Math.floor(k / width), k % width));
  network.steps.append({
    firstStep,
    loss: fill(1, value.loss),
    accuracy: fill(1, () => 0.1),
    gradientNorms: fill(layers, value.norm),
  });
  network.probes.append({
    step: Int32Array.from({ length: steps }, (_, i) => firstStep + i),
    meanDerivative: fill(hidden, () => 0.125),
    saturatedShare: fill(hidden, () => 0.5),
    deadShare: fill(hidden, () => 0),
    preActivationMean: fill(hidden, () => 102),
    preActivationStddev: fill(hidden, () => 40),
    updateRatio: fill(layers, () => 0.001),
  });
}

export function endEpoch(network: NetworkRecord, accuracy: number, loss: number): void {
  network.epochs.push({ epoch: network.epochs.length + 1, accuracy, loss, testAccuracy: accuracy, testLoss: loss });
}
