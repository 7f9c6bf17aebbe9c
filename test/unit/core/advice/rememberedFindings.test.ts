import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../../src/core/advice/rememberedFindings';
import { findings } from '../../../../src/core/advice/rules';
import type { Model } from '../../../../src/core/model/model';
import { structureOf } from '../../../../src/core/model/structure';
import { graphFlow } from '../../../../src/core/theory/graph';
import { flowOf } from '../../../../src/core/theory/rememberedFlow';
import { modelIn } from './codeModels';

const code = [
  'from torch import nn',
  `m = nn.Sequential(${'nn.Linear(64, 64), nn.Sigmoid(), '.repeat(8)}nn.Linear(64, 10), nn.Softmax(dim=1))`,
  'criterion = nn.CrossEntropyLoss()',
  'def step(x, y): return criterion(m(x), y)',
];
const before = modelIn(...code);
const moved = modelIn('# one line more', '', ...code);

describe('what is remembered of a model', () => {
  it('hangs on all but its places', () => {
    expect(moved.source).not.toEqual(before.source);
    expect(structureOf(moved).key).toBe(structureOf(before).key);
    expect(structureOf(moved).sources).toHaveLength(structureOf(before).sources.length);
    const other = modelIn(code[0]!, code[1]!.replace('64, 10', '64, 11'), ...code.slice(2));
    expect(structureOf(other).key).not.toBe(structureOf(before).key);
  });

  it('is its flow, predicted once', () => {
    expect(flowOf(before)).toEqual(graphFlow(before));
    expect(flowOf(moved)).toBe(flowOf(before));
  });

  it('is what the rules find, at the places of today', () => {
    const found = findingsOf(before);
    expect(found.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['vanishing-flow', 'softmax-before-logits-loss']),
    );
    expect(found).toEqual(findings(before, graphFlow(before)));
    expect(findingsOf(moved)).toEqual(findings(moved, graphFlow(moved)));
    expect(findingsOf(moved)).not.toEqual(found);
  });

  it('knows layers of one place from layers that are each written out', () => {
    const layers = (k: string) =>
      `m.add(layers.Dense(64)); m.add(layers.BatchNormalization()); m.add(layers.ReLU())${k}`;
    const head = ['import keras', 'from keras import layers', 'm = keras.Sequential([keras.Input((64,))])'];
    const looped = modelIn(...head, `for _ in range(3): ${layers('')}`);
    const written = modelIn(...head, ...['', '', ''].map(layers));
    const places = (model: Model) =>
      new Set(
        findingsOf(model)
          .filter(({ rule }) => rule === 'bias-before-batchnorm')
          .map(({ range }) => range.from),
      ).size;
    expect([looped, written].map(places)).toEqual([1, 3]);
    expect(findingsOf(written)).toEqual(findings(written, graphFlow(written)));
  });

  it('knows budgets apart', () => {
    const rulesOf = (budget?: number) => findingsOf(before, budget).map(({ rule }) => rule);
    expect(rulesOf(0.5)).toContain('gradient-budget');
    expect(rulesOf()).not.toContain('gradient-budget');
    expect(rulesOf(1e-12)).not.toContain('gradient-budget');
  });
});
