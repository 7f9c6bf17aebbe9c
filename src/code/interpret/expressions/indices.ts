import type { Expression } from '../../program/ast';
import { loosePart } from '../looseLists';
import { itemAt } from '../members';
import { sliced, textOf, wholeOf } from '../operations';
import type { Run } from '../run';
import { constant, type Environment, isNothing, list, type Value } from '../values';

/** `x[i]`, `x[1:3]`, `x[:, 0]`. */

type Slice = Expression & { kind: 'slice' };

export function indexExpression(run: Run, expression: Expression & { kind: 'index' }, scope: Environment): Value {
  const object = run.expression(expression.object, scope);
  const { index } = expression;
  if (index.kind === 'slice' && (object.kind === 'list' || textOf(object) !== undefined)) {
    return partOf(run, object, index, scope) ?? run.unknown(run.written(expression), [object]);
  }
  if (index.kind === 'slice' && object.kind === 'foreign') {
    const source = run.at(expression);
    const bounds = sliceOf(run, index, scope);
    return object.library.index?.(object, bounds, { source }, run) ?? run.unknown(run.written(expression), [object]);
  }
  return itemAt(run, object, run.expression(index, scope), expression);
}

/** A part of a list or text; undefined where its bounds are not known. */
function partOf(run: Run, object: Value, index: Slice, scope: Environment): Value | undefined {
  const bounds = [index.start, index.stop, index.step].map((each) =>
    each === undefined ? undefined : run.expression(each, scope),
  );
  if (!bounds.every((each) => each === undefined || wholeOf(each) !== undefined || isNothing(each))) return undefined;
  const [start, stop, step] = bounds.map(wholeOf);
  if (object.kind === 'list') {
    const part = step === undefined ? loosePart(object, start, stop) : undefined;
    if (part !== undefined) return part;
    const items = sliced(object.items, start, stop, step);
    return items === undefined ? undefined : list(items, object.of, object.complete);
  }
  const text = textOf(object);
  return text === undefined ? undefined : constant((sliced([...text], start, stop, step) ?? []).join(''));
}

/** A slice as a value: unknown for libraries, but for its text. */
export function sliceOf(run: Run, index: Slice, scope: Environment): Value {
  const bounds = [index.start, index.stop, index.step].map((part) => part && run.expression(part, scope));
  // Bounds that come to numbers stand as those: `x[:, :width]` says as much as `x[:, :16]`.
  if (bounds.some((bound) => bound !== undefined && wholeOf(bound) === undefined)) {
    return run.unknown(run.written(index));
  }
  const [start = '', stop = '', step] = bounds.map((bound) => (bound === undefined ? undefined : wholeOf(bound)));
  return run.unknown(`${start}:${stop}${step === undefined ? '' : `:${step}`}`);
}
