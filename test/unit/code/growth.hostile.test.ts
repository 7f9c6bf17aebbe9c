import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/code/document';
import { interpret } from '../../../src/code/interpret/interpret';
import type { Value } from '../../../src/code/interpret/values';
import { lowered } from '../../../src/code/models/read';
import { graphFlow, isUnknownFlow } from '../../../src/core/theory/graph';
import { inputs } from '../hostile';
import { modelsIn } from './models/layersShown';
import { lines } from './reading';

/** What doubles a list or a text: a few rounds of it would take all memory there is. */
const growing = {
  python: [
    'a = a + a',
    'a += a',
    'a = a * 1000',
    'a.extend(a)',
    'a = [*a, *a]',
    'a = (*a, *a)',
    `a = [${'*a, '.repeat(50)}]`,
    'a = list(itertools.chain(a, a, a))',
    'a = list(itertools.chain(*[a for _ in a]))',
    'a = [x for x in a for _ in range(100)]',
    'a[0:0] = a',
    'a = sorted(a + a)',
    'a = [a, a]',
    's = s + s',
    's = s * 1000',
    's = f"{s}{s}"',
    's = "{0}{0}{0}".format(s)',
    's = "%s%s" % (s, s)',
    's = "%099999999d" % 3',
    's = s.replace("a", "aab")',
    's = s.replace("", s)',
    's = s.join([s, s, s])',
    's = s.join(list(s))',
    'd = {**d, s: a}',
    'd.update({str(i): d})',
    'b = [] * 10**9',
    'b = () * 10**9',
    "b = '' * 10**9",
    'b = [a] * -1',
    'b = list(range(10**12))',
    'b = [None] * 10**9',
    "b = 'x'.ljust(10**9)",
    "b = 'x'.zfill(10**9)",
    'b = 10**10**10',
    'b = 1 << 10**9',
  ],
  javascript: [
    'a = [...a, ...a];',
    `a = [${'...a, '.repeat(50)}];`,
    'a = a.concat(a, a);',
    'a.push(...a);',
    'a.unshift(...a);',
    'a = a.flatMap((x) => [x, x]);',
    'a = a.flatMap((x) => a);',
    'a = a.reduce((x, y) => [...x, y, y], []);',
    'a = Array.from({ length: 1e9 }, () => a);',
    'a = new Array(1e9).fill(a);',
    'a = [a, a];',
    's = s + s;',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code in a text
    's = `${s}${s}${s}`;',
    's = s.repeat(1e9);',
    "s = s.replace('a', 'aab');",
    's = s.replaceAll("", s);',
    "s = s.split('').join(s);",
    's = a.map((x) => s).join(s);',
    'd = { ...d, [s]: a };',
    'b = new Array(1e9);',
    'b = [...Array(1e9).keys()];',
    "b = 'x'.padStart(1e9);",
    "b = ''.repeat(1e9);",
    'b = 10 ** 10 ** 10;',
  ],
} as const;

const around = {
  python: (body: readonly string[]) =>
    lines('import itertools', 'a = [1]', "s = 'ab'", 'd = {}', 'for i in range(100):', ...body.map((x) => `    ${x}`)),
  javascript: (body: readonly string[]) =>
    lines('let a = [1];', "let s = 'ab';", 'let d = {};', 'let b;', 'for (let i = 0; i < 100; i++) {', ...body, '}'),
} as const;

/** Items or characters that a value has by itself. */
function sizeOf(value: Value): number {
  if (value.kind === 'list') return value.items.length;
  if (value.kind === 'dict') return value.entries.size;
  return value.kind === 'constant' && typeof value.value === 'string' ? value.value.length : 0;
}

describe('code that makes ever more of what it has', () => {
  it.each(['python', 'javascript'] as const)('holds no more than is followed, in %s', (language) => {
    const check = (statements: readonly string[]) => {
      const document = parse(around[language](statements), language);
      const { module } = interpret([{ program: lowered(document), text: document.text, cell: 0 }], []);
      for (const value of module.names.values()) expect(sizeOf(value)).toBeLessThanOrEqual(100_000);
    };
    for (const statement of growing[language]) check([statement]);
    const body = fc.array(fc.constantFrom(...growing[language]), { minLength: 2, maxLength: 4 });
    fc.assert(fc.property(body, check), inputs(20));
  });

  it('still has the lists and texts that code writes', () => {
    const document = parse(
      lines(
        'a = [*[1, 2], *(3, 4)]',
        "s = 'x%03d-%s' % (7, 'b')",
        "t = '{0}{1}{0}'.format(1, 'z')",
        "u = 'aXbXc'.replace('X', '--')",
        "v = ', '.join(['p', 'q'])",
        "w = f'{s}!'",
      ),
      'python',
    );
    const { module } = interpret([{ program: lowered(document), text: document.text, cell: 0 }], []);
    const told = (name: string) => {
      const value = module.names.get(name);
      return value?.kind === 'constant' ? value.value : value?.kind === 'list' ? value.items.length : undefined;
    };
    expect(['a', 's', 't', 'u', 'v', 'w'].map(told)).toEqual([4, 'x007-b', '1z1', 'a--b--c', 'p, q', 'x007-b!']);
  });
});

describe('a model of thousands of layers', () => {
  it.each([
    ['in a row', lines('m = nn.Sequential(*([nn.Linear(10, 10), nn.Tanh()] * 4000))')],
    [
      'each of all before it',
      lines(
        'import keras',
        'from keras import layers',
        'i = keras.Input((4,))',
        'xs = [i]',
        'for k in range(300):',
        '    xs.append(layers.Dense(4)(layers.Concatenate()(xs)))',
        'm = keras.Model(i, xs[-1])',
      ),
    ],
  ])('%s is read; what is too much to follow is said', (_, code) => {
    const {
      models: [model],
    } = modelsIn(lines('import torch.nn as nn', code));
    const flow = graphFlow(model!);
    expect(isUnknownFlow(flow) && flow.unknown).toMatch(
      /^the model has [\d,]+ links between its steps; at most 5,000 are followed$/,
    );
  });
});
