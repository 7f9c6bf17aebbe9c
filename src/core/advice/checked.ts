import { isKnown, type Model } from '../model/model';
import { flowContext } from '../theory/graphForward';
import { findingsOf } from './rememberedFindings';
import { isCalled, isCrossEntropy, type OutputUse, outputUse } from './rules/rule';

/** Rules on the output and its loss. */
const outputRules: ReadonlySet<string> = new Set([
  'softmax-before-logits-loss',
  'sigmoid-before-logits-loss',
  'log-softmax-before-cross-entropy',
  'nll-on-probabilities',
  'logits-where-probabilities',
  'output-against-loss',
  'relu-before-cross-entropy',
]);

/**
 * What was looked at and is fine, so that silence is not taken for it: "Checked: no softmax before nn.CrossEntropyLoss,
 * which applies one itself." Undefined where nothing could be checked for certain, or where something was found.
 */
export function checkedSentence(model: Model): string | undefined {
  const use = outputUse({ graph: model, context: flowContext(model) });
  const found = new Set(findingsOf(model).map(({ rule }) => rule));
  const output = use && ![...outputRules].some((rule) => found.has(rule)) ? outputWords(use) : undefined;
  const certain = model.nodes.length > 0 && model.nodes.every(isTold);
  const between = certain && !found.has('activation-twice') && !found.has('linear-stack');
  const parts = [
    ...(output ? [output] : []),
    ...(between ? ['no activation stands twice, and no two dense layers without one between'] : []),
  ];
  return parts.length > 0 ? `Checked: ${parts.join('; ')}.` : undefined;
}

/** Whether a step is one that the rules can judge. */
const isTold = ({ certain, operation }: Model['nodes'][number]): boolean =>
  certain &&
  operation.kind !== 'opaque' &&
  !(operation.kind === 'dense' && !isKnown(operation.units)) &&
  !(operation.kind === 'activation' && operation.activation.name === undefined && !operation.activation.notElementWise);

function outputWords({ activation, loss }: OutputUse): string | undefined {
  if (!isCrossEntropy(loss) || loss.wants === undefined) return undefined;
  const own = loss.kind === 'binaryCrossEntropy' ? 'sigmoid' : 'softmax';
  if (loss.wants === 'logits') {
    return activation ? undefined : `no ${own} before ${loss.spelled}, which applies one itself`;
  }
  const name = loss.wants === 'logProbabilities' ? 'log_softmax' : own;
  if (activation === undefined || !isCalled(activation, name)) return undefined;
  const given = loss.wants === 'logProbabilities' ? 'the logarithms of probabilities' : 'the probabilities';
  return `${activation.spelled} gives ${given} that ${loss.spelled} wants`;
}
