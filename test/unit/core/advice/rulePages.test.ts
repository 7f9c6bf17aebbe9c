import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rulePage, rulesIndex } from '../../../../src/core/advice/rulePages';
import { rules } from '../../../../src/core/advice/rules';

/** The pages are written anew with GRADIENT_LENS_WRITE_RULES=1 in the environment of this test. */
const folder = join(import.meta.dirname, '../../../../media/rules');
const pages = new Map([
  ['index.md', rulesIndex(rules)],
  ...rules.map((rule) => [`${rule.id}.md`, rulePage(rule)] as const),
]);

if (process.env.GRADIENT_LENS_WRITE_RULES) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of pages) writeFileSync(join(folder, name), text);
}

describe('pages of the rules', () => {
  it('are one for each rule, and an index', () => {
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
  });

  it.each([...pages])('%s says what the rule says', (name, text) => {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
  });
});
