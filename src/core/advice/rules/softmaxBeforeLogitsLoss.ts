import { probabilitiesForLogits } from './plateau';
import type { Rule } from './rule';

export const softmaxBeforeLogitsLoss: Rule = {
  id: 'softmax-before-logits-loss',
  title: 'Softmax before a loss that applies one itself',
  severity: 'error',
  documentation: {
    what: 'A softmax on the output, or between it and the loss, where the loss wants logits. In Keras it is a warning: over TensorFlow, Keras finds what softmax received and takes that, over JAX and PyTorch it does not.',
    number:
      'The smallest loss that can be reached, ln(1 + (C − 1)/e) with C classes (1.46 with 10): one logit is 1 and the others are 0 then. At the start the loss is near ln C, and its gradient 1/C of what it is without the softmax.',
    why: 'Probabilities lie between 0 and 1; taken for logits they are nearly equal, so the loss cannot become small. The gradient passes two softmaxes: the largest that is left is 0.27 of the largest that one passes.',
    fix: 'Leave the softmax out, or tell the loss that it receives probabilities (from_logits=False). To read probabilities from the model, apply softmax where they are read.',
    sources: ['PyTorch, torch.nn.CrossEntropyLoss', 'Keras, losses', 'pytorch/pytorch issue 55902'],
    examples: [
      {
        framework: 'PyTorch',
        wrong:
          'model = nn.Sequential(nn.Linear(784, 10), nn.Softmax(dim=1))\nloss = nn.CrossEntropyLoss()(model(x), y)',
        right: 'model = nn.Sequential(nn.Linear(784, 10))\nloss = nn.CrossEntropyLoss()(model(x), y)',
      },
      {
        framework: 'Keras',
        wrong:
          "model = keras.Sequential([keras.Input((784,)), layers.Dense(10, activation='softmax')])\nmodel.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True))",
        right:
          "model = keras.Sequential([keras.Input((784,)), layers.Dense(10, activation='softmax')])\nmodel.compile(loss='categorical_crossentropy')",
      },
      {
        framework: 'Flax',
        wrong: 'x = nn.softmax(nn.Dense(10)(x))\n…\noptax.softmax_cross_entropy(model.apply(params, x), y)',
        right: 'x = nn.Dense(10)(x)\n…\noptax.softmax_cross_entropy(model.apply(params, x), y)',
      },
    ],
  },
  check: (context) => probabilitiesForLogits(softmaxBeforeLogitsLoss, context, 'softmax'),
};
