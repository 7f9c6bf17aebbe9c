import { describe, expect, it } from 'vitest';
import { isPaperTraining, parseConfig } from '../../../src/core/experiment/config';
import { paperResult, paperResults } from '../../../src/core/experiment/paper';
import { presetOf, presets } from '../../../src/core/experiment/presets';

describe('the paper', () => {
  it('has ten epochs of each activation', () => {
    expect(paperResults.sigmoid).toHaveLength(10);
    expect(paperResults.relu).toHaveLength(10);
    expect(paperResult('relu', 1)).toEqual({ accuracy: 0.2977, loss: 553.457 });
    expect(paperResult('sigmoid', 10)).toEqual({ accuracy: 0.1031, loss: 2.3103 });
    expect(paperResult('tanh', 1)).toBeUndefined();
    expect(paperResult('relu', 11)).toBeUndefined();
  });
});

describe('presets', () => {
  it.each(presets)('$id is valid, and recognised whatever its data and seeds', ({ id, config }) => {
    expect(parseConfig(config)).toEqual({ config });
    expect(presetOf({ ...config, data: { kind: 'mnist' }, seed: 7, seeds: 3, backend: 'cpu' })?.id).toBe(id);
  });

  it('is recognised in whatever order its settings stand', () => {
    for (const { id, config } of presets) {
      const reversed = Object.fromEntries(Object.entries(config).reverse()) as unknown as typeof config;
      expect(presetOf(reversed)?.id).toBe(id);
    }
  });

  it('tells the paper’s own from one that differs', () => {
    expect(presets.filter(({ config }) => isPaperTraining(config)).map(({ id }) => id)).toEqual(['paper']);
    const [paper] = presets;
    expect(presetOf({ ...paper!.config, kernelInitializer: { kind: 'normal', mean: 0, stddev: 1 } })).toBeUndefined();
    expect(presetOf({ ...paper!.config, kernelInitializer: { kind: 'normal', mean: 1, stddev: 0.5 } })).toBeUndefined();
    expect(presetOf({ ...paper!.config, activations: ['relu', 'sigmoid'] })).toBeUndefined();
  });
});
