import { describe, expect, it } from 'vitest';
import { rules } from '../../../../../src/core/advice/rules';
import { frameworks, languageOf } from './frameworks';
import { silentOn, speaksOf } from './speaks';
import { rulesIn } from './spec';
import { table } from './table';

/** Of each kind, in each framework that a rule speaks of. */
const LEAST = 5;

const groups = rules.flatMap(({ id: rule }) =>
  frameworks.map((framework) => ({
    rule,
    framework,
    own: table.filter((each) => each.rule === rule && each.framework === framework),
  })),
);

describe.each(groups.filter(({ rule, framework }) => speaksOf(rule, framework)))(
  '$rule, $framework',
  ({ rule, framework, own }) => {
    const textsThatAre = (is: string): ReadonlySet<string> =>
      new Set(own.filter((each) => each.is === is).map(({ text }) => text));

    it(`has ${LEAST} wrong and ${LEAST} right examples`, () => {
      expect(textsThatAre('wrong').size).toBeGreaterThanOrEqual(LEAST);
      expect(textsThatAre('right').size).toBeGreaterThanOrEqual(LEAST);
    });

    it.each(own)('is told apart: $is, $name', ({ text, is }) => {
      const found = rulesIn(text, languageOf(framework));
      if (is === 'wrong') expect(found).toContain(rule);
      else expect(found).not.toContain(rule);
    });
  },
);

describe('what a rule does not speak of', () => {
  it.each(groups.filter(({ rule, framework }) => !speaksOf(rule, framework)))(
    'has no example and a reason: $rule, $framework',
    ({ rule, framework, own }) => {
      expect(own).toEqual([]);
      expect(silentOn[rule]![framework]).not.toBe('');
    },
  );

  it('is of rules that there are', () => {
    const ids = rules.map(({ id }) => id);
    expect(Object.keys(silentOn).filter((id) => !ids.includes(id))).toEqual([]);
    expect(table.map(({ rule }) => rule).filter((id) => !ids.includes(id))).toEqual([]);
  });
});
