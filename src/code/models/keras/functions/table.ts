import type { Value } from '../../../interpret/values';
import { numberOf } from '../../given';
import { type Call, cast, step } from './call';
import { add, concat, join } from './joining';
import { pooling, reduction } from './reductions';
import { rearranged, reshape } from './reshaping';
import { dropout, matmul } from './weighted';

/** By the last part of a path of TensorFlow or keras.ops. */
export const onTensors: Readonly<Record<string, (call: Call) => Value>> = {
  add,
  bias_add: add,
  subtract: join({ kind: 'add' }),
  add_n: join({ kind: 'add' }),
  multiply: join({ kind: 'multiply' }),
  divide: join({ kind: 'opaque' }),
  concat,
  concatenate: concat,
  reshape,
  matmul,
  dot: matmul,
  tensordot: matmul,
  dropout,
  reduce_mean: reduction('average'),
  mean: reduction('average'),
  reduce_max: reduction('max'),
  max: reduction('max'),
  max_pool: pooling('max'),
  max_pool1d: pooling('max'),
  max_pool2d: pooling('max'),
  avg_pool: pooling('average'),
  avg_pool2d: pooling('average'),
  average_pool: pooling('average'),
  transpose: rearranged(() => () => undefined),
  permute_dimensions: rearranged(() => () => undefined),
  squeeze: rearranged((call) => {
    const axis = numberOf(call.given('x', 'axis').value('axis'));
    return ([input]) =>
      axis === undefined || axis === 0
        ? undefined
        : input?.filter((_, k) => k !== (axis < 0 ? input.length + axis : axis - 1));
  }),
  expand_dims: rearranged((call) => {
    const axis = numberOf(call.given('x', 'axis').value('axis'));
    return ([input]) =>
      axis === undefined || axis === 0 || input === undefined
        ? undefined
        : input.toSpliced(axis < 0 ? input.length + 1 + axis : axis - 1, 0, 1);
  }),
  flatten: (call) => step(call, { kind: 'flatten' }, undefined),
  batch_flatten: (call) => step(call, { kind: 'flatten' }, undefined),
  identity: cast,
  cast,
  convert_to_tensor: cast,
  ensure_shape: cast,
};
