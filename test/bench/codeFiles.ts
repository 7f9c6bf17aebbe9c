import type { Language } from '../../src/code/language';

/** Files as people write them, made to any length: models, with the data, the training and the notes around them. */

export type CodeFramework = 'keras' | 'torch' | 'flax' | 'tfjs';

export interface CodeFile {
  readonly language: Language;
  /** What stands on top of the file once. */
  readonly head: string;
  /** The k-th part of it, some seventy lines. */
  readonly part: (k: number) => string;
}

const keras: CodeFile = {
  language: 'python',
  head: `"""Experiments with small networks."""
import argparse
import os

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SEED = 42
WIDTH = 64
`,
  part: (k) => `

def load_data_${k}(path, limit=None):
    """Reads the k-th set of images and scales them.

    Args:
        path: where the archive lies.
        limit: how many of them are taken.
    """
    with np.load(os.path.join(path, 'part_${k}.npz')) as data:
        images, labels = data['x'], data['y']
    if limit is not None:
        images, labels = images[:limit], labels[:limit]
    images = images.astype('float32') / 255.0
    images = np.expand_dims(images, -1)
    order = np.random.permutation(len(images))
    return images[order], keras.utils.to_categorical(labels[order], ${10 + (k % 5)})


class Residual${k}(layers.Layer):
    """Two dense layers with a way around them."""

    def __init__(self, units, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.first = layers.Dense(units, activation='relu', kernel_initializer='he_normal')
        self.second = layers.Dense(units)
        self.norm = layers.LayerNormalization()
        self.dropout = layers.Dropout(rate)

    def call(self, inputs, training=None):
        x = self.first(inputs)
        x = self.dropout(x, training=training)
        x = self.second(x)
        return self.norm(inputs + x)

    def get_config(self):
        config = super().get_config()
        config.update({'units': self.units})
        return config


def build_${k}(input_shape=(28, 28, 1), classes=${10 + (k % 5)}):
    inputs = keras.Input(shape=input_shape)
    x = layers.Conv2D(${16 + (k % 3) * 8}, 3, padding='same', activation='relu')(inputs)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(32, 3, padding='same', activation='relu')(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(WIDTH, activation='tanh')(x)
    for depth in range(2):
        x = Residual${k}(WIDTH)(x)
    outputs = layers.Dense(classes, activation='softmax')(x)
    return keras.Model(inputs, outputs, name='net_${k}')


def train_${k}(epochs=5, batch_size=128, verbose=1):
    images, labels = load_data_${k}('data', limit=10000)
    model = build_${k}(images.shape[1:])
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss='categorical_crossentropy', metrics=['accuracy'])
    history = model.fit(images, labels, epochs=epochs, batch_size=batch_size, verbose=verbose, validation_split=0.1)
    for name, values in history.history.items():
        print(f'{name}: {values[-1]:.4f}')
    return history
`,
};

const torch: CodeFile = {
  language: 'python',
  head: `import argparse
import logging
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

logger = logging.getLogger(__name__)
DEVICE = 'cuda' if torch.cuda.is_available() else 'cpu'


@dataclass
class Config:
    hidden: int = 128
    classes: int = 10
    rate: float = 0.2
`,
  part: (k) => `

class Windows${k}(Dataset):
    """Overlapping windows of a series, with the value that comes after each."""

    def __init__(self, series, length=${8 + (k % 8)}):
        self.series = torch.as_tensor(series, dtype=torch.float32)
        self.length = length

    def __len__(self):
        return max(0, len(self.series) - self.length)

    def __getitem__(self, index):
        end = index + self.length
        return self.series[index:end], self.series[end]


class Block${k}(nn.Module):
    def __init__(self, channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Sequential()
        if stride != 1 or channels != out_channels:
            self.shortcut = nn.Sequential(nn.Conv2d(channels, out_channels, 1, stride=stride, bias=False))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + self.shortcut(x))


class Net${k}(nn.Module):
    """A small residual network."""

    def __init__(self, config=Config()):
        super().__init__()
        self.stem = nn.Conv2d(3, ${16 + (k % 4) * 4}, 3, padding=1)
        self.layers = nn.ModuleList([Block${k}(${16 + (k % 4) * 4}, 32, 2), Block${k}(32, 64, 2)])
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(config.rate)
        self.fc1 = nn.Linear(64, config.hidden)
        self.fc2 = nn.Linear(config.hidden, config.classes)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight, nonlinearity='relu')
                nn.init.zeros_(m.bias)

    def forward(self, x):
        x = F.relu(self.stem(x))
        for layer in self.layers:
            x = layer(x)
        x = self.pool(x).flatten(1)
        x = torch.relu(self.fc1(x))
        return self.fc2(self.dropout(x))


def train_${k}(model, loader, epochs=3, lr=1e-3):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        total, correct, seen = 0.0, 0, 0
        for images, targets in loader:
            images, targets = images.to(DEVICE), targets.to(DEVICE)
            optimizer.zero_grad()
            logits = model(images)
            loss = criterion(logits, targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(images)
            correct += (logits.argmax(1) == targets).sum().item()
            seen += len(images)
        logger.info('epoch %d: loss %.4f, accuracy %.3f', epoch, total / seen, correct / seen)
    return model
`,
};

const flax: CodeFile = {
  language: 'python',
  head: `from typing import Sequence

import flax.linen as nn
import jax
import jax.numpy as jnp
import optax
from flax.training import train_state
`,
  part: (k) => `

class MLP${k}(nn.Module):
    """Dense layers of the widths that are given."""

    features: Sequence[int] = (128, 64, ${10 + (k % 5)})
    rate: float = 0.1

    @nn.compact
    def __call__(self, x, training: bool = False):
        for width in self.features[:-1]:
            x = nn.Dense(width, kernel_init=nn.initializers.he_normal())(x)
            x = nn.relu(x)
            x = nn.Dropout(self.rate, deterministic=not training)(x)
        return nn.Dense(self.features[-1])(x)


class CNN${k}(nn.Module):
    classes: int = ${10 + (k % 5)}

    @nn.compact
    def __call__(self, x):
        x = nn.Conv(features=32, kernel_size=(3, 3))(x)
        x = nn.relu(x)
        x = nn.avg_pool(x, window_shape=(2, 2), strides=(2, 2))
        x = nn.Conv(features=64, kernel_size=(3, 3))(x)
        x = nn.relu(x)
        x = nn.avg_pool(x, window_shape=(2, 2), strides=(2, 2))
        x = x.reshape((x.shape[0], -1))
        x = nn.Dense(features=256)(x)
        x = nn.gelu(x)
        return nn.Dense(features=self.classes)(x)


def create_state_${k}(rng, learning_rate=1e-3):
    """The parameters, and what the optimiser keeps of them."""
    model = CNN${k}()
    params = model.init(rng, jnp.ones([1, 28, 28, 1]))['params']
    tx = optax.adam(learning_rate)
    return train_state.TrainState.create(apply_fn=model.apply, params=params, tx=tx)


@jax.jit
def train_step_${k}(state, batch):
    def loss_fn(params):
        logits = state.apply_fn({'params': params}, batch['image'])
        loss = optax.softmax_cross_entropy_with_integer_labels(logits, batch['label']).mean()
        return loss, logits

    grad_fn = jax.value_and_grad(loss_fn, has_aux=True)
    (loss, logits), grads = grad_fn(state.params)
    accuracy = jnp.mean(jnp.argmax(logits, -1) == batch['label'])
    return state.apply_gradients(grads=grads), loss, accuracy


def train_epoch_${k}(state, dataset, batch_size, rng):
    size = len(dataset['image'])
    steps = size // batch_size
    order = jax.random.permutation(rng, size)[: steps * batch_size].reshape((steps, batch_size))
    losses, accuracies = [], []
    for rows in order:
        batch = {name: values[rows, ...] for name, values in dataset.items()}
        state, loss, accuracy = train_step_${k}(state, batch)
        losses.append(loss)
        accuracies.append(accuracy)
    return state, float(jnp.mean(jnp.array(losses))), float(jnp.mean(jnp.array(accuracies)))
`,
};

const tfjs: CodeFile = {
  language: 'typescript',
  head: `import * as tf from '@tensorflow/tfjs';

interface Options {
  readonly units: number;
  readonly rate: number;
}

const WIDTH = 64;
`,
  part: (k) => `
/** The k-th digits' network. */
export function createModel${k}(options: Options = {units: 32, rate: 0.2}): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.conv2d({inputShape: [28, 28, 1], kernelSize: 5, filters: ${8 + (k % 4) * 4}, activation: 'relu'}));
  model.add(tf.layers.maxPooling2d({poolSize: 2, strides: 2}));
  model.add(tf.layers.conv2d({kernelSize: 3, filters: 32, activation: 'relu', kernelInitializer: 'heNormal'}));
  model.add(tf.layers.maxPooling2d({poolSize: 2, strides: 2}));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({units: options.units, activation: 'tanh'}));
  model.add(tf.layers.dropout({rate: options.rate}));
  model.add(tf.layers.dense({units: ${10 + (k % 5)}, activation: 'softmax'}));
  model.compile({optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy']});
  return model;
}

export function createFunctional${k}(features: number): tf.LayersModel {
  const input = tf.input({shape: [features]});
  let x = tf.layers.dense({units: WIDTH, activation: 'relu'}).apply(input) as tf.SymbolicTensor;
  for (let depth = 0; depth < 3; depth++) {
    const skip = x;
    x = tf.layers.dense({units: WIDTH, activation: 'relu'}).apply(x) as tf.SymbolicTensor;
    x = tf.layers.add().apply([x, skip]) as tf.SymbolicTensor;
  }
  const output = tf.layers.dense({units: 1}).apply(x) as tf.SymbolicTensor;
  return tf.model({inputs: input, outputs: output});
}

class Trainer${k} {
  private readonly history: number[] = [];

  constructor(private readonly model: tf.LayersModel, private readonly batchSize = 64) {}

  async fit(images: tf.Tensor4D, labels: tf.Tensor2D, epochs: number): Promise<number[]> {
    await this.model.fit(images, labels, {
      epochs,
      batchSize: this.batchSize,
      validationSplit: 0.1,
      callbacks: {
        onEpochEnd: async (epoch, logs) => {
          this.history.push(logs?.loss ?? 0);
          console.log(\`epoch \${epoch}: \${logs?.loss}\`);
          await tf.nextFrame();
        },
      },
    });
    return this.history;
  }

  predict(image: tf.Tensor3D): number {
    return tf.tidy(() => {
      const scores = this.model.predict(image.expandDims(0)) as tf.Tensor2D;
      return scores.argMax(-1).dataSync()[0];
    });
  }
}
`,
};

export const codeFiles: Readonly<Record<CodeFramework, CodeFile>> = { keras, torch, flax, tfjs };

export const lineCount = (text: string): number => text.split('\n').length;

/** A file of at least so many lines. */
export function fileOf({ head, part }: CodeFile, lines: number): string {
  const parts = [head];
  for (let k = 0, count = lineCount(head); count < lines; k++) {
    const next = part(k);
    parts.push(next);
    count += lineCount(next) - 1;
  }
  return parts.join('');
}
