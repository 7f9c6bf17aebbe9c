import { describe, expect, it } from 'vitest';
import { remedies } from '../../../../src/core/advice/flowRemedies';
import { flowVerdict } from '../../../../src/core/advice/flowVerdict';
import { type FlowConfig, paperFlow } from '../../../../src/core/calculation/config';
import { predictCandidate } from '../../../../src/core/calculation/predict';
import { flowVerdictKind } from '../../../../src/core/verdicts/predicted';

const one = (name: string, more: Partial<FlowConfig> = {}): FlowConfig => ({
  ...paperFlow,
  candidates: [{ activations: [name] }],
  ...more,
});
const deep = (layers: number, width = 128): number[] => Array.from({ length: layers }, () => width);
const verdictOf = (config: FlowConfig) => flowVerdict(config, config.candidates[0]!);
const ratioOf = (config: FlowConfig) => predictCandidate(config, config.candidates[0]!).ratio;

const twoLinear = (stddev: number): FlowConfig =>
  one('linear', { widths: [100, 100], kernelInitializer: { kind: 'normal', mean: 0, stddev } });
const ofOne = ratioOf(twoLinear(1));

/** Two linear layers, whose ‖δ¹‖/‖δ²‖ is proportional to the kernels' standard deviation. */
const withRatio = (ratio: number): FlowConfig => twoLinear(ratio / ofOne);

const paperKernels = { kernelInitializer: { kind: 'normal', mean: 1, stddev: 1 } } as const;

describe('the kind', () => {
  it.each([
    [0.99e-3, 'vanishing'],
    [1.01e-3, 'healthy'],
    [1, 'healthy'],
    [69.5, 'healthy'],
    [70.5, 'exploding'],
  ] as const)('of a ratio of %d is %s', (ratio, kind) => {
    const config = withRatio(ratio);
    expect(ratioOf(config)).toBeCloseTo(ratio, 9);
    expect(verdictOf(config).kind).toBe(kind);
  });

  it.each([
    [0.019, 'trains unevenly'],
    [0.021, 'enough to train on'],
    [19.5, 'enough to train on'],
    [20.5, 'trains unevenly'],
  ] as const)('of a healthy ratio of %d says whether it %s', (ratio, words) => {
    expect(verdictOf(withRatio(ratio)).text).toContain(words);
  });

  it('is dead where one layer’s slopes leave less than a thousandth, though others are steep', () => {
    const onDigits: Partial<FlowConfig> = { ...paperKernels, widths: [128], data: 'digits', inputVariance: 0.1 };
    expect(verdictOf(one('sigmoid', onDigits)).kind).toBe('dead');
    expect(verdictOf(one('relu', onDigits)).kind).toBe('healthy');
    const oneFlat = { ...one('relu', { widths: deep(3) }), candidates: [{ activations: ['relu', 'step', 'relu'] }] };
    expect(verdictOf(oneFlat)).toMatchObject({ kind: 'dead', text: expect.stringContaining('layer 2') });
  });

  it('is not dead where a flat layer is bypassed', () => {
    const config = one('sigmoid', { ...paperKernels, residual: true });
    expect(verdictOf(config).kind).not.toBe('dead');
    expect(verdictOf({ ...config, residual: false }).kind).toBe('dead');
  });

  it('alone is the one of the sentence', () => {
    for (const config of [one('sigmoid'), one('tanh'), one('step'), withRatio(100)]) {
      expect(flowVerdictKind(config, config.candidates[0]!)).toBe(verdictOf(config).kind);
    }
  });
});

describe('the sentence', () => {
  it('falls into a short sentence and its reason, which say together what the whole says', () => {
    const all = [
      ...['sigmoid', 'tanh', 'relu', 'step'].flatMap((name) => [one(name), one(name, { widths: deep(1) })]),
      one('relu', { widths: deep(100).map(() => 8), kernelInitializer: { kind: 'he_normal' } }),
      one('sigmoid', paperKernels),
      one('tanh', { kernelInitializer: { kind: 'zeros' } }),
      withRatio(100),
    ];
    for (const config of all) {
      const { text, head, why } = verdictOf(config);
      expect(head).toMatch(/^[^:]+\.$/);
      expect(why).toMatch(/^\S.+\.$/);
      // The number leads, the help ends, and the reason stands between.
      expect(text.startsWith(head.split(/[,;.] /)[0]!.replace(/\.$/, ''))).toBe(true);
      expect(text.toLowerCase()).toContain(why.slice(0, -1).toLowerCase());
      const [, help] = head.split('; ');
      if (help !== undefined) expect(text.endsWith(help)).toBe(true);
      expect(head.length).toBeLessThan(text.length);
      expect(head.length).toBeLessThan(190);
    }
  });

  it('names the steps, and the factor that makes the ratio in so many steps', () => {
    for (const config of [one('sigmoid'), one('relu'), one('gelu', { framework: 'tfjs' }), one('selu')]) {
      const [, steps, factor] = /each of the (\d+) steps back multiplies it by about ([\d.]+)/.exec(
        verdictOf(config).text,
      )!;
      expect(Number(steps)).toBe(9);
      // Two digits of it are told.
      expect(Math.abs(Math.log(ratioOf(config)) / 9 - Math.log(Number(factor)))).toBeLessThan(0.05);
    }
  });

  it('gives slope and kernels as the reason, whose product is the factor', () => {
    for (const framework of ['keras', 'torch', 'tfjs', 'jax'] as const) {
      const text = verdictOf(one('sigmoid', { framework })).text;
      const [, factor, slope, gain] =
        /by about ([\d.]+), since the root mean square slope of sigmoid is ([\d.]+) and kernels of .* multiply by ([\d.]+)/.exec(
          text,
        )!;
      expect(Number(slope) * Number(gain)).toBeCloseTo(Number(factor), 2);
    }
  });

  it.each([
    ['residual', { residual: true }, 'a residual layer passes back what it receives'],
    ['batch', { normalisation: 'batch' }, 'batch normalisation scales it up'],
    ['layer', { normalisation: 'layer' }, 'layer normalisation scales it'],
  ] as const)('gives the reason of what is %s', (_name, more, words) => {
    expect(verdictOf(one('tanh', more)).text).toContain(words);
  });

  it('of a single layer says that there are no steps', () => {
    expect(verdictOf(one('sigmoid', { widths: [128] })).text).toContain('no steps between layers');
  });

  it('of a single layer offers help where its gradient vanishes or explodes, and none where it is healthy', () => {
    const single = (name: string, stddev: number) =>
      verdictOf(one(name, { widths: [128], kernelInitializer: { kind: 'normal', mean: 0, stddev } }));
    const glorot = /to its kernel; the initialiser glorot_uniform lets it through\.$/;
    expect(single('tanh', 100)).toMatchObject({ kind: 'vanishing', head: expect.stringMatching(glorot) });
    expect(single('exponential', 5)).toMatchObject({ kind: 'exploding', head: expect.stringMatching(glorot) });
    expect(single('relu', 1)).toMatchObject({ kind: 'healthy', head: expect.stringMatching(/to its kernel\.$/) });
  });

  it('of networks that are born dead says so in head and reason, and why in the reason alone', () => {
    const narrow = one('relu', { widths: deep(100, 8), kernelInitializer: { kind: 'he_normal' } });
    const { head, why } = verdictOf(narrow);
    expect(head).toMatch(/ % of such networks are born dead[;.]/);
    expect(why).toMatch(/ % of such networks are born dead, with a layer of which no unit is on\.$/);
  });

  it('of kernels with a mean counts the mean to what they multiply by', () => {
    // 128 · (0.05² + 0.05²) = 0.8².
    const config = one('linear', { kernelInitializer: { kind: 'normal', mean: 0.05, stddev: 0.05 } });
    expect(verdictOf(config).why).toContain('multiply by 0.80');
  });

  it('of one step speaks of one', () => {
    expect(verdictOf(one('sigmoid', { widths: deep(2) })).text).toContain('the one step back multiplies it by 0.2');
  });

  it('of kernels of zeros blames them', () => {
    expect(verdictOf(one('tanh', { kernelInitializer: { kind: 'zeros' } }))).toMatchObject({
      kind: 'dead',
      text: expect.stringContaining('with zeros the kernels pass nothing back'),
    });
  });

  it('of an overflow names no number that there is not', () => {
    const { kind, text } = verdictOf(one('exponential'));
    expect(kind).toBe('exploding');
    expect(text).toMatch(/^More than 10³⁰⁸ times the gradient at hidden layer 10 reaches hidden layer 1/);
  });

  it('promises what the change that it names is predicted to leave', () => {
    const { text } = verdictOf(one('sigmoid'));
    expect(text).toContain('ReLU with he_normal would leave 0.91');
    const relu = verdictOf(one('relu', { framework: 'torch' })).text;
    expect(relu).toContain('the initialiser kaiming_normal_ would leave 0.91');
    expect(ratioOf(one('relu', { framework: 'torch', kernelInitializer: { kind: 'he_normal' } }))).toBeCloseTo(0.91, 2);
  });

  it('names the first of the remedies that stand beneath', () => {
    let named = 0;
    for (const name of ['sigmoid', 'relu', 'softplus', 'exponential', 'step', 'silu']) {
      for (const framework of ['keras', 'torch', 'tfjs'] as const) {
        for (const kernelInitializer of [null, { kind: 'he_normal' }, { kind: 'constant', value: 0.1 }] as const) {
          const config = one(name, { framework, kernelInitializer });
          const { text } = verdictOf(config);
          const told = /; (?!fewer)(.*) would leave/.exec(text)?.[1];
          if (told === undefined) continue;
          const [first] = remedies(config, 0);
          expect(told).toBe(first!.words);
          expect(first!.config).not.toEqual(config);
          named++;
        }
      }
    }
    expect(named).toBeGreaterThan(10);
  });

  it('of constant kernels says that all units are the same', () => {
    const config = one('tanh', { kernelInitializer: { kind: 'constant', value: 0.1 } });
    expect(verdictOf(config)).toMatchObject({
      kind: 'dead',
      text: expect.stringContaining('all units of a layer are the same'),
    });
  });

  it('never proposes what is there', () => {
    let named = 0;
    for (const name of ['sigmoid', 'relu', 'tanh', 'exponential', 'step', 'softplus']) {
      for (const framework of ['keras', 'torch'] as const) {
        for (const widths of [deep(2), deep(10), deep(50)]) {
          const base = one(name, { framework, widths });
          const residual = verdictOf({ ...base, residual: true }).text;
          const batch = verdictOf({ ...base, normalisation: 'batch' }).text;
          expect(residual).not.toContain('with residual connections');
          expect(batch).not.toContain('with batch normalisation would');
          named += [residual, batch].filter((text) => /would leave|fewer layers/.test(text)).length;
        }
      }
    }
    expect(named).toBeGreaterThan(5);
  });

  it('is one sentence without a gap, whatever is calculated', () => {
    const changes: readonly Partial<FlowConfig>[] = [
      {},
      { residual: true },
      { normalisation: 'batch' },
      paperKernels,
      { widths: [1] },
    ];
    for (const name of ['sigmoid', 'relu', 'step', 'exponential', 'linear', 'leaky_relu(negative_slope=0.3)']) {
      for (const more of changes) {
        const { text } = verdictOf(one(name, more));
        expect(text).toMatch(/^\S.*[^.]\.$/);
        expect(text).not.toMatch(/NaN|undefined|\s{2}/);
        expect(text).toMatch(/\d|exactly 0/);
      }
    }
  });
});

it('a ratio that is too small for a number vanishes; one that is 0 is dead', () => {
  const config = {
    ...paperFlow,
    candidates: [{ activations: ['tanh'] }],
    widths: Array.from({ length: 100 }, () => 128),
    kernelInitializer: { kind: 'normal' as const, mean: 0, stddev: 1e-6 },
  };
  const small = flowVerdict(config, config.candidates[0]!);
  expect(small.kind).toBe('vanishing');
  expect(small.text).toContain('Less than 10⁻³²³');
  const zeros = { ...config, kernelInitializer: { kind: 'zeros' as const } };
  expect(flowVerdict(zeros, zeros.candidates[0]!)).toMatchObject({ kind: 'dead' });
});
