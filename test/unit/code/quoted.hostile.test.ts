import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activationAt } from '../../../src/code/codeActivation';
import { diagnose } from '../../../src/code/diagnostics/diagnose';
import { parse } from '../../../src/code/document';
import { initializerAt } from '../../../src/code/initializers/codeInitializer';
import { readModels } from '../../../src/code/models/read';
import { alone } from '../../../src/code/place';
import { flowTitle } from '../../../src/core/advice/modelLens';
import { modelSentence } from '../../../src/core/advice/modelSentence';
import { initializerMarkdown } from '../../../src/core/explain/initializerHover';
import { few, withoutIcons } from '../../../src/core/format/excerpt';
import { flowOf } from '../../../src/core/theory/rememberedFlow';
import { inputs } from '../hostile';
import { rendered } from '../renderedMarkdown';
import { modelHover } from './modelHovers';
import { lines } from './reading';

/** What Markdown, HTML or VS Code would make something of. */
const lively = fc.constantFrom(
  '\n# heading\n',
  '\n\n- item\n- item\n',
  '\n\n1. one\n',
  '\n---\n',
  '\n===\n',
  '\n> quoted\n',
  '\n```\nfence\n```\n',
  '\n    indented\n',
  '\r\n\r\n',
  '\u2028# heading',
  'https://evil.example/a',
  'www.evil.example',
  'me@evil.example',
  'mailto:me@evil.example',
  '<https://evil.example>',
  '[text](https://evil.example)',
  '![text](https://evil.example/a.png)',
  '[text](command:evil.run)',
  '](command:evil.run)',
  '[a]: https://evil.example',
  '<a href="command:evil.run">text</a>',
  '<img src="https://evil.example/a.png">',
  '</td></tr></table>',
  '<!--',
  '<script>evil()</script>',
  '$(trash)',
  '\\$(trash)',
  '$(sync~spin)',
  '`',
  '``',
  '```',
  '\\',
  '**strong**',
  '__strong__',
  '~~struck~~',
  '| a | b |\n| - | - |\n| c | d |',
  '&#36;(trash)',
  '&lt;b&gt;',
  '\u202e',
  '\u0000',
  '\ud800',
  ' · ',
);
const ordinary = fc.string({ maxLength: 5 });
const text = fc
  .tuple(fc.array(fc.oneof({ weight: 3, arbitrary: lively }, ordinary), { maxLength: 8 }), fc.nat(400))
  .map(([parts, times]) => parts.join('').repeat(times % 7 === 0 ? times : 1));

const quotedIn = (value: string) => JSON.stringify(value);
const tripled = (value: string) => `"""${value.replaceAll('"', "'").replaceAll('\\', '/')}"""`;
const wordOf = (value: string) => `x${value.replace(/[^\p{L}\p{Nd}_]/gu, '_')}`;

/** Forms of a text in code: a string, one of many lines, a comment in brackets, a name, and raw. */
const written = fc
  .tuple(
    text,
    fc.constantFrom(
      quotedIn,
      tripled,
      wordOf,
      (raw: string) => raw,
      (raw: string) => `(${raw}\n)`,
    ),
  )
  .map(([value, form]) => form(value));

/** What our own hovers have: links of theirs, bold names, tables. */
const ownLinks =
  /^(?:command:[ab]$|https:\/\/(?:docs\.pytorch\.org|pytorch\.org|keras\.io|www\.tensorflow\.org|js\.tensorflow\.org|flax|docs\.jax|docs\.kidger|dm-haiku)[\w./:#-]*)/;
const ownKinds: ReadonlySet<string> = new Set(['strong', 'link', 'code_inline', 'html_block', 'html_inline']);
const ownTags = /^<\/?(?:table|tr|td|code|br|span|img)\b/;
/** Characters of the longest hover, without its picture. */
const MOST = 9000;

function expectOurs(markdown: string): void {
  expect(markdown.length).toBeLessThan(MOST);
  const { links, kinds, tags, icons } = rendered(markdown);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => !ownLinks.test(link))).toEqual([]);
  expect(kinds.filter((kind) => !ownKinds.has(kind))).toEqual([]);
  expect(tags.filter((tag) => !ownTags.test(tag) || /evil/.test(tag))).toEqual([]);
  expect(icons.filter((icon) => icon !== '$(warning)' && icon !== '$(info)')).toEqual([]);
}

const options = { tensorflowKeras: 3 } as const;
const links = { numbers: 'words', compare: () => 'command:a', calculator: () => 'command:b' } as const;

describe('whatever a person’s code holds, a hover stays short, has its own links, and shows nothing of the code as Markdown', () => {
  it.each<[string, (given: readonly string[]) => string, string]>([
    ['arguments of a layer', (given) => `import torch.nn as nn\na = nn.LeakyReLU(${given.join(', ')})`, 'LeakyReLU'],
    [
      'named arguments',
      (given) =>
        `import torch.nn as nn\na = nn.GELU(${given.map((each, k) => `${wordOf(each)}${k}=${each}`).join(', ')})`,
      'GELU',
    ],
    [
      'an argument in its own place',
      ([first = '0']) => `import torch.nn as nn\na = nn.GELU(approximate=${first})`,
      'GELU',
    ],
    [
      'arguments beside a string',
      (given) =>
        `from torch import nn\nnn.init.kaiming_normal_(w, ${given.map((each) => `a=${each}`).join(', ')}, nonlinearity="leaky_relu")`,
      'leaky_relu',
    ],
  ])('%s', (_, code, name) => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 30 }), (given) => {
        const source = code(given);
        const document = parse(source, 'python');
        const hover = modelHover(document, source.indexOf(name) + 1);
        if (hover !== undefined) expectOurs(hover);
      }),
      inputs(60),
    );
  });

  it('an initialiser’s arguments', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 30 }), (given) => {
        const source = `from torch import nn\nnn.init.normal_(w, ${given.map((each, k) => `${k % 2 === 0 ? 'std' : wordOf(each)}=${each}`).join(', ')})`;
        const found = initializerAt(parse(source, 'python'), source.indexOf('normal_') + 1, options, alone);
        if (found !== undefined) expectOurs(initializerMarkdown(found.mention, links));
      }),
      inputs(60),
    );
  });

  it('names of models and layers, in hovers, lenses and findings', () => {
    fc.assert(
      fc.property(text, text, written, (name, layer, other) => {
        const source = lines(
          'import keras',
          'from keras import layers',
          `${wordOf(name)} = keras.Sequential([keras.Input((50,)),`,
          `    layers.Dense(8, activation="sigmoid", name=${quotedIn(layer)}),`,
          `    layers.Dense(8, activation="sigmoid", kernel_initializer=${other}, name=${quotedIn(layer)}),`,
          `    ${wordOf(layer)}(${other}),`,
          '    layers.Dense(8, activation="softmax")',
          `], name=${quotedIn(name)})`,
          `# gradient-lens: ignore[${name.replace(/[\r\n]/g, '')}]`,
          `# gradient-lens: flow >= ${layer.replace(/[\r\n]/g, '')}`,
        );
        const document = parse(source, 'python');
        for (const word of ['Dense', 'sigmoid']) {
          const hover = modelHover(document, source.indexOf(word) + 1);
          if (hover !== undefined) expectOurs(hover);
        }
        const documents = [{ document, cell: 0 }];
        const { models } = readModels(documents, { ...options, input: undefined });
        for (const model of models) {
          const title = withoutIcons(`${flowTitle(model, flowOf(model))} ${modelSentence(model, flowOf(model))}`);
          expect(title.length).toBeLessThan(1500);
          expect(title).not.toMatch(/[\n\r\u2028\u202e]|\$\(/);
        }
        const found = diagnose(models, documents);
        expect(found.length).toBeLessThan(100);
        for (const { message } of found) {
          expect(message.length).toBeLessThan(1100);
          expect(message).not.toMatch(/[\n\r\u2028\u202e]/);
        }
      }),
      inputs(40),
    );
  });

  it('twenty thousand arguments, and one of 300,000 characters', () => {
    const many = `import torch.nn as nn\na = nn.LeakyReLU(${Array.from({ length: 20_000 }, (_, k) => `a${k}=${k}`).join(', ')})`;
    const long = `import torch.nn as nn\na = nn.LeakyReLU(negative_slope=x + "${'a'.repeat(300_000)}")`;
    for (const source of [many, long]) {
      const hover = modelHover(parse(source, 'python'), source.indexOf('LeakyReLU') + 1)!;
      expectOurs(hover);
      expect(hover).toContain('$(warning)');
      expect(rendered(hover).links.slice(0, 2)).toEqual(['command:a', 'command:b']);
    }
    expect(activationAt(parse(many, 'python'), many.indexOf('LeakyReLU') + 1, options)?.found?.problems.at(-1)).toBe(
      '997 further arguments cannot be used either.',
    );
  });

  it('lists of names without end', () => {
    expect(few(['a', 'b', 'c'])).toBe('a, b, c');
    expect(few(['a', 'b', 'c', 'd'])).toBe('a, b, c, …');
  });
});
