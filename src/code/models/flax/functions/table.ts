import { arithmetic } from './arithmetic';
import { elementWise, type Handler, rearranged, same } from './call';
import { rearrange, reduce } from './einops';
import { array, concatenate, hstack, split, stack } from './joining';
import { maximum, reduction } from './reductions';
import { expand, moved, oneHot, ravel, reshape, squeeze, swapaxes, transpose } from './reshaping';
import { dot, dotGeneral, einsum, pooling } from './weighted';

export const handlers: Readonly<Record<string, Handler>> = {
  reshape,
  ravel,
  flatten: ravel,
  transpose,
  permute_dims: transpose,
  swapaxes,
  moveaxis: moved,
  squeeze,
  expand_dims: expand,
  concatenate,
  concat: concatenate,
  hstack,
  stack,
  array,
  asarray: array,
  split,
  array_split: split,
  mean: reduction('average'),
  max: reduction('max'),
  amax: reduction('max'),
  sum: reduction(undefined),
  dot,
  matmul: dot,
  dot_general: dotGeneral,
  einsum,
  maximum,
  one_hot: oneHot,
  max_pool: pooling('max_pool'),
  avg_pool: pooling('avg_pool'),
  add: arithmetic('+'),
  subtract: arithmetic('-'),
  multiply: arithmetic('*'),
  divide: arithmetic('/'),
  true_divide: arithmetic('/'),
  rearrange,
  reduce,
  flip: (call) => rearranged(call, ([shape]) => shape, { keeps: true }),
  ...Object.fromEntries(
    'tile repeat broadcast_to pad take take_along_axis resize roll rot90'
      .split(' ')
      .map((name) => [name, moved] as const),
  ),
  ...Object.fromEntries(
    'exp expm1 log log1p log2 sqrt rsqrt square power abs absolute sign sin cos arctan clip minimum where stop_gradient normalize standardize negative reciprocal erf'
      .split(' ')
      .map((name) => [name, elementWise] as const),
  ),
  ...Object.fromEntries(
    'astype float32 float16 bfloat16 int32 float64 copy block_until_ready with_sharding_constraint with_logical_constraint conj real'
      .split(' ')
      .map((name) => [name, same] as const),
  ),
};
