import { describe, expect, it } from 'vitest';
import { remedies } from '../../../../src/core/advice/flowRemedies';
import { type FlowConfig, paperFlow } from '../../../../src/core/calculation/config';
import { predictCandidate } from '../../../../src/core/calculation/predict';
import { flowVerdictKind } from '../../../../src/core/verdicts/predicted';

const one = (name: string, more: Partial<FlowConfig> = {}): FlowConfig => ({
  ...paperFlow,
  candidates: [{ activations: [name] }],
  ...more,
});
const deep = (layers: number): number[] => Array.from({ length: layers }, () => 128);
const far = (ratio: number): number => Math.abs(Math.log(ratio));

const cases: readonly (readonly [string, FlowConfig])[] = [
  ['what vanishes', one('sigmoid')],
  ['what vanishes in PyTorch', one('gelu', { framework: 'torch' })],
  ['what vanishes in tfjs', one('softplus', { framework: 'tfjs' })],
  ['what explodes', one('relu', { widths: deep(50), residual: true })],
  ['what overflows', one('exponential')],
  ['what is dead', one('sigmoid', { kernelInitializer: { kind: 'normal', mean: 1, stddev: 1 } })],
  ['what has no slope', one('step')],
  [
    'layers that differ',
    { ...one('relu', { widths: deep(3) }), candidates: [{ activations: ['sigmoid', 'relu', 'step'] }] },
  ],
  ['what is normalised', one('sigmoid', { normalisation: 'layer', dropout: 0.3 })],
];

describe.each(cases)('remedies for %s', (_name, config) => {
  const found = remedies(config, 0);

  it('are there', () => expect(found.length).toBeGreaterThan(0));

  it('leave what they promise, with its band', () => {
    for (const { title, config: change, before, after, band } of found) {
      const prediction = predictCandidate(change, change.candidates[0]!);
      expect(prediction.ratio, title).toBe(after);
      expect(prediction.band, title).toEqual(band);
      expect(before).toBe(predictCandidate(config, config.candidates[0]!).ratio);
    }
  });

  it('stand in the order of their distance from 1, all of it finite', () => {
    const distances = found.map(({ after }) => far(after));
    expect(distances.filter((x) => !Number.isFinite(x))).toEqual([]);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
  });

  it('help by a tenth at least, and leave no layer flat', () => {
    const dead = flowVerdictKind(config, config.candidates[0]!) === 'dead';
    for (const { title, config: change, before, after } of found) {
      if (!dead) expect(far(after), title).toBeLessThanOrEqual(far(before) - Math.log(1.1));
      expect(flowVerdictKind(change, change.candidates[0]!), title).not.toBe('dead');
    }
  });

  it('change something, one thing at a time, and nothing else', () => {
    for (const { title, config: change } of found) {
      const changed = (Object.keys(config) as (keyof FlowConfig)[]).filter(
        (key) => JSON.stringify(change[key]) !== JSON.stringify(config[key]),
      );
      expect(changed.length, title).toBeGreaterThan(0);
      const allowed = title.includes(' with ')
        ? ['candidates', 'kernelInitializer']
        : title.startsWith('Initialiser')
          ? ['kernelInitializer']
          : title.endsWith('normalisation')
            ? ['normalisation']
            : ['residual'];
      for (const key of changed) expect(allowed, title).toContain(key);
    }
    expect(new Set(found.map(({ title }) => title)).size).toBe(found.length);
  });
});

describe('remedies', () => {
  it('name tfjs’s uniform initialisers, whose variance is whole', () => {
    for (const { title } of remedies(one('sigmoid', { framework: 'tfjs' }), 0)) expect(title).not.toContain('_normal');
  });

  it('replace all layers’ activations', () => {
    const config = { ...one('relu', { widths: deep(2) }), candidates: [{ activations: ['sigmoid', 'step'] }] };
    const swap = remedies(config, 0).find(({ title }) => title === 'ReLU with he_normal')!;
    expect(swap.config.candidates).toEqual([{ activations: ['relu'] }]);
  });

  it.each([-1, 2, 0.5])('of candidate %d are refused', (index) => {
    expect(() => remedies(paperFlow, index)).toThrow(`there is no candidate ${index}; expected 0 to 1.`);
  });
});
