import { describe, expect, it } from 'vitest';
import { parse } from '../../../../src/code/document';
import { readModels } from '../../../../src/code/models/read';
import { fittingInput, withInputShape } from '../../../../src/core/model/input';
import type { Model } from '../../../../src/core/model/model';

const modelOf = (...lines: string[]): Model => {
  const text = ['import keras', 'from keras import layers', ...lines].join('\n');
  const [model] = readModels([{ document: parse(text, 'python'), cell: 0 }], { tensorflowKeras: 3 }).models;
  if (model === undefined) throw new Error('no model was read');
  return model;
};

const shapes = (model: Model | { readonly problem: string }) =>
  'problem' in model ? model.problem : model.nodes.map(({ shape }) => shape);

const open = modelOf('m = keras.Sequential([layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2)])');

describe('withInputShape', () => {
  it('gives every layer the shape that follows', () => {
    const model = withInputShape(open, [5, 5, 1]);
    expect(shapes(model)).toEqual([[5, 5, 1], [3, 3, 4], [36], [2]]);
    expect(model).toMatchObject({ inputShape: [5, 5, 1] });
  });

  it('leaves a model whose code tells the shape', () => {
    const told = modelOf('m = keras.Sequential([keras.Input((7,)), layers.Dense(2)])');
    expect(withInputShape(told, [9])).toBe(told);
  });

  it('fills in what is left open, and refuses what contradicts the code', () => {
    const some = modelOf('m = keras.Sequential([keras.Input((None, 3)), layers.Dense(2)])');
    expect(shapes(withInputShape(some, [8, 3]))).toEqual([
      [8, 3],
      [8, 2],
    ]);
    expect(shapes(withInputShape(some, [8, 4]))).toBe('m takes an input of ? × 3, and 8 × 4 was given.');
    expect(shapes(withInputShape(some, [3]))).toContain('and 3 was given.');
  });

  it('leaves a model with several inputs', () => {
    const two = modelOf(
      'a, b = keras.Input((None,)), keras.Input((None,))',
      'm = keras.Model([a, b], layers.Dense(2)(layers.add([a, b])))',
    );
    expect(withInputShape(two, [4])).toBe(two);
  });
});

const torchOf = (...layers: string[]): Model => {
  const text = `from torch import nn\nm = nn.Sequential(${layers.join(', ')})`;
  const [model] = readModels([{ document: parse(text, 'python'), cell: 0 }], { tensorflowKeras: 3 }).models;
  if (model === undefined) throw new Error('no model was read');
  return model;
};

const digits = torchOf(
  'nn.Conv2d(3, 8, 3)',
  'nn.Conv2d(8, 8, 3)',
  'nn.MaxPool2d(2)',
  'nn.Flatten()',
  'nn.Linear(8 * 12 * 12, 10)',
);

describe('fittingInput', () => {
  it('is what makes the components that the code tells', () => {
    // 29 fits as well: pooling leaves the last row out.
    expect(fittingInput(digits)).toEqual([28, 28, 3]);
    expect(fittingInput(torchOf('nn.Flatten()', 'nn.Linear(784, 10)'))).toEqual([784]);
    expect(fittingInput(torchOf('nn.Conv1d(4, 8, 5)', 'nn.Flatten()', 'nn.Linear(8 * 60, 1)'))).toEqual([64, 4]);
  });

  it('is left open where nothing fits, nothing is told, or all is told', () => {
    expect(fittingInput(torchOf('nn.Conv2d(3, 8, 3)', 'nn.Flatten()', 'nn.Linear(8 * 7, 10)'))).toBeUndefined();
    expect(fittingInput(torchOf('nn.Conv2d(3, 8, 3)', 'nn.ReLU()'))).toBeUndefined();
    expect(fittingInput(torchOf('nn.Linear(8, 10)'))).toBeUndefined();
    expect(fittingInput(open)).toBeUndefined();
  });

  it('is named where a person gives another', () => {
    expect(shapes(withInputShape(digits, [32, 32, 3]))).toBe(
      'm flattens to 1152 components, and an input of 32 × 32 × 3 gives 1568; 28 × 28 × 3 would fit.',
    );
    expect(withInputShape(digits, [29, 29, 3])).toMatchObject({ inputShape: [29, 29, 3] });
  });
});
