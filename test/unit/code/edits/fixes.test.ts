import { describe, expect, test } from 'vitest';
import { parse } from '../../../../src/code/document';
import { modelFixes } from '../../../../src/code/edits/modelFixes';
import { withTextEdits } from '../../../../src/code/edits/textEdit';
import type { Language } from '../../../../src/code/language';
import { type ModelDocument, readModels } from '../../../../src/code/models/read';
import { activation as catalogueEntry } from '../../../../src/core/activations/catalogue';
import { usual } from '../models/layersShown';

const lines = (...all: string[]): string => `${all.join('\n')}\n`;

const cellsOf = (texts: readonly string[], language: Language): ModelDocument[] =>
  texts.map((text, cell) => ({ document: parse(text, language), cell }));

/** With the rules that say nothing unless they are asked for. */
const asked = { ...usual, severities: { 'bias-before-batchnorm': 'hint', 'torch-default-deep': 'hint' } } as const;

const fixesIn = (text: string | readonly string[], language: Language = 'python') => {
  const documents = cellsOf(typeof text === 'string' ? [text] : text, language);
  return readModels(documents, usual).models.flatMap((model) =>
    modelFixes(model, documents, asked).map((fix) => ({
      ...fix,
      model: model.name,
      after: withTextEdits(documents, fix.edits).map(({ document }) => document.text),
    })),
  );
};

/** The lines that a fix takes away and brings. */
function changed(text: string, title: string, language: Language = 'python'): string[] | undefined {
  const fix = fixesIn(text, language).find((each) => each.title.startsWith(title));
  if (fix === undefined) return undefined;
  const [before, after] = [text.split('\n'), fix.after[0]!.split('\n')];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `-${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+${line}`),
  ];
}

const kerasNet = (imports: readonly string[], hidden: readonly string[], head: string) =>
  lines(...imports, 'net = keras.Sequential([', '    keras.Input((64,)),', ...Array(4).fill(hidden).flat(), head, '])');

describe('Keras', () => {
  const net = (...hidden: string[]) =>
    kerasNet(['import keras', 'from keras import layers'], hidden, '    layers.Dense(10),');

  test('the argument and the initialiser change together, in the quotes of the file', () => {
    const text = net("    layers.Dense(64, activation='sigmoid'),  # wide");
    const [first] = fixesIn(text);
    expect(first?.title).toMatch(/^Use \w+ with \w+: 0\.0\d+ → (1\.0|0\.9\d|0\.99)$/);
    expect(changed(text, 'Use ReLU with he_normal: ')).toEqual([
      ...Array(4).fill("-    layers.Dense(64, activation='sigmoid'),  # wide"),
      ...Array(4).fill("+    layers.Dense(64, activation='relu', kernel_initializer='he_normal'),  # wide"),
    ]);
  });

  test('arguments on lines of their own get another line', () => {
    const text = net(
      '    layers.Dense(',
      '        64,',
      '        activation="sigmoid",',
      '        name=None,  # none',
      '    ),',
    );
    expect(changed(text, 'Use ReLU')?.slice(4)).toEqual(
      Array(4).fill(['+        activation="relu",', '+        kernel_initializer="he_normal",']).flat(),
    );
  });

  test('an initialiser that is written gives way', () => {
    const text = net(
      '    layers.Dense(64, kernel_initializer=keras.initializers.RandomNormal(stddev=0.01), activation="tanh"),',
    );
    expect(changed(text, 'Use glorot_uniform')?.at(-1)).toBe(
      '+    layers.Dense(64, kernel_initializer="glorot_uniform", activation="tanh"),',
    );
  });

  test('a positional activation is followed by the initialiser after all positional arguments', () => {
    expect(changed(net('    layers.Dense(64, "sigmoid", True),'), 'Use ReLU')?.at(-1)).toBe(
      '+    layers.Dense(64, "relu", True, kernel_initializer="he_normal"),',
    );
  });

  test.each([
    ['layers.Activation("sigmoid")', 'relu', 'layers.Activation("relu")'],
    ['keras.layers.LeakyReLU(negative_slope=0.9, name="a")', 'elu', 'keras.layers.ELU(name="a")'],
    ['layers.ReLU(max_value=1)', 'tanh', 'layers.Activation("tanh")'],
  ])('an activation of its own: %s', (written, wanted, expected) => {
    const text = kerasNet(
      ['import keras', 'from keras import layers'],
      ['    layers.Dense(64, kernel_initializer="zeros" if False else "he_normal"),', `    ${written},`],
      '    layers.Dense(10),',
    ).replaceAll(' if False else "he_normal"', '');
    const fixed = changed(
      text.replaceAll('"zeros"', 'keras.initializers.RandomNormal(stddev=0.03)'),
      `Use ${catalogueEntry(wanted).label} `,
    );
    expect(fixed?.at(-1)).toBe(`+    ${expected},`);
  });

  test('functions keep to the module that the code uses', () => {
    const text = lines(
      'import tensorflow as tf',
      'class Net(tf.keras.Model):',
      '    def __init__(self):',
      '        super().__init__()',
      '        self.hidden = [tf.keras.layers.Dense(64) for _ in range(5)]',
      '        self.head = tf.keras.layers.Dense(10)',
      '    def call(self, x):',
      '        for layer in self.hidden:',
      '            x = tf.nn.sigmoid(layer(x))',
      '        return self.head(x)',
      'net = Net()',
      'net.build((None, 64))',
    );
    expect(changed(text, 'Use ReLU')).toEqual(
      [
        '-        self.hidden = [tf.keras.layers.Dense(64) for _ in range(5)]',
        '-            x = tf.nn.sigmoid(layer(x))',
        '+        self.hidden = [tf.keras.layers.Dense(64, kernel_initializer="he_normal") for _ in range(5)]',
        '+            x = tf.nn.relu(layer(x))',
      ].map((line) => line.replaceAll('"he_normal"', "'he_normal'").replace(/'/g, changedQuote(text))),
    );
  });

  /** Where a file has no string, either quote will do: the one that it chose. */
  const changedQuote = (text: string): string => (changed(text, 'Use ReLU')?.join('').includes('"') ? '"' : "'");

  test('what a variable says is changed where it is said, once', () => {
    const text = lines(
      'import keras',
      'ACT = "sigmoid"',
      'def block(n, activation=ACT):',
      '    return keras.layers.Dense(n, activation=activation)',
      'net = keras.Sequential([keras.Input((64,)), *[block(64) for _ in range(5)], keras.layers.Dense(10)])',
    );
    expect(changed(text, 'Use ReLU')).toEqual([
      '-ACT = "sigmoid"',
      '-    return keras.layers.Dense(n, activation=activation)',
      '+ACT = "relu"',
      '+    return keras.layers.Dense(n, activation=activation, kernel_initializer="he_normal")',
    ]);
  });

  test('and not where the output would change with it', () => {
    const text = lines(
      'import keras',
      'ACT = "sigmoid"',
      'net = keras.Sequential([keras.Input((64,))])',
      'for n in (64, 64, 64, 64):',
      '    net.add(keras.layers.Dense(n, activation=ACT))',
      'net.add(keras.layers.Dense(1, activation=ACT))',
    );
    const titles = fixesIn(text).map(({ title }) => title);
    expect(titles.filter((title) => /^Use ReLU/.test(title))).toEqual([]);
  });

  test('a class that is imported by its name gets its sister imported', () => {
    const text = lines(
      'from tensorflow.keras.models import Sequential',
      'from tensorflow.keras.layers import (',
      '    Dense,',
      '    ReLU,',
      ')',
      'net = Sequential()',
      'for _ in range(9):',
      '    net.add(Dense(32, input_shape=(32,)))',
      '    net.add(ReLU())',
      'net.add(Dense(1))',
    );
    expect(changed(text, 'Use ELU')).toEqual([
      '-    ReLU,',
      '-    net.add(Dense(32, input_shape=(32,)))',
      '-    net.add(ReLU())',
      '+    ReLU, ELU,',
      expect.stringMatching(/^\+ {4}net\.add\(Dense\(32, input_shape=\(32,\), kernel_initializer=.he_normal.\)\)$/),
      '+    net.add(ELU())',
    ]);
  });

  test('a notebook is edited in the cells that say it', () => {
    const cells = [
      'import keras\n',
      'ACT = "sigmoid"\n',
      'net = keras.Sequential([keras.Input((64,))])\nfor _ in range(6):\n    net.add(keras.layers.Dense(64, activation=ACT))\n',
      'net.add(keras.layers.Dense(3))\n',
    ];
    const fix = fixesIn(cells).find(({ title }) => title.startsWith('Use ReLU'))!;
    expect(fix.edits.map(({ cell }) => cell)).toEqual([1, 2]);
    expect(fix.after[1]).toBe('ACT = "relu"\n');
  });

  test('line breaks stay as they are', () => {
    const text = net('    layers.Dense(', '        64,', '        activation="sigmoid",', '    ),').replaceAll(
      '\n',
      '\r\n',
    );
    const fix = fixesIn(text).find(({ title }) => title.startsWith('Use ReLU'))!;
    expect(fix.after[0]!.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});

describe('TensorFlow.js', () => {
  const net = (...hidden: string[]) =>
    lines(
      "import * as tf from '@tensorflow/tfjs';",
      'const net = tf.sequential();',
      'for (let i = 0; i < 6; i++) {',
      ...hidden,
      '}',
      'net.add(tf.layers.dense({ units: 3 }));',
    );

  test('options change together', () => {
    expect(
      changed(
        net("  net.add(tf.layers.dense({ units: 32, activation: 'sigmoid', inputShape: [32] }));"),
        'Use ReLU',
        'typescript',
      )?.at(-1),
    ).toBe(
      "+  net.add(tf.layers.dense({ units: 32, activation: 'relu', kernelInitializer: 'heUniform', inputShape: [32] }));",
    );
  });

  test('a layer of its own', () => {
    const text = net(
      '  net.add(tf.layers.dense({ units: 32, inputShape: [32] }));',
      "  net.add(tf.layers.activation({ activation: 'sigmoid' }));",
    );
    expect(changed(text, 'Use SELU', 'javascript')?.slice(2)).toEqual([
      "+  net.add(tf.layers.dense({ units: 32, inputShape: [32], kernelInitializer: 'leCunUniform' }));",
      "+  net.add(tf.layers.activation({ activation: 'selu' }));",
    ]);
    const relu = text.replace("activation({ activation: 'sigmoid' })", 'reLU({ maxValue: 1 })');
    expect(changed(relu, 'Use tanh', 'javascript')?.at(-1)).toBe(
      "+  net.add(tf.layers.activation({ activation: 'tanh' }));",
    );
  });
});

describe('PyTorch', () => {
  test('modules of a class, with initialisers at the end of the constructor', () => {
    const text = lines(
      'import torch',
      'import torch.nn as nn',
      '',
      'class Net(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      '        self.a = nn.Linear(64, 64)',
      '        self.b = nn.Linear(64, 64)',
      '        self.out = nn.Linear(64, 1)',
      '        self.act = nn.Sigmoid()  # squash',
      '',
      '    def forward(self, x):',
      '        return self.out(self.act(self.b(self.act(self.a(x)))))',
    );
    expect(changed(text, 'Use ReLU')).toEqual([
      '-        self.act = nn.Sigmoid()  # squash',
      '+        self.act = nn.ReLU()  # squash',
      "+        nn.init.kaiming_normal_(self.a.weight, nonlinearity='relu')",
      "+        nn.init.kaiming_normal_(self.b.weight, nonlinearity='relu')",
    ]);
    expect(changed(text, 'Use tanh')?.slice(-2)).toEqual([
      '+        nn.init.xavier_uniform_(self.a.weight)',
      '+        nn.init.xavier_uniform_(self.b.weight)',
    ]);
  });

  const forward = (activation: string, imports: readonly string[] = []) =>
    lines(
      'import torch',
      ...imports,
      'class Net(torch.nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      '        self.a = torch.nn.Linear(64, 64)',
      '        self.b = torch.nn.Linear(64, 64)',
      '        self.out = torch.nn.Linear(64, 1)',
      '    def forward(self, x):',
      `        x = ${activation.replace('X', 'self.a(x)')}`,
      `        x = ${activation.replace('X', 'self.b(x)')}`,
      '        return self.out(x)',
    );

  test.each([
    ['torch.sigmoid(X)', 'relu', 'torch.relu(self.b(x))'],
    ['torch.sigmoid(X)', 'elu', 'torch.nn.functional.elu(self.b(x))'],
    ['X.sigmoid()', 'relu', 'self.b(x).relu()'],
    ['X.sigmoid()', 'gelu', 'torch.nn.functional.gelu(self.b(x))'],
  ])('%s to %s', (written, wanted, expected) => {
    expect(changed(forward(written), `Use ${catalogueEntry(wanted).label} `)).toContain(`+        x = ${expected}`);
  });

  test('functions of F, without the parameters of the old one', () => {
    const text = forward('F.leaky_relu(X, 0.9, inplace=True)', ['import torch.nn.functional as F']).replace(
      '        self.out =',
      '        for p in (self.a, self.b):\n            torch.nn.init.normal_(p.weight, 0, 0.01)\n        self.out =',
    );
    const fixed = changed(text, 'Use ELU');
    expect(fixed).toContain('+        x = F.elu(self.b(x), inplace=True)');
    expect(fixed).toContain("+            torch.nn.init.kaiming_normal_(p.weight, nonlinearity='relu')");
  });

  test('an import is added where a name is not there, in the manner of the file', () => {
    const text = lines(
      'from torch.nn import Linear, Module, Sigmoid, Sequential',
      'model = Sequential(Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 1))',
    );
    expect(changed(text, 'Use ReLU')).toEqual([
      '-from torch.nn import Linear, Module, Sigmoid, Sequential',
      '-model = Sequential(Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 1))',
      '+from torch.nn import Linear, Module, Sigmoid, ReLU, Sequential',
      '+from torch import nn',
      '+model = Sequential(Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 1))',
      "+nn.init.kaiming_normal_(model[0].weight, nonlinearity='relu')",
      "+nn.init.kaiming_normal_(model[2].weight, nonlinearity='relu')",
    ]);
  });

  test('many layers of a Sequential in a loop', () => {
    const text = lines(
      'from torch import nn',
      'net = nn.Sequential(',
      ...Array(4).fill(['    nn.Linear(64, 64),', '    nn.Sigmoid(),']).flat(),
      '    nn.Linear(64, 1),',
      ')',
      'index = 3',
    );
    expect(changed(text, 'Use ReLU')?.slice(-2)).toEqual([
      '+for index_ in (0, 2, 4, 6):',
      "+    nn.init.kaiming_normal_(net[index_].weight, nonlinearity='relu')",
    ]);
  });

  test('layers of a comprehension and of a list that grows', () => {
    const text = (making: readonly string[], use: readonly string[]) =>
      lines(
        'import torch',
        'from torch import nn',
        'class Net(nn.Module):',
        '    def __init__(self):',
        '        super().__init__()',
        ...making,
        '    def forward(self, x):',
        ...use,
      );
    const each = [
      '        for layer in self.hidden:',
      '            x = torch.sigmoid(layer(x))',
      '        return self.head(x)',
    ];
    const made = [
      '        self.hidden = nn.ModuleList([nn.Linear(64, 64) for _ in range(5)])',
      '        self.head = nn.Linear(64, 1)',
    ];
    expect(changed(text(made, each), 'Use ReLU')).toEqual([
      '-            x = torch.sigmoid(layer(x))',
      "+            nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')",
      '+            x = torch.relu(layer(x))',
    ]);
    const grown = [
      '        layers = []',
      '        for _ in range(5):',
      '            layers.append(nn.Linear(64, 64))',
      '            layers.append(nn.Sigmoid())',
      '        self.net = nn.Sequential(*layers, nn.Linear(64, 1))',
    ];
    expect(changed(text(grown, ['        return self.net(x)']), 'Use ReLU')?.slice(1)).toEqual([
      "+            nn.init.kaiming_normal_(layers[-1].weight, nonlinearity='relu')",
      '+            layers.append(nn.ReLU())',
    ]);
  });

  test('layers that a function returns get a name, and so do those of a class that is a Sequential', () => {
    const returned = lines(
      'from torch import nn',
      'def block(n):',
      '    return nn.Sequential(',
      '        nn.Linear(n, n),',
      '        nn.Sigmoid(),',
      '    )',
      'net = nn.Sequential(block(64), block(64), block(64), nn.Linear(64, 1))',
    );
    expect(changed(returned, 'Use ReLU')).toEqual([
      '-    return nn.Sequential(',
      '-        nn.Sigmoid(),',
      '+    block_ = nn.Sequential(',
      '+        nn.ReLU(),',
      "+    nn.init.kaiming_normal_(block_[0].weight, nonlinearity='relu')",
      '+    return block_',
    ]);
    const inherited = lines(
      'from torch import nn',
      'class Block(nn.Sequential):',
      '    def __init__(self, n):',
      '        super().__init__(nn.Linear(n, n), nn.Tanh())',
      'net = nn.Sequential(Block(64), Block(64), Block(64), nn.Linear(64, 1))',
    );
    expect(changed(inherited, 'Use xavier_uniform_')).toEqual(['+        nn.init.xavier_uniform_(self[0].weight)']);
  });

  test('a block that ends where the constructor ends has its own lines first', () => {
    const text = lines(
      'from torch import nn',
      'class Net(nn.Module):',
      '    def __init__(self, wide=True):',
      '        super().__init__()',
      '        self.a = nn.Linear(64, 64)',
      '        self.act = nn.Sigmoid()',
      '        self.out = nn.Linear(64, 1)',
      '        if wide:',
      '            self.b = nn.Linear(64, 64)',
      '    def forward(self, x):',
      '        return self.out(self.act(self.b(self.act(self.a(x)))))',
      'net = Net()',
    );
    expect(fixesIn(text).find(({ title }) => title.startsWith('Use tanh'))?.after[0]).toContain(
      lines(
        '            self.b = nn.Linear(64, 64)',
        '            nn.init.xavier_uniform_(self.b.weight)',
        '        nn.init.xavier_uniform_(self.a.weight)',
        '    def forward(self, x):',
      ),
    );
  });

  test('a list whose last layer is the output is gone through up to that', () => {
    const text = lines(
      'import torch',
      'from torch import nn',
      'class Net(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      '        self.layers = nn.ModuleList(nn.Linear(64, 64) for _ in range(6))',
      '    def forward(self, x):',
      '        for layer in self.layers[:-1]:',
      '            x = torch.sigmoid(layer(x))',
      '        return self.layers[-1](x)',
    );
    expect(changed(text, 'Use tanh')).toEqual([
      '-            x = torch.sigmoid(layer(x))',
      '+            nn.init.xavier_uniform_(layer.weight)',
      '+            x = torch.tanh(layer(x))',
    ]);
  });

  test('an activation that the output shares is left alone', () => {
    const text = lines(
      'from torch import nn',
      'class Net(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      '        self.a, self.b = nn.Linear(64, 64), nn.Linear(64, 64)',
      '        self.out = nn.Linear(64, 1)',
      '        self.act = nn.Sigmoid()',
      '    def forward(self, x):',
      '        return self.act(self.out(self.act(self.b(self.act(self.a(x))))))',
    );
    expect(fixesIn(text).filter(({ title }) => /relu|tanh|elu/.test(title))).toEqual([]);
  });
});

describe('Flax', () => {
  const linen = (imports: readonly string[], layer: string, activation: string) =>
    lines(
      ...imports,
      'import jax.numpy as jnp',
      'class MLP(nn.Module):',
      '    @nn.compact',
      '    def __call__(self, x):',
      '        for _ in range(6):',
      `            x = ${layer}(x)`,
      `            x = ${activation}`,
      '        return nn.Dense(10)(x)',
      'params = MLP().init(jax.random.PRNGKey(0), jnp.ones((1, 64)))',
    );

  test.each([
    ['nn.Dense(64)', 'nn.sigmoid(x)', 'relu', 'nn.Dense(64, kernel_init=nn.initializers.he_normal())', 'nn.relu(x)'],
    [
      'nn.Dense(64, kernel_init=nn.initializers.normal(0.01))',
      'jax.nn.sigmoid(x)',
      'gelu',
      'nn.Dense(64, kernel_init=nn.initializers.he_normal())',
      'jax.nn.gelu(x, approximate=False)',
    ],
    ['nn.Dense(64)', 'jnp.tanh(x)', 'relu', 'nn.Dense(64, kernel_init=nn.initializers.he_normal())', 'nn.relu(x)'],
  ])('%s and %s to %s', (layer, activation, wanted, newLayer, newActivation) => {
    const text = linen(['import jax', 'from flax import linen as nn'], layer, activation);
    expect(changed(text, `Use ${catalogueEntry(wanted).label} `)?.slice(2)).toEqual([
      `+            x = ${newLayer}(x)`,
      `+            x = ${newActivation}`,
    ]);
  });

  test('nnx has its own names', () => {
    const text = lines(
      'from flax import nnx',
      'class Net(nnx.Module):',
      '    def __init__(self, rngs: nnx.Rngs):',
      '        self.a = nnx.Linear(64, 64, rngs=rngs)',
      '        self.b = nnx.Linear(64, 64, rngs=rngs)',
      '        self.out = nnx.Linear(64, 1, rngs=rngs)',
      '    def __call__(self, x):',
      '        return self.out(nnx.sigmoid(self.b(nnx.sigmoid(self.a(x)))))',
      'net = Net(nnx.Rngs(0))',
    );
    expect(changed(text, 'Use ReLU')?.slice(3)).toEqual([
      '+        self.a = nnx.Linear(64, 64, rngs=rngs, kernel_init=nnx.initializers.he_normal())',
      '+        self.b = nnx.Linear(64, 64, rngs=rngs, kernel_init=nnx.initializers.he_normal())',
      '+        return self.out(nnx.relu(self.b(nnx.relu(self.a(x)))))',
    ]);
  });

  test('a bias before batch normalisation', () => {
    const text = linen(['import jax', 'from flax import linen as nn'], 'nn.Dense(64)', 'nn.relu(x)').replace(
      '            x = nn.relu(x)',
      '            x = nn.relu(nn.BatchNorm(use_running_average=False)(x))',
    );
    expect(changed(text, 'Leave the bias out')?.slice(1)).toEqual(['+            x = nn.Dense(64, use_bias=False)(x)']);
  });
});

describe('single rules', () => {
  test.each([
    [
      'activation-twice',
      'Remove',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(8, activation="relu"), layers.ReLU(), layers.Dense(3)])',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(8, activation="relu"), layers.Dense(3)])',
    ],
    [
      'bias-before-batchnorm',
      'Leave the bias out: use_bias=False',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(8), layers.BatchNormalization(), layers.ReLU(), layers.Dense(3)])',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(8, use_bias=False), layers.BatchNormalization(), layers.ReLU(), layers.Dense(3)])',
    ],
    [
      'selu-with-dropout',
      'Use alpha dropout',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(8, activation="selu", kernel_initializer="lecun_normal"), layers.Dropout(0.3), layers.Dense(3)])',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(8, activation="selu", kernel_initializer="lecun_normal"), layers.AlphaDropout(0.3), layers.Dense(3)])',
    ],
    [
      'softmax-before-logits-loss',
      'Set from_logits=False',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")]); m.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True))',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")]); m.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=False))',
    ],
    [
      'softmax-before-logits-loss',
      'Remove softmax',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax", name="out")]); m.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True))',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(3, name="out")]); m.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True))',
    ],
    [
      'logits-where-probabilities',
      'Set from_logits=True',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(3)]); m.compile(loss="sparse_categorical_crossentropy")',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(3)]); m.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))',
    ],
    [
      'logits-where-probabilities',
      'Give the output softmax',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(3)]); m.compile(loss="categorical_crossentropy")',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")]); m.compile(loss="categorical_crossentropy")',
    ],
    [
      'output-against-loss',
      'Use sigmoid',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="softmax")]); m.compile(loss="binary_crossentropy")',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="sigmoid")]); m.compile(loss="binary_crossentropy")',
    ],
    [
      'relu-before-cross-entropy',
      'Remove relu',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="relu")]); m.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True))',
      'm = keras.Sequential([keras.Input((8,)), layers.Dense(3)]); m.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True))',
    ],
  ])('%s in Keras: %s', (rule, title, written, expected) => {
    const head = 'import keras\nfrom keras import layers\n';
    const fix = fixesIn(head + written).find((each) => each.title.startsWith(title));
    expect(fix?.after).toEqual([head + expected]);
    expect(fix?.rules).toContain(rule);
  });

  const torch = (layers: string, forward: string, loss: string) =>
    lines(
      'import torch',
      'from torch import nn',
      'import torch.nn.functional as F',
      'class Net(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      `        ${layers}`,
      '    def forward(self, x):',
      `        ${forward}`,
      '        return x',
      'net = Net()',
      `loss = ${loss}(net(torch.zeros(4, 8)), torch.zeros(4, 3))`,
    );

  test.each([
    [
      'Remove',
      'self.a = nn.Linear(8, 3)',
      'x = F.softmax(self.a(x), dim=1)',
      'nn.CrossEntropyLoss()',
      '+        x = self.a(x)',
    ],
    [
      'Use BCEWithLogitsLoss',
      'self.a = nn.Linear(8, 3)',
      'x = self.a(x)',
      'nn.BCELoss()',
      '+loss = nn.BCEWithLogitsLoss()(net(torch.zeros(4, 8)), torch.zeros(4, 3))',
    ],
    [
      'Use cross_entropy',
      'self.a = nn.Linear(8, 3)',
      'x = self.a(x)',
      'F.nll_loss',
      '+loss = F.cross_entropy(net(torch.zeros(4, 8)), torch.zeros(4, 3))',
    ],
    [
      'Leave the bias out',
      'self.n = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))',
      'x = self.n(x)',
      'nn.MSELoss()',
      '+        self.n = nn.Sequential(nn.Linear(8, 8, bias=False), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))',
    ],
    [
      'Use alpha dropout',
      'self.n = nn.Sequential(nn.Linear(8, 8), nn.SELU(), nn.Dropout(0.5), nn.Linear(8, 3))',
      'x = self.n(x)',
      'nn.MSELoss()',
      '+        self.n = nn.Sequential(nn.Linear(8, 8), nn.SELU(), nn.AlphaDropout(0.5), nn.Linear(8, 3))',
    ],
    [
      'Remove',
      'self.n = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.ReLU(), nn.Linear(8, 3))',
      'x = self.n(x)',
      'nn.MSELoss()',
      '+        self.n = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 3))',
    ],
  ])('%s in PyTorch: %s', (title, layers, forward, loss, expected) => {
    expect(changed(torch(layers, forward, loss), title)?.slice(1)).toEqual([expected]);
  });

  test('a statement that says nothing any more goes with its line', () => {
    const text = torch(
      'self.a = nn.Linear(8, 3)',
      'x = self.a(x)\n        x = F.softmax(x, dim=1)',
      'nn.CrossEntropyLoss()',
    );
    expect(changed(text, 'Remove')).toEqual(['-        x = F.softmax(x, dim=1)']);
  });

  test('a bias that the code fills is not taken away', () => {
    const text = torch(
      'self.n = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3)); nn.init.zeros_(self.n[0].bias)',
      'x = self.n(x)',
      'nn.MSELoss()',
    );
    expect(fixesIn(text).map(({ title }) => title)).not.toContain('Leave the bias out: bias=False');
  });
});

test('a good model has no fix', () => {
  const text = lines('from torch import nn', 'model = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 3))');
  expect(fixesIn(text)).toEqual([]);
});

describe('Haiku', () => {
  const net = (hidden: readonly string[]): string =>
    lines(
      'import haiku as hk',
      'import jax',
      'import jax.numpy as jnp',
      'def forward(x):',
      ...Array(6).fill(hidden).flat(),
      '    return hk.Linear(10)(x)',
      'net = hk.transform(forward)',
      'params = net.init(jax.random.PRNGKey(0), jnp.ones((1, 64)))',
    );

  test('the initialiser is written by its numbers, which its title says', () => {
    const text = net(["    x = jax.nn.sigmoid(hk.Linear(64, name='a')(x))"]);
    const title = 'Use ReLU with VarianceScaling(2.0, "fan_in", "truncated_normal"): ';
    expect(changed(text, title)?.at(-1)).toBe(
      "+    x = jax.nn.relu(hk.Linear(64, name='a', w_init=hk.initializers.VarianceScaling(2.0, 'fan_in', 'truncated_normal'))(x))",
    );
    const [promised] = fixesIn(text).filter((fix) => fix.title.startsWith(title));
    expect(promised?.rules).toContain('vanishing-flow');
  });

  test('one that is written gives way', () => {
    const text = net(['    x = hk.Linear(64, w_init=hk.initializers.RandomNormal(0.5))(x)', '    x = jax.nn.relu(x)']);
    expect(changed(text, 'Use VarianceScaling(2.0, ')?.at(-1)).toBe(
      '+    x = hk.Linear(64, w_init=hk.initializers.VarianceScaling(2.0, "fan_in", "truncated_normal"))(x)',
    );
  });

  test('an activation that the loss applies itself is taken out', () => {
    const text = lines(
      'import haiku as hk',
      'import jax',
      'import optax',
      'net = hk.transform(lambda x: jax.nn.softmax(hk.Linear(10)(x)))',
      'def loss_fn(params, x, y):',
      '    return optax.softmax_cross_entropy(net.apply(params, None, x), y).mean()',
    );
    expect(changed(text, 'Remove jax.nn.softmax')?.at(-1)).toBe('+net = hk.transform(lambda x: hk.Linear(10)(x))');
  });
});

describe('Equinox', () => {
  test('the activation changes alone, as layers take no initialiser', () => {
    const text = lines(
      'import equinox as eqx',
      'import jax',
      'key = jax.random.PRNGKey(0)',
      'net = eqx.nn.Sequential([',
      ...Array(5).fill(['    eqx.nn.Linear(64, 64, key=key),', '    eqx.nn.Lambda(jax.nn.sigmoid),']).flat(),
      '    eqx.nn.Linear(64, 10, key=key),',
      '])',
    );
    const titles = fixesIn(text).map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(0);
    expect(titles.filter((title) => /he_|glorot_|lecun_/.test(title))).toEqual([]);
    expect(changed(text, 'Use tanh: ')).toEqual([
      ...Array(5).fill('-    eqx.nn.Lambda(jax.nn.sigmoid),'),
      ...Array(5).fill('+    eqx.nn.Lambda(jax.nn.tanh),'),
    ]);
  });
});

describe('a rule that is off', () => {
  const documents = cellsOf(
    [
      lines(
        'from torch import nn',
        'net = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))',
      ),
    ],
    'python',
  );
  const answered = (severities: Record<string, 'hint' | 'off'>): string[] =>
    readModels(documents, usual).models.flatMap((model) =>
      modelFixes(model, documents, { ...usual, severities }).flatMap(({ rules }) => [...rules]),
    );

  test('has no fix unless somebody asks for it', () => {
    expect(answered({})).toEqual([]);
    expect(answered({ 'bias-before-batchnorm': 'hint' })).toEqual(['bias-before-batchnorm']);
  });

  test('has none where the settings turn it off', () => {
    const text = lines(
      'from torch import nn',
      'net = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Tanh(), nn.Linear(8, 2))',
    );
    const own = cellsOf([text], 'python');
    const [model] = readModels(own, usual).models;
    const rules = (severities: Record<string, 'off'>): string[] =>
      modelFixes(model!, own, { ...usual, severities }).flatMap((fix) => [...fix.rules]);
    expect(rules({})).toContain('activation-twice');
    expect(rules({ 'activation-twice': 'off' })).not.toContain('activation-twice');
  });
});
