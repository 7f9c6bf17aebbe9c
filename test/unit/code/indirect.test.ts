import { describe, expect, test } from 'vitest';
import { lines, read } from './reading';

const torch = 'import torch, torch.nn as nn, torch.nn.functional as F';

type Case = readonly [source: string, expected: string];
const check = (cases: readonly Case[]) =>
  test.each(cases)('%s', (source, expected) => {
    expect(read(source, 'python')).toBe(expected);
  });

describe('members by their name', () => {
  check([
    [lines(torch, 'fi‸rst = getattr(nn, "GELU")()'), 'torch.nn.GELU()'],
    [lines(torch, 'first = getattr(nn, "GE‸LU")()'), 'torch.nn.GELU()'],
    [lines(torch, 'first = getattr(nn, "GELU")()', 'fi‸rst(x)'), 'torch.nn.GELU()'],
    [lines(torch, 'se‸cond = getattr(F, "selu")'), 'torch.nn.functional.selu'],
    [lines(torch, 'third = getattr(torch, "ta‸nh")(z)'), 'torch.tanh(0=?z)'],
    [lines(torch, 'NAME = "LeakyReLU"', 'fo‸urth = getattr(nn, NAME)(0.2)'), 'torch.nn.LeakyReLU(0=0.2)'],
    [lines(torch, 'a‸ct = getattr(nn, "Re" + "LU")()'), 'torch.nn.ReLU()'],
    [lines(torch, 'a‸ct = getattr(nn, "ELU", nn.ReLU)(0.5)'), 'torch.nn.ELU(0=0.5)'],
    [lines(torch, 'a‸ct = getattr(nn, name)()'), '-'],
    [lines(torch, 'a‸ct = getattr(nn, name, "ReLU")()'), '-'],
    [lines(torch, 'def getattr(a, b): pass', 'a‸ct = getattr(nn, "ReLU")()'), '-'],
    [lines(torch, 'getattr(getattr(torch, "nn"), "SE‸LU")()'), 'torch.nn.SELU()'],
    [lines(torch, 'a‸ct = nn.__dict__["SiLU"]()'), 'torch.nn.SiLU()'],
    [lines(torch, 'a‸ct = vars(nn)["SiLU"]()'), 'torch.nn.SiLU()'],
    [lines(torch, 'a‸ct = nn.__getattribute__("SiLU")()'), 'torch.nn.SiLU()'],
    [
      lines(torch, 'from operator import attrgetter', 'a‸ct = attrgetter("functional.relu")(nn)'),
      'torch.nn.functional.relu',
    ],
    [lines('import importlib', 'nn = importlib.import_module("torch.nn")', 'nn.Re‸LU()'), 'torch.nn.ReLU()'],
    [lines('torch = __import__("torch")', 'torch.tan‸h(x)'), 'torch.tanh(0=?x)'],
    [lines('import keras', 'a‸ct = getattr(keras.activations, "elu")'), 'keras.activations.elu'],
    [lines('import jax', 'getattr(jax.nn, "ge‸lu")(x, approximate=False)'), 'jax.nn.gelu(0=?x, approximate=false)'],
    [lines(torch, 'x = getattr(config, "hidden‸")'), '-'],
  ]);
});

describe('tables', () => {
  const acts = 'ACTS = {"relu": nn.ReLU, "leaky": nn.LeakyReLU(0.1)}';
  check([
    [lines(torch, acts, 'a‸ct = ACTS["relu"](inplace=True)'), 'torch.nn.ReLU(inplace=true)'],
    [lines(torch, acts, 'ACTS["re‸lu"]()'), 'torch.nn.ReLU()'],
    [lines(torch, acts, 'a‸ct = ACTS["leaky"]'), 'torch.nn.LeakyReLU(0=0.1)'],
    [lines(torch, acts, 'a‸ct = ACTS.get("leaky")'), 'torch.nn.LeakyReLU(0=0.1)'],
    [lines(torch, acts, 'a‸ct = ACTS.get("leaky", nn.ReLU())'), 'torch.nn.LeakyReLU(0=0.1)'],
    [lines(torch, acts, 'a‸ct = ACTS["none"]'), '-'],
    [lines(torch, acts, 'a‸ct = ACTS[name]'), '-'],
    [lines(torch, 'acts = dict(relu=F.relu, elu=F.elu)', 'a‸ct = acts["elu"]'), 'torch.nn.functional.elu'],
    [lines(torch, 'acts = [nn.ReLU(), nn.ELU()]', 'a‸ct = acts[1]'), 'torch.nn.ELU()'],
    [lines(torch, 'acts = (nn.ReLU(), nn.ELU())', 'a‸ct = acts[-1]'), 'torch.nn.ELU()'],
    [lines(torch, 'acts = (nn.ReLU(), nn.ELU())', 'a‸ct = acts[2]'), '-'],
    [lines(torch, 'acts = [*more, nn.ELU()]', 'a‸ct = acts[1]'), '-'],
    [lines(torch, 'acts = nn.ModuleDict({"elu": nn.ELU()})', 'a‸ct = acts["elu"]'), 'torch.nn.ELU()'],
    [lines(torch, 'acts = nn.ModuleDict([("elu", nn.ELU())])', 'a‸ct = acts["elu"]'), 'torch.nn.ELU()'],
    [lines(torch, 'acts = nn.ModuleList([nn.ELU()])', 'a‸ct = acts[0]'), 'torch.nn.ELU()'],
    [lines(torch, 'net = nn.Sequential(nn.Linear(1, 2), nn.ELU(0.5))', 'a‸ct = net[1]'), 'torch.nn.ELU(0=0.5)'],
    [
      lines(
        torch,
        'class Net(nn.Module):',
        '  def __init__(self):',
        '    self.acts = nn.ModuleDict({"elu": nn.ELU()})',
        '  def forward(self, x):',
        '    a‸ct = self.acts["elu"]',
      ),
      'torch.nn.ELU()',
    ],
  ]);
});

describe('attributes of classes above', () => {
  const base = [
    torch,
    'class Base(nn.Module):',
    '  squash = nn.Tanh()',
    '  def __init__(self):',
    '    self.bend = nn.CELU()',
    '  def relu(self, x): pass',
  ];
  const child = (...body: string[]) =>
    lines(...base, 'class Child(Base):', '  def forward(self, z):', ...body.map((line) => `    ${line}`));
  check([
    [child('return self.squ‸ash(z)'), 'torch.nn.Tanh()'],
    [child('return self.be‸nd(z)'), 'torch.nn.CELU()'],
    [child('return super().be‸nd(z)'), 'torch.nn.CELU()'],
    [child('return self.re‸lu(z)'), '-'],
    [child('return getattr(self, "be‸nd")(z)'), 'torch.nn.CELU()'],
    [child('return self.__class__.squ‸ash(z)'), 'torch.nn.Tanh()'],
    [child('return type(self).squ‸ash(z)'), 'torch.nn.Tanh()'],
    [child('self.bend = nn.ELU(0.5)', 'return self.be‸nd(z)'), 'torch.nn.ELU(0=0.5)'],
    [child('self.add_module("soft", nn.Softplus(2))', 'return self.so‸ft(z)'), 'torch.nn.Softplus(0=2)'],
    [child('self.register_module(name="soft", module=nn.Softplus())', 'return self.so‸ft(z)'), 'torch.nn.Softplus()'],
    [child('setattr(self, "soft", nn.Softplus())', 'return self.so‸ft(z)'), 'torch.nn.Softplus()'],
    [child('setattr(other, "soft", nn.Softplus())', 'return self.so‸ft(z)'), '-'],
    [child('squash = 3', 'return self.squ‸ash(z)'), 'torch.nn.Tanh()'],
    [lines(child('pass'), 'class Grandchild(Mixin, Child):', '  def f(self, z): self.be‸nd(z)'), 'torch.nn.CELU()'],
    [lines(...base, 'Base.squ‸ash(z)'), 'torch.nn.Tanh()'],
    [lines(...base, 'Base().be‸nd(z)'), 'torch.nn.CELU()'],
    [lines(child('pass'), 'net = Child()', 'net.be‸nd(z)'), 'torch.nn.CELU()'],
    [lines(child('pass'), 'def f(net: Child, z): return net.be‸nd(z)'), 'torch.nn.CELU()'],
    [lines(...base, 'Base().re‸lu(z)'), '-'],
    [lines('class A(B): pass', 'class B(A):', '  def f(self, z): self.a‸ct(z)'), '-'],
    [lines(torch, 'class A(unknown.B):', '  def f(self, z): self.a‸ct(z)'), '-'],
    [
      lines(torch, 'class A:', '  act: nn.Module = nn.ELU()', 'class B(A[int]):', '  def f(self, z): self.a‸ct(z)'),
      'torch.nn.ELU()',
    ],
  ]);

  test('of JavaScript', () => {
    const tf = "import * as tf from '@tensorflow/tfjs';";
    const classes = lines(
      tf,
      'class A { act = tf.relu; constructor() { this.bend = tf.elu; } }',
      'class B extends A {',
    );
    expect(read(lines(classes, 'f(x) { this.a‸ct(x); } }'), 'javascript')).toBe('tf.relu(0=?x)');
    expect(read(lines(classes, 'f(x) { this.be‸nd(x); } }'), 'javascript')).toBe('tf.elu(0=?x)');
    expect(read(lines(classes, '}', 'new B().be‸nd(x);'), 'javascript')).toBe('tf.elu(0=?x)');
    expect(read(lines(tf, "const NAME = 'relu';", 'const a‸ct = tf[NAME];'), 'javascript')).toBe('tf.relu');
    expect(read(lines(tf, "const y = tf['re‸lu'](x);"), 'javascript')).toBe('tf.relu(0=?x)');
    expect(read(lines(tf, 'const acts = { soft: tf.softplus };', 'acts.so‸ft(x);'), 'javascript')).toBe(
      'tf.softplus(0=?x)',
    );
    expect(read(lines(tf, 'const acts = { soft: tf.softplus };', "acts['so‸ft'](x);"), 'javascript')).toBe(
      'tf.softplus(0=?x)',
    );
  });
});
