import type { Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { isNone, numberOf, product, sizeOf } from '../../given';
import { permuted, reshaped, squeezed, swapped, unsqueezed } from '../../tracing/shapes';
import { lastSize, tellLast } from '../../tracing/step';
import { axisOf } from '../state';
import { axesOf, type FunctionCall, type Handler, rankOf, rearranged, step } from './call';

/** Sizes of a reshape: numbers, the batch where its size is written, −1 for what is left. */
function targetOf(values: readonly Value[]): (Size | 'batch')[] | undefined {
  const [only] = values;
  // One value that is not known may be a number or a whole shape.
  if (only === undefined || (values.length === 1 && (only.kind === 'foreign' || only.kind === 'unknown')))
    return undefined;
  if (values.length === 1 && only.kind === 'list' && !only.complete) return undefined;
  const all = values.length === 1 && only.kind === 'list' ? only.items : values;
  return all.map((value) => (axisOf(value) === 0 ? 'batch' : sizeOf(value)));
}

export const reshape: Handler = (call) => {
  const { input, args } = call;
  const shapes = args.positional.slice(1);
  const target = targetOf(shapes.length > 0 ? shapes : [...args.named.values()]);
  const infer = reshaped(target);
  const rank = rankOf(input);
  // Of one example: everything becomes one axis.
  if (target?.length === 1 && target[0] === -1) return whole(call, rank);
  if (target?.length !== 2) return rearranged(call, infer);
  const [first, second] = target;
  const width = typeof second === 'number' && second > 0 ? second : undefined;
  // (N, T, C) to (N·T, C): time joins the batch.
  if (first === -1 && rank !== undefined && rank > 2 && width !== undefined && lastSize(input) === width)
    return rearranged(call, infer);
  if (first === -1 && width !== undefined && rank === undefined) tellLast(input, width);
  const keepsBatch = first === -1 || first === 'batch' || typeof first === 'object' || second === -1;
  if (rank === 2 || !keepsBatch) return rearranged(call, infer);
  return step(call, { operation: { kind: 'flatten' }, infer });
};

/** `x.reshape(-1)`, `jnp.ravel(x)` are of one example, or take away a last axis of one number. */
const whole = (call: FunctionCall, rank: number | undefined): Value => {
  if (rank !== undefined && rank < 3)
    return rearranged(call, ([shape]) => (shape?.at(-1) === 1 ? shape.slice(0, 1) : undefined));
  return step(call, {
    operation: { kind: 'flatten' },
    infer: ([shape]) => shape && [shape[0]!, product(shape.slice(1))],
  });
};

export const ravel: Handler = (call) => whole(call, rankOf(call.input));

export const transpose: Handler = (call) => {
  const values = [...call.args.positional.slice(1), ...call.args.named.values()];
  const axes = axesOf(values);
  if (values.length === 0 || isNone(values[0]))
    return rearranged(call, ([shape]) => shape?.toReversed(), { turnsTime: rankOf(call.input) === 2 });
  return rearranged(call, permuted(axes), { turnsTime: axes?.[0] === 1 && axes[1] === 0 });
};

export const swapaxes: Handler = (call) => {
  const given = call.given('axis1', 'axis2');
  const [a, b] = [numberOf(given.value('axis1')), numberOf(given.value('axis2'))];
  return rearranged(call, swapped(a, b), { turnsTime: (a === 0 && b === 1) || (a === 1 && b === 0) });
};

export const squeeze: Handler = (call) => {
  const axis = call.given('axis').value('axis');
  return rearranged(call, squeezed(isNone(axis) ? undefined : numberOf(axis)), {
    lastInTime: call.input.step.lastInTime,
  });
};

export const expand: Handler = (call) => rearranged(call, unsqueezed(numberOf(call.given('axis').value('axis'))));

/** Numbers repeated, taken out or put elsewhere. */
export const moved: Handler = (call) => rearranged(call, () => undefined);

/** Classes as vectors with a 1. */
export const oneHot: Handler = (call) => {
  const units = sizeOf(call.given('num_classes').value('num_classes'));
  return rearranged(call, ([shape]) => shape && [...shape, units], { last: units });
};
