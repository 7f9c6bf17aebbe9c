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

/**
 * Steps that one loop takes at most, with those within it. A loop that makes layers takes a few thousand; trainings
 * within trainings would use up all that there are.
 */
export const PATIENCE = 20_000;
/** … where it makes no layer and no node, and within a round that only tells that there are more. */
const LITTLE_PATIENCE = 2_000;

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
  const isSpent = limited(run);
  if (items === undefined) return further();
  // A training of thousands of steps is no model: it must not use up what a run may take.
  const ofObjects = items[0] !== undefined && isObject(items[0]);
  const most = ofObjects ? MOST_OBJECTS : MOST_ROUNDS;
  for (const [k, item] of items.entries()) {
    if (k >= most || (!ofObjects && isSpent())) return patiently(run, further);
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

/**
 * Whether a loop has taken all the steps that it may; asked before each round.
 *
 * @param little of one that makes no layer and no node
 */
export function limited(run: Run, little = LITTLE_PATIENCE): () => boolean {
  const { steps: from, made: before } = run.progress;
  return () => {
    const { steps, made } = run.progress;
    return steps - from > (made === before ? Math.min(little, run.patience) : run.patience);
  };
}

/** A round of a loop that goes on: what it makes is open, and its own loops are looked at shortly. */
function patiently(run: Run, round: () => Completion): Completion {
  const { patience } = run;
  run.patience = Math.min(patience, LITTLE_PATIENCE);
  try {
    return round();
  } finally {
    run.patience = patience;
  }
}

export function whileStatement(run: Run, statement: Statement & { kind: 'while' }, scope: Environment): Completion {
  const { before, test, update, body } = statement;
  run.block(before, scope);
  const isSpent = limited(run);
  const further = () => perhaps(run, () => onlyReturn(run.block(body, scope)));
  for (let turn = 0; ; turn++) {
    if (turn >= MOST_ROUNDS || isSpent()) return patiently(run, further);
    const answer = test === undefined ? undefined : truth(run.expression(test, scope));
    if (answer === false) return undefined;
    // `while True` trains; its body is looked at once.
    if (answer === undefined || test?.kind === 'constant') {
      return further();
    }
    const completion = run.block(body, scope);
    if (completion?.kind === 'break') return undefined;
    if (completion !== undefined && completion.kind !== 'continue') return completion;
    run.block(update, scope);
  }
}
