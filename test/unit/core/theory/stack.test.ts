import { describe, expect, it } from 'vitest';
import { activation } from '../../../../src/core/activations/catalogue';
import { type FlowConfig, paperFlow } from '../../../../src/core/calculation/config';
import { inputsOf } from '../../../../src/core/calculation/inputs';
import { kernelName, stackOfConfig } from '../../../../src/core/calculation/predict';
import { suitedInitializer } from '../../../../src/core/frameworks/functions';
import { checkStack, type DenseLayer, type Stack, scaledKernel, stackOf } from '../../../../src/core/theory/stack';

const relu = activation('relu');
const good = stackOf([8, 8], { phi: relu, kernel: scaledKernel(1) });
const broken = (change: Partial<DenseLayer>): Stack => ({ ...good, layers: [{ ...good.layers[0]!, ...change }] });

describe('checkStack', () => {
  it('lets pass what can be', () => {
    expect(() => checkStack(good)).not.toThrow();
    expect(() => checkStack(broken({ kernelVariance: 0, biasVariance: 0, keep: 1e-9, residual: true }))).not.toThrow();
    // The mean of a constant input is its root mean square, but for rounding.
    expect(() => checkStack({ ...good, inputVariance: 0.1, inputMean: Math.sqrt(0.1) })).not.toThrow();
  });

  it.each([
    [broken({ fanIn: 0 }), 'layer 1’s fan-in is 0; expected a whole number from 1.'],
    [broken({ fanIn: Number.NaN }), 'layer 1’s fan-in is NaN'],
    [broken({ fanOut: -3 }), 'layer 1’s fan-out is -3'],
    [broken({ kernelVariance: Number.POSITIVE_INFINITY }), 'layer 1’s kernel variance is Infinity'],
    [broken({ kernelVariance: Number.NaN }), 'layer 1’s kernel variance is NaN'],
    [broken({ kernelMean: Number.NEGATIVE_INFINITY }), 'layer 1’s kernel mean is -Infinity; expected a finite number.'],
    [broken({ biasMean: Number.NaN }), 'layer 1’s bias mean is NaN; expected a finite number.'],
    [broken({ biasVariance: -1 }), 'layer 1’s bias variance is -1'],
    [broken({ keep: 1.1 }), 'layer 1’s keep probability is 1.1'],
    [broken({ keep: Number.NaN }), 'layer 1’s keep probability is NaN'],
    [{ ...good, inputVariance: Number.POSITIVE_INFINITY }, 'the inputs’ mean square is Infinity'],
    [{ ...good, inputMean: Number.NaN }, 'the inputs’ mean is NaN'],
    [{ ...good, inputMean: -2 }, 'the inputs’ mean is -2 and their mean square 1'],
  ])('%# says what cannot be', (stack, message) => {
    expect(() => checkStack(stack)).toThrow(RangeError);
    expect(() => checkStack(stack)).toThrow(message);
  });
});

describe('a stack', () => {
  it('joins each layer to the one before, and is residual where widths are equal', () => {
    const { layers } = stackOf([4, 4, 6], { inputs: 3, phi: relu, kernel: scaledKernel(2), residual: true });
    expect(layers.map(({ fanIn, fanOut, residual }) => [fanIn, fanOut, residual])).toEqual([
      [3, 4, false],
      [4, 4, true],
      [4, 6, false],
    ]);
    for (const { fanIn, kernelVariance } of layers) expect(fanIn * kernelVariance).toBeCloseTo(2, 12);
  });
});

describe('a configuration’s stack', () => {
  const of = (more: Partial<FlowConfig>, activations = ['relu']) => {
    const config: FlowConfig = { ...paperFlow, widths: [6, 6, 4], candidates: [{ activations }], ...more };
    return stackOfConfig(config, config.candidates[0]!);
  };

  it.each([
    [{}, 6],
    [{ inputs: 9 }, 9],
    [{ data: 'digits' }, 784],
    [{ data: 'digits', inputs: 9 }, 9],
  ] as const)('of %j has %j inputs', (more, inputs) => {
    expect(of(more).layers[0]!.fanIn).toBe(inputs);
    expect(inputsOf({ ...paperFlow, widths: [6], ...more })).toBe(inputs);
  });

  it('draws as the framework does', () => {
    const variances = (more: Partial<FlowConfig>) => of(more).layers.map((layer) => layer.kernelVariance);
    expect(variances({})).toEqual([2 / 12, 2 / 12, 2 / 10]);
    for (const [i, fanIn] of [6, 6, 6].entries()) {
      expect(variances({ framework: 'jax' })[i]).toBeCloseTo(1 / fanIn, 12);
      expect(variances({ framework: 'torch' })[i]).toBeCloseTo(1 / 3 / fanIn, 12);
    }
    const he = { kernelInitializer: { kind: 'he_normal' } } as const;
    expect(variances({ ...he, framework: 'tfjs' })[0]! / variances(he)[0]!).toBeCloseTo(0.7737, 4);
  });

  it('has the framework’s biases unless others are asked for', () => {
    const biases = (more: Partial<FlowConfig>) => of(more).layers.map((layer) => layer.biasVariance);
    expect(biases({})).toEqual([0, 0, 0]);
    for (const variance of biases({ framework: 'torch' })) expect(variance).toBeCloseTo(1 / 18, 12);
    expect(biases({ framework: 'torch', biasStd: 0 })).toEqual([0, 0, 0]);
    expect(biases({ biasStd: 0.5 })).toEqual([0.25, 0.25, 0.25]);
  });

  it('takes normalisation, dropout, residual layers and each layer’s activation', () => {
    const { layers } = of({ normalisation: 'batch', dropout: 0.25, residual: true }, ['relu', 'tanh', 'elu']);
    expect(
      layers.map(({ phi, normalisation, keep, residual }) => [phi.value(-1), normalisation, keep, residual]),
    ).toEqual([
      [0, 'batch', 0.75, true],
      [Math.tanh(-1), 'batch', 0.75, true],
      [Math.expm1(-1), 'batch', 0.75, false],
    ]);
  });

  it('knows that digits have a mean, and random numbers none', () => {
    expect(of({}).inputMean).toBe(0);
    const { inputMean, inputVariance } = of({ data: 'digits', inputVariance: 0.1 });
    expect(inputMean! ** 2 / inputVariance).toBeCloseTo(0.166, 12);
  });

  it('passes the check, whatever the limits allow', () => {
    for (const framework of ['keras', 'torch', 'tfjs'] as const) {
      for (const more of [
        { dropout: 0.95 },
        { inputVariance: 1e-6, data: 'digits' },
        { biasStd: 100 },
        { inputs: 65536 },
      ] as const)
        expect(() => checkStack(of({ framework, ...more }))).not.toThrow();
    }
  });
});

describe('names of initialisers', () => {
  it.each([
    [{ kernelInitializer: { kind: 'normal', mean: 1, stddev: 1 } }, 'normal:1,1'],
    [{ kernelInitializer: null }, 'glorot_uniform'],
    [{ framework: 'tfjs' }, 'glorotNormal'],
  ] as const)('%j is %s', (more, name) => {
    expect(kernelName({ ...paperFlow, ...more })).toBe(name);
  });

  it('what suits an activation is uniform in tfjs', () => {
    expect(suitedInitializer(relu, 'keras')).toEqual({ kind: 'he_normal' });
    expect(suitedInitializer(relu, 'tfjs')).toEqual({ kind: 'he_uniform' });
    expect(suitedInitializer(activation('tanh'), 'tfjs')).toEqual({ kind: 'glorot_uniform' });
  });
});
