import type { Initializer } from '../../../../core/initializers/initializer';
import type { Initialization } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { numberOf } from '../../given';
import { broadcast, type Moment, newStep, type Tensor, tensorIn } from '../../tracing/step';
import { draws, parameterIn, tensorValue, weightIn } from '../state';
import { fixed, type Handler, held, opaqueOf, withFixed } from './call';
import { multiplied } from './weighted';

export const arithmetic =
  (operator: string): Handler =>
  ({ args, moment, type }) =>
    operate(operator, args.positional, moment, type);

/** Whether a value is a number, or data that the model does not make. */
const isFixed = (value: Value): boolean =>
  value.kind === 'constant' ||
  parameterIn(value) !== undefined ||
  fixed(tensorIn(value)) ||
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
  if (operands.length === 1) return a !== undefined && operator === '-' ? scaled(a, written, moment) : undefined;
  if (['<', '>', '<=', '>=', '==', '!='].includes(operator) || left === undefined || right === undefined)
    return undefined;
  if (a === undefined && b === undefined) return undefined;
  if (operator === '@') return multiplied(left, right, '@', moment) ?? opaqueOf(operands, '@', moment);
  const [movingA, movingB] = [a !== undefined && !fixed(a), b !== undefined && !fixed(b)];
  if (!movingA && !movingB) {
    const shapes = [a, b].map((each) => each?.step.shape).filter((shape) => shape !== undefined);
    const made = held(moment, shapes.length === 0 ? undefined : broadcast(shapes), written);
    const drawn = stretched(operator, left, right, moment);
    if (drawn !== undefined) draws.set(tensorIn(made)!.step, drawn);
    return made;
  }
  if (movingA && movingB) {
    const kind = operator === '+' || operator === '-' ? 'add' : operator === '*' ? 'multiply' : undefined;
    if (kind === undefined) return opaqueOf(operands, written, moment);
    return tensorValue(
      newStep(
        { operation: { kind }, inputs: [a!, b!], type: written, source: site.source, infer: broadcast, keeps: true },
        machine,
      ),
    );
  }
  const [tensor, other] = movingA ? [a!, right] : [b!, left];
  const plain = ['+', '-', '*'].includes(operator) || (operator === '/' && movingA);
  if (!plain || !isFixed(other)) return opaqueOf(operands, written, moment);
  return (operator === '+' ? withBias(tensor, other, moment) : undefined) ?? scaled(tensor, written, moment);
}

/** What a number makes of what was drawn: `jax.random.normal(key, shape) * 0.1`. */
function stretched(operator: string, left: Value, right: Value, { machine, site }: Moment): Initialization | undefined {
  const [array, number] = tensorIn(left) === undefined ? [right, numberOf(left)] : [left, numberOf(right)];
  const initialization = weightIn(array)?.initialization;
  if (initialization?.kind !== 'known' || number === undefined || (operator !== '*' && operator !== '/'))
    return undefined;
  if (operator === '/' && array === right) return undefined;
  const initializer = timesOf(initialization.initializer, operator === '*' ? number : 1 / number);
  return initializer && { kind: 'known', initializer, spelled: machine.text(site.source), source: site.source };
}

function timesOf(initializer: Initializer, factor: number): Initializer | undefined {
  switch (initializer.kind) {
    case 'zeros':
      return initializer;
    case 'constant':
      return { kind: 'constant', value: factor * initializer.value };
    case 'normal':
    case 'truncated_normal':
      return { ...initializer, mean: factor * initializer.mean, stddev: Math.abs(factor) * initializer.stddev };
    case 'uniform': {
      const [a, b] = [factor * initializer.min, factor * initializer.max];
      return { kind: 'uniform', min: Math.min(a, b), max: Math.max(a, b) };
    }
    default:
      return undefined;
  }
}

/** x·W + b, where the step before is x·W. */
function withBias({ step: before }: Tensor, other: Value, { machine, site }: Moment): Value | undefined {
  const { operation } = before;
  const bias = weightIn(other);
  if (bias?.shape?.length !== 1 || operation.kind !== 'dense' || operation.bias !== null) return undefined;
  return tensorValue(
    newStep({ ...before, operation: { ...operation, bias: bias.initialization }, source: site.source }, machine),
  );
}

const scaled = (tensor: Tensor, type: string, { machine, site }: Moment): Value =>
  withFixed(
    newStep({ operation: { kind: 'scale' }, inputs: [tensor], type, source: site.source, keeps: true }, machine),
    tensor,
  );
