import { formatInteger, formatPower } from '../../format/numbers';
import type { FrameworkId } from '../../frameworks/framework';
import type { Rule, RuleContext } from './rule';
import { type Finding, finding, isCalled, isCrossEntropy, type OutputUse, outputUse, relatedLoss } from './rule';

/**
 * The smallest cross-entropy over C classes that probabilities reach where they are taken for logits: ln(1 + (C − 1)/e),
 * with one of them at 1 and the others at 0.
 */
export const leastDoubleSoftmax = (classes: number): number => Math.log(1 + (classes - 1) / Math.E);

/** The same of one sigmoid, at 1 for a positive and at 0 for a negative. */
export const leastDoubleSigmoid = { positive: Math.log(1 + Math.exp(-1)), negative: Math.log(2) } as const;

/** What the loss cannot do, as the rest of a sentence about it. */
function plateau({ activation, units, loss }: OutputUse): string {
  if (loss.kind === 'binaryCrossEntropy') {
    const { positive, negative } = leastDoubleSigmoid;
    return `is at least ${formatPower(positive, 3)} for a positive and ${formatPower(negative, 3)} for a negative`;
  }
  if (!(units > 1)) return 'cannot become small';
  const classes = formatInteger(units);
  const least = `cannot fall below ${formatPower(leastDoubleSoftmax(units), 3)} with ${classes} classes`;
  if (!isCalled(activation, 'softmax')) return least;
  return `${least}, and starts near ${formatPower(Math.log(units), 3)} with 1/${classes} of the gradient`;
}

/** Keras over TensorFlow looks for what a softmax or sigmoid received, and warns. */
const noticed: readonly FrameworkId[] = ['keras', 'tf2'];

/** Probabilities of one kind of output before a loss that wants logits. */
export function probabilitiesForLogits(rule: Rule, context: RuleContext, name: 'softmax' | 'sigmoid'): Finding[] {
  const use = outputUse(context);
  if (use?.loss.wants !== 'logits' || !isCrossEntropy(use.loss) || !isCalled(use.activation, name)) return [];
  const { node, loss } = use;
  const activation = use.activation!;
  const mended = noticed.includes(context.graph.framework)
    ? ` (where TensorFlow computes, Keras warns and takes what ${name} received)`
    : '';
  const message = `${activation.spelled} gives probabilities, and ${loss.spelled} takes them for logits: it ${plateau(use)}${mended}.`;
  const found = finding(rule, node, message, { range: activation.source, related: [relatedLoss(loss)] });
  return [mended === '' ? found : { ...found, severity: 'warning' }];
}
