import { describe, expect, it } from 'vitest';
import type { Language } from '../../../src/code/language';
import type { LayerBefore } from '../../../src/core/explain/exampleNetwork';
import { hoverMarkdown } from '../../../src/core/explain/hover';
import { pictureSize } from '../../../src/core/explain/picture';
import { resolveSpelling } from '../../../src/core/frameworks/resolve';
import { spellings } from '../../../src/core/frameworks/spellings';
import { plainHover } from '../../fixtures/hoverSnippets';
import { hoversIn } from '../code/modelHovers';

/** Pixels, as measured in VS Code with a wide font: a line, the space of a paragraph, what frames all, letters of a line. */
const look = { line: 19, gap: 8, frame: 8, table: 11, row: 23, letters: 101, beside: 52 };
/** Beyond it VS Code cuts a hover off. */
const MOST = 250;

/** Code is drawn in a frame, as wide as two letters. */
const linesOf = (text: string, letters: number): number =>
  Math.ceil((plainHover(text).length + 2 * (text.split('`').length >> 1)) / letters);

/** Of the figures: the picture's, or of the formulas and two lines of values beside it. */
function tableHeight(table: string): number {
  const [, formulas = ''] = /<td colspan="\d+">(.*?)<\/td>/.exec(table) ?? [];
  const lines = formulas.split('<br>').reduce((sum, formula) => sum + linesOf(formula, look.beside), 0);
  return Math.max(pictureSize.height + look.table, lines * look.line + 52);
}

/** Of lines that are a name and what it says. */
const rowsHeight = (table: string): number => look.table + look.row * (table.split('<tr>').length - 1);

function heightOf(markdown: string): number {
  const parts = markdown.split('\n\n');
  const heights = parts.map((part, i) => {
    if (part.startsWith('<table')) return part.includes('<td colspan') ? tableHeight(part) : rowsHeight(part);
    // A link's address is not to be seen.
    return look.line * linesOf(i === 0 ? part.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1') : part, look.letters);
  });
  return look.frame + heights.reduce((sum, height) => sum + height, 0) + look.gap * (parts.length - 1);
}

const own: LayerBefore = {
  initializer: { kind: 'he_uniform' },
  fans: { fanIn: 256, fanOut: 256 },
  bias: undefined,
  normalisation: 'none',
};

describe('a hover is not cut off', () => {
  const links = { numbers: 'words', picture: 'data:', compare: 'command:a', calculator: 'command:b' } as const;

  it.each([
    ['an example', undefined],
    ['a layer of the code', own],
  ])('at 750 pixels, of %s', (_name, layer) => {
    const tooHigh = spellings.flatMap((spelling) => {
      const found = resolveSpelling(spelling);
      if (found === undefined || found.problems.length > 0) return [];
      const height = heightOf(hoverMarkdown(found, links, layer));
      return height <= MOST ? [] : [`${spelling.framework} ${spelling.name}: ${height}`];
    });
    expect(tooHigh).toEqual([]);
  });
});

/** Python and JavaScript with a model whose names are long, and each kind of layer in it. */
const layers: readonly (readonly [string, Language])[] = [
  [
    `import torch
from torch import nn
class ConvolutionalEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 64, 3, padding=1)
        self.norm = nn.BatchNorm2d(64)
        self.second = nn.Conv2d(64, 128, 3, padding=1)
        self.third = nn.Linear(128 * 32 * 32, 256)
        self.last = nn.Linear(256, 10)
        nn.init.kaiming_normal_(self.second.weight, mode="fan_out", nonlinearity="relu")
    def forward(self, x):
        x = torch.relu(self.norm(self.first(x)))
        x = torch.sigmoid(self.second(x))
        return self.last(torch.tanh(self.third(x.flatten(1))))
recurrent = nn.LSTM(512, 1024)
gates = nn.GRU(512, 1024)
words = nn.Embedding(50000, 300)
deep = nn.Sequential(nn.Linear(784, 128), nn.Sigmoid(), nn.Linear(128, 128), nn.GELU(), nn.Linear(128, 128), nn.Hardsigmoid(),
    nn.Linear(128, 128), nn.LeakyReLU(), nn.Linear(128, 128), nn.Softplus(), nn.Linear(128, 10))
`,
    'python',
  ],
  [
    `import keras
from keras import layers
classifier = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="sigmoid"), layers.Flatten()]
    + [layers.Dense(128, activation="sigmoid") for _ in range(10)] + [layers.Dense(10, activation="softmax")])
recurrent = layers.LSTM(1024)
words = layers.Embedding(50000, 300)
`,
    'python',
  ],
  [
    `import * as tf from '@tensorflow/tfjs';
const classifier = tf.sequential({layers: [tf.layers.dense({units: 128, inputShape: [784], activation: 'sigmoid'}),
  tf.layers.dense({units: 128, activation: 'sigmoid'}), tf.layers.dense({units: 10, activation: 'softmax'})]});
const words = tf.layers.lstm({units: 128});
`,
    'javascript',
  ],
];

describe('a hover on somebody’s model is not cut off', () => {
  it.each(layers)('at 750 pixels, in %s', (text, language) => {
    const heights = hoversIn(text, language).map(({ at, markdown }) => ({ at, height: heightOf(markdown) }));
    expect(heights.length).toBeGreaterThan(4);
    expect(heights.filter(({ height }) => height > MOST)).toEqual([]);
  });
});
