import { describe, expect, test } from 'vitest';
import { readModels } from '../../../../src/code/models/read';
import { corpus, modelsIn, shownModel, usual } from './layersShown';

describe.each(['flax', 'equinox', 'haiku'])(
  'models of %s, every layer and activation as a person reads them',
  (name) => {
    test.each(corpus(name).map((file) => [file.name, file] as const))('%s', (_, { documents, expected }) => {
      const { models, problems } = readModels(documents, usual);
      expect(problems).toEqual([]);
      expect(models.map(shownModel)).toEqual(expected);
    });
  },
);

const imports =
  'import jax, optax\nimport jax.numpy as jnp\nfrom flax import linen as nn, nnx\nfrom functools import partial\n';

/** The models of a text, in one line each. */
const shown = (text: string, options = {}): string[] =>
  modelsIn(`${imports}${text}`, 'python', options).models.map(shownModel);

/** The steps of Linen's model whose body is this expression of x. */
const steps = (body: string): string | undefined =>
  shown(`class M(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n        return ${body}\n`)[0]?.split(
    ': ',
  )[1];

describe("a loss's kind and what it wants", () => {
  const model =
    'class M(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n        return nn.Dense(3)(x)\nm = M()\n';

  test.each([
    ['softmax_cross_entropy(out, y)', 'categoricalCrossEntropy/logits'],
    ['softmax_cross_entropy_with_integer_labels(logits=out, labels=y)', 'categoricalCrossEntropy/logits'],
    ['losses.sigmoid_binary_cross_entropy(out, y)', 'binaryCrossEntropy/logits'],
    ['squared_error(out, y)', 'meanSquaredError'],
    ['huber_loss(out, y)', 'huber'],
    ['hinge_loss(out, y)', 'hinge'],
    ['kl_divergence(out, y)', 'other/logProbabilities'],
    ['smooth_labels(out, 0.1)', undefined],
  ])('optax.%s', (call, expected) => {
    const [line = ''] = shown(`${model}out = m.apply(params, batch)\nloss = optax.${call}.mean()`);
    expect(line.split(' | ')[1]).toBe(expected);
  });

  test('an output that comes with changed statistics', () => {
    const text = `${model}out, changed = m.apply(params, batch, mutable=['batch_stats'])\noptax.l2_loss(out, y)`;
    expect(shown(text)).toEqual(['M jax ?: dense(3) | meanSquaredError']);
  });

  test('of two models, each has the loss of its own output', () => {
    const second = model.replaceAll(/\bM\b/g, 'N').replace('m =', 'n =');
    const text = `${model}${second}optax.l2_loss(m.apply(p, x), y)\noptax.hinge_loss(n.apply(q, x), y)`;
    expect(shown(text)).toEqual(['M jax ?: dense(3) | meanSquaredError', 'N jax ?: dense(3) | hinge']);
  });

  test('a loss of nobody knows what belongs to none of two models', () => {
    const second = model.replaceAll(/\bM\b/g, 'N').replace('m =', 'n =');
    expect(shown(`${model}${second}optax.l2_loss(state.apply_fn(p, x), y)`)).toEqual([
      'M jax ?: dense(3)',
      'N jax ?: dense(3)',
    ]);
  });

  test('a loss inside a function that is differentiated', () => {
    const text = `${model}def step(p, x, y):\n    def loss(p):\n        return optax.huber_loss(m.apply(p, x), y).mean()\n    return jax.grad(loss)(p)`;
    expect(shown(text)).toEqual(['M jax ?: dense(3) | huber']);
  });
});

describe('functions as activations', () => {
  test.each([
    ['nn.gelu(nn.Dense(2)(x))', 'dense(2) gelu(approximate=tanh)'],
    ['nn.gelu(nn.Dense(2)(x), False)', 'dense(2) gelu'],
    ['jax.nn.leaky_relu(nn.Dense(2)(x))', 'dense(2) leaky_relu(negative_slope=0.01)'],
    ['jnp.maximum(0, nn.Dense(2)(x))', 'dense(2) relu'],
    ['jnp.maximum(nn.Dense(2)(x), 0.1)', 'dense(2) opaque(jnp.maximum)~'],
    ['jax.lax.logistic(nn.Dense(2)(x))', 'dense(2) sigmoid'],
    ['nn.softmax(nn.Dense(2)(x), axis=-1)', 'dense(2) softmax'],
    ['jnp.sin(nn.Dense(2)(x))', 'dense(2) opaque(jnp.sin)~'],
    ['partial(nn.elu, alpha=0.5)(nn.Dense(2)(x))', 'dense(2) elu(alpha=0.5)'],
    ['mine(nn.Dense(2)(x))', 'dense(2) opaque(mine)~'],
  ])('%s', (body, expected) => {
    expect(steps(body)).toBe(expected);
  });
});

describe('arguments of layers', () => {
  test.each([
    ['nn.Dense(2, use_bias=False)(x)', 'dense(2)-b'],
    ['nn.Dense(2, use_bias=flag)(x)', 'dense(2)~'],
    ['nn.Dense(2, **more)(x)', 'dense(2)~'],
    ['nn.Dense(2, kernel_init=nn.initializers.he_normal)(x)', 'dense(2){?}'],
    ['nn.Dense(2, kernel_init=nn.initializers.zeros)(x)', 'dense(2){zeros}'],
    ['nn.Conv(4, kernel_size=3)(x)', 'conv1d(4,3,same):?x4'],
    ['nn.Dense(1)(nn.Conv(4, kernel_size=size)(x))', 'conv2d(4,?x?,same)~:?x?x4 dense(1):?x?x1'],
    ['nn.Conv(4, (3, 3), 2, "VALID")(x)', 'conv2d(4,3x3,s2):?x?x4'],
    ['nn.Dense(1)(nn.Conv(4, (3, 3), input_dilation=2)(x))', 'opaque(nn.Conv)~ dense(1)'],
    [
      'nn.Dense(1)(nn.ConvTranspose(4, (4, 4), (2, 2), padding=1)(jnp.reshape(x, (-1, 8, 8, 3))))',
      'rearrange(jnp.reshape):8x8x3 conv2dT(4,4x4,s2,p2):14x14x4 dense(1):14x14x1',
    ],
    ['nn.Dense(1)(nn.ConvTranspose(4, (3, 3), padding=3)(x))', 'opaque(nn.ConvTranspose)~ dense(1)'],
    ['nn.Dense(1)(nn.ConvLocal(4, (3, 3))(x))', 'opaque(nn.ConvLocal)~ dense(1)'],
    ['nn.avg_pool(x, (2, 2))', undefined],
    ['nn.Dense(1)(nn.avg_pool(x, (2, 2)))', 'averagepool(2x2,s1):?x?x? dense(1):?x?x1'],
    ['nn.Dense(1)(nn.Dropout(0.3, broadcast_dims=(1, 2))(x))', 'dropout(0.3,spatial) dense(1)'],
    ['nn.BatchNorm(use_running_average=False, axis=1)(nn.Dense(2)(x))', 'dense(2) batchnorm~'],
    ['nn.RNN(nn.LSTMCell(3, gate_fn=nn.hard_sigmoid))(x)', 'lstm(3,seq,tanh/hard_sigmoid):?x3'],
    ['nn.RNN(nn.SimpleCell(3, residual=True))(x)', 'rnn(3,seq,tanh)~:?x3'],
    ['nn.RNN(cell)(nn.Dense(2)(x))', 'dense(2) opaque(nn.RNN)~'],
    ['nn.Dense(2)(jnp.mean(x, axis=0))', 'opaque(jnp.mean)~ dense(2)'],
  ])('%s', (body, expected) => {
    expect(steps(body)).toBe(expected);
  });

  test.each([
    ['of a layer', 'first.kernel.value = loaded'],
    ['of a layer, whole', 'first.kernel = nnx.Param(loaded)'],
    ['of a layer in a model', 'm.layers[0].kernel.value = loaded'],
  ])('weights that the code sets are no longer what the layer drew: %s', (_, change) => {
    const model = 'first = nnx.Linear(2, 3, rngs=r)\nm = nnx.Sequential(first, nnx.relu, nnx.Linear(3, 1, rngs=r))';
    expect(shown(`${model}\n${change}`)).toEqual(['m jax [2]: dense(3)~:3 relu dense(1):1']);
  });
});

describe('what a person filled in', () => {
  const text =
    'class M(nn.Module):\n    width: int\n\n    @nn.compact\n    def __call__(self, x):\n        return nn.Dense(self.width)(x)\n';

  test('is asked for by name', () => {
    expect(shown(text)).toEqual(['M jax ?: dense($width) | symbols width']);
  });

  test('takes the place of the symbol', () => {
    expect(shown(text, { symbols: new Map([['width', 12]]) })).toEqual(['M jax ?: dense(12)']);
  });
});

describe('what is no model', () => {
  test.each([
    ['a single layer', 'layer = nn.Dense(3)'],
    ['a function of arrays', 'def f(x):\n    return nn.relu(x)'],
    ['a module without weights', 'class A(nn.Module):\n    def __call__(self, x):\n        return nn.relu(x)'],
    ['a module that calls itself', 'class A(nn.Module):\n    def __call__(self, x):\n        return A()(x)'],
    [
      'a module without a call',
      'class A(nnx.Module):\n    def __init__(self, rngs):\n        self.a = nnx.Linear(2, 3, rngs=rngs)',
    ],
  ])('%s', (_, text) => {
    const { models, problems } = modelsIn(`${imports}${text}`);
    expect(problems).toEqual([]);
    expect(models.map(shownModel)).toEqual([]);
  });
});
