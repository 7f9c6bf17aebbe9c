import type { Operation, Shape, SourceRange } from '../../../core/model/model';
import type { Value } from '../../interpret/values';
import { eachWithin } from '../../interpret/within';

/** One step of a computation while it is being read; it becomes a ModelNode. */
export interface Step {
  /** Counts up: every step stands after its inputs. */
  readonly order: number;
  readonly operation: Operation;
  readonly inputs: readonly Tensor[];
  readonly type: string;
  readonly name: string | undefined;
  readonly source: SourceRange;
  readonly applied: SourceRange | undefined;
  readonly weights: number | undefined;
  readonly certain: boolean;
  /** Whether it comes from a model's input; kept, as a training loop makes long chains. */
  readonly symbolic: boolean;
  /** How many open conditions it stands under; see {@link doubtOf}. */
  doubt: number;
  /** Without the batch, in the order in which the code has the components. */
  shape: Shape | undefined;
  /** True where the code keeps channels before space. */
  readonly channelsFirst: boolean;
  /** The shape for other inputs: a model may be applied again. */
  readonly infer: ((inputs: readonly (Shape | undefined)[]) => Shape | undefined) | undefined;
  /** Where it came from by unknown sizes alone: symbols that stand in no size, such as an activation's argument. */
  readonly symbols: readonly string[];
  /** The layer or nested model that it belongs to. */
  owner: object | undefined;
}

/** What a layer is applied to: the output of a step. */
export interface Tensor {
  readonly step: Step;
  /** The step's own, or another view of it: a state, one part of a tuple. */
  shape: Shape | undefined;
  /** Numbers that stand in the code or are drawn, no part of the model: `tf.zeros(…)`, `tf.random.normal(…)`. */
  readonly constant?: 'fixed' | 'random';
  /** Of such: with its first axis. */
  readonly full?: Shape;
}

export const tensorOf = (step: Step): Tensor => ({ step, shape: step.shape });

/** What an input's shape has to be, told by what it is given to. */
export function tellShape(tensor: Tensor, shape: Shape | undefined): void {
  if (tensor.shape !== undefined || shape === undefined || tensor.step.operation.kind !== 'input') return;
  tensor.step.shape = shape;
  tensor.shape = shape;
}

/** The steps that lead to these tensors, up to the inputs, in the order in which they can be computed. */
export function stepsBefore(outputs: readonly Tensor[], inputs: readonly Tensor[] = []): Step[] {
  const ends = new Set(inputs.map(({ step }) => step));
  const found = new Set<Step>();
  const open = outputs.map(({ step }) => step);
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (found.has(step)) continue;
    found.add(step);
    if (!ends.has(step)) for (const input of step.inputs) open.push(input.step);
  }
  return [...found].sort((a, b) => a.order - b.order);
}

/** The tensors in a value: one, or those of a list, tuple or dict, at any depth. */
export function tensorsIn(value: Value | undefined): Tensor[] {
  const found: Tensor[] = [];
  if (value === undefined) return found;
  eachWithin(value, 4, (each) => {
    if (each.kind === 'foreign' && each.type === 'tensor') found.push(each.data as Tensor);
    return undefined;
  });
  return found;
}
