import { framework as dataOf } from '../../frameworks/all';
import type { FrameworkId } from '../../frameworks/framework';
import type { ModelNode, Operation } from '../model';
import { isKnown } from '../model';
import type { PlannedWeights, PlanStep, StepBase } from './plan';
import { quoted, Refusal, shown } from './refusal';
import { type Windows, windowsOf } from './space';

/** Convolutions and poolings. */

/** Of a pooling that is told by its output's size: where that divides the input's, windows beside each other. */
function adaptiveWindows(operation: Operation, from: readonly number[], to: readonly number[]): Windows | undefined {
  if (operation.kind !== 'pooling') return undefined;
  const size = from.slice(0, -1).map((length, axis) => length / to[axis]!);
  if (!size.every((length) => Number.isInteger(length) && length >= 1)) return undefined;
  return { size, strides: size, dilation: size.map(() => 1), before: size.map(() => 0) };
}

export function windowed(
  node: ModelNode,
  operation: Extract<Operation, { kind: 'convolution' | 'pooling' }>,
  every: StepBase,
  from: readonly number[],
  framework: FrameworkId,
  weights: (operation: Extract<Operation, { kind: 'convolution' }>) => PlannedWeights,
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
    const countsPadding = dataOf(framework).defaults.poolingCountsPadding;
    return { ...every, kind: 'pooling', mode: operation.mode, size, strides, before, countsPadding };
  }
  const { groups, transposed } = operation;
  const channels = from.at(-1)!;
  if (!isKnown(groups) || channels % groups !== 0 || every.shape.at(-1)! % groups !== 0)
    throw new Refusal(
      `${quoted(node)} splits ${channels} channels into ${isKnown(groups) ? groups : 'an unknown number of'} groups; expected a divisor.`,
      node,
    );
  return {
    ...every,
    kind: 'convolution',
    kernelSize: size,
    strides,
    dilation,
    before,
    groups,
    transposed,
    weights: weights(operation),
  };
}
