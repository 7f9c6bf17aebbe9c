import { describe, expect, it } from 'vitest';
import { activation } from '../../../src/core/activations/catalogue';
import { frameworkDifferences } from '../../../src/core/explain/differences';
import { farthest } from '../../../src/core/explain/farthest';
import { resolveSpelling, type WrittenArgument } from '../../../src/core/frameworks/resolve';
import { spellings } from '../../../src/core/frameworks/spellings';

const between = (one: string, other: string) => farthest(activation(one), activation(other));

const said = (framework: string, name: string, written: readonly WrittenArgument[] = []): string | undefined => {
  const spelling = spellings.find((each) => each.framework === framework && each.name === name)!;
  return frameworkDifferences(resolveSpelling(spelling, written)!);
};

describe('where two functions lie farthest apart', () => {
  it('is where formulas say', () => {
    const hard = between('hard_sigmoid', 'hard_sigmoid(slope=0.2)');
    expect(hard.value.difference).toBeCloseTo(1 / 12, 12);
    expect(hard.value.where).toBe('at x = ±2.5');
    expect(hard.slope.difference).toBeCloseTo(1 / 6, 12);
    expect(hard.slope.where).toBe('for 2.5 < |x| < 3');

    const leaky = between('leaky_relu(negative_slope=0.01)', 'leaky_relu(negative_slope=0.3)');
    expect(leaky.value.difference).toBe(Number.POSITIVE_INFINITY);
    expect(leaky.slope.difference).toBeCloseTo(0.29, 12);
    expect(leaky.slope.where).toBe('for all x < 0');

    const soft = between('softplus', 'softplus(threshold=20)');
    expect(soft.value.difference).toBeCloseTo(Math.log1p(Math.exp(-20)), 14);
    // ln 2 − ln(2)/2 at 0.
    expect(between('softplus', 'softplus(beta=2)').value.difference).toBeCloseTo(Math.LN2 / 2, 12);
    expect(between('relu', 'relu').slope.difference).toBe(0);
  });

  it.each([
    ['gelu', 'gelu(approximate=tanh)'],
    ['silu(beta=1.702)', 'gelu'],
    ['hard_sigmoid', 'hard_sigmoid(slope=0.2)'],
    ['silu', 'silu(beta=1.5)'],
    ['elu', 'celu(alpha=2)'],
  ])('is exceeded nowhere: %s and %s', (one, other) => {
    const { value, slope } = between(one, other);
    const [f, g] = [activation(one), activation(other)];
    for (let x = -40; x <= 40; x += 0.00731) {
      expect(Math.abs(f.value(x) - g.value(x))).toBeLessThanOrEqual(value.difference + 1e-12);
      expect(Math.abs(f.derivative(x) - g.derivative(x))).toBeLessThanOrEqual(slope.difference + 1e-12);
    }
  });
});

describe('a hover’s line on a name that means another function elsewhere', () => {
  it.each([
    ['jax', 'gelu', 'up to 4.7 × 10⁻⁴ apart in φ (x = ±2.7), 8.7 × 10⁻⁴ in φ′ (x = ±2).'],
    ['torch', 'GELU', 'up to 4.7 × 10⁻⁴ apart in φ (x = ±2.7), 8.7 × 10⁻⁴ in φ′ (x = ±2).'],
    ['tfjs', 'hardSigmoid', 'up to 0.083 apart in φ (x = ±2.5), 0.17 in φ′ (2.5 < |x| < 3).'],
    ['torch', 'LeakyReLU', 'up to 0.29 apart in φ′ (x < 0), without bound in φ.'],
    ['torch', 'Softplus', 'up to 2.1 × 10⁻⁹ apart in φ (x = 20), 2.1 × 10⁻⁹ in φ′ (x = 20).'],
  ])('%s %s', (framework, name, says) => expect(said(framework, name)).toContain(says));

  it('says nothing of a distance where there is none', () => {
    expect(said('torch', 'Tanh')).toBeUndefined();
    expect(said('keras', 'PReLU')).not.toContain('apart');
    // A slope that is written is written elsewhere too.
    expect(said('torch', 'LeakyReLU', [{ name: 'negative_slope', value: 0.2, text: '0.2' }])).not.toContain('apart');
  });
});
