import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activation } from '../../../../src/core/activations/catalogue';
import { type ChainNeuron, chainGradient, meanChainGradient, neuronGradient } from '../../../../src/core/theory/chain';

const smooth = ['sigmoid', 'tanh', 'gelu', 'silu', 'mish', 'softplus', 'linear'] as const;
const number = fc.double({ min: -2, max: 2, noNaN: true });

/** Central difference of fourth order. */
const slopeOf = (f: (x: number) => number, x: number, h = 1e-3): number =>
  (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);

const agrees = (found: number, numerical: number): void =>
  expect(Math.abs(found - numerical)).toBeLessThan(1e-8 * Math.max(1, Math.abs(numerical)));

describe('one neuron', () => {
  it('the paper’s σ′(z) = e^(−z)/(1 + e^(−z))², by hand at z = 0', () => {
    const found = neuronGradient(activation('sigmoid'), { weight: 2, input: 0.5, bias: -1, target: 1 });
    expect(found).toEqual({
      preActivation: 0,
      activation: 0.5,
      cost: 0.25,
      inputFactor: 0.5,
      slopeFactor: 0.25,
      costFactor: -1,
      weightGradient: -0.125,
      biasGradient: -0.25,
      inputGradient: -0.5,
    });
  });

  it('agrees with numerical differentiation', () => {
    fc.assert(
      fc.property(fc.constantFrom(...smooth), number, number, number, number, (name, weight, input, bias, target) => {
        const phi = activation(name);
        const at = { weight, input, bias, target };
        const cost = (change: Partial<typeof at>) => neuronGradient(phi, { ...at, ...change }).cost;
        const found = neuronGradient(phi, at);
        agrees(
          found.weightGradient,
          slopeOf((w) => cost({ weight: w }), weight),
        );
        agrees(
          found.biasGradient,
          slopeOf((b) => cost({ bias: b }), bias),
        );
        agrees(
          found.inputGradient,
          slopeOf((a) => cost({ input: a }), input),
        );
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('refuses what is not finite', () => {
    expect(() => neuronGradient(activation('tanh'), { weight: Number.NaN, input: 0, bias: 0, target: 0 })).toThrow(
      'the weight is NaN; expected a finite number.',
    );
  });
});

describe('a chain', () => {
  const neurons = fc.array(fc.record({ weight: number, bias: number }), { minLength: 1, maxLength: 6 });

  it('agrees with numerical differentiation, for every weight and bias', () => {
    fc.assert(
      fc.property(fc.constantFrom(...smooth), neurons, number, number, (name, chain, input, target) => {
        const phi = activation(name);
        const cost = (i: number, change: Partial<ChainNeuron>) =>
          chainGradient(
            phi,
            chain.map((neuron, j) => (j === i ? { ...neuron, ...change } : neuron)),
            { input, target },
          ).cost;
        const found = chainGradient(phi, chain, { input, target });
        chain.forEach(({ weight, bias }, i) => {
          agrees(
            found.steps[i]!.weightGradient,
            slopeOf((w) => cost(i, { weight: w }), weight),
          );
          agrees(
            found.steps[i]!.biasGradient,
            slopeOf((b) => cost(i, { bias: b }), bias),
          );
        });
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('one neuron is the walk-through of one', () => {
    const phi = activation('sigmoid');
    const one = neuronGradient(phi, { weight: 0.7, input: -0.4, bias: 0.1, target: 1 });
    const { steps, cost, costFactor } = chainGradient(phi, [{ weight: 0.7, bias: 0.1 }], { input: -0.4, target: 1 });
    expect(steps[0]).toMatchObject({
      preActivation: one.preActivation,
      slope: one.slopeFactor,
      weightGradient: one.weightGradient,
      biasGradient: one.biasGradient,
    });
    expect([cost, costFactor]).toEqual([one.cost, one.costFactor]);
  });

  it('shows the running product of w·φ′(z): ten sigmoids at their peak leave 0.25¹⁰', () => {
    const chain = Array.from({ length: 10 }, () => ({ weight: 1, bias: -0.5 }));
    const { steps } = chainGradient(activation('sigmoid'), chain, { input: 0.5, target: 0 });
    for (const { factor, layer } of steps) {
      expect(factor).toBe(0.25);
      expect(steps[layer - 1]!.runningProduct).toBe(0.25 ** (11 - layer));
    }
  });

  it('takes a function for each neuron', () => {
    const { steps, output } = chainGradient(
      [activation('relu'), activation('sigmoid')],
      [
        { weight: -1, bias: 0 },
        { weight: 3, bias: 0 },
      ],
      { input: 1, target: 0 },
    );
    expect(output).toBe(0.5);
    expect(steps.map(({ slope }) => slope)).toEqual([0, 0.25]);
    expect(steps[0]!.weightGradient).toBe(0);
  });

  it('averages over samples', () => {
    const phi = activation('tanh');
    const chain = [
      { weight: 0.5, bias: 0.1 },
      { weight: -1.2, bias: 0 },
    ];
    const samples = [
      { input: 1, target: 0 },
      { input: -0.3, target: 1 },
      { input: 2, target: -1 },
    ];
    const mean = meanChainGradient(phi, chain, samples);
    const cost = (weight: number) =>
      samples.reduce((sum, sample) => sum + chainGradient(phi, [{ weight, bias: 0.1 }, chain[1]!], sample).cost, 0) / 3;
    agrees(mean.weightGradients[0]!, slopeOf(cost, 0.5));
    expect(mean.cost).toBeCloseTo(cost(0.5), 15);
    expect(mean.samples).toHaveLength(3);
  });

  it('the exponential overflows to Infinity, not to NaN', () => {
    const chain = Array.from({ length: 6 }, () => ({ weight: 3, bias: 0 }));
    const { steps, cost } = chainGradient(activation('exponential'), chain, { input: 1, target: 0 });
    const numbers = steps.flatMap((step) => Object.values(step));
    expect(numbers.filter(Number.isNaN)).toEqual([]);
    expect(cost).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses what is no chain', () => {
    const phi = activation('tanh');
    expect(() => chainGradient(phi, [], { input: 0, target: 0 })).toThrow('the chain has no neurons');
    expect(() =>
      chainGradient(
        [phi],
        [
          { weight: 1, bias: 0 },
          { weight: 1, bias: 0 },
        ],
        { input: 0, target: 0 },
      ),
    ).toThrow('the chain has 2 neurons and 1 activations; expected one for each.');
    expect(() => meanChainGradient(phi, [{ weight: 1, bias: 0 }], [])).toThrow('there are no samples');
    expect(() => chainGradient(phi, [{ weight: 1, bias: Number.NaN }], { input: 0, target: 0 })).toThrow(
      'neuron 1’s bias is NaN; expected a finite number.',
    );
  });
});
