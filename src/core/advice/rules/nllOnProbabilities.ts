import { finding, isCalled, outputUse, type Rule, relatedLoss } from './rule';

export const nllOnProbabilities: Rule = {
  id: 'nll-on-probabilities',
  title: 'Negative log-likelihood of probabilities without their logarithm',
  severity: 'error',
  documentation: {
    what: 'A softmax or sigmoid on the output, where the loss wants logarithms of probabilities (NLLLoss, nll_loss).',
    number: 'The bounds of the loss: it is the negative probability of the right class, between −1 and 0.',
    why: 'The loss takes no logarithm itself. So a class that is told with probability 0.001 costs hardly more than one with 0.1, and its gradient p(1 − p) is the smaller the surer the model is and the wronger.',
    fix: 'Use log_softmax in place of softmax, or a linear output and CrossEntropyLoss.',
    sources: ['PyTorch, torch.nn.NLLLoss'],
    examples: [
      {
        framework: 'PyTorch',
        wrong: 'out = F.softmax(self.fc(x), dim=1)\nloss = F.nll_loss(out, y)',
        right: 'out = F.log_softmax(self.fc(x), dim=1)\nloss = F.nll_loss(out, y)',
      },
    ],
  },
  check(context) {
    const use = outputUse(context);
    if (use?.activation === undefined || use.loss.kind !== 'negativeLogLikelihood') return [];
    const { activation, loss, node } = use;
    const softmax = isCalled(activation, 'softmax');
    if (!softmax && !isCalled(activation, 'sigmoid')) return [];
    const message = `${loss.spelled} wants logarithms of probabilities, and ${activation.spelled} gives 0 to 1: the loss lies between −1 and 0 and takes no logarithm.`;
    return [finding(nllOnProbabilities, node, message, { range: activation.source, related: [relatedLoss(loss)] })];
  },
};
