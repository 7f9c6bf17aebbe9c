import type { Model, ModelNode, Shape } from '../model';
import { known, outputOf, type PlannedOutput } from './output';
import { countMultiplications, countWeights } from './parameters';
import type { NetworkPlan, PlanStep } from './plan';
import { labelOf, Refusal, refuseUnknown, shown, sizeMissing, symbolsOf, unknownStep } from './refusal';
import { isSource, settled, shapesOf } from './shapes';
import { StepMaker } from './steps';

/** What can be trained within a page: more weights do not fit beside an optimiser's state, more products take minutes a step. */
export const planLimits = { weights: 20_000_000, multiplications: 1_000_000_000 } as const;

/** Why a model cannot be rebuilt. */
export interface PlanProblem {
  /** A sentence or two: which layer, what was found, what to do. */
  readonly problem: string;
  /** The step of the model that it is about. */
  readonly node?: number;
  /** Set where the input's shape is not told, or not all of it: what is told. A person's answer goes into `inputShape`. */
  readonly asks?: { readonly inputShape: Shape | undefined };
}

export type PlanResult = { readonly plan: NetworkPlan } | PlanProblem;

export interface PlanOptions {
  /** Where the code does not tell it, or not all of it; channels last, without the batch. */
  readonly inputShape?: readonly number[];
}

/**
 * A model as a network that can be trained: what the code leaves to the framework is filled in, a softmax or sigmoid at
 * the end becomes the output's meaning, and every hidden activation is marked as the candidates' place.
 *
 * Refused are models with several inputs or outputs, attention, convolutions over three axes, steps that are not known
 * or not certain, sizes that are not told, and what is too large for {@link planLimits}.
 */
export function networkPlan(graph: Model, options: PlanOptions = {}): PlanResult {
  try {
    return planOf(graph, options);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { problem: error.problem, ...(error.node === undefined ? {} : { node: error.node.id }) };
  }
}

function leadingTo(nodes: readonly ModelNode[], output: number): ReadonlySet<number> {
  const found = new Set([output]);
  for (let id = output; id >= 0; id--) if (found.has(id)) for (const from of nodes[id]!.inputs) found.add(from);
  return found;
}

function planOf(graph: Model, { inputShape: asked }: PlanOptions): PlanResult {
  const { name, nodes } = graph;
  const [output, ...others] = graph.outputs;
  if (output === undefined) throw new Refusal(`${name} has no output that can be told from the code.`);
  if (others.length > 0)
    throw new Refusal(
      `${name} has ${graph.outputs.length} outputs; expected one. Compare a part of it that has one output.`,
    );
  const leading = leadingTo(nodes, output);
  const sources = nodes.filter((node) => leading.has(node.id) && isSource(node));
  const opaque = sources.find(({ operation }) => operation.kind === 'opaque');
  if (opaque) throw unknownStep(opaque);
  if (sources.length > 1) {
    const names = sources.map((node) => `\`${labelOf(node)}\``).join(', ');
    throw new Refusal(
      `${name} has ${sources.length} inputs (${names}); expected one. Data with several inputs cannot be fed.`,
    );
  }
  for (const node of nodes) if (leading.has(node.id)) refuseUnknown(node);
  const [source] = sources;
  if (source === undefined) throw new Refusal(`${name} has no input that can be told from the code.`);

  const told = source.operation.kind === 'input' ? (source.shape ?? graph.inputShape) : graph.inputShape;
  const inputShape = settled(name, told, asked);
  if (inputShape === undefined) {
    const symbols = symbolsOf(told);
    const way =
      symbols.length > 0 ? `It depends on ${symbols.join(', ')}: fill in a value` : 'Say which shape its data have';
    return {
      problem: `The code does not tell the shape of ${name}'s input (${told === undefined ? 'nothing is known of it' : `${shown(told)}, without the batch`}). ${way}.`,
      node: source.id,
      asks: { inputShape: told },
    };
  }
  const shapes = shapesOf(nodes, source, inputShape);
  const outputShape = known(shapes[output]);
  if (outputShape === undefined) throw sizeMissing(nodes, shapes, leading);
  const meaning = outputOf(
    graph,
    output,
    outputShape,
    inputShape.reduce((a, b) => a * b, 1),
  );
  if (typeof meaning === 'string') throw new Refusal(meaning, nodes[output]);
  const maker = new StepMaker(graph, shapes, inputShape, source, meaning, leading);
  for (const node of nodes) if (leading.has(node.id)) maker.add(node);
  return finished(graph, inputShape, meaning, maker);
}

function finished(
  graph: Model,
  inputShape: readonly number[],
  { meaning, units, assumptions }: PlannedOutput,
  { steps, assumptions: noted, vocabulary }: StepMaker,
): PlanResult {
  const plan: NetworkPlan = {
    name: graph.name,
    framework: graph.framework,
    inputShape,
    vocabulary,
    steps,
    output: { meaning, units },
    ownActivation: '',
    weights: 0,
    assumptions: [...new Set([...noted, ...assumptions])],
  };
  const ownActivation = mostUsed(steps);
  if (ownActivation === undefined)
    throw new Refusal(`${graph.name} has no hidden activation that could be swapped; expected one between two layers.`);
  if (!steps.some((step) => 'weights' in step))
    throw new Refusal(`${graph.name} has no layer with weights, so that there is nothing to train.`);
  const weights = countWeights(plan);
  const million = (n: number): string => (n / 1e6).toLocaleString('en', { maximumSignificantDigits: 3 });
  if (weights > planLimits.weights)
    throw new Refusal(
      `${graph.name} has ${million(weights)} million weights; expected at most ${million(planLimits.weights)} million, which is what can be trained here. Compare a smaller version of it.`,
    );
  const products = countMultiplications(plan);
  if (products > planLimits.multiplications)
    throw new Refusal(
      `${graph.name} needs ${million(products)} million multiplications for one example of ${shown(inputShape)}; expected at most ${million(planLimits.multiplications)} million. Compare it on a smaller input, or with fewer filters.`,
    );
  return { plan: { ...plan, ownActivation, weights } };
}

/** The hidden activation that stands in most places; the first one of several. */
function mostUsed(steps: readonly PlanStep[]): string | undefined {
  const counts = new Map<string, number>();
  for (const step of steps)
    if ((step.kind === 'activation' || step.kind === 'recurrent') && step.hidden)
      counts.set(step.phi, (counts.get(step.phi) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0];
}
