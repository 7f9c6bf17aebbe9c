import { describe, expect, it } from 'vitest';
import { type FlowArguments, flowConfigFromArguments, flowDefaults, flowJson } from '../../../src/cli/flow';
import { UsageError } from '../../../src/cli/options';
import { calculate } from '../../../src/core/advice/calculate';
import { paperFlow } from '../../../src/core/calculation/config';
import { summariseLogs } from '../../../src/core/theory/measured';
import { flowKeys, flowLayerKeys } from './flowKeys';

const configOf = (args: Partial<FlowArguments> = {}) => flowConfigFromArguments({ ...flowDefaults, ...args });
const jsonOf = (args: Partial<FlowArguments> = {}) => flowJson(calculate(configOf(args))[0]!, undefined);
function failureOf(args: Partial<FlowArguments>): UsageError {
  try {
    configOf(args);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(args)} was taken.`);
}

describe('the flow command’s options', () => {
  it('left out are ten sigmoid layers of 128, not measured', () => {
    expect(configOf()).toEqual({ ...paperFlow, candidates: [{ activations: ['sigmoid'] }], networks: 0 });
  });

  it('all given are all taken', () => {
    expect(
      configOf({
        activation: ['relu'],
        layers: '3',
        width: '64',
        inputs: '784',
        init: 'normal:1,0.5',
        framework: 'torch',
        biasStd: '0.25',
        norm: 'layer',
        residual: true,
        dropout: '0.1',
        inputVariance: '3333',
        data: 'digits',
        measure: '12',
        seed: '7',
      }),
    ).toEqual({
      ...paperFlow,
      framework: 'torch',
      candidates: [{ activations: ['relu'] }],
      widths: [64, 64, 64],
      inputs: 784,
      kernelInitializer: { kind: 'normal', mean: 1, stddev: 0.5 },
      biasStd: 0.25,
      normalisation: 'layer',
      residual: true,
      inputVariance: 3333,
      data: 'digits',
      dropout: 0.1,
      networks: 12,
      seed: 7,
    });
  });

  it.each([
    [{ width: '64' }, Array.from({ length: 10 }, () => 64)],
    [{ width: '64', layers: '2' }, [64, 64]],
    [{ width: '64,32,16' }, [64, 32, 16]],
    [{ width: '256,128x3,64' }, [256, 128, 128, 128, 64]],
    [{ width: ' 64 , 32 ' }, [64, 32]],
    [{ width: '64,32', layers: '2' }, [64, 32]],
  ])('%j are layers of %j', (args, widths) => {
    expect(configOf(args).widths).toEqual(widths);
  });

  it('takes an activation for each layer, and commas in their brackets', () => {
    const { candidates } = configOf({ layers: '3', activation: ['tanh, rrelu(lower=0.1,upper=0.3) ,ELU'] });
    expect(candidates).toEqual([{ activations: ['tanh', 'rrelu(lower=0.1, upper=0.3)', 'elu'] }]);
  });

  it.each([
    ['keras', 'leaky_relu(negative_slope=0.3)'],
    ['tf2', 'leaky_relu(negative_slope=0.3)'],
    ['torch', 'leaky_relu(negative_slope=0.01)'],
    ['tfjs', 'leaky_relu(negative_slope=0.3)'],
    ['jax', 'leaky_relu(negative_slope=0.01)'],
  ])('reads LeakyReLU as %s has it', (framework, name) => {
    expect(configOf({ framework, activation: ['LeakyReLU'] }).candidates[0]!.activations).toEqual([name]);
  });

  it('takes several networks beside each other, and at most four', () => {
    const { candidates } = configOf({ layers: '2', activation: ['sigmoid', 'tanh,relu'] });
    expect(candidates).toEqual([{ activations: ['sigmoid'] }, { activations: ['tanh', 'relu'] }]);
    const five = ['sigmoid', 'tanh', 'relu', 'elu', 'gelu'];
    expect(failureOf({ activation: five }).message).toMatch(/^--activation: .*5; expected 1 to 4/);
  });

  it('reads the catalogue’s own form in every framework', () => {
    for (const framework of ['keras', 'torch', 'tfjs', 'jax']) {
      const activation = 'leaky_relu(negative_slope=0.15)';
      expect(configOf({ framework, activation: [activation] }).candidates[0]!.activations).toEqual([activation]);
    }
  });
});

describe('an option that cannot be used', () => {
  it.each<[Partial<FlowArguments>, string]>([
    [{ width: 'wide' }, '--width: "wide" is not a list of widths; expected 128, 128x10 or 256,128x3,64.'],
    [{ width: '64,,32' }, '--width: "64,,32" is not a list of widths; expected 128, 128x10 or 256,128x3,64.'],
    [{ width: 'Infinity' }, '--width: "Infinity" is not a list of widths; expected 128, 128x10 or 256,128x3,64.'],
    [{ width: '1.5' }, '--width: "1.5" is not a list of widths; expected 128, 128x10 or 256,128x3,64.'],
    [{ layers: 'ten' }, '--layers: "ten" is not a number.'],
    [{ layers: '' }, '--layers: "" is not a number.'],
    [{ layers: '0' }, '--layers: 0 layers; expected a whole number from 1 to 100.'],
    [{ layers: '101' }, '--layers: 101 layers'],
    [{ width: Array(101).fill('8').join() }, '--width: widths lists 101 layers; expected 1 to 100.'],
    [{ width: '5000' }, '--width: a width is 5000; expected a whole number from 1 to 4,096.'],
    [{ width: '8,8', layers: '3' }, '--width: lists 2 layers and --layers says 3'],
    [{ inputs: '0' }, '--inputs: inputs is 0'],
    [{ inputs: 'x' }, '--inputs: "x" is not a number.'],
    [{ init: 'normal:1' }, '--init: "normal:1" is not an initialiser; expected zeros'],
    [{ framework: 'toString' }, '--framework: "toString" is not known; expected keras, tf2, torch, tfjs, jax.'],
    [{ biasStd: '-1' }, '--bias-std: the standard deviation of the biases is -1'],
    [{ norm: 'Batch' }, '--norm: normalisation is "Batch"; expected none, batch or layer.'],
    [{ dropout: '1' }, '--dropout: the dropout rate is 1'],
    [{ dropout: '-Infinity' }, '--dropout: the dropout rate is -Infinity'],
    [{ measure: '1001' }, '--measure: the number of networks is 1001'],
    [{ measure: '2.5' }, '--measure: the number of networks is 2.5'],
    [{ data: 'photos' }, '--data: data is "photos"; expected gaussian or digits.'],
    [{ seed: '4294967296' }, '--seed: the seed is 4294967296'],
    [{ activation: ['tanh,relu'] }, '--activation: 2 activations for 10 layers; expected one, or one for each layer.'],
    [{ activation: [''] }, '--activation: Keras has no ""'],
    [{ activation: ['relu,'], layers: '2' }, '--activation: Keras has no ""'],
    [{ activation: ['softmax'] }, '--activation: "softmax" looks at more than one unit at a time'],
    [{ activation: ['Tanhh'] }, '--activation: Keras has no "Tanhh"; did you mean tanh'],
  ])('%j is named with its flag', (args, message) => {
    const error = failureOf(args);
    expect(error.message.startsWith(message), error.message).toBe(true);
    expect(error.message).not.toContain('\n');
  });

  it('says which frameworks have the name', () => {
    expect(failureOf({ framework: 'tfjs', activation: ['glu'] }).message).toMatch(
      /has no "glu" \(.*PyTorch.* have it\)/,
    );
    expect(failureOf({ framework: 'tfjs', activation: ['gluu'] }).message).not.toMatch(/ha(s|ve) it/);
  });
});

describe('the JSON', () => {
  it('of ten sigmoid layers has the paper’s bound and the predicted ratio', () => {
    const { bound, ratio, verdict, measured } = jsonOf();
    expect(bound).toBe(9.5367431640625e-7);
    expect(Math.abs(ratio! / 2.0e-6 - 1)).toBeLessThan(0.03);
    expect(verdict).toBe('vanishing');
    expect(measured).toBeNull();
  });

  it('of ten tanh layers has the bound 1, a ratio of 0.272 and a root mean square of 0.281', () => {
    const { bound, ratio, rootMeanSquare } = jsonOf({ activation: ['tanh'] });
    expect(bound).toBe(1);
    expect(ratio).toBeCloseTo(0.272, 3);
    expect(rootMeanSquare).toBeCloseTo(0.281, 3);
  });

  it('has these keys and no others, through a text and back', () => {
    const found = jsonOf({ layers: '3' });
    const read = JSON.parse(JSON.stringify(found));
    expect(read).toEqual(found);
    expect(Object.keys(read)).toEqual(flowKeys);
    expect(read.band).toHaveLength(2);
    expect(read.layers).toHaveLength(3);
    for (const layer of read.layers) {
      expect(Object.keys(layer)).toEqual(flowLayerKeys);
      for (const x of Object.values(layer)) expect(typeof x).toBe('number');
    }
    expect(read.layers.map(({ layer }: { layer: number }) => layer)).toEqual([1, 2, 3]);
  });

  it('has a measurement where there was one', () => {
    const ratio = summariseLogs([0, Math.log(4)]);
    const [flow] = calculate(configOf());
    expect(flowJson(flow!, { networks: 2, layers: [], ratio }).measured).toEqual({
      ratio: expect.closeTo(2, 12),
      spread: ratio.spread,
      zeros: 0,
      networks: 2,
    });
  });

  it('has null for what overflows, and 0 for what is 0', () => {
    const exploding = jsonOf({ activation: ['exponential'] });
    expect(exploding).toMatchObject({ bound: null, ratio: null, verdict: 'exploding' });
    expect(exploding.layers[0]!.delta).toBeNull();
    expect(jsonOf({ activation: ['step'] })).toMatchObject({ bound: 0, ratio: 0, band: [0, 0], verdict: 'dead' });
    const ratio = summariseLogs([Number.POSITIVE_INFINITY]);
    expect(flowJson(calculate(configOf())[0]!, { networks: 1, layers: [], ratio }).measured!.ratio).toBeNull();
  });
});
