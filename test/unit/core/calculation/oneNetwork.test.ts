import { describe, expect, it } from 'vitest';
import { flowOfExperiment } from '../../../../src/core/calculation/fromExperiment';
import { inputOf } from '../../../../src/core/calculation/inputs';
import { stackOfConfig } from '../../../../src/core/calculation/predict';
import { type ExperimentConfig, paperConfig } from '../../../../src/core/experiment/config';
import { modelOfExperiment } from '../../../../src/core/experiment/model';
import type { Initializer } from '../../../../src/core/initializers/initializer';
import { createRandom } from '../../../../src/core/math/random';
import { modelOut, parseModel } from '../../../../src/core/model/json/json';
import { networkPlan } from '../../../../src/core/model/plan/fromModel';
import { denseLayers } from '../../../../src/core/model/stack';
import { chainOf } from '../../../../src/core/theory/chainOf';
import { flowContext } from '../../../../src/core/theory/graphForward';

const data = { inputs: 784, classes: 10 };
const kernels: readonly Initializer[] = [
  { kind: 'normal', mean: 1, stddev: 1 },
  { kind: 'glorot_uniform' },
  { kind: 'he_normal' },
  { kind: 'lecun_normal' },
  { kind: 'uniform', min: -0.1, max: 0.1 },
];
const biases: readonly Initializer[] = [{ kind: 'zeros' }, { kind: 'normal', mean: 0, stddev: 0.3 }];

/** Comparisons at random, by a seed. */
function configOf(seed: number): ExperimentConfig {
  const random = createRandom(seed, 'experiment');
  const one = <T>(all: readonly T[]): T => all[random.below(all.length)]!;
  return {
    ...paperConfig,
    activations: [one(['sigmoid', 'tanh', 'relu', 'selu', 'leaky_relu(negative_slope=0.3)'])],
    hidden: Array.from({ length: 1 + random.below(8) }, () => 1 + random.below(200)),
    kernelInitializer: one(kernels),
    biasInitializer: one(biases),
  };
}

describe.each(Array.from({ length: 60 }, (_, seed) => configOf(seed)))('the network of a comparison, %#', (config) => {
  const [activation] = config.activations as [string];
  const model = modelOfExperiment(config, activation, data);

  it('is the one that the calculator shows of it', () => {
    const flow = flowOfExperiment(config);
    const chain = chainOf(flowContext(model, inputOf(flow)))!;
    const shown = stackOfConfig(flow, flow.candidates[0]!);
    expect(chain.stack.layers.map(({ fanIn, fanOut, phi }) => [fanIn, fanOut, phi])).toEqual(
      shown.layers.map(({ fanIn, fanOut, phi }) => [fanIn, fanOut, phi]),
    );
    for (const [l, layer] of chain.stack.layers.entries()) {
      expect(layer.kernelVariance).toBeCloseTo(shown.layers[l]!.kernelVariance, 12);
      expect(layer.kernelMean).toBe(shown.layers[l]!.kernelMean);
      expect(layer.biasVariance).toBeCloseTo(shown.layers[l]!.biasVariance, 12);
    }
  });

  it('has the sizes of the settings, as a plan and in JSON too', () => {
    const widths = [data.inputs, ...config.hidden, data.classes];
    const sizes = widths.slice(1).map((fanOut, l) => ({ fanIn: widths[l]!, fanOut }));
    expect(denseLayers(model)).toMatchObject(sizes);
    const planned = networkPlan(model);
    const weights = sizes.reduce((sum, { fanIn, fanOut }) => sum + (fanIn + 1) * fanOut, 0);
    expect('plan' in planned && planned.plan.weights).toBe(weights);
    const read = parseModel(modelOut(model));
    expect('model' in read && denseLayers(read.model).map(({ kernel }) => kernel)).toMatchObject(
      denseLayers(model).map(({ kernel }) => ({
        kind: 'known',
        initializer: (kernel as { initializer: unknown }).initializer,
      })),
    );
  });
});

it('of a model whose sizes are not known there are no dense layers to draw', () => {
  const reading = parseModel({ version: 1, layers: [{ kind: 'dense', units: 3 }] });
  expect(() => 'model' in reading && denseLayers(reading.model)).toThrow(/size that is not known; expected numbers/);
});
