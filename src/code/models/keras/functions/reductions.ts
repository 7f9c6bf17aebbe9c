import type { Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { flagOf, isNone, sizeOf, sizesOf, textOf } from '../../given';
import { axesOf, type Call, opaque, step } from './call';

/** A mean or maximum over all of space is a global pooling; over anything else it is not known. */
export const reduction =
  (mode: 'max' | 'average') =>
  (call: Call): Value => {
    const given = call.given('x', 'axis', 'keepdims');
    const { shape } = call.tensor;
    const rank = shape === undefined ? undefined : shape.length + 1;
    const axes = axesOf(given, rank);
    const space = rank === undefined ? [] : Array.from({ length: rank - 2 }, (_, k) => k + 1);
    const overSpace =
      axes !== undefined && space.length > 0 && axes.length === space.length && space.every((k) => axes.includes(k));
    if (!overSpace) return opaque(call, axes && shape?.filter((_, k) => !axes.includes(k + 1)));
    const keep = flagOf(given.value('keepdims'), false) === true;
    return step(
      call,
      { kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' },
      ([input]) => input && (keep ? [...space.map(() => 1), input.at(-1)!] : [input.at(-1)!]),
    );
  };

export const pooling =
  (mode: 'max' | 'average') =>
  (call: Call): Value => {
    const given = call.given('input', 'ksize', 'strides', 'padding');
    const rank = call.tensor.shape === undefined ? 2 : call.tensor.shape.length - 1;
    if (rank < 1 || rank > 3) return opaque(call);
    // Older calls give the batch and the channels, too: [1, 2, 2, 1].
    const inSpace = (value: Value | undefined): Size[] =>
      value?.kind === 'list' && value.items.length === rank + 2
        ? value.items.slice(1, -1).map((item) => sizeOf(item))
        : sizesOf(value, rank);
    const size = inSpace(given.value('ksize') ?? given.value('pool_size'));
    const strides = isNone(given.value('strides')) ? size : inSpace(given.value('strides'));
    const padding = textOf(given.value('padding'))?.toLowerCase() === 'same' ? 'same' : 'valid';
    return step(call, { kind: 'pooling', mode, global: false, size, strides, padding }, undefined);
  };
