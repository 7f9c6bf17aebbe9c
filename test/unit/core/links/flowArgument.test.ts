import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FlowConfig, paperFlow, parseFlowConfig } from '../../../../src/core/calculation/config';
import {
  CALCULATOR_COMMAND,
  commandUri,
  flowArgument,
  flowCommandUri,
  readFlowArgument,
} from '../../../../src/core/links/flowArgument';
import { markdownLink } from '../../../../src/core/links/link';

const flowLink = (config: FlowConfig, title: string) => markdownLink(title, flowCommandUri(config));

const anyConfig: fc.Arbitrary<FlowConfig> = fc
  .record({
    framework: fc.constantFrom('keras', 'torch', 'tfjs', 'jax', 'tf2'),
    names: fc.array(fc.constantFrom('relu', 'tanh', 'leaky_relu(negative_slope=0.3)', 'rrelu'), {
      minLength: 1,
      maxLength: 4,
    }),
    widths: fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 12 }),
    inputs: fc.option(fc.integer({ min: 1, max: 65536 })),
    kernelInitializer: fc.option(
      fc.oneof(
        fc.constant({ kind: 'he_normal' }),
        fc.record({
          kind: fc.constant('normal'),
          mean: fc.double({ min: -9, max: 9, noNaN: true }),
          stddev: fc.constant(0.1),
        }),
      ),
    ),
    biasStd: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
    normalisation: fc.constantFrom('none', 'batch', 'layer'),
    dropout: fc.double({ min: 0, max: 0.95, noNaN: true }),
    residual: fc.boolean(),
    seed: fc.integer({ min: 0, max: 4294967295 }),
  })
  .map(({ names, ...rest }) => {
    const result = parseFlowConfig({ ...rest, candidates: names.map((name) => ({ activations: [name] })) });
    if ('problems' in result) throw new Error(result.problems[0]!.message);
    return result.config;
  });

describe('a link', () => {
  it('brings any calculation back, by itself and as Markdown', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        // JSON has no −0.
        const expected = { config: JSON.parse(JSON.stringify(config)) };
        const uri = flowCommandUri(config);
        expect(uri).toMatch(/^command:gradientLens\.openCalculator\?[^\s()'"<>]+$/);
        expect(readFlowArgument(uri)).toEqual(expected);
        expect(readFlowArgument(flowLink(config, 'see [here](x)'))).toEqual(expected);
        expect(readFlowArgument(JSON.stringify(flowArgument(config)))).toEqual(expected);
      }),
      { seed: 12, numRuns: 100 },
    );
  });

  it('holds only what differs from the paper’s', () => {
    expect(flowArgument(paperFlow)).toEqual({});
    expect(flowArgument({ ...paperFlow, seed: 4, widths: [...paperFlow.widths] })).toEqual({ seed: 4 });
  });

  it('is an argument of the command, in a list', () => {
    const [command, query] = commandUri(CALCULATOR_COMMAND, { it: "isn't (here)" }).split('?') as [string, string];
    expect(command).toBe('command:gradientLens.openCalculator');
    expect(JSON.parse(decodeURIComponent(query))).toEqual([{ it: "isn't (here)" }]);
  });

  it('keeps a title’s brackets and backslashes from ending it', () => {
    expect(flowLink(paperFlow, 'a]b[c\\')).toMatch(/^\[a\\\]b\\\[c\\\\\]\(command:/);
  });

  it('is the first of several in a text', () => {
    const [a, b] = [1, 2].map((seed) => flowLink({ ...paperFlow, seed }, 'open')) as [string, string];
    expect(readFlowArgument(`first ${a}, then ${b}`)).toEqual({ config: { ...paperFlow, seed: 1 } });
  });
});

describe('hostile text', () => {
  it.each([
    '',
    '   ',
    'undefined',
    '{"seed":',
    '<script>alert(1)</script>',
    'command:gradientLens.openCalculator?%E0%A4%A',
    'command:gradientLens.openCalculator?null}',
    'command:gradientLens.compare?%5B%7B%7D%5D',
    '['.repeat(50_000) + ']'.repeat(50_000),
    '"'.repeat(9),
    '[[7]]',
    '"7"',
    '7',
    'true',
  ])('%.40j is refused with a sentence', (text) => {
    const result = readFlowArgument(text);
    expect(result).toHaveProperty('problems');
    for (const { message } of (result as { problems: { message: string }[] }).problems) {
      expect(message).toMatch(/^The (text|calculation) .*\.$/);
    }
  });

  it('reaches no prototype', () => {
    const text = '{"__proto__":{"seed":5,"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    expect(readFlowArgument(text)).toEqual({ config: paperFlow });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each([
    ['{"seed":1e999}', 'seed', 'the seed is Infinity'],
    ['{"activation":{"a":1}}', 'candidates', 'an activation is {"a":1}; expected a name.'],
    ['{"activation":"x\\u0000<b>"}', 'candidates', 'is not known'],
    ['{"activation":"relu","framework":"caffe"}', 'framework', 'framework is "caffe"'],
    [`{"widths":[${Array.from({ length: 5000 }, () => 8).join()}]}`, 'widths', 'widths lists 5000 layers'],
  ])('%.50j names the field', (text, field, words) => {
    expect(readFlowArgument(text)).toEqual({ problems: [{ field, message: expect.stringContaining(words) }] });
  });

  it.each([[() => 1], [Symbol('x')], [3n], [true], [Number.NaN]])('of a kind that no text has is refused', (input) => {
    expect(readFlowArgument(input)).toHaveProperty('problems');
  });

  it.each([[undefined], [null], [[]], [[undefined]], [{}]])('but nothing at all is the paper’s', (input) => {
    expect(readFlowArgument(input)).toEqual({ config: paperFlow });
  });

  it('a hover’s activation gives way to candidates that are said', () => {
    const candidates = [{ activations: ['elu'] }];
    expect(readFlowArgument({ activation: 'relu', candidates })).toEqual({ config: { ...paperFlow, candidates } });
  });
});
