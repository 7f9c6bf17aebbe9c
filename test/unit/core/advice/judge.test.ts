import { describe, expect, it } from 'vitest';
import { judge, judgeAll } from '../../../../src/core/advice/judge';
import { type ExperimentConfig, paperConfig } from '../../../../src/core/experiment/config';
import { createRunRecord, type NetworkRecord } from '../../../../src/core/runs/record';
import type { VerdictKind } from '../../../../src/core/runs/verdictKinds';
import { defaultThresholds, type VerdictThresholds } from '../../../../src/core/verdicts/thresholds';

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
  /** Loss of the first batch. */
  firstLoss?: number;
  updateRatio?: number;
  config?: Partial<ExperimentConfig>;
}

function tell(story: Story): { record: NetworkRecord; config: ExperimentConfig } {
  const { activation = 'sigmoid', hidden = [128], state = 'finished', saturated = 0, dead = 0, mean = 0 } = story;
  const config = { ...paperConfig, activations: [activation], hidden, ...story.config };
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
    loss: Float32Array.of(story.firstLoss ?? 2.5),
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
    updateRatio: new Float32Array(layers).fill(story.updateRatio ?? 1e-3),
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
    expect(verdict.head).toContain(
      'shrinks from 1.3 at the output layer to 1.3 × 10⁻⁶ at hidden layer 1 (about 1 in 1 million)',
    );
    expect(verdict.text).toContain('10 hidden layers');
  });

  it('says 1 in N of what is left of a gradient, and of no gradient alone', () => {
    const small = { hidden: [128, 128], norms: [1.1e-6, 1e-4, 2.9], epochs: stuck };
    expect(verdictOf(small).head).toContain('to 1.1 × 10⁻⁶ at hidden layer 1 (about 1 in 2.6 million)');
    for (const story of [
      { activation: 'relu', epochs: undefined },
      { saturated: 1 },
      { activation: 'relu', norms: [1e-5, 1e-5, 1e-5] },
    ])
      expect(verdictOf({ ...small, ...story } as Story).text).not.toContain('1 in');
  });

  it('explains a loss above that of guessing beside a good accuracy', () => {
    const paper = { activation: 'relu', norms: [49, 120] };
    expect(verdictOf({ ...paper, epochs: [[0.79, 6.98]] }).why).toMatch(
      /^Its loss of 6\.98 .*sure of its wrong answers/,
    );
    // 36 % right at a loss of 120: still learning, and the wrong ones cost 186 nats each.
    expect(verdictOf({ ...paper, firstLoss: 1100, epochs: [[0.36, 120]] }).why).toContain('sure of its wrong answers');
    for (const score of [
      [0.79, 0.7],
      [0.79, 2.4],
    ] as const)
      expect(verdictOf({ ...paper, epochs: [[...score]] }).why).toBe('');
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
    ['started', { activation: 'relu', state: 'running', epochs: [] }],
    ['started', { activation: 'relu', state: 'running', epochs: [[0.3, 2]] }],
    ['started', { activation: 'relu', state: 'stopped', epochs: [] }],
    ['started', { activation: 'relu', state: 'stopped', firstLoss: 1100, epochs: [] }],
    ['healthy', { activation: 'relu', state: 'running', epochs: [[0.6, 2]] }],
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
    const { config } = tell({});
    const empty = createRunRecord('x', '', config, { name: '', train: 1, test: 1, classes: 10, inputs: 1 })
      .networks[0]!;
    expect(judge(empty, config, 10)).toBeUndefined();
  });
});

describe('a threshold', () => {
  /** The kind with one threshold put at what was found, and a little beside it. */
  const kinds = (story: Story, of: keyof VerdictThresholds, at: number) => {
    const { record, config } = tell(story);
    return [at * 0.999, at, at * 1.001].map(
      (limit) => judge(record, config, 2, { ...defaultThresholds, [of]: limit })!.kind,
    );
  };
  /** Two classes: half are guessed. */
  const guesses: [number, number][] = [
    [0.5, 0.7],
    [0.5, 0.7],
  ];
  const flat: [number, number][] = [
    [0.5625, 0.7],
    [0.5625, 0.7],
  ];
  const better = (accuracy: number): [number, number][] => [
    [0.5, 0.7],
    [accuracy, 0.6],
  ];

  it.each<[string, Story, keyof VerdictThresholds, number, VerdictKind[]]>([
    [
      'saturated',
      { activation: 'tanh', saturated: 0.5, epochs: guesses },
      'saturatedShare',
      0.5,
      ['saturated', 'stalled', 'stalled'],
    ],
    ['dying', { activation: 'relu', dead: 0.5, epochs: guesses }, 'dyingShare', 0.5, ['dying', 'dying', 'stalled']],
    [
      'vanishing',
      { norms: [2 ** -20, 1], epochs: guesses },
      'vanishingRatio',
      2 ** -20,
      ['stalled', 'stalled', 'vanishing'],
    ],
    [
      'vanishing in itself',
      { norms: [2 ** -20, 1], epochs: guesses },
      'vanishingNorm',
      2 ** -20,
      ['stalled', 'stalled', 'vanishing'],
    ],
    ['exploding', { norms: [64, 1], epochs: guesses }, 'explodingRatio', 64, ['exploding', 'stalled', 'stalled']],
    ['stalled', { activation: 'tanh', epochs: flat }, 'stalledShare', 0.125, ['healthy', 'stalled', 'stalled']],
    [
      'gain',
      {
        activation: 'tanh',
        epochs: [
          [0.5, 0.7],
          [0.53125, 0.6],
        ],
      },
      'stalledGain',
      0.03125,
      ['healthy', 'healthy', 'stalled'],
    ],
    [
      'driven away',
      { activation: 'tanh', firstLoss: 2, epochs: [[0.5, 16]] },
      'divergedLoss',
      8,
      ['diverged', 'stalled', 'stalled'],
    ],
  ])('%s: %#', (_, story, of, at, expected) => {
    expect(kinds(story, of, at)).toEqual(expected);
  });

  it('of what is learnt comes before all others', () => {
    const ill: Story = { norms: [0, 1], saturated: 1, dead: 1, epochs: better(0.75) };
    expect(kinds(ill, 'learntShare', 0.5)).toEqual(['healthy', 'healthy', 'saturated']);
  });

  it('of a stall holds only from the second epoch on, and only where little was gained', () => {
    const { record, config } = tell({ activation: 'tanh', epochs: [[0.53125, 0.6]] });
    expect(judge(record, config, 2)!.kind).toBe('healthy');
    record.epochs.push({ epoch: 2, accuracy: 0.5625, loss: 0.6, testAccuracy: 0.5, testLoss: 0.7 });
    expect(judge(record, config, 2)!.kind).toBe('stalled');
    record.epochs[1] = { ...record.epochs[1]!, accuracy: 0.59375 };
    expect(judge(record, config, 2)!.kind).toBe('healthy');
    // Not so little has been learnt, though nothing since.
    record.epochs[0] = { ...record.epochs[0]!, accuracy: 0.59375 };
    expect(judge(record, config, 2)!.kind).toBe('healthy');
  });
});

describe('a gradient that is exactly 0', () => {
  it('at every layer has vanished, though it has no ratio', () => {
    expect(verdictOf({ norms: [0, 0], epochs: stuck }).kind).toBe('vanishing');
    // A norm that is not small has not, whatever the last one is.
    expect(verdictOf({ norms: [1, 0], epochs: stuck }).kind).toBe('exploding');
  });
});

describe('a network that failed', () => {
  it('keeps its verdict and says that it failed, and why', () => {
    const { record, config } = tell({ state: 'failed', activation: 'relu' });
    record.message = 'The worker died.';
    const { kind, head, short, facts, figures, dated, provisional } = judge(record, config, 10)!;
    expect([kind, provisional]).toEqual(['healthy', false]);
    expect(head).toMatch(/ Then it failed: The worker died\.$/);
    expect(short).toMatch(/ Then it failed\.$/);
    expect(facts).toMatch(/ Then it failed\.$/);
    expect(figures).toMatch(/, failed$/);
    expect(dated).toMatch(/, failed$/);
    record.state = 'finished';
    const whole = judge(record, config, 10)!;
    for (const text of [whole.head, whole.short, whole.facts, whole.figures, whole.dated])
      expect(text).not.toContain('failed');
    record.state = 'failed';
    delete record.message;
    expect(judge(record, config, 10)!.head).toMatch(/ Then it failed\.$/);
  });
});

describe('how far a network is', () => {
  const slow: [number, number][] = [
    [0.3, 2],
    [0.4, 1.8],
  ];
  it.each<[VerdictKind, string, Story]>([
    ['stalled', 'off, at the end of less than an epoch', { state: 'finished', firstLoss: 5, epochs: [] }],
    ['started', 'off, before that', { state: 'running', firstLoss: 5, epochs: [] }],
    ['healthy', 'guessing, at the end of less than an epoch', { state: 'finished', epochs: [] }],
    ['started', 'in its second epoch', { state: 'running', epochs: slow.slice(0, 1) }],
    ['healthy', 'in its third', { state: 'running', epochs: slow }],
    ['healthy', 'stopped in its second', { state: 'stopped', epochs: slow.slice(0, 1) }],
    ['saturated', 'of units that are steep on both sides', { activation: 'linear', saturated: 0.6, epochs: stuck }],
  ])('%s: %s', (kind, _, story) => {
    expect(verdictOf({ activation: 'tanh', ...story }).kind).toBe(kind);
  });

  it('after an epoch of guessing goes by its latest steps, unless it is off', () => {
    const kindsAt = (loss: number) => {
      const { record, config } = tell({ activation: 'tanh', epochs: [[0.1, loss]] });
      const before = judge(record, config, 10)!.kind;
      record.steps.append({
        ...{ firstStep: 1, loss: Float32Array.of(1), accuracy: Float32Array.of(0.9) },
        gradientNorms: Float32Array.of(1, 1),
      });
      return [before, judge(record, config, 10)!.kind];
    };
    expect(kindsAt(2.31)).toEqual(['stalled', 'healthy']);
    expect(kindsAt(4)).toEqual(['stalled', 'stalled']);
  });
});

describe('what is advised', () => {
  it('of a stall without gradients is nothing, of other ills something', () => {
    const of = (deadShare: number) => {
      const { config, record: told } = tell({ activation: 'relu', epochs: stuck });
      const dataset = { name: '', train: 1, test: 1, classes: 10, inputs: 784 };
      const record = createRunRecord('x', '', config, dataset).networks[0]!;
      record.state = 'finished';
      record.steps.append({ firstStep: 0, loss: Float32Array.of(2.5), accuracy: Float32Array.of(0.1) });
      record.probes.append({ step: Int32Array.of(0), deadShare: Float32Array.of(deadShare) });
      record.epochs.push(...told.epochs);
      return judge(record, config, 10)!;
    };
    expect(of(0)).toMatchObject({ kind: 'stalled' });
    expect(of(0).remedy).toBeUndefined();
    expect(of(1).kind).toBe('dying');
    expect(of(1).remedy).toBeDefined();
  });

  it('against death at birth begins at the threshold of death', () => {
    const he = { kernelInitializer: { kind: 'he_normal' } } as const;
    const { record, config } = tell({ activation: 'relu', hidden: [2, 2], dead: 0.5, config: he, epochs: stuck });
    const remedy = (dyingShare: number) => judge(record, config, 10, { ...defaultThresholds, dyingShare })!.remedy!;
    expect(remedy(0.5).words).toMatch(/^leaky ReLU/);
  });

  it('against a stall is a lower rate where the loss is far above guessing, else a higher one', () => {
    const glorot = { kernelInitializer: { kind: 'glorot_uniform' } } as const;
    const rateAt = (loss: number) =>
      verdictOf({
        ...{ activation: 'tanh', config: glorot },
        epochs: [
          [0.104, 2.5],
          [0.105, loss],
        ],
      }).remedy!.config.learningRate;
    expect(rateAt(3.4)).toBeCloseTo(0.01, 12);
    expect(rateAt(3.5)).toBeCloseTo(0.0001, 12);
  });
});

describe('a stall', () => {
  it('that a start far above guessing explains is advised another start, however large its steps are', () => {
    const stalled = { activation: 'tanh', updateRatio: 1, epochs: [[0.097, 218_663]] as [number, number][] };
    const { kind, remedy } = verdictOf({ ...stalled, firstLoss: 218_000 });
    expect(kind).toBe('stalled');
    expect(remedy!.config.learningRate).toBe(paperConfig.learningRate);
    expect(remedy!.config.kernelInitializer).not.toEqual(paperConfig.kernelInitializer);
    const later = verdictOf({ ...stalled, epochs: stuck }).remedy!.config;
    expect(later.learningRate).toBeCloseTo(paperConfig.learningRate / 10, 12);
    expect(later.kernelInitializer).toEqual(paperConfig.kernelInitializer);
  });
});

describe('a network that diverged', () => {
  it('says so everywhere, without a cause, with how many steps there are', () => {
    const { record, config } = tell({ state: 'diverged', activation: 'relu', firstLoss: 10 });
    const silent = judge(record, config, 10)!;
    expect(silent).toMatchObject({
      ...{ head: 'ReLU diverged. The loss was not finite.', why: '', short: silent.head, provisional: false },
      ...{ facts: 'The loss was not finite.', figures: 'loss not finite', dated: 'loss not finite' },
      evidence: [{ label: 'steps recorded', value: '1' }],
      remedy: { words: 'a learning rate of 0.0001' },
    });
    const message = 'The loss was not finite at step 3.';
    record.message = message;
    expect(judge(record, config, 10)!).toMatchObject({ facts: message, figures: message, dated: message });
  });
});

describe('the verdicts of a run', () => {
  it('are by network, of those that have a step', () => {
    const run = createRunRecord(
      'r',
      '',
      { ...paperConfig, hidden: [4] },
      { name: '', train: 1, test: 1, classes: 10, inputs: 1 },
    );
    run.networks[1]!.steps.append({ firstStep: 0, loss: Float32Array.of(2.3), accuracy: Float32Array.of(0.1) });
    expect([...judgeAll(run).keys()]).toEqual(['relu#0']);
  });
});

describe('a network that guesses', () => {
  const ten = new Array(10).fill(128);
  const glorot = { kernelInitializer: { kind: 'glorot_uniform' } } as const;
  const he = { kernelInitializer: { kind: 'he_normal' } } as const;

  it.each<[string, Story]>([
    ['a loss far above guessing, from the start', { firstLoss: 218_000, epochs: [[0.097, 218_663]] }],
    ['nothing right', { epochs: [[0, 2.4]] }],
    ['no better than guessing after its one epoch', { epochs: [[0.1, 2.31]] }],
  ])('has not learnt: %s', (_name, story) => {
    expect(verdictOf({ activation: 'tanh', ...story })).toMatchObject({ kind: 'stalled' });
    expect(verdictOf({ activation: 'tanh', state: 'running', ...story }).kind).toBe('stalled');
  });

  it('diverged where training has raised the loss, which a lower rate would not have', () => {
    const config = { ...he, optimizer: 'sgd', learningRate: 10 } as const;
    const { kind, text, remedy } = verdictOf({ activation: 'elu', config, epochs: [[0.1, 62_475]] });
    expect(kind).toBe('diverged');
    expect(text).toContain('from 2.50 at the first batch to 62,475');
    expect(remedy!.config).toMatchObject({ ...he, learningRate: 1 });
  });

  it('that is off from the first batch on is advised no learning rate', () => {
    for (const firstLoss of [Number.NaN, Number.POSITIVE_INFINITY, 5000]) {
      const { record, config } = tell({ activation: 'relu', state: 'diverged', firstLoss });
      expect(judge(record, config, 10)!.remedy!.words).toBe('he_normal');
    }
    const { record, config } = tell({ activation: 'relu', state: 'diverged' });
    expect(judge(record, config, 10)!.remedy!.words).toBe('a learning rate of 0.0001');
  });

  it.each([
    [{ kind: 'zeros' }, 'zeros'],
    [{ kind: 'constant', value: 1 }, 'constant:1'],
    [{ kind: 'normal', mean: 0.1, stddev: 0 }, 'normal:0.1,0'],
  ] as const)('starts with equal units: %j', (kernelInitializer, name) => {
    const story = {
      activation: 'relu',
      hidden: [64, 32],
      config: { kernelInitializer },
      norms: [0, 0, 1],
      epochs: stuck,
    };
    const { kind, text, remedy } = verdictOf({ ...story, dead: 1 });
    expect(kind).toBe('symmetric');
    expect(text).toContain(`with ${name} all 64 units of hidden layer 1 are the same`);
    expect(remedy!.words).toBe('he_normal');
    const biases = { biasInitializer: { kind: 'normal', mean: 0, stddev: 1 } } as const;
    expect(verdictOf({ ...story, config: { kernelInitializer, ...biases } }).kind).not.toBe('symmetric');
    expect(verdictOf({ ...story, hidden: [1, 1] }).kind).not.toBe('symmetric');
  });

  it('where the gradient vanishes is offered the fitting initialiser if that does, else another activation', () => {
    const vanishing = { hidden: ten, norms: [1e-7, ...new Array(9).fill(1e-3), 1], epochs: stuck };
    const textbook = verdictOf({ ...vanishing, config: glorot });
    expect(textbook.kind).toBe('vanishing');
    expect(textbook.remedy).toMatchObject({ words: 'ReLU with he_normal', config: { activations: ['relu'], ...he } });
    const relu = { ...vanishing, activation: 'relu' };
    const small = { kernelInitializer: { kind: 'normal', mean: 0, stddev: 0.01 } } as const;
    expect(verdictOf({ ...relu, config: small }).remedy!.words).toBe('he_normal');
    expect(verdictOf({ ...relu, config: he }).text).not.toContain('he_normal');
  });

  it('dead from birth gets a slope on both sides; dead by training, smaller steps', () => {
    const dying = { activation: 'relu', hidden: [2, 2], dead: 1, epochs: stuck };
    expect(verdictOf({ ...dying, config: he }).remedy!.words).toMatch(/^leaky ReLU/);
    const { record, config } = tell({ ...dying, dead: 0, config: he });
    record.probes.append({
      step: Int32Array.of(1),
      meanDerivative: new Float32Array(2),
      saturatedShare: new Float32Array(2),
      deadShare: new Float32Array(2).fill(1),
      preActivationMean: new Float32Array(2),
      preActivationStddev: new Float32Array(2),
      updateRatio: new Float32Array(3),
    });
    expect(judge(record, config, 10)).toMatchObject({ kind: 'dying', remedy: { words: 'a learning rate of 0.0001' } });
  });

  it.each([
    [1, 'a learning rate of 0.0001'],
    [1e-6, 'a learning rate of 0.01'],
  ])('though a gradient arrives, with steps of %d of its weights, is advised others', (updateRatio, words) => {
    expect(verdictOf({ activation: 'tanh', updateRatio, epochs: stuck }).remedy!.words).toBe(words);
  });
});
