import type { Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { numberOf, textOf } from '../../given';
import { type Moment, newStep, tellLast, tensorIn } from '../../tracing/step';
import { kindIn } from '../kinds/kinds';
import { densePlan } from '../kinds/weighted';
import { applyPlans, newLayer } from '../layer';
import { parameterIn, tensorValue, weightIn } from '../state';
import { fixed, type Handler, opaque, rankOf, withFixed } from './call';

/** x·W with a weight of the module: a dense layer without a bias. */
export function multiplied(
  left: Value | undefined,
  right: Value | undefined,
  type: string,
  moment: Moment,
): Value | undefined {
  // W·x is of one example, x·W of any number of them.
  const isBefore = fixed(tensorIn(left)) || parameterIn(left) !== undefined;
  const [input, weight] = isBefore ? [tensorIn(right), weightIn(left)] : [tensorIn(left), weightIn(right)];
  if (input === undefined || fixed(input) || weight?.shape?.length !== 2) return undefined;
  const [inputs, units] = (isBefore ? weight.shape.toReversed() : weight.shape) as [Size, Size];
  tellLast(input, inputs);
  const plan = densePlan(units, weight.initialization, null);
  const { machine, site } = moment;
  return tensorValue(
    newStep(
      {
        operation: plan.operation([]),
        inputs: [input],
        type,
        source: site.source,
        weights: weight.number,
        infer: plan.infer,
        last: units,
      },
      machine,
    ),
  );
}

export const dot: Handler = (call) => {
  const [left, right] = call.args.positional;
  return multiplied(left, right, call.type, call.moment) ?? opaque(call);
};

/** The one axis in `(axis,)`, where there is one. */
const oneOf = (value: Value | undefined): Value | undefined =>
  value?.kind === 'list' && value.items.length === 1 ? value.items[0] : undefined;

const isEmpty = (value: Value | undefined): boolean => value?.kind === 'list' && value.items.length === 0;

/** `lax.dot_general(x, kernel, (((x.ndim - 1,), (0,)), ((), ())))`: the last axis of one with the first of the other. */
export const dotGeneral: Handler = (call) => {
  const [left, right, third] = call.args.positional;
  const numbers = third ?? call.args.named.get('dimension_numbers');
  if (numbers?.kind !== 'list' || numbers.items.length !== 2) return opaque(call);
  const [contracted, batch] = numbers.items;
  const plain = batch?.kind === 'list' && batch.items.length === 2 && batch.items.every(isEmpty);
  if (!plain || contracted?.kind !== 'list' || numberOf(oneOf(contracted.items[1])) !== 0) return opaque(call);
  const axis = oneOf(contracted.items[0]);
  const rank = rankOf(call.input);
  const isLast =
    axis?.kind === 'unknown'
      ? rank === undefined && /\.ndim\s*-\s*1$/.test(axis.text)
      : numberOf(axis) === (rank ?? 2) - 1;
  return (isLast ? multiplied(left, right, call.type, call.moment) : undefined) ?? opaque(call);
};

/** `jnp.einsum('...i,io->...o', x, kernel)`. */
const denseSubscripts = /^\s*(\.\.\.|[a-z]*)([a-z])\s*,\s*\2([a-z])\s*->\s*\1\3\s*$/;

export const einsum: Handler = (call) => {
  const [subscripts, left, right, ...more] = call.args.positional;
  const isDense = more.length === 0 && denseSubscripts.test(textOf(subscripts) ?? '');
  return (isDense ? multiplied(left, right, call.type, call.moment) : undefined) ?? opaque(call);
};

/** `nn.max_pool(x, (2, 2))`, as a layer. */
export const pooling =
  (name: 'max_pool' | 'avg_pool'): Handler =>
  ({ args, moment, input, type }) => {
    const made = newLayer(`flax.linen.${name}`, kindIn('linen', name), args, moment);
    return withFixed(applyPlans({ ...made, type, name: undefined }, [input], moment), input);
  };
