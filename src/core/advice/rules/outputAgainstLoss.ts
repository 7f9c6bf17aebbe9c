import { finding, isCalled, outputUse, type Rule } from './rule';

export const outputAgainstLoss: Rule = {
  id: 'output-against-loss',
  title: 'An output that does not fit the loss',
  severity: 'error',
  documentation: {
    what: 'A softmax over a single unit, a single unit under a categorical cross-entropy, a function with negative values where probabilities are wanted, or softmax where their logarithms are.',
    number: 'What the output can be, and what the loss wants.',
    why: 'Softmax over one unit is 1 whatever it receives, and its gradient exactly 0; logarithms of negative numbers are clipped.',
    fix: 'Use sigmoid with a binary cross-entropy, softmax with a categorical one, log-softmax with a negative log-likelihood.',
    sources: ['Keras, losses', 'PyTorch, torch.nn.NLLLoss'],
  },
  check(context) {
    const use = outputUse(context);
    if (!use) return [];
    const { activation, units, loss, node } = use;
    const found = (message: string) => [
      finding(outputAgainstLoss, node, message, activation && { range: activation.source }),
    ];
    if (units === 1 && isCalled(activation, 'softmax')) {
      return found('softmax over 1 unit is always 1, and passes a gradient of exactly 0.');
    }
    if (units === 1 && loss.kind === 'categoricalCrossEntropy') {
      return found(`${loss.spelled} compares classes, and the output has 1 unit: the loss is 0 whatever it gives.`);
    }
    if (loss.wants === 'logProbabilities' && isCalled(activation, 'softmax')) {
      return found(
        `${loss.spelled} wants logarithms of probabilities, and softmax gives 0 to 1: the loss lies between −1 and 0.`,
      );
    }
    if (loss.wants === 'probabilities' && (isCalled(activation, 'tanh') || isCalled(activation, 'softsign'))) {
      return found(
        `${activation!.spelled} gives −1 to 1, and ${loss.spelled} wants probabilities: what is negative is clipped, with a gradient of exactly 0.`,
      );
    }
    return [];
  },
};
