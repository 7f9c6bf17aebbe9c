import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderOf, healthy, hinted, lines, notebook, run, vanishing } from './command';

const folder = folderOf({
  'vanishing.py': vanishing,
  'healthy.py': healthy,
  'hinted.py': hinted,
  'error.py': lines(
    'import keras',
    'm = keras.Sequential([keras.layers.Dense(3, input_dim=2, activation="softmax")])',
    'm.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True))',
  ),
  'silenced.py': vanishing.replace('"sigmoid"))', '"sigmoid"))  # gradient-lens: ignore[vanishing-flow]'),
  'cells.ipynb': notebook(...vanishing.split('\n\n').map((cell) => `${cell}\n`)),
  'binary.py': Uint8Array.from({ length: 600 }, (_, k) => (k * 37) % 256),
});
afterAll(folder.remove);

const at = (name: string): string => join(folder.path, name);
const check = (...args: string[]) => run('check', ...args);

describe('the check command', () => {
  it('exits with 1 where something is found, and says what and where', () => {
    const { code, out, err } = check(at('vanishing.py'));
    expect(code).toBe(1);
    expect(err).toBe('');
    expect(out).toMatch(/^\S+vanishing\.py:6:13: warning: 2\.0 × 10⁻⁶ .*\. \[vanishing-flow\]\n\n1 found\.\n$/);
  });

  it('exits with 0 where nothing is', () => {
    expect(check(at('healthy.py'))).toEqual({ code: 0, out: 'Nothing found.\n', err: '' });
    expect(check(at('silenced.py')).code).toBe(0);
  });

  it('exits with 2 for bad use, with a sentence', () => {
    for (const [args, sentence] of [
      [[at('nowhere')], /does not exist; expected a file or a folder\.\n$/],
      [[at('healthy.py'), '--format', 'xml'], /^--format: "xml" is not known; expected text, json, sarif\.\n$/],
      [
        [at('healthy.py'), '--severity', 'fatal'],
        /^--severity: "fatal" is not known; expected error, warning, hint\.\n$/,
      ],
      [[], /paths/],
    ] as const) {
      const { code, out, err } = check(...args);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(sentence);
    }
  });

  it('tells only what is at or above the severity', () => {
    const found = (severity: string) => check(folder.path, '--severity', severity, '--format', 'json');
    const rules = (severity: string): string[] =>
      JSON.parse(found(severity).out).map(({ rule }: { rule: string }) => rule);
    expect(rules('error')).toEqual(['softmax-before-logits-loss']);
    expect([...rules('warning')].sort()).toEqual(['softmax-before-logits-loss', 'vanishing-flow', 'vanishing-flow']);
    expect(rules('hint')).toContain('bias-before-batchnorm');
    expect(check(at('hinted.py')).code).toBe(0);
    expect(check(at('hinted.py'), '--severity', 'hint').code).toBe(1);
    expect(check(at('vanishing.py'), '--severity', 'error').code).toBe(0);
  });

  it('prints one JSON document with --format json', () => {
    const { out } = check(at('vanishing.py'), '--format', 'json');
    expect(JSON.parse(out)).toEqual([
      {
        file: at('vanishing.py'),
        line: 6,
        column: 13,
        endLine: 6,
        endColumn: 52,
        cell: null,
        rule: 'vanishing-flow',
        severity: 'warning',
        message: expect.stringMatching(/\.$/),
        model: 'net',
      },
    ]);
    expect(check(at('healthy.py'), '--format', 'json').out).toBe('[]\n');
  });

  it('counts the cells of a notebook from 1, and lines in the cell', () => {
    const { out } = check(at('cells.ipynb'), '--format', 'json');
    expect(JSON.parse(out)).toMatchObject([{ rule: 'vanishing-flow', cell: 2, line: 3, column: 13 }]);
    expect(check(at('cells.ipynb')).out).toContain('cells.ipynb: cell 2:3:13: warning: ');
  });

  it('reports a file that is none, and checks the others', () => {
    const { code, out, err } = check(at('binary.py'), at('vanishing.py'));
    expect(code).toBe(1);
    expect(out).toContain('[vanishing-flow]');
    expect(err).toMatch(/binary\.py: .*python/);
    expect(check(at('binary.py')).code).toBe(0);
  });

  it('writes SARIF 2.1.0 with --format sarif', () => {
    const { code, out } = check(folder.path, '--format', 'sarif');
    expect(code).toBe(1);
    const log = JSON.parse(out);
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/^https:.*sarif.*2\.1\.0/);
    const [{ tool, results, ...run }, ...more] = log.runs;
    expect(more).toEqual([]);
    expect(run).toEqual({ columnKind: 'utf16CodeUnits' });
    expect(tool.driver.name).toBe('gradient-lens');
    const ids = tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const rule of tool.driver.rules) {
      expect(rule.shortDescription.text).not.toBe('');
      expect(['error', 'warning', 'note']).toContain(rule.defaultConfiguration.level);
    }
    expect(results).toHaveLength(3);
    for (const result of results) {
      expect(ids[result.ruleIndex]).toBe(result.ruleId);
      expect(['error', 'warning', 'note']).toContain(result.level);
      expect(result.message.text).toMatch(/\.$/);
      const [{ physicalLocation }] = result.locations;
      const { startLine, startColumn, endLine, endColumn } = physicalLocation.region;
      for (const n of [startLine, startColumn, endLine, endColumn]) expect(n).toBeGreaterThanOrEqual(1);
      expect(endLine > startLine || endColumn > startColumn).toBe(true);
      expect(() => new URL(physicalLocation.artifactLocation.uri)).not.toThrow();
    }
    const empty = JSON.parse(check(at('healthy.py'), '--format', 'sarif').out);
    expect(empty.runs[0].results).toEqual([]);
  });
});
