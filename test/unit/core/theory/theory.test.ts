import { describe, expect, it } from 'vitest';
import { activation } from '../../../../src/core/activations/catalogue';
import { derivativeBound } from '../../../../src/core/theory/bound';
import { predict } from '../../../../src/core/theory/meanField';
import { scaledKernel, uniformStack } from '../../../../src/core/theory/stack';

/** ‖δ¹‖/‖δ¹⁰‖ of ten equal layers on inputs of variance 1, by mean field, for four kernel variances times fan-in. */
const gains = [1, 0.7737, 1 / 3, 2] as const;
const table: readonly [name: string, ...ratios: number[]][] = [
  ['sigmoid', 2.0e-6, 7.3e-7, 2.1e-8, 2.8e-5],
  ['hard_sigmoid', 9.9e-8, 3.1e-8, 7.1e-10, 2.2e-6],
  ['tanh', 0.281, 0.136, 5.2e-3, 1.03],
  ['relu', 0.0442, 0.0139, 3.2e-4, 1],
  ['elu', 0.288, 0.127, 4.5e-3, 2.26],
  ['selu', 1.36, 0.795, 0.075, 6.67],
  ['gelu', 4.1e-3, 1.1e-3, 1.9e-5, 0.75],
  ['silu', 2.9e-3, 8.2e-4, 1.6e-5, 0.186],
  ['mish', 0.0145, 4.1e-3, 8.1e-5, 0.949],
  ['softplus', 3.8e-3, 1.0e-3, 1.7e-5, 0.208],
];
const width = 128;

describe('the ratio of ten layers', () => {
  const cases = table.flatMap(([name, ...ratios]) => ratios.map((ratio, i) => [name, gains[i]!, ratio] as const));
  it.each(cases)('%s with σ_w² = %d leaves %d', (name, gainSquared, expected) => {
    // The third column is PyTorch's Linear, whose biases have the variance of its kernel.
    const bias = { variance: gainSquared === 1 / 3 ? 1 / (3 * width) : 0 };
    const stack = uniformStack({ depth: 10, width, phi: activation(name), kernel: scaledKernel(gainSquared), bias });
    // 3 %, and what rounding to two digits takes.
    expect(Math.abs(predict(stack).rootMeanSquare / expected - 1)).toBeLessThan(0.055);
  });

  it('never becomes NaN, however deep', () => {
    for (const name of ['sigmoid', 'relu', 'exponential', 'step', 'linear']) {
      for (const gainSquared of [0, 1e-300, 1, 1e6]) {
        const stack = uniformStack({ depth: 100, width, phi: activation(name), kernel: scaledKernel(gainSquared) });
        for (const layer of predict(stack).layers) {
          expect(layer.delta, `${name} ${gainSquared} layer ${layer.layer}`).not.toBeNaN();
          expect(layer.q).not.toBeNaN();
        }
      }
    }
  });
});

describe('the bound of ten layers', () => {
  it.each([
    ['sigmoid', 9.5367431640625e-7],
    ['tanh', 1],
    ['relu', 1],
  ])('%s: %d', (name, expected) => {
    expect(derivativeBound(Array.from({ length: 10 }, () => activation(name))).product).toBe(expected);
  });
});
