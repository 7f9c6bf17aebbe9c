import { describe, expect, it } from 'vitest';
import { activation } from '../../../../src/core/activations/catalogue';
import { frameworkIds } from '../../../../src/core/frameworks/framework';
import { defaultInitializers, defaultVariances, kernelVariance } from '../../../../src/core/frameworks/initialVariance';
import { varianceScalingNames } from '../../../../src/core/initializers/initializer';
import { createRandom, TRUNCATED_AT } from '../../../../src/core/math/random';
import { derivativeBound } from '../../../../src/core/theory/bound';

describe('what a framework really draws', () => {
  it('the nominal variance everywhere but in tfjs', () => {
    const nominal = [2 / 500, 2 / 500, 2 / 300, 2 / 300, 1 / 300, 1 / 300];
    varianceScalingNames.forEach((kind, i) => {
      for (const framework of frameworkIds) {
        const share = framework === 'tfjs' && kind.endsWith('_normal') ? 0.7737 : 1;
        expect(kernelVariance({ kind }, framework, 300, 200) / nominal[i]!).toBeCloseTo(share, 4);
      }
    });
    for (const framework of frameworkIds) {
      expect(kernelVariance({ kind: 'normal', mean: 1, stddev: 0.5 }, framework, 3, 2)).toBe(0.25);
      expect(kernelVariance({ kind: 'uniform', min: -1, max: 1 }, framework, 3, 2)).toBeCloseTo(1 / 3, 15);
      expect(kernelVariance({ kind: 'zeros' }, framework, 3, 2)).toBe(0);
    }
  });

  it('a normal cut off at two standard deviations keeps 77.4 % of its variance', () => {
    const values = new Float64Array(200_000);
    createRandom(4).normals(values, 0, 1, TRUNCATED_AT);
    const square = values.reduce((sum, x) => sum + x ** 2, 0);
    expect(square / 200_000 / kernelVariance({ kind: 'lecun_normal' }, 'tfjs', 1, 1)).toBeCloseTo(1, 2);
  });

  it('refuses a fan-in of none', () => {
    expect(() => kernelVariance({ kind: 'he_normal' }, 'keras', 0, 1)).toThrow(
      'the fan-in is 0; expected a whole number from 1.',
    );
  });
});

describe('defaults of dense layers', () => {
  it.each([
    ['keras', 'glorot_uniform', 1, 0],
    ['tf2', 'glorot_uniform', 1, 0],
    ['torch', 'kaiming_uniform_(a=√5)', 1 / 3, 1 / 3],
    ['tfjs', 'glorotNormal', 0.7737, 0],
    ['jax', 'lecun_normal', 1, 0],
  ] as const)('%s', (framework, name, kernelGain, biasGain) => {
    const { kernel, bias } = defaultInitializers(framework);
    expect(kernel.name).toBe(name);
    expect(kernel.gainSquared).toBeCloseTo(kernelGain, 4);
    expect(bias.gainSquared).toBeCloseTo(biasGain, 12);
    expect(defaultVariances(framework, 64, 64).kernel * 64).toBeCloseTo(kernelGain, 4);
    expect(defaultVariances(framework, 64, 64).bias * 64).toBeCloseTo(biasGain, 12);
  });

  it('where widths differ, Glorot looks at both', () => {
    expect(defaultVariances('keras', 784, 128).kernel).toBeCloseTo(2 / 912, 15);
    expect(defaultVariances('jax', 784, 128).kernel).toBeCloseTo(1 / 784, 15);
    expect(defaultVariances('torch', 784, 128)).toEqual({ kernel: 1 / 3 / 784, bias: 1 / 3 / 784 });
  });
});

describe('the bound', () => {
  it('ten sigmoids leave 0.25¹⁰, ten tanh 1', () => {
    const ten = (name: string) => derivativeBound(Array.from({ length: 10 }, () => activation(name)));
    expect(ten('sigmoid').product).toBe(0.25 ** 10);
    expect(ten('sigmoid').product).toBeCloseTo(9.54e-7, 9);
    expect(ten('tanh').product).toBe(1);
  });

  it('is the product over layers that differ', () => {
    const { perLayer, common, product } = derivativeBound([
      activation('tanh'),
      activation('sigmoid'),
      activation('hard_silu'),
    ]);
    expect(perLayer).toEqual([1, 0.25, 1.5]);
    expect(common).toBeUndefined();
    expect(product).toBe(0.375);
  });

  it('nothing times the exponential is nothing', () => {
    expect(derivativeBound([activation('exponential'), activation('step')]).product).toBe(0);
    expect(derivativeBound([activation('exponential')]).product).toBe(Number.POSITIVE_INFINITY);
    expect(derivativeBound([])).toEqual({ perLayer: [], common: undefined, product: 1 });
  });
});
