import type { Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { type Moment, newStep, tellLast, tensorIn } from '../../tracing/step';
import { kindIn } from '../kinds/kinds';
import { densePlan } from '../kinds/weighted';
import { applyPlans, newLayer } from '../layer';
import { parameterIn, tensorValue, weightIn } from '../state';
import { fixed, type Handler, opaque, withFixed } from './call';

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

/** `nn.max_pool(x, (2, 2))`, as a layer. */
export const pooling =
  (name: 'max_pool' | 'avg_pool'): Handler =>
  ({ args, moment, input, type }) => {
    const made = newLayer(`flax.linen.${name}`, kindIn('linen', name), args, moment);
    return withFixed(applyPlans({ ...made, type, name: undefined }, [input], moment), input);
  };
