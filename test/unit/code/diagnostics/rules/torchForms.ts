import {
  type Act,
  type Init,
  indented,
  isAct,
  isDense,
  isDrop,
  type Loss,
  type Spec,
  type Step,
  withUnits,
} from './spec';

const classes: Readonly<Record<Act, string>> = {
  relu: 'nn.ReLU()',
  tanh: 'nn.Tanh()',
  hard_tanh: 'nn.Hardtanh()',
  sigmoid: 'nn.Sigmoid()',
  selu: 'nn.SELU()',
  softmax: 'nn.Softmax(dim=1)',
  log_softmax: 'nn.LogSoftmax(dim=1)',
};
const functions: Readonly<Record<Act, string>> = {
  relu: 'F.relu(x)',
  tanh: 'torch.tanh(x)',
  hard_tanh: 'F.hardtanh(x)',
  sigmoid: 'torch.sigmoid(x)',
  selu: 'F.selu(x)',
  softmax: 'F.softmax(x, dim=1)',
  log_softmax: 'torch.log_softmax(x, dim=1)',
};
const inits: Readonly<Record<Init, string>> = {
  he: "nn.init.kaiming_normal_(m.weight, nonlinearity='relu')",
  glorot: 'nn.init.xavier_uniform_(m.weight)',
  lecun: "nn.init.kaiming_normal_(m.weight, nonlinearity='linear')",
  wide: 'nn.init.normal_(m.weight, std=0.5)',
  ones: 'nn.init.normal_(m.weight, mean=1.0, std=1.0)',
};
const losses: Readonly<Record<Loss, readonly [type: string, call: string]>> = {
  ce: ['nn.CrossEntropyLoss()', 'F.cross_entropy'],
  ceOfProbabilities: ['nn.CrossEntropyLoss()', 'F.cross_entropy'],
  bce: ['nn.BCEWithLogitsLoss()', 'F.binary_cross_entropy_with_logits'],
  bceOfProbabilities: ['nn.BCELoss()', 'F.binary_cross_entropy'],
  nll: ['nn.NLLLoss()', 'F.nll_loss'],
  mse: ['nn.MSELoss()', 'F.mse_loss'],
};

function moduleOf({ step, units }: { step: Step; units: number }): string {
  if (step === 'norm') return `nn.BatchNorm1d(${units})`;
  if (isDense(step)) return `nn.Linear(${units}, ${step.dense}${step.bias === false ? ', bias=False' : ''})`;
  if (isDrop(step)) return step.alpha ? `nn.AlphaDropout(${step.drop})` : `nn.Dropout(${step.drop})`;
  return classes[step.act];
}

const head = 'import torch\nfrom torch import nn, optim\nimport torch.nn.functional as F\n';

const started = ({ steps }: Spec): string => {
  const init = steps.find((step) => isDense(step) && step.init);
  if (init === undefined || !isDense(init)) return '';
  return `for m in model.modules():\n    if isinstance(m, nn.Linear):\n        ${inits[init.init!]}\n`;
};

const loop = (loss: string): string =>
  `optimizer = optim.SGD(model.parameters(), lr=0.1)
for x, y in loader:
    optimizer.zero_grad()
    loss = ${loss}
    loss.backward()
    optimizer.step()
`;

/** The model and its loss as an object that is called. */
const byObject = ({ loss }: Spec): string =>
  loss ? `criterion = ${losses[loss][0]}\n${loop('criterion(model(x), y)')}` : '';

const byFunction = ({ loss }: Spec): string => (loss ? loop(`${losses[loss][1]}(model(x), y)`) : '');

const inFunction = ({ loss }: Spec): string =>
  loss
    ? `def train(model, criterion, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        output = model(x)
        loss = criterion(output, y)
        loss.backward()
        optimizer.step()
train(model, ${losses[loss][0]}, optim.Adam(model.parameters()))
`
    : '';

const classWith = (init: readonly string[], forward: readonly string[]): string =>
  `class Net(nn.Module):
    def __init__(self):
        super().__init__()
${indented(init, 8)}
    def forward(self, x):
${indented(forward, 8)}
        return x
model = Net()
`;

/** A specification in the ways in which PyTorch's models are written. */
export const torchForms: Readonly<Record<string, (spec: Spec) => string>> = {
  sequential: (spec) =>
    `${head}model = nn.Sequential(\n${indented(withUnits(spec).map((each) => `${moduleOf(each)},`))}\n)\n${started(spec)}${byObject(spec)}`,
  'attributes in forward': (spec) => {
    const made = withUnits(spec).map((each, k) => `self.l${k} = ${moduleOf(each)}`);
    return (
      head +
      classWith(
        made,
        spec.steps.map((_, k) => `x = self.l${k}(x)`),
      ) +
      started(spec) +
      inFunction(spec)
    );
  },
  'functions in forward': (spec) => {
    const all = withUnits(spec);
    const made = all.flatMap((each, k) => (isAct(each.step) ? [] : [`self.l${k} = ${moduleOf(each)}`]));
    const steps = spec.steps.map((step, k) => (isAct(step) ? `x = ${functions[step.act]}` : `x = self.l${k}(x)`));
    return head + classWith(made, steps) + started(spec) + byFunction(spec);
  },
  'a sequential in a module': (spec) => {
    const made = [`self.net = nn.Sequential(${withUnits(spec).map(moduleOf).join(', ')})`];
    return head + classWith(made, ['x = self.net(x)']) + started(spec) + byFunction(spec);
  },
  'a list of layers': (spec) => {
    const added = withUnits(spec).map((each) => `layers.append(${moduleOf(each)})`);
    return `${head}layers = []\n${added.join('\n')}\nmodel = nn.Sequential(*layers)\n${started(spec)}${inFunction(spec)}`;
  },
  'named modules': (spec) => {
    const items = withUnits(spec).map((each, k) => `('l${k}', ${moduleOf(each)}),`);
    return `${head}from collections import OrderedDict\nmodel = nn.Sequential(OrderedDict([\n${indented(items)}\n]))\n${started(spec)}${byObject(spec)}`;
  },
};
