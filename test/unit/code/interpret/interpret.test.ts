import { describe, expect, it } from 'vitest';
import { parse } from '../../../../src/code/document';
import { interpret } from '../../../../src/code/interpret/interpret';
import { type Foreign, type Library, list, type Value } from '../../../../src/code/interpret/values';
import { programOf } from '../../../../src/code/program/program';
import { createRandom } from '../../../../src/core/math/random';

/** A library whose calls make named things, and which remembers what it was asked. */
function recording() {
  const calls: string[] = [];
  const thing = (name: string): Foreign => ({ kind: 'foreign', library, type: 'thing', data: { name } });
  const nameOf = (object: Foreign): string => (object.data as { name: string }).name;
  const library: Library = {
    call(path, args, site, machine) {
      const named = [...args.named].map(([key, value]) => `${key}=${shown(value)}`);
      const text = `${path}(${[...args.positional.map(shown), ...named].join(', ')})`;
      calls.push(
        `${site.assignedTo === undefined ? '' : `${site.assignedTo} = `}${text}${machine.uncertain ? ' ?' : ''}`,
      );
      return thing(path.slice(path.lastIndexOf('.') + 1));
    },
    invoke(object, args) {
      calls.push(`${nameOf(object)}(${args.positional.map(shown).join(', ')})`);
      return thing(`${nameOf(object)}()`);
    },
    member: (object, name) => (name === 'size' ? { kind: 'constant', value: 7 } : { kind: 'bound', object, name }),
    method(object, name, args) {
      calls.push(`${nameOf(object)}.${name}(${args.positional.map(shown).join(', ')})`);
      return thing(`${nameOf(object)}.${name}`);
    },
    operator: (operator, operands) => thing(`${operands.map(shown).join(operator)}`),
    items: (object) => (nameOf(object) === 'Pair' ? [thing('first'), thing('second')] : undefined),
    adopt(instance, path) {
      calls.push(`adopt ${instance.class.name} ${path}`);
      return thing(instance.class.name);
    },
    instanceMethod(instance, name) {
      calls.push(`${instance.class.name}.${name}`);
      return { kind: 'constant', value: null };
    },
    instanceCall(instance, args, site, machine) {
      const forward = machine.member(instance, 'forward');
      return forward === undefined ? undefined : machine.call(forward, args, site);
    },
    instanceOf: (object, path) => path.endsWith(nameOf(object)),
  };
  const shown = (value: Value | undefined): string => {
    if (value === undefined) return 'nothing';
    switch (value.kind) {
      case 'constant':
        return JSON.stringify(value.value) ?? 'undefined';
      case 'list':
        return `[${value.items.map(shown).join(', ')}${value.complete ? '' : ', …'}]`;
      case 'dict':
        return `{${[...value.entries].map(([key, held]) => `${key}: ${shown(held)}`).join(', ')}}`;
      case 'foreign':
        return value.library === library ? `<${nameOf(value)}>` : `<${value.type}>`;
      case 'instance':
        return `${value.class.name}{${[...value.attributes].map(([key, held]) => `${key}: ${shown(held)}`).join(', ')}}`;
      case 'path':
        return value.path;
      case 'unknown':
        return value.symbols.length > 0 ? `?${value.symbols.join(',')}` : '?';
      default:
        return value.kind;
    }
  };
  return { library, calls, shown };
}

function run(code: string, language: 'python' | 'javascript' = 'python', symbols?: ReadonlyMap<string, number>) {
  const { library, calls, shown } = recording();
  const document = parse(code, language);
  const program = programOf(document);
  const ran = interpret(
    [{ program, text: code, cell: 0 }],
    [{ roots: ['lib', 'tf'], library }],
    symbols === undefined ? {} : { symbols },
  );
  const value = (name: string): string => shown(ran.module.names.get(name));
  return { value, calls, ran, shown };
}

describe('Python', () => {
  it.each([
    ['x = 2 + 3 * 4 ** 2 // 5 - 7 % 4', '8'],
    ['x = -7 // 2', '-4'],
    ['x = -7 % 3', '2'],
    ['a, (b, *c) = 1, (2, 3, 4)\nx = [a, b, c]', '[1, 2, [3, 4]]'],
    ['x = [1] * 3 + [2]', '[1, 1, 1, 2]'],
    ['x = [i * j for i in range(3) for j in (1, 10) if i]', '[1, 10, 2, 20]'],
    ['x = {k: v + 1 for k, v in {"a": 1, "b": 2}.items()}', '{a: 2, b: 3}'],
    ['x = sum(n for n in [1, 2, 3])', '6'],
    ['x = [a for a, b in zip([1, 2, 3], "xy")]', '[1, 2]'],
    ['x = [(i, c) for i, c in enumerate("ab", 1)]', '[[1, "a"], [2, "b"]]'],
    ['x = "a,b".split(",")[::-1]', '["b", "a"]'],
    ['n = 3\nx = f"conv{n + 1}"', '"conv4"'],
    ['x = "{}-{b}".format(1, b=2)', '"1-2"'],
    ['x = [1, 2, 3, 4][1:-1]', '[2, 3]'],
    ['x = 1 if 2 > 1 else 0', '1'],
    ['x = 1 < 2 < 3 and not None', 'true'],
    ['x = None or 5', '5'],
    [
      'x = []\nfor i in range(5):\n    if i == 1:\n        continue\n    if i == 4:\n        break\n    x.append(i)',
      '[0, 2, 3]',
    ],
    ['x = 0\nwhile x < 10:\n    x += 3', '12'],
    ['def f(a, b=2, *args, c, **kw):\n    return [a, b, args, c, kw]\nx = f(1, c=3, d=4)', '[1, 2, [], 3, {d: 4}]'],
    ['def f(*a, **k):\n    return [a, k]\nx = f(*[1, 2], **{"z": 3})', '[[1, 2], {z: 3}]'],
    ['def outer(n):\n    def inner(m):\n        return n + m\n    return inner\nx = outer(1)(2)', '3'],
    ['x = (lambda a, b=3: a * b)(2)', '6'],
    ['from functools import partial\ndef f(a, b):\n    return a - b\nx = partial(f, b=1)(5)', '4'],
    ['import math\nx = int(math.sqrt(16)) + round(math.pi)', '7'],
    ['import numpy as np\nx = int(np.prod([2, 3, 4]))', '24'],
    ['n = 0\ndef f():\n    global n\n    n = 5\nf()\nx = n', '5'],
    ['try:\n    x = 1\nexcept ValueError:\n    x = 2', '1'],
    ['if (n := 3) > 2:\n    x = n', '3'],
    ['if __name__ == "__main__":\n    x = 1', '1'],
    ['x = isinstance(3, int)', 'true'],
    ['d = {"a": 1}\nd["b"] = 2\nd.update(c=3)\nx = d.get("z", 9) + len(d)', '12'],
    ['match "b":\n    case "a":\n        x = 1\n    case "b":\n        x = 2\n    case _:\n        x = 3', '2'],
    ['x = max([1, 5, 3]) + min(4, 2)', '7'],
  ])('%s', (code, expected) => {
    expect(run(code).value('x')).toBe(expected);
  });

  it('runs classes of the file: inheritance, super, properties, static and class methods', () => {
    const { value } = run(`
class A:
    scale = 2
    def __init__(self, n):
        self.n = n
    def twice(self):
        return self.n * self.scale
    @property
    def size(self):
        return self.n + 1
    @staticmethod
    def three():
        return 3
    @classmethod
    def make(cls):
        return cls(4)
class B(A):
    scale = 10
    def __init__(self, n):
        super().__init__(n + 1)
    def twice(self):
        return super().twice() + self.three()
x = [B(1).twice(), B(1).size, B.make().n]
`);
    expect(value('x')).toBe('[23, 3, 5]');
  });

  it('runs dataclasses and named tuples of settings', () => {
    const { value } = run(`
from dataclasses import dataclass, field
@dataclass
class Config:
    hidden: int
    layers: int = 3
    sizes: list = field(default_factory=list)
    def __post_init__(self):
        self.total = self.hidden * self.layers
c = Config(64)
x = [c.hidden, c.layers, c.sizes, c.total]
`);
    expect(value('x')).toBe('[64, 3, [], 192]');
  });

  it('reads defaults of the command line, and makes symbols of what has none', () => {
    const { value } = run(`
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--hidden-size", type=int, default=128)
parser.add_argument("--layers", type=int)
parser.add_argument("--bias", action="store_true")
args = parser.parse_args()
x = [args.hidden_size, args.layers, args.bias]
`);
    expect(value('x')).toBe('[128, ?args.layers, false]');
  });

  it('hands calls, methods and operators of a framework to its library, with the name that the result gets', () => {
    const { calls, value } = run(`
import lib.nn as nn
from lib import other
layer = nn.Dense(3, activation="relu")
y = layer(other.input())
z = y + y
y.add(z)
a, b = nn.Pair()
s = y.size * 2
`);
    expect(calls).toEqual([
      'layer = lib.nn.Dense(3, activation="relu")',
      'lib.other.input()',
      'Dense(<input>)',
      'Dense().add(<<Dense()>+<Dense()>>)',
      'lib.nn.Pair()',
    ]);
    expect([value('z'), value('a'), value('s')]).toEqual(['<<Dense()>+<Dense()>>', '<first>', '14']);
  });

  it('adopts objects of classes with a framework’s base, however far away', () => {
    const { calls, value } = run(`
from lib import Module, Dense
class Base(Module):
    def __init__(self):
        super().__init__()
        self.first = Dense(1)
class Net(Base):
    def __init__(self):
        super(Net, self).__init__()
        self.second = Dense(2)
    def forward(self, x):
        return self.second(self.first(x))
x = Net()(5)
`);
    expect(calls).toEqual([
      'adopt Net lib.Module',
      'Base.__init__'.replace('Base', 'Net'),
      'first = lib.Dense(1)',
      'second = lib.Dense(2)',
      'Dense(5)',
      'Dense(<Dense()>)',
    ]);
    expect(value('x')).toBe('<Dense()>');
  });

  it('runs both branches where nobody knows, and says that it is not certain', () => {
    const { calls, value } = run(`
from lib import A, B, C
import os
if os.environ.get("X"):
    m = A()
    n = 1
else:
    m = B()
    n = 2
C()
items = []
for i in os.listdir("."):
    items.append(A(i))
`);
    expect(calls).toEqual(['m = lib.A() ?', 'm = lib.B() ?', 'lib.C()', 'lib.A(?) ?']);
    expect([value('m'), value('n'), value('items')]).toEqual(['<A>', '?', '[<A>, …]']);
  });

  it('takes a check that raises for one that does not', () => {
    const { calls } = run(
      'from lib import A\ndef f(n):\n    if n > 3:\n        raise ValueError\n    return A(n)\nf(unknown)',
    );
    expect(calls).toEqual(['lib.A(?)']);
  });

  it('ends what never ends', () => {
    for (const code of [
      'while True:\n    x = 1',
      'def f(n):\n    return f(n + 1)\nx = f(0)',
      'x = [0]\nfor i in x:\n    x.append(i)',
      'for i in range(10000):\n    for j in range(10000):\n        x = j',
      'x = 2 ** 2 ** 2 ** 2 ** 2 ** 2',
      'x = "a" * 10 ** 9',
      'x = [0] * 10 ** 9',
    ]) {
      expect(() => run(code)).not.toThrow();
    }
  });

  it('never throws, whatever the text', () => {
    const pieces = [
      'def f(',
      'class A:',
      '\n    ',
      'x = ',
      '[',
      ']',
      '(',
      ')',
      '{',
      'for i in',
      'if',
      'else:',
      ':',
      '"',
      "'",
      '=',
      'lambda',
      '*',
      '**',
      ',',
      'return ',
      'x',
      '1',
      '.',
      'import lib',
      '@',
      'with a as b:',
      'try:',
      '\n',
    ];
    const random = createRandom(4, 'programs');
    for (let k = 0; k < 400; k++) {
      const text = Array.from({ length: 1 + random.below(40) }, () => pieces[random.below(pieces.length)]).join(' ');
      expect(() => run(text)).not.toThrow();
      expect(() => run(text, 'javascript')).not.toThrow();
    }
    for (const open of ['(', '[', '{', 'f(', '-', 'not ', 'lambda: ', 'x.']) {
      expect(() => run(`x = ${open.repeat(3000)}1`)).not.toThrow();
    }
    expect(() => run(Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n'))).not.toThrow();
  });
});

describe('JavaScript', () => {
  it.each([
    ['const x = 2 + 3 * 4 ** 2', '50'],
    ['const {a, b: {c = 5}, ...rest} = {a: 1, b: {}, d: 2}; const x = [a, c, rest]', '[1, 5, {d: 2}]'],
    ['const [a, , ...b] = [1, 2, 3, 4]; const x = [a, b]', '[1, [2, 3, 4]]'],
    ['const x = [1, 2, 3].map((n, i) => n * i).filter(n => n > 0)', '[2, 6]'],
    ['let x = 0; for (let i = 0; i < 5; i++) { if (i === 3) break; x += i; }', '3'],
    ['let x = []; for (const n of [1, 2]) x.push(n * 2);', '[2, 4]'],
    ['const x = add(1); function add(a, b = 4) { return a + b; }', '5'],
    ['const f = ({units = 3, act}) => [units, act]; const x = f({act: "relu"})', '[3, "relu"]'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template stands in the code that is run.
    ['const n = 2; const x = `conv${n + 1}`', '"conv3"'],
    ['const o = {a: 1, ["b"]: 2, f() { return 3; }}; const x = [o.a, o.b, o.f(), {...o, a: 9}.a]', '[1, 2, 3, 9]'],
    ['const x = null ?? 5', '5'],
    ['let y; function set() { y = 4; } set(); const x = y', '4'],
    ['const x = [1, 2, 3].reduce((a, b) => a + b, 0)', '6'],
    ['let x; switch ("b") { case "a": x = 1; break; case "b": x = 2; break; default: x = 3; }', '2'],
    ['const x = Math.max(1, Math.floor(2.5))', '2'],
    ['const x = (5 as number)!', '5'],
  ])('%s', (code, expected) => {
    expect(run(code, 'javascript').value('x')).toBe(expected);
  });

  it('runs classes, fields, getters, super and arrows that keep this', () => {
    const { value } = run(
      `class A { n = 1; static k = 2; constructor(m) { this.m = m; } get both() { return this.n + this.m; } }
       class B extends A { constructor() { super(5); this.list = [1, 2].map(i => i * this.m); } }
       const b = new B(); const x = [b.both, b.list];`,
      'javascript',
    );
    expect(value('x')).toBe('[6, [5, 10]]');
  });

  it('hands calls of tfjs to its library, with the properties of an object literal', () => {
    const { calls } = run(
      `import * as tf from '@tensorflow/tfjs';
       const {layers} = tf;
       const model = tf.sequential({layers: [layers.dense({units: 10, activation: 'relu'})]});
       model.add(tf.layers.flatten());`,
      'javascript',
    );
    expect(calls).toEqual([
      'tf.layers.dense({units: 10, activation: "relu"})',
      'model = tf.sequential({layers: [<dense>]})',
      'tf.layers.flatten()',
      'sequential.add(<flatten>)',
    ]);
  });
});

describe('what a person fills in', () => {
  it('takes the place of a symbol', () => {
    const code = 'def f(config):\n    return config.hidden * 2';
    const { ran, shown } = run(code, 'python', new Map([['config.hidden', 64]]));
    const callee = ran.module.names.get('f')!;
    const args = {
      positional: [{ kind: 'unknown', symbols: ['config'], text: 'config' }] as Value[],
      named: new Map(),
      complete: true,
      sources: new Map(),
      list: { cell: 0, from: 0, to: 0 },
    };
    expect(shown(ran.machine.call(callee, args, { source: args.list }))).toBe('128');
    const open = run(code);
    expect(open.shown(open.ran.machine.call(open.ran.module.names.get('f')!, args, { source: args.list }))).toBe(
      '?config.hidden',
    );
  });
});

it('cells of a notebook share their names', () => {
  const { library } = recording();
  const texts = ['n = 2', 'x = n * 3'];
  const cells = texts.map((text, cell) => ({ program: programOf(parse(text, 'python')), text, cell }));
  const { module } = interpret(cells, [{ roots: ['lib'], library }]);
  expect(module.names.get('x')).toMatchObject({ value: 6 });
  expect(list([])).toMatchObject({ complete: true });
});
