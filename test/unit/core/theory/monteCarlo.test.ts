import { describe, expect, it } from 'vitest';
import { activation } from '../../../../src/core/activations/catalogue';
import { createRandom } from '../../../../src/core/math/random';
import { predict } from '../../../../src/core/theory/meanField';
import { type Stack, type StackOptions, scaledKernel, stackOf, uniformStack } from '../../../../src/core/theory/stack';
import { simulateRatios } from './simulate';

const WIDTH = 128;
const stack = (name: string, more: Partial<StackOptions> = {}, depth = 8): Stack =>
  uniformStack({ depth, width: WIDTH, phi: activation(name), kernel: scaledKernel(1), ...more });

/** Geometric means over seeded draws against `typical`, within the tolerance and what chance leaves. */
function hold(name: string, of: Stack, tolerance: number, draws = 30, spread: readonly [number, number] = [0.6, 1.6]) {
  it(name, () => {
    const predicted = predict(of);
    const simulated = simulateRatios(of, draws, createRandom(11, name));
    predicted.layers.forEach(({ delta: typical }, l) => {
      const chance = (2.5 * simulated.deviation[l]!) / Math.sqrt(draws);
      expect(Math.abs(simulated.delta[l]! - Math.log(typical)), `layer ${l + 1}`).toBeLessThan(tolerance + chance);
    });
    const deviation = Math.log(predicted.band[1] / predicted.band[0]) / 2 / 1.645;
    expect(simulated.deviation[0]! / deviation).toBeGreaterThan(spread[0]);
    expect(simulated.deviation[0]! / deviation).toBeLessThan(spread[1]);
  });
}

describe('simulated networks of width 128, one sample', () => {
  hold('tanh', stack('tanh'), 0.03);
  hold('relu, He', stack('relu', { kernel: scaledKernel(2) }), 0.03);
  hold('sigmoid', stack('sigmoid'), 0.03);
  hold('selu', stack('selu'), 0.03);
  hold('gelu, He, whose q drifts', stack('gelu', { kernel: scaledKernel(2) }), 0.1);
  hold('tanh as PyTorch draws it', stack('tanh', { kernel: scaledKernel(1 / 3), bias: { variance: 1 / 384 } }), 0.03);
  hold('biases with a mean', stack('relu', { kernel: scaledKernel(1.5), bias: { mean: 0.3, variance: 0.1 } }), 0.03);
  hold(
    'changing widths',
    stackOf([256, 64, 192, 48, 128], { inputs: 100, phi: activation('tanh'), kernel: scaledKernel(1) }),
    0.05,
    60,
  );
  hold(
    'changing widths, Glorot',
    stackOf([256, 64, 192, 128], {
      inputs: 100,
      phi: activation('relu'),
      kernel: (i, o) => ({ variance: 2 / (i + o) }),
    }),
    0.05,
    60,
  );
  hold('LayerNorm', stack('tanh', { normalisation: 'layer' }), 0.05);
  hold('LayerNorm with biases', stack('relu', { normalisation: 'layer', bias: { variance: 0.2 } }), 0.08);
  hold('dropout', stack('relu', { kernel: scaledKernel(2), keep: 0.7 }), 0.05);
  hold('residual tanh', stack('tanh', { residual: true }), 0.05);
  hold('residual relu', stack('relu', { residual: true }), 0.1);
  hold('thirty residual relu layers, whose inputs add up', stack('relu', { residual: true }, 30), 0.35, 60);
});

describe('kernels with a mean', () => {
  const kernel = (mean: number, gainSquared = 1) => ({ mean, variance: gainSquared / WIDTH });
  hold('relu', stack('relu', { kernel: kernel(0.01, 2) }), 0.15, 60);
  hold('relu, strong', stack('relu', { kernel: kernel(0.03) }), 0.2, 60);
  hold('sigmoid', stack('sigmoid', { kernel: kernel(0.02) }), 0.3, 60, [0.5, 1.6]);
  hold('softplus', stack('softplus', { kernel: kernel(0.01) }), 0.25, 60, [0.5, 1.6]);
  hold('tanh below its instability', stack('tanh', { kernel: kernel(0.005) }), 0.05, 40);
  hold('residual relu', stack('relu', { residual: true, kernel: kernel(0.005) }, 5), 0.05, 40);
  hold(
    'the paper’s RandomNormal(1, 1), relu',
    stack('relu', { kernel: { mean: 1, variance: 1 }, inputMean: 0.3, inputVariance: 0.2 }, 3),
    0.2,
    60,
  );

  it('m and q of the forward pass', () => {
    for (const [name, mean] of [
      ['sigmoid', 0.02],
      ['relu', 0.01],
    ] as const) {
      const of = stack(name, { kernel: kernel(mean), inputMean: 0.5, inputVariance: 1.25 }, 5);
      const { all } = simulateRatios(of, 60, createRandom(2, name));
      predict(of).layers.forEach((layer, l) => {
        const mean = all.reduce((sum, s) => sum + s.mean[l]!, 0) / all.length;
        const q = all.reduce((sum, s) => sum + s.q[l]!, 0) / all.length;
        expect(Math.abs(mean / layer.mean - 1)).toBeLessThan(0.1);
        expect(Math.abs(q / layer.q - 1)).toBeLessThan(0.1);
      });
    }
  });
});

describe('BatchNorm over 256 samples', () => {
  // The norm over a batch averages: it is the root mean square that it meets. What the samples have in common is left.
  it.each(['relu', 'tanh', 'sigmoid'])('%s within 10 %%', (name) => {
    const of = stack(name, { normalisation: 'batch' }, 5);
    const { delta } = simulateRatios(of, 1, createRandom(8), 256);
    predict(of).layers.forEach((layer, l) => {
      expect(Math.abs(delta[l]! - Math.log(layer.rootMeanSquare))).toBeLessThan(0.1);
    });
  });
});

describe('‖∂C/∂W‖', () => {
  it('root mean square over draws', () => {
    for (const [name, gain] of [
      ['tanh', 1],
      ['relu', 2],
      ['sigmoid', 1],
    ] as const) {
      const of = stack(name, { kernel: scaledKernel(gain) });
      const { all } = simulateRatios(of, 40, createRandom(5, name));
      const square = (l: number) => all.reduce((sum, s) => sum + s.kernelGradient[l]! ** 2, 0);
      predict(of).layers.forEach(({ kernelGradient }, l) => {
        expect(Math.abs(Math.sqrt(square(l) / square(7)) / kernelGradient - 1)).toBeLessThan(0.15);
      });
    }
  });
});
