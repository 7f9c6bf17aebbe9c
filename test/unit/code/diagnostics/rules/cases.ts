import type { Framework } from './frameworks';
import { dense, repeated, type Spec, type Step } from './spec';

/** What a rule finds in a model, and the same as it should be; written in every framework that the rule speaks of. */
export interface Case {
  readonly rule: string;
  readonly wrong: Spec;
  readonly right: Spec;
  /** Where not all frameworks that the rule speaks of can write it. */
  readonly of?: readonly Framework[];
}

/** One hidden layer, an output and a loss. */
export const head = (output: readonly Step[], loss: Spec['loss']): Spec => ({
  inputs: 64,
  steps: [...dense(64, 'relu'), ...output],
  ...(loss ? { loss } : {}),
});

export const deep = (count: number, hidden: readonly Step[]): Spec => ({
  inputs: 128,
  steps: [...repeated(count, hidden), ...dense(10)],
});

export const cases: readonly Case[] = [
  {
    rule: 'vanishing-flow',
    of: ['PyTorch', 'Keras', 'TensorFlow.js', 'Flax', 'Haiku'],
    wrong: deep(10, dense(128, 'sigmoid')),
    right: deep(10, dense(128, 'relu', 'he')),
  },
  {
    rule: 'vanishing-flow',
    of: ['Equinox'],
    wrong: deep(10, dense(128, 'sigmoid')),
    right: deep(2, dense(128, 'relu')),
  },
  {
    rule: 'exploding-flow',
    wrong: deep(6, dense(128, 'relu', 'wide')),
    right: deep(6, dense(128, 'relu', 'he')),
  },
  {
    rule: 'saturating-initialiser',
    wrong: deep(3, dense(128, 'sigmoid', 'ones')),
    right: deep(3, dense(128, 'sigmoid', 'glorot')),
  },
  {
    rule: 'he-with-tanh',
    of: ['PyTorch', 'Keras', 'Flax', 'Haiku'],
    wrong: deep(30, dense(128, 'hard_tanh', 'he')),
    right: deep(30, dense(128, 'hard_tanh', 'glorot')),
  },
  {
    // TensorFlow.js has no hard tanh, and He's goes wrong under tanh in very deep stacks alone.
    rule: 'he-with-tanh',
    of: ['TensorFlow.js'],
    wrong: deep(300, dense(128, 'tanh', 'he')),
    right: deep(300, dense(128, 'tanh', 'glorot')),
  },
  {
    rule: 'glorot-under-relu',
    wrong: deep(9, dense(128, 'relu', 'glorot')),
    right: deep(9, dense(128, 'relu', 'he')),
  },
  {
    rule: 'torch-default-deep',
    wrong: deep(6, dense(128, 'relu')),
    right: deep(6, dense(128, 'relu', 'he')),
  },
  {
    rule: 'selu-initialiser',
    of: ['PyTorch', 'Keras', 'TensorFlow.js', 'Flax', 'Haiku'],
    wrong: deep(16, dense(128, 'selu', 'he')),
    right: deep(16, dense(128, 'selu', 'lecun')),
  },
  {
    rule: 'selu-initialiser',
    of: ['Equinox'],
    wrong: deep(16, dense(128, 'selu')),
    right: deep(16, dense(128, 'relu')),
  },
  {
    rule: 'selu-with-batchnorm',
    wrong: deep(2, [...dense(128, undefined, 'lecun'), 'norm', { act: 'selu' }]),
    right: deep(2, dense(128, 'selu', 'lecun')),
  },
  {
    rule: 'selu-with-dropout',
    wrong: deep(1, [...dense(128, 'selu', 'lecun'), { drop: 0.5 }]),
    right: deep(1, [...dense(128, 'relu', 'he'), { drop: 0.5 }]),
  },
  {
    rule: 'activation-twice',
    wrong: deep(1, [...dense(128, 'relu'), { act: 'tanh' }]),
    right: deep(1, [...dense(128, 'relu'), ...dense(128, 'tanh')]),
  },
  {
    rule: 'linear-stack',
    wrong: deep(1, [...dense(64), ...dense(64, 'relu')]),
    right: deep(2, dense(64, 'relu')),
  },
  {
    rule: 'softmax-before-logits-loss',
    wrong: head(dense(10, 'softmax'), 'ce'),
    right: head(dense(10), 'ce'),
  },
  {
    rule: 'sigmoid-before-logits-loss',
    wrong: head(dense(1, 'sigmoid'), 'bce'),
    right: head(dense(1), 'bce'),
  },
  {
    rule: 'log-softmax-before-cross-entropy',
    wrong: head(dense(10, 'log_softmax'), 'ce'),
    right: head(dense(10), 'ce'),
  },
  {
    rule: 'nll-on-probabilities',
    wrong: head(dense(10, 'softmax'), 'nll'),
    right: head(dense(10, 'log_softmax'), 'nll'),
  },
  {
    rule: 'logits-where-probabilities',
    of: ['Keras', 'TensorFlow.js'],
    wrong: head(dense(10), 'ceOfProbabilities'),
    right: head(dense(10, 'softmax'), 'ceOfProbabilities'),
  },
  {
    rule: 'logits-where-probabilities',
    wrong: head(dense(1), 'bceOfProbabilities'),
    right: head(dense(1, 'sigmoid'), 'bceOfProbabilities'),
  },
  {
    rule: 'output-against-loss',
    of: ['PyTorch', 'Keras', 'TensorFlow.js'],
    wrong: head(dense(1, 'tanh'), 'bceOfProbabilities'),
    right: head(dense(1, 'tanh'), 'mse'),
  },
  { rule: 'output-against-loss', wrong: head(dense(10, 'tanh'), 'ce'), right: head(dense(10), 'ce') },
  {
    rule: 'output-against-loss',
    of: ['Keras', 'TensorFlow.js'],
    wrong: head(dense(1, 'softmax'), 'bceOfProbabilities'),
    right: head(dense(2, 'softmax'), 'ceOfProbabilities'),
  },
  {
    rule: 'relu-before-cross-entropy',
    wrong: head(dense(10, 'relu'), 'ce'),
    right: head(dense(10, 'relu'), 'mse'),
  },
  {
    rule: 'bias-before-batchnorm',
    wrong: deep(1, [{ dense: 64 }, 'norm', { act: 'relu' }]),
    right: deep(1, [{ dense: 64, bias: false }, 'norm', { act: 'relu' }]),
  },
  {
    rule: 'bounded-output-unchecked',
    wrong: head(dense(1, 'sigmoid'), 'mse'),
    right: head(dense(1), 'mse'),
  },
];
