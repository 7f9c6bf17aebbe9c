import { formatPower } from '../../format/numbers';
import { finding, isCalled, isCrossEntropy, outputUse, type Rule } from './rule';

export const softmaxBeforeLogitsLoss: Rule = {
  id: 'softmax-before-logits-loss',
  title: 'Probabilities for a loss that wants logits',
  severity: 'error',
  documentation: {
    what: 'A softmax or sigmoid before a loss that applies one itself.',
    number:
      'The smallest loss that can be reached: ln(1 + (C − 1)/e) with C classes, ln(1 + 1/e) of a positive with a sigmoid.',
    why: 'Probabilities lie between 0 and 1; as logits they are nearly equal, so the loss cannot become small, and the gradient passes two flat functions.',
    fix: 'Leave the last activation out, or tell the loss that it receives probabilities (from_logits=False).',
    sources: ['PyTorch, torch.nn.CrossEntropyLoss', 'Keras, losses'],
  },
  check(context) {
    const use = outputUse(context);
    if (!use?.activation || use.loss.wants !== 'logits' || !isCrossEntropy(use.loss)) return [];
    const { activation, units, node, loss } = use;
    const binary = loss.kind === 'binaryCrossEntropy';
    if (!isCalled(activation, 'softmax') && !isCalled(activation, 'sigmoid')) return [];
    const least =
      binary || !(units > 1)
        ? `is at least ${formatPower(Math.log(1 + Math.exp(-1)), 3)} for a positive and ${formatPower(Math.log(2), 3)} for a negative`
        : `cannot fall below ${formatPower(Math.log(1 + (units - 1) / Math.E), 3)} with ${units} classes`;
    const message = `${activation.spelled} gives probabilities, and ${loss.spelled} takes them for logits: it ${least}.`;
    return [finding(softmaxBeforeLogitsLoss, node, message, { range: activation.source })];
  },
};
