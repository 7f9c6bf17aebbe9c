import { describe, expect, it } from 'vitest';
import { initializerAt } from '../../../src/code/initializers/codeInitializer';
import type { Language } from '../../../src/code/language';
import { networkInWords } from '../../../src/core/calculation/toExperiment';
import { initializerMarkdown } from '../../../src/core/explain/initializerHover';
import { readFlowArgument } from '../../../src/core/links/flowArgument';
import { plainHover } from '../../fixtures/hoverSnippets';
import { lines, withCursor } from './reading';

const options = { tensorflowKeras: 3 } as const;

/** What an initialiser's hover trains and calculates, and what it says. */
function hover(source: string, language: Language = 'python') {
  const { document, offset } = withCursor(source, language);
  const configs: Record<string, unknown> = {};
  const take = (name: string) => (argument: unknown) => {
    configs[name] = argument;
    return `command:${name}`;
  };
  const text = initializerMarkdown(initializerAt(document, offset, options)!.mention, {
    numbers: 'words',
    compare: take('compare'),
    calculator: take('calculator'),
  });
  const read = (name: string) => {
    const reading = readFlowArgument(configs[name]);
    if ('problems' in reading) throw new Error(reading.problems[0]!.message);
    return reading.config;
  };
  const activations = (name: string) => read(name).candidates.map((each) => each.activations[0]);
  return {
    trained: [activations('compare')[0], networkInWords(read('compare'))],
    calculated: activations('calculator'),
    text: plainHover(text),
  };
}

const keras = (...code: string[]) => lines('import keras', 'from keras import layers', ...code);

describe('an initialiser’s hover trains what stands beside it', () => {
  it.each<[string, string, readonly [string, string], Language?]>([
    [
      'activation, depth and widths of a model',
      keras(
        'm = keras.Sequential([keras.Input((784,)), layers.Dense(64, activation="sigmoid"),',
        '  layers.Dense(32, activation="sigmoid", kernel_initializer="random_nor‸mal"), layers.Dense(10, activation="softmax")])',
      ),
      ['sigmoid', '64, 32, normal:0,0.05'],
    ],
    [
      'an activation of its own layer among others',
      keras(
        'm = keras.Sequential([keras.Input((784,)), layers.Dense(64, activation="relu"),',
        '  layers.Dense(64, activation="tanh", kernel_initializer="he_nor‸mal"), layers.Dense(10)])',
      ),
      ['tanh', '2 × 64, he_normal'],
    ],
    [
      'the hidden activation, at an output layer',
      keras(
        'm = keras.Sequential([keras.Input((784,)), layers.Dense(64, activation="sigmoid"),',
        '  layers.Dense(10, activation="softmax", kernel_initializer="he_nor‸mal")])',
      ),
      ['sigmoid', '1 × 64, he_normal'],
    ],
    [
      'the call alone',
      keras('layers.Dense(64, activation="tanh", kernel_initializer="he_nor‸mal")'),
      ['tanh', '10 × 128, he_normal'],
    ],
    [
      'the call alone, of an initialiser that is made',
      keras('layers.Dense(64, activation=keras.activations.gelu, kernel_initializer=keras.initializers.HeNor‸mal())'),
      ['gelu', '10 × 128, he_normal'],
    ],
    [
      'PyTorch, filled in a loop',
      lines(
        'from torch import nn',
        'net = nn.Sequential(nn.Linear(784, 256), nn.Sigmoid(), nn.Linear(256, 256), nn.Sigmoid(), nn.Linear(256, 10))',
        'for layer in net:',
        '    if isinstance(layer, nn.Linear):',
        '        nn.init.xavier_uni‸form_(layer.weight)',
      ),
      ['sigmoid', '2 × 256, xavier_uniform_ (glorot_uniform)'],
    ],
    [
      'TensorFlow.js',
      "import * as tf from '@tensorflow/tfjs';\ntf.layers.dense({units: 64, activation: 'elu', kernelInitializer: 'heNor‸mal'});",
      ['elu', '10 × 128, heNormal (he_normal)'],
      'javascript',
    ],
    [
      'ReLU where nothing tells',
      lines('from torch import nn', 'def fill(layer):', '    nn.init.xavier_uni‸form_(layer.weight)'),
      ['relu', '10 × 128, xavier_uniform_ (glorot_uniform)'],
    ],
  ])('%s', (_name, code, trained, language) => {
    const { calculated, ...found } = hover(code, language);
    expect(found.trained).toEqual(trained);
    expect(calculated[0]).toBe(trained[0]);
  });

  it('says the numbers of that activation first', () => {
    const { text } = hover(keras('layers.Dense(64, activation="gelu", kernel_initializer="he_nor‸mal")'));
    expect(text).toMatch(/Of a gradient, \S+ with GELU, \S+ with ReLU and \S+ with tanh reaches the first of ten/);
  });

  it('leaves widths out that are too many to be trained', () => {
    const deep = keras(
      'm = keras.Sequential([keras.Input((784,))])',
      'for _ in range(120):',
      '    m.add(layers.Dense(64, activation="tanh", kernel_initializer="he_nor‸mal"))',
      'm.add(layers.Dense(10))',
    );
    expect(hover(deep).trained).toEqual(['tanh', '10 × 64, he_normal']);
  });
});

describe('an initialiser of Haiku', () => {
  const haiku = (code: string) => hover(lines('import haiku as hk', code)).text;

  it('is told as Haiku draws it', () => {
    const text = haiku('hk.Linear(64, w_init=hk.initializers.Truncated‸Normal(0.02))');
    expect(text).toContain('TruncatedNormal · Haiku · stddev=0.02');
    expect(text).toContain('tandard deviation 0.0176');
    expect(text).toContain('Haiku does not correct for it (88 % of the std are left)');
    expect(text).toContain('bias 0, Haiku’s default');
    expect(text).toContain('JAX truncated_normal(0.02)');
    expect(text).toContain('Haiku docs');
  });

  it.each([
    ['hk.initializers.Variance‸Scaling(2.0, "fan_in", "normal")', '√(2/fan_in)'],
    ['hk.initializers.Variance‸Scaling()', 'corrected for in the standard deviation'],
    ['hk.initializers.Uniform‸Scaling(1.0)', 'uniform in ±0.153 = √(3/fan_in)'],
    ['hk.initializers.Random‸Uniform(-0.1, 0.1)', 'uniform in ±0.1'],
    ['hk.initializers.Ortho‸gonal(2.0)', 'orthonormal'],
    ['hk.initializers.Iden‸tity()', 'Ones on the diagonal'],
    ['hk.initializers.Variance‸Scaling(1.0, "fan_sum")', 'not known here'],
  ])('%s', (code, said) => expect(haiku(`x = ${code}`)).toContain(said));
});
