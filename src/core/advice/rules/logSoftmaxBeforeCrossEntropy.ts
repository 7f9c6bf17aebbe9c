import { finding, isCalled, outputUse, type Rule, relatedLoss } from './rule';

export const logSoftmaxBeforeCrossEntropy: Rule = {
  id: 'log-softmax-before-cross-entropy',
  title: 'Log-softmax before a loss that applies it again',
  severity: 'hint',
  documentation: {
    what: 'A log-softmax on the output where a cross-entropy wants logits.',
    number:
      'None: log_softmax(log_softmax(x)) = log_softmax(x), so loss and gradient are the same as without it. It does no harm, and costs a pass over the output.',
    why: 'Readers take the output for logarithms of probabilities and the loss for one that wants them. Where softmax stands in its place one day, the loss has a floor.',
    fix: 'Leave it out, or use the negative log-likelihood (NLLLoss), which wants logarithms.',
    sources: ['PyTorch, torch.nn.CrossEntropyLoss'],
    examples: [
      {
        framework: 'PyTorch',
        wrong: 'out = F.log_softmax(self.fc(x), dim=1)\nloss = F.cross_entropy(out, y)',
        right: 'out = F.log_softmax(self.fc(x), dim=1)\nloss = F.nll_loss(out, y)',
      },
    ],
  },
  check(context) {
    const use = outputUse(context);
    if (use?.loss.wants !== 'logits' || use.loss.kind !== 'categoricalCrossEntropy') return [];
    const { activation, loss, node } = use;
    if (activation === undefined || !isCalled(activation, 'log_softmax')) return [];
    const message = `${loss.spelled} applies log-softmax itself, and a second one changes nothing: with ${activation.spelled} or without, loss and gradient are the same.`;
    return [
      finding(logSoftmaxBeforeCrossEntropy, node, message, {
        range: activation.source,
        related: [relatedLoss(loss)],
      }),
    ];
  },
};
