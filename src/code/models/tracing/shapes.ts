import type { Shape, Size } from '../../../core/model/model';
import { product, unknownSize } from '../given';
import type { Shapes } from './step';

/** Axes from `start` to `end`, both included, become one. */
export const flattened =
  (start: Size, end: Size) =>
  ([input]: Shapes): Shape | undefined => {
    if (typeof start !== 'number' || typeof end !== 'number') return undefined;
    if (input === undefined) return start === 1 && end === -1 ? [unknownSize, unknownSize] : undefined;
    // Of everything: people mean one example then.
    const from = start < 0 ? input.length + start : start === 0 && input.length > 1 ? 1 : start;
    const to = end < 0 ? input.length + end : end;
    if (from > to) return input;
    return [...input.slice(0, from), product(input.slice(from, to + 1)), ...input.slice(to + 1)];
  };

/** A reshape's target, with −1 for what is left; the first axis is the batch. */
export const reshaped =
  (target: readonly (Size | 'batch')[] | undefined) =>
  ([input]: Shapes): Shape | undefined => {
    if (target === undefined) return undefined;
    const sizes = target.map((size): Size => (size === 'batch' ? (input?.[0] ?? unknownSize) : size));
    const open = sizes.indexOf(-1);
    if (open < 0) return sizes;
    if (open === 0) return [unknownSize, ...sizes.slice(1)];
    // The batch is not known, but stays.
    const kept = target[0] === 'batch' || (typeof target[0] === 'object' && input !== undefined) ? 1 : 0;
    const whole = input === undefined ? unknownSize : product(input.slice(kept));
    const rest = product(sizes.filter((_, k) => k !== open && k >= kept));
    const left = typeof whole === 'number' && typeof rest === 'number' && rest > 0 ? whole / rest : unknownSize;
    return sizes.map((size, k) => (k === open ? left : size));
  };

export const permuted =
  (axes: readonly number[] | undefined) =>
  ([input]: Shapes): Shape | undefined => {
    if (axes === undefined || input === undefined || axes.length !== input.length) return undefined;
    return axes.map((axis) => input.at(axis) ?? unknownSize);
  };

export const swapped =
  (a: number | undefined, b: number | undefined) =>
  ([input]: Shapes): Shape | undefined => {
    if (a === undefined || b === undefined || input === undefined) return undefined;
    const [from, to] = [a, b].map((axis) => (axis < 0 ? input.length + axis : axis)) as [number, number];
    return input.map((size, k) =>
      k === from ? (input[to] ?? unknownSize) : k === to ? (input[from] ?? unknownSize) : size,
    );
  };

export const squeezed =
  (axis: number | undefined) =>
  ([input]: Shapes): Shape | undefined => {
    if (input === undefined) return undefined;
    if (axis === undefined) {
      return input.every((size, k) => k === 0 || typeof size === 'number')
        ? input.filter((size, k) => k === 0 || size !== 1)
        : undefined;
    }
    const at = axis < 0 ? input.length + axis : axis;
    // A batch is not one by accident.
    if (at === 0 && typeof input[0] === 'object' && input.length > 1) return input;
    return input[at] === 1 ? input.filter((_, k) => k !== at) : typeof input[at] === 'number' ? input : undefined;
  };

export const unsqueezed =
  (axis: number | undefined) =>
  ([input]: Shapes): Shape | undefined => {
    if (input === undefined || axis === undefined) return undefined;
    const at = axis < 0 ? input.length + 1 + axis : axis;
    return [...input.slice(0, at), 1, ...input.slice(at)];
  };

/** Without some axes, or with 1 in their place. */
export const reduced =
  (axes: readonly number[] | undefined, keep: boolean) =>
  ([input]: Shapes): Shape | undefined => {
    if (input === undefined || axes === undefined) return undefined;
    const gone = new Set(axes.map((axis) => (axis < 0 ? input.length + axis : axis)));
    return keep ? input.map((size, k) => (gone.has(k) ? 1 : size)) : input.filter((_, k) => !gone.has(k));
  };
