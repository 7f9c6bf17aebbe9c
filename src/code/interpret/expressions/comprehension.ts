import type { ComprehensionClause, Expression } from '../../program/ast';
import { perhaps } from '../branches';
import { Exhausted } from '../budget';
import { MOST_ITEMS } from '../growth';
import { isLoose, looseList } from '../looseLists';
import { isWhole, keyOf, setOf, truth } from '../operations';
import { environment, type Run } from '../run';
import { limited } from '../statements/loops';
import { type Environment, list, type Value } from '../values';

/** Steps of one that makes no layers: points of a plot are calls by the thousand. */
const MOST_STEPS = 10_000;

/** `[f(x) for x in xs if x]`, for sets, dicts and generators too. */
export function comprehension(run: Run, expression: Expression & { kind: 'comprehension' }, scope: Environment): Value {
  const items: Value[] = [];
  const entries = new Map<string | number | boolean | null, Value>();
  const inner = environment(scope);
  const loose: number[] = [];
  let asMany: string | undefined;
  let complete = true;

  const element = (): void => {
    if (items.length > MOST_ITEMS) throw new Exhausted();
    const value = run.expression(expression.element, inner);
    if (expression.key === undefined) {
      items.push(value);
      return;
    }
    const key = keyOf(run.expression(expression.key, inner));
    if (key === undefined) complete = false;
    else entries.set(key, value);
  };

  const isSpent = limited(run, MOST_STEPS);
  const visit = ([clause, ...rest]: readonly ComprehensionClause[]): void => {
    if (clause === undefined) {
      element();
      return;
    }
    const over = run.expression(clause.over, inner);
    const known = run.items(over);
    if (known === undefined || !isWhole(over)) complete = false;
    if (known === undefined) {
      if (clause === expression.clauses[0]) loose.push(items.length);
      if (over.kind === 'unknown' && over.symbols.length > 0) asMany ??= over.text;
      perhaps(run, () => {
        run.assign(clause.target, run.unknown(run.written(clause.target), [over]), inner);
        visit(rest);
        return undefined;
      });
      return;
    }
    for (const [k, item] of known.entries()) {
      if (over.kind === 'list' && isLoose(over, k)) {
        if (clause === expression.clauses[0]) loose.push(items.length);
        asMany ??= over.asMany;
        perhaps(run, () => {
          run.assign(clause.target, item, inner);
          visit(rest);
          return undefined;
        });
        continue;
      }
      if (isSpent()) {
        complete = false;
        return;
      }
      run.assign(clause.target, item, inner);
      const answers = clause.tests.map((test) => truth(run.expression(test, inner)));
      if (answers.includes(false)) continue;
      if (answers.includes(undefined)) complete = false;
      visit(rest);
    }
  };

  visit(expression.clauses);
  const [first, ...others] = expression.clauses;
  if (loose.length > 0 && others.length === 0 && first?.tests.length === 0 && expression.of !== 'dict')
    return looseList(items, expression.of === 'set' ? 'set' : 'list', loose, asMany);
  if (expression.of === 'dict') return { kind: 'dict', entries, complete };
  return expression.of === 'set' ? setOf(items, complete) : list(items, 'list', complete);
}
