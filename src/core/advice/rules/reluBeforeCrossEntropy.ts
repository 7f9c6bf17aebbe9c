import { finding, isCalled, isCrossEntropy, outputUse, type Rule } from './rule';

export const reluBeforeCrossEntropy: Rule = {
  id: 'relu-before-cross-entropy',
  title: 'ReLU on the output before a cross-entropy',
  severity: 'error',
  documentation: {
    what: 'A ReLU as the last step before a cross-entropy.',
    number: 'About half of the outputs are 0 at the start, with a gradient of exactly 0.',
    why: 'As logits they cannot be negative, as probabilities they are not held below 1; a class whose logit is negative learns nothing.',
    fix: 'Leave the ReLU out before a loss that wants logits; use softmax or sigmoid before one that wants probabilities.',
    sources: [],
  },
  check(context) {
    const use = outputUse(context);
    if (!use?.activation || !isCrossEntropy(use.loss) || use.loss.wants === undefined) return [];
    if (!isCalled(use.activation, 'relu') && !isCalled(use.activation, 'relu6')) return [];
    const message = `${use.activation.spelled} sets about half of the outputs to 0 before ${use.loss.spelled}, and those pass a gradient of exactly 0.`;
    return [finding(reluBeforeCrossEntropy, use.node, message, { range: use.activation.source })];
  },
};
