import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completionAt } from '../../../src/code/completion';
import { type Edit, IncrementalParse, type ParsedDocument, parse } from '../../../src/code/document';
import { frameworksIn } from '../../../src/code/frameworks';
import { type Language, languageOf } from '../../../src/code/language';
import { mentionAt, mentions } from '../../../src/code/mentions';
import { inputs } from '../hostile';
import { applied, change, fragment } from './edited';
import { lines, shown } from './reading';

const python = lines(
  'import torch.nn as nn, torch.nn.functional as F',
  'from functools import partial',
  'from keras import layers',
  '# 100 % of it!',
  'SLOPE = 0.3',
  'class Model(nn.Module):',
  '    """A model, with activation=\'relu\'."""',
  '    def __init__(self, activation: str = "relu", *rest, **options):',
  '        super().__init__()',
  '        self.act = nn.LeakyReLU(SLOPE / 3) if options else nn.LeakyReLU(-1e-2)',
  "        self.dense = layers.Dense(64, activation='relu' if rest else f'{activation}')",
  '        self.part = partial(F.leaky_relu, negative_slope=SLOPE)',
  '    def forward(self, x):',
  '        for i, y in enumerate(x):',
  '            x = self.act(y) + y.relu_() @ [F.gelu(z) for z in y if (w := z.tanh())]',
  '        try:',
  '            from jax.nn import *',
  '        except (ImportError, KeyError) as error:',
  '            act = None',
  "        return lambda a, b=F.relu: {'activation': 'tanh', **b}[a](x)",
  '',
);

const typescript = lines(
  "import * as tf from '@tensorflow/tfjs';",
  "import {layers, type Tensor, relu as r} from '@tensorflow/tfjs-layers';",
  'const {reLU: R, ...rest} = tf.layers, slope = 0.3;',
  'export class Model<T> extends Base {',
  '  #act = (tf as any).layers.leakyReLU({alpha: slope, ...rest});',
  '  constructor(private readonly activation: string = `relu`) {',
  '    super();',
  "    this.dense = layers.dense({units: 3, activation: x ? 'relu' : 'tanh'});",
  '  }',
  '  async forward(x: Tensor): Promise<Tensor> {',
  '    for (const y of x) { let z = r(y!).leakyRelu(slope ** 2)?.tanh(); z++; }',
  '    try { return this.#act.apply(tf.relu<T>(x)); } catch ({message}) { /* none */ }',
  "    const act = (await import('@tensorflow/tfjs')).elu; // elu",
  '    return ((z) => act(z))(x);',
  '  }',
  '}',
  '',
);

const tsx = lines(
  "import * as tf from '@tensorflow/tfjs';",
  'const A = () => <B c={tf.relu(x)} activation="elu">relu {x.relu()}</B>;',
  '',
);

const samples: readonly (readonly [Language, string])[] = [
  ['python', python],
  ['typescript', typescript],
  ['tsx', tsx],
  ['javascript', tsx],
];

/** Asks everything that can be asked of a document. */
function askEverything(document: ParsedDocument, step = 1): void {
  mentions(document);
  frameworksIn(document);
  for (let offset = 0; offset <= document.text.length; offset += step) {
    const mention = mentionAt(document, offset);
    if (mention !== undefined) {
      expect(mention.from <= offset && offset <= mention.to).toBe(true);
      expect(document.text.slice(mention.from, mention.to)).not.toBe(undefined);
    }
    const place = completionAt(document, offset);
    if (place === undefined) continue;
    expect(place.from <= offset && offset <= place.to && place.to <= document.text.length).toBe(true);
    expect(document.text.slice(place.from, place.to)).not.toContain('\n');
  }
}

describe('any text', () => {
  test('of fragments and noise is read without an error', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Language>('python', 'javascript', 'typescript', 'tsx'),
        fc.array(fragment),
        (language, parts) => {
          askEverything(parse(parts.join(''), language));
        },
      ),
      inputs(300),
    );
  });

  test('with changes in it is read without an error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(change, { maxLength: 5 }), ([language, sample], changes) => {
        const text = changes.reduce((former, next) => applied(former, next).text, sample);
        askEverything(parse(text, language), 7);
      }),
      inputs(200),
    );
  });

  test.each(samples)('of %s is read however it is cut off', (language, sample) => {
    for (let length = 0; length < sample.length; length += 5)
      askEverything(parse(sample.slice(0, length), language), 11);
  });

  test('in the wrong language is read without an error', () => {
    for (const [, sample] of samples) for (const [language] of samples) askEverything(parse(sample, language));
  });

  test('has nothing outside of it', () => {
    const document = parse(python, 'python');
    for (const offset of [-1, Number.NaN, python.length + 1, Number.POSITIVE_INFINITY]) {
      expect(mentionAt(document, offset)).toBeUndefined();
      expect(completionAt(document, offset)).toBeUndefined();
    }
  });

  const nests = [
    '(',
    '[',
    '{',
    'f(',
    'a.',
    'a.b(',
    'not ',
    'lambda: ',
    'x if ',
    '`${',
    'a=>',
    '(a,b)=',
    '[x for x in ',
    'class A:\n',
    "{activation:'",
    'if x:\n',
    'x=x\n',
    '<a>',
    "activation=('",
  ];
  test.each(nests)('nested 10,000 times is read: %j', (nest) => {
    for (const language of ['python', 'tsx'] as const) {
      const document = parse(nest.repeat(10_000), language);
      mentions(document);
      frameworksIn(document);
      for (let offset = 0; offset <= document.text.length; offset += 4999) {
        mentionAt(document, offset);
        completionAt(document, offset);
      }
    }
  });

  test('that doubles names is read in bounded time', () => {
    const doubled = Array.from({ length: 200 }, (_, k) => `x${k + 1} = x${k} + x${k}`);
    const chosen = Array.from({ length: 200 }, (_, k) => `y${k + 1} = y${k} if a else y${k}`);
    const document = parse(
      lines('x0 = 1', ...doubled, ...chosen, 'import torch', 'torch.relu(x200, y200)', 'y200(x)'),
      'python',
    );
    expect(mentions(document).map(shown).at(-1)).toBe('torch.relu(0=?x200, 1=?y200)');
  });
});

describe('an incremental parse', () => {
  const whole = (text: string, language: Language, former: ParsedDocument, edits: readonly Edit[]) =>
    new IncrementalParse(text, language, 1, { document: former, edits }).advance(Number.POSITIVE_INFINITY, () => 0)!;

  test('gives what a full parse gives, after any edits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        ([language, sample], changes) => {
          const long = sample.repeat(4);
          let document = parse(long, language);
          for (const next of changes) {
            const { text, edit } = applied(document.text, next);
            document = whole(text, language, document, [edit]);
            const full = parse(text, language);
            expect(document.tree.toString()).toBe(full.tree.toString());
            expect(mentions(document).map(shown)).toEqual(mentions(full).map(shown));
          }
        },
      ),
      inputs(100),
    );
  });

  test('takes several edits at once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { minLength: 2, maxLength: 4 }),
        ([language, sample], changes) => {
          const former = parse(sample.repeat(3), language);
          const edits: Edit[] = [];
          const text = changes.reduce((before, next) => {
            const { text: after, edit } = applied(before, next);
            edits.push(edit);
            return after;
          }, former.text);
          expect(whole(text, language, former, edits).tree.toString()).toBe(parse(text, language).tree.toString());
        },
      ),
      inputs(100),
    );
  });

  test('starts anew where the edits do not lead to the text', () => {
    const former = parse(python, 'python');
    const text = 'import torch\ntorch.relu(x)';
    const document = whole(text, 'python', former, [{ from: 0, to: 1, insertedLength: 1 }]);
    expect(mentions(document).map(shown)).toEqual(['torch.relu(0=?x)']);
  });

  test('goes on where its time ended, and keeps its result', () => {
    let time = 0;
    const parsing = new IncrementalParse(python.repeat(50), 'python', 7);
    let slices = 1;
    let document = parsing.advance(1, () => time++);
    for (; document === undefined && slices < 100_000; slices++) document = parsing.advance(1, () => time++);
    expect(slices).toBeGreaterThan(10);
    expect(document?.version).toBe(7);
    expect(document?.tree.toString()).toBe(parse(python.repeat(50), 'python').tree.toString());
    expect(parsing.advance(1, () => time++)).toBe(document);
  });
});

test('languages by their VS Code id', () => {
  expect(
    ['python', 'javascript', 'javascriptreact', 'typescript', 'typescriptreact', 'rust', 'toString'].map(languageOf),
  ).toEqual(['python', 'javascript', 'javascript', 'typescript', 'tsx', undefined, undefined]);
});

describe('code nested too deeply for the stack that is left', () => {
  /** The first answer on the way back from the end of the stack. */
  function withoutStack<T>(make: () => T): T {
    try {
      return withoutStack(make);
    } catch {
      return make();
    }
  }

  test.each(['python', 'javascript'] as const)('%s: is read as nothing', (language) => {
    const text = `x = ${'('.repeat(2000)}1`;
    expect(parse(text, language).tree.length).toBe(text.length);
    const { tree } = withoutStack(() => parse(text, language));
    expect(tree.length).toBe(0);
    expect(tree.type.isTop).toBe(true);
  });
});
