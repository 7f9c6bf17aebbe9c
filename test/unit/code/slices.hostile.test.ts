import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindingsOf } from '../../../src/code/bindings';
import { parse } from '../../../src/code/document';
import { type Language, languageIds, languageOf } from '../../../src/code/language';
import type { Binding, Scope } from '../../../src/code/scope';
import { readInSlices } from '../../../src/code/work';
import { inputs } from '../hostile';
import { fragment } from './edited';

const languages = [...new Set(languageIds.map((id) => languageOf(id)!))];

/** Code as people write it, and what parsers take long for: one piece many times over, often one that is never closed. */
const pieces = fc.oneof(
  fragment,
  fc.constantFrom<string>(
    '{"a":',
    '/[',
    '\0',
    '\ud800',
    '(a,',
    'a<',
    '<a ',
    '((',
    '[',
    'f"{',
    '`${',
    'lambda a:',
    'x = ',
    'if a:\n ',
    'def f(self, a):\n    b = a\n',
    'class A:\n    def f(self):\n        self.a = b\n',
    'function f(a, b) { const c = a; b = c; }\n',
    '@decorated\n',
    'from torch import nn\n',
    'export default ',
    '=> {',
    '? : ',
    '<T,>(',
  ),
);
const texts = fc.oneof(
  fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
  fc
    .tuple(fc.array(pieces, { minLength: 1, maxLength: 3 }), fc.integer({ min: 100, max: 1500 }))
    .map(([all, times]) => all.join('').repeat(times)),
);

/** A clock that goes on whenever it is looked at, so that a look stands for a few steps of work; and what was done between rests. */
function countedWork(all: number) {
  const slices: number[] = [];
  let looks = 0;
  let since = 0;
  const limits = {
    slice: SLICE,
    all,
    now: () => looks++,
    async rest() {
      slices.push(looks - since);
      since = looks;
    },
  };
  return { limits, slices, looks: () => looks };
}

const SLICE = 20;

/** What a scope binds, without the nodes, of which each parse has its own. */
const plainScope = ({ kind, from, to, names, attributes, children }: Scope): unknown => {
  const plain = (all: Map<string, Binding[]>) =>
    [...all].map(([name, own]) => [name, own.map(({ meaning, ...rest }) => [meaning.kind, rest])]);
  return { kind, from, to, names: plain(names), attributes: plain(attributes), children: children.map(plainScope) };
};

describe('reading in slices', () => {
  it('ends within its limits whatever the text is, and rests after each slice', async () => {
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.constantFrom<Language>(...languages),
        fc.integer({ min: 50, max: 1500 }),
        async (text, language, all) => {
          const { limits, slices, looks } = countedWork(all);
          const parsed = await readInSlices({ text, language, version: 3 }, limits);
          expect(looks()).toBeLessThan(1.2 * all + 4 * SLICE);
          for (const slice of slices) expect(slice).toBeLessThan(SLICE + 8);
          if (parsed !== undefined) expect(parsed).toMatchObject({ text, language, version: 3 });
        },
      ),
      inputs(60),
    );
  });

  it('finds what reading at once finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pieces, { maxLength: 60 }),
        fc.constantFrom<Language>(...languages),
        async (all, language) => {
          const text = all.join('');
          const { limits } = countedWork(Number.POSITIVE_INFINITY);
          const parsed = (await readInSlices({ text, language, version: 1 }, limits))!;
          const atOnce = parse(text, language);
          expect(parsed.tree.toString()).toBe(atOnce.tree.toString());
          expect(plainScope(bindingsOf(parsed).root)).toEqual(plainScope(bindingsOf(atOnce).root));
        },
      ),
      inputs(60),
    );
  });

  it.each<[string, Language, string]>([
    ['objects that are never closed', 'tsx', '{"a":'.repeat(10_000)],
    ['classes of characters', 'javascript', '/['.repeat(30_000)],
    ['zero bytes', 'python', '\0'.repeat(100_000)],
    ['halves of characters', 'javascript', '\ud800'.repeat(100_000)],
    ['brackets that may be parameters', 'typescript', '(a,'.repeat(20_000)],
  ])('gives up what would take long: %s', async (_, language, text) => {
    const { limits } = countedWork(1000);
    expect(await readInSlices({ text, language, version: 1 }, limits)).toBeUndefined();
  });

  it('binds in as many steps as there are names, also within one class', async () => {
    const steps = async (methods: number): Promise<number> => {
      const own = Array.from({ length: methods }, (__, k) => `    def f${k}(self, b):\n        self.a = b\n`);
      const { limits, looks } = countedWork(Number.POSITIVE_INFINITY);
      await readInSlices({ text: `class A:\n${own.join('')}`, language: 'python', version: 1 }, limits);
      return looks();
    };
    const [few, many] = [await steps(100), await steps(1000)];
    expect(many / few).toBeLessThan(12);
  });

  it('reads nothing where the parser keeps nodes without a type', () => {
    const broken = '[a]: https://evil.example| a | b |\n| - | - |\n| c | d |'.repeat(250);
    const source = [
      'import keras',
      'x = keras.Sequential([',
      `    layers.Dense(8, kernel_initializer=${broken}, name=""),`,
      `    x(${broken}),`,
      '    layers.Dense(8)',
      '], name="")',
    ].join('\n');
    const document = parse(source, 'python');
    expect(bindingsOf(document).root.names.size).toBe(0);
    document.tree.iterate({
      enter({ name }) {
        expect(name).toBeTypeOf('string');
      },
    });
  });
});
