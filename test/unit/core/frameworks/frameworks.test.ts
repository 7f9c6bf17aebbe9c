import { describe, expect, it } from 'vitest';
import { isActivationEntryName } from '../../../../src/core/activations/catalogue';
import {
  type FrameworkId,
  frameworkIds,
  type ParameterValue,
  type Spelling,
} from '../../../../src/core/frameworks/framework';
import { layerAtPath } from '../../../../src/core/frameworks/layers';
import { findSpelling, meantSpelling } from '../../../../src/core/frameworks/lookup';
import { isNotElementWiseName, notElementWise } from '../../../../src/core/frameworks/notElementWise';
import { frameworkOfPath, publicPath } from '../../../../src/core/frameworks/paths';
import { type FrameworkActivation, resolveSpelling } from '../../../../src/core/frameworks/resolve';
import { pathSpelling, spellings, stringSpelling } from '../../../../src/core/frameworks/spellings';
import kerasAndJax from '../../../fixtures/keras-jax-activations.json';
import pytorch from '../../../fixtures/torch-activations.json';

type Curve = { y: (number | null)[]; dy: (number | null)[] };

function resolve(spelling: Spelling | undefined, parameters: Record<string, ParameterValue> = {}): FrameworkActivation {
  if (!spelling) throw new Error('no such spelling');
  const found = resolveSpelling(
    spelling,
    Object.entries(parameters).map(([name, value]) => ({ name, value, text: String(value) })),
  );
  if (!found) throw new Error(`${spelling.name} is not element-wise`);
  expect(found.problems).toEqual([]);
  return found;
}

/** `relu(negative_slope=0.1,max_value=4)`, or `layer ELU(alpha=0.5)`. */
function fromKey(id: FrameworkId, key: string): FrameworkActivation {
  const [, layer, name = '', list = ''] = /^(layer )?(\w+)(?:\(([^)]*)\))?$/.exec(key) ?? [];
  const parameters = Object.fromEntries(
    list
      .split(',')
      .filter(Boolean)
      .map((part) => part.split('=') as [string, string])
      .map(([parameter, text]) => [
        parameter,
        ({ True: true, False: false } as Record<string, boolean>)[text] ?? Number(text),
      ]),
  );
  const path = id === 'jax' ? `jax.nn.${name}` : layer ? `keras.layers.${name}` : `keras.activations.${name}`;
  return resolve(pathSpelling(path, 'python'), parameters);
}

function expectCurve(
  { activation }: FrameworkActivation,
  xs: readonly number[],
  { y, dy }: Curve,
  single = false,
): void {
  xs.forEach((x, i) => {
    for (const [what, got, wanted] of [
      ['φ', activation.value(x), y[i]],
      ['φ′', activation.derivative(x), dy[i]],
    ] as const) {
      if (typeof wanted !== 'number') continue;
      const tolerance = single ? 5e-7 : Math.max(1e-9 * Math.abs(wanted), 1e-12);
      expect(Math.abs(got - wanted), `${what}(${x}) = ${got}, expected ${wanted}`).toBeLessThanOrEqual(tolerance);
    }
  });
}

describe('exactly as the framework computes it', () => {
  for (const id of ['keras', 'jax'] as const) {
    it.each(Object.entries(kerasAndJax[id] as Record<string, Curve>))(`${id}: %s`, (key, curve) => {
      // The fixture's Keras tanh, alone among its rows, was computed in single precision.
      expectCurve(fromKey(id, key), kerasAndJax.x, curve, id === 'keras' && key === 'tanh');
    });
  }

  const torchNames: Record<string, [path: string, parameters?: Record<string, ParameterValue>]> = {
    sigmoid: ['torch.nn.Sigmoid'],
    tanh: ['torch.tanh'],
    relu: ['torch.nn.functional.relu'],
    relu6: ['torch.nn.ReLU6'],
    'leaky_relu(0.01)': ['torch.nn.LeakyReLU'],
    'leaky_relu(0.2)': ['torch.nn.functional.leaky_relu', { negative_slope: 0.2 }],
    'leaky_relu(0.3)': ['torch.nn.LeakyReLU', { negative_slope: 0.3 }],
    elu: ['torch.nn.ELU'],
    celu: ['torch.nn.CELU'],
    selu: ['torch.nn.SELU'],
    gelu: ['torch.nn.GELU'],
    gelu_tanh: ['torch.nn.GELU', { approximate: 'tanh' }],
    silu: ['torch.nn.SiLU'],
    mish: ['torch.nn.Mish'],
    softplus: ['torch.nn.Softplus'],
    softsign: ['torch.nn.Softsign'],
    'hard_sigmoid(1/6)': ['torch.nn.Hardsigmoid'],
    hard_silu: ['torch.nn.Hardswish'],
    hard_tanh: ['torch.nn.Hardtanh'],
    log_sigmoid: ['torch.nn.LogSigmoid'],
    'soft_shrink(0.5)': ['torch.nn.Softshrink'],
    'hard_shrink(0.5)': ['torch.nn.Hardshrink'],
    tanh_shrink: ['torch.nn.Tanhshrink'],
    linear: ['torch.nn.Identity'],
  };
  /** What PyTorch has changed since the fixture's version; the conventions at kinks below hold the new value. */
  const changedSince: Record<string, number> = { hard_silu: -3 };

  it.each(Object.entries(torchNames))('torch: %s', (key, [path, parameters]) => {
    const { y, dy } = (pytorch.activations as Record<string, Curve>)[key]!;
    const since = dy.map((slope, i) => (pytorch.x[i] === changedSince[key] ? null : slope));
    expectCurve(resolve(pathSpelling(path, 'python'), parameters), pytorch.x, { y, dy: since });
  });
});

describe('conventions at kinks', () => {
  it.each<[FrameworkId, string, number, number]>([
    ['torch', 'ReLU', 0, 0],
    ['keras', 'relu', 0, 0],
    ['tfjs', 'relu', 0, 0],
    ['jax', 'relu', 0, 0],
    ['tf2', 'relu', 0, 0],
    ['torch', 'LeakyReLU', 0, 0.01],
    ['jax', 'leaky_relu', 0, 1],
    ['tfjs', 'leakyRelu', 0, 0.2],
    ['tfjs', 'leakyReLU', 0, 0.3],
    ['keras', 'leaky_relu', 0, 1],
    ['tf2', 'leaky_relu', 0, 0.2],
    ['torch', 'ReLU6', 6, 0],
    ['jax', 'relu6', 6, 0],
    ['tfjs', 'relu6', 6, 1],
    ['torch', 'Hardtanh', -1, 0],
    ['jax', 'hard_tanh', -1, 1],
    ['jax', 'hard_tanh', 1, 1],
    ['torch', 'Hardsigmoid', 3, 0],
    ['tfjs', 'hardSigmoid', 2.5, 0.2],
    // PyTorch from 2.7 on: its issue 147801, pulls 143899 and 148049.
    ['torch', 'Hardswish', -3, 0],
    ['torch', 'Hardswish', 3, 1],
    ['torch', 'hardswish', -3, 0],
    ['keras', 'hard_swish', -3, 0],
    ['keras', 'hard_swish', 3, 1],
    ['jax', 'hard_silu', 3, 1],
    ['jax', 'hard_silu', -3, 0],
    ['tf2', 'selu', 0, 1.0507009873554805],
    ['torch', 'SELU', 0, 1.7580993408473766],
  ])('%s %s′(%d) = %d', (id, name, x, expected) => {
    expect(resolve(findSpelling(name, id)).activation.derivative(x)).toBeCloseTo(expected, 12);
  });
});

describe('defaults', () => {
  it.each<[FrameworkId, string, string]>([
    ['keras', 'LeakyReLU', 'leaky_relu(negative_slope=0.3)'],
    ['keras', 'leaky_relu', 'leaky_relu'],
    ['torch', 'leaky_relu', 'leaky_relu(negative_slope=0.01)'],
    ['jax', 'leaky_relu', 'leaky_relu(negative_slope=0.01)'],
    ['tfjs', 'leakyReLU', 'leaky_relu(negative_slope=0.3)'],
    ['tfjs', 'leakyRelu', 'leaky_relu'],
    ['tf2', 'leaky_relu', 'leaky_relu'],
    ['tf2', 'LeakyReLU', 'leaky_relu(negative_slope=0.3)'],
    ['torch', 'PReLU', 'leaky_relu(negative_slope=0.25)'],
    ['keras', 'PReLU', 'leaky_relu(negative_slope=0)'],
    ['jax', 'PReLU', 'leaky_relu(negative_slope=0.01)'],
    ['keras', 'gelu', 'gelu'],
    ['jax', 'gelu', 'gelu(approximate=tanh)'],
    ['torch', 'gelu', 'gelu'],
    ['tfjs', 'gelu', 'gelu'],
    ['tfjs', 'gelu_new', 'gelu(approximate=tanh)'],
    ['tf2', 'hard_sigmoid', 'hard_sigmoid(slope=0.2)'],
    ['tfjs', 'hardSigmoid', 'hard_sigmoid(slope=0.2)'],
    ['keras', 'hard_sigmoid', 'hard_sigmoid'],
    ['torch', 'Hardsigmoid', 'hard_sigmoid'],
    ['torch', 'softplus', 'softplus(threshold=20)'],
    ['keras', 'softplus', 'softplus'],
    ['torch', 'RReLU', 'rrelu'],
    ['tf2', 'ThresholdedReLU', 'threshold'],
  ])('%s %s is %s', (id, name, expected) => {
    expect(resolve(findSpelling(name, id)).activation.name).toBe(expected);
  });

  it('keras.ops.gelu is the tanh form', () => {
    expect(resolve(pathSpelling('keras.ops.gelu', 'python')).activation.name).toBe('gelu(approximate=tanh)');
  });
});

describe('paths', () => {
  it.each([
    ['tensorflow.keras.layers.ReLU', 'tf.keras.layers.ReLU'],
    ['tensorflow.python.keras.layers.advanced_activations.LeakyReLU', 'tf.keras.layers.LeakyReLU'],
    ['tensorflow.compat.v1.keras.activations.relu', 'tf.keras.activations.relu'],
    ['tf_keras.layers.ELU', 'tf.keras.layers.ELU'],
    ['keras.src.layers.activations.relu.ReLU', 'keras.layers.ReLU'],
    ['tensorflow.compat.v1.nn.relu', 'tf.nn.relu'],
    ['torch.nn.modules.activation.GELU', 'torch.nn.GELU'],
    ['torch.nn.modules.GELU', 'torch.nn.GELU'],
    ['numpy.tanh', 'numpy.tanh'],
    ['tensorflow_probability.x', 'tensorflow_probability.x'],
  ])('%s is %s', (path, expected) => {
    expect(publicPath(path)).toBe(expected);
  });

  it.each([
    ['tensorflow.math.sigmoid', 'tf2'],
    ['flax.linen.gelu', 'jax'],
    ['flax.nnx.relu', 'jax'],
    ['jax.numpy.tanh', 'jax'],
    ['torch.special.expit', 'torch'],
  ] as const)('%s belongs to %s', (path, id) => {
    expect(pathSpelling(path, 'python')?.framework).toBe(id);
    expect(frameworkOfPath(path, 'python')).toBe(id);
  });

  it('keeps TensorFlow and TensorFlow.js apart', () => {
    expect(pathSpelling('tf.layers.reLU', 'javascript')?.framework).toBe('tfjs');
    expect(pathSpelling('tf.layers.reLU', 'python')).toBeUndefined();
    expect(pathSpelling('tf.sigmoid', 'javascript')?.framework).toBe('tfjs');
    expect(pathSpelling('tf.sigmoid', 'python')?.framework).toBe('tf2');
    expect(frameworkOfPath('tf.layers.dense', 'javascript')).toBe('tfjs');
    expect(frameworkOfPath('numpy.tanh', 'python')).toBeUndefined();
  });

  it.each(['numpy.tanh', 'torch.nn.Linear', 'constructor', '', '.', 'keras.layers', 'torch.exp', '__proto__.relu'])(
    '%s is no activation',
    (path) => {
      expect(pathSpelling(path, 'python')).toBeUndefined();
    },
  );
});

describe('arguments', () => {
  const withArguments = (path: string, ...args: Parameters<typeof resolveSpelling>[1] & object) =>
    resolveSpelling(pathSpelling(path, 'python')!, args)!;

  it('reads them by position and by name, and by the older name', () => {
    const first = withArguments('torch.nn.LeakyReLU', { position: 0, value: 0.1, text: '0.1' });
    expect(first.activation.name).toBe('leaky_relu(negative_slope=0.1)');
    expect(first.parameters).toEqual([{ name: 'negative_slope', value: 0.1, written: true }]);
    const older = withArguments('keras.layers.LeakyReLU', { name: 'alpha', value: 0.05, text: '0.05' });
    expect(older.activation.name).toBe('leaky_relu(negative_slope=0.05)');
    const inplace = withArguments('torch.nn.LeakyReLU', { name: 'inplace', value: true, text: 'True' });
    expect(inplace.problems).toEqual([]);
    expect(inplace.parameters).toEqual([{ name: 'negative_slope', value: 0.01, written: false }]);
  });

  it('says what it cannot use, and goes on with the default', () => {
    for (const [path, argument, message] of [
      [
        'torch.nn.LeakyReLU',
        { position: 0, value: undefined, text: 'slope' },
        'negative_slope=slope cannot be told from the code; the figures are for the default, 0.01.',
      ],
      [
        'torch.nn.LeakyReLU',
        { name: 'alpha', value: 0.1, text: '0.1' },
        'LeakyReLU has no parameter for alpha=0.1; expected negative_slope.',
      ],
      [
        'torch.nn.GELU',
        { name: 'approximate', value: 'erf', text: "'erf'" },
        'GELU: approximate is erf; expected none or tanh. The figures are for its defaults.',
      ],
      [
        'torch.nn.CELU',
        { position: 0, value: -1, text: '-1' },
        'CELU: alpha is -1; expected a number above 0. The figures are for its defaults.',
      ],
      [
        'jax.nn.gelu',
        { name: 'approximate', value: 3, text: '3' },
        'approximate=3 is not usable: expected true or false; the figures are for the default, true.',
      ],
    ] as const) {
      const found = withArguments(path, argument);
      expect(found.problems).toEqual([message]);
    }
    const throwing = resolveSpelling(pathSpelling('tf.layers.elu', 'javascript')!, [
      { name: 'alpha', value: 2, text: '2' },
    ])!;
    expect(throwing.problems).toEqual(['TensorFlow.js throws for alpha=2: it only has alpha=1.']);
  });
});

describe('the data as a whole', () => {
  it('every spelling resolves, or is explained as not element-wise', () => {
    for (const spelling of spellings) {
      const found = resolveSpelling(spelling);
      if (found) {
        expect(isActivationEntryName(spelling.activation)).toBe(true);
        expect(found.problems).toEqual([]);
      } else if (isNotElementWiseName(spelling.activation)) {
        expect(notElementWise(spelling.activation).explanation.length).toBeGreaterThan(60);
      } else {
        throw new Error(`${spelling.framework} ${spelling.name} is nothing that is known`);
      }
      expect(spelling.docs).toMatch(/^https:\/\/\S+$/);
    }
  });

  it.each<[FrameworkId, string]>([
    [
      'keras',
      'relu leaky_relu relu6 softmax celu elu selu softplus softsign squareplus soft_shrink sparse_plus silu swish gelu glu tanh tanh_shrink threshold sigmoid sparse_sigmoid exponential hard_sigmoid hard_silu hard_swish hard_tanh hard_shrink linear mish log_softmax log_sigmoid sparsemax',
    ],
    ['tf2', 'softmax elu selu softplus softsign swish relu gelu tanh sigmoid exponential hard_sigmoid linear mish'],
    ['tfjs', 'elu hardSigmoid linear relu relu6 selu sigmoid softmax softplus softsign tanh swish mish gelu gelu_new'],
  ])('%s takes its strings', (id, names) => {
    for (const name of names.split(' ')) expect(stringSpelling(id, name)?.name, name).toBe(name);
  });

  it.each<[string, string]>([
    [
      'torch.nn',
      'Threshold ReLU RReLU Hardtanh ReLU6 Sigmoid Hardsigmoid Tanh SiLU Mish Hardswish ELU CELU SELU GLU GELU Hardshrink LeakyReLU LogSigmoid Softplus Softshrink PReLU Softsign Tanhshrink Softmin Softmax LogSoftmax Identity',
    ],
    ['keras.layers', 'ReLU LeakyReLU PReLU ELU Softmax'],
    ['tensorflow.nn', 'relu relu6 leaky_relu elu selu gelu silu swish sigmoid tanh softplus softsign crelu softmax'],
    [
      'jax.nn',
      'celu elu gelu glu hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu log_sigmoid log_softmax softmax relu identity relu6 selu sigmoid soft_sign softplus sparse_plus sparse_sigmoid silu swish squareplus mish tanh',
    ],
    [
      'torch.nn.functional',
      'threshold threshold_ relu relu_ hardtanh hardtanh_ hardswish relu6 elu elu_ selu celu leaky_relu leaky_relu_ prelu rrelu rrelu_ glu gelu logsigmoid hardshrink tanhshrink softsign softplus softmin softmax softshrink log_softmax tanh sigmoid hardsigmoid silu mish',
    ],
  ])('%s has its names', (module, names) => {
    for (const name of names.split(' ')) expect(pathSpelling(`${module}.${name}`, 'python')?.name, name).toBe(name);
  });

  it.each<[string, string]>([
    ['tf.layers', 'reLU leakyReLU prelu elu thresholdedReLU softmax'],
    ['tf', 'elu erf leakyRelu logSigmoid logSoftmax prelu relu relu6 selu sigmoid softmax softplus step tanh'],
  ])('%s of TensorFlow.js has its names', (module, names) => {
    for (const name of names.split(' ')) expect(pathSpelling(`${module}.${name}`, 'javascript')?.name, name).toBe(name);
  });
});

describe('names as people write them', () => {
  it.each<[string, FrameworkId | undefined, string, string]>([
    ['sigmoid', undefined, 'keras', 'sigmoid'],
    ['LeakyReLU', undefined, 'keras', 'LeakyReLU'],
    ['reLU', undefined, 'tfjs', 'reLU'],
    ['hardSigmoid', undefined, 'tfjs', 'hardSigmoid'],
    ['RReLU', undefined, 'torch', 'RReLU'],
    ['nn.LeakyReLU', undefined, 'torch', 'LeakyReLU'],
    ['F.leaky_relu', undefined, 'torch', 'leaky_relu'],
    ['keras.layers.LeakyReLU', undefined, 'keras', 'LeakyReLU'],
    ['hard_sigmoid', 'tfjs', 'tfjs', 'hardSigmoid'],
    ['hard_sigmoid', 'torch', 'torch', 'Hardsigmoid'],
    ['soft_shrink', 'torch', 'torch', 'Softshrink'],
    ['RELU', 'jax', 'jax', 'relu'],
    ['softmax', 'torch', 'torch', 'Softmax'],
  ])('%s for %s is %s’s %s', (name, id, framework, spelling) => {
    const found = findSpelling(name, id);
    expect(found?.framework).toBe(framework);
    expect(found?.name.toLowerCase()).toBe(spelling.toLowerCase());
  });

  it('knows when it does not, and what is near', () => {
    expect(findSpelling('sigmod')).toBeUndefined();
    expect(findSpelling('squareplus', 'tfjs')).toBeUndefined();
    expect(meantSpelling('sigmod')).toBe('did you mean sigmoid?');
    expect(meantSpelling('nn.Rleu', 'torch')).toBe('did you mean ReLU?');
    for (const id of frameworkIds) expect(meantSpelling('', id)).toMatch(/^expected one of .*softmax/i);
    expect(meantSpelling('nope', 'keras', 'element-wise')).not.toContain('softmax');
  });
});

describe('a layer’s page is its own', () => {
  it.each([
    ['keras', 'keras.layers.Dense', 'keras.io/api/layers/core_layers/dense/'],
    ['keras', 'keras.layers.Embedding', 'keras.io/api/layers/core_layers/embedding/'],
    ['keras', 'keras.layers.Conv2D', 'keras.io/api/layers/convolution_layers/convolution2d/'],
    ['keras', 'keras.layers.Convolution2D', 'keras.io/api/layers/convolution_layers/convolution2d/'],
    ['keras', 'keras.layers.Conv3DTranspose', 'keras.io/api/layers/convolution_layers/convolution3d_transpose/'],
    ['keras', 'keras.layers.SeparableConv1D', 'keras.io/api/layers/convolution_layers/separable_convolution1d/'],
    ['keras', 'keras.layers.DepthwiseConv2D', 'keras.io/api/layers/convolution_layers/depthwise_convolution2d/'],
    ['keras', 'keras.layers.SimpleRNN', 'keras.io/api/layers/recurrent_layers/simple_rnn/'],
    ['keras', 'keras.layers.LSTM', 'keras.io/api/layers/recurrent_layers/lstm/'],
    ['keras', 'keras.layers.CuDNNGRU', 'keras.io/api/layers/recurrent_layers/gru/'],
    ['keras', 'keras.layers.LSTMCell', 'keras.io/api/layers/recurrent_layers/lstm_cell/'],
    ['keras', 'keras.layers.BatchNormalization', 'keras.io/api/layers/normalization_layers/batch_normalization/'],
    ['keras', 'keras.layers.RMSNormalization', 'keras.io/api/layers/normalization_layers/rms_normalization/'],
    ['jax', 'equinox.nn.Conv2d', 'docs.kidger.site/equinox/api/nn/conv/#equinox.nn.Conv2d'],
    ['jax', 'haiku.Linear', 'dm-haiku.readthedocs.io/en/latest/api.html#haiku.Linear'],
  ] as const)('%s: %s', (id, path, page) => expect(layerAtPath(id, path)?.docs).toBe(`https://${page}`));
});
