import { formatPercent, formatPower } from '../../format/numbers';
import { isKnown } from '../../model/model';
import { functionOf, labelOf } from '../../theory/graphForward';
import { ruleThresholds } from '../../verdicts/thresholds';
import { finding, type Rule, relatedStep } from './rule';

export const seluWithDropout: Rule = {
  id: 'selu-with-dropout',
  title: 'Plain dropout after SELU',
  severity: 'information',
  documentation: {
    what: 'Dropout after SELU where alpha dropout belongs.',
    number: 'By how much dropout raises the variance that SELU keeps at 1: 1/(1 − rate).',
    why: 'SELU normalises itself only while mean and variance of what it receives stay; dropout raises the variance, alpha dropout keeps both.',
    fix: 'Use AlphaDropout with the same rate.',
    sources: ['Klambauer et al. 2017'],
    examples: [
      {
        framework: 'Keras',
        wrong: "layers.Dense(128, activation='selu', kernel_initializer='lecun_normal')\nlayers.Dropout(0.5)",
        right: "layers.Dense(128, activation='selu', kernel_initializer='lecun_normal')\nlayers.AlphaDropout(0.5)",
      },
      {
        framework: 'PyTorch',
        wrong: 'nn.Sequential(nn.Linear(64, 64), nn.SELU(), nn.Dropout(0.5))',
        right: 'nn.Sequential(nn.Linear(64, 64), nn.SELU(), nn.AlphaDropout(0.5))',
      },
    ],
  },
  check: ({ graph: { nodes } }) =>
    nodes.flatMap((node) => {
      const { operation } = node;
      const before = nodes[node.inputs[0] ?? -1];
      if (operation.kind !== 'dropout' || operation.variant !== 'plain' || before?.operation.kind !== 'activation')
        return [];
      if (!node.certain || !before.certain || functionOf(before.operation.activation)?.entry !== 'selu') return [];
      const { rate } = operation;
      // A few per cent are not worth a word.
      if (!isKnown(rate) || !(rate >= ruleThresholds.dropout && rate < 1)) return [];
      const message = `${labelOf(node)} drops ${formatPercent(rate)} and multiplies the variance that SELU keeps at 1 by ${formatPower(1 / (1 - rate), 3)}; alpha dropout would keep it.`;
      return [finding(seluWithDropout, node, message, { related: [relatedStep(before, 'SELU is applied here.')] })];
    }),
};
