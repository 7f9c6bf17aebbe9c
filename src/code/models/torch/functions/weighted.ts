import type { Rank } from '../../../../core/frameworks/layerSignature';
import type { Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { isNone, sizeOf, sizesOf, textOf, unknownSize } from '../../given';
import { type Moment, newStep, type Tensor, tellLast, tensorIn } from '../../tracing/step';
import { convPlan } from '../kinds/space';
import { densePlan, embeddingPlan } from '../kinds/weighted';
import type { Plan } from '../layer';
import { type Parameter, parameterIn, tensorValue } from '../state';
import { type FunctionCall, type Handler, opaque, step } from './call';

export const matmul: Handler = (call) => {
  const [left, right] = call.args.positional;
  return product2(left, right, call.type, call.moment) ?? opaque(call);
};

/** x·W with a weight of the model: a dense layer without a bias. */
export function product2(
  left: Value | undefined,
  right: Value | undefined,
  type: string,
  moment: Moment,
): Value | undefined {
  const [input, weight] = [tensorIn(left), parameterIn(right)];
  if (input === undefined || weight === undefined || weight.shape?.length !== 2) return undefined;
  tellLast(input, weight.shape[0]!);
  return dense(input, weight, undefined, weight.shape[1]!, type, moment);
}

function dense(
  input: Tensor,
  weight: Parameter,
  bias: Pick<Parameter, 'initialization'> | undefined,
  units: Size,
  type: string,
  moment: Moment,
): Value {
  const plan = densePlan(units, weight, bias);
  return tensorValue(
    newStep(
      {
        operation: plan.operation([]),
        inputs: [input],
        type,
        source: moment.site.source,
        weights: weight.number,
        infer: plan.infer,
        last: units,
      },
      moment.machine,
    ),
  );
}

/** A bias that is given, whether anybody knows which numbers it has. */
function biasOf(
  value: Value | undefined,
  { type, moment }: FunctionCall,
): Pick<Parameter, 'initialization'> | undefined {
  if (isNone(value)) return undefined;
  return parameterIn(value) ?? { initialization: { kind: 'unknown', spelled: type, source: moment.site.source } };
}

export const linear: Handler = (call) => {
  const given = call.given('weight', 'bias');
  const weight = parameterIn(given.value('weight'));
  if (weight?.shape === undefined) return opaque(call);
  const bias = biasOf(given.value('bias'), call);
  tellLast(call.input, weight.shape[1] ?? unknownSize);
  return dense(call.input, weight, bias, weight.shape[0] ?? unknownSize, call.type, call.moment);
};

export const functionalConv =
  (rank: Rank, transposed: boolean): Handler =>
  (call) => {
    const given = transposed
      ? call.given('weight', 'bias', 'stride', 'padding', 'output_padding', 'groups', 'dilation')
      : call.given('weight', 'bias', 'stride', 'padding', 'dilation', 'groups');
    const kernel = parameterIn(given.value('weight'));
    if (kernel?.shape?.length !== rank + 2) return opaque(call);
    const padding = textOf(given.value('padding'));
    const sizes = sizesOf(given.value('padding'), rank, 0);
    const plan = convPlan({
      rank,
      filters: kernel.shape[transposed ? 1 : 0]!,
      groups: sizeOf(given.value('groups'), 1),
      transposed,
      window: {
        size: kernel.shape.slice(2),
        strides: sizesOf(given.value('stride'), rank, 1),
        dilation: sizesOf(given.value('dilation'), rank, 1),
        padding: padding === 'same' || padding === 'valid' ? padding : sizes.every((p) => p === 0) ? 'valid' : sizes,
      },
      extra: sizesOf(given.value('output_padding'), rank, 0),
      kernel,
      bias: biasOf(given.value('bias'), call),
    });
    return fromPlan(call, plan, kernel.number);
  };

export const embedding: Handler = (call) => {
  const weight = parameterIn(call.given('weight').value('weight'));
  const [entries, units] = weight?.shape ?? [];
  if (weight === undefined || entries === undefined || units === undefined) return opaque(call);
  return fromPlan(call, embeddingPlan(entries, units, weight), weight.number);
};

function fromPlan(call: FunctionCall, plan: Plan, weights?: number): Value {
  const { input } = call;
  return step(call, {
    operation: plan.operation([input.step.shape]),
    infer: plan.infer,
    last: plan.last,
    layout: plan.layout,
    wants: plan.wants,
    keeps: plan.keeps ?? false,
    ...(weights === undefined ? {} : { weights }),
  });
}
