import { describe, expect, it } from 'vitest';
import { activation, activationNames } from '../../../src/core/activations/catalogue';
import { steepest, whereSteepest } from '../../../src/core/explain/steepest';

describe('where a slope is largest', () => {
  it.each([
    ['sigmoid', '0.25 at 0'],
    ['relu', '1, for all x > 0'],
    ['relu6', '1, for 0 < x < 6'],
    ['leaky_relu', '1, for all x > 0'],
    ['leaky_relu(negative_slope=3)', '3, for all x < 0'],
    ['leaky_relu(negative_slope=-1)', '1, for all x except 0'],
    ['threshold', '1, for all x > 1'],
    ['elu', '1, for all x > 0'],
    ['elu(alpha=2)', '2 at 0'],
    ['selu', '1.7581 at 0'],
    ['hard_sigmoid', '1/6, for −3 < x < 3'],
    ['hard_tanh', '1, for −1 < x < 1'],
    ['hard_silu', '1.5 at 3'],
    ['soft_shrink', '1, for all |x| > 0.5'],
    ['sparse_plus', '1, for all x > 1'],
    ['softplus', '1, towards ∞'],
    ['log_sigmoid', '1, towards −∞'],
    ['linear', '1 everywhere'],
    ['step', '0 everywhere'],
  ])('%s: %s', (name, words) => {
    expect(steepest(activation(name))).toBe(words);
  });

  it.each(activationNames)('%s: a single point is told where it is one alone', (name) => {
    const phi = activation(name);
    const [, point] = /^at (.*)$/.exec(whereSteepest(phi, String)) ?? [];
    if (point === undefined) return;
    const { value } = phi.derivativeMax;
    const beside = (x: number) => Math.abs(phi.derivative(Number(point) + x));
    expect(beside(-0.1) < value || beside(0.1) < value).toBe(true);
  });
});
