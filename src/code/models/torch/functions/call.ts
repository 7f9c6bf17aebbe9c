import type { Operation, Shape } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { numberOf } from '../../given';
import type { FunctionCall, Handler } from '../../tracing/functionCall';
import {
  broadcast,
  type Layout,
  type Moment,
  type NewStep,
  newStep,
  opaqueStep,
  type Shapes,
  type Tensor,
  tensorIn,
  tensorsIn,
} from '../../tracing/step';
import { tensorValue } from '../state';

export type { FunctionCall, Handler };

/** Numbers that stand in the code. */
export const held = ({ machine, site }: Moment, shape: Shape | undefined, type: string): Value =>
  tensorValue({
    step: newStep(
      { operation: { kind: 'opaque' }, inputs: [], type, source: site.source, certain: false, shape },
      machine,
    ).step,
    constant: true,
  });

export const isHeld = (value: Value | undefined): boolean => tensorIn(value)?.constant === true;

export const step = (
  { type, moment: { machine, site }, input }: FunctionCall,
  more: Partial<NewStep> & { readonly operation: Operation },
): Value =>
  tensorValue({
    ...newStep({ inputs: [input], type, source: site.source, ...more }, machine),
    ...(input.constant ? { constant: true } : {}),
  });

export const rearranged = (
  call: FunctionCall,
  infer: (inputs: Shapes) => Shape | undefined,
  more: Partial<NewStep> = {},
): Value => step(call, { operation: { kind: 'rearrange' }, infer, ...more });

export const opaque = (call: FunctionCall, infer?: (inputs: Shapes) => Shape | undefined): Value => {
  const inputs = [...call.args.positional, ...call.args.named.values()]
    .flatMap((value) => tensorsIn(value))
    .filter(({ constant: fixed }) => !fixed);
  if (inputs.length === 0) return held(call.moment, undefined, call.type);
  return tensorValue(opaqueStep(call.type, inputs, call.moment, infer === undefined ? {} : { infer }));
};

export const same: Handler = ({ input }) => tensorValue(input);

/** Numbers of others are put into a tensor: it has the shape that it had. */
export const putInto: Handler = (call) => opaque(call, () => call.input.step.shape);

/** A function of each number alone, which no theory here knows: the axes stay. */
export const elementWise: Handler = (call) => {
  if (call.input.constant) return held(call.moment, call.input.step.shape, call.type);
  const others = [...call.args.positional.slice(1), ...call.args.named.values()];
  if (others.some((value) => tensorIn(value)?.constant === false || tensorsIn(value).some((each) => !each.constant)))
    return opaque(call, broadcast);
  return tensorValue(opaqueStep(call.type, [call.input], call.moment, { keeps: true }));
};

/** Axes as arguments: `(0, 2, 1)`, `0, 2, 1`, `dim=1`. */
export function axesOf(values: readonly Value[]): number[] | undefined {
  const [only] = values;
  const all = values.length === 1 && only?.kind === 'list' ? only.items : values;
  const numbers = all.map(numberOf);
  return numbers.length > 0 && numbers.every((axis) => axis !== undefined) ? numbers : undefined;
}

/** How a tensor's axes stand, as far as its own steps say it. */
export function layoutAt(tensor: Tensor): Layout | undefined {
  for (let { step: at } = tensor; ; at = at.inputs[0].step) {
    if (at.layout !== undefined) return at.layout;
    if (!at.keeps || at.inputs[0] === undefined) return undefined;
  }
}

export function heldOf(operands: readonly Value[], type: string, moment: Moment): Value {
  const shapes = operands.map((value) => tensorIn(value)?.step.shape).filter((shape) => shape !== undefined);
  return held(moment, shapes.length === 0 ? undefined : broadcast(shapes), type);
}

export const opaqueStepOf = (operands: readonly Value[], type: string, moment: Moment): Value => {
  const inputs = operands.flatMap((value) => tensorsIn(value)).filter(({ constant: fixed }) => !fixed);
  return inputs.length === 0
    ? held(moment, undefined, type)
    : tensorValue(opaqueStep(type, inputs, moment, { infer: broadcast }));
};
