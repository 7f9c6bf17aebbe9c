import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type OptimizerName, optimizerNames } from '../../../src/core/experiment/config';
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

/** Where a parameter goes from 1 by these gradients, in learning rates of 0.5, one update after the other. */
function path(name: OptimizerName, gradients: readonly number[]): number[] {
  const optimizer = createOptimizer(name, 0.5);
  let parameter = tf.tensor1d([1]) as tf.Tensor;
  const places = gradients.map((gradient) => {
    [parameter] = optimizer.step([parameter], [tf.tensor1d([gradient])]) as [tf.Tensor];
    return parameter.dataSync()[0]!;
  });
  optimizer.dispose();
  return places;
}

describe('updates in a row', () => {
  const gradients = [1, -3, 2];
  /** The same in plain numbers: each gets its number from 1 and the gradient, and says how far the parameter moves. */
  const walked = (move: (gradient: number, t: number) => number) => {
    let at = 1;
    return gradients.map((gradient, i) => {
      at += move(gradient, i + 1);
      return at;
    });
  };

  it.each<[OptimizerName, () => (gradient: number, t: number) => number]>([
    ['sgd', () => (gradient) => -0.5 * gradient],
    [
      'momentum',
      () => {
        let velocity = 0;
        return (gradient) => {
          velocity = 0.9 * velocity - 0.5 * gradient;
          return velocity;
        };
      },
    ],
    [
      'rmsprop',
      () => {
        let square = 0;
        return (gradient) => {
          square = 0.9 * square + 0.1 * gradient ** 2;
          return (-0.5 * gradient) / (Math.sqrt(square) + 1e-7);
        };
      },
    ],
    [
      'adam',
      () => {
        let [mean, square] = [0, 0];
        return (gradient, t) => {
          mean = 0.9 * mean + 0.1 * gradient;
          square = 0.999 * square + 0.001 * gradient ** 2;
          return (-0.5 * (mean / (1 - 0.9 ** t))) / (Math.sqrt(square / (1 - 0.999 ** t)) + 1e-7);
        };
      },
    ],
  ])('of %s follow its rule', (name, rule) => {
    const expected = walked(rule());
    for (const [i, place] of path(name, gradients).entries()) expect(place).toBeCloseTo(expected[i]!, 4);
  });

  it('go on from a state as if nothing had been', async () => {
    for (const name of optimizerNames) {
      const whole = path(name, gradients);
      const before = createOptimizer(name, 0.5);
      let parameter = tf.tensor1d([1]) as tf.Tensor;
      for (const gradient of gradients.slice(0, 2))
        [parameter] = before.step([parameter], [tf.tensor1d([gradient])]) as [tf.Tensor];
      const state = await before.state();
      expect(state.updates).toBe(2);
      before.dispose();
      const after = createOptimizer(name, 0.5);
      after.restore(state, [parameter]);
      const [last] = after.step([parameter], [tf.tensor1d([gradients[2]!])]);
      expect(last!.dataSync()[0]).toBe(whole[2]);
      after.dispose();
    }
  });
});
