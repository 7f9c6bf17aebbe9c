import type { Shape } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { unknownSize } from '../../given';
import { broadcast, lastSize, type Moment, newStep, type Tensor, tensorIn } from '../../tracing/step';
import { foreign, type Parameter, parameterIn, tensorValue } from '../state';
import { type Handler, held, heldOf, isHeld, opaqueStepOf } from './call';
import { product2 } from './weighted';

export const arithmetic =
  (operator: string): Handler =>
  ({ args, moment, type }) => {
    const [left, right = args.named.get('other')] = args.positional;
    return left === undefined || right === undefined ? undefined : operate(operator, [left, right], moment, type);
  };

/** Whether a value is a number, or data that the model does not make. */
const isFixed = (value: Value): boolean =>
  value.kind === 'constant' ||
  parameterIn(value) !== undefined ||
  isHeld(value) ||
  (value.kind === 'unknown' && value.symbols.length > 0);

/** `x + y`, `-x`, `x @ w`. */
export function operate(
  operator: string,
  operands: readonly Value[],
  moment: Moment,
  type?: string,
): Value | undefined {
  const { machine, site } = moment;
  const [left, right] = operands;
  const [a, b] = [tensorIn(left), tensorIn(right)];
  const written = type ?? machine.text(site.source).slice(0, 40);
  if (operands.length === 1) {
    if (a === undefined) return held(moment, undefined, written);
    if (operator === '-') return scaled(a, written, moment);
    return undefined;
  }
  if (['<', '>', '<=', '>=', '==', '!='].includes(operator) || left === undefined || right === undefined)
    return undefined;
  if (operator === '@') {
    const multiplied = product2(left, right, '@', moment);
    return multiplied ?? opaqueStepOf(operands, '@', moment);
  }
  if ((a === undefined || a.constant) && (b === undefined || b.constant)) {
    const weight = computedWeight(operands, written, moment);
    if (weight !== undefined) return weight;
    return a === undefined && b === undefined ? undefined : heldOf(operands, written, moment);
  }
  if (a !== undefined && b !== undefined && !a.constant && !b.constant) {
    if (operator === '+' || operator === '-') return binary('add', [a, b], written, moment);
    if (operator === '*') return binary('multiply', [a, b], written, moment);
    return opaqueStepOf(operands, written, moment);
  }
  const [tensor, other] = a !== undefined && !a.constant ? [a, right] : [b!, left];
  if (!['+', '-', '*', '/'].includes(operator) || (operator === '/' && tensor !== a))
    return opaqueStepOf(operands, written, moment);
  if (isFixed(other)) {
    const bias = operator === '+' ? parameterIn(other) : undefined;
    const shape = parameterIn(other)?.shape ?? (isHeld(other) ? tensorIn(other)?.step.shape : undefined);
    const isOpen = shape === undefined && (parameterIn(other) !== undefined || isHeld(other));
    return (
      (bias && withBias(tensor, bias, moment)) ??
      scaled(tensor, written, moment, shape ?? (isOpen ? 'open' : undefined))
    );
  }
  return opaqueStepOf(operands, written, moment);
}

/** `weight * noise`, `(weight - mean) / std`: weights as well, which start with something that is not followed. */
function computedWeight(operands: readonly Value[], spelled: string, { site }: Moment): Value | undefined {
  const [own] = operands
    .map(parameterIn)
    .filter((each) => each?.shape !== undefined)
    .sort((p, q) => q!.shape!.length - p!.shape!.length);
  if (own === undefined || own.shape!.length === 0) return undefined;
  return foreign('parameter', {
    ...own,
    computed: true,
    initialization: { kind: 'unknown', spelled, source: site.source },
  });
}

/** x·W + b, where the step before is x·W. */
function withBias({ step: before }: Tensor, bias: Parameter, { machine, site }: Moment): Value | undefined {
  const { operation } = before;
  if (operation.kind !== 'dense' || operation.bias !== null || bias.shape?.length !== 1) return undefined;
  // A longer one is no bias of the layer: the units are repeated.
  const [units] = bias.shape;
  if (typeof units === 'number' && typeof operation.units === 'number' && units !== operation.units) return undefined;
  return tensorValue(
    newStep({ ...before, operation: { ...operation, bias: bias.initialization }, source: site.source }, machine),
  );
}

const binary = (kind: 'add' | 'multiply', inputs: readonly Tensor[], type: string, { machine, site }: Moment): Value =>
  tensorValue(
    newStep(
      { operation: { kind }, inputs, type, source: site.source, infer: broadcast, keeps: true, last: undefined },
      machine,
    ),
  );

/** Of a tensor after what nobody knows the shape of: an axis of length 1 may have been repeated. */
const maybeRepeated = (shape: Shape): Shape => shape.map((size, k) => (k > 0 && size === 1 ? unknownSize : size));

/** @param by shape of what it is multiplied with or shifted by: a larger one repeats numbers */
const scaled = (tensor: Tensor, type: string, { machine, site }: Moment, by?: Shape | 'open'): Value => ({
  ...tensorValue({
    ...newStep(
      {
        operation: { kind: 'scale' },
        inputs: [tensor],
        type,
        source: site.source,
        // Where the last axis may be repeated, it is not the input's any more.
        keeps: !(by === 'open' && lastSize(tensor) === 1),
        ...(by === undefined
          ? {}
          : {
              infer: ([shape]) => shape && (by === 'open' ? maybeRepeated(shape) : broadcast([shape, by])),
              last: undefined,
            }),
      },
      machine,
    ),
    ...(tensor.constant ? { constant: true } : {}),
  }),
});
