import { formatPercent, formatSentence } from '../format/numbers';
import type { Model, ModelNode } from '../model/model';
import { type GraphFlow, isUnknownFlow, type KnownFlow, type LayerFlow } from '../theory/graph';
import { labelOf } from '../theory/graphForward';
import { modelVerdict } from '../verdicts/model';
import { hasEqualUnits, isEven, worthSaying } from '../verdicts/predicted';
import { flowThresholds } from '../verdicts/thresholds';
import { amountOf, stepsBack, timesOrOf } from './amounts';
import { unitsPlace } from './unitsPlace';

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
  const { ratio, layers, stack } = flow;
  const [first, last] = endLabels(graph.nodes[layers[0]!.node]!, graph.nodes[layers.at(-1)!.node]!);
  if (modelVerdict(flow) === 'dead') return deadSentence(graph, flow, first, last);
  if (layers.length === 1) {
    const [only] = layers as readonly [LayerFlow];
    // A layer that is unrolled has steps of its own; a chain's one layer has its slopes for a ratio.
    return stack === undefined && ratio !== 1
      ? `${formatSentence(ratio)} ${timesOrOf(ratio)} the gradient at the last step of ${last} reaches its first step`
      : `${formatSentence(stack ? ratio : only.slope)} is what the slopes of ${last} leave of a gradient in the one hidden layer, and there are no steps between layers in which it could vanish`;
  }
  const chis = layers.map(({ chi }) => chi);
  return `${amountOf(ratio)} ${timesOrOf(ratio)} the gradient at ${last} reaches ${first}${consequence(flow)}: ${stepsBack(ratio, chis)}`;
}

function deadSentence({ nodes }: Model, { layers, stack, zeros }: KnownFlow, first: string, last: string): string {
  if (stack !== undefined && hasEqualUnits(stack))
    return 'Nothing can be learnt: all units of a layer are the same and stay so, and what the equal output kernels pass back adds up to 0';
  const flattest = layers.reduce((a, b) => (b.slopeShare < a.slopeShare ? b : a));
  if (flattest.slopeShare >= flowThresholds.dead) {
    return zeros >= flowThresholds.bornDead && layers.every(({ chi }) => chi > 0)
      ? `Exactly 0 of the gradient at ${last} reaches ${first} in ${formatPercent(zeros)} of such networks, which are born dead: with so few units a layer often has none that is on`
      : `Exactly 0 of the gradient at ${last} reaches ${first}: the kernels pass nothing back`;
  }
  const opening = formatSentence(flattest.slope);
  return `${opening[0]!.toUpperCase()}${opening.slice(1)} is what the slopes of ${labelOf(nodes[flattest.node]!)} leave of a gradient: its pre-activations lie at ${unitsPlace(flattest.mean, flattest.q)}, where its activation is flat`;
}

/** What follows from a gradient that arrives, in the words for a stack. */
function consequence(flow: KnownFlow): string {
  if (modelVerdict(flow) !== 'healthy' || worthSaying.manyDead(flow.zeros)) return '';
  return isEven(flow.ratio) ? ', which is enough to train on' : ', which trains unevenly';
}
