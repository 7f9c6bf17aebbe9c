import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge } from '../../../../src/core/advice/judge';
import { type ExperimentConfig, paperConfig, parseConfig } from '../../../../src/core/experiment/config';
import { formatPercent } from '../../../../src/core/format/numbers';
import { formatInitializer, type Initializer } from '../../../../src/core/initializers/initializer';
import { createRunRecord, type NetworkRecord } from '../../../../src/core/runs/record';
import { scoreOf } from '../../../../src/core/verdicts/findings';

const activations = ['sigmoid', 'relu', 'tanh', 'elu', 'leaky_relu', 'exponential', 'gelu', 'softplus', 'step'];
const initialisers: Initializer[] = [
  { kind: 'zeros' },
  { kind: 'constant', value: 0.1 },
  { kind: 'normal', mean: 1, stddev: 1 },
  { kind: 'normal', mean: 0, stddev: 0.01 },
  { kind: 'orthogonal', gain: 1 },
  { kind: 'variance_scaling', scale: 2, mode: 'fan_in', distribution: 'uniform' },
  ...(['glorot_uniform', 'glorot_normal', 'he_normal', 'he_uniform', 'lecun_normal'] as const).map((kind) => ({
    kind,
  })),
];

const configs: fc.Arbitrary<ExperimentConfig> = fc
  .record({
    activations: fc.uniqueArray(fc.constantFrom(...activations), { minLength: 1, maxLength: 4 }),
    hidden: fc.array(fc.constantFrom(1, 2, 16, 128), { minLength: 1, maxLength: 8 }),
    kernelInitializer: fc.constantFrom(...initialisers),
    learningRate: fc.constantFrom(1e-8, 1e-4, 1e-3, 0.5, 10),
  })
  .map((some) => ({ ...paperConfig, ...some }));

const share = fc.oneof(fc.constantFrom(0, 0.1, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const size = fc.oneof(
  fc.constantFrom(0, Number.POSITIVE_INFINITY, Number.NaN),
  fc.double({ min: -20, max: 20, noNaN: true }).map((power) => 10 ** power),
);
const loss = fc.double({ min: -2, max: 8, noNaN: true }).map((power) => 10 ** power);

const stories = fc.record({
  config: configs,
  state: fc.constantFrom<NetworkRecord['state'][]>('running', 'finished', 'stopped', 'diverged', 'interrupted'),
  steps: fc.array(fc.tuple(fc.oneof(loss, fc.constant(Number.NaN)), share), { minLength: 1, maxLength: 4 }),
  norms: fc.array(size, { minLength: 9, maxLength: 9 }),
  probes: fc.array(fc.tuple(share, share, size), { minLength: 1, maxLength: 3 }),
  epochs: fc.array(fc.tuple(share, loss), { maxLength: 3 }),
});
type Story = typeof stories extends fc.Arbitrary<infer T> ? T : never;

function recordOf({ config, state, steps, norms, probes, epochs }: Story): NetworkRecord {
  const dataset = { name: 'test', train: 100, test: 10, classes: 10, inputs: 784 };
  const record = createRunRecord('test', '2026-01-01T00:00:00Z', config, dataset).networks[0]!;
  const layers = config.hidden.length + 1;
  record.state = state;
  record.steps.append({
    firstStep: 0,
    loss: Float32Array.from(steps, ([value]) => value),
    accuracy: Float32Array.from(steps, ([, accuracy]) => accuracy),
    gradientNorms: Float32Array.from(steps.flatMap(() => norms.slice(0, layers))),
  });
  for (const [step, [saturated, dead, update]] of probes.entries()) {
    const hidden = (value: number) => new Float32Array(config.hidden.length).fill(value);
    record.probes.append({
      step: Int32Array.of(step),
      meanDerivative: hidden(0.2),
      saturatedShare: hidden(saturated),
      deadShare: hidden(dead),
      preActivationMean: hidden(0),
      preActivationStddev: hidden(1),
      updateRatio: new Float32Array(layers).fill(update),
    });
  }
  for (const [i, [accuracy, value]] of epochs.entries())
    record.epochs.push({ epoch: i + 1, accuracy, loss: value, testAccuracy: accuracy, testLoss: value });
  return record;
}

it('advises what the run has not, in the words of the change', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const record = recordOf(story);
      const { text, remedy, kind } = judge(record, story.config, 10)!;
      if (remedy === undefined) {
        expect(text).not.toMatch(/\bTry\b/);
        return;
      }
      expect(kind).not.toBe('healthy');
      expect(text.endsWith(` Try ${remedy.words}.`)).toBe(true);
      expect(remedy.config).not.toEqual(story.config);
      expect(parseConfig(remedy.config)).toEqual({ config: remedy.config });
      expect(remedy.words).not.toContain(formatInitializer(story.config.kernelInitializer));
      expect(remedy.words).not.toBe(`a learning rate of ${story.config.learningRate}`);
      if (kind === 'diverged' && !Number.isFinite(record.steps.loss.at(0)))
        expect(remedy.words).not.toContain('learning rate');
    }),
    { seed: 1, numRuns: 400 },
  );
});

it('says what is the matter shortly, and all of it in one text', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const { head, short, facts, dated, why, text, remedy } = judge(recordOf(story), story.config, 10)!;
      // Two lines in a panel of 933 px, beside its commands; in a list of many, one.
      expect(head.length).toBeLessThanOrEqual(185);
      expect(short.length, short).toBeLessThanOrEqual(90);
      // The same in fewer words: "ReLU learns slowly".
      expect(short.split(/[ :(.]+/).slice(0, 2)).toEqual(head.split(/[ :(.]+/).slice(0, 2));
      expect(head).not.toMatch(/\bTry\b/);
      // A gradient's size is of one batch, and a score of some time: which is said wherever it stands.
      for (const each of [head, short, facts, dated]) {
        if (/gradient (is|of|shrinks|grows|at|\d)/.test(each)) expect(each).toMatch(/first batch|batch 1\b/);
        if (/\d % right/.test(each)) expect(each).toMatch(/ so far|after \d+ epoch/);
      }
      const parts = [head, why, remedy === undefined ? '' : `Try ${remedy.words}.`];
      expect(text).toBe(parts.filter((part) => part !== '').join(' '));
    }),
    { seed: 3, numRuns: 400 },
  );
});

it('calls no network healthy that ends as a guess with a loss above that of guessing', () => {
  const guesses = fc.tuple(
    fc.double({ min: 0, max: 0.12, noNaN: true }),
    fc.double({ min: 1.51 * Math.log(10), max: 1e6, noNaN: true }),
  );
  const states = fc.constantFrom<NetworkRecord['state'][]>('finished', 'stopped', 'diverged', 'interrupted');
  fc.assert(
    fc.property(stories, guesses, states, (story, last, state) => {
      const record = recordOf({ ...story, state, epochs: [...story.epochs, last] });
      expect(judge(record, story.config, 10)!.kind).not.toBe('healthy');
    }),
    { seed: 2, numRuns: 400 },
  );
});

it('says the accuracy that stands beside it, before an epoch has ended and after', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const record = recordOf(story);
      const { short } = judge(record, story.config, 10)!;
      const [, said] = /: ([\d.]+ %) right/.exec(short) ?? [];
      if (said !== undefined) expect(said).toBe(formatPercent(scoreOf(record).accuracy!));
    }),
    { seed: 4, numRuns: 400 },
  );
});
