import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FlowConfig, paperFlow, parseFlowConfig } from '../../../../src/core/calculation/config';
import { type ExperimentConfig, paperConfig, parseConfig } from '../../../../src/core/experiment/config';
import { flowCommandUri, readFlowArgument } from '../../../../src/core/links/flowArgument';
import { calculatorLink, compareLink, markdownLink, readLink, readLinkParts } from '../../../../src/core/links/link';

const names = ['relu', 'tanh', 'leaky_relu(negative_slope=0.3)', 'softplus(beta=2,threshold=10)', 'rrelu', 'elu'];
const initializers = fc.oneof(
  fc.constantFrom({ kind: 'he_normal' }, { kind: 'zeros' }, { kind: 'orthogonal', gain: 2 }),
  fc.constant({ kind: 'variance_scaling', scale: 1 / 3, mode: 'fan_in', distribution: 'uniform' }),
  fc.record({
    kind: fc.constant('normal'),
    mean: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    stddev: fc.double({ min: 0, max: 1e-7, noNaN: true }),
  }),
);
const widths = (most: number) => fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: most });
const seed = fc.integer({ min: 0, max: 4294967295 });

const anyFlow: fc.Arbitrary<FlowConfig> = fc
  .record({
    framework: fc.constantFrom('keras', 'torch', 'tfjs', 'jax', 'tf2'),
    widths: widths(12),
    inputs: fc.option(fc.integer({ min: 1, max: 65536 })),
    kernelInitializer: fc.option(initializers),
    biasStd: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
    normalisation: fc.constantFrom('none', 'batch', 'layer'),
    dropout: fc.double({ min: 0, max: 0.95, noNaN: true }),
    residual: fc.boolean(),
    inputVariance: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    networks: fc.integer({ min: 0, max: 1000 }),
    data: fc.constantFrom('gaussian', 'digits'),
    seed,
  })
  .chain((rest) => {
    const { length } = rest.widths;
    const list = fc.oneof(
      fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 1 }),
      fc.array(fc.constantFrom(...names), { minLength: length, maxLength: length }),
    );
    const candidates = fc.array(fc.record({ activations: list }), { minLength: 1, maxLength: 4 });
    return candidates.map((each) => ({ ...rest, candidates: each }));
  })
  .map((given) => {
    const result = parseFlowConfig(given);
    if ('problems' in result) throw new Error(result.problems[0]!.message);
    return result.config;
  });

const anyExperiment: fc.Arbitrary<ExperimentConfig> = fc
  .record({
    data: fc.constantFrom({ kind: 'digits' }, { kind: 'mnist' }),
    activations: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }),
    hidden: widths(50),
    kernelInitializer: initializers,
    biasInitializer: initializers,
    optimizer: fc.constantFrom('sgd', 'momentum', 'rmsprop', 'adam'),
    learningRate: fc.double({ min: 1e-8, max: 10, noNaN: true }),
    batchSize: fc.integer({ min: 1, max: 4096 }),
    epochs: fc.integer({ min: 1, max: 1000 }),
    seed,
    seeds: fc.integer({ min: 1, max: 20 }),
    backend: fc.constantFrom('auto', 'wasm', 'cpu'),
  })
  .map((given) => {
    const result = parseConfig(given);
    if ('problems' in result) throw new Error(result.problems[0]!.message);
    return result.config;
  });

/** No −0, which no text has. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));
/** As VS Code hands it on: taken apart, and decoded. */
const handed = (link: string) => {
  const { pathname, search } = new URL(link);
  return readLinkParts(pathname, decodeURIComponent(search.slice(1)));
};
/** Nothing that Markdown, mail or a slide takes for the end of a link. */
const SAFE = /^vscode:\/\/gradient-lens\.gradient-lens\/(calculator|compare)(\?[\w.%=&,;:-]+)?$/;

describe('a link', () => {
  it('brings any calculation back: by itself, in Markdown, and as VS Code hands it on', () => {
    fc.assert(
      fc.property(anyFlow, (config) => {
        const link = calculatorLink(config);
        const expected = { kind: 'calculator', config: plain(config) };
        expect(link).toMatch(SAFE);
        expect(readLink(link)).toEqual(expected);
        expect(readLink(`See ${markdownLink('this [one](x)', link)}, and go on.`)).toEqual(expected);
        expect(handed(link)).toEqual(expected);
        expect(readFlowArgument(link)).toEqual({ config: expected.config });
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('brings any comparison back', () => {
    fc.assert(
      fc.property(anyExperiment, (config) => {
        const link = compareLink(config);
        const expected = { kind: 'compare', config: plain(config) };
        expect(link).toMatch(SAFE);
        expect(readLink(link)).toEqual(expected);
        expect(handed(link)).toEqual(expected);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it('is short: only what differs from the paper’s, and alike layers are counted', () => {
    expect(calculatorLink(paperFlow)).toBe('vscode://gradient-lens.gradient-lens/calculator');
    expect(compareLink(paperConfig)).toBe('vscode://gradient-lens.gradient-lens/compare');
    const deep = { ...paperFlow, widths: Array.from({ length: 50 }, () => 128) };
    expect(calculatorLink(deep)).toBe('vscode://gradient-lens.gradient-lens/calculator?widths=128x50');
    const he = { ...paperConfig, activations: ['relu', 'gelu'], kernelInitializer: { kind: 'he_normal' } } as const;
    expect(compareLink({ ...he, activations: [...he.activations] })).toBe(
      'vscode://gradient-lens.gradient-lens/compare?activations=relu,gelu&init=he_normal',
    );
  });

  it('holds no folder, which is the person’s own', () => {
    const link = compareLink({ ...paperConfig, data: { kind: 'folder', folder: 'file:///home/me/secret' } });
    expect(link).not.toContain('secret');
    expect(readLink(link)).toEqual({ kind: 'compare', config: paperConfig });
  });

  it('opens in any edition of VS Code, and passes over what VS Code adds', () => {
    const expected = { kind: 'calculator', config: { ...paperFlow, seed: 4 } };
    expect(readLink('vscode-insiders://gradient-lens.gradient-lens/calculator?seed=4')).toEqual(expected);
    expect(readLinkParts('/calculator/', 'seed=4&windowId=_blank&vscode-reqid=2')).toEqual(expected);
  });

  it('of the older kind still opens', () => {
    const config = { ...paperFlow, seed: 9 };
    expect(readFlowArgument(flowCommandUri(config))).toEqual({ config });
  });
});

describe('a link from a stranger', () => {
  it.each([
    ['', 'has no link'],
    ['https://example.org/calculator?seed=1', 'has no link'],
    ['vscode://gradient-lens.gradient-lens.evil/calculator', 'has no link'],
    ['vscode://other.gradient-lens/calculator', 'has no link'],
    ['vscode://gradient-lens.gradient-lens', 'leads to “”'],
    ['vscode://gradient-lens.gradient-lens/../calculator', 'leads to “../calculator”'],
    ['vscode://gradient-lens.gradient-lens/run?command=rm', 'leads to “run”'],
    ['vscode://gradient-lens.gradient-lens/calculator?__proto__=1', 'a setting “__proto__”'],
    ['vscode://gradient-lens.gradient-lens/calculator?seed=1&seed=2', 'says “seed” twice'],
    ['vscode://gradient-lens.gradient-lens/calculator?seed=0x10', 'the seed is "0x10"'],
    ['vscode://gradient-lens.gradient-lens/calculator?seed=', 'the seed is ""'],
    ['vscode://gradient-lens.gradient-lens/calculator?seed', 'the seed is ""'],
    ['vscode://gradient-lens.gradient-lens/calculator?seed=1e999', 'the seed is Infinity'],
    ['vscode://gradient-lens.gradient-lens/calculator?seed=%E0%A4%A', 'the seed is "%E0%A4%A"'],
    ['vscode://gradient-lens.gradient-lens/calculator?widths=128x9999,128x9999', 'widths lists 1000 layers'],
    ['vscode://gradient-lens.gradient-lens/calculator?widths=128xx5', 'a width is "128x"'],
    ['vscode://gradient-lens.gradient-lens/calculator?activations=%3Cscript%3E', 'activation "<script>" is not known'],
    ['vscode://gradient-lens.gradient-lens/calculator?init=normal:1', 'the kernel initialiser is not known'],
    ['vscode://gradient-lens.gradient-lens/calculator?init=evil', 'the kernel initialiser is not known'],
    ['vscode://gradient-lens.gradient-lens/calculator?residual=yes', 'residual is "yes"'],
    ['vscode://gradient-lens.gradient-lens/compare?data=file:///etc', 'data is “file:///etc”'],
    ['vscode://gradient-lens.gradient-lens/compare?hidden=128x51', 'hidden has 51 layers'],
    ['vscode://gradient-lens.gradient-lens/compare?activations=relu,relu', 'names one twice'],
    [`vscode://gradient-lens.gradient-lens/calculator?widths=${'1,'.repeat(10_000)}`, 'has 20018 characters'],
  ])('%j is refused with a sentence', (link, words) => {
    const linked = readLink(link);
    expect(linked).toEqual({ problem: expect.stringContaining(words) });
    expect((linked as { problem: string }).problem).toMatch(/^\S.*\.$/s);
  });

  it('of any form is a link or a sentence, and nothing else', () => {
    fc.assert(
      fc.property(fc.constantFrom('/calculator', '/compare', '/'), fc.string({ unit: 'binary' }), (path, query) => {
        const linked = readLinkParts(path, query);
        expect('config' in linked || linked.problem.endsWith('.')).toBe(true);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('to a comparison is not taken for a calculation', () => {
    expect(readFlowArgument(compareLink(paperConfig))).toEqual({
      problems: [{ field: 'candidates', message: expect.stringContaining('opens a comparison') }],
    });
  });
});
