import { describe, expect, it } from 'vitest';
import { modelsOf } from '../../../src/code/initializers/textModels';
import type { Language } from '../../../src/code/language';
import { alone } from '../../../src/code/place';
import { factorLabel, flowTitle } from '../../../src/core/advice/modelLens';
import { graphFlow, isUnknownFlow } from '../../../src/core/theory/graph';
import { plainHover } from '../../fixtures/hoverSnippets';
import { modelHover } from './modelHovers';
import { lines, withCursor } from './reading';

const hover = (source: string, language: Language = 'python'): string => {
  const { document, offset } = withCursor(source, language);
  return plainHover(modelHover(document, offset) ?? '');
};

const torch = (...code: string[]) => lines('from torch import nn', 'import torch.nn.functional as F', ...code);
const keras = (...code: string[]) => lines('import keras', 'from keras import layers', ...code);
const flax = (...code: string[]) => lines('from flax import linen as nn', ...code);
const equinox = (...code: string[]) => lines('import equinox as eqx', 'import jax', ...code);
const haiku = (...code: string[]) => lines('import haiku as hk', 'import jax', ...code);
const short = (x: number): string => String(Number(x.toPrecision(3)));

describe('a layer’s hover says what it starts with', () => {
  it.each<[string, string, readonly string[], Language?]>([
    [
      'nn.Linear: bound 1/√fan_in of kernel and bias, standard deviation bound/√3',
      torch('nn.Lin‸ear(784, 128)'),
      ['Linear · PyTorch', 'kaiming_uniform_(a=√5), PyTorch’s default', short(1 / 28 / Math.sqrt(3)), 'at fan-in 784']
        .concat([`uniform in ±${short(1 / 28)} = √(1/fan_in)`, `bias ±${short(1 / 28)} = 1/√fan_in`])
        .concat([`Keras Dense glorot_uniform, std ${short(Math.sqrt(2 / (784 + 128)))}, bias 0`])
        .concat([`JAX Dense lecun_normal, std ${short(1 / 28)}, bias 0`]),
    ],
    [
      'nn.Conv2d of a model: fan-in 64 · 9',
      torch('m = nn.Sequential(nn.Conv2d(3, 64, 3), nn.ReLU(), nn.Conv‸2d(64, 32, 3), nn.ReLU(), nn.Conv2d(32, 8, 3))'),
      ['Conv2d · PyTorch', 'at fan-in 576', short(1 / 24 / Math.sqrt(3)), `±${short(1 / 24)}`, 'Keras Conv2D'],
    ],
    [
      'Dense with an initialiser',
      keras(
        'm = keras.Sequential([keras.Input((50,)), layers.De‸nse(8, kernel_initializer="he_normal"), layers.Dense(2)])',
      ),
      ['Dense · Keras', 'he_normal, as the code says: standard deviation 0.2 = √(2/fan_in) at fan-in 50', 'bias 0'],
    ],
    [
      'an initialiser that is applied later',
      torch(
        'class Net(nn.Module):',
        '    def __init__(self):',
        '        super().__init__()',
        '        self.a = nn.Lin‸ear(200, 64)',
        '        self.b = nn.Linear(64, 64)',
        '        self.c = nn.Linear(64, 10)',
        '        nn.init.kaiming_normal_(self.a.weight, nonlinearity="relu")',
        '        nn.init.zeros_(self.a.bias)',
        '    def forward(self, x):',
        '        return self.c(F.relu(self.b(F.relu(self.a(x)))))',
      ),
      ['kaiming_normal_, as the code says: standard deviation 0.1 = √(2/fan_in) at fan-in 200', 'bias 0, as the code'],
    ],
    [
      'Dense whose fan-in is not told',
      keras('layers.De‸nse(32)'),
      [
        `standard deviation ${short(Math.sqrt(2 / 160))}`,
        'at fan-in 128, fan-out 32, as an example: the code does not',
      ],
    ],
    [
      'tf.layers.dense, which does not correct its cut-off',
      "import * as tf from '@tensorflow/tfjs';\nconst m = tf.sequential({layers: [tf.layers.den‸se({units: 64, inputShape: [36]})]});",
      ['dense · TensorFlow.js', 'glorotNormal', short(0.87962566 * Math.sqrt(2 / 100)), 'cut off at'],
      'javascript',
    ],
    [
      'Flax’s Dense',
      flax('nn.De‸nse(64)'),
      ['Dense · JAX', 'lecun_normal, JAX’s default', short(1 / Math.sqrt(128)), 'PyTorch Linear'],
    ],
    [
      'Flax’s DenseGeneral in a model',
      flax(
        'import jax',
        'class Net(nn.Module):',
        '    @nn.compact',
        '    def __call__(self, x):',
        '        x = nn.relu(nn.Dense(64)(x))',
        '        x = nn.relu(nn.Dense‸General(32)(x))',
        '        return nn.Dense(10)(x)',
      ),
      ['DenseGeneral · JAX', 'In Net this is the last hidden layer', 'lecun_normal, JAX’s default', 'PyTorch Linear'],
    ],
    [
      'nnx.LinearGeneral',
      lines('from flax import nnx', 'nnx.Linear‸General(36, 64, rngs=nnx.Rngs(0))'),
      ['LinearGeneral · JAX', 'lecun_normal, JAX’s default', 'at fan-in 36', 'Keras Dense glorot_uniform'],
    ],
    [
      'Bilinear: by its first input alone',
      torch('nn.Bi‸linear(25, 100, 64)'),
      ['Bilinear · PyTorch', 'kaiming_uniform_(a=√5), PyTorch’s default', 'at fan-in 25', 'uniform in ±0.2'],
    ],
    [
      'Equinox’s Linear: as PyTorch draws it',
      equinox('eqx.nn.Lin‸ear(784, 128, key=key)'),
      ['Linear · Equinox', 'uniform(±1/√fan_in), Equinox’s default', `${short(1 / 28 / Math.sqrt(3))} = 1/√(3·fan_in)`]
        .concat([`uniform in ±${short(1 / 28)}`, `bias ±${short(1 / 28)} = 1/√fan_in, uniform: Equinox’s default`])
        .concat([
          'Keras Dense glorot_uniform',
          'PyTorch Linear',
          `JAX Dense lecun_normal, std ${short(1 / 28)}, bias 0`,
        ]),
    ],
    [
      'Equinox’s Linear of a model, whose defaults the code does not say',
      equinox(
        'class Net(eqx.Module):',
        '    a: eqx.nn.Linear',
        '    b: eqx.nn.Linear',
        '    c: eqx.nn.Linear',
        '    def __init__(self, key):',
        '        self.a = eqx.nn.Linear(50, 64, key=key)',
        '        self.b = eqx.nn.Lin‸ear(64, 64, key=key)',
        '        self.c = eqx.nn.Linear(64, 10, key=key)',
        '    def __call__(self, x):',
        '        return self.c(jax.nn.relu(self.b(jax.nn.relu(self.a(x)))))',
      ),
      ['In Net this is the last hidden layer (2 of 2)', 'Equinox’s default', 'at fan-in 64', 'bias ±0.125 = 1/√fan_in'],
    ],
    [
      'Equinox’s LSTMCell: all of it in ±1/√units',
      equinox('eqx.nn.LSTM‸Cell(64, 256, key=key)'),
      ['LSTMCell · Equinox', 'recurrent kernel ±0.0625 = 1/√units', 'bias ±0.0625'],
    ],
    [
      'Equinox’s LayerNorm',
      equinox('eqx.nn.Layer‸Norm(64)'),
      ['Equinox’s default: ε 1 × 10⁻⁵', 'JAX LayerNorm ε 1 × 10⁻⁶'],
    ],
    [
      'Haiku’s Linear, whose cut-off nothing corrects',
      haiku('net = hk.transform(lambda x: hk.Linear(10)(jax.nn.relu(hk.Lin‸ear(64)(x))))'),
      [
        'Linear · Haiku',
        'TruncatedNormal(1/√fan_in), Haiku’s default',
        `${short(0.87962566 / Math.sqrt(128))} = √(0.7737/fan_in)`,
      ].concat([
        'cut off at ±2/√fan_in; Haiku does not correct for it',
        'bias 0, Haiku’s default',
        'JAX Dense lecun_normal',
      ]),
    ],
    [
      'Haiku’s Conv2D with an initialiser',
      haiku('hk.Conv‸2D(32, 3, w_init=hk.initializers.VarianceScaling(2.0, "fan_in", "truncated_normal"))'),
      [
        'Conv2D · Haiku',
        'VarianceScaling(2.0, "fan_in", "truncated_normal"), as the code says',
        '= √(2/fan_in)',
        'Keras Conv2D',
      ],
    ],
    [
      'Haiku’s Embed',
      haiku('hk.Emb‸ed(5000, 256)'),
      ['Embed · Haiku', 'TruncatedNormal(1), Haiku’s default: standard deviation 0.88'],
    ],
    [
      'Haiku’s LSTM: input and state meet one kernel',
      haiku('hk.LS‸TM(256)'),
      [
        'LSTM · Haiku',
        'TruncatedNormal(1/√fan_in), Haiku’s default',
        `${short(0.87962566 / Math.sqrt(128 + 256))} = √(0.7737/fan_in) at fan-in 384`,
        'meets the same kernel: its fan-in counts input and state bias 0; forget gate 1',
        'Keras LSTMCell glorot_uniform',
        'PyTorch LSTMCell',
      ],
    ],
    [
      'Haiku’s GRU, which corrects for its cut',
      haiku('hk.GR‸U(100)'),
      [
        'GRU · Haiku',
        'VarianceScaling(1.0, "fan_in", "truncated_normal"), Haiku’s default',
        `${short(1 / Math.sqrt(128))} = √(1/fan_in)`,
        'recurrent kernel std 0.1 = √(1/units)',
        'bias 0',
      ],
    ],
    [
      'Haiku’s GRU with an initialiser',
      haiku('hk.GR‸U(100, w_i_init=hk.initializers.RandomNormal(0.05))'),
      ['RandomNormal(0.05), as the code says: standard deviation 0.05'],
    ],
    [
      'Haiku’s VanillaRNN: a Linear for the input and one for the state',
      haiku('hk.Vanilla‸RNN(64)'),
      [
        'VanillaRNN · Haiku',
        `recurrent kernel std ${short(0.87962566 / 8)} = √(0.7737/units)`,
        'bias 0, and a second one at the state',
        'Keras SimpleRNNCell',
      ],
    ],
    [
      'Haiku’s BatchNorm, whose averages the code has to tell',
      haiku('hk.Batch‸Norm(True, True, 0.9)'),
      ['BatchNorm · Haiku', 'Haiku’s default: ε 1 × 10⁻⁵. The code lets moving averages keep 0.9.', 'keep 0.99'],
    ],
    ['Haiku’s LayerNorm', haiku('hk.Layer‸Norm(-1, True, True)'), ['Haiku’s default: ε 1 × 10⁻⁵']],
    [
      'LSTM of PyTorch: all of it in ±1/√units',
      torch('nn.LS‸TM(64, 256)'),
      ['LSTM · PyTorch', `standard deviation ${short(1 / 16 / Math.sqrt(3))}`, 'recurrent kernel ±0.0625 = 1/√units']
        .concat(['bias ±0.0625, and a second one at the state'])
        .concat([`Keras LSTM glorot_uniform, std ${short(Math.sqrt(2 / (64 + 4 * 256)))}, bias 0`]),
    ],
    ['LSTM of Keras', keras('layers.LST‸M(64)'), ['recurrent kernel orthogonal', 'bias 0; forget gate 1']],
    ['GRU', torch('nn.GR‸U(64, 100)'), ['GRU · PyTorch', `±0.1 = 1/√units`]],
    [
      'Embedding',
      torch('nn.Embed‸ding(5000, 256)'),
      ['Embedding · PyTorch', 'standard deviation 1.', 'std 0.0289', 'JAX Embed', 'std 0.0625'],
    ],
    [
      'a normalisation',
      torch('nn.BatchNorm‸2d(64)'),
      [
        'PyTorch’s default: ε 1 × 10⁻⁵, moving averages keep 0.9',
        'Keras BatchNormalization ε 0.001, moving averages keep 0.99',
      ],
    ],
  ])('%s', (_name, source, says, language) => {
    const text = hover(source, language);
    for (const part of says) expect(text).toContain(part);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each([
    ['a layer of nobody’s framework', 'from mine import Linear\nLin‸ear(3, 4)'],
    ['a class without defaults', torch('nn.Sequ‸ential(nn.Linear(3, 4))')],
    ['pooling', torch('nn.MaxPool‸2d(2)')],
  ])('and nothing of %s', (_name, source) => expect(hover(source)).toBe(''));
});

describe('a hover says of its own model what stands over it', () => {
  const deep = (cursor: 'activation' | 'layer') => {
    const hidden = (units: number, marked: boolean) => [
      `    nn.${marked && cursor === 'layer' ? 'Lin‸ear' : 'Linear'}(${units}, 128),`,
      `    nn.${marked && cursor === 'activation' ? 'Sig‸moid' : 'Sigmoid'}(),`,
    ];
    const layers = Array.from({ length: 10 }, (_, k) => hidden(k === 0 ? 784 : 128, k === 4)).flat();
    return torch('model = nn.Sequential(', ...layers, '    nn.Linear(128, 10),', ')');
  };

  it.each(['activation', 'layer'] as const)('at the %s', (cursor) => {
    const { document } = withCursor(deep(cursor), 'python');
    const [graph] = modelsOf(document, alone, { tensorflowKeras: 3 });
    const flow = graphFlow(graph!);
    if (isUnknownFlow(flow)) throw new Error(flow.unknown);
    const text = hover(deep(cursor));
    const [, ratio = '', verdict = ''] = /: (\S.*) \((\w+)\)$/.exec(flowTitle(graph!, flow))!;
    expect(text).toContain('In model this layer (5 of 10');
    expect(text).toContain(`multiplies a gradient by ${factorLabel([flow.layers[4]!]).slice(1)} on its way back`);
    expect(text).toContain(`${ratio} of it reaches the first layer (${verdict}).`);
    expect(verdict).toBe('vanishing');
  });

  it('in the words of the model’s own verdict', () => {
    const text = hover(
      torch('m = nn.Sequential(nn.Linear(9, 64), nn.Re‸LU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))'),
    );
    const { document } = withCursor(
      torch('‸m = nn.Sequential(nn.Linear(9, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))'),
      'python',
    );
    const [graph] = modelsOf(document, alone, { tensorflowKeras: 3 });
    const [, said = ''] = /(\(\w+\))$/.exec(flowTitle(graph!, graphFlow(graph!))) ?? [];
    expect(text).toContain(`reaches the first layer ${said}.`);
  });

  it('but of an output layer, and of a normalisation, what they are', () => {
    const net = (norm: string, last: string) =>
      torch(
        `m = nn.Sequential(nn.Linear(9, 64), nn.${norm}(64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.${last}(64, 2))`,
      );
    expect(hover(net('BatchNorm1d', 'Lin‸ear'))).toMatch(
      /In m this is the output layer; 0\.\d+ of the gradient reaches/,
    );
    expect(hover(net('BatchNorm‸1d', 'Linear'))).toMatch(
      /\n\nm: Gradient reaching the first layer: 0\.\d+ \(\w+\)\. PyTorch’s/,
    );
  });

  it('and says nothing of a way that nobody knows, even behind the last hidden layer', () => {
    const text = hover(
      torch(
        'class Net(nn.Module):',
        '    def __init__(self):',
        '        super().__init__()',
        '        self.a = nn.Linear(64, 64)',
        '        self.b = nn.Linear(64, 64)',
        '        self.block = CustomBlock()',
        '        self.c = nn.Linear(64, 10)',
        '    def forward(self, x):',
        '        x = F.re‸lu(self.a(x))',
        '        return self.c(self.block(F.relu(self.b(x))))',
      ),
    );
    expect(text).toMatch(/Net: Gradient reaching the first layer: unknown from CustomBlock on\. For example/);
  });

  it('names what is around the layer, and the remedy that comes first', () => {
    const text = hover(
      keras(
        'x = inputs = keras.Input((64,))',
        'for _ in range(8):',
        '    y = layers.Dense(64, kernel_initializer="he_normal")(x)',
        '    y = layers.BatchNormalization()(y)',
        '    x = layers.add([x, layers.Activation("sig‸moid")(y)])',
        'model = keras.Model(inputs, layers.Dense(10)(x))',
      ),
    );
    expect(text).toMatch(/In model these layers \(1 … 8 of 8, he_normal, batch normalisation, residual\) multiply/);
    expect(hover(deep('activation'))).toMatch(/\(vanishing\)\. Use ReLU with kaiming_normal_: .* → 0\.\d+\.\n/);
  });

  it('falls back to an example where the model is not predicted', () => {
    const text = hover(
      torch(
        'class Net(nn.Module):',
        '    def __init__(self):',
        '        super().__init__()',
        '        self.a = nn.Linear(64, 64)',
        '        self.block = CustomBlock()',
        '        self.b = nn.Linear(64, 64)',
        '        self.c = nn.Linear(64, 10)',
        '    def forward(self, x):',
        '        x = self.block(F.re‸lu(self.a(x)))',
        '        return self.c(F.relu(self.b(x)))',
      ),
    );
    expect(text).toMatch(
      /Net: Gradient reaching the first layer: unknown from CustomBlock on\. For example, .* ten 64-unit/,
    );
  });
});

describe('where a layer is used, its hover is the one where it is made', () => {
  const net = (init: readonly string[], forward: readonly string[], ...before: string[]) =>
    torch(
      ...before,
      'class Net(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      ...init.map((line) => `        ${line}`),
      '    def forward(self, x):',
      ...forward.map((line) => `        ${line}`),
      'net = Net()',
    );

  it.each<[string, string, Language?]>([
    ['an attribute', net(['self.fc1 = nn.Linear(20, 64)'], ['return F.relu(self.fc‸1(x))'])],
    [
      'an attribute that a function makes',
      net(['self.fc1 = make(64)'], ['return F.relu(self.fc‸1(x))'], 'def make(n):', '    return nn.Linear(20, n)'),
    ],
    [
      'a layer of a list, in a loop',
      net(
        ['self.all = nn.ModuleList([nn.Linear(20, 20), nn.Linear(20, 64)][1:])'],
        ['for layer in self.all:', '    x = lay‸er(x)', 'return x'],
      ),
    ],
    [
      'an item of a list',
      net(['self.all = nn.ModuleList([nn.Linear(20, 64)])'], ['first = self.all[0]', 'return fir‸st(x)']),
    ],
    [
      'an attribute of Flax',
      flax(
        'class Net(nn.Module):',
        '    def setup(self):',
        '        self.fc1 = nn.Dense(64)',
        '    def __call__(self, x):',
        '        return self.fc‸1(x)',
      ),
    ],
    [
      'an attribute of Equinox',
      equinox(
        'class Net(eqx.Module):',
        '    fc1: eqx.nn.Linear',
        '    def __init__(self, key):',
        '        self.fc1 = eqx.nn.Linear(20, 64, key=key)',
        '    def __call__(self, x):',
        '        return self.fc‸1(x)',
      ),
    ],
    [
      'an attribute of Keras',
      keras(
        'class Net(keras.Model):',
        '    def __init__(self):',
        '        super().__init__()',
        '        self.fc1 = layers.Dense(64)',
        '    def call(self, x):',
        '        return self.fc‸1(x)',
      ),
    ],
  ])('%s', (_, text) => {
    const use = hover(text);
    const made = hover(
      text
        .replace('‸', '')
        .replace(/nn\.Linear\(20, (64|n)(, key=key)?\)|Dense\(64\)/, (call) => call.replace('(', '‸(')),
    );
    expect(use).not.toBe('');
    expect(use).toBe(made);
  });

  it('is none for what applies several', () => {
    expect(hover(net(['self.all = nn.Sequential(nn.Linear(20, 64), nn.Linear(64, 2))'], ['return self.a‸ll(x)']))).toBe(
      '',
    );
    expect(hover(net(['self.fc1 = nn.Linear(20, 64)'], ['return helper‸(self.fc1(x))']))).toBe('');
  });
});
