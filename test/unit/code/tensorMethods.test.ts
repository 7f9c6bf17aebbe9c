import { describe, expect, test } from 'vitest';
import { activationAt } from '../../../src/code/codeActivation';
import type { Language } from '../../../src/code/language';
import { lines, withCursor } from './reading';

function methodAt(source: string, language: Language): string | undefined {
  const { document, offset } = withCursor(source, language);
  const there = activationAt(document, offset, { tensorflowKeras: 2 });
  if (there?.spelling.form !== 'method') return undefined;
  return [there.spelling.name, ...(there.found?.problems ?? [])].join(': ');
}

const python = (...body: string[]) => lines('import torch', 'from torch import nn', ...body);
const method = (...body: string[]) =>
  python(
    'class Net(nn.Module):',
    '  def __init__(self):',
    '    self.trunk = trunk()',
    ...body.map((line) => `  ${line}`),
  );

describe('a method of a tensor of PyTorch', () => {
  test.each([
    [python('def f(x):', '  return x.re‸lu()'), 'relu'],
    [python('def f(x: torch.Tensor):', '  return x.re‸lu()'), 'relu'],
    [python("def f(x: 'torch.Tensor | None' = None):", '  return x.re‸lu()'), 'relu'],
    [python('from typing import Any', 'def f(x: Any):', '  return x.re‸lu()'), 'relu'],
    [python('from jaxtyping import Float', 'def f(x: Float[torch.Tensor, "n"]):', '  return x.re‸lu()'), 'relu'],
    [python('torch.ones(2).view(1, 2).T.re‸lu()'), 'relu'],
    [python('torch.FloatTensor(2).tan‸h()'), 'tanh'],
    [python('nn.Parameter(w).tan‸h()'), 'tanh'],
    [python('nn.Linear(1, 2)(y).sig‸moid()'), 'sigmoid'],
    [python('from models import Net', 'net = Net(3)', 'net(x).sig‸moid()'), 'sigmoid'],
    [python('from models import Net', 'Net(3).encode(x).sig‸moid()'), 'sigmoid'],
    [python('from einops import rearrange', "rearrange(x, 'a b -> b a').soft‸max(dim=-1)"), 'softmax'],
    [python('from .ops import mix', 'mix().tan‸h()'), 'tanh'],
    [python('import numpy as np', 'y = np.pi * torch.ones(2)', 'y.tan‸h()'), 'tanh'],
    [python('(2 * x + 1).tan‸h()'), 'tanh'],
    [python('xs = [a, b]', 'xs[0].tan‸h()'), 'tanh'],
    [python('sum(xs).tan‸h()'), 'tanh'],
    [python('x.soft‸max(1)'), 'softmax'],
    [python('x.soft‸max(self.dim)'), 'softmax'],
    [python('x.log_soft‸max(dim=d, dtype=torch.float32)'), 'log_softmax'],
    [python('x.hard‸shrink(0.3)'), 'hardshrink'],
    [python('x.pre‸lu(self.weight)'), 'prelu'],
    [method('def forward(self, x):', '  return self.trunk(x).re‸lu()'), 'relu'],
  ])('%s', (source, expected) => {
    expect(methodAt(source, 'python')).toBe(expected);
  });
});

describe('no method of a tensor', () => {
  test.each([
    // A layer of a network, or a function of a module, that is called with its input.
    method('def forward(self, x):', '  return self.trunk.re‸lu(x)'),
    method('def forward(self, x):', '  return self.trunk.sig‸moid(input=x)'),
    method('def forward(self, x):', '  return self.trunk.soft‸max(x)'),
    method('def forward(self, x):', '  return self.trunk.pre‸lu(x)'),
    method('def forward(self, x):', '  return self.trunk.hard‸shrink(x)'),
    method('def forward(self, *x):', '  return self.trunk.re‸lu(*x)'),
    python('def f(net, x):', '  return net.layer.re‸lu(net.bn(x))'),
    python('def f(net: nn.Module):', '  return net.re‸lu()'),
    python('def f(x):', '  return F.re‸lu(x)'),
    python('F.soft‸max(x, dim=1)'),
    python('F.soft‸max(x)'),
    python('F.pre‸lu(x, w)'),
    // Other libraries.
    python('import sympy', "sympy.Symbol('t').tan‸h()"),
    python('import sympy as sp', "t = sp.symbols('t')", '(2 * t).tan‸h()'),
    python('import numpy as np', 'np.ones(2).view().tan‸h()'),
    python('import numpy as np', 'x = np.asarray(y)', 'x[0].tan‸h()'),
    python('import numpy as np', 'def f(x: np.ndarray):', '  return x.tan‸h()'),
    python('import jax.numpy as jnp', 'jnp.ones(2).tan‸h()'),
    python('from tinygrad import Tensor', 'Tensor.ones(2).re‸lu()'),
    python('import paddle', 'paddle.to_tensor(x).tan‸h()'),
    python('torch.ones(2).numpy().tan‸h()'),
    python('x.tolist().tan‸h()'),
    // Objects of other classes.
    python('from scalargrad import Node', 'Node(1.5).re‸lu()'),
    python('from micrograd.engine import Value', 'x = Value(-4.0)', 'z = 2 * x + 2 + x', 'z.re‸lu()'),
    python('from scalargrad import Node', 'Node(1.5).exp().re‸lu()'),
    python('import scalargrad as sg', 'sg.node(1.5).re‸lu()'),
    python('class Value: pass', 'o = sum([1, 2], Value(3))', 'o.tan‸h()'),
    python('class Value: pass', "def f(x: 'Value'):", '  return x.tan‸h()'),
    python('class Value: pass', 'def f(x: Value | None):', '  return x.tan‸h()'),
    python('class Value: pass', 'def f(y):', '  x: Value = make(y)', '  return x.tan‸h()'),
    method('def forward(self):', '  self.b = Value(0)', '  return (self.b * 2).tan‸h()'),
    // Literals, and what Python itself gives.
    python('complex(0, 1).tan‸h()'),
    python("'text'.re‸lu()"),
    python("f'{text}'.re‸lu()"),
    python('(3.0).tan‸h()'),
    python('None.re‸lu()'),
    python('[1, 2].re‸lu()'),
    python('{1: 2}.re‸lu()'),
    python('[x for x in y].re‸lu()'),
    python('(lambda x: x).re‸lu()'),
    python('float(x).tan‸h()'),
    python('(3 + 4j).tan‸h()'),
  ])('%s', (source) => {
    expect(methodAt(source, 'python')).toBeUndefined();
  });
});

const javascript = (...body: string[]) => lines("import * as tf from '@tensorflow/tfjs';", ...body);

describe('a method of a tensor of TensorFlow.js', () => {
  test.each([
    [javascript('tf.tensor1d([1]).st‸ep()'), 'step'],
    [javascript('x.relu().st‸ep();'), 'step'],
    [javascript('const x = tf.matMul(a, b);', 'x.add(1).st‸ep(0.1);'), 'step'],
    [javascript('function f(x: tf.Tensor2D) { return x.st‸ep(); }'), 'step'],
    [javascript('const f = (x?: tf.Tensor<tf.Rank.R1> | null) => x.st‸ep();'), 'step'],
    [javascript('let x: tf.Tensor = make(3);', 'x.st‸ep();'), 'step'],
    [javascript('function f(x) { return x.re‸lu(); }'), 'relu'],
    [javascript('x.leakyRe‸lu(0.1);'), 'leakyRelu'],
    [javascript('model.predict(x).soft‸max();'), 'softmax'],
  ])('%s', (source, expected) => {
    expect(methodAt(source, 'typescript')).toBe(expected);
  });

  test.each([
    javascript('function f(env) { return env.st‸ep(3); }'),
    javascript('let board: Board;', 'board ??= new Board(9);', 'board.st‸ep(move);'),
    javascript("import { Board } from './board';", 'const board = new Board(3);', 'board.st‸ep(0).reward;'),
    javascript(
      "import { Board } from './board';",
      'class A { private readonly c = new Board(3); t() { this.c.st‸ep(1); } }',
    ),
    javascript('class Board {}', 'function f(board: Board) { board.re‸lu(); }'),
    javascript('interface Board { relu(): void }', 'function f(board: Board) { board.re‸lu(); }'),
    javascript("import { World } from 'physics';", 'new World().st‸ep(1 / 60);'),
    javascript('const optimizer = tf.train.sgd(0.1);', 'optimizer.st‸ep();'),
    javascript('net.re‸lu(x);'),
    javascript('net.leakyRe‸lu(x);'),
    javascript('net.soft‸max(x);'),
    javascript('net.pre‸lu(x);'),
    javascript("'text'.re‸lu();"),
    javascript('[1, 2].re‸lu();'),
    javascript('({ a: 1 }).re‸lu();'),
    javascript('(() => 1).re‸lu();'),
    javascript('x.dataSync().re‸lu();'),
    javascript("import nj from 'numjs';", 'nj.array([1]).re‸lu();'),
  ])('%s', (source) => {
    expect(methodAt(source, 'typescript')).toBeUndefined();
  });
});
