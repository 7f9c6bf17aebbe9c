import type { Rank } from '../../../../core/frameworks/layerSignature';
import type { Operation, Padding, Shape, Size } from '../../../../core/model/model';
import { strided } from '../../../../core/model/strides';
import type { Value } from '../../../interpret/values';
import { isNone, sizeOf, sizesOf, textOf, unknownSize, usualNumber } from '../../given';
import { type Shapes, tellShape } from '../../tracing/step';
import { lengths } from '../functions/sizes';
import type { Maker, Makers, Meaning, Plan } from '../layer';
import { axisOf } from '../state';
import { weightsIn } from './weighted';

/** Convolutions and pooling: (N, *space, C). */

/** Of a length that nobody knows another one, of which nobody knows how it came from that. */
const mapSize = (size: Size, change: (n: number) => number): Size => {
  if (typeof size !== 'number') return { ...size };
  const result = change(size);
  return Number.isFinite(result) ? result : unknownSize;
};

const allKnown = (sizes: readonly Size[]): sizes is readonly number[] =>
  sizes.every((size) => typeof size === 'number');

interface Window {
  readonly size: readonly Size[];
  readonly strides: readonly Size[];
  readonly dilation: readonly Size[];
}

/** Numbers added before and after along each axis, by a step of its own before the layer. */
interface Pads {
  readonly written: string;
  readonly sizes: readonly (readonly [Size, Size])[];
}

interface PaddingRead {
  readonly padding: Padding;
  readonly pads?: Pads;
  readonly certain: boolean;
}

/** d(k − 1): what a kernel reaches beyond one number. */
const reach = ({ size, dilation }: Window, axis: number): Size => {
  const [k, d] = [size[axis]!, dilation[axis]!];
  return typeof k === 'number' && typeof d === 'number' ? d * (k - 1) : unknownSize;
};

const half = (size: Size, round: (n: number) => number): Size => mapSize(size, (n) => round(n / 2));

/** `'SAME'`, `'VALID'`, `'CIRCULAR'`, `'CAUSAL'`, `1`, `(1, 1)`, `((1, 2), (1, 2))`. */
function paddingOf(value: Value | undefined, rank: Rank, window: Window, usual: 'same' | 'valid'): PaddingRead {
  if (value === undefined) return { padding: usual, certain: true };
  const text = textOf(value)?.toUpperCase();
  const axes = Array.from({ length: rank }, (_, k) => k);
  switch (text) {
    case 'SAME':
      return { padding: 'same', certain: true };
    case 'VALID':
      return { padding: 'valid', certain: true };
    case 'CIRCULAR':
    case 'REFLECT': {
      const sizes = axes.map((k): [Size, Size] => [
        half(reach(window, k), Math.floor),
        half(reach(window, k), Math.ceil),
      ]);
      return { padding: 'valid', pads: { written: `'${text}'`, sizes }, certain: true };
    }
    case 'CAUSAL':
      return {
        padding: 'valid',
        pads: { written: `'${text}'`, sizes: axes.map((k): [Size, Size] => [reach(window, k), 0]) },
        certain: true,
      };
    default:
  }
  if (text !== undefined) return { padding: 'valid', certain: false };
  const pairs = pairsOf(value, rank);
  if (pairs === undefined) return { padding: axes.map(() => unknownSize), certain: false };
  if (pairs.every(([low, high]) => low === high)) {
    const sizes = pairs.map(([low]) => low);
    return { padding: sizes.every((size) => size === 0) ? 'valid' : sizes, certain: true };
  }
  return { padding: 'valid', pads: { written: 'padding', sizes: pairs }, certain: true };
}

function pairsOf(value: Value, rank: Rank): (readonly [Size, Size])[] | undefined {
  if (value.kind === 'list') {
    if (value.items.length !== rank && value.items.length !== 1) return undefined;
    const pairs = value.items.map((item): readonly [Size, Size] =>
      item.kind === 'list' ? [sizeOf(item.items[0]), sizeOf(item.items[1])] : [sizeOf(item), sizeOf(item)],
    );
    return pairs.length === rank ? pairs : Array.from({ length: rank }, () => pairs[0]!);
  }
  if (value.kind !== 'constant' || typeof value.value !== 'number') return undefined;
  return Array.from({ length: rank }, () => [sizeOf(value), sizeOf(value)] as const);
}

/** Space changes, the batch stays, channels become `channels`; other numbers of axes have a shape that is not told. */
const inSpace =
  (rank: Rank, channels: ((input: Size) => Size) | undefined, change: (n: Size, axis: number) => Size) =>
  ([input]: Shapes): Shape | undefined => {
    if (input?.length !== rank + 2) return undefined;
    return input.map((size, k) => {
      if (k === 0) return size;
      return k === rank + 1 ? (channels?.(size) ?? size) : change(size, k - 1);
    });
  };

/** Sizes after a window has gone over them. */
const through =
  ({ size, strides, dilation }: Window, padding: Padding) =>
  (n: Size, axis: number): Size => {
    const [k, s, d] = [size[axis]!, strides[axis]!, dilation[axis]!];
    if (padding === 'same') {
      if (typeof s !== 'number') return unknownSize;
      return typeof n === 'number' ? mapSize(n, (m) => Math.ceil(m / s)) : strided(n, s);
    }
    const p = padding === 'valid' ? 0 : padding[axis]!;
    if (!allKnown([k, s, d, p])) return unknownSize;
    const [kernel, stride, dilated, pad] = [k, s, d, p] as number[] as [number, number, number, number];
    // As many numbers are added as the kernel reaches over: only strides make it shorter.
    if (typeof n !== 'number' && 2 * pad === dilated * (kernel - 1)) return strided(n, stride);
    return mapSize(n, (m) => Math.max(0, Math.floor((m + 2 * pad - dilated * (kernel - 1) - 1) / stride) + 1));
  };

const padPlan = (rank: Rank, { written, sizes }: Pads): Plan => ({
  operation: () => ({ kind: 'rearrange' }),
  type: written,
  infer: inSpace(rank, undefined, (n, axis) => {
    const [low, high] = sizes[axis]!;
    if (typeof low !== 'number' || typeof high !== 'number') return unknownSize;
    return mapSize(n, (m) => m + low + high);
  }),
});

/** An integer is a window along one axis. */
const rankOf = (value: Value | undefined): Rank | undefined => {
  if (value?.kind === 'constant') return typeof value.value === 'number' ? 1 : undefined;
  if (value?.kind !== 'list' || !value.complete) return undefined;
  const { length } = value.items;
  return length >= 1 && length <= 3 ? (length as Rank) : undefined;
};

const unread: Meaning = { plans: [{ operation: () => ({ kind: 'opaque' }) }], certain: false };

const convolution: Maker<'convolution'> = (call, signature) => {
  const { given } = call;
  const transposed = signature.form === 'transposed';
  // nnx's take the number of channels too.
  const isNnx = signature.parameters.includes('in_features');
  const channels = isNnx ? sizeOf(given.value('in_features')) : unknownSize;
  const filters = sizeOf(given.value(isNnx ? 'out_features' : 'features'));
  const kernelSize = given.value('kernel_size');
  const told = rankOf(kernelSize);
  // Of a kernel that only an argument tells, most are of images.
  const rank = told ?? (kernelSize?.kind === 'unknown' ? 2 : undefined);
  if (rank === undefined) return unread;
  const strides = given.value('strides');
  const dilation = given.value('kernel_dilation');
  const window: Window = {
    size: sizesOf(kernelSize, rank),
    strides: sizesOf(isNone(strides) ? undefined : strides, rank, usualNumber(signature, 'strides')),
    dilation: sizesOf(isNone(dilation) ? undefined : dilation, rank, usualNumber(signature, 'kernel_dilation')),
  };
  const written = paddingOf(given.value('padding'), rank, window, 'same');
  const { pads, certain } = written;
  const isNumber = given.value('padding') !== undefined && textOf(given.value('padding')) === undefined;
  const uneven = transposed ? pads : undefined;
  const padding = transposed && isNumber && uneven === undefined ? cropped(written.padding, window) : written.padding;
  if (padding === undefined) return unread;
  const groups = sizeOf(given.value('feature_group_count'), usualNumber(signature, 'feature_group_count'));
  const input = given.value('input_dilation');
  const weights = weightsIn(call);
  const stretched = !isNone(input) && !sizesOf(input, rank).every((size) => size === 1);
  if (stretched) return unread;
  const operation: Operation = {
    kind: 'convolution',
    rank,
    filters,
    kernelSize: window.size,
    strides: window.strides,
    dilation: window.dilation,
    padding,
    groups,
    transposed,
    kernel: weights.kernel,
    bias: weights.bias,
  };
  return {
    plans: [
      ...(pads === undefined || transposed ? [] : [padPlan(rank, pads)]),
      {
        operation: () => operation,
        infer: inSpace(rank, () => filters, transposed ? grown(window, padding) : through(window, padding)),
        last: filters,
      },
      ...(uneven === undefined ? [] : [cropPlan(rank, window, uneven)]),
    ],
    tell: (tensor) => tellShape(tensor, [...lengths(rank + 1), channels]),
    certain: told !== undefined && certain && weights.certain && isNone(given.value('mask')),
  };
};

/**
 * Numbers that a transposed convolution is given are added around its stretched input; a graph says what is cut off the
 * whole output: d(k − 1) − p. Undefined where that would be less than nothing.
 */
function cropped(padding: Padding, window: Window): Padding | undefined {
  const sizes = window.size.map((_, axis): Size => {
    const [all, p] = [reach(window, axis), typeof padding === 'string' ? 0 : padding[axis]!];
    return typeof all === 'number' && typeof p === 'number' ? all - p : unknownSize;
  });
  if (sizes.some((size) => typeof size === 'number' && size < 0)) return undefined;
  return sizes.every((size) => size === 0) ? 'valid' : sizes;
}

/** What numbers before and after a stretched input leave of an output of which nothing is cut off, where they differ. */
const cropPlan = (rank: Rank, window: Window, { written, sizes }: Pads): Plan => ({
  operation: () => ({ kind: 'rearrange' }),
  type: written,
  infer: inSpace(rank, undefined, (n, axis) => {
    const [stride, kernel, [low, high]] = [window.strides[axis]!, reach(window, axis), sizes[axis]!];
    const all = [stride, kernel, low, high];
    if (!allKnown(all)) return unknownSize;
    const [s, k, before, after] = all as unknown as [number, number, number, number];
    return mapSize(n, (m) => m - Math.max(k + 1 - s, 0) - s + 1 + before + after - k);
  }),
});

/** Strides stretch: n·s, and what the kernel reaches beyond where nothing is cut off. */
const grown =
  (window: Window, padding: Padding) =>
  (n: Size, axis: number): Size => {
    const [k, s, d] = [window.size[axis]!, window.strides[axis]!, window.dilation[axis]!];
    if (!allKnown([s])) return unknownSize;
    if (padding === 'same') return s === 1 ? n : mapSize(n, (m) => m * (s as number));
    if (!allKnown([k, d])) return unknownSize;
    const kernel = (d as number) * ((k as number) - 1) + 1;
    if (padding !== 'valid') {
      const p = padding[axis]!;
      return typeof p === 'number' ? mapSize(n, (m) => (m - 1) * (s as number) - 2 * p + kernel) : unknownSize;
    }
    return mapSize(n, (m) => m * (s as number) + Math.max(kernel - (s as number), 0));
  };

/** True where what is given for a window is the whole of space: `(x.shape[1], x.shape[2])`. */
const isAllOfSpace = (value: Value | undefined): boolean =>
  value?.kind === 'list' &&
  value.items.length > 0 &&
  value.items.every((item, k) => {
    const axis = axisOf(item);
    return axis === k + 1 || (axis !== undefined && axis === k - value.items.length - 1);
  });

const pooling: Maker<'pooling'> = ({ given }, signature) => {
  const { mode } = signature;
  const shape = given.value('window_shape');
  if (isAllOfSpace(shape)) return { plans: [globalPool(mode)] };
  const rank = rankOf(shape);
  if (rank === undefined) return unread;
  const strides = given.value('strides');
  const window: Window = {
    size: sizesOf(shape, rank),
    strides: sizesOf(isNone(strides) ? undefined : strides, rank, usualNumber(signature, 'strides')),
    dilation: Array.from({ length: rank }, () => 1),
  };
  const { padding, pads, certain } = paddingOf(given.value('padding'), rank, window, 'valid');
  const operation: Operation = {
    kind: 'pooling',
    mode,
    global: false,
    size: window.size,
    strides: window.strides,
    padding,
  };
  return {
    plans: [
      ...(pads === undefined ? [] : [padPlan(rank, pads)]),
      { operation: () => operation, infer: inSpace(rank, undefined, through(window, padding)) },
    ],
    tell: (tensor) => tellShape(tensor, lengths(rank + 2)),
    certain,
  };
};

/** Over all of space; its axes stay, with size 1. */
const globalPool = (mode: 'max' | 'average'): Plan => ({
  operation: () => ({ kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' }),
  infer: ([input]) => input?.map((size, k) => (k === 0 || k === input.length - 1 ? size : 1)),
});

export const space: Makers = { convolution, pooling };
