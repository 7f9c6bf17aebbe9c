import { describe, expect, it } from 'vitest';
import { type FlowConfig, flowLimits, paperFlow, parseFlowConfig } from '../../../../src/core/calculation/config';

const problemsOf = (part: object) => {
  const result = parseFlowConfig(part);
  return 'problems' in result ? result.problems : [];
};
const configOf = (part: object): FlowConfig => {
  const result = parseFlowConfig(part);
  if ('problems' in result) throw new Error(result.problems[0]!.message);
  return result.config;
};
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('numbers', () => {
  const fields = {
    inputs: flowLimits.inputs,
    biasStd: flowLimits.biasStd,
    dropout: flowLimits.dropout,
    inputVariance: flowLimits.inputVariance,
    networks: flowLimits.networks,
    seed: flowLimits.seed,
  };

  it.each(Object.entries(fields))('%s may lie on both ends of its range, and no farther', (field, { min, max }) => {
    for (const end of [min, max]) expect(configOf({ [field]: end })).toMatchObject({ [field]: end });
    for (const beyond of [min - 1, max + 1]) {
      expect(problemsOf({ [field]: beyond })).toEqual([
        { field, message: expect.stringContaining(` is ${beyond}; expected a`) },
      ]);
    }
  });

  it.each(Object.keys(fields))('%s names what is no number as what it is', (field) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(problemsOf({ [field]: value })).toEqual([
        { field, message: expect.stringContaining(` is ${value}; expected a`) },
      ]);
    }
    expect(problemsOf({ [field]: '1' })[0]!.message).toContain(' is "1"; expected a');
  });

  it.each(['networks', 'seed', 'inputs'])('%s is whole', (field) => {
    expect(problemsOf({ [field]: 2.5 })[0]!.message).toContain('is 2.5; expected a whole number from');
  });
});

describe('lists', () => {
  it('of layers hold 1 to 100 widths', () => {
    expect(configOf({ widths: [1] }).widths).toEqual([1]);
    expect(configOf({ widths: times(100, 4096) }).widths).toHaveLength(100);
    expect(problemsOf({ widths: [] })[0]!.message).toBe('widths lists 0 layers; expected 1 to 100.');
    expect(problemsOf({ widths: times(101, 8) })[0]!.message).toBe('widths lists 101 layers; expected 1 to 100.');
    expect(problemsOf({ widths: [8, 4097] })[0]!.message).toContain('a width is 4097');
  });

  it('of candidates hold 1 to 4', () => {
    const candidate = { activations: ['relu'] };
    expect(configOf({ candidates: times(4, candidate) }).candidates).toHaveLength(4);
    expect(problemsOf({ candidates: times(5, candidate) })[0]!.message).toBe('candidates lists 5; expected 1 to 4.');
  });

  it('of activations hold one, or one for each layer', () => {
    const widths = [8, 8, 8];
    expect(configOf({ widths, candidates: [{ activations: ['relu', 'tanh', 'elu'] }] }).candidates).toEqual([
      { activations: ['relu', 'tanh', 'elu'] },
    ]);
    for (const count of [2, 4]) {
      expect(problemsOf({ widths, candidates: [{ activations: times(count, 'relu') }] })).toEqual([
        {
          field: 'candidates',
          message: `a candidate lists ${count} activations for 3 layers; expected one, or one for each layer.`,
        },
      ]);
    }
    expect(problemsOf({ widths, candidates: [{ activations: [] }] })[0]!.message).toContain('expected at least one');
  });

  it.each([
    [{ candidates: null }],
    [{ candidates: [null] }],
    [{ candidates: [{}] }],
    [{ candidates: [{ activations: 'relu' }] }],
    [{ widths: null }],
    [{ widths: '128' }],
    [{ widths: { length: 3 } }],
  ])('%j is a problem of that field, said in a sentence', (part) => {
    const problems = problemsOf(part);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.field).toBe(Object.keys(part)[0]);
    expect(problems[0]!.message).toMatch(/^[A-Za-z].*\.$/);
  });
});

describe('activations', () => {
  it('come out by the catalogue’s name, however they are spelt', () => {
    const { candidates } = configOf({
      candidates: [{ activations: ['ReLU'] }, { activations: ['swish'] }, { activations: ['leaky_relu(0.01)'] }],
    });
    expect(candidates.map(({ activations }) => activations[0])).toEqual([
      'relu',
      'silu',
      'leaky_relu(negative_slope=0.01)',
    ]);
  });

  it.each(['sigmod', '', '__proto__', 'constructor', 'relu(', 'softmax'])('%j is not known', (name) => {
    expect(problemsOf({ candidates: [{ activations: [name] }] })).toEqual([
      { field: 'candidates', message: expect.stringContaining(`activation "${name}" is not known; expected one of`) },
    ]);
  });

  it.each([5, null, {}])('%j is no name', (name) => {
    expect(problemsOf({ candidates: [{ activations: [name] }] })[0]!.message).toBe(
      `an activation is ${JSON.stringify(name)}; expected a name.`,
    );
  });
});

describe('a calculation from outside', () => {
  it('tells all its problems at once, one for each field', () => {
    const problems = problemsOf({ seed: -1, dropout: 7, widths: [0, -1, 1.5], framework: 'caffe' });
    expect(problems.map(({ field }) => field).sort()).toEqual(['dropout', 'framework', 'seed', 'widths']);
  });

  it('keeps what it knows alone', () => {
    const config = configOf({ seed: 3, colour: 'red', candidates: [{ activations: ['relu'], note: 1 }] });
    expect(config).toEqual({ ...paperFlow, seed: 3, candidates: [{ activations: ['relu'] }] });
  });

  it('leaves the paper’s calculation as it is', () => {
    const before = structuredClone(paperFlow);
    configOf({ widths: [4], candidates: [{ activations: ['ReLU'] }] });
    expect(paperFlow).toEqual(before);
  });

  it.each([
    [{ kind: 'normal', mean: 1 }, 'is incomplete'],
    [{ kind: 'normal', mean: 0, stddev: -1 }, 'standard deviation must not be negative'],
    [{ kind: 'uniform', min: 1, max: 0 }, 'minimum must not exceed its maximum'],
    [{ kind: 'constant', value: Number.NaN }, 'value must be a number'],
    ['glorot_uniform', 'is not known'],
  ])('with an initialiser %j names it', (kernelInitializer, words) => {
    expect(problemsOf({ kernelInitializer })).toEqual([
      { field: 'kernelInitializer', message: expect.stringContaining(words) },
    ]);
  });
});
