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
