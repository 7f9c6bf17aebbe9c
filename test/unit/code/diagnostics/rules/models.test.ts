import { describe, expect, it } from 'vitest';
import { flaxForms } from './flaxForms';
import { kerasForms } from './kerasForms';
import { dense, found, repeated, rulesIn, type Spec, type Step } from './spec';
import { tfjsForms } from './tfjsForms';
import { torchForms } from './torchForms';

const frameworks = { PyTorch: torchForms, Keras: kerasForms, 'TensorFlow.js': tfjsForms, Flax: flaxForms };
type Framework = keyof typeof frameworks;

interface Case {
  readonly rule: string;
  readonly of: readonly Framework[];
  readonly wrong: Spec;
  readonly right: Spec;
}

const all: readonly Framework[] = ['PyTorch', 'Keras', 'TensorFlow.js', 'Flax'];
const withoutPyTorch: readonly Framework[] = ['Keras', 'TensorFlow.js', 'Flax'];

/** One hidden layer, an output and a loss. */
const head = (output: readonly Step[], loss: Spec['loss']): Spec => ({
  inputs: 64,
  steps: [...dense(64, 'relu'), ...output],
  ...(loss ? { loss } : {}),
});
const deep = (count: number, hidden: readonly Step[]): Spec => ({
  inputs: 128,
  steps: [...repeated(count, hidden), ...dense(10)],
});

const cases: readonly Case[] = [
  {
    rule: 'vanishing-flow',
    of: all,
    wrong: deep(10, dense(128, 'sigmoid')),
    right: deep(10, dense(128, 'relu', 'he')),
  },
  {
    rule: 'exploding-flow',
    of: all,
    wrong: deep(6, dense(128, 'relu', 'wide')),
    right: deep(6, dense(128, 'relu', 'he')),
  },
  {
    rule: 'saturating-initialiser',
    of: ['PyTorch', 'Keras', 'TensorFlow.js'],
    wrong: deep(3, dense(128, 'sigmoid', 'ones')),
    right: deep(3, dense(128, 'sigmoid', 'glorot')),
  },
  {
    rule: 'he-with-tanh',
    of: ['PyTorch', 'Keras', 'Flax'],
    wrong: deep(30, dense(128, 'hard_tanh', 'he')),
    right: deep(30, dense(128, 'hard_tanh', 'glorot')),
  },
  {
    rule: 'glorot-under-relu',
    of: all,
    wrong: deep(9, dense(128, 'relu', 'glorot')),
    right: deep(9, dense(128, 'relu', 'he')),
  },
  {
    rule: 'torch-default-deep',
    of: ['PyTorch'],
    wrong: deep(6, dense(128, 'relu')),
    right: deep(6, dense(128, 'relu', 'he')),
  },
  {
    rule: 'selu-initialiser',
    of: all,
    wrong: deep(16, dense(128, 'selu', 'he')),
    right: deep(16, dense(128, 'selu', 'lecun')),
  },
  {
    rule: 'selu-with-batchnorm',
    of: withoutPyTorch,
    wrong: deep(2, [...dense(128, undefined, 'lecun'), 'norm', { act: 'selu' }]),
    right: deep(2, dense(128, 'selu', 'lecun')),
  },
  {
    rule: 'selu-with-dropout',
    of: all,
    wrong: deep(1, [...dense(128, 'selu', 'lecun'), { drop: 0.5 }]),
    right: deep(1, [...dense(128, 'relu', 'he'), { drop: 0.5 }]),
  },
  {
    rule: 'activation-twice',
    of: all,
    wrong: deep(1, [...dense(128, 'relu'), { act: 'tanh' }]),
    right: deep(1, [...dense(128, 'relu'), ...dense(128, 'tanh')]),
  },
  {
    rule: 'linear-stack',
    of: all,
    wrong: deep(1, [...dense(64), ...dense(64, 'relu')]),
    right: deep(2, dense(64, 'relu')),
  },
  {
    rule: 'softmax-before-logits-loss',
    of: all,
    wrong: head(dense(10, 'softmax'), 'ce'),
    right: head(dense(10), 'ce'),
  },
  {
    rule: 'sigmoid-before-logits-loss',
    of: all,
    wrong: head(dense(1, 'sigmoid'), 'bce'),
    right: head(dense(1), 'bce'),
  },
  {
    rule: 'log-softmax-before-cross-entropy',
    of: ['PyTorch', 'Keras', 'Flax'],
    wrong: head(dense(10, 'log_softmax'), 'ce'),
    right: head(dense(10), 'ce'),
  },
  {
    rule: 'nll-on-probabilities',
    of: ['PyTorch'],
    wrong: head(dense(10, 'softmax'), 'nll'),
    right: head(dense(10, 'log_softmax'), 'nll'),
  },
  {
    rule: 'logits-where-probabilities',
    of: ['Keras', 'TensorFlow.js'],
    wrong: head(dense(10), 'ceOfProbabilities'),
    right: head(dense(10, 'softmax'), 'ceOfProbabilities'),
  },
  {
    rule: 'logits-where-probabilities',
    of: ['PyTorch', 'Keras', 'TensorFlow.js'],
    wrong: head(dense(1), 'bceOfProbabilities'),
    right: head(dense(1, 'sigmoid'), 'bceOfProbabilities'),
  },
  {
    rule: 'output-against-loss',
    of: ['PyTorch', 'Keras', 'TensorFlow.js'],
    wrong: head(dense(1, 'tanh'), 'bceOfProbabilities'),
    right: head(dense(1, 'tanh'), 'mse'),
  },
  { rule: 'output-against-loss', of: all, wrong: head(dense(10, 'tanh'), 'ce'), right: head(dense(10), 'ce') },
  {
    rule: 'output-against-loss',
    of: ['Keras', 'TensorFlow.js'],
    wrong: head(dense(1, 'softmax'), 'bceOfProbabilities'),
    right: head(dense(2, 'softmax'), 'ceOfProbabilities'),
  },
  {
    rule: 'relu-before-cross-entropy',
    of: all,
    wrong: head(dense(10, 'relu'), 'ce'),
    right: head(dense(10, 'relu'), 'mse'),
  },
  {
    rule: 'bias-before-batchnorm',
    of: all,
    wrong: deep(1, [{ dense: 64 }, 'norm', { act: 'relu' }]),
    right: deep(1, [{ dense: 64, bias: false }, 'norm', { act: 'relu' }]),
  },
];

const rows = cases.flatMap(({ rule, of, wrong, right }) =>
  of.flatMap((framework) =>
    Object.entries(frameworks[framework]).map(([form, write]) => ({ rule, framework, form, write, wrong, right })),
  ),
);

describe.each(rows)('$rule, $framework, $form', ({ rule, framework, write, wrong, right }) => {
  const language = framework === 'TensorFlow.js' ? 'javascript' : 'python';
  it('is found', () => {
    expect(rulesIn(write(wrong), language)).toContain(rule);
  });
  it('is not found where all is right', () => {
    expect(rulesIn(write(right), language)).not.toContain(rule);
  });
});

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
