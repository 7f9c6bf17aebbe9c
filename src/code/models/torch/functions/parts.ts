import type { Shape, Size } from '../../../../core/model/model';
import { constant, list, type Value } from '../../../interpret/values';
import { numberOf, sizeOf, unknownSize } from '../../given';
import { lastSize, type Shapes, type Tensor } from '../../tracing/step';
import { foreign } from '../state';
import { type FunctionCall, type Handler, rearranged } from './call';

const axisLength = ({ step: { shape } }: Tensor, axis: number): Size => shape?.at(axis) ?? unknownSize;

function parts(
  call: FunctionCall,
  count: number | undefined,
  axis: number,
  size: (k: number) => Size,
  drop = false,
): Value {
  const infer =
    (k: number) =>
    ([input]: Shapes): Shape | undefined => {
      if (input === undefined) return undefined;
      const at = axis < 0 ? input.length + axis : axis;
      return drop ? input.filter((_, i) => i !== at) : input.map((each, i) => (i === at ? size(k) : each));
    };
  const part = (k: number): Value => rearranged(call, infer(k), axis === -1 && !drop ? { last: size(k) } : {});
  if (count === undefined || count > 64) return foreign('parts', { part });
  return list(
    Array.from({ length: count }, (_, k) => part(k)),
    'tuple',
  );
}

/** Parts of which nobody knows how many there are. */
export interface Parts {
  part(k: number): Value;
}

export const chunk: Handler = (call) => {
  const given = call.given('chunks', 'dim');
  const count = numberOf(given.value('chunks'));
  const axis = numberOf(given.value('dim') ?? constant(0)) ?? 0;
  const whole = axis === -1 ? (lastSize(call.input) ?? unknownSize) : axisLength(call.input, axis);
  const each = typeof whole === 'number' && count !== undefined ? Math.ceil(whole / count) : unknownSize;
  return parts(call, count, axis, () => each);
};

export const split: Handler = (call) => {
  const given = call.given('split_size_or_sections', 'dim');
  const value = given.value('split_size_or_sections') ?? given.value('split_size');
  const axis = numberOf(given.value('dim') ?? constant(0)) ?? 0;
  if (value?.kind === 'list') return parts(call, value.items.length, axis, (k) => sizeOf(value.items[k]));
  const whole = axis === -1 ? (lastSize(call.input) ?? unknownSize) : axisLength(call.input, axis);
  const size = sizeOf(value);
  const count = typeof whole === 'number' && typeof size === 'number' && size > 0 ? Math.ceil(whole / size) : undefined;
  return parts(call, count, axis, () => size);
};

export const unbind: Handler = (call) => {
  const axis = numberOf(call.given('dim').value('dim') ?? constant(0)) ?? 0;
  const whole = axisLength(call.input, axis);
  return parts(call, typeof whole === 'number' ? whole : undefined, axis, () => unknownSize, true);
};
