import type { Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { isNone, numberOf, sizeOf, unknownSize } from '../../given';
import { flattened, permuted, reshaped, squeezed, swapped, unsqueezed } from '../../tracing/shapes';
import { lastSize, tellLast, tensorIn } from '../../tracing/step';
import { isBatch } from '../state';
import { axesOf, type Handler, layoutAt, rearranged, step } from './call';

/** Sizes of a view: numbers, the batch where its size is written, −1 for what is left. */
function targetOf(values: readonly Value[]): (Size | 'batch')[] | undefined {
  const [only] = values;
  if (values.length === 1 && only?.kind === 'foreign') return undefined;
  const all = values.length === 1 && only?.kind === 'list' ? only.items : values;
  if (all.length === 0) return undefined;
  return all.map((value) => (isBatch(value) ? 'batch' : sizeOf(value)));
}

export const view: Handler = (call) => {
  const { input, args } = call;
  // `x.view(*x.shape[:-2], -1)`
  if (!args.complete) return rearranged(call, () => undefined);
  const shapes = args.positional.slice(1);
  const target = targetOf(shapes.length > 0 ? shapes : [...args.named.values()]);
  const { shape } = input.step;
  const infer = reshaped(target);
  if (target === undefined || target.length !== 2) return rearranged(call, infer);
  const [first, second] = target;
  const rank = shape?.length;
  const width = typeof second === 'number' && second > 0 ? second : undefined;
  // (N, T, C) to (N·T, C): time joins the batch.
  const last = lastSize(input);
  if (first === -1 && rank !== undefined && rank > 2 && width !== undefined && last === width)
    return rearranged(call, infer);
  if (first === -1 && width !== undefined && rank === undefined) tellLast(input, width);
  if (rank === 2 && (first === -1 || first === 'batch')) return rearranged(call, infer, { keeps: false });
  return step(call, { operation: { kind: 'flatten' }, infer, layout: 'plain' });
};

export const flatten: Handler = (call) => {
  const given = call.given('start_dim', 'end_dim');
  const start = sizeOf(given.value('start_dim'), 0);
  const end = sizeOf(given.value('end_dim'), -1);
  const whole = (start === 0 || start === 1) && end === -1;
  return step(call, {
    operation: { kind: whole ? 'flatten' : 'rearrange' },
    infer: flattened(start === 0 ? 1 : start, end),
    layout: 'plain',
  });
};

export const permute: Handler = (call) => {
  const values = call.args.positional.slice(1);
  const axes = axesOf(values.length > 0 ? values : [...call.args.named.values()]);
  return rearranged(call, permuted(axes), { turnsTime: axes?.[0] === 1 && axes[1] === 0 });
};

export const transpose: Handler = (call) => {
  const given = call.given('dim0', 'dim1');
  const [a, b] = [numberOf(given.value('dim0')), numberOf(given.value('dim1'))];
  return rearranged(call, swapped(a, b), { turnsTime: (a === 0 && b === 1) || (a === 1 && b === 0) });
};

export const transposeLast: Handler = (call) => rearranged(call, swapped(-2, -1));

export const squeeze: Handler = (call) => {
  const given = call.given('dim');
  const axis = given.value('dim');
  const { input } = call;
  return rearranged(call, squeezed(isNone(axis) ? undefined : numberOf(axis)), {
    lastInTime: input.step.lastInTime,
  });
};

export const unsqueeze: Handler = (call) => rearranged(call, unsqueezed(numberOf(call.given('dim').value('dim'))));

/** `x.repeat(1, 2)`: numbers repeated. */
export const repeated: Handler = (call) => rearranged(call, () => undefined);

/** `x.expand(-1, 10, 10)`: −1 leaves an axis as it is; new ones come first. */
export const expanded: Handler = (call) => {
  const values = call.args.positional.slice(1);
  const target = targetOf(values.length > 0 ? values : [...call.args.named.values()]);
  return rearranged(call, ([shape]) => {
    if (shape === undefined || target === undefined) return undefined;
    const more = target.length - shape.length;
    return target.map((size, k): Size => (size === -1 || size === 'batch' ? (shape[k - more] ?? unknownSize) : size));
  });
};

/** `x.expand_as(y)`, `x.view_as(y)`: as that one is. */
export const likeAnother: Handler = (call) => {
  const other = tensorIn(call.args.positional[1] ?? call.args.named.get('other'));
  if (other === undefined) return repeated(call);
  const layout = layoutAt(other);
  return rearranged(call, () => other.step.shape, layout === undefined ? {} : { layout, wants: layout });
};
