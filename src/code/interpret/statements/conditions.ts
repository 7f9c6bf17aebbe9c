import type { Expression, Statement } from '../../program/ast';
import { either } from '../branches';
import { truth } from '../operations';
import type { Completion, Run } from '../run';
import type { Environment } from '../values';

export function ifStatement(run: Run, statement: Statement & { kind: 'if' }, scope: Environment): Completion {
  const { test, consequence, otherwise } = statement;
  const answer = isMain(test) ? true : truth(run.expression(test, scope));
  if (answer !== undefined) return run.block(answer ? consequence : otherwise, scope);
  // What raises is a check: the code after it counts on the other branch.
  if (consequence.at(-1)?.kind === 'raise') return run.block(otherwise, scope);
  if (otherwise.at(-1)?.kind === 'raise') return run.block(consequence, scope);
  return either(
    run,
    () => run.block(consequence, scope),
    () => run.block(otherwise, scope),
  );
}

/** `if __name__ == '__main__':` */
const isMain = (test: Expression): boolean =>
  test.kind === 'comparison' && test.operands.some((operand) => operand.kind === 'name' && operand.name === '__name__');
