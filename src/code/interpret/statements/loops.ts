import type { Statement } from '../../program/ast';
import { perhaps } from '../branches';
import { isLoose } from '../looseLists';
import { truth } from '../operations';
import type { Completion, Run } from '../run';
import type { Environment, Value } from '../values';

/** Rounds of a loop that are followed. */
const MOST_ROUNDS = 512;
/** … over what the program made, such as a model's modules: there are as many as were made. */
const MOST_OBJECTS = 8192;

const isObject = ({ kind }: Value): boolean => kind === 'foreign' || kind === 'instance' || kind === 'list';

const onlyReturn = (completion: Completion): Completion => (completion?.kind === 'return' ? completion : undefined);

export function forStatement(run: Run, statement: Statement & { kind: 'for' }, scope: Environment): Completion {
  const { target, body, otherwise } = statement;
  const over = run.expression(statement.over, scope);
  const items = run.items(over);
  const round = (item: Value) =>
    perhaps(run, () => {
      run.assign(target, item, scope);
      return onlyReturn(run.block(body, scope));
    });
  const further = () => round(run.unknown(run.written(target), [over]));
  if (items === undefined) return further();
  // A training of thousands of steps is no model: it must not use up what a run may take.
  const most = items[0] !== undefined && isObject(items[0]) ? MOST_OBJECTS : MOST_ROUNDS;
  for (const [k, item] of items.slice(0, most).entries()) {
    if (over.kind === 'list' && isLoose(over, k)) {
      const completion = round(item);
      if (completion !== undefined) return completion;
      continue;
    }
    run.assign(target, item, scope);
    const completion = run.block(body, scope);
    if (completion?.kind === 'break') return undefined;
    if (completion !== undefined && completion.kind !== 'continue') return completion;
  }
  if (
    (over.kind === 'list' || over.kind === 'dict') &&
    !over.complete &&
    !(over.kind === 'list' && over.loose !== undefined)
  ) {
    const completion = further();
    if (completion !== undefined) return completion;
  }
  return run.block(otherwise, scope);
}

export function whileStatement(run: Run, statement: Statement & { kind: 'while' }, scope: Environment): Completion {
  const { before, test, update, body } = statement;
  run.block(before, scope);
  for (let turn = 0; turn < MOST_ROUNDS; turn++) {
    const answer = test === undefined ? undefined : truth(run.expression(test, scope));
    if (answer === false) return undefined;
    // `while True` trains; its body is looked at once.
    if (answer === undefined || test?.kind === 'constant') {
      return perhaps(run, () => onlyReturn(run.block(body, scope)));
    }
    const completion = run.block(body, scope);
    if (completion?.kind === 'break') return undefined;
    if (completion !== undefined && completion.kind !== 'continue') return completion;
    run.block(update, scope);
  }
  return undefined;
}
