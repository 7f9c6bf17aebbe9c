import { describe, expect, it } from 'vitest';
import { checkedSentence } from '../../../../src/core/advice/checked';
import { leastDoubleSoftmax } from '../../../../src/core/advice/rules/plateau';
import { createRandom } from '../../../../src/core/math/random';
import type { LossUse } from '../../../../src/core/model/model';
import { GraphBuilder, loss } from '../model/models';

function head(activation: 'softmax' | 'relu' | 'log_softmax' | undefined, of: LossUse | undefined, middle = true) {
  const graph = new GraphBuilder();
  graph.input([32]);
  graph.dense(64, middle ? 'relu' : undefined);
  graph.dense(10);
  if (activation === 'relu') graph.activation('relu');
  else if (activation) graph.notElementWise(activation);
  return graph.build(of ? { loss: of } : {});
}
const logits = loss('categoricalCrossEntropy', 'logits');
const probabilities = loss('categoricalCrossEntropy', 'probabilities');

describe('what was checked', () => {
  it('is said of output and loss, and of what stands between', () => {
    expect(checkedSentence(head(undefined, logits))).toMatch(
      /^Checked: no softmax before \S+, which applies one itself; no activation stands twice, .*\.$/,
    );
    expect(checkedSentence(head('softmax', probabilities))).toMatch(/gives the probabilities that \S+ wants;/);
  });

  it('says nothing of a loss that nobody can tell', () => {
    for (const of of [undefined, { ...logits, assumed: true }, loss('categoricalCrossEntropy', undefined)]) {
      expect(checkedSentence(head(undefined, of))).toBe(
        'Checked: no activation stands twice, and no two dense layers without one between.',
      );
    }
  });

  it('leaves out what was found', () => {
    expect(checkedSentence(head('softmax', logits))).not.toContain('softmax');
    expect(checkedSentence(head('relu', logits))).not.toContain('applies');
    expect(checkedSentence(head(undefined, logits, false))).toMatch(/^Checked: no softmax before [^;]+\.$/);
    expect(checkedSentence(head('softmax', logits, false))).toBeUndefined();
  });

  it('is nothing where steps are not known', () => {
    const graph = head(undefined, undefined);
    const nodes = graph.nodes.map((node, k) => (k === 1 ? { ...node, certain: false } : node));
    expect(checkedSentence({ ...graph, nodes })).toBeUndefined();
  });
});

describe('softmax twice', () => {
  const softmax = (x: readonly number[]): number[] => {
    const top = Math.max(...x);
    const powers = x.map((each) => Math.exp(each - top));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((each) => each / sum);
  };
  /** ∂/∂z of −ln softmax(softmax(z))₀, and of −ln softmax(z)₀. */
  const gradients = (z: readonly number[]) => {
    const p = softmax(z);
    const outer = softmax(p).map((each, k) => each - (k === 0 ? 1 : 0));
    const mean = p.reduce((sum, each, k) => sum + each * outer[k]!, 0);
    const norm = (x: readonly number[]): number => Math.hypot(...x);
    return {
      twice: norm(p.map((each, k) => each * (outer[k]! - mean))),
      once: norm(p.map((each, k) => each - (k === 0 ? 1 : 0))),
      loss: -Math.log(softmax(p)[0]!),
    };
  };

  it.each([2, 3, 10, 100])('of %i classes has the floor, the start and the gradient that the page says', (classes) => {
    const random = createRandom(classes);
    const least = leastDoubleSoftmax(classes);
    const largest = Math.SQRT2;
    for (let draw = 0; draw < 2000; draw++) {
      const z = Array.from({ length: classes }, () => 12 * (random.uniform() - 0.5) * (draw % 3));
      const { twice, loss: own } = gradients(z);
      expect(own).toBeGreaterThan(least - 1e-9);
      expect(twice).toBeLessThan(0.27 * largest);
    }
    const best = gradients([200, ...Array.from({ length: classes - 1 }, () => 0)]);
    expect(best.loss).toBeCloseTo(least, 6);
    const start = gradients(Array.from({ length: classes }, () => 0));
    expect(start.loss).toBeCloseTo(Math.log(classes), 6);
    expect(start.twice / start.once).toBeCloseTo(1 / classes, 6);
  });
});
