import { describe, expect, it } from 'vitest';
import { activation } from '../../../src/core/activations/catalogue';
import { type FlowConfig, paperFlow } from '../../../src/core/flow/config';
import { predictCandidate, stackOfConfig } from '../../../src/core/flow/configStack';
import type { MeasuredFlow } from '../../../src/core/flow/measured';
import { createRandom } from '../../../src/core/random/random';
import { drawLayer, passThrough } from '../../../src/engine/flowNetwork';
import { measureCandidate, measureFlow } from '../../../src/engine/measure';

const one = (name: string, more: Partial<FlowConfig> = {}): FlowConfig => ({
  ...paperFlow,
  candidates: [{ activations: [name] }],
  ...more,
});

function measured(config: FlowConfig, index = 0): MeasuredFlow {
  const networks = measureCandidate(config, config.candidates[index]!);
  for (let next = networks.next(); ; next = networks.next()) if (next.done) return next.value;
}

/** Forty drawn networks against the prediction: inside one network's band at every layer, and near its middle. */
function hold(name: string, config: FlowConfig, tolerance: number): void {
  it(`${name}: within the band, and within ${tolerance * 100} % and chance of its middle`, () => {
    const found = measured(config);
    const { layers } = predictCandidate(config, config.candidates[0]!);
    layers.forEach(({ typical, band }, l) => {
      const { typical: mean, spread } = found.layers[l]!.delta;
      const chance = (2.5 * Math.log(spread)) / Math.sqrt(config.networks);
      expect(Math.abs(Math.log(mean / typical)), `layer ${l + 1}`).toBeLessThan(Math.log1p(tolerance) + chance + 1e-9);
      expect(mean * (1 + 1e-9)).toBeGreaterThanOrEqual(band[0]);
      expect(mean * (1 - 1e-9)).toBeLessThanOrEqual(band[1]);
    });
    expect(found.ratio).toEqual(found.layers[0]!.delta);
  });
}

describe('measured networks against the prediction', () => {
  hold('ten layers of sigmoid, Keras', one('sigmoid'), 0.05);
  hold('ten layers of tanh, Keras', one('tanh'), 0.05);
  hold('PyTorch’s default kernels and biases', one('relu', { framework: 'torch' }), 0.1);
  hold('tfjs’s cut-off kernels', one('gelu', { framework: 'tfjs' }), 0.1);
  hold('widths that change', one('tanh', { widths: [256, 96, 192, 64, 128], inputs: 100 }), 0.05);
  hold('biases', one('relu', { kernelInitializer: { kind: 'he_normal' }, biasStd: 0.5 }), 0.05);
  hold('BatchNorm', one('relu', { normalisation: 'batch', networks: 8 }), 0.15);
  hold('LayerNorm', one('tanh', { normalisation: 'layer' }), 0.05);
  hold('dropout', one('relu', { kernelInitializer: { kind: 'he_normal' }, dropout: 0.4 }), 0.1);
  hold('residual tanh', one('tanh', { residual: true }), 0.05);
  hold(
    'thirty residual layers of ReLU, whose inputs add up',
    one('relu', { residual: true, widths: Array.from({ length: 30 }, () => 128) }),
    0.5,
  );
  hold(
    'an activation for each layer',
    {
      ...one('relu', { widths: [128, 128, 128, 128] }),
      candidates: [{ activations: ['relu', 'tanh', 'gelu', 'sigmoid'] }],
    },
    0.05,
  );
  hold(
    'the paper’s kernels of mean 1 in three ReLU layers, on digits',
    one('relu', {
      widths: [128, 128, 128],
      kernelInitializer: { kind: 'normal', mean: 1, stddev: 1 },
      data: 'digits',
      inputs: 784,
      inputVariance: 0.1,
    }),
    0.3,
  );

  it('‖∂C/∂W‖ follows as well', () => {
    const config = one('tanh');
    const { layers } = predictCandidate(config, config.candidates[0]!);
    measured(config).layers.forEach(({ kernelGradient }, l) => {
      expect(Math.abs(Math.log(kernelGradient.typical / layers[l]!.kernelGradient))).toBeLessThan(0.15);
    });
  });

  it('scatters as the band says', () => {
    const config = one('tanh', { networks: 120 });
    const { band } = predictCandidate(config, config.candidates[0]!);
    const { low, high } = measured(config).ratio;
    const ratio = Math.log(high / low) / Math.log(band[1] / band[0]);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.35);
  });
});

describe('the backward pass', () => {
  /** ‖δ¹‖/‖δ²‖ of two layers by differences of the forward pass: e·φ(z²), differentiated by z¹ and by z². */
  function byDifferences(config: FlowConfig, seed: number): number {
    const { layers } = stackOfConfig(config, config.candidates[0]!);
    const random = createRandom(seed, 'pass');
    const drawn = layers.map((layer) => drawLayer(config, layer, random));
    const phi = activation(config.candidates[0]!.activations[0]!);
    const n = config.widths[0]!;
    const input = inputOf(n, seed);
    const error = Array.from({ length: n }, () => random.normal());
    const linear = (l: number, a: readonly number[]) =>
      Array.from({ length: n }, (_, j) =>
        a.reduce((sum, x, i) => sum + drawn[l]!.kernel[j * n + i]! * x, drawn[l]!.bias[j]!),
      );
    const normalised = (z: number[]) => {
      if (config.normalisation !== 'layer') return z;
      const mean = z.reduce((a, b) => a + b, 0) / n;
      const variance = z.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
      return z.map((x) => (x - mean) / Math.sqrt(variance + 1e-5));
    };
    const joined = (z: readonly number[], a: readonly number[]) =>
      z.map((x, i) => phi.value(x) + (config.residual ? a[i]! : 0));
    const first = normalised(linear(0, input));
    const secondOf = (z: readonly number[]) => normalised(linear(1, joined(z, input)));
    const cost = (z1: readonly number[], z2: readonly number[]) =>
      joined(z2, joined(z1, input)).reduce((sum, a, i) => sum + error[i]! * a, 0);
    const step = 1e-6;
    const slopes = (f: (z: number[]) => number, z: readonly number[]) =>
      z.map((_, i) => {
        const at = (by: number) => f(z.map((x, j) => (j === i ? x + by : x)));
        return (at(step) - at(-step)) / (2 * step);
      });
    const second = secondOf(first);
    const delta1 = slopes((z) => cost(z, secondOf(z)), first);
    const delta2 = slopes((z) => cost(first, z), second);
    return Math.hypot(...delta1) / Math.hypot(...delta2);
  }
  const inputOf = (n: number, seed: number) => {
    const random = createRandom(seed, 'input');
    return Array.from({ length: n }, () => random.normal());
  };

  it.each([
    ['plain', {}],
    ['with biases', { biasStd: 0.3 }],
    ['with LayerNorm', { normalisation: 'layer' }],
    ['residual', { residual: true }],
  ] as const)('%s, is the derivative of the forward pass', (_name, more) => {
    const config = one('tanh', { widths: [6, 6], ...more });
    const stack = stackOfConfig(config, config.candidates[0]!);
    const { delta } = passThrough(stack, config, Float64Array.from(inputOf(6, 5)), 1, createRandom(5, 'pass'));
    expect(Math.exp(delta[0]! - delta[1]!)).toBeCloseTo(byDifferences(config, 5), 6);
  });
});

describe('a measurement', () => {
  const small = one('sigmoid', { widths: [32, 32, 32], networks: 6 });

  it('is the same again with the same seed, and another with another', () => {
    expect(measured(small)).toEqual(measured(small));
    expect(measured({ ...small, seed: 1 }).ratio.typical).not.toBe(measured(small).ratio.typical);
  });

  it('does not depend on the other candidates', async () => {
    const both = { ...small, candidates: [{ activations: ['tanh'] }, ...small.candidates] };
    const [, second] = await measureFlow(both, () => {});
    expect(second).toEqual(measured(small));
  });

  it('counts its networks up to the total', async () => {
    const news: [number, number][] = [];
    await measureFlow(small, (done, total) => news.push([done, total]));
    expect(news.at(-1)).toEqual([6, 6]);
  });

  it('of no networks is refused', async () => {
    await expect(measureFlow({ ...small, networks: 0 }, () => {})).rejects.toThrow('expected at least 1');
  });

  it('counts exact zeros', () => {
    const { ratio } = measured({ ...small, candidates: [{ activations: ['step'] }] });
    expect(ratio).toMatchObject({ typical: 0, zeros: 1 });
  });

  it('of what overflows gives Infinity, never NaN', () => {
    const { layers } = measured({
      ...small,
      candidates: [{ activations: ['exponential'] }],
      kernelInitializer: { kind: 'normal', mean: 0, stddev: 100 },
    });
    for (const { delta, kernelGradient } of layers) {
      for (const size of [delta, kernelGradient]) for (const x of Object.values(size)) expect(x).not.toBeNaN();
    }
  });

  it('of a BatchNorm network counts each sample of its batch', () => {
    const found = measured({ ...small, normalisation: 'batch', networks: 1 });
    expect(found.networks).toBe(1);
    expect(found.ratio.spread).toBeGreaterThan(1);
  });
});

describe('drawn kernels', () => {
  it.each(['keras', 'tf2', 'torch', 'tfjs', 'jax'] as const)('of %s have the variance that the theory takes', (id) => {
    const config = one('tanh', { framework: id, widths: [300, 200] });
    const layer = stackOfConfig(config, config.candidates[0]!).layers[1]!;
    const { kernel, bias } = drawLayer(config, layer, createRandom(1, 'draw'));
    const variance = (all: Float32Array) => all.reduce((sum, x) => sum + x * x, 0) / all.length;
    expect(variance(kernel) / layer.kernelVariance).toBeCloseTo(1, 1);
    expect(kernel.length).toBe(300 * 200);
    if (layer.biasVariance === 0) expect(variance(bias)).toBe(0);
    else expect(variance(bias) / layer.biasVariance).toBeCloseTo(1, 0);
  });
});
