import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationNames } from '../../../../src/core/activations/catalogue';
import { type FlowConfig, paperFlow } from '../../../../src/core/calculation/config';
import { flowOfExperiment } from '../../../../src/core/calculation/fromExperiment';
import { stackOfConfig } from '../../../../src/core/calculation/predict';
import { flowPresets } from '../../../../src/core/calculation/presets';
import { experimentOfFlow, originSentence } from '../../../../src/core/calculation/toExperiment';
import { type ExperimentConfig, paperConfig, parseConfig } from '../../../../src/core/experiment/config';
import { frameworkIds } from '../../../../src/core/frameworks/framework';
import {
  type Initializer,
  initializerMoments,
  varianceScalingNames,
} from '../../../../src/core/initializers/initializer';
import { readFlowArgument } from '../../../../src/core/links/flowArgument';

const size = fc.double({ min: 0.001, max: 10, noNaN: true });
const mean = fc.double({ min: -3, max: 3, noNaN: true });
const kernels: fc.Arbitrary<Initializer> = fc.oneof(
  fc.record({ kind: fc.constant('normal' as const), mean, stddev: size }),
  fc.record({ kind: fc.constant('truncated_normal' as const), mean, stddev: size }),
  fc.record({ kind: fc.constant('orthogonal' as const), gain: size }),
  fc.record({ kind: fc.constant('constant' as const), value: mean }),
  fc.record({
    kind: fc.constant('variance_scaling' as const),
    scale: size,
    mode: fc.constantFrom('fan_in' as const, 'fan_out' as const, 'fan_avg' as const),
    distribution: fc.constantFrom('truncated_normal' as const, 'untruncated_normal' as const, 'uniform' as const),
  }),
  fc.record({ kind: fc.constantFrom(...varianceScalingNames) }),
);
/** Biases that a calculation can have, too. */
const biases: fc.Arbitrary<Initializer> = fc.oneof(
  fc.constant({ kind: 'zeros' as const }),
  fc.record({ kind: fc.constant('normal' as const), mean: fc.constant(0), stddev: size }),
);
const experiments: fc.Arbitrary<ExperimentConfig> = fc
  .record({
    activations: fc.uniqueArray(fc.constantFrom(...activationNames), { minLength: 1, maxLength: 4 }),
    hidden: fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 50 }),
    kernelInitializer: kernels,
    biasInitializer: biases,
  })
  .map((part) => ({ ...paperConfig, ...part }));

describe('a comparison of a calculation', () => {
  it('is the one that the calculation is of', () => {
    fc.assert(
      fc.property(experiments, (config) => {
        const { settings, notTrained } = experimentOfFlow(flowOfExperiment(config));
        const { activations, hidden, kernelInitializer, biasInitializer } = config;
        expect(settings).toEqual({ activations, hidden, kernelInitializer, biasInitializer });
        expect(notTrained).toEqual([]);
      }),
      { seed: 1 },
    );
  });

  it.each(flowPresets)('$id can be trained', ({ config }) => {
    const { settings } = experimentOfFlow(config);
    expect(parseConfig({ ...paperConfig, ...settings })).toHaveProperty('config');
  });

  const kernelsOf: (Initializer | null)[] = [null, ...varianceScalingNames.map((kind) => ({ kind }))];
  it.each(frameworkIds)('draws what %s draws', (framework) => {
    for (const kernelInitializer of kernelsOf) {
      const config: FlowConfig = { ...paperFlow, framework, kernelInitializer, inputs: 100, widths: [40, 70] };
      const { settings } = experimentOfFlow(config);
      for (const layer of stackOfConfig(config, config.candidates[0]!).layers) {
        const kernel = initializerMoments(settings.kernelInitializer, layer.fanIn, layer.fanOut);
        const bias = initializerMoments(settings.biasInitializer, layer.fanIn, layer.fanOut);
        expect(kernel.variance).toBeCloseTo(layer.kernelVariance, 12);
        expect(bias.variance).toBeCloseTo(layer.biasVariance, 12);
      }
    }
  });

  it('trains each activation once, and takes the first layer’s for all', () => {
    const candidates = [['tanh', 'relu'], ['tanh'], ['gelu']].map((activations) => ({ activations }));
    const { settings, notTrained } = experimentOfFlow({ ...paperFlow, candidates, widths: [8, 8], inputs: 784 });
    expect(settings.activations).toEqual(['tanh', 'gelu']);
    expect(notTrained).toEqual(['an activation per layer (the first layer’s is taken for all)']);
  });
});

describe('where a comparison comes from', () => {
  it.each<[string, Partial<FlowConfig>]>([
    [
      'From the calculator: 10 × 128, glorot_uniform (Keras’s default). Not trained: residual connections.',
      { residual: true },
    ],
    [
      'From the calculator: 1 × 128, normal:1,1.',
      { widths: [128], kernelInitializer: { kind: 'normal', mean: 1, stddev: 1 } },
    ],
    [
      'From the calculator: 64, 32, kaiming_uniform_(a=√5) (PyTorch’s default), its biases too.',
      { framework: 'torch', widths: [64, 32] },
    ],
    [
      'From the calculator: 10 × 128, he_normal, biases normal:0,0.5. Not trained: batch normalisation, dropout. The images have 784 inputs, where its network has 20.',
      { kernelInitializer: { kind: 'he_normal' }, biasStd: 0.5, normalisation: 'batch', dropout: 0.2, inputs: 20 },
    ],
    [
      'From the calculator: 1 × 256, xavier_uniform_ (glorot_uniform), its biases too.',
      { framework: 'torch', widths: [256], kernelInitializer: { kind: 'glorot_uniform' } },
    ],
    [
      'From the calculator: 50 layers of 1 to 50, glorot_uniform (Keras’s default). Not trained: 60 layers (the first 50 are).',
      { widths: Array.from({ length: 60 }, (_, l) => l + 1) },
    ],
  ])('%s', (sentence, part) => {
    expect(originSentence('the calculator', { ...paperFlow, inputs: 784, ...part })).toBe(sentence);
  });

  it('is what a hover’s numbers are of', () => {
    const reading = readFlowArgument({ activation: 'gelu', framework: 'jax' });
    if (!('config' in reading)) throw new Error('no calculation');
    const { settings } = experimentOfFlow(reading.config);
    expect(settings).toMatchObject({ activations: ['gelu'], kernelInitializer: { kind: 'lecun_normal' } });
    expect(settings.hidden).toEqual(Array.from({ length: 10 }, () => 128));
  });
});
