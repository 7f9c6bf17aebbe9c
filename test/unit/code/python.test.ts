import { describe, expect, test } from 'vitest';
import { lines, read } from './reading';

type Case = readonly [source: string, expected: string];

const check = (cases: readonly Case[]) =>
  test.each(cases)('%s', (source, expected) => {
    expect(read(source, 'python')).toBe(expected);
  });

const torch = 'import torch, torch.nn as nn, torch.nn.functional as F';

describe('PyTorch', () => {
  check([
    [lines(torch, 'F.re‸lu(x)'), 'torch.nn.functional.relu(0=?x)'],
    [lines(torch, 'F.relu‸(x)'), 'torch.nn.functional.relu(0=?x)'],
    [lines(torch, 'F.‸relu(x)'), 'torch.nn.functional.relu(0=?x)'],
    [lines(torch, '‸F.relu(x)'), '-'],
    [lines(torch, 'F.relu(‸x)'), '-'],
    [lines(torch, 'nn.func‸tional.relu(x)'), '-'],
    [lines(torch, 'nn.functional.rel‸u(x)'), 'torch.nn.functional.relu(0=?x)'],
    [lines(torch, 'torch.nn.modules.activation.Re‸LU()'), 'torch.nn.modules.activation.ReLU()'],
    [lines(torch, 'torch.tan‸h(x)'), 'torch.tanh(0=?x)'],
    [lines(torch, 'nn.GE‸LU'), 'torch.nn.GELU'],
    [lines(torch, "nn.GE‸LU(approximate='tanh')"), 'torch.nn.GELU(approximate="tanh")'],
    [lines(torch, 'nn.Leaky‸ReLU(0.2, inplace=True)'), 'torch.nn.LeakyReLU(0=0.2, inplace=true)'],
    [lines(torch, 'nn.Leaky‸ReLU(negative_slope = 1e-2)'), 'torch.nn.LeakyReLU(negative_slope=0.01)'],
    [lines(torch, 'nn.Sequential(nn.Linear(1, 2), nn.Si‸LU())'), 'torch.nn.SiLU()'],
    [lines(torch, 'F.leaky_re‸lu(x, -0.1)'), 'torch.nn.functional.leaky_relu(0=?x, 1=-0.1)'],
    [lines(torch, 'F.relu_‸(x)'), 'torch.nn.functional.relu_(0=?x)'],
    [lines('from torch.nn import functional as fun', 'fun.e‸lu(x)'), 'torch.nn.functional.elu(0=?x)'],
    [lines('from torch import nn as N', 'N.EL‸U(1.0)'), 'torch.nn.ELU(0=1)'],
    [lines('from torch import sigmoid', 'sig‸moid(x)'), 'torch.sigmoid(0=?x)'],
    [lines('import torch.nn', 'torch.nn.Tan‸h()'), 'torch.nn.Tanh()'],
    ['from torch.nn import Re‸LU', 'torch.nn.ReLU'],
    ['from torch.nn import ReLU as ‸R', 'torch.nn.ReLU'],
    ['from torch.nn import Re‸LU as R', 'torch.nn.ReLU'],
    ['from torch.nn import (Linear, SE‸LU)', 'torch.nn.SELU'],
    ['from tor‸ch.nn import ReLU', '-'],
    ['import torch.nn as n‸n', '-'],
    [lines('from torch.nn.functional import *', 're‸lu(x)'), 'torch.nn.functional.relu(0=?x)'],
    [
      lines('from torch.nn import *', 'from torch.nn.functional import *', 're‸lu(x)'),
      'torch.nn.functional.relu | torch.nn.relu(0=?x)',
    ],
    [lines('from torch import *', 'from math import *', 'tan‸h(x)'), 'torch.tanh(0=?x)'],
    [lines('from math import *', 'tan‸h(x)'), 'math.tanh(0=?x)'],
    [lines('from torch import *', 'def tanh(x): pass', 'tan‸h(x)'), '-'],
  ]);
});

describe('star imports that bring PyTorch', () => {
  const fastai = 'from fastai.vision.all import *';
  check([
    [lines(fastai, 'nn.Re‸LU()'), 'torch.nn.ReLU()'],
    [lines(fastai, 'F.re‸lu(z)'), 'torch.nn.functional.relu(0=?z)'],
    [lines(fastai, 'torch.sig‸moid(F.relu(z))'), 'torch.sigmoid(0=?F.relu(z))'],
    [lines(fastai, 'ConvLayer(3, 8, act_cls=nn.Hardswi‸sh)'), 'torch.nn.Hardswish'],
    [lines(fastai, 'partial(nn.Leaky‸ReLU, 0.1)'), 'torch.nn.LeakyReLU(0=0.1)'],
    [lines(fastai, 'tensor([1, 2]).si‸n()'), '.sin()'],
    [lines(fastai, 'import numpy as np', 'np.ones(2).tan‸h()'), '-'],
    [lines(fastai, 'def nn(): pass', 'nn.Re‸LU()'), '-'],
    [lines('from fastai.text.all import *', 'from fastai.tabular.all import *', 'nn.Ta‸nh()'), 'torch.nn.Tanh()'],
    [lines('from fastai.basics import *', 'nn.Ta‸nh()'), 'torch.nn.Tanh()'],
    [lines('from fastai.torch_core import *', 'F.el‸u(x)'), 'torch.nn.functional.elu(0=?x)'],
    [lines('from fastai import *', 'from fastai.vision import *', 'nn.Ta‸nh()'), 'torch.nn.Tanh()'],
    [lines('from fastbook import *', 'nn.Ta‸nh()'), 'torch.nn.Tanh()'],
    [lines('from fastai.vision.all import nn, F', 'nn.Ta‸nh()'), 'torch.nn.Tanh()'],
    [lines('import fastai.basics as fb', 'fb.nn.Ta‸nh()'), 'torch.nn.Tanh()'],
    [
      lines(fastai, 'from torch.nn.functional import *', 're‸lu(x)'),
      'torch.nn.functional.relu | fastai.vision.all.relu(0=?x)',
    ],
    [lines('from torch import *', 'nn.Ta‸nh()'), 'torch.nn.Tanh()'],
    // Of a file that is not here, the names that nearly all code has.
    [lines('from common import *', 'nn.Ta‸nh()'), 'torch.nn.Tanh()'],
    [lines('from .common import *', 'F.el‸u(x)'), 'torch.nn.functional.elu(0=?x)'],
    [lines('from .common import *', 'tf.nn.re‸lu(x)'), 'tensorflow.nn.relu(0=?x)'],
    [lines('import jax', 'from .common import *', 'nn.ta‸nh(x)'), 'flax.linen.tanh(0=?x)'],
    [lines('from math import *', 'nn.Ta‸nh()'), 'math.nn.Tanh()'],
    [lines('from tkinter import *', 'from .common import *', 'def f(F): F.re‸lu(x)'), '.relu(0=?x)'],
  ]);
});

describe('methods', () => {
  check([
    ['x.re‸lu_()', '.relu_()'],
    ['x.rel‸u()', '.relu()'],
    ['x.re‸lu', '-'],
    ['(x @ w).sig‸moid()', '.sigmoid()'],
    ['x.leaky_re‸lu(0.2)', '.leaky_relu(0=0.2)'],
    [lines(torch, 'torch.matmul(a, b).re‸lu()'), '.relu()'],
    [lines(torch, 'x = torch.randn(3)', 'x.re‸lu()'), '.relu()'],
    [lines(torch, 'x = nn.Linear(1, 2)(y)', 'x.tan‸h()'), '.tanh()'],
    [lines('import numpy as np', 'np.tan‸h(x)'), 'numpy.tanh(0=?x)'],
    [lines('class A:', '  def f(self, x):', '    return self.fc(x).re‸lu()'), '.relu()'],
    [lines('class A:', '  def f(self, x):', '    return self.weight.re‸lu()'), '.relu()'],
    [lines('class A:', '  def f(self, x):', '    return self.re‸lu(x)'), '-'],
    [lines('class A:', '  @classmethod', '  def f(cls, x):', '    return cls.re‸lu(x)'), '-'],
    [lines('class A:', '  @staticmethod', '  def f(x):', '    return x.re‸lu()'), '.relu()'],
    [lines('class A(B):', '  def f(self, x):', '    return super().re‸lu(x)'), '-'],
    [lines('from . import ops', 'ops.re‸lu(x)'), '-'],
    [lines('from .ops import relu', 're‸lu(x)'), '-'],
    [lines('import ops', 'ops.re‸lu(x)'), 'ops.relu(0=?x)'],
    [lines('class Ops: pass', 'Ops.re‸lu(x)'), '-'],
    [lines('def f(x):', '  return x.re‸lu()'), '.relu()'],
    [lines('for x in xs:', '  x.re‸lu()'), '.relu()'],
    ['[x.re‸lu() for x in xs]', '.relu()'],
    ['(lambda x: x.re‸lu())(1)', '.relu()'],
    ['x.a.b.c.soft‸plus()', '.softplus()'],
    ['x[0].re‸lu()', '.relu()'],
  ]);
});

describe('Keras and TensorFlow', () => {
  check([
    [
      lines('import keras', 'keras.layers.Leaky‸ReLU(negative_slope=0.1)'),
      'keras.layers.LeakyReLU(negative_slope=0.1)',
    ],
    [lines('from keras import layers', 'layers.Re‸LU(max_value=6.)'), 'keras.layers.ReLU(max_value=6)'],
    [lines('from keras.layers import LeakyReLU as L', '‸L(0.1)'), 'keras.layers.LeakyReLU(0=0.1)'],
    [lines('import tensorflow as tf', 'tf.nn.leaky_re‸lu(x, alpha=0.3)'), 'tensorflow.nn.leaky_relu(0=?x, alpha=0.3)'],
    [lines('import tensorflow as tf', 'tf.keras.activations.ge‸lu'), 'tensorflow.keras.activations.gelu'],
    [
      lines('import tensorflow as tf', 'layers = tf.keras.layers', 'layers.PRe‸LU()'),
      'tensorflow.keras.layers.PReLU()',
    ],
    [lines('from tensorflow.keras import layers', 'layers.E‸LU()'), 'tensorflow.keras.layers.ELU()'],
    [lines('import tensorflow as tf', 'tf.sig‸moid(x)'), 'tensorflow.sigmoid(0=?x)'],
    [lines('import keras', 'x = keras.layers.ReLU()(x)', 'keras.layers.Re‸LU()(x)'), 'keras.layers.ReLU()'],
    [lines('import keras', 'x = keras.layers.ReLU()(x)', '‸x'), '-'],
    [lines('import keras', 'x = keras.layers.ReLU()(x)', 'print(‸x)'), '-'],
    [lines('import keras', 'keras.layers.ReLU()‸(x)'), '-'],
    [lines('import keras.layers as kl, keras', 'act = kl.ELU(alpha=.5)', 'y = a‸ct(x)'), 'keras.layers.ELU(alpha=0.5)'],
    [
      lines('try:', '  from tensorflow import keras', 'except ImportError:', '  import keras', 'keras.layers.Re‸LU()'),
      'tensorflow.keras.layers.ReLU()',
    ],
    [
      lines('try:', '  import torch.nn.functional as F', 'except ImportError:', '  F = None', 'F.re‸lu(x)'),
      'torch.nn.functional.relu(0=?x)',
    ],
    [lines('if new:', '  import keras as k', 'else:', '  import tf_keras as k', 'k.layers.Re‸LU()'), '-'],
    [lines('def f():', '  from keras.activations import relu', '  return re‸lu(x)'), 'keras.activations.relu(0=?x)'],
    [lines('def f():', '  from keras.activations import relu', 're‸lu(x)'), '-'],
  ]);
});

describe('strings', () => {
  check([
    [
      lines('from keras.layers import Dense', "Dense(64, activation='re‸lu')"),
      "'relu' of keras.layers.Dense activation",
    ],
    [
      lines('from keras.layers import Dense', "Dense(64, activation='‸relu')"),
      "'relu' of keras.layers.Dense activation",
    ],
    [
      lines('from keras.layers import Dense', "Dense(64, activation='relu‸')"),
      "'relu' of keras.layers.Dense activation",
    ],
    [lines('from keras.layers import Dense', "Dense(64, activation=‸'relu')"), '-'],
    [lines('from keras.layers import Dense', "Dense(64, 're‸lu')"), "'relu' of keras.layers.Dense positional"],
    [lines('from keras.layers import Dense', "Dense('re‸lu')"), '-'],
    [lines('from keras.layers import Dense', "Dense(64, name='re‸lu')"), '-'],
    [lines('from keras.layers import Dense', "Dense(*sizes, 're‸lu')"), '-'],
    ["Dense(64, activation='re‸lu')", "'relu' of ? activation"],
    ["Dense(64, 're‸lu')", '-'],
    ['Dense(64, activation="""re‸lu""")', "'relu' of ? activation"],
    ['Dense(64, activation=r"re‸lu")', "'relu' of ? activation"],
    ['Dense(64, activation=f"re‸lu")', "'relu' of ? activation"],
    ['Dense(64, activation=f"re‸lu{n}")', '-'],
    ['Dense(64, activation=b"re‸lu")', '-'],
    ['Dense(64, activation="re‸" "lu")', '-'],
    ["Dense(64, activation=('re‸lu'))", "'relu' of ? activation"],
    ["Dense(64, activation='re‸lu' if deep else 'tanh')", "'relu' of ? activation"],
    ["Dense(64, activation='relu' if deep else 'ta‸nh')", "'tanh' of ? activation"],
    ["Dense(64, activation='relu' if mode == 'ta‸nh' else None)", '-'],
    ["Dense(64, activation='relu' if 'ta‸nh' else None)", '-'],
    ["Dense(64, activation=given or 'ta‸nh')", "'tanh' of ? activation"],
    [
      lines('import tensorflow as tf', "tf.keras.layers.LSTM(8, 'tanh', 'sig‸moid')"),
      "'sigmoid' of tensorflow.keras.layers.LSTM positional",
    ],
    [
      lines('import keras', "keras.layers.GRU(8, recurrent_activation='sig‸moid')"),
      "'sigmoid' of keras.layers.GRU recurrent_activation",
    ],
    [lines('import keras', "keras.layers.Activation('re‸lu')"), "'relu' of keras.layers.Activation positional"],
    [lines('import keras', "keras.activations.get('re‸lu')"), "'relu' of keras.activations.get positional"],
    [
      lines('from keras import activations as a', "a.deserialize('re‸lu')"),
      "'relu' of keras.activations.deserialize positional",
    ],
    [lines(torch, "nn.init.calculate_gain('re‸lu')"), "'relu' of torch.nn.init.calculate_gain positional"],
    [
      lines(torch, "nn.init.kaiming_normal_(w, nonlinearity='leaky_re‸lu')"),
      "'leaky_relu' of torch.nn.init.kaiming_normal_ nonlinearity",
    ],
    [lines(torch, "nn.RNN(3, 4, nonlinearity='ta‸nh')"), "'tanh' of torch.nn.RNN nonlinearity"],
    [
      lines('from functools import partial', 'import keras', "D = partial(keras.layers.Dense, activation='re‸lu')"),
      "'relu' of keras.layers.Dense activation",
    ],
    [
      lines(
        'from functools import partial',
        'import keras',
        "D = partial(keras.layers.Dense, activation='elu')",
        "D(3, activation='re‸lu')",
      ),
      "'relu' of keras.layers.Dense activation",
    ],
    ["def f(x, activation='re‸lu'): pass", "'relu' of ? activation"],
    ["def f(x, hidden_activation: str = 're‸lu'): pass", "'relu' of ? hidden_activation"],
    ["def f(x, name='re‸lu'): pass", '-'],
    ["lambda activation='re‸lu': 0", "'relu' of ? activation"],
    ["config = {'activation': 're‸lu', 'b': 1}", "'relu' of ? activation"],
    ["config = {'output_activation': 're‸lu'}", "'relu' of ? output_activation"],
    ["config = {'name': 're‸lu'}", '-'],
    ["config = {'re‸lu': 'activation'}", '-'],
    ["config = {'activation‸': 'relu'}", '-'],
    ["activation = 're‸lu'", "'relu' of ? activation"],
    ["activation: str = 're‸lu'", "'relu' of ? activation"],
    ["ACTIVATION = 're‸lu'", "'relu' of ? ACTIVATION"],
    ["self.activation = 're‸lu'", "'relu' of ? activation"],
    ["config['activation'] = 're‸lu'", "'relu' of ? activation"],
    ["name = 're‸lu'", '-'],
    ["if activation == 're‸lu': pass", '-'],
    ["f(activations=['relu', 'ta‸nh'])", "'tanh' of ? activations"],
    ["activations = ('re‸lu', 'tanh')", "'relu' of ? activations"],
    ["f(names=['relu', 'ta‸nh'])", '-'],
    [lines('def f():', '  "re‸lu"', '  return 0'), '-'],
    [lines('def f():', '  """activation=\'re‸lu\'"""', '  return 0'), '-'],
    ["# activation='re‸lu'", '-'],
    ["print('re‸lu')", '-'],
    ["g.activation('re‸lu')", '-'],
  ]);
});

describe('JAX and Flax', () => {
  check([
    [lines('import jax', 'jax.nn.ge‸lu(x, approximate=False)'), 'jax.nn.gelu(0=?x, approximate=false)'],
    ['from jax.nn import re‸lu', 'jax.nn.relu'],
    [lines('import jax.nn as jnn', 'jnn.si‸lu(x)'), 'jax.nn.silu(0=?x)'],
    [lines('import flax.linen as nn', 'x = nn.re‸lu(x)'), 'flax.linen.relu(0=?x)'],
    [lines('from flax import linen as nn', 'nn.Sequential([nn.Dense(3), nn.re‸lu])'), 'flax.linen.relu'],
    [lines('from flax import nnx', 'nnx.Sequential(nnx.Linear(1, 2, rngs=r), nnx.re‸lu)'), 'flax.nnx.relu'],
    [lines('from flax import nnx', 'nnx.leaky_re‸lu(x, 0.2)'), 'flax.nnx.leaky_relu(0=?x, 1=0.2)'],
    [
      lines('import functools', 'from flax import linen as nn', 'functools.partial(nn.ge‸lu, approximate=True)'),
      'flax.linen.gelu(approximate=true)',
    ],
    [
      lines('from functools import partial', 'import jax', 'partial(jax.nn.leaky_re‸lu, 3, negative_slope=0.3)'),
      'jax.nn.leaky_relu(0=3, negative_slope=0.3)',
    ],
    [lines('from functools import partial', 'import jax', 'partial(f, jax.nn.leaky_re‸lu, 0.3)'), 'jax.nn.leaky_relu'],
    [
      lines(
        'from functools import partial',
        'import jax',
        'act = partial(jax.nn.leaky_relu, negative_slope=0.3)',
        'a‸ct(x)',
      ),
      'jax.nn.leaky_relu(negative_slope=0.3)',
    ],
    [lines('import jax', 'act = jax.jit(jax.nn.relu)', 'a‸ct(x)'), 'jax.nn.relu(0=?x)'],
    [
      lines(
        'import flax.linen as nn',
        'class M(nn.Module):',
        '  act: Callable = nn.relu',
        '  @nn.compact',
        '  def __call__(self, x):',
        '    return self.a‸ct(x)',
      ),
      'flax.linen.relu(0=?x)',
    ],
    [
      lines(
        'import flax.linen as nn',
        'class M(nn.Module):',
        '  act: Callable',
        '  def f(self, x):',
        '    self.a‸ct(x)',
      ),
      '-',
    ],
    [lines('import jax.numpy as jnp', 'jnp.tan‸h(x)'), 'jax.numpy.tanh(0=?x)'],
  ]);
});

describe('aliases', () => {
  check([
    [lines(torch, "act = nn.GELU(approximate='tanh')", 'y = a‸ct(x)'), 'torch.nn.GELU(approximate="tanh")'],
    [lines(torch, 'act = nn.GELU()', 'a‸ct'), 'torch.nn.GELU()'],
    [lines(torch, 'a‸ct = nn.GELU()'), 'torch.nn.GELU()'],
    [lines(torch, 'act = F.leaky_relu', 'a‸ct(x, 0.3)'), 'torch.nn.functional.leaky_relu(0=?x, 1=0.3)'],
    [lines('import torch', 'F = torch.nn.functional', 'F.re‸lu(x)'), 'torch.nn.functional.relu(0=?x)'],
    [lines(torch, 'a = nn', 'b = a', 'c = b', 'c.Re‸LU()'), 'torch.nn.ReLU()'],
    [lines('a = b', 'b = a', 'a.re‸lu()'), '.relu()'],
    [lines('a = b', 'b = a', '‸a(x)'), '-'],
    [lines('a = a', '‸a(x)'), '-'],
    [lines(torch, 'act = nn', 'act = act.ReLU', 'a‸ct()'), 'torch.nn.ReLU()'],
    [lines(torch, 'x = F.relu(x)', '‸x'), '-'],
    [lines(torch, 'act, n = nn.ReLU(), 3', 'a‸ct(x)'), 'torch.nn.ReLU()'],
    [lines(torch, '(act, n) = (nn.ReLU(), 3)', 'a‸ct(x)'), 'torch.nn.ReLU()'],
    [lines(torch, 'act = n = nn.ReLU()', 'a‸ct(x)'), 'torch.nn.ReLU()'],
    [lines(torch, 'act, n = pair', 'a‸ct(x)'), '-'],
    [lines(torch, 'act, *n = nn.ReLU(), 3', 'a‸ct(x)'), '-'],
    [lines(torch, 'if (act := nn.ReLU()): pass', 'a‸ct(x)'), 'torch.nn.ReLU()'],
    [lines(torch, 'act = nn.ReLU() if deep else nn.GELU()', 'a‸ct(x)'), '-'],
    [lines(torch, 'act = nn.ReLU() if deep else nn.ReLU()', 'a‸ct(x)'), 'torch.nn.ReLU()'],
    [lines(torch, 'if deep:', '  act = nn.ReLU()', 'else:', '  act = nn.GELU()', 'a‸ct(x)'), '-'],
    [lines(torch, 'if deep:', '  act = nn.ReLU()', '  a‸ct(x)', 'else:', '  act = nn.GELU()'), 'torch.nn.ReLU()'],
    [
      lines(torch, 'if deep:', '  act = nn.LeakyReLU(0.1)', 'else:', '  act = nn.LeakyReLU(0.2)', 'a‸ct(x)'),
      'torch.nn.LeakyReLU(0=0.2)',
    ],
    [lines(torch, 'act = None', 'if deep: act = nn.ReLU()', 'a‸ct(x)'), '-'],
    [lines(torch, 'act = nn.ReLU()', 'a‸ct(x)', 'act = nn.GELU()'), 'torch.nn.ReLU()'],
    [lines(torch, 'act = nn.ReLU()', 'act = nn.GELU()', 'a‸ct(x)'), 'torch.nn.GELU()'],
    [lines(torch, 'act = nn.ReLU()', 'for i in n:', '  a‸ct(x)', '  act = nn.GELU()'), '-'],
    [lines(torch, 'for i in n:', '  act = nn.ReLU()', '  a‸ct(x)', '  act = nn.GELU()'), 'torch.nn.ReLU()'],
    [lines(torch, 'def f():', '  return a‸ct(x)', 'act = nn.ReLU()'), 'torch.nn.ReLU()'],
    [lines(torch, 'act = nn.ReLU()', 'def f():', '  return a‸ct(x)', 'act = nn.GELU()'), 'torch.nn.GELU()'],
    [lines(torch, 'act = nn.ReLU()', 'act += 1', 'a‸ct(x)'), '-'],
    [lines(torch, 'act = nn.ReLU()', 'del act', 'a‸ct(x)'), '-'],
    [lines(torch, 'acts = [nn.ReLU()]', 'acts[0](‸x)'), '-'],
  ]);
});

describe('attributes of self', () => {
  const model = (...body: string[]) => lines(torch, 'class M(nn.Module):', ...body.map((line) => `  ${line}`));
  check([
    [
      model('def __init__(self):', '  self.act = nn.LeakyReLU(0.2)', 'def forward(self, x):', '  return self.a‸ct(x)'),
      'torch.nn.LeakyReLU(0=0.2)',
    ],
    [model('def __init__(self):', '  self.a‸ct = nn.LeakyReLU(0.2)'), 'torch.nn.LeakyReLU(0=0.2)'],
    [
      model('def __init__(this):', '  this.act = F.relu', 'def f(me, x):', '  me.a‸ct(x)'),
      'torch.nn.functional.relu(0=?x)',
    ],
    [model('def f(self, x):', '  self.a‸ct(x)', 'def g(self):', '  self.act = nn.ReLU()'), 'torch.nn.ReLU()'],
    [model('def f(self, act):', '  self.act = act', '  self.a‸ct(x)'), '-'],
    [
      model(
        'def __init__(self):',
        '  if d:',
        '    self.act = nn.ReLU()',
        '  else:',
        '    self.act = nn.ELU()',
        '  self.a‸ct(x)',
      ),
      '-',
    ],
    [model('act = nn.ReLU()', 'def f(self, x):', '  self.a‸ct(x)'), 'torch.nn.ReLU()'],
    [model('def relu(self, x): pass', 'def f(self, x):', '  self.re‸lu(x)'), '-'],
    [model('def __init__(self):', '  self.act = nn.ReLU()', 'def f(self, x):', '  self.a‸ct.forward(x)'), '-'],
    [model('def __init__(self):', '  self.act = nn.ReLU()', 'def f(self, x):', '  self.act.forw‸ard(x)'), '-'],
    [
      model('def __init__(self):', '  self.F = F', 'def f(self, x):', '  self.F.re‸lu(x)'),
      'torch.nn.functional.relu(0=?x)',
    ],
    [
      model('def __init__(self):', '  self.act = nn.ReLU()', 'def f(self, x):', '  return [self.a‸ct(y) for y in x]'),
      'torch.nn.ReLU()',
    ],
    [
      lines(
        torch,
        'class A:',
        '  def f(self):',
        '    self.act = nn.ReLU()',
        'class B:',
        '  def f(self):',
        '    self.a‸ct(x)',
      ),
      '-',
    ],
    [lines(torch, 'def f(self):', '  self.act = nn.ReLU()', '  self.a‸ct(x)'), '.act(0=?x)'],
  ]);
});

describe('scopes', () => {
  check([
    [lines('from torch import relu', 'def f(relu):', '  return re‸lu(x)'), '-'],
    [lines('from torch import relu', 'def f(re‸lu): pass'), '-'],
    [lines('from torch import relu', 'def f(a=re‸lu): pass'), 'torch.relu'],
    [lines('from torch import relu', 'def f(relu=re‸lu): pass'), 'torch.relu'],
    [lines('from torch import relu', 'g(re‸lu=3)'), '-'],
    [lines('from torch import relu', 'g(act=re‸lu)'), 'torch.relu'],
    [lines('from torch import relu', 'def re‸lu(x): pass'), '-'],
    [lines('from torch import relu', 'def relu(x): pass', 're‸lu(x)'), '-'],
    [lines('from torch import relu', 'class relu: pass', 're‸lu(x)'), '-'],
    [lines('from torch import relu', 'for relu in y: pass', 're‸lu(x)'), '-'],
    [lines('from torch import relu', 'for relu in y:', '  re‸lu(x)'), '-'],
    [lines('from torch import relu', '[relu(x) for relu in y]', 're‸lu(x)'), 'torch.relu(0=?x)'],
    [lines('from torch import relu', '[re‸lu(x) for relu in y]'), '-'],
    [lines('from torch import relu', '[relu(x) for relu in re‸lu(y)]'), 'torch.relu(0=?y)'],
    [lines('from torch import relu', 'f(re‸lu(x) for relu in y)'), '-'],
    [lines('from torch import relu', 'f(re‸lu(x) for z in y)'), 'torch.relu(0=?x)'],
    [lines('from torch import relu', '{re‸lu: x for relu, x in y}'), '-'],
    [lines('from torch import relu', 'lambda relu: re‸lu(x)'), '-'],
    [lines('from torch import relu', 'lambda x: re‸lu(x)'), 'torch.relu(0=?x)'],
    [lines('from torch import relu', 'lambda relu=re‸lu: 0'), 'torch.relu'],
    [lines('from torch import relu', 'with open(f) as relu: pass', 're‸lu(x)'), '-'],
    [lines('from torch import relu', 'try: pass', 'except E as relu: re‸lu(x)'), '-'],
    [lines('from torch import relu', 'match y:', '  case [relu]: re‸lu(x)'), '-'],
    [lines('class A:', '  from torch import relu', '  y = re‸lu(x)'), 'torch.relu(0=?x)'],
    [lines('class A:', '  from torch import relu', '  def f(self): re‸lu(x)'), '-'],
    [
      lines('from torch import relu', 'class A:', '  def relu(self): pass', '  def f(self): re‸lu(x)'),
      'torch.relu(0=?x)',
    ],
    [lines('def f():', '  from torch import relu', '  def g():', '    re‸lu(x)'), 'torch.relu(0=?x)'],
    [lines('from torch import relu', 'def f():', '  global relu', '  relu = 3', 're‸lu(x)'), '-'],
    [lines('def f():', '  global relu', '  from torch import relu', 'def g():', '  re‸lu(x)'), 'torch.relu(0=?x)'],
    [
      lines('def f():', '  relu = 1', '  def g():', '    nonlocal relu', '    from torch import relu', '    re‸lu(x)'),
      '-',
    ],
    [lines('from torch import relu', '@re‸lu', 'def f(): pass'), '-'],
    [lines('re‸lu(x)'), '-'],
    [lines('relu = 3', 're‸lu(x)'), '-'],
    [lines('from torch import nn', 'def f(x: nn.Re‸LU): pass'), 'torch.nn.ReLU'],
    [lines('from torch import nn', 'class A(nn.Re‸LU): pass'), 'torch.nn.ReLU'],
  ]);
});

describe('arguments', () => {
  const elu = (list: string) => lines(torch, `nn.EL‸U(${list})`);
  check([
    [elu('1_000.5'), 'torch.nn.ELU(0=1000.5)'],
    [elu('-1e-3'), 'torch.nn.ELU(0=-0.001)'],
    [elu('+.5'), 'torch.nn.ELU(0=0.5)'],
    [elu('0x10'), 'torch.nn.ELU(0=16)'],
    [elu('1j'), 'torch.nn.ELU(0=?1j)'],
    [elu('1.'), 'torch.nn.ELU(0=1)'],
    [elu('1., 2'), 'torch.nn.ELU(0=1, 1=2)'],
    [elu('(1 + 2) * 3 / 4'), 'torch.nn.ELU(0=2.25)'],
    [elu('7 // 2'), 'torch.nn.ELU(0=3)'],
    [elu('-7 % 3'), 'torch.nn.ELU(0=2)'],
    [elu('2 ** -1'), 'torch.nn.ELU(0=0.5)'],
    [elu('1 / 0'), 'torch.nn.ELU(0=?1 / 0)'],
    [elu("'a' + 'b'"), 'torch.nn.ELU(0="ab")'],
    [elu("'a' 'b'"), 'torch.nn.ELU(0="ab")'],
    [elu("f'{a}'"), "torch.nn.ELU(0=?f'{a}')"],
    [elu("'a\\n\\x41\\u0042\\''"), 'torch.nn.ELU(0="a\\nAB\'")'],
    [elu('None, True, False'), 'torch.nn.ELU(0=null, 1=true, 2=false)'],
    [elu('*args, 3'), 'torch.nn.ELU(…)'],
    [elu('1, *args, 3, alpha=2'), 'torch.nn.ELU(0=1, alpha=2, …)'],
    [elu('1, **kw'), 'torch.nn.ELU(0=1, …)'],
    [elu('slope'), 'torch.nn.ELU(0=?slope)'],
    [lines('SLOPE = 0.3', elu('SLOPE')), 'torch.nn.ELU(0=0.3)'],
    [lines('A = 0.3', 'B = A * 2', elu('alpha=B')), 'torch.nn.ELU(alpha=0.6)'],
    [lines('A = 0.3', 'A = 0.4', elu('A')), 'torch.nn.ELU(0=0.4)'],
    [lines('A = 0.3', 'if b: A = 0.4', elu('A')), 'torch.nn.ELU(0=?A)'],
    [lines('A = A + 1', elu('A')), 'torch.nn.ELU(0=?A)'],
    [lines('import math', elu('math.sqrt(2 / math.pi)')), `torch.nn.ELU(0=${Math.sqrt(2 / Math.PI)})`],
    [lines('import numpy as np', elu('np.sqrt(4)')), 'torch.nn.ELU(0=2)'],
    [lines(torch, 'nn.EL‸U(', '  alpha=0.5,  # the slope', ')'), 'torch.nn.ELU(alpha=0.5)'],
    [lines(torch, 'nn.EL‸U(alpha=)'), 'torch.nn.ELU(…)'],
    [lines(torch, 'nn.EL‸U('), 'torch.nn.ELU()'],
  ]);
});
