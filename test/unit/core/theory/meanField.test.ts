import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activation, activationNames } from '../../../../src/core/activations/catalogue';
import { gaussianMoments } from '../../../../src/core/activations/moments';
import { type FlowPrediction, predict } from '../../../../src/core/theory/meanField';
import { logOfCoherent } from '../../../../src/core/theory/spread';
import {
  type DenseLayer,
  type Stack,
  type StackOptions,
  scaledKernel,
  stackOf,
  uniformStack,
} from '../../../../src/core/theory/stack';

const ten = (name: string, gainSquared: number, more: Partial<StackOptions> = {}, width = 128): FlowPrediction =>
  predict(uniformStack({ depth: 10, width, phi: activation(name), kernel: scaledKernel(gainSquared), ...more }));

describe('‖δ¹‖/‖δ¹⁰‖ of ten equal layers on inputs of variance 1', () => {
  // Gains of Keras's and Flax's, of tfjs's and of PyTorch's default kernel, and He's. PyTorch's with its bias, at n = 128.
  const torchBias = { bias: { variance: 1 / 3 / 128 } };
  it.each([
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
  ])('%s', (name, lecun, tfjs, torch, he) => {
    const found = [ten(name, 1), ten(name, 0.7737), ten(name, 1 / 3, torchBias), ten(name, 2)];
    [lecun, tfjs, torch, he].forEach((expected, i) => {
      // 3 %, or all digits where only two are given.
      const digits = Number(found[i]!.rootMeanSquare.toPrecision(2)) === expected;
      const deviation = Math.abs(found[i]!.rootMeanSquare / expected - 1);
      expect(digits || deviation < 0.03, `${found[i]!.rootMeanSquare} for ${expected}`).toBe(true);
    });
  });

  it('without its bias, PyTorch’s elu would pass back a tenth more', () => {
    expect(ten('elu', 1 / 3).rootMeanSquare / 4.5e-3).toBeGreaterThan(1.08);
  });
});

describe('one step', () => {
  it('multiplies χ = σ_w²·E[φ′²] at the layer’s own q, and nine steps make the ratio', () => {
    const { layers, rootMeanSquare } = ten('tanh', 1.3, { bias: { variance: 0.05 } });
    expect(layers.map(({ layer }) => layer)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    let q = 1.3 + 0.05;
    for (const at of layers) {
      expect(at.q).toBeCloseTo(q, 12);
      const { valueSquared, derivativeSquared } = gaussianMoments(activation('tanh'), 0, q);
      expect(at.chi).toBeCloseTo(1.3 * derivativeSquared, 12);
      q = 1.3 * valueSquared + 0.05;
    }
    const product = layers.slice(0, -1).reduce((all, { chi }) => all * chi, 1);
    expect(rootMeanSquare).toBeCloseTo(Math.sqrt(product), 12);
    expect(layers.at(-1)).toMatchObject({ delta: 1, kernelGradient: 1, rootMeanSquare: 1, band: [1, 1] });
  });

  it('takes the fan-in of the next kernel where widths change', () => {
    const { layers } = predict(stackOf([100, 400, 50], { phi: activation('relu'), kernel: scaledKernel(2) }));
    for (const { chi } of layers) expect(chi).toBeCloseTo(1, 12);
    // Glorot's 2/(in + out) leaves 2·100/500 and 2·400/450.
    const glorot = predict(
      stackOf([100, 400, 50], { phi: activation('relu'), kernel: (i, o) => ({ variance: 2 / (i + o) }) }),
    ).layers;
    expect(glorot[0]!.chi).toBeCloseTo((0.5 * 200) / 500, 12);
    expect(glorot[1]!.chi).toBeCloseTo((0.5 * 800) / 450, 12);
  });

  it('BatchNorm, LayerNorm: E[φ′²]/Var[φ] and σ_w²·E[φ′²]/(σ_w²·E[φ²] + σ_b²), whatever the depth', () => {
    for (const gain of [0.1, 1, 5]) {
      for (const { chi, q } of ten('relu', gain, { normalisation: 'batch', bias: { variance: 0.3 } }).layers.slice(
        0,
        -1,
      )) {
        expect(chi).toBeCloseTo(Math.PI / (Math.PI - 1), 9);
        expect(q).toBe(1);
      }
      for (const { chi } of ten('silu', gain, { normalisation: 'layer', bias: { variance: 0.3 } }).layers.slice(
        0,
        -1,
      )) {
        const { valueSquared, derivativeSquared } = gaussianMoments(activation('silu'), 0, 1);
        expect(chi).toBeCloseTo((gain * derivativeSquared) / (gain * valueSquared + 0.3), 9);
      }
    }
  });

  it('BatchNorm never lets χ fall below 1 (Poincaré’s inequality, of functions that do not jump)', () => {
    for (const name of activationNames.filter((x) => activation(x).smoothness >= 0)) {
      for (const { chi } of ten(name, 1, { normalisation: 'batch' }).layers.slice(0, -1)) {
        expect(chi).toBeGreaterThanOrEqual(1 - 1e-12);
      }
    }
  });

  it('dropout divides σ_w² by ρ in both passes', () => {
    const { layers } = ten('relu', 2, { keep: 0.8 });
    layers.forEach(({ chi, q }, i) => {
      expect(chi).toBeCloseTo(1 / 0.8, 12);
      expect(q / (2 * 0.8 ** -i)).toBeCloseTo(1, 12);
    });
  });

  it('a residual layer: χ = 1 + χ_F in the limit of width, and q adds', () => {
    const { layers } = ten('linear', 0.5, { residual: true }, 2 ** 20);
    layers.forEach(({ chi, q }, i) => {
      expect(chi).toBeCloseTo(1.5, 5);
      expect(q / (0.5 * 1.5 ** i)).toBeCloseTo(1, 12);
    });
  });

  it('‖∂C/∂W^l‖ has ‖a^(l−1)‖ besides ‖δ^l‖: He’s relu stack keeps both, Glorot’s none', () => {
    for (const { kernelGradient } of ten('relu', 2).layers) expect(kernelGradient).toBeCloseTo(1, 12);
    // ‖δ‖ falls and ‖a‖ rises towards the input by √½ a layer. The input itself is as q¹ has it, not halved yet.
    for (const { kernelGradient } of ten('relu', 1).layers.slice(1)) expect(kernelGradient).toBeCloseTo(1, 12);
  });

  it('a kernel’s mean shifts the pre-activation: the paper’s RandomNormal(1, 1) on pixels', () => {
    const layer = predict(
      stackOf([128], {
        inputs: 784,
        phi: activation('sigmoid'),
        kernel: { mean: 1, variance: 1 },
        inputMean: 0.13,
        inputVariance: 0.1,
      }),
    ).layers[0]!;
    expect(layer.mean).toBeGreaterThan(784 * 0.13);
    expect(layer.mean).toBeLessThan(784 * 0.13 * 1.01);
    expect(layer.q).toBeCloseTo(78.4, 9);
    expect(layer.chi).toBeLessThan(1e-10);
  });

  it('LayerNorm takes a kernel’s mean out', () => {
    const kernel = { variance: 1 / 128 };
    const options = { depth: 6, width: 128, phi: activation('gelu'), normalisation: 'layer' } as const;
    expect(predict(uniformStack({ ...options, kernel: { ...kernel, mean: 0.3 } }))).toEqual(
      predict(uniformStack({ ...options, kernel })),
    );
  });

  it('of linear layers with a mean, the coherent part grows as n·μ', () => {
    const { layers } = predict(
      uniformStack({ depth: 12, width: 100, phi: activation('linear'), kernel: { mean: 0.05, variance: 0.01 } }),
    );
    expect(layers[0]!.chi / 25).toBeCloseTo(1, 1);
    expect(layers[0]!.mean / layers[1]!.mean).toBeCloseTo(0.2, 1);
  });
});

describe('bands', () => {
  it('relu: 5/n for each step, whatever the kernels’ scale', () => {
    for (const gain of [0.5, 2]) {
      const { band, ratio, rootMeanSquare } = ten('relu', gain, {}, 5000);
      const variance = (9 * 5) / 5000;
      expect(Math.log(band[1] / band[0]) / 2).toBeCloseTo((1.6449 * Math.sqrt(variance)) / 2, 3);
      expect(Math.log(ratio / rootMeanSquare)).toBeCloseTo(-variance / 4, 4);
    }
  });

  it('narrows with the width and holds its centre', () => {
    const spread = (width: number) => {
      const { band, ratio: typical } = ten('silu', 2, {}, width);
      expect(Math.sqrt(band[0] * band[1]) / typical).toBeCloseTo(1, 12);
      return Math.log(band[1] / band[0]);
    };
    expect(spread(128) / spread(512)).toBeCloseTo(2, 0);
  });

  it('a Gaussian’s square: ln χ²₁ has mean −γ − ln 2 and variance π²/2', () => {
    expect(logOfCoherent(1).mean).toBeCloseTo(-0.5772156649 - Math.LN2, 5);
    expect(logOfCoherent(1).variance).toBeCloseTo(Math.PI ** 2 / 2, 3);
    expect(logOfCoherent(1).median).toBeCloseTo(-0.7876, 4);
    expect(logOfCoherent(0)).toEqual({ mean: 0, median: 0, variance: 0 });
    // −c² and 2c² to second order.
    expect(logOfCoherent(1e-3).mean / -1e-6).toBeCloseTo(1, 1);
    expect(logOfCoherent(1e-3).variance / 2e-6).toBeCloseTo(1, 1);
  });
});

describe('extremes', () => {
  it('50 and 500 sigmoid layers do not underflow', () => {
    const deep = (depth: number) =>
      predict(uniformStack({ depth, width: 128, phi: activation('sigmoid'), kernel: scaledKernel(1) }));
    expect(Math.log10(deep(50).ratio) / Math.log10(deep(25).ratio)).toBeCloseTo(49 / 24, 1);
    expect(deep(500).ratio).toBeGreaterThan(0);
    expect(deep(500).ratio).toBeLessThan(1e-300);
  });

  it('kernels of variance 10⁻³⁰⁰', () => {
    const { layers } = predict(
      uniformStack({ depth: 3, width: 10, phi: activation('tanh'), kernel: { variance: 1e-300 } }),
    );
    expect(layers[1]!.rootMeanSquare / Math.sqrt(1e-299)).toBeCloseTo(1, 9);
    expect(layers[0]!.rootMeanSquare / 1e-299).toBeCloseTo(1, 9);
  });

  it('what passes nothing passes exactly nothing', () => {
    const zero = ten('step', 1);
    expect(zero.ratio).toBe(0);
    expect(zero.band).toEqual([0, 0]);
    expect(zero.layers[9]!.delta).toBe(1);
    expect(ten('relu', 0).ratio).toBe(0);
  });

  it('an overflow is Infinity', () => {
    expect(ten('exponential', 1).ratio).toBe(Number.POSITIVE_INFINITY);
  });

  it('nothing legal gives NaN', () => {
    const layer = fc.record({
      phi: fc.constantFrom(...activationNames.map((name) => activation(name))),
      kernelMean: fc.constantFrom(0, 0, 1, -0.3, 1e-5, 1e30, -1e100, 1e200, -1e308),
      kernelVariance: fc.constantFrom(0, 1, 1e-3, 7, 1e-300, 1e100, 1e308),
      biasMean: fc.constantFrom(0, -3, 1e50),
      biasVariance: fc.constantFrom(0, 0.1, 1e-200, 1e100),
      normalisation: fc.constantFrom('none', 'batch', 'layer') as fc.Arbitrary<DenseLayer['normalisation']>,
      keep: fc.constantFrom(1, 0.5, 1e-9),
      residual: fc.boolean(),
      fanOut: fc.constantFrom(1, 2, 100, 4096),
    });
    fc.assert(
      fc.property(
        fc.array(layer, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(0, 1, 1e-300, 1e100),
        fc.constantFrom(-1, 0, 0.5),
        (drawn, inputVariance, mean) => {
          const layers = drawn.map((at, i): DenseLayer => {
            const fanIn = drawn[i - 1]?.fanOut ?? at.fanOut;
            return { ...at, fanIn, residual: at.residual && fanIn === at.fanOut };
          });
          const found = predict({ inputVariance, inputMean: mean * Math.sqrt(inputVariance), layers });
          const numbers = found.layers.flatMap((x) => [
            x.mean,
            x.q,
            x.chi,
            x.delta,
            x.rootMeanSquare,
            x.zeros,
            x.kernelGradient,
            ...x.band,
          ]);
          expect(numbers.filter(Number.isNaN)).toEqual([]);
        },
      ),
      { seed: 5, numRuns: 2000 },
    );
  });

  it('100 layers take a few milliseconds', () => {
    // No assertion on time: the count of evaluations stands in for it, and once tabulated there are none.
    let evaluations = 0;
    const tanh = activation('tanh');
    const phi = {
      value: (x: number) => {
        evaluations++;
        return tanh.value(x);
      },
      derivative: tanh.derivative,
      derivativeMax: tanh.derivativeMax,
    };
    const run = (gain: number) => {
      const before = evaluations;
      predict(uniformStack({ depth: 100, width: 128, phi, kernel: scaledKernel(gain) }));
      return evaluations - before;
    };
    expect(run(1)).toBeLessThan(3000);
    expect(run(1.01)).toBeLessThan(300);
  });
});

describe('stacks that cannot be', () => {
  const good = uniformStack({ depth: 2, width: 8, phi: activation('relu'), kernel: scaledKernel(1) });
  const broken = (change: Partial<DenseLayer>): Stack => ({
    ...good,
    layers: [good.layers[0]!, { ...good.layers[1]!, ...change }],
  });
  it.each([
    [broken({ fanIn: 9 }), 'layer 2’s fan-in is 9; expected 8, the width of the layer before.'],
    [broken({ fanOut: 1.5 }), 'layer 2’s fan-out is 1.5; expected a whole number from 1.'],
    [broken({ kernelVariance: -1 }), 'layer 2’s kernel variance is -1; expected a finite number that is not negative.'],
    [broken({ kernelMean: Number.NaN }), 'layer 2’s kernel mean is NaN; expected a finite number.'],
    [broken({ biasVariance: Number.POSITIVE_INFINITY }), 'layer 2’s bias variance is Infinity'],
    [broken({ keep: 0 }), 'layer 2’s keep probability is 0; expected more than 0 and at most 1'],
    [broken({ fanOut: 4, residual: true }), 'layer 2 is residual from 8 to 4 units; expected equal widths.'],
    [{ ...good, layers: [] }, 'the stack has no layers; expected at least one.'],
    [{ ...good, inputVariance: -1 }, 'the inputs’ mean square is -1'],
    [{ ...good, inputMean: 2 }, 'the inputs’ mean is 2 and their mean square 1; expected at least the mean’s square.'],
  ])('%#', (stack, message) => {
    expect(() => predict(stack)).toThrow(RangeError);
    expect(() => predict(stack)).toThrow(message);
  });

  it('a depth of none', () => {
    expect(() => uniformStack({ depth: 0, width: 8, phi: activation('relu'), kernel: scaledKernel(1) })).toThrow(
      'the depth is 0; expected a whole number from 1.',
    );
  });
});
