import { describe, expect, test } from 'vitest';
import { readModels } from '../../../../src/code/models/read';
import { corpus, modelsIn, shownModel, usual } from './layersShown';

describe('models of PyTorch, every layer and activation as a person reads them', () => {
  test.each(corpus('torch').map((file) => [file.name, file] as const))('%s', (_, { documents, expected }) => {
    const { models, problems } = readModels(documents, usual);
    expect(problems).toEqual([]);
    expect(models.map(shownModel)).toEqual(expected);
  });
});

/** The models of a text, in one line each. */
const shown = (text: string): string[] =>
  modelsIn(`import torch\nimport torch.nn as nn\n${text}`).models.map(shownModel);

describe('weights as they are filled', () => {
  const filled = (call: string): string => {
    const [model = ''] = shown(`fc = nn.Linear(4, 3)\n${call}\nm = nn.Sequential(fc)`);
    return /dense\(3\)(\{(.*?)\})?:/.exec(model)?.[2] ?? '';
  };

  test.each([
    ['nn.init.kaiming_uniform_(fc.weight)', 'he_uniform'],
    ['nn.init.kaiming_normal_(fc.weight, mode="fan_out")', 'variance_scaling:2,fan_out,untruncated_normal'],
    ['nn.init.kaiming_uniform_(fc.weight, a=5 ** 0.5)', 'variance_scaling:0.3333333333333333,fan_in,uniform'],
    ['nn.init.kaiming_normal_(fc.weight, nonlinearity="linear")', 'lecun_normal'],
    ['nn.init.xavier_uniform_(fc.weight)', 'glorot_uniform'],
    [
      'nn.init.xavier_normal_(fc.weight, gain=nn.init.calculate_gain("relu"))',
      'variance_scaling:2,fan_avg,untruncated_normal',
    ],
    ['nn.init.orthogonal_(fc.weight, gain=2)', 'orthogonal:2'],
    ['nn.init.trunc_normal_(fc.weight, std=0.02)', 'normal:0,0.02'],
    ['nn.init.trunc_normal_(fc.weight)', 'truncated_normal:0,1'],
    ['nn.init.trunc_normal_(fc.weight, a=-1, b=1)', '?'],
    ['nn.init.sparse_(fc.weight, sparsity=0.1)', '?'],
    ['nn.init.normal_(fc.weight, std=sigma)', '?'],
    ['nn.init.constant_(fc.bias, 0.1)', 'b=constant:0.1'],
    ['fc.weight.data.uniform_(-0.5, 0.5)', 'uniform:-0.5,0.5'],
    ['fc.weight.data.copy_(torch.load("w.pt"))', '?'],
    ['fc.weight.data = torch.load("w.pt")', '?'],
    ['fc.weight.data.mul_(0.1)', '?'],
    ['fc.weight.data.normal_(0, 1)\nfc.bias.data.fill_(0)', 'normal:0,1,b=zeros'],
    ['for p in fc.parameters():\n    p.data.add_(p.grad.data, alpha=-0.1)', ''],
    ['for p in fc.parameters():\n    p.data.copy_(tau * p.data + (1 - tau) * p.data)', ''],
  ])('%s', (call, expected) => {
    expect(filled(call)).toBe(expected);
  });

  test.each([
    ['m.__class__.__name__.find("Linear") != -1'],
    ['"Linear" in m.__class__.__name__'],
    ['type(m) == nn.Linear'],
    ['type(m) in (nn.Conv2d, nn.Linear)'],
    ['isinstance(m, nn.Linear)'],
    ['isinstance(m, (nn.Conv2d, nn.Linear))'],
    ['hasattr(m, "weight") and m.weight.dim() > 1'],
  ])('a function that is applied to all modules, where %s', (condition) => {
    const text = `def init(m):\n    if ${condition}:\n        nn.init.ones_(m.weight)\nm = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.ReLU())\nm.apply(init)`;
    expect(shown(text)).toEqual(['m torch [4]: dense(3){constant:1}:3 batchnorm relu']);
  });

  test('weights that are clipped after a step are not initialised by that', () => {
    const text =
      'm = nn.Sequential(nn.Linear(4, 3))\ny = m(x)\ny.mean().backward()\nfor p in m.parameters():\n    p.data.clamp_(-0.01, 0.01)';
    expect(shown(text)).toEqual(['m torch [4]: dense(3):3']);
  });
});

describe('the loss of a model', () => {
  const model = 'm = nn.Sequential(nn.Linear(4, 3))';
  const lossOf = (text: string): string | undefined => shown(text)[0]?.split(' | ')[1];

  test.each([
    ['nn.CrossEntropyLoss()', 'categoricalCrossEntropy/logits'],
    ['nn.NLLLoss()', 'negativeLogLikelihood/logProbabilities'],
    ['nn.BCELoss()', 'binaryCrossEntropy/probabilities'],
    ['nn.BCEWithLogitsLoss()', 'binaryCrossEntropy/logits'],
    ['nn.MSELoss()', 'meanSquaredError'],
    ['nn.L1Loss()', 'meanAbsoluteError'],
    ['nn.SmoothL1Loss()', 'huber'],
    ['nn.HuberLoss()', 'huber'],
    ['nn.MultiMarginLoss()', 'hinge'],
    ['nn.KLDivLoss()', 'other/logProbabilities'],
    ['nn.CTCLoss()', 'other/logProbabilities'],
  ])('%s, made and never called', (made, expected) => {
    expect(lossOf(`${model}\ncriterion = ${made}`)).toBe(expected);
  });

  test.each([
    ['nn.functional.cross_entropy(m(x), y)', 'categoricalCrossEntropy/logits'],
    ['nn.functional.binary_cross_entropy(torch.sigmoid(m(x)), y)', 'binaryCrossEntropy/probabilities'],
    ['nn.functional.binary_cross_entropy_with_logits(m(x), y)', 'binaryCrossEntropy/logits'],
    ['nn.functional.mse_loss(input=m(x), target=y)', 'meanSquaredError'],
    ['nn.CrossEntropyLoss()(m(x), y)', 'categoricalCrossEntropy/logits'],
    ['nn.CrossEntropyLoss().forward(m.forward(x), y)', 'categoricalCrossEntropy/logits'],
  ])('%s', (called, expected) => {
    expect(lossOf(`${model}\nloss = ${called}`)).toBe(expected);
  });

  test('two losses of different kinds are the model’s neither', () => {
    expect(lossOf(`${model}\na = nn.MSELoss()\nb = nn.CrossEntropyLoss()`)).toBeUndefined();
  });

  test('of two models the one whose output it is given', () => {
    const text =
      'a = nn.Sequential(nn.Linear(4, 3))\nb = nn.Sequential(nn.Linear(3, 4))\nc = nn.MSELoss()\nloss = c(b(x), y)';
    expect(shown(text)).toEqual(['a torch [4]: dense(3):3', 'b torch [3]: dense(4):4 | meanSquaredError']);
  });
});

describe('what nobody can see inside', () => {
  test('a ready model’s layers are a gap, not nothing', () => {
    const text =
      'import torchvision\nm = nn.Sequential(*list(torchvision.models.resnet18().children())[:-1], nn.Flatten(), nn.Linear(512, 3))';
    const [model = ''] = shown(text);
    expect(model).toMatch(/opaque\(…\).*~/);
  });

  test('an unknown function of each number keeps the shape', () => {
    const text =
      'class M(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(4, 3)\n    def forward(self, x):\n        return torch.exp(self.fc(x))';
    expect(shown(text)).toEqual(['M torch [4]: dense(3):3 opaque(torch.exp)~:3']);
  });
});
