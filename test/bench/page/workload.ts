import { drawnDigits } from '../../../src/core/data/drawnDigits';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import type { ProbeBlock, StepBlock } from '../../../src/core/runs/record';

/** The run that is drawn: six networks of twelve layers, ten thousand steps. What it tells is made up, its size is not. */

const PER_EPOCH = 100;
const EPOCHS = 100;
export const STEPS = PER_EPOCH * EPOCHS;
const HIDDEN = 11;

export const workload: ExperimentConfig = {
  ...paperConfig,
  activations: ['sigmoid', 'tanh', 'relu', 'gelu', 'elu', 'silu'],
  hidden: Array.from({ length: HIDDEN }, () => 32),
  kernelInitializer: { kind: 'glorot_uniform' },
  batchSize: drawnDigits.train / PER_EPOCH,
  epochs: EPOCHS,
};

export const PROBE_INTERVAL = 10;

/** Between 0 and 1, always the same for a place. */
const noise = (place: number): number => {
  const x = Math.sin(place * 12.9898) * 43758.5453;
  return x - Math.floor(x);
};

/**
 * Steps of a network from `first` to before `end`: they fall and scatter over decades, the first layer of the first
 * network has exact zeros, and the last network is broken in its last quarter.
 */
export function stepsOf(network: number, first: number, end: number): StepBlock {
  const layers = HIDDEN + 1;
  const count = end - first;
  const loss = new Float32Array(count);
  const accuracy = new Float32Array(count);
  const gradientNorms = new Float32Array(count * layers);
  for (let i = 0; i < count; i++) {
    const step = first + i;
    const done = step / STEPS;
    const isBroken = network === 5 && done > 0.75;
    loss[i] = isBroken ? Number.NaN : (2.3 - network * 0.1) * Math.exp(-3 * done) * (0.7 + 0.6 * noise(step + network));
    accuracy[i] = Math.min(1, 0.1 + 0.85 * done * (0.8 + 0.2 * noise(step - network)));
    for (let l = 0; l < layers; l++) {
      const size = 10 ** (-(network + 1) * 0.08 * (layers - l) - done + noise(step * layers + l) - 0.5);
      const isZero = network === 0 && l === 0 && noise(step + l) < 0.3;
      gradientNorms[i * layers + l] = isBroken ? Number.NaN : isZero ? 0 : size;
    }
  }
  return { firstStep: first, loss, accuracy, gradientNorms };
}

/** The probes among those steps. */
export function probesOf(network: number, first: number, end: number): ProbeBlock {
  const steps: number[] = [];
  for (let step = Math.ceil(first / PROBE_INTERVAL) * PROBE_INTERVAL; step < end; step += PROBE_INTERVAL)
    steps.push(step);
  const column = (width: number, value: (step: number, layer: number) => number) =>
    Float32Array.from({ length: steps.length * width }, (_, i) => value(steps[Math.floor(i / width)]!, i % width));
  return {
    step: Int32Array.from(steps),
    meanDerivative: column(HIDDEN, (step, l) => 0.25 * noise(step + l)),
    saturatedShare: column(HIDDEN, (step, l) => 0.5 * noise(step * 3 + l + network)),
    deadShare: column(HIDDEN, () => 0),
    preActivationMean: column(HIDDEN, (step, l) => 4 * noise(step + l) - 2 + step / STEPS),
    preActivationStddev: column(HIDDEN, (step, l) => 1 + noise(step - l)),
    updateRatio: column(HIDDEN + 1, (step, l) => 0.01 * noise(step + l)),
  };
}

export { PER_EPOCH };
