import type { Framework } from './frameworks';

const optaxTakesLogits = 'none of Optax’s losses wants probabilities';
const ownDraws = 'its layers take no other initialiser than their own';
const torchAlone = 'what it looks for exists in PyTorch alone';
const stateIsExplicit = 'whether layers train is said where they are called, and gradients are values';

/** Frameworks that a rule does not speak of, each with the reason. It speaks of all others. */
export const silentOn: Readonly<Record<string, Readonly<Partial<Record<Framework, string>>>>> = {
  'exploding-flow': { Equinox: ownDraws },
  'saturating-initialiser': { Equinox: ownDraws },
  'he-with-tanh': { Equinox: ownDraws },
  'glorot-under-relu': { Equinox: ownDraws },
  'selu-with-batchnorm': { Equinox: ownDraws },
  'torch-default-deep': {
    Keras: torchAlone,
    'TensorFlow.js': torchAlone,
    Flax: torchAlone,
    Equinox: torchAlone,
    Haiku: torchAlone,
  },
  'nll-on-probabilities': {
    Keras: torchAlone,
    'TensorFlow.js': torchAlone,
    Flax: torchAlone,
    Equinox: torchAlone,
    Haiku: torchAlone,
  },
  'logits-where-probabilities': { Flax: optaxTakesLogits, Equinox: optaxTakesLogits, Haiku: optaxTakesLogits },
  'missing-zero-grad': {
    Keras: torchAlone,
    'TensorFlow.js': torchAlone,
    Flax: torchAlone,
    Equinox: torchAlone,
    Haiku: torchAlone,
  },
  'missing-eval': {
    'TensorFlow.js': 'fit trains and predict does not; nothing else is usual',
    Flax: stateIsExplicit,
    Equinox: stateIsExplicit,
    Haiku: stateIsExplicit,
  },
};

export const speaksOf = (rule: string, framework: Framework): boolean => silentOn[rule]?.[framework] === undefined;
