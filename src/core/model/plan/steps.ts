import { findActivation } from '../../activations/catalogue';
import { framework as dataOf } from '../../frameworks/all';
import { asDrawn, defaultBias, defaultKernel, USUAL_GROUPS } from '../../frameworks/layerDefaults';
import type { Initializer } from '../../initializers/initializer';
import { fansOf } from '../fans';
import type { ActivationUse, Initialization, Model, ModelNode, Operation, Shape } from '../model';
import { isKnown } from '../model';
import { beforeKernels, known, type PlannedOutput } from './output';
import type { PlannedWeights, PlanStep, StepBase } from './plan';
import { rearranged, reshaped } from './rearranging';
import { labelOf, quoted, Refusal, shown, sizeMissing, unknownStep } from './refusal';
import { windowed } from './windowed';

/** Makes the plan's steps from the graph's, in the graph's order. */
export class StepMaker {
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
        return windowed(node, operation, every, from, this.graph.framework, (each) => this.#weights(node, each, from));
      case 'flatten':
      case 'rearrange':
        return rearranged(node, every, from, this.assumptions);
      case 'scale':
        this.assumptions.push(
          this.steps[inputs[0]!]!.kind === 'input'
            ? `${quoted(node)} is left out: the data are scaled as they are.`
            : `${quoted(node)} is taken to leave values as they are.`,
        );
        return reshaped(node, every, from);
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

  #activation(node: ModelNode, use: ActivationUse, every: StepBase): PlanStep {
    if (use.notElementWise === 'softmax' || use.notElementWise === 'log_softmax')
      return { ...every, kind: 'softmax', log: use.notElementWise === 'log_softmax' };
    return { ...every, kind: 'activation', phi: this.#phi(node, use), hidden: this.#isHidden(node) };
  }

  #embedding(
    node: ModelNode,
    operation: Extract<Operation, { kind: 'embedding' }>,
    every: StepBase,
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

  #normalisation(node: ModelNode, operation: Extract<Operation, { kind: 'normalisation' }>, every: StepBase): PlanStep {
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

  #recurrent(
    node: ModelNode,
    operation: Extract<Operation, { kind: 'recurrent' }>,
    every: StepBase,
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
      recurrentKernel: this.#initializer(node, recurrentKernel, () => kernel(units, cell)),
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
