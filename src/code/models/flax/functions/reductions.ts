import { pathSpelling } from '../../../../core/frameworks/spellings';
import type { Operation } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { flagOf, isNone, numberOf, unknownSize } from '../../given';
import { activationUse } from '../../tracing/activation';
import { reduced } from '../../tracing/shapes';
import { broadcast, lastSize, stepsBefore, tensorIn } from '../../tracing/step';
import { axesOf, elementWise, fixed, type Handler, held, movingTensors, opaque, rankOf, step } from './call';

const alongTime: ReadonlySet<Operation['kind']> = new Set(['embedding', 'recurrent', 'attention']);

const isRange = (axes: readonly number[], from: number, to: number): boolean =>
  to >= from && axes.length === to - from + 1 && axes.every((axis, k) => axis === from + k);

/** A mean or maximum over space or time is global pooling. */
export const reduction =
  (mode: 'max' | 'average' | undefined): Handler =>
  (call) => {
    const { input } = call;
    if (fixed(input)) return held(call.moment, undefined, call.type);
    const given = call.given('axis');
    const written = given.value('axis');
    const axes = isNone(written) ? undefined : axesOf([written!]);
    const keep = flagOf(call.args.named.get('keepdims'), false) === true;
    const infer = reduced(axes, keep);
    const rank = rankOf(input);
    const sorted = axes?.map((axis) => (axis < 0 && rank !== undefined ? rank + axis : axis)).sort((a, b) => a - b);
    const isTime = rank === undefined && stepsBefore([input]).some(({ operation }) => alongTime.has(operation.kind));
    const space =
      sorted !== undefined &&
      ((rank !== undefined && isRange(sorted, 1, rank - 2)) ||
        (rank === undefined && (isRange(sorted, 1, 2) || isRange(sorted, -3, -2) || isRange(sorted, 1, 3))) ||
        (isTime && isRange(sorted, 1, 1)));
    if (!space || mode === undefined) return opaque(call, infer);
    const last = lastSize(input);
    return step(call, {
      operation: { kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' },
      infer: (shapes) => infer(shapes) ?? (!keep && last !== undefined ? [unknownSize, last] : undefined),
      last,
    });
  };

const isZero = (value: Value | undefined): boolean => numberOf(value) === 0;

/** `jnp.maximum(x, 0)` is a ReLU. */
export const maximum: Handler = (call) => {
  const [left, right] = call.args.positional;
  const isRelu = (tensorIn(left) !== undefined && isZero(right)) || (tensorIn(right) !== undefined && isZero(left));
  if (!isRelu) return movingTensors(call.args).length > 1 ? opaque(call, broadcast) : elementWise(call);
  const spelling = pathSpelling('jax.nn.relu', 'python')!;
  const { use } = activationUse(spelling, undefined, call.type, call.moment.site.source);
  return step(call, { operation: { kind: 'activation', activation: use }, keeps: true });
};
