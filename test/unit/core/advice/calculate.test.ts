import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activation, activationEntryNames } from '../../../../src/core/activations/catalogue';
import { calculate } from '../../../../src/core/advice/calculate';
import { remedies } from '../../../../src/core/advice/flowRemedies';
import { type FlowConfig, normalisations, paperFlow, parseFlowConfig } from '../../../../src/core/calculation/config';
import { corrections } from '../../../../src/core/explain/flowWords';
import { frameworkIds } from '../../../../src/core/frameworks/framework';

const one = (name: string, more: Partial<FlowConfig> = {}): FlowConfig => ({
  ...paperFlow,
  candidates: [{ activations: [name] }],
  ...more,
});
const layersOf = (...activations: string[]): FlowConfig => ({
  ...paperFlow,
  widths: activations.map(() => 64),
  candidates: [{ activations }],
});

describe('the paper’s numbers', () => {
  it('hold as the words beside them say', () => {
    const [sigmoid, tanh] = [activation('sigmoid'), activation('tanh')];
    expect(corrections.sigmoidSlope).toContain(sigmoid.derivative(1).toFixed(4));
    expect(corrections.sigmoidSlope).toContain(sigmoid.derivative(5).toFixed(4));
    expect(corrections.tanhSlope).toContain(tanh.derivative(1).toFixed(2));
    expect(corrections.tanhSlope).toContain(`${(1e4 * tanh.derivative(1) ** 10).toFixed(1)} × 10⁻⁴`);
    expect(corrections.tanhSlope).toContain(tanh.derivative(3).toFixed(4));
  });

  it('the bound is a quarter a layer, and the prediction has one step fewer', () => {
    const { bound, prediction } = calculate(one('sigmoid'))[0]!;
    expect(bound.perLayer).toEqual(Array.from({ length: 10 }, () => 0.25));
    expect(bound.product).toBe(0.25 ** 10);
    expect(prediction.atBest!.slopes).toBe(0.25 ** 9);
    const steps = prediction.layers.slice(0, -1).reduce((all, { chi }) => all * chi, 1);
    expect(Math.sqrt(steps) / prediction.rootMeanSquare).toBeCloseTo(1, 9);
  });
});

describe('a candidate', () => {
  it.each([
    [['sigmoid', 'sigmoid', 'sigmoid'], 'sigmoid'],
    [['sigmoid', 'sigmoid', 'tanh'], 'sigmoid × 2, tanh'],
    [['relu', 'tanh', 'relu', 'tanh'], 'ReLU, tanh, ReLU, …'],
    [['relu', 'relu', 'tanh', 'elu', 'elu'], 'ReLU × 2, tanh, ELU × 2'],
  ])('of %j is called %s', (names, label) => {
    expect(calculate(layersOf(...names))[0]!.label).toBe(label);
  });

  it('takes its colour from the first layer, and its functions from the framework', () => {
    const { name, phis, bound } = calculate(layersOf('tanh', 'sigmoid', 'hard_silu'))[0]!;
    expect(name).toBe('tanh');
    expect(phis.map((phi) => phi.name)).toEqual(['tanh', 'sigmoid', 'hard_silu']);
    expect(bound.perLayer).toEqual([1, 0.25, 1.5]);
  });

  it('stands in the order of the configuration', () => {
    const names = ['tanh', 'relu', 'elu', 'sigmoid'];
    const config = { ...paperFlow, candidates: names.map((name) => ({ activations: [name] })) };
    expect(calculate(config).map(({ name }) => name)).toEqual(names);
    calculate(config).forEach(({ prediction }, i) => {
      expect(prediction).toEqual(calculate(one(names[i]!))[0]!.prediction);
    });
  });

  it('is worked out again for what decides it, and not for the seed or the number of networks', () => {
    const [before] = calculate(one('mish'));
    expect(calculate(one('mish', { seed: 99, networks: 3 }))[0]).toBe(before);
    const others: Partial<FlowConfig>[] = [
      { framework: 'torch' },
      { widths: [128, 64] },
      { inputs: 10 },
      { kernelInitializer: { kind: 'he_normal' } },
      { biasStd: 0.1 },
      { normalisation: 'layer' },
      { dropout: 0.1 },
      { residual: true },
      { inputVariance: 2 },
    ];
    for (const more of others) expect(calculate(one('mish', more))[0]!.prediction).not.toEqual(before!.prediction);
  });

  it('of an activation that nobody knows is refused', () => {
    expect(() => calculate(one('sigmod'))).toThrow(RangeError);
  });
});

describe('the limit of depth', () => {
  const limit = (config: FlowConfig) => calculate(config)[0]!.fixedPoint;

  it('has the fixed point, its depth scale and the edge of chaos beside it', () => {
    const he = { kernelInitializer: { kind: 'he_normal' }, biasStd: 0.1 } as const;
    expect(limit(one('tanh', he))).toMatchObject({
      kernelGain: expect.closeTo(Math.SQRT2, 9),
      biasDeviation: expect.closeTo(0.1, 12),
      edgeOfChaos: { kernelGain: expect.closeTo(1.1934, 4) },
    });
    const { q, chi, depthScale } = limit(one('sigmoid'))!;
    expect(q).toBeCloseTo(0.2647, 4);
    expect(chi).toBeCloseTo(0.0557, 4);
    expect(depthScale).toBeCloseTo(-1 / Math.log(chi), 9);
  });

  it('is where deep layers really are', () => {
    const config = one('sigmoid', { widths: Array.from({ length: 40 }, () => 128) });
    const { prediction, fixedPoint } = calculate(config)[0]!;
    expect(prediction.layers[38]!.q).toBeCloseTo(fixedPoint!.q, 9);
    expect(prediction.layers[37]!.chi).toBeCloseTo(fixedPoint!.chi, 9);
  });

  it('counts dropout to the kernels', () => {
    expect(limit(one('tanh', { dropout: 0.5 }))!.kernelGain).toBeCloseTo(Math.SQRT2, 9);
  });

  it('does not mind another input', () => {
    expect(limit(one('tanh', { inputs: 784 }))).toEqual(limit(one('tanh')));
  });

  it('says that there is no edge where there is none', () => {
    expect(limit(one('relu', { biasStd: 0.5 }))!.edgeOfChaos).toBeUndefined();
  });

  it.each([
    ['kernels with a mean', one('tanh', { kernelInitializer: { kind: 'normal', mean: 0.1, stddev: 0.1 } })],
    ['activations that differ', layersOf('tanh', 'tanh', 'relu')],
    ['widths that change Glorot’s variance', one('tanh', { widths: [64, 128, 32] })],
    ['LayerNorm', one('tanh', { normalisation: 'layer' })],
  ])('is not told for %s', (_name, config) => {
    expect(limit(config)).toBeUndefined();
  });
});

describe('any legal calculation', () => {
  const name = fc.constantFrom(...activationEntryNames);
  const initializer = fc.oneof(
    fc.constant(null),
    fc.constantFrom({ kind: 'zeros' }, { kind: 'lecun_uniform' }, { kind: 'glorot_normal' }),
    fc.record({
      kind: fc.constant('normal'),
      mean: fc.constantFrom(0, 1, -1, 1e-3, 1e6),
      stddev: fc.constantFrom(0, 1e-6, 0.1, 1, 1e6),
    }),
    fc.record({ kind: fc.constant('constant'), value: fc.constantFrom(0, 0.01, -3) }),
  );
  const raw = fc.array(fc.constantFrom(1, 2, 33, 128, 4096), { minLength: 1, maxLength: 100 }).chain((widths) =>
    fc.record({
      framework: fc.constantFrom(...frameworkIds),
      widths: fc.constant(widths),
      candidates: fc.array(
        fc.record({
          activations: fc.oneof(fc.tuple(name), fc.array(name, { minLength: widths.length, maxLength: widths.length })),
        }),
        { minLength: 1, maxLength: 2 },
      ),
      inputs: fc.option(fc.constantFrom(1, 784, 65536)),
      kernelInitializer: initializer,
      biasStd: fc.option(fc.constantFrom(0, 1e-3, 100)),
      normalisation: fc.constantFrom(...normalisations),
      dropout: fc.constantFrom(0, 0.3, 0.95),
      residual: fc.boolean(),
      inputVariance: fc.constantFrom(1e-6, 1, 1e6),
      data: fc.constantFrom('gaussian', 'digits'),
    }),
  );

  it('has numbers everywhere, in order, and words and remedies without a NaN', () => {
    fc.assert(
      fc.property(raw, (input) => {
        const parsed = parseFlowConfig(input);
        if ('problems' in parsed) throw new Error(parsed.problems[0]!.message);
        const { config } = parsed;
        calculate(config).forEach(({ prediction, verdict, bound, fixedPoint }, i) => {
          expect(prediction.layers).toHaveLength(config.widths.length);
          for (const { mean, q, chi, delta, rootMeanSquare, kernelGradient, band, zeros } of prediction.layers) {
            for (const x of [mean, q, chi, delta, rootMeanSquare, kernelGradient, zeros, ...band])
              expect(x).not.toBeNaN();
            for (const x of [q, chi, delta, rootMeanSquare, kernelGradient, zeros]) expect(x).toBeGreaterThanOrEqual(0);
            expect(band[0]).toBeLessThanOrEqual(delta);
            expect(band[1]).toBeGreaterThanOrEqual(delta);
          }
          if (config.widths.length > 1) expect(prediction.layers.at(-1)).toMatchObject({ delta: 1, kernelGradient: 1 });
          for (const x of [bound.product, prediction.atBest?.value ?? 0, fixedPoint?.q ?? 0, fixedPoint?.chi ?? 0])
            expect(x).not.toBeNaN();
          expect(verdict.text).not.toMatch(/NaN|undefined|null/);
          for (const { after } of remedies(config, i)) expect(Number.isFinite(after) && after > 0).toBe(true);
        });
      }),
      { seed: 21, numRuns: 60 },
    );
  });
});
