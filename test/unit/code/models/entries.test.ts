import { describe, expect, it } from 'vitest';
import { parse } from '../../../../src/code/document';
import { scriptsIn } from '../../../../src/code/htmlScripts';
import type { Language } from '../../../../src/code/language';
import { type ModelEntry, modelEntry } from '../../../../src/core/report/modelEntry';
import { graphFlow } from '../../../../src/core/theory/graph';
import { modelsIn } from './layersShown';

function entriesOf(text: string, language: Language = 'python'): ModelEntry[] {
  const { models } = modelsIn(text, language);
  return models.map((model) =>
    modelEntry(model, graphFlow(model), ({ from }) => ({ line: text.slice(0, from).split('\n').length })),
  );
}

/** `conv2d(relu)`, `add`: types with their own activations. */
const shown = (text: string, language?: Language): string[][] =>
  entriesOf(text, language).map(({ layers }) =>
    layers.map((layer) => {
      const kind = layer.class === undefined ? layer.type : `other ${layer.class}`;
      return layer.activation === null ? kind : `${kind}(${layer.activation.name})`;
    }),
  );

const torch = (body: string, init: string) => `import torch
import torch.nn as nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__()
${init.replace(/^/gm, '        ')}
    def forward(self, x):
${body.replace(/^/gm, '        ')}
`;

describe('the layers of an entry', () => {
  it('carry the activation that is their argument, or a function called right on what they give', () => {
    const init = 'self.a = nn.Linear(4, 8)\nself.b = nn.Linear(8, 8)\nself.act = nn.ReLU()';
    expect(shown(torch('x = F.relu(self.a(x))\nreturn self.act(self.b(x))', init))).toEqual([
      ['dense(relu)', 'dense', 'activation(relu)'],
    ]);
    expect(shown(torch('return self.b(torch.tanh(self.a(x)))', init))).toEqual([['dense(tanh)', 'dense']]);
    expect(shown(torch('x = self.a(x).relu()\nreturn self.b(x).sigmoid()', init))).toEqual([
      ['dense(relu)', 'dense(sigmoid)'],
    ]);
    expect(
      shown(
        'from keras import Sequential, layers as L\nm = Sequential([L.Input((4,)), L.Dense(3, "elu"), L.Dense(2), L.ELU()])',
      ),
    ).toEqual([['dense(elu)', 'dense', 'activation(elu)']]);
  });

  it('are depthwise over one channel where the code calls them so', () => {
    const layers = '[L.Input((9, 9, 1)), L.DepthwiseConv2D(3, depth_multiplier=8), L.Conv2D(8, 3)]';
    expect(shown(`from keras import Sequential, layers as L\nm = Sequential(${layers})`)).toEqual([
      ['depthwise_conv', 'conv2d'],
    ]);
  });

  it('are depthwise where there are as many groups as channels, also where nobody knows how many', () => {
    const text = `import torch.nn as nn
class Net(nn.Module):
    def __init__(self, c, t):
        super().__init__()
        wide = c * t
        self.a = nn.Conv2d(c, wide, 1)
        self.b = nn.Conv2d(wide, wide, 3, groups=wide)
        self.c = nn.Conv2d(c * t, wide, 3, groups=c * t)
        self.d = nn.Conv2d(wide, wide, 3, groups=c)
        self.pad = nn.ReflectionPad2d(1)
        self.e = nn.Conv2d(8, 8, 3, groups=8)
    def forward(self, x):
        return self.e(self.pad(self.d(self.c(self.b(self.a(x))))))
`;
    const [layers] = shown(text);
    expect(layers).toEqual([
      'conv2d',
      'depthwise_conv',
      'depthwise_conv',
      'conv2d',
      'other nn.ReflectionPad2d',
      'depthwise_conv',
    ]);
  });

  it('do not carry one that others do not see, or that follows what has no kernel', () => {
    const init = 'self.a = nn.Linear(8, 8)\nself.norm = nn.LayerNorm(8)';
    expect(shown(torch('y = self.a(x)\nreturn y + F.relu(y)', init))).toEqual([['dense', 'activation(relu)', 'add']]);
    expect(shown(torch('return F.gelu(self.norm(self.a(x)))', init))).toEqual([
      ['dense', 'layernorm', 'activation(gelu)'],
    ]);
  });

  it('are of the promised types, whatever the framework calls them', () => {
    const init = [
      'self.c = nn.Conv2d(3, 6, 3, padding=1)',
      'self.d = nn.Conv2d(6, 6, 3, groups=6)',
      'self.t = nn.ConvTranspose2d(6, 4, 2)',
      'self.bn = nn.BatchNorm2d(4)',
      'self.gn = nn.GroupNorm(2, 4)',
      'self.p = nn.MaxPool2d(2)',
      'self.q = nn.AvgPool2d(2)',
      'self.g = nn.AdaptiveAvgPool2d(1)',
      'self.o = nn.Dropout(0.5)',
    ].join('\n');
    const body =
      'x = self.gn(self.bn(self.t(self.d(self.c(x)))))\nx = self.g(self.q(self.p(x)))\nx = self.o(torch.flatten(x, 1))\nreturn x';
    expect(shown(torch(body, init))).toEqual([
      [
        'conv2d',
        'depthwise_conv',
        'conv2d_transpose',
        'batchnorm',
        'groupnorm',
        'maxpool',
        'avgpool',
        'globalpool',
        'flatten',
        'dropout',
      ],
    ]);
    const keras = `from keras import Sequential, layers as L
m = Sequential([L.Input((12,)), L.Embedding(10, 8), L.Conv1D(8, 3), L.LSTM(4, return_sequences=True), L.GRU(4, return_sequences=True),
    L.SimpleRNN(4), L.LayerNormalization(), L.Reshape((2, 2)), L.Mystery(2), L.Dense(1)])`;
    expect(shown(keras)).toEqual([
      [
        'embedding',
        'conv1d',
        'lstm(tanh)',
        'gru(tanh)',
        'simple_rnn(tanh)',
        'layernorm',
        'other Reshape',
        'other Mystery',
        'dense',
      ],
    ]);
  });

  it('say what their weights start with: as written, or the framework’s default', () => {
    const of = (text: string, language?: Language) =>
      entriesOf(text, language)[0]!.layers.map(({ kernelInit, biasInit }) => [kernelInit, biasInit]);
    expect(
      of(
        'from keras import Sequential, layers as L\nm = Sequential([L.Input((4,)), L.Dense(3, kernel_initializer="he_normal", use_bias=False), L.Dense(2)])',
      ),
    ).toEqual([
      ['he_normal', null],
      ['glorot_uniform', 'zeros'],
    ]);
    const uniform = 'variance_scaling:0.3333333333333333,fan_in,uniform';
    expect(of(torch('return self.a(x)', 'self.a = nn.Linear(4, 8)'))).toEqual([[uniform, uniform]]);
    expect(
      of(torch('return self.a(x)', 'self.a = nn.Linear(4, 8)\nnn.init.normal_(self.a.weight, std=sigma())'))[0]![0],
    ).toMatch(/normal_/);
  });
});

describe('an entry', () => {
  it('has name, places, loss and symbols', () => {
    const [entry] = entriesOf(`import torch.nn as nn
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(4, width)
        self.second = nn.Linear(width, 2)
    def forward(self, x):
        return self.second(self.first(x).relu())
loss = nn.CrossEntropyLoss()
def train(net, x, y):
    return loss(net(x), y)
`);
    expect(entry).toMatchObject({
      name: 'Net',
      framework: 'torch',
      line: 2,
      input: [4],
      layers: [
        { type: 'dense', name: 'first', line: 5, units: 'width', activation: { name: 'relu' }, unknown: false },
        { type: 'dense', name: 'second', line: 6, units: 2, activation: null },
      ],
      loss: { kind: 'categoricalCrossEntropy', wants: 'logits', line: 9 },
      symbols: [{ name: 'width' }],
    });
  });

  it('is JSON as it stands', () => {
    const [entry] = entriesOf(torch('return self.a(x)', 'self.a = nn.Linear(4, 8)'));
    expect(JSON.parse(JSON.stringify(entry))).toEqual(entry);
  });
});

describe('scripts of a page', () => {
  const page = `<html><head><script src="tf.js"></script><script type="application/json">{"a": 1}</script></head>
<body><p>tf.sequential()</p><SCRIPT type='module'>
const net = tf.sequential();
net.add(tf.layers.dense({units: 3, inputShape: [2], activation: 'relu'}));
</SCRIPT><script type="x-shader">void main() {}</script><script>
net.add(tf.layers.dense({units: 1}));
</script></body></html>`;

  it('stand at their places, and all else is blank', () => {
    const code = scriptsIn(page);
    expect(code).toHaveLength(page.length);
    expect(code.split('\n').map((line) => line.trim())).toEqual([
      '',
      '',
      'const net = tf.sequential();',
      "net.add(tf.layers.dense({units: 3, inputShape: [2], activation: 'relu'}));",
      '',
      'net.add(tf.layers.dense({units: 1}));',
      '',
    ]);
    expect(code.indexOf('const net')).toBe(page.indexOf('const net'));
  });

  it('hold models', () => {
    const code = `const tf = window.tf;${scriptsIn(page)}`;
    expect(parse(code, 'javascript').text).toBe(code);
    expect(shown(scriptsIn(page), 'javascript')).toEqual([['dense(relu)', 'dense']]);
  });

  it('are also what its elements do', () => {
    const clicked = `<!-- <script>not this</script> the <script> tag -->
<input value="Make" onclick="{
 model = tf.sequential();
 model.add(tf.layers.dense({units: 3, inputShape: [2], activation: 'tanh'}));
}"><input onclick="show()"><b onload='{build = async () => {
 const other = tf.sequential(); other.add(tf.layers.dense({units: 1, inputShape: [5]})) }}'>`;
    const code = scriptsIn(clicked);
    expect(code).toHaveLength(clicked.length);
    expect(code).not.toContain('not this');
    expect(code).not.toContain('show');
    expect(shown(code, 'javascript')).toEqual([['dense(tanh)'], ['dense']]);
  });

  it.each(['', '<script>', 'no page', '<script type="text/babel">x</script>'])('of “%s” there are none', (text) => {
    expect(scriptsIn(text).trim()).toBe('');
  });
});
