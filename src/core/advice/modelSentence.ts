import { formatInteger, formatPower, formatSentence } from '../format/numbers';
import type { Model, ModelNode } from '../model/model';
import { type GraphFlow, isUnknownFlow, type LayerFlow } from '../theory/graph';
import { labelOf } from '../theory/graphForward';
import { modelVerdict } from '../verdicts/model';
import { flowThresholds } from '../verdicts/predicted';

/** Layers that are called the same are told apart by their places. */
function endLabels(first: ModelNode, last: ModelNode): [string, string] {
  const labels: [string, string] = [labelOf(first), labelOf(last)];
  return first === last || labels[0] !== labels[1]
    ? labels
    : [`the first ${labels[0]}`, `the last hidden ${labels[1]}`];
}

/** What a flow means, in one sentence without a full stop at its end. */
export function modelSentence(graph: Model, flow: GraphFlow): string {
  if (isUnknownFlow(flow)) return `How much of the gradient reaches the first layer is not predicted: ${flow.unknown}`;
  const { ratio, layers } = flow;
  const [first, last] = endLabels(graph.nodes[layers[0]!.node]!, graph.nodes[layers.at(-1)!.node]!);
  if (modelVerdict(flow) === 'dead') {
    const flattest = layers.reduce((a, b) => (b.slopeShare < a.slopeShare ? b : a));
    if (flattest.slopeShare >= flowThresholds.dead)
      return `Exactly 0 of the gradient at ${last} reaches ${first}: the kernels pass nothing back`;
    const opening = formatSentence(flattest.slope);
    return `${opening[0]!.toUpperCase()}${opening.slice(1)} is what the slopes of ${labelOf(graph.nodes[flattest.node]!)} leave of a gradient: its pre-activations lie at ${formatPower(flattest.mean, 3)} ± ${formatPower(Math.sqrt(flattest.q))}, where its activation is flat`;
  }
  if (layers.length === 1) {
    const [only] = layers as readonly [LayerFlow];
    const unrolled = ratio !== 1;
    return unrolled
      ? `${formatSentence(ratio)} ${ratio > 1.05 ? 'times' : 'of'} the gradient at the last step of ${last} reaches its first step`
      : `${formatSentence(only.slope)} is what the slopes of ${last} leave of a gradient in the one hidden layer, and there are no steps between layers in which it could vanish`;
  }
  const steps = layers.length - 1;
  const mean = formatPower(ratio ** (1 / steps), 2);
  const back =
    steps === 1
      ? `the one step back multiplies it by ${mean}`
      : `each of the ${formatInteger(steps)} steps back multiplies it by about ${mean}`;
  const amount = Number.isFinite(ratio) ? formatSentence(ratio) : 'More than 10³⁰⁸';
  const unit = ratio > 1.05 ? 'times' : 'of';
  return `${amount} ${unit} the gradient at ${last} reaches ${first}: ${back}`;
}
