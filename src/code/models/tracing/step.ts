import type { ActivationUse, LossUse, Operation, Shape, Size, SourceRange } from '../../../core/model/model';
import { sameLength } from '../../../core/model/strides';
import type { Machine, Site, Value } from '../../interpret/values';
import { attributesOf, eachWithin } from '../../interpret/within';
import { unknownSize } from '../given';

/**
 * How the axes of a tensor stand: `channels` right after the batch, `time` before the batch, or `plain`: batch, then
 * space or time, then channels.
 */
export type Layout = 'plain' | 'channels' | 'time';

export type Shapes = readonly (Shape | undefined)[];

/** One step of a computation while it is being read; it becomes a ModelNode. Shapes have the batch here. */
export interface Step {
  /** Counts up: every step stands after its inputs. */
  readonly order: number;
  operation: Operation;
  readonly inputs: readonly Tensor[];
  readonly type: string;
  readonly name: string | undefined;
  readonly source: SourceRange;
  readonly applied: SourceRange | undefined;
  readonly weights: number | undefined;
  readonly certain: boolean;
  /** How many open conditions it stands under. */
  readonly doubt: number;
  /** In the code's own order, with the batch; undefined where not even the rank is known. */
  shape: Shape | undefined;
  /** The last axis, as what comes after tells it. */
  last: Size | undefined;
  readonly infer: (inputs: Shapes) => Shape | undefined;
  /** What this step itself says of its output. */
  readonly layout: Layout | undefined;
  /** What this step needs of its inputs. */
  readonly wants: Layout | undefined;
  /** True where the output has the axes of the input. */
  readonly keeps: boolean;
  /** The first two axes change places, of which one is the batch. */
  readonly turnsTime: boolean;
  /** Takes the last step in time of what a recurrent layer gives. */
  readonly lastInTime: boolean;
  /** Symbols that stand in no size. */
  readonly symbols: readonly string[];
  /** The model whose output it is, where nobody looks inside. */
  readonly owner: object | undefined;
}

/** The output of a step. */
export interface Tensor {
  readonly step: Step;
  /** Numbers that stand in the code or are drawn, no part of the model: `torch.zeros(…)`. */
  readonly constant?: boolean;
}

/** Where something happens. */
export interface Moment {
  readonly machine: Machine;
  readonly site: Site;
}

export interface NewStep {
  readonly operation: Operation;
  readonly inputs: readonly Tensor[];
  readonly type: string;
  readonly name?: string | undefined;
  readonly source: SourceRange;
  readonly applied?: SourceRange | undefined;
  readonly weights?: number | undefined;
  readonly certain?: boolean;
  readonly doubt?: number;
  readonly shape?: Shape | undefined;
  readonly last?: Size | undefined;
  readonly infer?: ((inputs: Shapes) => Shape | undefined) | undefined;
  readonly layout?: Layout | undefined;
  readonly wants?: Layout | undefined;
  readonly keeps?: boolean;
  readonly turnsTime?: boolean;
  readonly lastInTime?: boolean;
  readonly symbols?: readonly string[] | undefined;
  readonly owner?: object | undefined;
}

const levelOf = (machine: Machine): number => machine.doubtLevel ?? (machine.uncertain ? 1 : 0);

/** What a model that is looked into stands under already, beyond what the code does just now. */
const bases = new WeakMap<Machine, number>();

/** How many open conditions the code stands under. */
export const doubtOf = (machine: Machine): number => levelOf(machine) + (bases.get(machine) ?? 0);

/** Looks into a model that was made under so many open conditions: those that are met there come on top. */
export function fromDoubt<T>(machine: Machine, doubt: number, look: () => T): T {
  const before = bases.get(machine);
  bases.set(machine, doubt - levelOf(machine));
  try {
    return look();
  } finally {
    bases.set(machine, before ?? 0);
  }
}

const first = ([shape]: Shapes): Shape | undefined => shape;
const never = (): undefined => undefined;

export function newStep(given: NewStep, machine: Machine): Tensor {
  const { operation, inputs, keeps = false } = given;
  const infer = given.infer ?? (keeps ? first : never);
  const shape = given.shape ?? infer(inputs.map(({ step }) => step.shape));
  const step: Step = {
    order: machine.next(),
    operation,
    inputs,
    type: given.type,
    name: given.name,
    source: given.source,
    applied: given.applied,
    weights: given.weights,
    certain: given.certain ?? true,
    doubt: Math.max(given.doubt ?? 0, doubtOf(machine)),
    shape,
    last: given.last ?? (keeps ? inputs[0] && lastSize(inputs[0]) : undefined),
    infer,
    layout: given.layout,
    wants: given.wants,
    keeps,
    turnsTime: given.turnsTime ?? false,
    lastInTime: given.lastInTime ?? false,
    symbols: given.symbols ?? [],
    owner: given.owner,
  };
  return { step };
}

const isOpen = (size: Size | undefined): boolean =>
  size === undefined || (typeof size === 'object' && size.kind === 'unknown');

/** The size of the last axis; undefined where nobody knows. */
export function lastSize({ step }: Tensor): Size | undefined {
  const last = step.shape?.at(-1);
  return isOpen(last) ? step.last : last;
}

/** What a layer's arguments say of the last axis of what it is applied to. */
export function tellLast(tensor: Tensor | undefined, size: Size): void {
  if (tensor === undefined || tensor.constant || isOpen(size)) return;
  for (let { step } = tensor; ; step = step.inputs[0]!.step) {
    const { shape } = step;
    if (shape !== undefined && !isOpen(shape.at(-1))) return;
    step.last ??= size;
    if (shape !== undefined && shape.length > 0) step.shape = [...shape.slice(0, -1), size];
    if (!step.keeps || step.inputs[0] === undefined) return;
  }
}

/** A shape that a layer needs of an input that nothing is known of. */
export function tellShape(tensor: Tensor | undefined, shape: Shape): void {
  if (tensor === undefined || tensor.constant) return;
  let { step } = tensor;
  const passed: Step[] = [];
  while (step.keeps && step.inputs[0] !== undefined && step.shape === undefined) {
    passed.push(step);
    step = step.inputs[0].step;
  }
  if (step.operation.kind !== 'input' || step.shape !== undefined) return;
  for (const each of [step, ...passed]) each.shape = shape;
}

/** The steps that lead to these tensors, in the order in which they can be computed. */
export function stepsBefore(outputs: readonly Tensor[]): Step[] {
  const found = new Set<Step>();
  const open = outputs.map(({ step }) => step);
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (found.has(step)) continue;
    found.add(step);
    for (const input of step.inputs) open.push(input.step);
  }
  return [...found].sort((a, b) => a.order - b.order);
}

/** Whether a tensor is computed from another one. */
export function comesFrom({ step: late }: Tensor, { step: early }: Tensor): boolean {
  const seen = new Set<Step>();
  const open = [late];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (step === early) return true;
    // Every step stands after its inputs.
    if (seen.has(step) || step.order < early.order) continue;
    seen.add(step);
    for (const input of step.inputs) open.push(input.step);
  }
  return false;
}

/** Takes back the certainty of the steps to a result that were made since then, or of some of them. */
export function doubted(result: Value | undefined, since: number, which: (step: Step) => boolean = () => true): void {
  for (const step of stepsBefore(tensorsIn(result))) {
    if (step.order > since && which(step)) (step as { -readonly [K in keyof Step]: Step[K] }).certain = false;
  }
}

/** The tensors in a value: one, or those of a list, tuple or dict, at any depth. */
export function tensorsIn(value: Value | undefined): Tensor[] {
  if (value === undefined || value.kind === 'constant') return [];
  const found: Tensor[] = [];
  eachWithin(value, 4, (each) => {
    if (each.kind === 'foreign' && each.type === 'tensor') found.push(each.data as Tensor);
    // Outputs of transformers and the like are objects with attributes.
    return each.kind === 'instance' && each.foreign === undefined ? attributesOf(each) : undefined;
  });
  return found;
}

export const tensorIn = (value: Value | undefined): Tensor | undefined =>
  value?.kind === 'foreign' && value.type === 'tensor' ? (value.data as Tensor) : undefined;

const within = (inner: SourceRange, outer: SourceRange): boolean =>
  inner.cell === outer.cell && inner.from >= outer.from && inner.to <= outer.to;

/** Where a layer is applied, where that is not where it is made. */
export const appliedAt = (source: SourceRange, { site }: Moment): SourceRange | undefined =>
  within(source, site.source) || within(site.source, source) ? undefined : site.source;

/** Something that is not known, as a step that leads on from the tensors that went into it. */
export const opaqueStep = (
  type: string,
  inputs: readonly Tensor[],
  { machine, site }: Moment,
  more: Partial<NewStep> = {},
): Tensor =>
  newStep({ operation: { kind: 'opaque' }, inputs, type, source: site.source, certain: false, ...more }, machine);

/** Shapes of tensors that are added or multiplied: axes count from the last. */
export function broadcast(inputs: Shapes): Shape | undefined {
  let result: Shape | undefined;
  for (const shape of inputs) {
    if (shape === undefined) return undefined;
    if (result === undefined) {
      result = shape;
      continue;
    }
    const [long, short]: [Shape, Shape] = shape.length > result.length ? [shape, result] : [result, shape];
    const offset = long.length - short.length;
    result = long.map((size, k) => (k < offset ? size : alike(size, short[k - offset]!)));
  }
  return result;
}

/** One of two sizes that have to be alike; 1 stretches. */
function alike(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return Math.max(a, b);
  if (a === 1) return b;
  if (b === 1) return a;
  if (typeof a === 'number') return a;
  if (typeof b === 'number') return b;
  if (sameLength(a, b)) return a;
  // One of them may be 1.
  return a.kind === 'symbolic' ? { ...a } : { ...b };
}

/** Tensors joined along an axis, which counts the batch; −1 is the last. */
export const joined =
  (axis: number | undefined) =>
  (inputs: Shapes): Shape | undefined => {
    const [shape] = inputs;
    if (axis === undefined || shape === undefined) return undefined;
    const position = axis < 0 ? shape.length + axis : axis;
    return shape.map((size, k) => {
      if (k !== position) return size;
      return inputs.map((each) => each?.[k] ?? unknownSize).reduce(plus);
    });
  };

export function plus(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const sizes = [a, b].filter((size) => typeof size === 'object');
  if (sizes.some(({ kind }) => kind === 'unknown')) return unknownSize;
  const symbols = sizes.flatMap((size) => (size.kind === 'symbolic' ? size.symbols : []));
  return { kind: 'symbolic', symbols: [...new Set(symbols)] };
}

/**
 * The model whose output a tensor is, and what the code does to it outside: activations that it applies; undefined where
 * it is not known what.
 */
export function outputOf(
  tensor: Tensor | undefined,
): { readonly owner: object; readonly applied: readonly ActivationUse[] | undefined } | undefined {
  const owner = tensor && stepsBefore([tensor]).findLast((step) => step.owner !== undefined)?.owner;
  if (owner === undefined) return undefined;
  const applied: ActivationUse[] = [];
  for (let step = tensor?.step; step !== undefined && step.owner === undefined; step = step.inputs[0]?.step) {
    const { operation, inputs, certain } = step;
    if (inputs.length !== 1 || !certain) return { owner, applied: undefined };
    if (operation.kind === 'activation') applied.unshift(operation.activation);
    else if (operation.kind !== 'rearrange' && operation.kind !== 'flatten') return { owner, applied: undefined };
  }
  return { owner, applied };
}

/** A loss with what its argument tells of the way from the model's output. */
export function withWay(use: LossUse, found: ReturnType<typeof outputOf>): LossUse {
  if (found?.applied === undefined) return { ...use, assumed: true };
  return found.applied.length > 0 ? { ...use, applied: found.applied } : use;
}
