import { describe, expect, it } from 'vitest';
import { activation } from '../../../src/core/activations/catalogue';
import { type FlowConfig, paperFlow } from '../../../src/core/calculation/config';
import { predictCandidate, stackOfConfig } from '../../../src/core/calculation/predict';
import { kernelVariance } from '../../../src/core/frameworks/initialVariance';
import { varianceScalingNames } from '../../../src/core/initializers/initializer';
import { createRandom } from '../../../src/core/math/random';
import { drawLayer, passThrough } from '../../../src/engine/measure/flowNetwork';
import { measureFlow } from '../../../src/engine/measure/measureFlow';
import { measured } from './measured';

const one = (name: string, more: Partial<FlowConfig> = {}): FlowConfig => ({
  ...paperFlow,
  candidates: [{ activations: [name] }],
  ...more,
});

/**
 * Forty drawn networks against the prediction: inside one network's band at every layer, near its middle, and as
 * scattered as it is wide but for a factor of 2.
 */
function hold(name: string, config: FlowConfig, tolerance: number, kernelTolerance = 0.1): void {
  it(`${name}: within the band, and within ${tolerance * 100} % and chance of its middle`, () => {
    const found = measured(config);
    const { layers, band: whole } = predictCandidate(config, config.candidates[0]!);
    const scatter = Math.log(found.ratio.spread) / (Math.log(whole[1] / whole[0]) / 2 / 1.645);
    expect(scatter).toBeGreaterThan(0.5);
    expect(scatter).toBeLessThan(2);
    layers.forEach(({ delta: typical, band, kernelGradient }, l) => {
      const { typical: mean, spread } = found.layers[l]!.delta;
      const chanceOf = (deviation: number) => (2.5 * Math.log(deviation)) / Math.sqrt(config.networks);
      const chance = chanceOf(spread);
      const kernel = found.layers[l]!.kernelGradient;
      expect(Math.abs(Math.log(kernel.typical / kernelGradient)), `kernel of layer ${l + 1}`).toBeLessThan(
        Math.log1p(kernelTolerance) + chanceOf(kernel.spread) + 1e-9,
      );
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
    0.2,
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
    0.8,
  );
  hold('drawn digits', one('tanh', { data: 'digits', widths: [64, 64, 64, 64, 64, 64] }), 0.05);

  it.each([
    ['sigmoid', one('sigmoid')],
    ['tanh', one('tanh')],
    ['tanh in residual layers', one('tanh', { residual: true })],
    ['tanh after LayerNorm', one('tanh', { normalisation: 'layer' })],
    ['ReLU as PyTorch draws it', one('relu', { framework: 'torch' })],
  ] as const)('%s: the median of 40 networks lies within 15 %% of the predicted one', (_name, config) => {
    const { ratio: typical } = predictCandidate(config, config.candidates[0]!);
    expect(Math.abs(Math.log(measured(config).ratio.typical / typical))).toBeLessThan(Math.log(1.15));
  });

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

describe('every layer’s sizes', () => {
  interface Shift {
    readonly layer: number;
    readonly at: 'kernel' | 'linear' | 'phi';
    readonly index: number;
    readonly by: number;
  }

  /** Each group of values to mean 0 and variance 1. */
  function normalised(values: readonly number[], groupOf: (i: number) => number): number[] {
    const groups = new Map<number, number[]>();
    values.forEach((_, i) => {
      groups.set(groupOf(i), [...(groups.get(groupOf(i)) ?? []), i]);
    });
    const result = [...values];
    for (const members of groups.values()) {
      const mean = members.reduce((sum, i) => sum + values[i]!, 0) / members.length;
      const variance = members.reduce((sum, i) => sum + (values[i]! - mean) ** 2, 0) / members.length;
      for (const i of members) result[i] = (values[i]! - mean) / Math.sqrt(variance + 1e-5);
    }
    return result;
  }

  /** The same drawn network, forward alone: Σ e·a of its last layer, with one number shifted. */
  function network(config: FlowConfig, samples: number, seed: number) {
    const { layers } = stackOfConfig(config, config.candidates[0]!);
    const inputs = createRandom(seed, 'input');
    const input = Array.from({ length: samples * layers[0]!.fanIn }, () => inputs.normal());
    const random = createRandom(seed, 'pass');
    const drawn = layers.map((layer) => ({
      ...drawLayer(config, layer, random),
      mask: Array.from({ length: samples * layer.fanOut }, () =>
        layer.keep === 1 ? 1 : random.uniform() < layer.keep ? 1 / layer.keep : 0,
      ),
    }));
    const error = Array.from({ length: samples * layers.at(-1)!.fanOut }, () => random.normal());

    const forward = (shift?: Shift) => {
      const signals = [input];
      layers.forEach(({ fanIn, fanOut, phi, normalisation, residual }, l) => {
        const below = signals[l]!;
        const kernel = Array.from(drawn[l]!.kernel);
        const shifted = (values: number[], at: Shift['at']) => {
          if (shift?.layer === l && shift.at === at) values[shift.index]! += shift.by;
          return values;
        };
        shifted(kernel, 'kernel');
        const linear = Array.from({ length: samples * fanOut }, (_, at) => {
          const [k, j] = [Math.floor(at / fanOut), at % fanOut];
          let sum = drawn[l]!.bias[j]!;
          for (let i = 0; i < fanIn; i++) sum += kernel[j * fanIn + i]! * below[k * fanIn + i]!;
          return sum;
        });
        shifted(linear, 'linear');
        const z =
          normalisation === 'none'
            ? linear
            : normalised(linear, (at) => (normalisation === 'batch' ? at % fanOut : Math.floor(at / fanOut)));
        shifted(z, 'phi');
        signals.push(z.map((x, at) => phi.value(x) * drawn[l]!.mask[at]! + (residual ? below[at]! : 0)));
      });
      return signals;
    };
    const cost = (shift: Shift) =>
      forward(shift)
        .at(-1)!
        .reduce((sum, a, i) => sum + error[i]! * a, 0);
    const slope = (layer: number, at: Shift['at'], index: number) =>
      (cost({ layer, at, index, by: 1e-5 }) - cost({ layer, at, index, by: -1e-5 })) / 2e-5;
    /** Norm of the slopes of `count` numbers from `first` on. */
    const size = (layer: number, at: Shift['at'], first: number, count: number) =>
      Math.hypot(...Array.from({ length: count }, (_, i) => slope(layer, at, first + i)));
    return { input: Float64Array.from(input), signals: forward(), size, layers };
  }

  const cases: readonly (readonly [string, number, Partial<FlowConfig>])[] = [
    ['plain, of changing widths', 1, { widths: [5, 7, 4], inputs: 6 }],
    ['with biases', 1, { biasStd: 0.3 }],
    ['as PyTorch draws them', 1, { framework: 'torch' }],
    ['with LayerNorm', 1, { normalisation: 'layer' }],
    ['with dropout', 1, { dropout: 0.3 }],
    ['residual', 1, { residual: true }],
    ['residual with LayerNorm and dropout', 1, { residual: true, normalisation: 'layer', dropout: 0.2 }],
    ['residual where widths allow it', 1, { residual: true, widths: [5, 5, 3], inputs: 6 }],
    ['with BatchNorm over five samples', 5, { normalisation: 'batch' }],
    ['residual with BatchNorm', 5, { normalisation: 'batch', residual: true }],
  ];
  it.each(cases)('%s, agree with numerical differentiation', (_name, samples, more) => {
    const config = one('tanh', { widths: [6, 6, 6], ...more });
    const { input, signals, size, layers } = network(config, samples, 4);
    const stack = stackOfConfig(config, config.candidates[0]!);
    const found = passThrough(stack, config, input, samples, createRandom(4, 'pass'));
    const delta = (l: number, k: number) => size(l, 'phi', k * layers[l]!.fanOut, layers[l]!.fanOut);
    // A batch has one ∂C/∂W; each sample's part in it is the product of two norms.
    const kernel = (l: number, k: number) => {
      const { fanIn, fanOut } = layers[l]!;
      if (samples === 1) return size(l, 'kernel', 0, fanIn * fanOut);
      return size(l, 'linear', k * fanOut, fanOut) * Math.hypot(...signals[l]!.slice(k * fanIn, (k + 1) * fanIn));
    };
    const last = layers.length - 1;
    for (let k = 0; k < samples; k++) {
      for (let l = 0; l < last; l++) {
        const ratio = (logs: Float64Array) => Math.exp(logs[l * samples + k]! - logs[last * samples + k]!);
        expect(ratio(found.delta) / (delta(l, k) / delta(last, k))).toBeCloseTo(1, 6);
        expect(ratio(found.kernelGradient) / (kernel(l, k) / kernel(last, k))).toBeCloseTo(1, 6);
      }
    }
  });

  it('survive a hundred layers whose gradient no number holds', () => {
    const widths = Array.from({ length: 100 }, () => 8);
    const config = one('linear', { widths, kernelInitializer: { kind: 'normal', mean: 0, stddev: 1e-6 } });
    const stack = stackOfConfig(config, config.candidates[0]!);
    const { delta } = passThrough(stack, config, new Float64Array(8).fill(1), 1, createRandom(1, 'pass'));
    const decades = (delta[0]! - delta[99]!) / Math.LN10 / 99;
    expect(decades).toBeGreaterThan(-6.2);
    expect(decades).toBeLessThan(-5);
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

  it('counts the networks of all candidates together, never backwards', async () => {
    const both = { ...small, candidates: [{ activations: ['tanh'] }, ...small.candidates] };
    const news: [number, number][] = [];
    await measureFlow(both, (done, total) => news.push([done, total]));
    expect(news.at(-1)).toEqual([12, 12]);
    expect(news.every(([done, total], i) => total === 12 && done > (news[i - 1]?.[0] ?? 0))).toBe(true);
  });

  it('of no networks is refused', async () => {
    await expect(measureFlow({ ...small, networks: 0 }, () => {})).rejects.toThrow('expected at least 1');
  });

  it('counts exact zeros', () => {
    const { ratio } = measured({ ...small, candidates: [{ activations: ['step'] }] });
    expect(ratio).toMatchObject({ typical: 0, zeros: 1 });
  });

  it('counts the networks in which a ReLU without a bias died, three in four of two single units', () => {
    const chains = one('relu', {
      widths: [1, 1],
      networks: 400,
      kernelInitializer: { kind: 'normal', mean: 0, stddev: 1 },
    });
    const { ratio } = measured(chains);
    expect(ratio.zeros).toBeGreaterThan(0.68);
    expect(ratio.zeros).toBeLessThan(0.82);
    expect(predictCandidate(chains, chains.candidates[0]!)).toMatchObject({ zeros: 0.75, ratio: 0 });
    expect(ratio.typical).toBe(0);
    expect(ratio.low).toBe(0);
  });

  it.each([100, 1000, 65536])('on digits with %d components has finite numbers', (inputs) => {
    const { ratio } = measured({ ...small, widths: [4, 4], data: 'digits', inputs });
    expect(Number.isFinite(ratio.high)).toBe(true);
    expect(ratio.low).toBeGreaterThan(0);
  });

  it('on digits is another than on random numbers', () => {
    const on = (data: FlowConfig['data']) => measured({ ...small, inputs: 784, data }).ratio.typical;
    expect(on('digits')).not.toBe(on('gaussian'));
  });

  it('of what overflows gives Infinity, never NaN', () => {
    const { layers } = measured({
      ...small,
      candidates: [{ activations: ['exponential'] }],
      kernelInitializer: { kind: 'normal', mean: 0, stddev: 100 },
    });
    expect(layers[0]!.delta).toMatchObject({ typical: Number.POSITIVE_INFINITY, zeros: 0 });
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

  it.each(['keras', 'torch', 'tfjs', 'jax'] as const)('of %s have it with every named initialiser too', (framework) => {
    for (const kind of varianceScalingNames) {
      const config = one('tanh', { framework, widths: [300, 200], kernelInitializer: { kind }, biasStd: 0.7 });
      const layer = stackOfConfig(config, config.candidates[0]!).layers[1]!;
      expect(layer.kernelVariance).toBe(kernelVariance({ kind }, framework, 300, 200));
      const { kernel, bias } = drawLayer(config, layer, createRandom(2, kind));
      const square = kernel.reduce((sum, x) => sum + x * x, 0) / kernel.length;
      // Four standard errors of a Gaussian's variance.
      expect(Math.abs(square / layer.kernelVariance - 1), kind).toBeLessThan(4 * Math.sqrt(2 / kernel.length));
      const biasSquare = bias.reduce((sum, x) => sum + x * x, 0) / bias.length;
      expect(Math.abs(biasSquare / 0.49 - 1)).toBeLessThan(4 * Math.sqrt(2 / bias.length));
    }
  });
});
