import { finding, isCalled, isCrossEntropy, outputUse, type Rule, relatedLoss } from './rule';

export const reluBeforeCrossEntropy: Rule = {
  id: 'relu-before-cross-entropy',
  title: 'ReLU on the output before a cross-entropy',
  severity: 'error',
  documentation: {
    what: 'A ReLU as the last step before a cross-entropy.',
    number: 'About half of the outputs are 0 at the start, with a gradient of exactly 0.',
    why: 'As logits they cannot be negative, as probabilities they are not held below 1; a class whose pre-activation is negative learns nothing from that example.',
    fix: 'Leave the ReLU out before a loss that wants logits; use softmax or sigmoid before one that wants probabilities.',
    sources: ['Dive into Deep Learning, softmax regression'],
    examples: [
      {
        framework: 'PyTorch',
        wrong: 'model = nn.Sequential(nn.Linear(64, 10), nn.ReLU())\nloss = nn.CrossEntropyLoss()(model(x), y)',
        right: 'model = nn.Sequential(nn.Linear(64, 10))\nloss = nn.CrossEntropyLoss()(model(x), y)',
      },
      {
        framework: 'Keras',
        wrong: "layers.Dense(10, activation='relu')\nmodel.compile(loss='categorical_crossentropy')",
        right: "layers.Dense(10, activation='softmax')\nmodel.compile(loss='categorical_crossentropy')",
      },
    ],
  },
  check(context) {
    const use = outputUse(context);
    if (!use?.activation || !isCrossEntropy(use.loss) || use.loss.wants === undefined) return [];
    if (!isCalled(use.activation, 'relu') && !isCalled(use.activation, 'relu6')) return [];
    const message = `${use.activation.spelled} sets about half of the outputs to 0 before ${use.loss.spelled}, and those pass a gradient of exactly 0.`;
    return [
      finding(reluBeforeCrossEntropy, use.node, message, {
        range: use.activation.source,
        related: [relatedLoss(use.loss)],
      }),
    ];
  },
};
