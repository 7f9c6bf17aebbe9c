import { describe, expect, it } from 'vitest';
import { activationEntryNames } from '../../../../src/core/activations/catalogue';
import { calculate } from '../../../../src/core/advice/calculate';
import { remedies } from '../../../../src/core/advice/flowRemedies';
import { flowVerdict } from '../../../../src/core/advice/flowVerdict';
import { type FlowConfig, paperFlow, parseFlowConfig } from '../../../../src/core/calculation/config';
import { flowOfExperiment } from '../../../../src/core/calculation/fromExperiment';
import { predictCandidate } from '../../../../src/core/calculation/predict';
import { flowPresets } from '../../../../src/core/calculation/presets';
import { paperConfig } from '../../../../src/core/experiment/config';
import { frameworkIds } from '../../../../src/core/frameworks/framework';
import { flowArgument, flowCommandUri, readFlowArgument } from '../../../../src/core/links/flowArgument';
import { createRandom } from '../../../../src/core/math/random';
import { summariseLogs } from '../../../../src/core/theory/measured';

const one = (name: string, more: Partial<FlowConfig> = {}): FlowConfig => ({
  ...paperFlow,
  candidates: [{ activations: [name] }],
  ...more,
});
const deep = (layers: number): number[] => Array.from({ length: layers }, () => 128);
const problemsOf = (part: object): string[] => {
  const result = parseFlowConfig(part);
  return 'problems' in result ? result.problems.map(({ message }) => message) : [];
};

describe('the paper’s numbers', () => {
  it('0.25¹⁰ for the sigmoid, 1 for tanh, and 0.42¹⁰ for tanh at z = ±1', () => {
    const [sigmoid, tanh] = calculate(paperFlow);
    expect(sigmoid!.bound.product).toBeCloseTo(9.5367431640625e-7, 18);
    expect(tanh!.bound.product).toBe(1);
    expect(tanh!.phis[0]!.derivative(1) ** 10).toBeCloseTo(1.7e-4, 5);
    expect(sigmoid!.prediction.ratio / 2.0e-6).toBeCloseTo(1, 1);
    expect(tanh!.prediction.ratio).toBeCloseTo(0.27, 2);
  });

  it('the limit of depth is told for equal plain layers alone', () => {
    expect(calculate(paperFlow)[0]!.fixedPoint).toMatchObject({ q: expect.closeTo(0.265, 3) });
    const others: Partial<FlowConfig>[] = [{ residual: true }, { normalisation: 'batch' }, { widths: [64, 128, 64] }];
    for (const more of others) {
      expect(calculate(one('tanh', more))[0]!.fixedPoint).toBeUndefined();
    }
  });
});

describe('a calculation from outside', () => {
  it.each([
    [{ framework: 'caffe' }, 'framework is "caffe"; expected one of keras'],
    [{ candidates: [] }, 'candidates lists 0; expected 1 to 4'],
    [{ candidates: [{ activations: ['sigmod'] }] }, 'activation "sigmod" is not known'],
    [{ candidates: [{ activations: ['relu', 'tanh'] }] }, 'a candidate lists 2 activations for 10 layers'],
    [{ widths: deep(101) }, 'widths lists 101 layers; expected 1 to 100'],
    [{ widths: [0] }, 'a width is 0; expected a whole number from 1 to 4,096'],
    [{ widths: [1.5] }, 'a width is 1.5'],
    [{ inputs: 0 }, 'inputs is 0'],
    [{ biasStd: -1 }, 'the standard deviation of the biases is -1'],
    [{ normalisation: 'group' }, 'normalisation is "group"; expected none, batch or layer'],
    [{ dropout: 1 }, 'the dropout rate is 1; expected a number from 0 to 0.95'],
    [{ residual: 'yes' }, 'residual is "yes"'],
    [{ inputVariance: 0 }, 'the variance of the inputs is 0'],
    [{ networks: 1001 }, 'the number of networks is 1001'],
    [{ data: 'mnist' }, 'data is "mnist"'],
    [{ seed: -1 }, 'the seed is -1'],
    [{ kernelInitializer: { kind: 'magic' } }, 'the kernel initialiser is not known'],
  ])('%j is refused with what was expected', (part, message) => {
    const problems = problemsOf(part);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it.each([null, 7, 'x', [], {}])('%j is the paper’s', (input) => {
    expect(parseFlowConfig(input)).toEqual({ config: paperFlow });
  });

  it('comes back from a link, by itself and in a text around it', () => {
    for (const { config } of flowPresets) {
      const uri = flowCommandUri(config);
      expect(uri).not.toMatch(/[\s()'"<>]/);
      expect(readFlowArgument(uri)).toEqual({ config });
      expect(readFlowArgument(`see [this](${uri}) there`)).toEqual({ config });
      expect(readFlowArgument([flowArgument(config)])).toEqual({ config });
    }
  });

  it('is read as a hover gives it', () => {
    expect(readFlowArgument({ activation: 'leaky_relu(negative_slope=0.3)', framework: 'torch' })).toEqual({
      config: one('leaky_relu(negative_slope=0.3)', { framework: 'torch' }),
    });
  });

  it.each(['', '{', 'command:gradientLens.openCalculator?%', '"x"', '[[[1]]]'])('%j is refused', (text) => {
    expect(readFlowArgument(text)).toHaveProperty('problems');
  });

  it('of a comparison has its networks', () => {
    const config = flowOfExperiment({
      ...paperConfig,
      activations: ['sigmoid', 'relu', 'tanh', 'gelu', 'silu'],
      hidden: [64, 32],
      biasInitializer: { kind: 'uniform', min: -0.3, max: 0.3 },
    });
    expect(parseFlowConfig(config)).toEqual({ config });
    expect(config).toMatchObject({ widths: [64, 32], inputs: 784, kernelInitializer: { mean: 1 } });
    expect(config.candidates).toHaveLength(4);
    expect(config.biasStd).toBeCloseTo(0.3 / Math.sqrt(3), 12);
  });

  it('any legal one has numbers', () => {
    const random = createRandom(3, 'calculations');
    const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
    for (let i = 0; i < 300; i++) {
      const widths = Array.from({ length: 1 + random.below(12) }, () => pick([1, 3, 64, 500]));
      const parsed = parseFlowConfig({
        framework: pick(frameworkIds),
        candidates: [{ activations: [pick(activationEntryNames)] }],
        widths,
        inputs: pick([null, 1, 784]),
        kernelInitializer: pick([
          null,
          { kind: 'normal', mean: 1, stddev: 1 },
          { kind: 'zeros' },
          { kind: 'he_normal' },
        ]),
        biasStd: pick([null, 0, 3]),
        normalisation: pick(['none', 'batch', 'layer']),
        dropout: pick([0, 0.5]),
        residual: pick([true, false]),
        inputVariance: pick([1e-6, 1, 1e6]),
        data: pick(['gaussian', 'digits']),
      });
      if (!('config' in parsed)) throw new Error(parsed.problems[0]!.message);
      for (const { prediction, verdict } of calculate(parsed.config)) {
        for (const { q, chi, delta, kernelGradient, band } of prediction.layers) {
          for (const x of [q, chi, delta, kernelGradient, ...band]) expect(x).not.toBeNaN();
        }
        expect(verdict.text).not.toMatch(/NaN|undefined/);
      }
    }
  });
});

describe('verdicts', () => {
  it.each([
    ['sigmoid in ten layers', one('sigmoid'), 'vanishing', '2.0 × 10⁻⁶'],
    ['tanh in ten layers', one('tanh'), 'healthy', '0.27'],
    [
      'the paper’s initialiser',
      flowPresets.find(({ id }) => id === 'paper-initialiser')!.config,
      'dead',
      '101 ± 8.9 (predicted standard deviation over units)',
    ],
    [
      'fifty residual ReLU layers',
      one('relu', { residual: true, widths: deep(50) }),
      'exploding',
      'times the gradient',
    ],
    ['a step', one('step'), 'dead', 'the derivative of step is 0 everywhere'],
    ['PyTorch’s tanh', one('tanh', { framework: 'torch' }), 'healthy', 'which trains unevenly'],
  ] as const)('%s', (_name, config, kind, words) => {
    const verdict = flowVerdict(config, config.candidates[0]!);
    expect(verdict.kind).toBe(kind);
    expect(verdict.text).toContain(words);
  });
});

describe('remedies', () => {
  it('keep what they promise, the best first', () => {
    for (const name of ['sigmoid', 'relu', 'gelu', 'selu']) {
      for (const framework of ['keras', 'torch', 'tfjs'] as const) {
        const config = one(name, { framework });
        const found = remedies(config, 0);
        const distances = found.map(({ after }) => Math.abs(Math.log(after)));
        expect(distances).toEqual(distances.toSorted((a, b) => a - b));
        for (const { config: change, before, after } of found) {
          expect(parseFlowConfig(change)).toEqual({ config: change });
          expect(predictCandidate(change, change.candidates[0]!).ratio).toBe(after);
          expect(Math.abs(Math.log(after))).toBeLessThan(Math.abs(Math.log(before)));
        }
      }
    }
    expect(remedies(one('sigmoid'), 0)[0]).toMatchObject({
      title: 'ReLU with he_normal',
      after: expect.closeTo(0.91, 2),
    });
  });

  it('name nothing that is there already, and nothing where nothing helps', () => {
    const titles = remedies(one('sigmoid', { normalisation: 'batch', residual: true }), 0).map(({ title }) => title);
    expect(titles).not.toContain('Batch normalisation');
    expect(titles).not.toContain('Residual connections');
    expect(remedies(one('relu', { kernelInitializer: { kind: 'he_normal' } }), 0)).toEqual([]);
  });

  it('of one candidate leave the others their activations', () => {
    for (const { config: change } of remedies(paperFlow, 0))
      expect(change.candidates[1]).toEqual(paperFlow.candidates[1]);
    expect(() => remedies(paperFlow, 2)).toThrow(RangeError);
  });
});

describe('presets', () => {
  it('are legal, and no two alike', () => {
    for (const { config } of flowPresets) expect(parseFlowConfig(config)).toEqual({ config });
    expect(new Set(flowPresets.map(({ config }) => JSON.stringify(config))).size).toBe(flowPresets.length);
    expect(new Set(flowPresets.map(({ id }) => id)).size).toBe(flowPresets.length);
  });

  it('show what they say', () => {
    const ratios = (id: string) => {
      const { config } = flowPresets.find((preset) => preset.id === id)!;
      return config.candidates.map((candidate) => predictCandidate(config, candidate));
    };
    for (const { ratio } of ratios('torch')) expect(ratio).toBeLessThan(0.01);
    const selu = ratios('selu')[0]!;
    expect(selu.layers[20]!.chi ** 0.5).toBeCloseTo(1.035, 3);
    for (const { ratio } of ratios('residual')) expect(ratio).toBeGreaterThan(1);
  });
});

describe('a summary of draws', () => {
  it('is their geometric mean and spread', () => {
    const { typical, spread, low, high, zeros } = summariseLogs([0, Math.log(4), Math.log(16)]);
    expect(typical).toBeCloseTo(4, 12);
    expect(spread).toBeCloseTo(4, 12);
    expect(low).toBeCloseTo(4 ** 0.1, 12);
    expect(high).toBeCloseTo(4 ** 1.9, 12);
    expect(zeros).toBe(0);
  });

  it('counts zeros apart, and never becomes NaN', () => {
    const none = Number.NEGATIVE_INFINITY;
    expect(summariseLogs([none, none, 0])).toMatchObject({ typical: 0, spread: 1, low: 0, zeros: 2 / 3 });
    expect(summariseLogs([none])).toMatchObject({ typical: 0, zeros: 1 });
    expect(summariseLogs([Number.POSITIVE_INFINITY, none, 0])).toMatchObject({ typical: 1, low: 0, high: Infinity });
    expect(() => summariseLogs([])).toThrow('expected at least one');
  });
});
