import { describe, expect, test } from 'vitest';
import { readModels } from '../../../../src/code/models/read';
import { corpus, modelsIn, shownModel, usual } from './layersShown';

describe('models of Keras, every layer and activation as a person reads them', () => {
  test.each(corpus('keras').map((file) => [file.name, file] as const))('%s', (_, { documents, expected }) => {
    const { models, problems } = readModels(documents, usual);
    expect(problems).toEqual([]);
    expect(models.map(shownModel)).toEqual(expected);
  });
});

describe('data whose shape is known', () => {
  const shape = (expression: string): string[] =>
    modelsIn(
      `import keras, numpy as np\n(x, y), _ = keras.datasets.cifar10.load_data()\nx = x.astype("float32") / 255.0\nm = keras.Sequential([keras.Input(${expression}), keras.layers.Dense(1)])`,
    ).models.map((model) => shownModel(model).split(':')[0]!);

  test.each([
    ['x.shape[1:]', 'm keras [32,32,3]'],
    ['x[0].shape', 'm keras [32,32,3]'],
    ['x[:100].shape[1:]', 'm keras [32,32,3]'],
    ['x.reshape(-1, 3072).shape[1:]', 'm keras [3072]'],
    ['x.reshape((len(x), 3072)).shape[1:]', 'm keras [3072]'],
    ['x.mean(axis=0).shape', 'm keras ?'],
  ])('%s', (expression, expected) => {
    expect(shape(expression)).toEqual([expected]);
  });
});

describe('parts of a tensor', () => {
  test.each([
    ['x[:, -1]', ':8'],
    ['x[:, -1, :]', ':8'],
    ['x[:, 1:]', ':9x8'],
    ['x[:, :-2, ::]', ':8x8'],
    ['x[..., 0]', ':10'],
    ['x[..., :4]', ':10x4'],
    ['x[:, start:]', ':?x8'],
    ['x[mask]', ''],
  ])('%s', (expression, expected) => {
    const text = `import keras\nx = keras.Input((10, 8))\ny = ${expression}\nm = keras.Model(x, keras.layers.ReLU()(y))`;
    expect(modelsIn(text).models.map(shownModel)).toEqual([`m keras [10,8]: rearrange(x[…])${expected} relu`]);
  });
});

describe('what an object holds', () => {
  const held = (method: string): string[] =>
    modelsIn(
      `import keras, elsewhere\nclass Part(keras.layers.Layer):\n  def __init__(self):\n    super().__init__()\n    self.inner = keras.Sequential([keras.layers.Dense(4)])\n  def ${method}(self, x):\n    return elsewhere.run(self.inner)\npart = Part()`,
    ).models.map(shownModel);

  test('stands for itself where the object has no way from input to output', () => {
    expect(held('encode')).toEqual(['inner keras ?: dense(4)']);
  });

  test('is a part of the object where its way cannot be read', () => {
    expect(held('call').filter((model) => model.startsWith('inner'))).toEqual([]);
  });
});

describe('the loss that a file makes', () => {
  const shown = (outer: string): string[] =>
    modelsIn(
      `import keras, elsewhere\ndef f():\n  hidden = keras.Sequential([keras.layers.Dense(4)])(elsewhere.data)\n  ${outer}\nf()\ndef train(m):\n  m.compile("adam", loss="mse")`,
    ).models.map(shownModel);

  test('is that of the only model', () => {
    expect(shown('return hidden')).toEqual(['f keras ?: dense(4) | meanSquaredError']);
  });

  test('is not that of a model that one which cannot be read may hold', () => {
    expect(shown('return keras.Model(elsewhere.a, elsewhere.b)')).toEqual(['f keras ?: dense(4)']);
  });
});
