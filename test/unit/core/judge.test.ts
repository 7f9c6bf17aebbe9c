import { describe, expect, it } from 'vitest';
import { type ExperimentConfig, paperConfig } from '../../../src/core/experiment/config';
import { createRunRecord, type NetworkRecord } from '../../../src/core/runs/record';
import { judge } from '../../../src/core/verdicts/judge';

interface Story {
  activation?: string;
  hidden?: number[];
  state?: NetworkRecord['state'];
  /** Gradient norms of the first batch, per layer. */
  norms?: number[];
  saturated?: number;
  dead?: number;
  mean?: number;
  /** Accuracy and loss of each epoch. */
  epochs?: [number, number][];
}

function tell(story: Story): { record: NetworkRecord; config: ExperimentConfig } {
  const { activation = 'sigmoid', hidden = [128], state = 'finished', saturated = 0, dead = 0, mean = 0 } = story;
  const config = { ...paperConfig, activations: [activation], hidden };
  const run = createRunRecord('test', '2026-01-01T00:00:00Z', config, {
    name: 'test',
    train: 100,
    test: 10,
    classes: 10,
    inputs: 784,
  });
  const record = run.networks[0]!;
  const layers = hidden.length + 1;
  const filled = (value: number) => new Float32Array(hidden.length).fill(value);
  record.state = state;
  record.steps.append({
    firstStep: 0,
    loss: Float32Array.of(2.5),
    accuracy: Float32Array.of(0.1),
    gradientNorms: Float32Array.from(story.norms ?? new Array(layers).fill(1)),
  });
  record.probes.append({
    step: Int32Array.of(0),
    meanDerivative: filled(0.2),
    saturatedShare: filled(saturated),
    deadShare: filled(dead),
    preActivationMean: filled(mean),
    preActivationStddev: filled(1),
    updateRatio: new Float32Array(layers).fill(1e-3),
  });
  for (const [i, [accuracy, loss]] of (story.epochs ?? [[0.9, 0.3] as const]).entries()) {
    record.epochs.push({ epoch: i + 1, accuracy, loss, testAccuracy: accuracy, testLoss: loss });
  }
  return { record, config };
}

const verdictOf = (story: Story) => {
  const { record, config } = tell(story);
  return judge(record, config, 10)!;
};
const stuck: [number, number][] = [
  [0.104, 2.94],
  [0.105, 2.308],
];

describe('verdicts', () => {
  it('says of the paper’s sigmoid what happened and why, in numbers', () => {
    const verdict = verdictOf({ saturated: 1, dead: 1, mean: 102, norms: [0, 6.8], epochs: stuck });
    expect(verdict.kind).toBe('saturated');
    expect(verdict.text).toContain('all 128 units of the hidden layer are saturated');
    expect(verdict.text).toContain('exactly 0');
    expect(verdict.text).toContain('class frequencies');
    expect(verdict.text).toContain('ln 10 = 2.30');
    expect(verdict.text).toContain('normal:1,1 does that, not depth');
    expect(verdict.text).toContain('+102');
    expect(verdict.provisional).toBe(false);
  });

  it('blames depth for a deep sigmoid', () => {
    const verdict = verdictOf({
      hidden: new Array(10).fill(128),
      norms: [1.3e-6, ...new Array(9).fill(1e-3), 1.3],
      epochs: stuck,
    });
    expect(verdict.kind).toBe('vanishing');
    expect(verdict.text).toContain('1.3 × 10⁻⁶');
    expect(verdict.text).toContain('10 hidden layers');
  });

  it('names a layer as a sentence does', () => {
    const deep = { hidden: [128, 128], saturated: 1, dead: 1, norms: [0, 1, 1], epochs: stuck };
    const { text, evidence } = verdictOf(deep);
    expect(text).toContain('all 128 units of hidden layer 1 are saturated');
    expect(evidence.map(({ label }) => label)).toEqual(
      expect.arrayContaining([
        'saturated units of hidden layer 1, first batch',
        'pre-activations of hidden layer 1, first batch',
        'dead units of hidden layer 1, last probe',
      ]),
    );
    expect(verdictOf({ ...deep, activation: 'relu' }).text).toContain('100 % of the units of hidden layer 1 give 0');
    expect(verdictOf({ dead: 1, activation: 'relu', epochs: stuck }).text).toContain(
      'of the units of the hidden layer',
    );
  });

  it.each<[string, Story]>([
    ['healthy', { activation: 'relu' }],
    [
      'healthy',
      {
        activation: 'relu',
        dead: 0.75,
        norms: [100, 1],
        epochs: [
          [0.7, 9],
          [0.88, 3.4],
        ],
      },
    ],
    ['dying', { activation: 'relu', dead: 0.9, epochs: stuck }],
    ['exploding', { activation: 'relu', norms: [900, 1], epochs: stuck }],
    ['exploding', { activation: 'relu', norms: [Number.POSITIVE_INFINITY, 1], epochs: stuck }],
    ['vanishing', { norms: [0, 1], epochs: stuck }],
    ['stalled', { activation: 'tanh', norms: [0.8, 0.3], epochs: stuck }],
    ['saturated', { activation: 'tanh', saturated: 0.6, norms: [0.8, 0.3], epochs: stuck }],
  ])('%s: %j', (kind, story) => {
    expect(verdictOf(story).kind).toBe(kind);
  });

  it('tells the last finite loss of a diverged network', () => {
    const { record, config } = tell({ state: 'diverged' });
    record.message = 'The loss was not finite at step 3. The last finite loss was 12.00, one step before.';
    const verdict = judge(record, config, 10)!;
    expect(verdict.kind).toBe('diverged');
    expect(verdict.text).toContain('12.00');
  });

  it('is provisional while a network trains, and silent before the first probe', () => {
    expect(verdictOf({ state: 'running', saturated: 1, norms: [0, 1], epochs: [] }).provisional).toBe(true);
    const { record, config } = tell({});
    const empty = createRunRecord('x', '', config, { name: '', train: 1, test: 1, classes: 10, inputs: 1 })
      .networks[0]!;
    expect(judge(empty, config, 10)).toBeUndefined();
    expect(record.steps.count).toBe(1);
  });
});
