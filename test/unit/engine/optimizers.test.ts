import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { framework } from '../../../src/core/frameworks/all';
import type { FrameworkId } from '../../../src/core/frameworks/framework';
import { startBackend } from '../../../src/engine/backends/start';
import { createOptimizer } from '../../../src/engine/tensors/optimizers';

beforeAll(async () => {
  await startBackend('cpu', {});
});

/** How far one update moves a parameter, in learning rates. */
function firstStep(name: 'adam' | 'rmsprop', gradient: number, id?: FrameworkId): number {
  const optimizer = createOptimizer(name, 1, ...(id === undefined ? [] : [framework(id).optimizers]));
  const [moved] = optimizer.step([tf.tensor1d([0])], [tf.tensor1d([gradient])]);
  const step = -moved!.dataSync()[0]!;
  optimizer.dispose();
  return step;
}

const g = 1e-6;

describe('the place of ε in a first step', () => {
  // m̂ = g and v̂ = g²; before its bias is corrected v is 0.001·g².
  it.each<[FrameworkId, number]>([
    ['keras', g / (g + 1e-7 / Math.sqrt(0.001))],
    ['tf2', g / (g + 1e-7 / Math.sqrt(0.001))],
    ['tfjs', g / (g + 1e-7)],
    ['torch', g / (g + 1e-8)],
    ['jax', g / (g + 1e-8)],
  ])('Adam of %s', (id, expected) => {
    expect(firstStep('adam', g, id) / expected).toBeCloseTo(1, 5);
  });

  it.each<[FrameworkId, number]>([
    ['keras', g / Math.sqrt(0.1 * g * g + 1e-7)],
    ['torch', g / (Math.sqrt(0.01) * g + 1e-8)],
  ])('RMSprop of %s', (id, expected) => {
    expect(firstStep('rmsprop', g, id) / expected).toBeCloseTo(1, 4);
  });

  it('comparisons take Keras’s, with RMSprop’s ε outside of the root', () => {
    expect(firstStep('adam', g)).toBe(firstStep('adam', g, 'keras'));
    expect(firstStep('rmsprop', g) / (g / (Math.sqrt(0.1) * g + 1e-7))).toBeCloseTo(1, 5);
  });
});
