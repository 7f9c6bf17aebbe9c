import { describe, expect, test } from 'vitest';
import { type ParsedDocument, parse } from '../../../src/code/document';
import { frameworksIn } from '../../../src/code/frameworks';
import type { Language } from '../../../src/code/language';
import { mentionAt } from '../../../src/code/mentions';
import { cursor, lines, read, shown, withCursor } from './reading';

/** What stands at the cursor, which is in one of the cells. */
function readCells(cells: readonly string[], language: Language = 'python'): string {
  const current = cells.findIndex((cell) => cell.includes(cursor));
  const others = cells.map((cell): ParsedDocument => parse(cell.replace(cursor, ''), language));
  return read(cells[current]!, language, { before: others.slice(0, current), after: others.slice(current + 1) });
}

describe('a notebook', () => {
  test.each<[string[], string]>([
    [['import torch.nn as nn', 'nn.Re‸LU()'], 'torch.nn.ReLU()'],
    [['nn.Re‸LU()', 'import torch.nn as nn'], 'torch.nn.ReLU()'],
    [
      ['from keras import layers as l', 'from tensorflow.keras import layers as l', 'l.Re‸LU()'],
      'tensorflow.keras.layers.ReLU()',
    ],
    [['import keras as k', 'k.layers.Re‸LU()', 'import tf_keras as k'], 'keras.layers.ReLU()'],
    [['import torch.nn as nn', 'act = nn.LeakyReLU(SLOPE)', 'SLOPE = 0.1', 'a‸ct(x)'], 'torch.nn.LeakyReLU(0=0.1)'],
    [['from jax.nn import *', 're‸lu(x)'], 'jax.nn.relu(0=?x)'],
    [['def f():\n  import torch', 'torch.re‸lu(x)'], '.relu(0=?x)'],
    [['import torch', 'torch = 3', 'torch.re‸lu(x)'], '-'],
    [['a = b', 'b = c', 'c = a', '‸a(x)'], '-'],
    [['%matplotlib inline\nimport torch', 'torch.re‸lu(x)'], 'torch.relu(0=?x)'],
    [['!pip install "torch\nimport torch\ntorch.re‸lu(x)'], 'torch.relu(0=?x)'],
    [['%%time\nimport torch\ntorch.re‸lu(x)'], 'torch.relu(0=?x)'],
    [['%%bash\nimport torch\ntorch.re‸lu(x)'], '-'],
    [['import torch\ny = (a\n  % b)\ntorch.re‸lu(x)'], 'torch.relu(0=?x)'],
    [['from . import torch', 'torch.re‸lu(x)'], '-'],
    [['from fastai.vision.all import *', 'nn.Re‸LU()'], 'torch.nn.ReLU()'],
    [['from fastbook import *', 'torch.sig‸moid(x)'], 'torch.sigmoid(0=?x)'],
  ])('%j', (cells, expected) => {
    expect(readCells(cells)).toBe(expected);
  });

  test('of JavaScript', () => {
    expect(readCells(["import * as t from '@tensorflow/tfjs'", 't.re‸lu(x)'], 'javascript')).toBe('tf.relu(0=?x)');
  });

  test('says where the arguments stand', () => {
    const cells = ['import torch.nn as nn', 'act = nn.LeakyReLU(0.1)'].map((text) => parse(text, 'python'));
    const { document, offset } = withCursor('a‸ct(x)', 'python');
    const mention = mentionAt(document, offset, { before: cells, after: [] });
    expect(mention?.origin).toEqual({ document: cells[1], from: 6, to: 23 });
    const [slope] = mention?.arguments ?? [];
    expect(cells[1]!.text.slice(slope?.from, slope?.to)).toBe('0.1');
    expect(shown(mention)).toBe('torch.nn.LeakyReLU(0=0.1)');
  });
});

describe('frameworks', () => {
  test.each<[string, Language, string[]]>([
    ['import keras', 'python', ['keras']],
    ['import tensorflow as tf', 'python', ['tf2']],
    ['from tensorflow.keras import layers', 'python', ['tf2']],
    ['import tf_keras', 'python', ['tf2']],
    ['def f():\n  import torch.nn as nn', 'python', ['torch']],
    ['from flax import linen\nimport jax', 'python', ['jax']],
    ['from jax.nn import *', 'python', ['jax']],
    ['from .keras import x', 'python', []],
    ['import numpy, torchvision', 'python', []],
    ['from fastai.vision.all import *', 'python', ['torch']],
    ['from fastbook import *', 'python', ['torch']],
    ['import torch\nimport keras', 'python', ['keras', 'torch']],
    ['# import torch', 'python', []],
    ["import * as t from '@tensorflow/tfjs'", 'javascript', ['tfjs']],
    ["import '@tensorflow/tfjs-backend-webgl'", 'javascript', ['tfjs']],
    ["import {relu} from '@tensorflow/tfjs-core'", 'typescript', ['tfjs']],
    ["const t = require('@tensorflow/tfjs')", 'javascript', ['tfjs']],
    ["const {relu} = await import('@tensorflow/tfjs')", 'javascript', ['tfjs']],
    ["import '@tensorflow/tfjs-vis'", 'javascript', []],
    ['tf.tensor([1])', 'javascript', ['tfjs']],
    ['window.tf.tensor([1])', 'javascript', ['tfjs']],
    ['window.x.tensor([1])', 'javascript', []],
    ['const tf = 3; tf.tensor([1])', 'javascript', []],
    ['tf', 'javascript', []],
    ["import React from 'react'", 'tsx', []],
    ['', 'python', []],
  ])('%s', (source, language, expected) => {
    expect([...frameworksIn(parse(source, language))].sort()).toEqual(expected);
  });

  test('of the other cells', () => {
    const context = { before: [parse('import torch', 'python')], after: [parse('import keras', 'python')] };
    expect([...frameworksIn(parse(lines('x = 1'), 'python'), context)].sort()).toEqual(['keras', 'torch']);
  });
});
