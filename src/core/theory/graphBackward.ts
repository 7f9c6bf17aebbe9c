import { channelsOf } from '../model/fans';
import type { Model } from '../model/model';
import { type Given, givenBeforeFunction, givenBeforeJoin, givenBeforeSum, mergedGiven } from './alongUnits';
import {
  type FlowContext,
  functionOf,
  isLost,
  type KnownStep,
  logSum,
  NORMALISED_BATCH,
  type StepFlow,
} from './graphForward';
import { merged, type Places, placesBefore, placesOf, scatter } from './places';
import { sumOf } from './signal';

/** ln E‖∂C/∂output‖² of each step, and the relative variance of ‖∂C/∂output‖² over draws. */
export interface Arriving {
  readonly logs: Float64Array;
  readonly variances: Float64Array;
}

/** Examples whose gradients are looked at together. */
const examplesOf = ({ nodes }: Model): number =>
  nodes.some(({ operation }) => operation.kind === 'normalisation' && operation.over === 'batch')
    ? NORMALISED_BATCH
    : 1;

/** How a gradient hangs on a unit's value before a step, and what that does to its size. */
function givenBefore(
  { graph }: FlowContext,
  steps: readonly StepFlow[],
  id: number,
  place: number,
  after: Given,
): { given: Given; factor: number } {
  const { operation, inputs } = graph.nodes[id]!;
  const signals = inputs.map((from) => (steps[from] as KnownStep).signal);
  const input = signals[place]!;
  const own = (steps[id] as KnownStep).signal;
  switch (operation.kind) {
    case 'activation': {
      const phi = functionOf(operation.activation);
      return phi ? givenBeforeFunction(phi, input, after) : { given: undefined, factor: 1 };
    }
    case 'add': {
      const others = signals.filter((_, i) => i !== place);
      const rest = others.length > 0 ? others.reduce(sumOf) : undefined;
      return { given: rest && givenBeforeSum(own, input, rest, after), factor: 1 };
    }
    case 'concatenate':
      return { given: givenBeforeJoin(own, input, after), factor: 1 };
    case 'normalisation':
    case 'flatten':
    case 'rearrange':
    case 'scale':
      return { given: after, factor: 1 };
    default:
      return { given: undefined, factor: 1 };
  }
}

/** The backward pass, from the seeds: ln ‖∂C/∂output‖² of some steps. */
export function backwardPass(
  context: FlowContext,
  steps: readonly StepFlow[],
  seeds: ReadonlyMap<number, number>,
  way: ReadonlySet<number>,
): Arriving {
  const { graph, shapes } = context;
  const logs = new Float64Array(graph.nodes.length).fill(Number.NEGATIVE_INFINITY);
  const variances = new Float64Array(graph.nodes.length);
  const places: Places[] = [];
  const given: Given[] = [];
  const arrive = (id: number, log: number, variance: number, at: Places, own?: Given): void => {
    if (!way.has(id) || log === Number.NEGATIVE_INFINITY) return;
    const sum = logSum(logs[id]!, log);
    // What comes along several ways hangs on the same layers above: the deviations add up.
    const share = Math.exp(log - sum);
    variances[id] = ((1 - share) * Math.sqrt(variances[id]!) + share * Math.sqrt(variance)) ** 2;
    const before = places[id];
    places[id] = before ? merged(before, at, share) : at;
    given[id] = before ? mergedGiven(given[id], own, share) : own;
    logs[id] = sum;
  };
  const examples = examplesOf(graph);
  for (const [id, log] of seeds) arrive(id, log, 0, placesOf(shapes[id], examples));
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    const step = steps[id];
    if (logs[id] === Number.NEGATIVE_INFINITY || step === undefined || isLost(step)) continue;
    const { inputs, operation } = graph.nodes[id]!;
    inputs.forEach((from, i) => {
      const factor = step.factors[i] ?? 0;
      if (!(factor > 0)) return;
      const before = placesBefore(graph.nodes[id]!, step, places[id]!, shapes[from], shapes[id]);
      const at = step.weights ? before : places[id]!;
      const added = scatter(step, operation, at, channelsOf(shapes[from]), channelsOf(shapes[id]));
      const along = givenBefore(context, steps, id, i, given[id]);
      const log = logs[id]! + Math.log(factor * along.factor);
      arrive(from, log, variances[id]! + added, before, along.given);
    });
  }
  return { logs, variances };
}
