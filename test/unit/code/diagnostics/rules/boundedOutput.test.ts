import { describe, expect, it } from 'vitest';
import { found } from './spec';

/** A model of one sigmoid, and what it is fitted to. */
const fitted = (before: string, target = 'y'): string => `import numpy as np
import keras
from keras import layers
from sklearn.model_selection import train_test_split
model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation='relu'), layers.Dense(1, activation='sigmoid')])
model.compile(loss='mse')
${before}
model.fit(x, ${target})
`;

const messages = (text: string): string[] =>
  found(text)
    .filter(({ rule }) => rule === 'bounded-output')
    .map(({ message }) => message);

describe('bounded-output', () => {
  it('stands at the activation, and names targets and loss', () => {
    const text = fitted('y = np.array([2, 5, 9])');
    const one = found(text).find(({ rule }) => rule === 'bounded-output')!;
    expect(text.slice(one.range.from, one.range.to)).toContain("'sigmoid'");
    expect(one.related.map(({ message, range }) => [text.slice(range.from, range.to), message])).toEqual([
      ['y', 'Targets of 2 to 9.'],
      [expect.stringContaining("'mse'"), 'mse is the loss.'],
    ]);
    expect(one.severity).toBe('warning');
    expect(one.message).toBe(
      'sigmoid gives 0 to 1, and the targets of mse are 2 to 9: what lies outside cannot be reached, and there the slope of the output goes to 0.',
    );
  });

  it.each([
    ['the last of several values', 'y = np.random.rand(9)\ny = y * 10', '0 to 10'],
    ['what is scaled and still goes beyond', '(y, _), _ = keras.datasets.mnist.load_data()\ny = y / 25.5', '0 to 10'],
    ['what is scaled in place, too little', 'y = np.arange(101)\ny /= 10', '0 to 10'],
    ['what a function is handed', 'def f(t):\n    model.fit(x, t)\nf(np.arange(5))\ny = load()', '0 to 4'],
    ['a part of a split', 'a, b, y, d = train_test_split(x, np.random.randint(0, 7, 99))', '0 to 6'],
    ['a known data set', '(x, y), _ = keras.datasets.boston_housing.load_data()', '5 to 50'],
    ['pixels that nobody scaled', '(y, _), _ = keras.datasets.mnist.load_data()', '0 to 255'],
    ['what is standardised', 'y = load()\ny = (y - y.mean()) / y.std()', '−1 to 1'],
    ['a branch that may have run', 'y = np.arange(5)\nif wide:\n    y = np.arange(9)', '0 to 8'],
    [
      'data that come with their inputs',
      'y = np.arange(4)',
      '0 to 3',
      'tf.data.Dataset.from_tensor_slices((x, y)).batch(2)',
    ],
  ])('sees %s', (_, before, range, target = 'y') => {
    const text = target === 'y' ? fitted(before) : fitted(before).replace('fit(x, y)', `fit(${target})`);
    expect(messages(text)).toEqual([expect.stringContaining(`the targets of mse are ${range}:`)]);
  });

  it.each([
    ['is scaled afterwards', '(y, _), _ = keras.datasets.mnist.load_data()\ny = y / 255'],
    ['is scaled in place', '(y, _), _ = keras.datasets.mnist.load_data()\ny = y.astype("float32")\ny /= 255.0'],
    ['is changed one by one', 'y = np.arange(9)\ny[2:] = 0'],
    ['is changed by its methods', 'y = [3, 4]\ny.append(5)'],
    ['may be another in a branch', 'y = np.arange(9)\nif small:\n    y = load()'],
    ['is a part of a list', 'y = np.arange(9)[:2]'],
    [
      'is scaled by a scaler',
      'from sklearn.preprocessing import MinMaxScaler\ny = MinMaxScaler().fit_transform(load())',
    ],
    ['comes from a file', 'y = np.loadtxt("y.csv")'],
    ['is a difference of data that hang on each other', 'a = np.random.rand(9)\ny = a - a'],
    ['belongs to another model', 'y = load()\nother.fit(x, np.arange(9))'],
  ])('says nothing of what %s', (_, before) => {
    expect(messages(fitted(before))).toEqual([]);
  });

  it('comes to an end where values are made of each other many times over', () => {
    const chain = Array.from({ length: 300 }, (_, k) => `a${k + 1} = a${k} + a${k} + a${k}`).join('\n');
    expect(messages(fitted(`a0 = load()\n${chain}`, 'a300'))).toEqual([]);
    expect(messages(fitted('y = y + y\nz = y\ny = z + z'))).toEqual([]);
  });
});
