import type { Expression } from '../../program/ast';
import { lookUp } from '../names';
import type { Run } from '../run';
import type { Environment, Value } from '../values';
import { assignAgain, read } from './assignment';

/** `x.add_(y)`, `F.relu_(x)` for themselves: PyTorch's functions in `_` leave their result in the tensor. */
export function changedInPlace(run: Run, expression: Expression, result: Value, scope: Environment): void {
  if (expression.kind !== 'call' || result.kind !== 'foreign' || result.type !== 'tensor') return;
  const { callee, arguments: given } = expression;
  if (callee.kind !== 'member' || !/[^_]_$/.test(callee.name)) return;
  const first = given[0]?.value;
  for (const object of [callee.object, ...(first === undefined ? [] : [first])]) {
    if (object.kind !== 'name' && object.kind !== 'member') continue;
    const before = object.kind === 'name' ? lookUp(run, object.name, scope) : read(run, object, scope);
    if (before?.kind === 'foreign' && before.type === 'tensor') {
      assignAgain(run, object, result, scope);
      return;
    }
  }
}
