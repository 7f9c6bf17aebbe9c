import { probabilitiesForLogits } from './plateau';
import type { Rule } from './rule';

export const sigmoidBeforeLogitsLoss: Rule = {
  id: 'sigmoid-before-logits-loss',
  title: 'Sigmoid before a loss that applies its own function',
  severity: 'error',
  documentation: {
    what: 'A sigmoid on the output, or between it and the loss, where the loss wants logits: it applies sigmoid or softmax itself. In Keras it is a warning: over TensorFlow, Keras finds what the sigmoid received and takes that, over JAX and PyTorch it does not.',
    number:
      'The smallest loss that can be reached: ln(1 + 1/e) = 0.313 for a positive and ln 2 = 0.693 for a negative; with C classes ln(1 + (C − 1)/e).',
    why: 'What sigmoid gives lies between 0 and 1. As a logit that means a probability between 0.5 and 0.73: no negative can be told, and the gradient passes two flat functions.',
    fix: 'Leave the sigmoid out, or take the loss that wants probabilities (BCELoss, from_logits=False).',
    sources: ['PyTorch, torch.nn.BCEWithLogitsLoss', 'Keras, losses'],
    examples: [
      {
        framework: 'PyTorch',
        wrong: 'logits = torch.sigmoid(self.out(x))\nloss = nn.BCEWithLogitsLoss()(logits, y)',
        right: 'logits = self.out(x)\nloss = nn.BCEWithLogitsLoss()(logits, y)',
      },
      {
        framework: 'Keras',
        wrong:
          "layers.Dense(1, activation='sigmoid')\nmodel.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True))",
        right: "layers.Dense(1, activation='sigmoid')\nmodel.compile(loss='binary_crossentropy')",
      },
    ],
  },
  check: (context) => probabilitiesForLogits(sigmoidBeforeLogitsLoss, context, 'sigmoid'),
};
