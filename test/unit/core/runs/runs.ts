import type { ProbeBlock, StepBlock } from '../../../../src/core/runs/record';

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
