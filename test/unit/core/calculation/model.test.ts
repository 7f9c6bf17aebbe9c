import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationEntryNames } from '../../../../src/core/activations/catalogue';
import { type FlowConfig, paperFlow } from '../../../../src/core/calculation/config';
import { modelOf } from '../../../../src/core/calculation/model';
import { stackOfConfig } from '../../../../src/core/calculation/predict';
import { frameworkIds } from '../../../../src/core/frameworks/framework';
import { frameworkActivation } from '../../../../src/core/frameworks/functions';
import { defaultVariances, kernelVariance } from '../../../../src/core/frameworks/initialVariance';
import { initializerMoments } from '../../../../src/core/initializers/initializer';
import { modelOut, parseModel } from '../../../../src/core/model/json/json';

const configs: fc.Arbitrary<FlowConfig> = fc
  .record({
    framework: fc.constantFrom(...frameworkIds),
    activation: fc.constantFrom(...activationEntryNames),
    widths: fc.array(fc.constantFrom(1, 8, 16, 100), { minLength: 1, maxLength: 12 }),
    inputs: fc.constantFrom(null, 8, 784),
    kernelInitializer: fc.constantFrom<FlowConfig['kernelInitializer']>(
      null,
      { kind: 'he_normal' },
      { kind: 'normal', mean: 1, stddev: 1 },
      { kind: 'orthogonal', gain: 1 },
      { kind: 'constant', value: 0.1 },
    ),
    biasStd: fc.constantFrom(null, 0, 0.3),
    normalisation: fc.constantFrom<FlowConfig['normalisation']>('none', 'batch', 'layer'),
    dropout: fc.constantFrom(0, 0.2),
    residual: fc.boolean(),
    inputVariance: fc.constantFrom(1, 0.1),
    data: fc.constantFrom<FlowConfig['data']>('gaussian', 'digits'),
  })
  .map(({ activation, ...rest }) => ({ ...paperFlow, ...rest, candidates: [{ activations: [activation] }] }));

describe('the model of a calculation', () => {
  it('is a stack with the numbers of its settings', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const { framework, widths, kernelInitializer, biasStd, normalisation, dropout, residual } = config;
        const stack = stackOfConfig(config, config.candidates[0]!);
        const phi = frameworkActivation(config.candidates[0]!.activations[0]!, framework);
        const first = config.inputs ?? (config.data === 'digits' ? 784 : widths[0]!);
        expect(stack.inputVariance).toBe(config.inputVariance);
        expect(stack.inputMean).toBe(config.data === 'digits' ? Math.sqrt(0.166 * config.inputVariance) : 0);
        expect(stack.layers).toHaveLength(widths.length);
        stack.layers.forEach((layer, l) => {
          const [fanIn, fanOut] = [l === 0 ? first : widths[l - 1]!, widths[l]!];
          const usual = defaultVariances(framework, fanIn, fanOut);
          expect(layer.phi).toBe(phi);
          expect(layer).toMatchObject({
            fanIn,
            fanOut,
            kernelMean: kernelInitializer ? initializerMoments(kernelInitializer, fanIn, fanOut).mean : 0,
            kernelVariance: kernelInitializer
              ? kernelVariance(kernelInitializer, framework, fanIn, fanOut)
              : usual.kernel,
            biasMean: 0,
            biasVariance: biasStd === null ? usual.bias : biasStd ** 2,
            normalisation,
            keep: 1 - dropout,
            residual: residual && fanIn === fanOut,
          });
        });
      }),
      { numRuns: 300 },
    );
  });

  it('goes through JSON', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const model = modelOf(config, config.candidates[0]!);
        expect(parseModel(JSON.parse(JSON.stringify(modelOut(model))))).toEqual({ model });
      }),
      { numRuns: 50 },
    );
  });
});
