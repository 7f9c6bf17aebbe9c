import type { Model } from '../model/model';
import type { GraphFlow } from '../theory/graph';
import { activationTwice } from './rules/activationTwice';
import { biasBeforeBatchnorm } from './rules/biasBeforeBatchnorm';
import { boundedOutput, boundedOutputUnchecked } from './rules/boundedOutput';
import { explodingFlow } from './rules/explodingFlow';
import { glorotUnderRelu } from './rules/glorotUnderRelu';
import { gradientBudget } from './rules/gradientBudget';
import { heWithTanh } from './rules/heWithTanh';
import { linearStack } from './rules/linearStack';
import { logitsWhereProbabilities } from './rules/logitsWhereProbabilities';
import { logSoftmaxBeforeCrossEntropy } from './rules/logSoftmaxBeforeCrossEntropy';
import { missingEval } from './rules/missingEval';
import { missingZeroGrad } from './rules/missingZeroGrad';
import { nllOnProbabilities } from './rules/nllOnProbabilities';
import { outputAgainstLoss } from './rules/outputAgainstLoss';
import { reluBeforeCrossEntropy } from './rules/reluBeforeCrossEntropy';
import { type Finding, type Rule, ruleContext } from './rules/rule';
import { saturatingInitialiser } from './rules/saturatingInitialiser';
import { seluInitialiser } from './rules/seluInitialiser';
import { seluWithBatchnorm } from './rules/seluWithBatchnorm';
import { seluWithDropout } from './rules/seluWithDropout';
import { sigmoidBeforeLogitsLoss } from './rules/sigmoidBeforeLogitsLoss';
import { softmaxBeforeLogitsLoss } from './rules/softmaxBeforeLogitsLoss';
import { torchDefaultDeep } from './rules/torchDefaultDeep';
import { vanishingFlow } from './rules/vanishingFlow';

export type { Example, Finding, Fix, Related, Rule, RuleDocumentation, Severity } from './rules/rule';

/** Every rule, with its title, default severity and documentation, in the order in which lists show them. */
export const rules: readonly Rule[] = [
  gradientBudget,
  vanishingFlow,
  explodingFlow,
  saturatingInitialiser,
  heWithTanh,
  glorotUnderRelu,
  torchDefaultDeep,
  seluInitialiser,
  seluWithBatchnorm,
  seluWithDropout,
  activationTwice,
  linearStack,
  softmaxBeforeLogitsLoss,
  sigmoidBeforeLogitsLoss,
  logSoftmaxBeforeCrossEntropy,
  nllOnProbabilities,
  logitsWhereProbabilities,
  outputAgainstLoss,
  reluBeforeCrossEntropy,
  boundedOutput,
  boundedOutputUnchecked,
  biasBeforeBatchnorm,
  missingZeroGrad,
  missingEval,
];

/**
 * What the rules find in a model, rule by rule; of the layers that one place of the code makes, a rule names the first.
 *
 * @param budget what has to reach the first layer at least, where the code says so
 */
export function findings(graph: Model, flow?: GraphFlow, budget?: number): Finding[] {
  const context = ruleContext(graph, flow, budget);
  const seen = new Set<string>();
  return rules
    .flatMap((rule) => rule.check?.(context) ?? [])
    .filter(({ rule, range: { cell, from, to } }) => {
      const key = `${rule} ${cell} ${from} ${to}`;
      return !seen.has(key) && seen.add(key);
    });
}
