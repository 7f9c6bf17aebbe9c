import type { Operation } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { newStep, opaqueStep, tensorValue } from '../apply';
import { tensorIn } from '../model';
import { broadcast } from '../shape';
import type { Moment } from '../state';
import type { Tensor } from '../tensor';
import { multiplied, scaled, shifted, weightIn } from '../weight';

const arithmetic: Readonly<Record<string, string>> = { '+': '+', '-': '−', '*': '×', '/': '/' };

/** `x + y`, `x * 2`, `x @ w`. */
export function operate(operator: string, operands: readonly Value[], moment: Moment): Value | undefined {
  const [left, right] = operands;
  const [a, b] = [tensorIn(left), tensorIn(right)];
  const weight = weightIn(left) ?? weightIn(right);
  const tensor = a ?? b;
  if (tensor === undefined) return undefined;
  const text = operator in arithmetic ? `x ${operator} y` : operator;
  // Data stay data: `x_train / 255`.
  const isData = (each: Tensor | undefined) => each === undefined || each.constant !== undefined;
  if (isData(a) && isData(b) && weight === undefined && tensor.full !== undefined && operator in arithmetic) {
    return tensorValue(a?.full !== undefined && a.full.length >= (b?.full?.length ?? 0) ? a : tensor, moment);
  }
  if (operands.length === 1)
    return operator === '-' ? scaled(tensor, '-x', moment) : operator === '+' ? left : undefined;
  const both = a !== undefined && b !== undefined;
  const held = both && a.constant !== b.constant && (a.constant === 'fixed' || b.constant === 'fixed');
  const symbolic = a?.constant === undefined ? (a ?? tensor) : (b ?? tensor);
  if (operator === '@' && weight !== undefined) return multiplied(tensor, weight, 'x @ w', moment);
  if (weight !== undefined) {
    if (operator === '+') return shifted(tensor, weight, 'x + b', moment);
    return operator in arithmetic ? scaled(tensor, text, moment) : undefined;
  }
  const joined = (operation: Operation): Value =>
    tensorValue(
      newStep(
        {
          operation,
          inputs: [a!, b!],
          type: text,
          source: moment.site.source,
          infer: broadcast,
          channelsFirst: a!.step.channelsFirst,
        },
        moment,
      ),
      moment,
    );
  if (held && operator in arithmetic) return scaled(symbolic, text, moment);
  if (both && (operator === '+' || operator === '-')) return joined({ kind: 'add' });
  if (both && operator === '*') return joined({ kind: 'multiply' });
  const other = a === undefined ? left : right;
  const number = other?.kind === 'constant' || (other?.kind === 'unknown' && other.symbols.length > 0);
  if (number && operator in arithmetic && !(operator === '/' && a === undefined)) return scaled(tensor, text, moment);
  if (!(operator in arithmetic) && operator !== '**' && operator !== '@' && operator !== '%' && operator !== '//')
    return undefined;
  const inputs = [a, b].filter((each) => each !== undefined);
  // What is added is not known; the sum is still one of a step that is.
  const unknown =
    other !== undefined && !both && !number
      ? [opaqueStep(other.kind === 'unknown' ? other.text : 'unknown', [], moment)]
      : [];
  if (unknown.length > 0 && operator !== '**' && operator !== '@') {
    const operation: Operation =
      operator === '+' || operator === '-'
        ? { kind: 'add' }
        : operator === '*'
          ? { kind: 'multiply' }
          : { kind: 'opaque' };
    return tensorValue(
      newStep(
        {
          operation,
          inputs: [...inputs, ...unknown],
          type: text,
          source: moment.site.source,
          infer: () => tensor.shape,
        },
        moment,
      ),
      moment,
    );
  }
  return tensorValue(opaqueStep(text, inputs, moment, both ? undefined : tensor.shape), moment);
}
