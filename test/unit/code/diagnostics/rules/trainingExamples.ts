/** What missing-zero-grad finds, and what it does not. */

export const head = `import torch
from torch import nn, optim
import torch.nn.functional as F
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)
`;

export const wrong: Readonly<Record<string, string>> = {
  'a plain loop': `for x, y in loader:
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()`,
  'a loop in a loop': `for epoch in range(10):
    for i, (x, y) in enumerate(loader):
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())`,
  'a function': `def train(model, loader, optimizer):
    model.train()
    for x, y in loader:
        criterion(model(x), y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
train(model, loader, optimizer)`,
  'a method': `class Trainer:
    def __init__(self, net):
        self.net = net
        self.opt = torch.optim.Adam(net.parameters())
    def fit(self, loader):
        for x, y in loader:
            loss = criterion(self.net(x), y)
            loss.backward()
            self.opt.step()`,
  'a loop with a scaler': `scaler = torch.cuda.amp.GradScaler()
for x, y in loader:
    with torch.autocast('cuda'):
        loss = criterion(model(x), y)
    scaler.scale(loss).backward()
    scaler.step(optimizer)
    scaler.update()`,
  'a while': `step = 0
while step < 1000:
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    step += 1`,
  'gradients that are set to zero once, before': `optimizer.zero_grad()
for x, y in loader:
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()`,
  'a phase': `for phase in ['train', 'val']:
    for x, y in loaders[phase]:
        loss = criterion(model(x), y)
        if phase == 'train':
            loss.backward()
            optimizer.step()`,
};

export const right: Readonly<Record<string, string>> = {
  zero_grad: wrong['a plain loop']!.replace('    loss =', '    optimizer.zero_grad()\n    loss ='),
  'zero_grad at the end': `${wrong['a loop in a loop']!.replace('step()\n', 'step()\n        optimizer.zero_grad(set_to_none=True)\n')}`,
  'zero_grad of the model': wrong['a while']!.replace('    loss =', '    model.zero_grad()\n    loss ='),
  'gradients set to None': wrong['a plain loop']!.replace(
    '    loss =',
    '    for p in model.parameters():\n        p.grad = None\n    loss =',
  ),
  'gradients set to zero in place': wrong['a plain loop']!.replace(
    '    loss =',
    '    for p in model.parameters():\n        p.grad.data.zero_()\n    loss =',
  ),
  'a function that does it': `def reset():
    optimizer.zero_grad()
${wrong['a plain loop']!.replace('    loss =', '    reset()\n    loss =')}`,
  'a function of which nobody knows': wrong['a plain loop']!.replace(
    '    loss =',
    '    prepare(optimizer)\n    loss =',
  ),
  accumulation: `for i, (x, y) in enumerate(loader):
    loss = criterion(model(x), y) / 4
    loss.backward()
    if (i + 1) % 4 == 0:
        optimizer.step()`,
  'a closure': `lbfgs = optim.LBFGS(model.parameters())
for x, y in loader:
    def closure():
        loss = criterion(model(x), y)
        loss.backward()
        return loss
    lbfgs.step(closure)`,
  Lightning: `import lightning as L
class Lit(L.LightningModule):
    def configure_optimizers(self):
        self.opt = torch.optim.Adam(self.parameters())
    def fit(self, loader):
        for x, y in loader:
            loss = criterion(self(x), y)
            loss.backward()
            self.opt.step()`,
  'a Trainer': 'from transformers import Trainer\nTrainer(model=model).train()',
  'an optimiser of its own': `class Noam:
    def step(self):
        self.inner.step()
noam = Noam()
for x, y in loader:
    criterion(model(x), y).backward()
    noam.step()`,
  'an optimiser that is made anew': `for x, y in loader:
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    criterion(model(x), y).backward()
    optimizer.step()`,
  DeepSpeed: `for x, y in loader:
    loss = model_engine(x, y)
    model_engine.backward(loss)
    model_engine.step()`,
  'a single step': `criterion(model(x), y).backward()
optimizer.step()`,
  'a comment that says it is meant so': `${wrong['a plain loop']!}  # gradient-lens: ignore[missing-zero-grad]`,
};
