import type { Operation, Shape } from '../../../../core/model/model';
import type { CallArguments, Value } from '../../../interpret/values';
import { numberOf, sizeOf } from '../../given';
import type { FunctionCall, Handler } from '../../tracing/functionCall';
import {
  broadcast,
  type Moment,
  type NewStep,
  newStep,
  opaqueStep,
  type Shapes,
  type Tensor,
  tensorsIn,
} from '../../tracing/step';
import { tensorValue } from '../state';

export type { FunctionCall, Handler };

export const fixed = (tensor: Tensor | undefined): boolean => tensor?.constant === true;

export const withFixed = (tensor: Tensor, like: Tensor): Value =>
  tensorValue(fixed(like) ? { ...tensor, constant: true } : tensor);

/** Numbers that stand in the code. */
export const held = ({ machine, site }: Moment, shape: Shape | undefined, type: string): Value =>
  tensorValue({
    ...newStep(
      { operation: { kind: 'opaque' }, inputs: [], type, source: site.source, certain: false, shape },
      machine,
    ),
    constant: true,
  });

export const step = (
  { type, moment: { machine, site }, input }: FunctionCall,
  more: Partial<NewStep> & { readonly operation: Operation },
): Value => withFixed(newStep({ inputs: [input], type, source: site.source, ...more }, machine), input);

export const rearranged = (
  call: FunctionCall,
  infer: (inputs: Shapes) => Shape | undefined,
  more: Partial<NewStep> = {},
): Value => step(call, { operation: { kind: 'rearrange' }, infer, ...more });

export const movingTensors = (args: CallArguments): Tensor[] =>
  [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value)).filter((each) => !fixed(each));

export const opaque = (call: FunctionCall, infer?: (inputs: Shapes) => Shape | undefined): Value => {
  const inputs = movingTensors(call.args);
  if (inputs.length === 0) return held(call.moment, undefined, call.type);
  return tensorValue(opaqueStep(call.type, inputs, call.moment, infer === undefined ? {} : { infer }));
};

export const same: Handler = ({ input }) => tensorValue(input);

/** A function of each number alone, which no theory here knows: the axes stay. */
export const elementWise: Handler = (call) => {
  if (fixed(call.input)) return held(call.moment, call.input.step.shape, call.type);
  if (movingTensors(call.args).length > 1) return opaque(call, broadcast);
  return tensorValue(opaqueStep(call.type, [call.input], call.moment, { keeps: true }));
};

/** Axes as arguments: `(0, 2, 1)`, `0, 2, 1`. */
export function axesOf(values: readonly Value[]): number[] | undefined {
  const [only] = values;
  const all = values.length === 1 && only?.kind === 'list' ? only.items : values;
  const numbers = all.map(numberOf);
  return numbers.length > 0 && numbers.every((axis) => axis !== undefined) ? numbers : undefined;
}

/** How many axes there are; undefined where nobody can tell. */
export function rankOf({ step: last }: Tensor): number | undefined {
  for (let at = last; ; at = at.inputs[0].step) {
    if (at.shape !== undefined) return at.shape.length;
    if (at.operation.kind === 'convolution') return at.operation.rank + 2;
    if (at.operation.kind === 'pooling' && !at.operation.global) return at.operation.size.length + 2;
    if (!at.keeps || at.inputs[0] === undefined) return undefined;
  }
}

export function shapeGiven(value: Value | undefined): Shape | undefined {
  if (value?.kind === 'list') return value.complete ? value.items.map((item) => sizeOf(item)) : undefined;
  const n = numberOf(value);
  return n === undefined ? undefined : [n];
}

export const opaqueOf = (operands: readonly Value[], type: string, moment: Moment): Value => {
  const inputs = operands.flatMap((value) => tensorsIn(value)).filter((each) => !fixed(each));
  return inputs.length === 0
    ? held(moment, undefined, type)
    : tensorValue(opaqueStep(type, inputs, moment, { infer: broadcast }));
};
