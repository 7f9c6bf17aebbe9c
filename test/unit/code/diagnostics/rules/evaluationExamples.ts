/** What missing-eval finds, and what it does not. */

const net = `import torch
from torch import nn, optim
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(20, 64)
        self.drop = nn.Dropout(0.5)
        self.fc2 = nn.Linear(64, 2)
    def forward(self, x):
        return self.fc2(self.drop(torch.relu(self.fc1(x))))
model = Net().to('cuda')
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters())
`;
const training = `for x, y in train_loader:
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()
`;

/** Two models of one class, of which the second may have batch normalisation. */
const flagged = (norm: boolean): string => `import torch
from torch import nn, optim
class Net(nn.Module):
    def __init__(self, norm=False):
        super().__init__()
        self.norm = norm
        self.fc1 = nn.Linear(20, 64)
        self.fc2 = nn.Linear(64, 2)
        if norm:
            self.bn = nn.BatchNorm1d(64)
    def forward(self, x):
        x = torch.relu(self.fc1(x))
        if self.norm:
            x = self.bn(x)
        return self.fc2(x)
def fit(net, criterion, optimizer):
    for x, y in train_loader:
        optimizer.zero_grad()
        criterion(net(x), y).backward()
        optimizer.step()
plain = Net(norm=False)
fit(plain, nn.CrossEntropyLoss(), optim.SGD(plain.parameters(), lr=0.01))
normed = Net(norm=${norm ? 'True' : 'False'})
fit(normed, nn.CrossEntropyLoss(), optim.SGD(normed.parameters(), lr=0.01))
def accuracy(model, loader):
    correct = 0
    with torch.no_grad():
        for x, y in loader:
            correct += (model(x).argmax(1) == y).sum()
    return correct
print(accuracy(plain, test_loader), accuracy(normed, test_loader))
`;

/** Everything comes from a module that stands elsewhere. */
const starred = (layer: string): string => `from snippets import *
def block(inputs, outputs):
    return nn.Sequential(${layer}, nn.Linear(inputs, outputs), nn.ReLU())
class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(block(20, 64), nn.Linear(64, 2))
    def forward(self, x):
        return self.body(x)
def train_batch(model, data, optimizer, criterion):
    x, y = data
    loss = criterion(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
@torch.no_grad()
def validate_batch(model, data):
    x, y = data
    return (model(x).argmax(1) == y).float().mean()
model = Classifier().to(device)
optimizer = optim.Adam(model.parameters())
for data in train_loader:
    train_batch(model, data, optimizer, nn.CrossEntropyLoss())
for data in val_loader:
    print(validate_batch(model, data))
`;

export const wrongTorch: Readonly<Record<string, string>> = {
  'a block under no_grad': `${net + training}with torch.no_grad():
    correct = 0
    for x, y in test_loader:
        correct += (model(x).argmax(1) == y).sum()
`,
  inference_mode: `${net + training}with torch.inference_mode():
    accuracy = (model(x_test).argmax(1) == y_test).float().mean()
`,
  'a function': `${net + training}def evaluate(model, loader):
    total = 0
    with torch.no_grad():
        for x, y in loader:
            total += criterion(model(x), y).item()
    return total
evaluate(model, test_loader)
`,
  'a function with a decorator': `${net + training}@torch.no_grad()
def validate(loader):
    return sum((model(x).argmax(1) == y).sum() for x, y in loader)
`,
  'every epoch': `${net}for epoch in range(10):
${training.replace(/^/gm, '    ').trimEnd()}
    with torch.no_grad():
        for x, y in val_loader:
            val_loss = criterion(model(x), y)
`,
  'batch normalisation, in a sequential': `import torch
from torch import nn, optim
model = nn.Sequential(nn.Linear(20, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 2))
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters())
${training}with torch.no_grad():
    accuracy = (model(x_test).argmax(1) == y_test).float().mean()
`,
  'a function that is handed two of one class': flagged(true),
  'a class of a module that nobody can read': starred('nn.Dropout(0.2)'),
};

export const rightTorch: Readonly<Record<string, string>> = {
  'eval()': wrongTorch['a block under no_grad']!.replace('with torch', 'model.eval()\nwith torch'),
  'train(False)': wrongTorch.inference_mode!.replace('with torch', 'model.train(False)\nwith torch'),
  'train(mode)': `${wrongTorch['a function']!}model.train(mode)\n`,
  'eval() in the function': wrongTorch['a function with a decorator']!.replace(
    '    return',
    '    model.eval()\n    return',
  ),
  'a model without dropout or batch normalisation': wrongTorch['a block under no_grad']!.replace(
    'nn.Dropout(0.5)',
    'nn.Identity()',
  ),
  'a model that is not trained here': wrongTorch['a block under no_grad']!.replace(training, ''),
  'a target in the middle of a training step': `${net}for x, y in loader:
    with torch.no_grad():
        target = model(x).argmax(1)
    criterion(model(y), target).backward()
    optimizer.step()
    optimizer.zero_grad()
`,
  'samples of a Monte Carlo dropout': wrongTorch['a block under no_grad']!.replace(
    'correct = 0',
    'correct = 0  # mc dropout: mean over samples',
  ),
  'another model': wrongTorch.inference_mode!.replace('model(x_test)', 'teacher(x_test)'),
  'a name that means two': `${wrongTorch['a block under no_grad']!.replace('with torch', 'model = load()\nwith torch')}`,
  'two of one class, both without': flagged(false),
  'a class of a module that nobody can read, without': starred('nn.Dropout(0.0)'),
  'a class of a module that nobody can read, and eval()': `${starred('nn.Dropout(0.2)')}model.eval()\n`,
  'a layer that forward passes over': starred('nn.Dropout(0.2)').replace('self.body(x)', 'x'),
  'a class of which nobody knows what it derives from': starred('nn.Dropout(0.2)').replace('nn.Module', 'Base'),
};

const keras = (code: string, layer = 'layers.Dropout(0.5)'): string => `import keras
from keras import layers
model = keras.Sequential([keras.Input((20,)), layers.Dense(64, activation='relu'), ${layer}, layers.Dense(2)])
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(loss=loss_fn)
${code}`;

export const wrongKeras: Readonly<Record<string, string>> = {
  'a test step': keras(`def test_step(x, y):
    metric.update_state(y, model(x, training=True))
`),
  'an evaluation': keras(`def evaluate(data):
    for x, y in data:
        logits = model(x, training=True)
        accuracy.update_state(y, logits)
    return accuracy.result()
`),
  'a validation with batch normalisation': keras(
    'def validate(x, y):\n    return loss_fn(y, model(x, training=True))\n',
    'layers.BatchNormalization()',
  ),
  'a function of TensorFlow': keras(
    'import tensorflow as tf\n@tf.function\ndef val_step(x, y):\n    return loss_fn(y, model(inputs=x, training=True))\n',
  ),
  'a method': keras(`class Loop:
    def eval_step(self, x, y):
        return loss_fn(y, model(x, training=True))
`),
};

export const rightKeras: Readonly<Record<string, string>> = {
  'training=False': wrongKeras['a test step']!.replace('training=True', 'training=False'),
  'no such argument': wrongKeras['an evaluation']!.replace(', training=True', ''),
  'a training step': keras(`def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    return tape.gradient(loss, model.trainable_weights)
`),
  'a model without dropout': wrongKeras['a test step']!.replace(
    'layers.Dropout(0.5)',
    "layers.Dense(32, activation='relu')",
  ),
  'samples of a Monte Carlo dropout': wrongKeras['an evaluation']!.replace('for x', 'mc_samples = 10\n    for x'),
  'a tape in the evaluation': keras(`def test_gradient(x):
    with tf.GradientTape() as tape:
        y = model(x, training=True)
    return tape.gradient(y, x)
`),
};
