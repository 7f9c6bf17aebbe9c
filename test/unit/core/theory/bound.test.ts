import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calculate } from '../../../../src/core/advice/calculate';
import { type FlowConfig, paperFlow } from '../../../../src/core/calculation/config';
import { stackFlow } from '../../../../src/core/explain/explain';
import { flowSentences } from '../../../../src/core/explain/sentences';
import { suitedInitializer } from '../../../../src/core/frameworks/functions';
import { findSpelling } from '../../../../src/core/frameworks/lookup';
import { resolveSpelling } from '../../../../src/core/frameworks/resolve';
import { spellings } from '../../../../src/core/frameworks/spellings';
import { flowData } from '../../../../src/core/plots/flow';
import { flowCsv, flowMarkdown } from '../../../../src/core/report/flowTable';

const of = (name: string, more: Partial<FlowConfig> = {}): FlowConfig => ({
  ...paperFlow,
  candidates: [{ activations: [name] }],
  ...more,
});
const equal = (depth: number, width: number): number[] => Array.from({ length: depth }, () => width);
const flow = (config: FlowConfig) => calculate(config)[0]!;
/** Whether or not single networks exceed it. */
const bestWith = (config: FlowConfig) => flow(config).prediction.best;
const bestOf = (config: FlowConfig) => flow(config).prediction.atBest;

describe('the best case', () => {
  it('takes the very steps of the prediction, slopes and kernels named', () => {
    const best = bestOf(of('sigmoid'))!;
    expect(best.slopes).toBe(0.25 ** 9);
    expect(best.kernels).toBeCloseTo(1, 12);
    expect(best.value).toBeCloseTo(3.814697265625e-6, 18);
    expect(best.value).toBeGreaterThan(flow(of('sigmoid')).prediction.ratio);
    expect(bestOf(of('tanh'))!.value).toBeCloseTo(1, 12);
  });

  it('counts what the framework’s kernels, dropout and normalisation do', () => {
    expect(bestWith(of('sigmoid', { framework: 'torch' }))!.kernels).toBeCloseTo((1 / 3) ** 4.5, 12);
    expect(bestWith(of('sigmoid', { dropout: 0.75 }))!.kernels).toBeCloseTo(2 ** 9, 8);
    // q = n·Var(w)·E[a²] = 0.29 or so: dividing by its root makes the steps larger.
    const { kernels } = bestWith(of('sigmoid', { normalisation: 'layer' }))!;
    expect(kernels ** (1 / 9)).toBeGreaterThan(1.7);
    expect(kernels ** (1 / 9)).toBeLessThan(2);
    expect(bestWith(of('sigmoid', { widths: [64, 256], framework: 'torch' }))!.value).toBeCloseTo(
      0.25 / Math.sqrt(3),
      12,
    );
  });

  it.each<[string, FlowConfig]>([
    ['kernels that may let it grow', of('relu', { kernelInitializer: { kind: 'he_normal' } })],
    ['slopes above 1', of('gelu')],
    ['residual layers', of('sigmoid', { residual: true })],
    ['kernels with a mean', of('sigmoid', { kernelInitializer: { kind: 'normal', mean: 1, stddev: 0.01 } })],
    ['no largest slope', of('exponential')],
    ['narrow layers, where single networks exceed it', of('linear', { widths: equal(10, 8) })],
    ['slopes at their largest anyway', of('sigmoid', { framework: 'torch' })],
  ])('is left out where it bounds nothing: %s', (_name, config) => {
    const found = flow(config);
    expect(found.prediction.atBest).toBeUndefined();
    expect(
      flowData(
        [{ flow: found, measured: undefined }],
        'delta',
        { width: 500, height: 260 } as never,
        'dark',
      ).rows.filter(({ k, x }) => k === 'best' && x === 1),
    ).toEqual([]);
  });

  it('has its column filled only where it bounds', () => {
    const config = of('gelu', { widths: [32, 32, 32] });
    const flows = calculate(config);
    const [head, first] = flowCsv({ config, flows, measured: [] })
      .split('\r\n')
      .map((row) => row.split(','));
    expect(first![head!.indexOf('at best')]).toBe('');
    expect(flowMarkdown({ config, flows, measured: [] })).toContain('| – |');
  });

  it('is never below what is predicted: nine in ten networks, and the root mean square, at every layer', () => {
    fc.assert(
      fc.property(
        fc.record({
          name: fc.constantFrom('sigmoid', 'tanh', 'relu', 'softsign', 'gelu', 'silu', 'selu', 'linear', 'step'),
          framework: fc.constantFrom<FlowConfig['framework']>('keras', 'torch', 'tfjs', 'jax'),
          widths: fc.array(fc.constantFrom(1, 4, 32, 128, 512), { minLength: 1, maxLength: 30 }),
          stddev: fc.constantFrom(null, 0.001, 0.05, 0.3),
          mean: fc.constantFrom(0, 0, 0.01),
          normalisation: fc.constantFrom<FlowConfig['normalisation']>('none', 'none', 'batch', 'layer'),
          residual: fc.boolean(),
          dropout: fc.constantFrom(0, 0.5),
        }),
        ({ name, stddev, mean, ...more }) => {
          const kernelInitializer = stddev === null ? null : ({ kind: 'normal', mean, stddev } as const);
          for (const layer of flow(of(name, { ...more, kernelInitializer })).prediction.layers) {
            if (layer.atBest === undefined) continue;
            expect(layer.band[1]).toBeLessThanOrEqual(layer.atBest.value * (1 + 1e-6));
            expect(layer.rootMeanSquare).toBeLessThanOrEqual(layer.atBest.value * (1 + 1e-6));
            expect(layer.atBest.value).toBeLessThanOrEqual(1 + 1e-6);
          }
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe('the hover’s second sentence', () => {
  const sentence = (framework: 'keras' | 'torch', name: string): string => {
    const spelling = findSpelling(name, framework)!;
    return flowSentences(stackFlow(resolveSpelling(spelling)!), 'x')[1];
  };

  it('compares like with like, and keeps the paper’s figure under its name', () => {
    expect(sentence('keras', 'sigmoid')).toBe(
      'At best: 3.8 × 10⁻⁶ = 0.25⁹ (steepest slopes) × 1 (kernels); the paper’s 0.25¹⁰ = 9.5 × 10⁻⁷ counts slopes alone.',
    );
    expect(sentence('torch', 'ReLU')).toBe('At best: 0.00713, what the kernels alone leave.');
    expect(sentence('keras', 'gelu')).toMatch(/^Slopes up to 1\.13 and these kernels set no limit below 1/);
    expect(sentence('keras', 'exponential')).toBe('Its slope has no largest value, which could limit that.');
  });

  it('follows a first one with the calculator’s numbers, whose biases stay as they are', () => {
    for (const spelling of spellings) {
      const found = resolveSpelling(spelling);
      if (found === undefined) continue;
      const { own, fitting } = stackFlow(found);
      const calculated = (kernelInitializer: FlowConfig['kernelInitializer']) =>
        calculate({
          ...paperFlow,
          framework: spelling.framework,
          candidates: [{ activations: [found.activation.name] }],
          kernelInitializer,
        })[0]!.prediction.ratio;
      const same = (ratio: number, other: number) => Object.is(ratio, other) || Math.abs(ratio / other - 1) < 1e-9;
      const suited = suitedInitializer(found.activation, spelling.framework);
      const wrong = [
        ...(same(own.ratio, calculated(null)) ? [] : [own]),
        ...(fitting === undefined || same(fitting.ratio, calculated(suited)) ? [] : [fitting]),
      ];
      expect(wrong, `${spelling.framework} ${found.activation.name}`).toEqual([]);
    }
  });

  it('has a limit that is never below what comes through', () => {
    for (const spelling of spellings) {
      const found = resolveSpelling(spelling);
      if (found === undefined) continue;
      const { own, fitting } = stackFlow(found);
      for (const { ratio, atBest } of [own, ...(fitting ? [fitting] : [])])
        if (atBest) expect(ratio).toBeLessThanOrEqual(atBest.value * (1 + 1e-6));
    }
  });
});
