import type { Rank } from '../../../../core/frameworks/layerSignature';
import type { Padding, Shape, Size } from '../../../../core/model/model';
import { list, type Value } from '../../../interpret/values';
import {
  flagOf,
  type Given,
  isNone,
  numberOf,
  product,
  sizeOf,
  sizesOf,
  textOf,
  unknownSize,
  usualNumber,
} from '../../given';
import { type Moment, type Shapes, type Tensor, tellShape } from '../../tracing/step';
import { type Maker, type Makers, type Meaning, type Plan, writtenPath } from '../layer';
import { axisOf, readingOf, sizeValue } from '../state';
import { identity, unflatten } from './plain';

/** Convolutions and pooling: (N, C, *space). */

const mapSize = (size: Size, change: (n: number) => number): Size => {
  if (typeof size !== 'number') return size;
  const result = change(size);
  return Number.isFinite(result) ? result : unknownSize;
};

const allKnown = (sizes: readonly Size[]): sizes is readonly number[] =>
  sizes.every((size) => typeof size === 'number');

/** `padding=1`, `'same'`; zeros are `valid`. */
function paddingOf(value: Value | undefined, rank: Rank): Padding {
  const text = textOf(value);
  if (text === 'same' || text === 'valid') return text;
  const sizes = sizesOf(value, rank, 0);
  return sizes.every((size) => size === 0) ? 'valid' : sizes;
}

const paddingAt = (padding: Padding, axis: number): Size => (typeof padding === 'string' ? 0 : padding[axis]!);

interface Window {
  readonly size: readonly Size[];
  readonly strides: readonly Size[];
  readonly dilation: readonly Size[];
  readonly padding: Padding;
  readonly up?: boolean;
}

/** (n + 2p − d(k − 1) − 1)/s + 1, rounded down or up. */
function through(n: Size, axis: number, { size, strides, dilation, padding, up = false }: Window): Size {
  const [k, s, d] = [size[axis]!, strides[axis]!, dilation[axis]!];
  if (padding === 'same') return n;
  const p = paddingAt(padding, axis);
  if (!allKnown([k, s, d, p])) return unknownSize;
  const steps = (m: number) => (m + 2 * (p as number) - (d as number) * ((k as number) - 1) - 1) / (s as number);
  return mapSize(n, (m) => Math.max(0, (up ? Math.ceil(steps(m)) : Math.floor(steps(m))) + 1));
}

/**
 * @param rank of the space: where nothing is known of the input, it has so many axes beside batch and channels; a
 *   tensor with another number of axes has a shape that is not told
 */
const inSpace =
  (channels: (input: Size) => Size, change: (n: Size, axis: number) => Size, rank?: Rank) =>
  ([input]: Shapes): Shape | undefined => {
    const axes = rank === undefined ? undefined : rank + 2;
    const shape = input ?? (axes === undefined ? undefined : Array.from({ length: axes }, () => unknownSize));
    if (axes !== undefined && shape?.length !== axes) return undefined;
    return shape?.map((size, k) => (k === 0 ? size : k === 1 ? channels(size) : change(size, k - 2)));
  };

/** As PyTorch keeps them: one number for each axis. */
const sizeTuple = (sizes: readonly Size[], { machine }: Moment): Value =>
  list(
    sizes.map((size) => sizeValue(size, machine)),
    'tuple',
  );

/** Whether each channel has kernels of its own: as many groups as channels, in numbers or as the same unknown number. */
function isDepthwise(given: Given, { machine }: Moment): boolean {
  const [channels, groups] = [given.value('in_channels'), given.value('groups')];
  if (channels === undefined || groups === undefined) return false;
  const known = numberOf(groups);
  if (known !== undefined) return known > 1 && known === numberOf(channels);
  if (groups.kind !== 'unknown' || channels.kind !== 'unknown' || groups.symbols.length === 0) return false;
  const written = (name: string) => machine.text(given.source(name)).replace(/^\w+\s*=(?!=)\s*/, '');
  return groups === channels || written('groups') === written('in_channels');
}

const convolution: Maker<'convolution'> = ({ path, given, parameter, moment }, signature) => {
  const rank = signature.rank!;
  const { lazy, form } = signature;
  const transposed = form === 'transposed';
  const sizes = (name: string) => sizesOf(given.value(name), rank, usualNumber(signature, name));
  const channels = lazy ? unknownSize : sizeOf(given.value('in_channels'));
  const filters = sizeOf(given.value('out_channels'));
  const window: Window = {
    size: sizes('kernel_size'),
    strides: sizes('stride'),
    dilation: sizes('dilation'),
    padding: paddingOf(given.value('padding'), rank),
  };
  const groups = sizeOf(given.value('groups'), usualNumber(signature, 'groups'));
  const perGroup =
    typeof channels === 'number' && typeof groups === 'number' && groups > 0 ? channels / groups : channels;
  const kernel = parameter(
    'weight',
    transposed ? [channels, filters, ...window.size] : [filters, perGroup, ...window.size],
  );
  const hasBias = flagOf(given.value('bias'), true);
  const bias = hasBias === false ? undefined : parameter('bias', [filters]);
  const extra = sizes('output_padding');
  return {
    plans: [
      {
        ...convPlan({ rank, filters, groups, transposed, window, extra, kernel, bias }),
        ...(!lazy && isDepthwise(given, moment) ? { type: `${writtenPath(path)} (depthwise)` } : {}),
      },
    ],
    tell: (input) => tellShape(input, [unknownSize, channels, ...window.size.map(() => unknownSize)]),
    certain: hasBias !== undefined,
    members: {
      kernel_size: sizeTuple(window.size, moment),
      stride: sizeTuple(window.strides, moment),
      dilation: sizeTuple(window.dilation, moment),
    },
  };
};

interface ConvPlan {
  readonly rank: Rank;
  readonly filters: Size;
  readonly groups: Size;
  readonly transposed: boolean;
  readonly window: Window;
  readonly extra: readonly Size[];
  readonly kernel: { readonly initialization: import('../../../../core/model/model').Initialization };
  readonly bias: { readonly initialization: import('../../../../core/model/model').Initialization } | undefined;
}

export function convPlan({ rank, filters, groups, transposed, window, extra, kernel, bias }: ConvPlan): Plan {
  const { size, strides, dilation, padding } = window;
  const grow = (n: Size, axis: number): Size => {
    const parts = [size[axis]!, strides[axis]!, dilation[axis]!, paddingAt(padding, axis), extra[axis] ?? 0];
    if (!allKnown(parts)) return unknownSize;
    const [k = 0, s = 0, d = 0, p = 0, more = 0] = parts;
    return mapSize(n, (m) => (m - 1) * s - 2 * p + d * (k - 1) + more + 1);
  };
  return {
    operation: () => ({
      kind: 'convolution',
      rank,
      filters,
      kernelSize: size,
      strides,
      dilation,
      padding,
      groups,
      transposed,
      kernel: kernel.initialization,
      bias: bias?.initialization ?? null,
    }),
    infer: inSpace(() => filters, transposed ? grow : (n, axis) => through(n, axis, window), rank),
    layout: 'channels',
    wants: 'channels',
  };
}

/** True where what is given for a window is the whole of space: `F.avg_pool2d(x, x.shape[2:])`, `x.size(2)`. */
function isAllOfSpace(value: Value | undefined, rank: Rank): boolean {
  if (value?.kind === 'foreign') return value.type === 'shape';
  const isSpace = (each: Value | undefined, k: number): boolean =>
    each !== undefined && (axisOf(each) === 2 + k || axisOf(each) === k - rank);
  if (value?.kind === 'list') return value.items.length === rank && value.items.every(isSpace);
  // One size for all axes: whoever gives it has squares.
  return isSpace(value, 0);
}

/** True for `F.avg_pool2d(x, (x.shape[1], 1))` on (N, T, C): a mean over time. */
const isAllOfTime = (value: Value | undefined): boolean =>
  value?.kind === 'list' && value.items.length === 2 && axisOf(value.items[0]) === 1 && numberOf(value.items[1]) === 1;

const overTime = (mode: 'max' | 'average'): Plan => ({
  operation: () => ({ kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' }),
  infer: ([input]) => (input?.length === 3 ? [input[0]!, 1, input[2]!] : undefined),
  layout: 'plain',
});

const pooling: Maker<'pooling'> = ({ given }, signature) => {
  const { rank = 1, mode, over } = signature;
  if (over === 'adaptive') return adaptive(given, rank, mode);
  const kernel = given.value('kernel_size');
  if (isAllOfSpace(kernel, rank)) return { plans: [globalPool(mode, rank)] };
  if (rank === 2 && isAllOfTime(kernel)) return { plans: [overTime(mode)] };
  const size = sizesOf(kernel, rank);
  const stride = given.value('stride');
  const strides = isNone(stride) ? size : sizesOf(stride, rank);
  const window: Window = {
    size,
    strides,
    dilation: sizesOf(given.value('dilation'), rank, usualNumber(signature, 'dilation')),
    padding: paddingOf(given.value('padding'), rank),
    up: flagOf(given.value('ceil_mode'), false) === true,
  };
  return {
    plans: [
      {
        operation: () => ({ kind: 'pooling', mode, global: false, size, strides, padding: window.padding }),
        infer: inSpace(
          (channels) => channels,
          (n, axis) => through(n, axis, window),
          rank,
        ),
        layout: 'channels',
        wants: 'channels',
      },
    ],
    tell: (input) => tellShape(input, [unknownSize, unknownSize, ...size.map(() => unknownSize)]),
  };
};

/** Over all of space; its axes stay, with size 1. */
export const globalPool = (mode: 'max' | 'average', rank?: Rank): Plan => ({
  operation: () => ({ kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' }),
  infer: inSpace(
    (channels) => channels,
    () => 1,
    rank,
  ),
  layout: 'channels',
  wants: 'channels',
});

const adaptive = (given: Given, rank: Rank, mode: 'max' | 'average'): Meaning => {
  const value = given.value('output_size');
  const target = sizesOf(value, rank);
  if (target.every((size) => size === 1)) return { plans: [globalPool(mode, rank)] };
  const windows = ([input]: Shapes): Size[] =>
    target.map((size, k) => {
      const n = input?.[k + 2];
      return typeof n === 'number' && typeof size === 'number' && n % size === 0 ? n / size : unknownSize;
    });
  return {
    plans: [
      {
        operation: (inputs) => {
          const size = windows(inputs);
          return { kind: 'pooling', mode, global: false, size, strides: size, padding: 'valid' };
        },
        infer: inSpace(
          (channels) => channels,
          (n, axis) => (isNone(itemOf(value, axis)) ? n : target[axis]!),
          rank,
        ),
        layout: 'channels',
        wants: 'channels',
      },
    ],
    tell: (input) => tellShape(input, [unknownSize, unknownSize, ...target.map(() => unknownSize)]),
  };
};

const itemOf = (value: Value | undefined, axis: number): Value | undefined =>
  value?.kind === 'list' ? value.items[axis] : value;

/** Moves or repeats numbers in space: padding, upsampling. */
const moved = (infer: Infer | undefined): Meaning => ({
  plans: [
    {
      operation: () => ({ kind: 'rearrange' }),
      ...(infer === undefined ? {} : { infer }),
      layout: 'channels',
      wants: 'channels',
    },
  ],
});

type Infer = (inputs: Shapes) => Shape | undefined;

const upsampled = (given: Given): Infer => {
  const scale = given.value('scale_factor');
  const target = given.value('size');
  return ([input]) =>
    input?.map((n, k): Size => {
      if (k < 2) return n;
      if (!isNone(target)) return sizesOf(target, (input.length - 2) as Rank)[k - 2]!;
      const by = sizesOf(scale, (input.length - 2) as Rank)[k - 2]!;
      return typeof by === 'number' ? mapSize(n, (m) => Math.floor(m * by)) : unknownSize;
    });
};

/** Padding for the last axes first, two numbers each. */
const padded = (given: Given): Infer => {
  const value = given.value('padding');
  return ([input]) =>
    input?.map((n, k): Size => {
      const axis = input.length - 1 - k;
      if (k < 2) return n;
      if (value?.kind !== 'list')
        return typeof sizeOf(value) === 'number' ? mapSize(n, (m) => m + 2 * Number(sizeOf(value))) : unknownSize;
      const pair = [sizeOf(value.items[2 * axis], 0), sizeOf(value.items[2 * axis + 1], 0)];
      return allKnown(pair) ? mapSize(n, (m) => m + pair[0]! + pair[1]!) : unknownSize;
    });
};

const shuffled = (given: Given, up: boolean): Infer => {
  const factor = sizeOf(given.value('factor') ?? given.value('upscale_factor') ?? given.value('downscale_factor'));
  const by = typeof factor === 'number' ? factor : undefined;
  const grow = (n: Size): Size =>
    by === undefined ? unknownSize : mapSize(n, (m) => (up ? m * by : Math.floor(m / by)));
  const channels = (n: Size): Size =>
    by === undefined ? unknownSize : mapSize(n, (m) => (up ? m / by ** 2 : m * by ** 2));
  return inSpace(channels, grow);
};

const rearrange: Maker<'rearrange'> = (call, { how }) => {
  const { given } = call;
  switch (how) {
    case 'upsample':
      return moved(upsampled(given));
    case 'pad':
      return moved(padded(given));
    case 'shuffle':
      return moved(shuffled(given, true));
    case 'unshuffle':
      return moved(shuffled(given, false));
    case 'channels':
      return moved(first);
    case 'unflatten':
      return unflatten(call);
    default:
      return identity;
  }
};

export const space: Makers = { convolution, pooling, rearrange };

const first = ([input]: Shapes): Shape | undefined => input;

/** Marks the first tensor as one with channels first. */
export const spatialProduct = (shape: Shape): Size => product(shape.slice(2));

export const isInModel = ({ machine }: Moment): boolean => readingOf(machine).depth > 0;

export type { Tensor };
