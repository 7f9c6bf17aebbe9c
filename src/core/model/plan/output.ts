import { isWeighted } from '../fans';
import type { Model, ModelNode, Shape } from '../model';
import { isKnown } from '../model';
import type { NetworkPlan } from './plan';

/** What an output is trained for, and which steps at a model's end the loss takes over. */
export interface PlannedOutput {
  readonly meaning: NetworkPlan['output']['meaning'];
  readonly units: number;
  /** Softmax or sigmoid that training on logits leaves out. */
  readonly dropped: ReadonlySet<number>;
  /** The last activation where it stays; it is no hidden one. */
  readonly kept: number | undefined;
  readonly assumptions: readonly string[];
}

/** Past this many numbers a vector is taken for data, not for classes. */
const MOST_CLASSES = 1000;

const classLosses: ReadonlySet<string> = new Set(['categoricalCrossEntropy', 'negativeLogLikelihood']);
const numberLosses: ReadonlySet<string> = new Set(['meanSquaredError', 'meanAbsoluteError', 'huber']);

/** From the output back through what only arranges numbers. */
function lastActing({ nodes }: Model, output: number): ModelNode {
  let node = nodes[output]!;
  for (;;) {
    const { kind } = node.operation;
    const from = node.inputs[0];
    if ((kind !== 'flatten' && kind !== 'rearrange') || from === undefined) return node;
    node = nodes[from]!;
  }
}

const shown = (shape: readonly number[]): string => shape.join('×');

/**
 * What a model's output means: from its last activation, from the loss that the file gives it, and where neither tells,
 * from how many numbers it gives.
 *
 * @param shape of the output
 * @param inputs components of the input
 * @returns a sentence where it cannot be trained as it is
 */
export function outputOf(
  graph: Model,
  output: number,
  shape: readonly number[],
  inputs: number,
): PlannedOutput | string {
  const units = shape.reduce((all, size) => all * size, 1);
  const last = lastActing(graph, output);
  const use = last.operation.kind === 'activation' ? last.operation.activation : undefined;
  const loss = graph.loss?.kind;
  const flat = shape.filter((size) => size > 1).length <= 1;
  const vector = flat && units >= 2 && units <= MOST_CLASSES && units !== inputs;
  const result = (
    meaning: PlannedOutput['meaning'],
    drop: boolean,
    assumptions: readonly string[] = [],
  ): PlannedOutput | string => {
    if (meaning === 'classes' && !flat)
      return `${graph.name} gives ${shown(shape)} numbers: classes at each of several places. Expected classes of the whole input, or numbers.`;
    if (meaning === 'classes' && units < 2)
      return `${graph.name} gives a softmax over one unit, which is always 1. Expected two units or more, or a sigmoid.`;
    return {
      meaning,
      units,
      dropped: new Set(drop ? [last.id] : []),
      kept: use !== undefined && !drop ? last.id : undefined,
      assumptions,
    };
  };
  if (use?.notElementWise === 'softmax' || use?.notElementWise === 'log_softmax') return result('classes', true);
  const named = use?.name;
  if (named === 'sigmoid' || named === 'log_sigmoid') {
    if (units === 1) return result('binary', true);
    if (loss !== undefined && classLosses.has(loss)) return result('classes', true);
    if (vector && (loss === undefined || (loss !== 'binaryCrossEntropy' && !numberLosses.has(loss))))
      return result('classes', true, [
        `The ${units} sigmoids at the end are taken for classes of which one is right, and trained by softmax cross-entropy.`,
      ]);
    return result('regression', false, [
      `The ${units} sigmoids at the end are trained by mean squared error${loss === 'binaryCrossEntropy' ? ', in place of binary cross-entropy' : ''}.`,
    ]);
  }
  if (loss !== undefined && classLosses.has(loss)) return result('classes', false);
  if (loss === 'binaryCrossEntropy' && units === 1) return result('binary', false);
  if (loss !== undefined && numberLosses.has(loss)) {
    const other =
      loss === 'meanSquaredError' ? [] : [`It is trained by mean squared error, in place of ${graph.loss!.spelled}.`];
    return result('regression', false, other);
  }
  // A bounded activation at the end is made for numbers.
  if (use !== undefined && named !== 'linear')
    return result('regression', false, ['The code does not tell the loss; mean squared error is taken.']);
  if (vector)
    return result('classes', false, [
      `The code does not tell what the ${units} outputs mean; they are taken for logits of classes.`,
    ]);
  return result('regression', false, [
    `The code does not tell what the output means; it is taken for ${units === 1 ? 'a number' : 'numbers'}, and trained by mean squared error.`,
  ]);
}

/** Whether a kernel stands somewhere after each step. */
export function beforeKernels({ nodes }: Model): readonly boolean[] {
  const before = new Array<boolean>(nodes.length).fill(false);
  for (let id = nodes.length - 1; id >= 0; id--) {
    const node = nodes[id]!;
    if (before[id] || isWeighted(node)) for (const from of node.inputs) before[from] = true;
  }
  return before;
}

/** Numbers only; undefined where one is missing. */
export const known = (shape: Shape | undefined): readonly number[] | undefined =>
  shape?.every(isKnown) ? (shape as readonly number[]) : undefined;
