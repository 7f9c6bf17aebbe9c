import { describe, expect, test } from 'vitest';
import { Budget, Exhausted } from '../../../../src/code/interpret/budget';

/** Steps that are taken until there are no more. */
function taken(budget: Budget, most = 100): number {
  let count = 0;
  budget.spend(() => {
    for (; count < most; count++) budget.step();
  });
  return count;
}

describe('a budget', () => {
  test('gives each code its own steps, and all of them together no more than there are', () => {
    const budget = new Budget(4, 10);
    expect([taken(budget), budget.share, taken(budget)]).toEqual([4, 0.5, 4]);
    // Each that goes beyond its end takes the step that ended it.
    expect([budget.share, taken(budget), budget.share]).toEqual([0, 0, 0]);
  });

  test('takes back nothing of what code left over', () => {
    const budget = new Budget(4, 10);
    expect([taken(budget, 1), taken(budget, 2), taken(budget, 3), budget.share]).toEqual([1, 2, 3, 0.4]);
    expect([taken(budget), taken(budget)]).toEqual([4, 0]);
  });

  test('keeps in what ends a run, and lets other errors out', () => {
    const budget = new Budget();
    const thrown = (error: Error) => () =>
      budget.spend(() => {
        throw error;
      });
    expect(thrown(new Exhausted())).not.toThrow();
    expect(thrown(new RangeError('Maximum call stack size exceeded'))).not.toThrow();
    expect(thrown(new TypeError('a mistake'))).toThrow('a mistake');
  });
});
