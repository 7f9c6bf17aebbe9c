import { describe, expect, it } from 'vitest';
import { calculate } from '../../../../src/core/advice/calculate';
import { remedies } from '../../../../src/core/advice/flowRemedies';
import { type FlowConfig, paperFlow } from '../../../../src/core/calculation/config';
import { flowOfExperiment } from '../../../../src/core/calculation/fromExperiment';
import { flowPresets } from '../../../../src/core/calculation/presets';
import { paperConfig } from '../../../../src/core/experiment/config';
import { formatSentence } from '../../../../src/core/format/numbers';
import { describeFlow, flowData } from '../../../../src/core/plots/flow';
import { measured } from '../../engine/measured';

const one = (name: string, more: Partial<FlowConfig> = {}): FlowConfig => ({
  ...paperFlow,
  candidates: [{ activations: [name] }],
  widths: [128],
  networks: 200,
  ...more,
});

describe('a single hidden layer', () => {
  it.each(['sigmoid', 'tanh', 'relu', 'gelu', 'softsign', 'linear'])(
    '%s: what its slopes leave of what arrives, predicted as measured',
    (name) => {
      for (const more of [{}, { kernelInitializer: { kind: 'he_normal' } as const }, { dropout: 0.4 }]) {
        const config = one(name, more);
        const [{ prediction, verdict }] = calculate(config) as [ReturnType<typeof calculate>[0]];
        const { ratio } = measured(config);
        expect(ratio.typical / prediction.ratio).toBeGreaterThan(0.95);
        expect(ratio.typical / prediction.ratio).toBeLessThan(1.05);
        expect(ratio.typical).toBeGreaterThanOrEqual(prediction.band[0] * 0.99);
        expect(ratio.typical).toBeLessThanOrEqual(prediction.band[1] * 1.01);
        expect(prediction.layers[0]).toMatchObject({ delta: prediction.ratio, kernelGradient: prediction.ratio });
        expect(verdict.text.startsWith(formatSentence(prediction.ratio))).toBe(true);
      }
    },
  );

  it('needs no remedy where nothing is wrong, and has one where all is flat', () => {
    expect(remedies(one('relu'), 0)).toEqual([]);
    expect(remedies(one('sigmoid'), 0)).toEqual([]);
    expect(remedies(flowOfExperiment(paperConfig), 0).length).toBeGreaterThan(0);
  });

  it('of the paper’s comparison is as dead as its verdict says, in verdict, plot and measurement', () => {
    const config = { ...flowOfExperiment(paperConfig), networks: 200 };
    const flows = calculate(config);
    const sigmoid = flows.findIndex(({ name }) => name === 'sigmoid');
    const { prediction, verdict } = flows[sigmoid]!;
    expect(verdict.kind).toBe('dead');
    expect(verdict.text.startsWith(formatSentence(prediction.ratio))).toBe(true);
    const found = measured(config, sigmoid);
    expect(prediction.ratio).toBeLessThan(1e-12);
    expect(found.ratio.typical).toBeGreaterThan(prediction.band[0]);
    expect(found.ratio.typical).toBeLessThan(prediction.band[1]);
    const lines = [{ flow: flows[sigmoid]!, measured: found }];
    const { rows, params } = flowData(lines, 'delta', { width: 500, height: 260 } as never, 'dark');
    expect(rows.filter(({ k }) => k === 'line').map(({ x, y }) => [x, y])).toEqual([
      [1, prediction.ratio],
      [2, 1],
    ]);
    expect(params.xMax).toBe(2.5);
    expect(describeFlow(lines, 'delta')).toContain('relative to what arrives');
  });
});

describe('a stack whose slopes few units feel', () => {
  const paperKernels = { kernelInitializer: { kind: 'normal', mean: 1, stddev: 1 } } as const;
  it.each([
    ['tanh', Array.from({ length: 10 }, () => 32)],
    ['sigmoid', Array.from({ length: 10 }, () => 32)],
    ['sigmoid', Array.from({ length: 30 }, () => 16)],
  ])('%s, %j: the typical network is found where it is, not where the root mean square is', (name, widths) => {
    const config = one(name, { ...paperKernels, widths, networks: 60 });
    const { prediction } = calculate(config)[0]!;
    const typical = measured(config).ratio.typical;
    expect(typical).toBeGreaterThan(prediction.band[0]);
    expect(typical).toBeLessThan(prediction.band[1]);
    expect(prediction.rootMeanSquare / typical).toBeGreaterThan(1e30);
  });
});

it('where one layer’s initialiser is to blame, another initialiser is advised before another activation', () => {
  const paper = flowPresets.find(({ id }) => id === 'paper-initialiser')!.config;
  const [sigmoid, relu] = calculate(paper);
  expect(sigmoid!.verdict.text).toMatch(/; the initialiser glorot_uniform lets it through\.$/);
  const [first, second] = remedies(paper, 0);
  expect([first!.title, second!.title]).toEqual(['Initialiser glorot_uniform', 'tanh with glorot_uniform']);
  expect(calculate(first!.config)[0]!.verdict.kind).toBe('healthy');
  expect(relu!.verdict.kind).toBe('healthy');
  // With steps between layers the prediction alone ranks.
  expect(remedies({ ...paper, widths: [128, 128, 128] }, 0)[0]!.title).toBe('ReLU with he_normal');
});
