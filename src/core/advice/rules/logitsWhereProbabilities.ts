import { finding, isCrossEntropy, outputUse, type Rule } from './rule';

export const logitsWhereProbabilities: Rule = {
  id: 'logits-where-probabilities',
  title: 'Logits for a loss that wants probabilities',
  severity: 'error',
  documentation: {
    what: 'A linear output before a cross-entropy that takes the logarithm of what it receives.',
    number: 'Half of all outputs are negative at the start, and are clipped to next to 0.',
    why: 'The logarithm of a negative number is none; frameworks clip, and a clipped output has a gradient of exactly 0.',
    fix: 'Add softmax or sigmoid, or tell the loss that it receives logits (from_logits=True).',
    sources: ['Keras, losses'],
  },
  check(context) {
    const use = outputUse(context);
    if (!use || use.activation || !isCrossEntropy(use.loss)) return [];
    const { loss, layer } = use;
    if (loss.wants !== 'probabilities' && loss.wants !== 'logProbabilities') return [];
    const wanted = loss.wants === 'probabilities' ? 'probabilities' : 'logarithms of probabilities';
    const why =
      loss.wants === 'probabilities'
        ? 'about half of them are negative at the start and are clipped, with a gradient of exactly 0'
        : 'nothing holds their sum, and the loss falls without end';
    return [
      finding(logitsWhereProbabilities, layer, `The output is linear, and ${loss.spelled} wants ${wanted}: ${why}.`),
    ];
  },
};
