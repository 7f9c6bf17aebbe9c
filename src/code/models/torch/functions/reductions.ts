import type { Operation } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { flagOf, unknownSize } from '../../given';
import { reduced } from '../../tracing/shapes';
import { broadcast, lastSize, type Step, stepsBefore, type Tensor, tensorIn } from '../../tracing/step';
import { foreign } from '../state';
import { axesOf, type FunctionCall, type Handler, held, layoutAt, opaque, step } from './call';

const pooledKinds: ReadonlySet<Operation['kind']> = new Set([
  'embedding',
  'recurrent',
  'attention',
  'transformerEncoder',
  'convolution',
]);

/** True where axis 1 is time: what came before works along it. */
const hasTime = (tensor: Tensor): boolean =>
  tensor.step.shape?.length === 3 ||
  (tensor.step.shape === undefined && stepsBefore([tensor]).some(({ operation }) => pooledKinds.has(operation.kind)));

/** How many axes there are where what came before works in space and the axes stayed; undefined where nobody can tell. */
function rankOf({ step: last }: Tensor): number | undefined {
  for (let at = last; ; at = at.inputs[0].step) {
    if (at.shape !== undefined) return at.shape.length;
    if (at.operation.kind === 'convolution') return at.operation.rank + 2;
    if (at.operation.kind === 'pooling' && !at.operation.global) return at.operation.size.length + 2;
    if (!at.keeps || at.inputs[0] === undefined) return undefined;
  }
}

/** What was reduced along one axis so far, of which `x.mean(3).mean(2)` goes on with the next. */
interface Reduced {
  readonly input: Tensor;
  readonly axis: number;
  readonly mode: Mode;
  readonly keep: boolean;
}

type Mode = 'max' | 'average' | undefined;

const once = new WeakMap<Step, Reduced>();

/** A mean or maximum over space or time is global pooling. */
export const reduction =
  (mode: Mode): Handler =>
  (call) => {
    const given = call.given('dim', 'keepdim');
    if (call.input.constant) return held(call.moment, undefined, call.type);
    const written = given.value('dim') ?? given.value('axis');
    const axes = written === undefined ? undefined : axesOf([written]);
    const keep = flagOf(given.value('keepdim'), false) === true;
    const [axis] = axes ?? [];
    if (axes?.length !== 1 || axis === undefined || axis < 0) return reduce(call, mode, axes, keep);
    const former = once.get(call.input.step);
    if (former === undefined || former.mode !== mode || former.keep !== keep) {
      const value = reduce(call, mode, axes, keep);
      const made = tensorIn(value);
      if (made !== undefined) once.set(made.step, { input: call.input, axis, mode, keep });
      return value;
    }
    const own = keep || axis < former.axis ? axis : axis + 1;
    return reduce({ ...call, input: former.input }, mode, [former.axis, own], keep);
  };

function reduce(call: FunctionCall, mode: Mode, axes: readonly number[] | undefined, keep: boolean): Value {
  const { input } = call;
  const infer = reduced(axes, keep);
  const rank = rankOf(input);
  const layout = layoutAt(input);
  const sorted = axes?.map((axis) => (axis < 0 && rank !== undefined ? rank + axis : axis)).sort((a, b) => a - b);
  const space =
    sorted !== undefined &&
    mode !== undefined &&
    ((rank !== undefined && rank > 2 && layout === 'channels' && isRange(sorted, 2, rank - 1)) ||
      (rank !== undefined && rank > 2 && layout !== 'channels' && layout !== 'time' && isRange(sorted, 1, rank - 2)) ||
      (rank === 4 && isRange(sorted, 2, 3)) ||
      (rank === undefined && (isRange(sorted, 2, 3) || isRange(sorted, -2, -1) || isRange(sorted, 2, 4))) ||
      (sorted.length === 1 && sorted[0] === (layout === 'time' ? 0 : 1) && layout !== 'channels' && hasTime(input)));
  if (!space) return opaque(call, infer);
  const channels = layout === 'channels' || (rank === 4 && sorted[0] === 2) || rank === undefined;
  const isTime = sorted.length === 1 && layout !== 'channels';
  const last = isTime ? lastSize(input) : undefined;
  return step(call, {
    operation: { kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' },
    infer: (shapes) => infer(shapes) ?? (isTime && !keep && last !== undefined ? [unknownSize, last] : undefined),
    last,
    ...(isTime ? {} : channels ? { wants: 'channels' as const } : {}),
    layout: keep && channels && !isTime ? 'channels' : 'plain',
  });
}

const isRange = (axes: readonly number[], from: number, to: number): boolean =>
  axes.length === to - from + 1 && axes.every((axis, k) => axis === from + k);

/** `torch.max(x, 1)` has values and indices; `torch.max(x, y)` is the larger of two. */
export const maximum: Handler = (call) => {
  const [, second] = call.args.positional;
  if (tensorIn(second) !== undefined) return opaque(call, broadcast);
  const value = reduction('max')(call);
  if (value === undefined) return undefined;
  if (second === undefined && !call.args.named.has('dim')) return value;
  return foreign('extremes', { values: value, indices: call.moment.machine.unknown('indices') } satisfies Extremes);
};

/** What `torch.max(x, 1)` gives: a tuple whose parts have names. */
export interface Extremes {
  readonly values: Value;
  readonly indices: Value;
}
