import { describe, expect, it } from 'vitest';
import { deep, head } from './cases';
import { dense, found, rulesIn, type Spec } from './spec';
import { torchForms } from './torchForms';

describe('two lines that make a fault', () => {
  const placesOf = (spec: Spec, rule: string) => {
    const text = torchForms['named modules']!(spec);
    const one = found(text).find((each) => each.rule === rule)!;
    const at = ({ from, to }: { from: number; to: number }): string => text.slice(from, to);
    return [at(one.range), ...one.related.map(({ range }) => at(range))];
  };

  it.each([
    ['softmax-before-logits-loss', head(dense(10, 'softmax'), 'ce'), ['nn.Softmax(dim=1)', 'nn.CrossEntropyLoss()']],
    ['nll-on-probabilities', head(dense(10, 'softmax'), 'nll'), ['nn.Softmax(dim=1)', 'nn.NLLLoss()']],
    ['linear-stack', deep(1, [...dense(64), ...dense(64, 'relu')]), ['nn.Linear(128, 64)', 'nn.Linear(64, 64)']],
    ['activation-twice', deep(1, [...dense(64, 'relu'), { act: 'tanh' }]), ['nn.Tanh()', 'nn.ReLU()']],
  ] as const)('%s names both', (rule, spec, places) => {
    expect(placesOf(spec, rule)).toEqual(places);
  });

  it('are found where the softmax stands between the model and its loss', () => {
    const text = torchForms.sequential!(head(dense(10), 'ce')).replace(
      'criterion(model(x), y)',
      'criterion(F.softmax(model(x), dim=1), y)',
    );
    const [one, ...more] = found(text);
    expect(more).toEqual([]);
    expect(text.slice(one!.range.from, one!.range.to)).toBe('F.softmax(model(x), dim=1)');
    expect(one!.message).toContain('1.46');
  });
});

describe('a model that is compiled by habit', () => {
  const gan = (use: string) =>
    [
      'from keras.layers import Dense',
      'from keras.models import Sequential',
      'g = Sequential([Dense(64, input_dim=100), Dense(784, activation="tanh")])',
      'd = Sequential([Dense(64, input_dim=784, activation="relu"), Dense(1, activation="sigmoid")])',
      'both = Sequential([g, d])',
      'for each in (g, d, both):',
      '    each.compile("adam", "binary_crossentropy")',
      use,
      'd.train_on_batch(x, y)',
      'both.train_on_batch(noise, ones)',
      '',
    ].join('\n');

  it.each([
    ['and predicts alone', 'x = g.predict(noise)', false],
    ['and is fitted, too', 'x = g.predict(noise)\ng.fit(noise, x)', true],
    ['and of which nobody sees what becomes', 'x = load()', true],
  ])('%s', (_, use, isFault) => {
    const all = rulesIn(gan(use));
    if (isFault) expect(all).toContain('output-against-loss');
    else expect(all).not.toContain('output-against-loss');
  });
});

describe('an activation that a loop applies', () => {
  const net = (...forward: string[]) =>
    [
      'import torch.nn.functional as F',
      'from torch import nn',
      'class Net(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      '        self.first = nn.Linear(20, 20)',
      '        self.blocks = nn.ModuleList([nn.Linear(20, 20) for _ in range(3)])',
      '        self.last = nn.Linear(20, 2)',
      '    def forward(self, x):',
      ...forward.map((line) => `        ${line}`),
      'net = Net()',
      '',
    ].join('\n');

  it('is one too many where it is each time', () => {
    const text = net(
      'x = F.relu(self.first(x))',
      'for block in self.blocks:',
      '    x = F.relu(F.relu(block(x)))',
      'return self.last(x)',
    );
    expect(rulesIn(text)).toContain('activation-twice');
  });

  it('is not where it only is the first time', () => {
    const text = net(
      'x = F.relu(self.first(x))',
      'for block in self.blocks:',
      '    x = x + block(F.relu(x))',
      'return self.last(x)',
    );
    expect(rulesIn(text)).toEqual([]);
  });
});

describe('softmax that a flag leaves out in training', () => {
  const net = (flag: string) =>
    [
      'import tensorflow as tf',
      'from tensorflow.keras import Model, layers',
      'class Net(Model):',
      '    def __init__(self):',
      '        super().__init__()',
      "        self.hidden = layers.Dense(64, activation='relu')",
      '        self.out = layers.Dense(10)',
      `    def call(self, x, ${flag}=False):`,
      '        x = self.out(self.hidden(x))',
      `        if not ${flag}:`,
      '            x = tf.nn.softmax(x)',
      '        return x',
      'net = Net()',
      'def loss(x, y):',
      '    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=x))',
      'def step(x, y):',
      '    with tf.GradientTape() as g:',
      `        pred = net(x, ${flag}=True)`,
      '        return loss(pred, y)',
      '',
    ].join('\n');

  it.each(['training', 'is_training', 'train'])('%s', (flag) => expect(rulesIn(net(flag))).toEqual([]));
  it('and of no flag of training', () => expect(rulesIn(net('plain'))).toEqual(['softmax-before-logits-loss']));
});

describe('nothing is said of a loss', () => {
  const softmax = head(dense(10, 'softmax'), 'nll');

  it('that receives what nobody can tell', () => {
    const text = torchForms.sequential!(softmax).replace('criterion(model(x), y)', 'criterion(torch.log(model(x)), y)');
    expect(rulesIn(text)).toEqual([]);
  });

  it('that is called where its model is not seen', () => {
    const text = `${torchForms.sequential!({ ...softmax, loss: undefined } as unknown as Spec)}
criterion = nn.NLLLoss()
def train_step(net, x, y):
    return criterion(torch.log(net(x)), y)
`;
    expect(rulesIn(text)).toEqual([]);
  });

  it('of another model, whose output the first one’s goes into', () => {
    const text = `import torch
from torch import nn
class G(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(nn.Linear(100, 256), nn.ReLU(), nn.Linear(256, 784), nn.Tanh())
    def forward(self, z):
        return self.main(z)
netG = G()
netD = make_private(netG)
criterion = nn.BCELoss()
loss = criterion(netD(netG(torch.randn(64, 100))), torch.ones(64, 1))
`;
    expect(rulesIn(text)).toEqual([]);
  });
});
