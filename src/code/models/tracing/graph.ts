import type { FrameworkId } from '../../../core/frameworks/framework';
import type { LossUse, Model, ModelNode, Operation, Shape, SourceRange } from '../../../core/model/model';
import { unknownSize } from '../given';
import { type Layout, type Step, stepsBefore, type Tensor } from './step';

interface Described {
  readonly name: string;
  readonly framework: FrameworkId;
  readonly source: SourceRange;
  readonly outputs: readonly Tensor[];
  readonly loss: LossUse | undefined;
  /** How many open conditions the model itself stands under. */
  readonly doubt: number;
}

/** Operations along time: what goes into them has an axis for it. */
const alongTime: ReadonlySet<Operation['kind']> = new Set(['recurrent', 'attention', 'transformerEncoder']);

/** Steps that leave the axes of their input in place, but for the size of the last. */
const keepsAxes = (step: Step): boolean =>
  step.keeps || ['dense', 'add', 'multiply', 'scale', 'normalisation'].includes(step.operation.kind);

/**
 * Whether something downstream works along time before the axes are changed; `indices` where they are embedded before,
 * `vectors` where each step in time has several numbers.
 */
function leadsToTime(start: Step, steps: readonly Step[]): 'indices' | 'vectors' | undefined {
  const reached = new Map<Step, 'indices' | 'vectors'>([[start, 'vectors']]);
  for (const step of steps) {
    // A recurrent layer's further inputs are the states that it starts with.
    const along = step.operation.kind === 'recurrent' ? step.inputs.slice(0, 1) : step.inputs;
    const as = along.map((input) => reached.get(input.step)).find((each) => each !== undefined);
    if (as === undefined) continue;
    if (alongTime.has(step.operation.kind)) return as;
    if (step.operation.kind === 'embedding') reached.set(step, 'indices');
    else if (keepsAxes(step)) reached.set(step, as);
  }
  return undefined;
}

/** Shapes once more, now that what the layers told of the inputs is known. */
function inferAgain(steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.operation.kind === 'input') {
      const { last } = step;
      if (step.shape !== undefined) continue;
      const time = leadsToTime(step, steps);
      if (last !== undefined) step.shape = [unknownSize, ...(time === undefined ? [] : [unknownSize]), last];
      else if (time !== undefined) step.shape = Array.from({ length: time === 'indices' ? 2 : 3 }, () => unknownSize);
      continue;
    }
    const shape = step.infer(step.inputs.map((input) => input.step.shape));
    if (shape !== undefined) step.shape = withLast(shape, step);
  }
}

function withLast(shape: Shape, { last }: Step): Shape {
  const end = shape.at(-1);
  const open = typeof end === 'object' && end.kind === 'unknown';
  return open && last !== undefined ? [...shape.slice(0, -1), last] : shape;
}

/** Steps whose inputs stand as their output does. */
const passesLayout = ({ keeps, operation: { kind } }: Step): boolean =>
  keeps || kind === 'concatenate' || kind === 'embedding' || kind === 'normalisation';

/** True where nothing between an input and a step moves the axes. */
function comesFromInput({ inputs: [first] }: Step): boolean {
  for (let step = first?.step; step !== undefined; step = step.inputs[0]?.step) {
    if (step.operation.kind === 'input') return true;
    if (!passesLayout(step)) return false;
  }
  return false;
}

/** What a step needs of its inputs, its own output standing as `own` says. */
function neededLayout(step: Step, own: Layout | undefined): Layout | undefined {
  if (step.wants !== undefined) return step.wants;
  // Time and batch change places: whoever does so to what came in had them the other way round.
  if (step.turnsTime && own === 'time') return 'plain';
  if (step.turnsTime && comesFromInput(step)) return 'time';
  return passesLayout(step) ? own : undefined;
}

/** How each step's axes stand: as it says itself, as what takes it needs, or as its input's do. */
function layoutsOf(steps: readonly Step[], outputs: ReadonlySet<Step>, imagesFirst: boolean): Map<Step, Layout> {
  const found = new Map<Step, Layout>();
  for (const step of steps.toReversed()) {
    const own = step.layout;
    if (own !== undefined) found.set(step, own);
    const needed = neededLayout(step, found.get(step));
    if (needed === undefined) continue;
    for (const input of step.inputs) if (!found.has(input.step)) found.set(input.step, needed);
  }
  // Images have their channels first in PyTorch, also where nothing that works in space takes or makes them.
  for (const step of steps) {
    const isEnd = step.operation.kind === 'input' || outputs.has(step);
    if (imagesFirst && isEnd && !found.has(step) && step.shape?.length === 4) found.set(step, 'channels');
  }
  for (const step of steps) {
    if (found.has(step) || !passesLayout(step)) continue;
    const layout = step.inputs.map((input) => found.get(input.step)).find((each) => each !== undefined);
    if (layout !== undefined) found.set(step, layout);
  }
  return found;
}

/** Without the batch, channels last. */
export function asGraphShape(shape: Shape | undefined, layout: Layout): Shape | undefined {
  if (shape === undefined) return undefined;
  if (layout === 'time') return shape.length < 2 ? shape.slice(1) : [shape[0]!, ...shape.slice(2)];
  const rest = shape.slice(1);
  return layout === 'channels' && rest.length > 1 ? [...rest.slice(1), rest[0]!] : rest;
}

/** A recurrent layer of which only the last step in time is used gives no sequence. */
function lastStepsOnly(steps: readonly Step[], outputs: ReadonlySet<Step>): ReadonlySet<Step> {
  const takers = new Map<Step, Step[]>();
  for (const step of steps) {
    for (const { step: input } of step.inputs) takers.set(input, [...(takers.get(input) ?? []), step]);
  }
  const found = new Set<Step>();
  for (const step of steps) {
    const all = takers.get(step) ?? [];
    // What is returned is used as a whole.
    if (outputs.has(step)) continue;
    if (step.operation.kind === 'recurrent' && all.length > 0 && all.every((each) => each.lastInTime)) found.add(step);
  }
  return found;
}

/** Symbols anywhere in an operation or a shape. */
function symbolsIn(part: unknown, found: Set<string>, depth = 0): void {
  if (typeof part !== 'object' || part === null || depth > 4) return;
  if ('kind' in part && part.kind === 'symbolic' && 'symbols' in part) {
    for (const symbol of part.symbols as string[]) found.add(symbol);
  } else for (const each of Object.values(part)) symbolsIn(each, found, depth + 1);
}

/** Whether the model is given one example and no batch: what dense layers are given has its features alone. */
function isOneVector(steps: readonly Step[]): boolean {
  const given = steps.filter(({ operation }) => operation.kind === 'input').map(({ shape }) => shape);
  const dense = steps.flatMap(({ operation, inputs: [first] }) =>
    operation.kind === 'dense' ? [first?.step.shape] : [],
  );
  return dense.length > 0 && [...given, ...dense].every((shape) => shape?.length === 1);
}

const operationOf = (step: Step, lastOnly: boolean): Operation =>
  lastOnly && step.operation.kind === 'recurrent' ? { ...step.operation, sequences: false } : step.operation;

/** The graph of what leads to the outputs; undefined where nothing does. */
export function graphOfSteps({ name, framework, source, outputs, loss, doubt }: Described): Model | undefined {
  const steps = stepsBefore(outputs);
  if (steps.every(({ operation }) => operation.kind === 'input')) return undefined;
  inferAgain(steps);
  const ends = new Set(outputs.map(({ step }) => step));
  const layouts = layoutsOf(steps, ends, framework === 'torch');
  const lastOnly = lastStepsOnly(steps, ends);
  const ids = new Map(steps.map((step, id) => [step, id]));
  const batched = isOneVector(steps) ? (all: Shape | undefined) => all && [unknownSize, ...all] : (all?: Shape) => all;
  const symbols = new Set<string>();
  const nodes = steps.map((step, id): ModelNode => {
    const operation = operationOf(step, lastOnly.has(step));
    const whole = asGraphShape(batched(step.shape), layouts.get(step) ?? 'plain');
    const shape = lastOnly.has(step) ? whole?.slice(-1) : whole;
    symbolsIn(operation, symbols);
    symbolsIn(shape, symbols);
    for (const symbol of step.symbols) symbols.add(symbol);
    return {
      id,
      operation,
      inputs: step.inputs.flatMap((tensor) => ids.get(tensor.step) ?? []),
      type: step.type,
      ...(step.name === undefined ? {} : { name: step.name }),
      source: step.source,
      ...(step.applied === undefined ? {} : { applied: step.applied }),
      shape,
      ...(step.weights === undefined ? {} : { weights: step.weights }),
      certain: step.certain && step.doubt <= doubt,
    };
  });
  const inputs = nodes.filter(({ operation }) => operation.kind === 'input');
  return {
    name,
    framework,
    source,
    nodes,
    inputs: inputs.map(({ id }) => id),
    outputs: [...new Set(outputs.flatMap(({ step }) => ids.get(step) ?? []))],
    inputShape: inputs[0]?.shape,
    loss,
    symbols: [...symbols].map((symbol) => ({ name: symbol, source })),
  };
}

const weighty: ReadonlySet<Operation['kind']> = new Set([
  'dense',
  'convolution',
  'recurrent',
  'embedding',
  'attention',
  'transformerEncoder',
]);

export const isWeighty = ({ kind }: Operation): boolean => weighty.has(kind);

/** True for a graph with weights: a loss, an activation of the file's own are none. */
export const isTelling = ({ nodes }: Model): boolean => nodes.some(({ operation }) => isWeighty(operation));
