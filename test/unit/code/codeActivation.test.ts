import { describe, expect, it } from 'vitest';
import { activationAt, activationNamesAt, type ReadingOptions } from '../../../src/code/codeActivation';
import { parse } from '../../../src/code/document';
import { initializerAt } from '../../../src/code/initializers/codeInitializer';
import { type Language, languageOf } from '../../../src/code/language';
import { hoverMarkdown, notElementWiseMarkdown } from '../../../src/core/explain/hover';
import { initializerMarkdown } from '../../../src/core/explain/initializerHover';
import { isNotElementWiseName } from '../../../src/core/frameworks/notElementWise';
import { hoverNotebook, hoverSnippets, plainHover } from '../../fixtures/hoverSnippets';
import { withCursor } from './reading';

const keras2: ReadingOptions = { tensorflowKeras: 2 };
const keras3: ReadingOptions = { tensorflowKeras: 3 };
const links = { numbers: 'words', picture: undefined, compare: 'command:a', calculator: 'command:b' } as const;

function hover(source: string, language: Language, options = keras2): string | undefined {
  const { document, offset } = withCursor(source, language);
  return (
    markdownOf(activationAt(document, offset, options)) ?? initializerText(initializerAt(document, offset, options))
  );
}

const initializerText = (there: ReturnType<typeof initializerAt>): string | undefined =>
  there &&
  initializerMarkdown(there.mention, {
    numbers: 'words',
    compare: () => 'command:gradientLens.a',
    calculator: () => 'command:gradientLens.b',
  });

function markdownOf(there: ReturnType<typeof activationAt>): string | undefined {
  if (!there) return undefined;
  if (there.found) return hoverMarkdown(there.found, links);
  const { activation } = there.spelling;
  return isNotElementWiseName(activation) ? notElementWiseMarkdown({ ...there.spelling, activation }) : undefined;
}

describe('what stands in code', () => {
  it.each(hoverSnippets)('$language: $code', ({ language, code, says }) => {
    const text = hover(code, languageOf(language)!);
    if (says === null) expect(text).toBeUndefined();
    else for (const part of says) expect(plainHover(text!)).toContain(part);
  });

  it('sees the other cells of a notebook', () => {
    const [first, second, last] = hoverNotebook.cells;
    const { document, offset } = withCursor(last, 'python');
    const context = { before: [first, second].map((cell) => parse(cell, 'python')), after: [] };
    const text = markdownOf(activationAt(document, offset, keras2, context));
    for (const part of hoverNotebook.says) expect(plainHover(text!)).toContain(part);
    expect(markdownOf(activationAt(document, offset, keras2))).toBeUndefined();
  });

  it('reads tensorflow.keras as the Keras that the person has', () => {
    const code = "import tensorflow as tf\ntf.keras.layers.Dense(1, activation='hard_sig‸moid')";
    expect(hover(code, 'python', keras2)).toContain('0.2x');
    expect(hover(code, 'python', keras3)).toContain('x/6');
    const layer = 'from tensorflow.keras.layers import LeakyReLU\nLeaky‸ReLU(negative_slope=0.1)';
    expect(plainHover(hover(layer, 'python', keras3)!)).toContain('Keras · negative_slope=0.1');
    expect(hover('import tf_keras\ntf_keras.layers.Leaky‸ReLU()', 'python', keras2)).toContain('TensorFlow');
  });

  it('reads the package tf_keras, and what is made for it, as Keras 2 whatever the person has', () => {
    const head = 'import tf_keras\nfrom tf_keras.layers import LSTM, ThresholdedReLU\n';
    for (const use of [
      'tf_keras.activations.hard_sig‸moid(z)',
      'tf_keras.layers.Dense(3, activation="hard_sig‸moid")',
      'LSTM(3, recurrent_activation="hard_sig‸moid")',
      'def f(activation="hard_sig‸moid"): pass',
    ]) {
      expect(hover(head + use, 'python', keras3)).toContain('0.2x');
    }
    expect(hover(`${head}Thresholded‸ReLU(theta=0.5)`, 'python', keras3)).toContain('theta=0.5');
    const dense = 'tf.keras.layers.Dense(1, activation="hard_sig‸moid")';
    const legacy = 'import os\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\nimport tensorflow as tf\n';
    expect(hover(legacy + dense, 'python', keras3)).toContain('0.2x');
    expect(hover(`import tensorflow as tf\nsession = tf.Session()\n${dense}`, 'python', keras3)).toContain('0.2x');
    expect(hover(`from tensorflow.keras import ops\nimport tensorflow as tf\n${dense}`, 'python', keras2)).toContain(
      'x/6',
    );
    const former = 'from tensorflow.python.keras.layers import Dense\nDense(1, activation="hard_sig‸moid")';
    expect(hover(former, 'python', keras3)).toContain('0.2x');
  });

  it('says of what stands in the place of another layer only that it hands its input on', () => {
    const short = /^\*\*Identity\*\* · PyTorch · hands its input on unchanged · \[PyTorch docs\]\(\S+\)$/;
    for (const use of [
      'self.norm = nn.Iden‸tity()',
      'head = nn.Iden‸tity',
      'nn.Sequential(nn.Linear(1, 2), nn.Iden‸tity())',
    ]) {
      expect(hover(`from torch import nn\n${use}`, 'python')).toMatch(short);
    }
  });

  it('begins with what can be done, then the answer; the picture follows', () => {
    const { document, offset } = withCursor('import torch.nn.functional as F\ny = F.hardsw‸ish(x)', 'python');
    const { found } = activationAt(document, offset, keras2)!;
    const text = hoverMarkdown(found!, { ...links, picture: 'data:picture' });
    const [first, second, third] = text.split('\n\n');
    expect(first).toMatch(/^\*\*hardswish\*\* · PyTorch .*\(command:a\).*\(command:b\).*\[Docs\]/);
    expect(second).toMatch(
      /^For example, .* of a gradient reaches the first of ten 128-unit layers with .*PyTorch’s default/,
    );
    expect(third).toContain('data:picture');
  });

  it('says no more than Markdown can carry', () => {
    for (const { language, code } of hoverSnippets) {
      expect(hover(code, languageOf(language)!) ?? '').not.toMatch(/undefined|NaN|\[object/);
    }
  });
});

describe('names to complete', () => {
  const names = (source: string, language: Language, options = keras2) => {
    const { document, offset } = withCursor(source, language);
    return activationNamesAt(document, offset, options)?.spellings.map(({ name }) => name);
  };

  it('are those of the framework in use', () => {
    expect(names("import keras\nkeras.layers.Dense(3, activation='‸", 'python')).toContain('squareplus');
    expect(names("import keras\nkeras.layers.Dense(3, activation='re‸lu')", 'python')).toContain('relu');
    const tensorflow = names("import tensorflow as tf\ntf.keras.layers.Dense(3, activation='‸')", 'python');
    expect(tensorflow).toContain('swish');
    expect(tensorflow).not.toContain('squareplus');
    const three = names("import tensorflow as tf\ntf.keras.layers.Dense(3, activation='‸')", 'python', keras3);
    expect(three).toContain('squareplus');
    expect(
      names("import * as tf from '@tensorflow/tfjs';\ntf.layers.dense({activation: '‸'})", 'javascript'),
    ).toContain('hardSigmoid');
  });

  it('begin with the usual ones and end with what has no single derivative', () => {
    const offered = names("import keras\nkeras.layers.Dense(3, activation='‸", 'python')!;
    expect(offered.slice(0, 5)).toEqual(['relu', 'sigmoid', 'tanh', 'gelu', 'elu']);
    expect(offered.slice(-4)).toEqual(['softmax', 'log_softmax', 'sparsemax', 'glu']);
  });

  it.each<[string, Language]>([
    ["import keras\nkeras.layers.Dense(3, name='‸')", 'python'],
    ["dense(3, activation='‸')", 'python'],
    ["import keras\nx = '‸'", 'python'],
    ["const a = {activation: '‸'}", 'javascript'],
  ])('are not offered in %s', (source, language) => {
    expect(names(source, language)).toBeUndefined();
  });
});
