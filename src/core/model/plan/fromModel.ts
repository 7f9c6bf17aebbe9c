import { findActivation } from '../../activations/catalogue';
import { framework as dataOf } from '../../frameworks/all';
import { asDrawn, defaultBias, defaultKernel, USUAL_GROUPS } from '../../frameworks/layerDefaults';
import type { Initializer } from '../../initializers/initializer';
import { fansOf } from '../fans';
import type { ActivationUse, Initialization, Model, ModelNode, Operation, Shape } from '../model';
import { isKnown } from '../model';
import { inferShapes, outputShape } from '../shapes';
import { componentsOf } from '../sizes';
import { beforeKernels, known, outputOf, type PlannedOutput } from './output';
import { countMultiplications, countWeights } from './parameters';
import type { NetworkPlan, PlannedWeights, PlanStep } from './plan';
import { permutationOf, type Windows, windowsOf } from './space';

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

const symbolsOf = (shape: Shape | undefined): readonly string[] => [
  ...new Set(
    (shape ?? []).flatMap((size) => (typeof size === 'object' && size.kind === 'symbolic' ? size.symbols : [])),
  ),
];

/** Leaves the walk through the steps; {@link networkPlan} makes it a result. */
class Refusal extends Error {
  constructor(
    readonly problem: string,
    readonly node?: ModelNode,
  ) {
    super(problem);
  }
}

const labelOf = ({ name, type }: ModelNode): string => name ?? type;
const quoted = (node: ModelNode): string =>
  node.name === undefined || node.name === node.type ? `\`${node.type}\`` : `\`${node.name}\` (${node.type})`;
const shown = (shape: Shape | undefined): string =>
  shape === undefined ? 'unknown' : shape.map((size) => (isKnown(size) ? size : '?')).join('×');

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

const isSource = (node: ModelNode): boolean => node.operation.kind === 'input' || node.inputs.length === 0;

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

/** The input's shape from what the code tells and what a person says. */
function settled(
  name: string,
  told: Shape | undefined,
  asked: readonly number[] | undefined,
): readonly number[] | undefined {
  const whole = known(told);
  if (asked === undefined) return whole && whole.length > 0 ? whole : undefined;
  const fits =
    told === undefined ||
    (told.length === asked.length && told.every((size, axis) => !isKnown(size) || size === asked[axis]));
  if (!fits)
    throw new Refusal(
      `The data have the shape ${asked.join('×')}, but ${name} takes ${shown(told)} (without the batch).`,
    );
  return asked;
}

/** Every shape once the input's is known; a reshape with one axis open gets it from the number of components. */
function shapesOf(nodes: readonly ModelNode[], source: ModelNode, input: readonly number[]): (Shape | undefined)[] {
  const given = nodes.map((node) => {
    if (node.id === source.id && node.operation.kind === 'input') return { ...node, shape: input };
    return node;
  });
  let shapes = inferShapes(given, input);
  for (const node of given) {
    if (node.operation.kind !== 'rearrange') {
      if (isSource(node) && node.operation.kind !== 'input') {
        given[node.id] = { ...node, shape: node.shape ?? outputShape(node.operation, [input]) };
        shapes = inferShapes(given, input);
      }
      continue;
    }
    const from = known(shapes[node.inputs[0] ?? -1]);
    const own = shapes[node.id];
    if (from === undefined || own === undefined || known(own)) continue;
    const open = own.filter((size) => !isKnown(size)).length;
    const rest = own.reduce<number>((all, size) => (isKnown(size) ? all * size : all), 1);
    const missing = from.reduce((a, b) => a * b, 1) / rest;
    if (open !== 1 || !Number.isInteger(missing)) continue;
    given[node.id] = { ...node, shape: own.map((size) => (isKnown(size) ? size : missing)) };
    shapes = inferShapes(given, input);
  }
  return shapes;
}

const unknownStep = (node: ModelNode): Refusal =>
  new Refusal(
    `${quoted(node)} is a layer or function that is not known, so that the network cannot be rebuilt. Compare a part of the model without it.`,
    node,
  );

function refuseUnknown(node: ModelNode): void {
  const { operation } = node;
  if (operation.kind === 'opaque') throw unknownStep(node);
  if (!node.certain)
    throw new Refusal(
      `The code leaves it open whether ${quoted(node)} is a part of the model, or what it is. Expected a model whose steps are certain.`,
      node,
    );
  if (operation.kind === 'attention' || operation.kind === 'transformerEncoder')
    throw new Refusal(
      `${quoted(node)} is attention, which is not rebuilt. Expected dense, convolutional and recurrent layers.`,
      node,
    );
  if (operation.kind === 'convolution' && operation.rank === 3)
    throw new Refusal(`${quoted(node)} works on three axes; expected convolutions on one or two.`, node);
}

/** Which step's size is missing first. */
function sizeMissing(
  nodes: readonly ModelNode[],
  shapes: readonly (Shape | undefined)[],
  leading: ReadonlySet<number>,
): Refusal {
  const node = nodes.find(({ id }) => leading.has(id) && known(shapes[id]) === undefined);
  if (node === undefined) return new Refusal('A size is not known.');
  const symbols = symbolsOf(shapes[node.id]);
  const wanted = symbols.length > 0 ? ` It depends on ${symbols.join(', ')}: fill in a value.` : '';
  return new Refusal(
    `The size of what ${quoted(node)} gives is not known (${shown(shapes[node.id])}).${wanted || ' Write it as numbers.'}`,
    node,
  );
}

/** Of a pooling that is told by its output's size: where that divides the input's, windows beside each other. */
function adaptiveWindows(operation: Operation, from: readonly number[], to: readonly number[]): Windows | undefined {
  if (operation.kind !== 'pooling') return undefined;
  const size = from.slice(0, -1).map((length, axis) => length / to[axis]!);
  if (!size.every((length) => Number.isInteger(length) && length >= 1)) return undefined;
  return { size, strides: size, dilation: size.map(() => 1), before: size.map(() => 0) };
}

const moving = /permute|transpose|swap|movedim|moveaxis|rearrange|shuffle|roll|flip|rot90|depth|\.T$|\.mT$/i;
const repeating = /upsampl|repeat/i;
const zeroPadding = /zeropad|^(?:[\w.]*\.)?pad$/i;

/** Makes the plan's steps from the graph's, in the graph's order. */
class StepMaker {
  readonly steps: PlanStep[] = [];
  readonly assumptions: string[] = [];
  vocabulary: number | null = null;
  /** The plan's step that stands for each of the graph's. */
  readonly #standing = new Map<number, number>();
  readonly #kernels = new Map<number | string, number>();
  readonly #scales = new Map<number | string, number>();
  readonly #leads: readonly boolean[];
  readonly #consumers: readonly (readonly ModelNode[])[];
  /** Recurrent steps of which only the last state is used, and what takes it. */
  readonly #takesLast = new Map<number, number>();
  readonly #hasActivations: boolean;

  constructor(
    private readonly graph: Model,
    private readonly shapes: readonly (Shape | undefined)[],
    private readonly inputShape: readonly number[],
    private readonly source: ModelNode,
    private readonly output: PlannedOutput,
    leading: ReadonlySet<number>,
  ) {
    this.#leads = beforeKernels(graph);
    const consumers: ModelNode[][] = graph.nodes.map(() => []);
    for (const node of graph.nodes)
      if (leading.has(node.id)) for (const from of node.inputs) consumers[from]?.push(node);
    this.#consumers = consumers;
    this.#hasActivations = graph.nodes.some((node) => leading.has(node.id) && this.#isHidden(node));
  }

  add(node: ModelNode): void {
    const { operation } = node;
    if (operation.kind === 'input') {
      this.#standing.set(node.id, this.#input(node));
      return;
    }
    const inputs =
      node.inputs.length === 0 ? [this.#input(this.source)] : node.inputs.map((id) => this.#standing.get(id)!);
    if (this.output.dropped.has(node.id) || this.#takesLast.has(node.id)) {
      this.#standing.set(node.id, inputs[0]!);
      return;
    }
    this.#standing.set(node.id, this.#push(this.#step(node, inputs)));
  }

  #push(step: PlanStep): number {
    this.steps.push(step);
    return step.id;
  }

  #input(node: ModelNode): number {
    const made = this.steps.find(({ kind }) => kind === 'input');
    if (made) return made.id;
    return this.#push({
      id: 0,
      node: node.id,
      label: labelOf(node),
      inputs: [],
      shape: this.inputShape,
      kind: 'input',
    });
  }

  #shape(node: ModelNode): readonly number[] {
    const found = known(this.shapes[node.id]);
    if (found === undefined) throw sizeMissing(this.graph.nodes, this.shapes, new Set([node.id]));
    return found.length === 0 ? [1] : found;
  }

  #step(node: ModelNode, inputs: readonly number[]): PlanStep {
    const { operation } = node;
    const shape = this.#shape(node);
    const every = { id: this.steps.length, node: node.id, label: labelOf(node), inputs, shape };
    const from = this.steps[inputs[0]!]!.shape;
    switch (operation.kind) {
      case 'dense':
        return { ...every, kind: 'dense', weights: this.#weights(node, operation, from) };
      case 'embedding':
        return this.#embedding(node, operation, every, from);
      case 'convolution':
      case 'pooling':
        return this.#windowed(node, operation, every, from);
      case 'flatten':
      case 'rearrange':
        return this.#rearranged(node, every, from);
      case 'scale':
        this.assumptions.push(
          this.steps[inputs[0]!]!.kind === 'input'
            ? `${quoted(node)} is left out: the data are scaled as they are.`
            : `${quoted(node)} is taken to leave values as they are.`,
        );
        return this.#reshaped(node, every, from);
      case 'normalisation':
        return this.#normalisation(node, operation, every);
      case 'dropout': {
        const { rate, variant } = operation;
        if (!isKnown(rate) || !(rate >= 0 && rate < 1))
          throw new Refusal(
            `The rate of ${quoted(node)} is ${isKnown(rate) ? rate : 'not known'}; expected one from 0 to below 1.`,
            node,
          );
        return { ...every, kind: 'dropout', rate, variant };
      }
      case 'activation':
        return this.#activation(node, operation.activation, every);
      case 'recurrent':
        return this.#recurrent(node, operation, every, from);
      case 'add':
      case 'multiply':
        if (inputs.length === 0) throw new Refusal(`${quoted(node)} has no input.`, node);
        return { ...every, kind: operation.kind };
      case 'concatenate':
        return { ...every, kind: 'concatenate', axis: this.#axis(node, inputs, shape) };
      default:
        throw unknownStep(node);
    }
  }

  /** Numbers as the layers of the graph count them; without gaps. */
  static #numberOf(known: Map<number | string, number>, key: number | string): number {
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, known.size);
    return known.size - 1;
  }

  #initializer(node: ModelNode, written: Initialization, usual: () => Initializer): Initializer {
    if (written.kind === 'known') return asDrawn(written.initializer, this.graph.framework);
    if (written.kind === 'unknown')
      this.assumptions.push(
        `What ${quoted(node)} starts with, ${written.spelled}, is not known; the framework's default is taken.`,
      );
    return asDrawn(usual(), this.graph.framework);
  }

  #weights(
    node: ModelNode,
    operation: Extract<Operation, { kind: 'dense' | 'convolution' | 'embedding' | 'recurrent' }>,
    from: readonly number[],
  ): PlannedWeights {
    const { framework } = this.graph;
    const fans = fansOf(node, framework, from);
    if (fans === undefined || !(fans.fanIn > 0) || !(fans.fanOut > 0))
      throw new Refusal(`The sizes of ${quoted(node)}'s kernel are not known. Write them as numbers.`, node);
    const { fanIn, fanOut } = fans;
    const units = operation.kind === 'convolution' ? operation.filters : operation.units;
    const width = isKnown(units) ? units : fanOut;
    const bias = 'bias' in operation ? operation.bias : null;
    return {
      index: StepMaker.#numberOf(this.#kernels, node.weights ?? `node ${node.id}`),
      kernel: this.#initializer(node, operation.kernel, () => defaultKernel(framework, operation.kind, width)),
      fanIn,
      fanOut,
      bias: bias === null ? null : this.#initializer(node, bias, () => defaultBias(framework, operation.kind, width)),
    };
  }

  #embedding(
    node: ModelNode,
    operation: Extract<Operation, { kind: 'embedding' }>,
    every: Omit<Extract<PlanStep, { kind: 'input' }>, 'kind'>,
    from: readonly number[],
  ): PlanStep {
    const { entries } = operation;
    if (!isKnown(entries))
      throw new Refusal(`How many entries ${quoted(node)} has is not known. Write it as a number.`, node);
    const input = this.steps[every.inputs[0]!]!;
    const others = this.#consumers[node.inputs[0] ?? -1]?.some(({ operation: { kind } }) => kind !== 'embedding');
    if (input.kind !== 'input' || others)
      throw new Refusal(
        `${quoted(node)} does not read the model's input directly; expected an embedding right after it.`,
        node,
      );
    this.vocabulary = Math.min(this.vocabulary ?? entries, entries);
    return { ...every, kind: 'embedding', entries, weights: this.#weights(node, operation, from) };
  }

  #windowed(
    node: ModelNode,
    operation: Extract<Operation, { kind: 'convolution' | 'pooling' }>,
    every: Omit<Extract<PlanStep, { kind: 'input' }>, 'kind'>,
    from: readonly number[],
  ): PlanStep {
    const { mode } = operation as { mode?: 'max' | 'average' };
    if (operation.kind === 'pooling' && operation.global) return { ...every, kind: 'globalPooling', mode: mode! };
    const rank = from.length - 1;
    if (rank < 1 || rank > 2 || (operation.kind === 'convolution' && rank !== operation.rank))
      throw new Refusal(
        `${quoted(node)} receives ${shown(from)}; expected ${operation.kind === 'convolution' ? operation.rank : 'one or two'} axes and the channels.`,
        node,
      );
    if (every.shape.length !== rank + 1)
      throw new Refusal(`${quoted(node)} gives ${shown(every.shape)} for ${shown(from)}; expected as many axes.`, node);
    const windows = windowsOf(operation, from, rank) ?? adaptiveWindows(operation, from, every.shape);
    if (windows === undefined)
      throw new Refusal(`The sizes of ${quoted(node)} are not known. Write them as numbers.`, node);
    if (every.shape.some((size) => size < 1))
      throw new Refusal(`${quoted(node)} leaves nothing of an input of ${shown(from)}. Use larger data.`, node);
    const { size, strides, dilation, before } = windows;
    if (operation.kind === 'pooling') {
      const countsPadding = dataOf(this.graph.framework).defaults.poolingCountsPadding;
      return { ...every, kind: 'pooling', mode: operation.mode, size, strides, before, countsPadding };
    }
    const { groups, transposed } = operation;
    const channels = from.at(-1)!;
    if (!isKnown(groups) || channels % groups !== 0 || every.shape.at(-1)! % groups !== 0)
      throw new Refusal(
        `${quoted(node)} splits ${channels} channels into ${isKnown(groups) ? groups : 'an unknown number of'} groups; expected a divisor.`,
        node,
      );
    const weights = this.#weights(node, operation, from);
    return { ...every, kind: 'convolution', kernelSize: size, strides, dilation, before, groups, transposed, weights };
  }

  #reshaped(
    node: ModelNode,
    every: Omit<Extract<PlanStep, { kind: 'input' }>, 'kind'>,
    from: readonly number[],
  ): PlanStep {
    const [before, after] = [componentsOf(from), componentsOf(every.shape)];
    if (before !== after)
      throw new Refusal(
        `${quoted(node)} receives ${shown(from)} (${before} numbers) and should give ${shown(every.shape)} (${after}). The input's shape does not fit the model, or the step is not known.`,
        node,
      );
    return { ...every, kind: 'reshape' };
  }

  #rearranged(
    node: ModelNode,
    every: Omit<Extract<PlanStep, { kind: 'input' }>, 'kind'>,
    from: readonly number[],
  ): PlanStep {
    const { type, operation } = node;
    const { shape } = every;
    const same = shape.length === from.length && shape.every((size, axis) => size === from[axis]);
    if (operation.kind === 'flatten') return this.#reshaped(node, every, from);
    if (/random/i.test(type) && same) {
      this.assumptions.push(`${quoted(node)} is left out: the data are trained on as they are.`);
      return { ...every, kind: 'reshape' };
    }
    if (moving.test(type)) {
      const axes = permutationOf(from, shape);
      if (axes) return { ...every, kind: 'permute', axes };
      throw new Refusal(
        `${quoted(node)} moves numbers in a way that the shapes ${shown(from)} and ${shown(shape)} do not tell. It is not rebuilt.`,
        node,
      );
    }
    if (repeating.test(type)) {
      const long = shape.length > from.length ? [...shape.slice(from.length).map(() => 1), ...from] : [...from];
      const times = shape.map((size, axis) => size / long[axis]!);
      if (long.length === shape.length && times.every(Number.isInteger)) {
        if (/upsampl/i.test(type)) this.assumptions.push(`${quoted(node)} is taken to repeat its nearest numbers.`);
        return { ...every, kind: 'repeat', times };
      }
    }
    if (zeroPadding.test(type) && shape.length === from.length && shape.every((size, axis) => size >= from[axis]!)) {
      const before = shape.map((size, axis) => Math.floor((size - from[axis]!) / 2));
      if (!same) this.assumptions.push(`${quoted(node)} is taken to put its zeros evenly around, one more behind.`);
      return { ...every, kind: 'padding', before };
    }
    return this.#reshaped(node, every, from);
  }

  #normalisation(
    node: ModelNode,
    operation: Extract<Operation, { kind: 'normalisation' }>,
    every: Omit<Extract<PlanStep, { kind: 'input' }>, 'kind'>,
  ): PlanStep {
    const { over } = operation;
    const channels = every.shape.at(-1)!;
    const usual = dataOf(this.graph.framework).defaults.normalisation(over);
    let groups = 1;
    if (over === 'instance') groups = channels;
    if (over === 'group') {
      const told = operation.groups;
      groups = typeof told === 'number' ? told : Math.min(USUAL_GROUPS, channels);
      if (channels % groups !== 0)
        throw new Refusal(
          `${quoted(node)} has ${channels} channels; expected a multiple of its ${groups} groups.`,
          node,
        );
      if (typeof told !== 'number') this.assumptions.push(`${quoted(node)} is taken to have ${groups} groups.`);
    }
    return {
      ...every,
      kind: 'normalisation',
      over: over === 'instance' ? 'group' : over,
      groups,
      ...usual,
      parameters: StepMaker.#numberOf(this.#scales, node.weights ?? `node ${node.id}`),
    };
  }

  /** Whether a candidate takes an activation's place: a kernel comes after it, and it is no gate. */
  #isHidden(node: ModelNode): boolean {
    if (node.operation.kind !== 'activation' || node.id === this.output.kept || this.output.dropped.has(node.id))
      return false;
    const { name } = node.operation.activation;
    if (name === undefined || name === 'linear' || !this.#leads[node.id]) return false;
    return !this.#consumers[node.id]!.every(({ operation: { kind } }) => kind === 'multiply');
  }

  #phi(node: ModelNode, use: ActivationUse): string {
    const found = use.name === undefined ? undefined : findActivation(use.name);
    if (found === undefined)
      throw new Refusal(
        `\`${use.spelled}\` at ${quoted(node)} is no element-wise function that is known, and is not rebuilt.`,
        node,
      );
    return found.name;
  }

  #activation(
    node: ModelNode,
    use: ActivationUse,
    every: Omit<Extract<PlanStep, { kind: 'input' }>, 'kind'>,
  ): PlanStep {
    if (use.notElementWise === 'softmax' || use.notElementWise === 'log_softmax')
      return { ...every, kind: 'softmax', log: use.notElementWise === 'log_softmax' };
    return { ...every, kind: 'activation', phi: this.#phi(node, use), hidden: this.#isHidden(node) };
  }

  #recurrent(
    node: ModelNode,
    operation: Extract<Operation, { kind: 'recurrent' }>,
    every: Omit<Extract<PlanStep, { kind: 'input' }>, 'kind'>,
    from: readonly number[],
  ): PlanStep {
    const { cell, units, bidirectional, recurrentKernel } = operation;
    const { framework } = this.graph;
    if (!isKnown(units)) throw new Refusal(`The units of ${quoted(node)} are not known. Write them as a number.`, node);
    if (from.length !== 2)
      throw new Refusal(`${quoted(node)} receives ${shown(from)}; expected steps × components.`, node);
    const phi = operation.activation === undefined ? 'tanh' : this.#phi(node, operation.activation);
    const { kernel, gatewise, forgetBias, secondBias } = dataOf(framework).defaults.recurrent;
    const gatePhi =
      operation.recurrentActivation === undefined ? 'sigmoid' : this.#phi(node, operation.recurrentActivation);
    const width = units * (bidirectional ? 2 : 1);
    const { sequences, shape } = this.#lastOnly(node, operation.sequences, every.shape, width);
    return {
      ...every,
      shape,
      kind: 'recurrent',
      cell,
      units,
      sequences,
      bidirectional,
      phi,
      // A gated cell's own function is rarely chosen; where a model has others, those are compared.
      hidden: phi !== 'linear' && (cell === 'simple' || !this.#hasActivations),
      gatePhi,
      recurrentKernel: this.#initializer(node, recurrentKernel, () => kernel(units)),
      gatewise,
      forgetBias,
      doubleBias: secondBias === 'all' || secondBias === cell,
      weights: this.#weights(node, operation, from),
    };
  }

  /** `out[:, -1]` after a recurrent layer reads as a step that leaves one row of a sequence. */
  #lastOnly(
    node: ModelNode,
    sequences: boolean,
    shape: readonly number[],
    width: number,
  ): { sequences: boolean; shape: readonly number[] } {
    const [only, ...more] = this.#consumers[node.id]!;
    if (!sequences || only === undefined || more.length > 0 || only.operation.kind !== 'rearrange')
      return { sequences, shape };
    const after = known(this.shapes[only.id]);
    if (after?.length !== 1 || after[0] !== width || shape[0] === 1) return { sequences, shape };
    this.#takesLast.set(only.id, node.id);
    this.assumptions.push(`${quoted(only)} is taken for the last step of ${quoted(node)}.`);
    return { sequences: false, shape: after };
  }

  /** Along which several inputs are joined. */
  #axis(node: ModelNode, inputs: readonly number[], shape: readonly number[]): number {
    const parts = inputs.map((id) => this.steps[id]!.shape);
    const fits = (axis: number): boolean =>
      parts.every((part) => part.length === shape.length && part.every((size, i) => i === axis || size === shape[i])) &&
      parts.reduce((sum, part) => sum + part[axis]!, 0) === shape[axis];
    // Channels where several axes would do.
    for (let axis = shape.length - 1; axis >= 0; axis--) if (fits(axis)) return axis;
    throw new Refusal(
      `${quoted(node)} joins ${parts.map(shown).join(' and ')} to ${shown(shape)}, which do not fit together.`,
      node,
    );
  }
}
