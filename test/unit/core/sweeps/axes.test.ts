import { describe, expect, it } from 'vitest';
import { paperConfig } from '../../../../src/core/experiment/config';
import { axes, axisNames, MOST_VALUES, readAxis, valueProblem, writeAxis } from '../../../../src/core/sweeps/axes';

const valuesOf = (text: string) => {
  const axis = readAxis(text);
  if ('problem' in axis) throw new Error(axis.problem);
  return axis.values;
};
const problemOf = (text: string): string => {
  const axis = readAxis(text);
  return 'problem' in axis ? axis.problem : `no problem: ${JSON.stringify(axis)}`;
};

describe('an axis of a sweep', () => {
  it.each([
    ['depth=1..5', [1, 2, 3, 4, 5]],
    ['depth = 1, 2;4 8', [1, 2, 4, 8]],
    ['depth=1..20:3', [1, 11, 20]],
    ['width=16..256:5', [16, 32, 64, 128, 256]],
    ['width=1..4:10', [1, 2, 3, 4]],
    ['lr=1e-4..1e-1:4', [1e-4, 1e-3, 1e-2, 1e-1]],
    ['lr=0.5..2:3', [0.5, 1, 2]],
    ['lr=0.001', [0.001]],
    ['seed=0..2', [0, 1, 2]],
    ['activation=Sigmoid,leaky_relu(negative_slope=0.3),relu', ['sigmoid', 'leaky_relu(negative_slope=0.3)', 'relu']],
    ['init=he_normal;normal:0,0.1 glorot_uniform', ['he_normal', 'normal:0,0.1', 'glorot_uniform']],
    ['optimizer=sgd,adam', ['sgd', 'adam']],
  ])('is read from %s', (text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  it.each([
    ['', /no setting.*depth, width/],
    ['depth', /no setting/],
    ['constructor=1', /no setting/],
    ['deep=1', /no setting/],
    ['depth=', /not a number/],
    ['depth=a..b', /no range/],
    ['depth=5..1', /no range/],
    ['depth=1..5:1', /two or more/],
    ['depth=0,1', /depth is 0; expected a whole number from 1 to 50/],
    ['depth=1.5', /depth is 1.5; expected a whole number/],
    ['depth=1..51', /depth is 51/],
    ['depth=1,1', /twice/],
    ['lr=1e-4..1', /how many values/],
    ['lr=0..1:3', /lr is 0/],
    ['lr=NaN', /not a number/],
    ['lr=Infinity', /lr is Infinity; expected a number from 1e-8 to 10/],
    ['seed=0..1e9', /201 values; expected at most 200/],
    [`seed=${'1,'.repeat(100_000)}1`, /201 values/],
    ['activation=sigmoidal', /"sigmoidal" is not known/],
    ['init=normal:0', /"normal:0" is not known/],
    ['optimizer=__proto__', /not known/],
  ])('says what is wrong with %.40s', (text, expected) => {
    expect(problemOf(text)).toMatch(expected);
  });

  it('is read back from what it is written as', () => {
    for (const text of [
      'depth=1..4',
      'lr=1e-5..1:6',
      'init=normal:0,1;he_normal',
      'activation=relu,rrelu(lower=0.1,upper=0.3)',
    ]) {
      const axis = readAxis(text);
      if ('problem' in axis) throw new Error(axis.problem);
      expect(readAxis(writeAxis(axis))).toEqual(axis);
    }
  });

  it('changes nothing but its own setting', () => {
    const of = { depth: 3, width: 7, lr: 0.5, batch: 32, epochs: 2, seed: 9 } as const;
    const names = { init: 'he_normal', optimizer: 'sgd', activation: 'tanh' } as const;
    const expected = {
      depth: { hidden: [128, 128, 128] },
      width: { hidden: [7] },
      lr: { learningRate: 0.5 },
      batch: { batchSize: 32 },
      epochs: { epochs: 2 },
      seed: { seed: 9, seeds: 1 },
      init: { kernelInitializer: { kind: 'he_normal' } },
      optimizer: { optimizer: 'sgd' },
      activation: { activations: ['tanh'] },
    };
    for (const name of axisNames)
      expect(axes[name].apply({ ...paperConfig, seeds: 3 }, { ...of, ...names }[name]), name).toEqual({
        ...paperConfig,
        seeds: 3,
        ...expected[name],
      });
  });

  it('makes a network deeper by its last width, and shallower from its end', () => {
    const config = { ...paperConfig, hidden: [64, 32] };
    expect(axes.depth.apply(config, 4).hidden).toEqual([64, 32, 32, 32]);
    expect(axes.depth.apply(config, 1).hidden).toEqual([64]);
  });

  it('knows what a value of a file must be', () => {
    expect(valueProblem('depth', '3')).toMatch(/depth is "3"/);
    expect(valueProblem('activation', 'Sigmoid')).toMatch(/"Sigmoid"/);
    expect(valueProblem('activation', 'sigmoid')).toBeUndefined();
    expect(valueProblem('lr', 0.1)).toBeUndefined();
    expect(MOST_VALUES).toBe(200);
  });
});
