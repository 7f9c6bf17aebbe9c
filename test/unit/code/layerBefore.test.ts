import { describe, expect, it } from 'vitest';
import { activationAt } from '../../../src/code/codeActivation';
import { layerBefore } from '../../../src/code/initializers/layerBefore';
import type { Language } from '../../../src/code/language';
import { calculate } from '../../../src/core/advice/calculate';
import { calculationLike } from '../../../src/core/explain/exampleNetwork';
import { hoverMarkdown } from '../../../src/core/explain/hover';
import { formatPower } from '../../../src/core/format/numbers';
import { readFlowArgument } from '../../../src/core/links/flowArgument';
import { plainHover } from '../../fixtures/hoverSnippets';
import { lines, withCursor } from './reading';

const options = { tensorflowKeras: 3 } as const;
const links = { numbers: 'words', picture: undefined, compare: 'command:a', calculator: 'command:b' } as const;

/** A hover's sentence, and the number of the calculation that its links open. */
function hover(source: string, language: Language = 'python') {
  const { document, offset } = withCursor(source, language);
  const there = activationAt(document, offset, options)!;
  const layer = layerBefore(there.mention, document, options);
  const read = readFlowArgument(calculationLike(there.found!, layer));
  if ('problems' in read) throw new Error(read.problems[0]!.message);
  const text = plainHover(hoverMarkdown(there.found!, links, layer));
  return { sentence: text.split('\n\n')[1]!, linked: calculate(read.config)[0]!.prediction.ratio };
}

const keras = (code: string) => `import keras\nfrom keras import layers\n${code}`;
const torch = (...code: string[]) => lines('from torch import nn', 'import torch.nn.functional as F', ...code);
const sequential = (layer: string) =>
  keras(`keras.Sequential([keras.Input((784,)), ${layer}, layers.Dense(10, activation="softmax")])`);

describe('an activation’s hover speaks of the layer before it', () => {
  it.each<[string, string, string, Language?]>([
    [
      'the call alone',
      keras('layers.Dense(64, activation="ta‸nh", kernel_initializer="he_normal")'),
      'ten 64-unit layers with this layer’s he_normal.',
    ],
    [
      'an initialiser that is made',
      keras('layers.Dense(64, activation="re‸lu", kernel_initializer=keras.initializers.RandomNormal(0.0, 0.01))'),
      'ten 64-unit layers with this layer’s RandomNormal(0, 0.01); with he_normal, which suits it: 0.83.',
    ],
    [
      'a name for it',
      keras('init = "he_uniform"\nlayers.Dense(64, activation="re‸lu", kernel_initializer=init)'),
      'this layer’s he_uniform.',
    ],
    [
      'TensorFlow.js',
      "import * as tf from '@tensorflow/tfjs';\ntf.layers.dense({units: 64, activation: 're‸lu', kernelInitializer: 'heUniform'});",
      'ten 64-unit layers with this layer’s heUniform.',
      'javascript',
    ],
    [
      'a layer of a model',
      sequential('layers.Dense(256, activation="re‸lu", kernel_initializer="he_normal")'),
      'ten 256-unit layers with this layer’s he_normal.',
    ],
    [
      'a default in a model',
      sequential('layers.Dense(256, activation="re‸lu")'),
      'ten 256-unit layers with Keras’s default glorot_uniform; with he_normal, which suits it: 0.96.',
    ],
    [
      'a normalisation between them',
      keras(
        'm = keras.Sequential([keras.Input((784,)), layers.Dense(256, kernel_initializer="he_normal"), layers.BatchNormalization(), layers.Activation("re‸lu"), layers.Dense(10)])',
      ),
      'ten 256-unit layers with this layer’s he_normal and batch normalisation',
    ],
    [
      'PyTorch, filled elsewhere',
      torch(
        'class Net(nn.Module):',
        '    def __init__(self):',
        '        super().__init__()',
        '        self.a = nn.Linear(784, 64)',
        '        self.b = nn.Linear(64, 10)',
        '        nn.init.kaiming_normal_(self.a.weight, nonlinearity="relu")',
        '    def forward(self, x):',
        '        return self.b(F.re‸lu(self.a(x)))',
      ),
      'ten 64-unit layers with this layer’s kaiming_normal_.',
    ],
  ])('%s', (_name, source, says, language) => {
    const { sentence, linked } = hover(source, language);
    expect(sentence).toContain(says);
    expect(sentence).not.toMatch(/^For example/);
    expect(sentence.replaceAll('\u00a0', ' ')).toContain(formatPower(linked));
  });

  it.each([
    ['nothing said', keras('layers.Dense(4, activation="sig‸moid")')],
    ['nothing beside it', torch('nn.Sig‸moid()')],
    ['an initialiser that cannot be told', keras('layers.Dense(64, activation="sig‸moid", kernel_initializer=mine)')],
    ['a recurrent layer', keras('layers.LSTM(64, activation="sig‸moid", kernel_initializer="he_normal")')],
  ])('and of an example otherwise: %s', (_name, source) => {
    const { sentence, linked } = hover(source);
    expect(sentence).toMatch(/^For example, .* of a gradient reaches the first of ten 128-unit layers with .*default/);
    expect(sentence).toContain(formatPower(linked));
  });

  it('names what suits it only where that keeps more', () => {
    const suited = (initializer: string) =>
      hover(keras(`layers.Dense(64, activation="ta‸nh", kernel_initializer="${initializer}")`)).sentence;
    expect(suited('he_normal')).not.toContain('suits');
    expect(suited('zeros')).not.toMatch(/NaN|undefined/);
  });
});
