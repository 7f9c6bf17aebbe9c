import { describe, expect, test } from 'vitest';
import { parse } from '../../../../src/code/document';
import { readModels } from '../../../../src/code/models/read';
import { createRandom, type Random } from '../../../../src/core/math/random';
import { modelEntry } from '../../../../src/core/report/modelEntry';
import { graphFlow } from '../../../../src/core/theory/graph';
import { lines } from '../reading';
import { corpus, modelsIn, shownModel, usual } from './layersShown';

const shown = (text: string, options: Parameters<typeof modelsIn>[2] = {}): string[] =>
  modelsIn(text, 'python', options).models.map(shownModel);

const uncalled = lines(
  'import keras',
  'def make(units, depth=1):',
  '  return keras.Sequential([keras.Input((4,))] + [keras.layers.Dense(units) for _ in range(depth)])',
);

describe('what counts as a model', () => {
  test('a text without a framework has none', () => {
    expect(modelsIn('model = Sequential([Dense(3)])')).toEqual({ models: [], problems: [], asked: [], unread: false });
  });

  test('a layer, an optimiser and a list of tensors are none', () => {
    expect(
      shown('import keras\nlayer = keras.layers.Dense(3)\nopt = keras.optimizers.Adam()\nxs = [keras.Input((2,))]'),
    ).toEqual([]);
  });

  test('two names of one model show it once', () => {
    expect(shown('import keras\na = keras.Sequential([keras.layers.Dense(1, input_dim=2)])\nb = a')).toEqual([
      'a keras [2]: dense(1):1',
    ]);
  });

  test('a variable that holds several in turn shows each', () => {
    const each = (units: number) => `model = keras.Sequential([keras.layers.Dense(${units}, input_dim=2)])`;
    expect(shown(lines('import keras', each(1), each(2), each(3)))).toEqual([
      'model keras [2]: dense(1):1',
      'model keras [2]: dense(2):2',
      'model keras [2]: dense(3):3',
    ]);
  });

  test('a function that is called has its model at the variable, one that is not at its name', () => {
    const [own] = modelsIn(uncalled).models;
    expect(own?.name).toBe('make');
    expect(uncalled.slice(own?.source.from, own?.source.to)).toBe('make');
    expect(shown(`${uncalled}\nnet = make(5, 2)`)).toEqual(['net keras [4]: dense(5):5 dense(5):5']);
  });

  test('a class has the arguments of its first object, and its name as its place', () => {
    const text = lines(
      'import keras',
      'class Net(keras.Model):',
      '  def __init__(self, n):',
      '    super().__init__()',
      '    self.out = keras.layers.Dense(n)',
      '  def call(self, x):',
      '    return self.out(x)',
      'one = Net(3)',
      'two = Net(4)',
      'one.build((None, 7))',
    );
    const { models } = modelsIn(text);
    expect(models.map(shownModel)).toEqual(['Net keras [7]: dense(3):3']);
    expect(text.slice(models[0]?.source.from, models[0]?.source.to)).toBe('Net');
  });

  test('a class that is a part of another is not shown for itself, in whichever order they stand', () => {
    const block = lines(
      'class Block(keras.layers.Layer):',
      '  def __init__(self, n):',
      '    super().__init__()',
      '    self.a = keras.layers.Dense(n, activation="relu")',
      '    self.b = keras.layers.Dense(n)',
      '  def call(self, x):',
      '    return self.b(self.a(x))',
    );
    const net = lines(
      'class Net(keras.Model):',
      '  def __init__(self):',
      '    super().__init__()',
      '    self.block = Block(8)',
      '  def call(self, x):',
      '    return self.block(x)',
    );
    const expected = ['Net keras ?: dense(8) relu dense(8)'];
    expect(shown(lines('import keras', block, net))).toEqual(expected);
    expect(shown(lines('import keras', net, block))).toEqual(expected);
  });
});

describe('what a file does not tell', () => {
  test('an argument without a default is a symbol with its place, and a number once it is filled in', () => {
    const [open] = modelsIn(uncalled).models;
    expect(open?.symbols.map(({ name, source }) => [name, uncalled.slice(source.from, source.to)])).toEqual([
      ['units', 'units'],
    ]);
    expect(shown(uncalled, { symbols: new Map([['units', 12]]) })).toEqual(['make keras [4]: dense(12):12']);
  });

  test('tf.keras means Keras 2 or 3 as the reader is told', () => {
    const text =
      'import tensorflow as tf\nm = tf.keras.Sequential([tf.keras.layers.Dense(2, "hard_sigmoid", input_dim=1)])';
    expect(shown(text)).toEqual(['m keras [1]: dense(2):2 hard_sigmoid']);
    expect(shown(text, { tensorflowKeras: 2 })).toEqual(['m tf2 [1]: dense(2):2 hard_sigmoid(slope=0.2)']);
  });
});

describe('where things stand', () => {
  const text = lines(
    'import keras',
    'hidden = keras.layers.Dense(8, activation="tanh", kernel_initializer="he_normal")',
    'inputs = keras.Input((3,))',
    'net = keras.Model(inputs, hidden(inputs))',
    'net.compile(loss="mse")',
  );
  const [model] = modelsIn(text).models;
  const at = (range: { from: number; to: number } | undefined): string => text.slice(range?.from, range?.to);

  test('a layer has its making and its application', () => {
    const [, layer] = model?.nodes ?? [];
    expect(at(layer?.source)).toBe('keras.layers.Dense(8, activation="tanh", kernel_initializer="he_normal")');
    expect(at(layer?.applied)).toBe('hidden(inputs)');
    expect(layer?.name).toBe('hidden');
  });

  test('an activation and an initialiser have their arguments, a loss too', () => {
    const [, layer, phi] = model?.nodes ?? [];
    expect(at(phi?.source)).toBe('activation="tanh"');
    const kernel = layer?.operation.kind === 'dense' ? layer.operation.kernel : undefined;
    expect(kernel?.kind === 'known' && [kernel.spelled, at(kernel.source)]).toEqual([
      'he_normal',
      'kernel_initializer="he_normal"',
    ]);
    expect(at(model?.loss?.source)).toBe('loss="mse"');
  });
});

describe('a notebook', () => {
  test('shares its names, and tells the cell', () => {
    const cells = ['import keras', 'n = 3', 'net = keras.Sequential([keras.layers.Dense(n, input_dim=1)])'];
    const documents = cells.map((text, cell) => ({ document: parse(text, 'python'), cell: 2 * cell }));
    const { models } = readModels(documents, usual);
    expect(models.map(shownModel)).toEqual(['net keras [1]: dense(3):3']);
    expect(models[0]?.source.cell).toBe(4);
  });
});

const pieces = [
  ...'()[]{}:*%"\'#-@\\=,.'.split(''),
  ...['\n', '    ', '\t', '\r\n', '**', '"""', '=>', '\0', 'é', '𝒳'],
  ...[
    'def f(x):',
    'class A(A):',
    'return',
    'lambda x:',
    'for i in range(10**9):',
    'while True:',
    'async ',
    'try:',
    'if ',
  ],
  ...[
    'import x',
    'from . import *',
    'self.x = self',
    'f(f)',
    'x = x',
    '[x for x in x]',
    '1e309',
    'nn.Sequential(*',
    'getattr(nn,',
  ],
];

/** A text after one to six changes: cut, pieces put in, lines moved, names exchanged. */
function mutated(text: string, random: Random): string {
  const one = <T>(all: readonly T[]): T => all[random.below(all.length)]!;
  let now = text;
  for (let k = 0; k <= random.below(6); k++) {
    const at = random.below(now.length + 1);
    const lines = now.split('\n');
    const line = random.below(lines.length);
    const names = now.match(/\b[a-zA-Z_]\w*\b/g) ?? ['x'];
    switch (random.below(7)) {
      case 0:
        now = now.slice(0, at);
        break;
      case 1:
        now = now.slice(at);
        break;
      case 2:
        now = now.slice(0, at) + one(pieces) + now.slice(at);
        break;
      case 3:
        now = now.slice(0, at) + now.slice(at + random.below(40));
        break;
      case 4:
        now = lines.with(line, one(lines)).join('\n');
        break;
      case 5:
        now = lines.with(line, `${' '.repeat(random.below(9))}${lines[line]!.trim()}`).join('\n');
        break;
      default:
        now = now.replace(new RegExp(`\\b${one(names)}\\b`, 'g'), one(names));
    }
  }
  return now;
}

describe('any text', () => {
  const files = ['keras', 'tfjs'].flatMap((folder) => corpus(folder));

  test.each(files.map((file) => [file.name, file] as const))('%s, cut off and garbled anywhere', (_, { documents }) => {
    for (const { document } of documents) {
      const { text, language } = document;
      for (let k = 1; k < 12; k++) {
        const cut = Math.floor((text.length * k) / 12);
        const mutants = [
          text.slice(0, cut),
          text.slice(cut),
          text.slice(0, cut) + text.slice(cut + 3),
          `${text.slice(0, cut)}\n   ${text.slice(cut)}`,
          `${text.slice(0, cut)}([{${text.slice(cut)}`,
        ];
        for (const mutant of mutants) expect(modelsIn(mutant, language).problems).toEqual([]);
      }
    }
  });

  test('with changes of every kind in it is read without an error, and its entries are JSON', () => {
    const all = ['keras', 'torch', 'flax', 'equinox', 'haiku', 'tfjs'].flatMap((folder) =>
      corpus(folder).map(({ name, documents }) => ({ name: `${folder}/${name}`, ...documents[0]!.document })),
    );
    for (const { name, text, language } of all) {
      // Each file draws for itself: another file changes nothing for it.
      const mutant = mutated(text, createRandom(5, name));
      const { models, problems } = modelsIn(mutant, language);
      expect(problems, mutant).toEqual([]);
      const entries = models.map((model) => modelEntry(model, graphFlow(model), () => ({ line: 1 })));
      expect(JSON.parse(JSON.stringify(entries)), mutant).toEqual(entries);
    }
  });

  test.each([
    '=',
    'import torch\n = \n',
    'import torch\n: =',
    'import torch\nx = = 3\nm = torch.nn.Sequential(torch.nn.Linear(2, 1))',
  ])('an operator with nothing beside it: %s', (text) => expect(modelsIn(text).problems).toEqual([]));

  test('of millions of characters is not read, and says so', () => {
    const { models, problems } = modelsIn(`import keras\n${'x = [1, 2, 3]\n'.repeat(200_000)}`);
    expect(models).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(/^The text has 2,800,013 characters; .* at most 400,000\./)]);
  });

  test('of many classes without an end is given up as a whole, and says so', () => {
    const endless = (name: string) => `class ${name}(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)
    def forward(self, x):
        for j in range(500):
            for k in range(500):
                x = self.a(x)
        return x
`;
    const text = (count: number) =>
      `import torch.nn as nn\n${Array.from({ length: count }, (_, k) => endless(`Net${k}`)).join('')}`;
    const { problems } = modelsIn(text(60));
    expect(problems).toEqual([expect.stringMatching(/^The code takes too many steps .* models may be missing\./)]);
    // One of them leaves the others whole.
    const { models } = modelsIn(`${text(1)}m = nn.Sequential(nn.Linear(2, 1))\n`);
    expect(models.map(({ name }) => name)).toContain('m');
  });

  test('of more layers in a loop than are followed tells that there may be further ones', () => {
    const [model] = modelsIn(
      'import torch.nn as nn\nheld = []\nfor k in range(600):\n    held.append(nn.Linear(4, 4))\nm = nn.Sequential(*held)\n',
    ).models;
    expect(model?.nodes.slice(-2).map(({ operation, certain }) => [operation.kind, certain])).toEqual([
      ['dense', false],
      ['opaque', false],
    ]);
  });

  test('of many small models shows them all', () => {
    const names = Array.from({ length: 150 }, (_, k) => `Net${k}`);
    const small = (name: string) => `class ${name}(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.a = nn.Linear(units, 16)
        self.b = nn.Linear(16, 1)
    def forward(self, x):
        return self.b(torch.relu(self.a(x)))

def make_${name}():
    return nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))
`;
    const { models, problems } = modelsIn(`import torch\nimport torch.nn as nn\n${names.map(small).join('\n')}`);
    expect(problems).toEqual([]);
    expect(models.map(({ name }) => name)).toEqual(names.flatMap((name) => [name, `make_${name}`]));
  });

  test('with lists of the same list a thousand times over, or models of themselves, comes to an end', () => {
    const nested = (leaf: string) => `a = [${leaf}] * 1000\nb = [a] * 1000\nc = [b] * 1000\nd = [c] * 1000\n`;
    const inTorch = (code: string) =>
      modelsIn(`import torch\nimport torch.nn as nn\n${nested('nn.Linear(1, 1)')}${code}`);
    const holder = `class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.held = d
        self.layer = nn.Linear(3, 2)
    def forward(self, x):
        return self.layer(x)
`;
    expect(inTorch(holder).models.map(({ name }) => name)).toEqual(['Net']);
    expect(inTorch('told(d)\nx = torch.cat(d)\nheld = d in d\n').problems).toEqual([]);
    expect(inTorch('m = nn.Sequential(*d)\n').problems).toEqual([]);
    const twice = `m = nn.Sequential(nn.Linear(1, 1))\n${'m = nn.Sequential(m, m)\n'.repeat(40)}`;
    expect(inTorch(`${twice}small = nn.Sequential(nn.Linear(2, 1))\n`).models.map(({ name }) => name)).toContain(
      'small',
    );
    const inKeras = (code: string) => modelsIn(`import keras\n${nested('keras.Input((3,))')}${code}`);
    expect(inKeras('x = keras.layers.Concatenate()(d)\nm = keras.Model(d, x)\n').problems).toEqual([]);
    const again = `m = keras.Sequential([keras.layers.Dense(1)])\n${'m = keras.Sequential([m, m])\n'.repeat(40)}`;
    expect(inKeras(again).problems).toEqual([]);
  });

  test('nested a thousand deep', () => {
    const deep = (open: string, close: string) => `import keras\nx = ${open.repeat(1000)}1${close.repeat(1000)}`;
    expect(modelsIn(deep('(', ')')).problems).toEqual([]);
    expect(modelsIn(deep('[', ']')).problems).toEqual([]);
    expect(modelsIn(deep('keras.Sequential([', '])')).problems).toEqual([]);
  });
});
