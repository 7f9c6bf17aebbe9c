import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckEntry, CheckPlace, CheckProblem, CheckSummary } from '../../../src/cli/checkEntry';
import { folderOf, healthy, hinted, lines, notebook, run, vanishing } from './command';

const folder = folderOf({
  'vanishing.py': vanishing,
  'healthy.py': healthy,
  'hinted.py': hinted,
  'error.py': lines(
    'import keras',
    'm = keras.Sequential([keras.layers.Dense(3, input_dim=2)])',
    'm.compile(loss="categorical_crossentropy")',
  ),
  'silenced.py': vanishing.replace('"sigmoid"))', '"sigmoid"))  # gradient-lens: ignore[vanishing-flow]'),
  'cells.ipynb': notebook(...vanishing.split('\n\n').map((cell) => `${cell}\n`)),
  'binary.py': Uint8Array.from({ length: 600 }, (_, k) => (k * 37) % 256),
});
const more = folderOf({
  'budget.py': `# gradient-lens: flow >= 1e-3\n${vanishing}`,
  'misread.py': `# gradient-lens: flow > abc\n${healthy}`,
  'open.py': lines(
    'from torch import nn',
    'def make(width):',
    '    return nn.Sequential(nn.Linear(64, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 2))',
  ),
  'shapeless.py': lines(
    'import keras',
    'from keras import layers',
    'net = keras.Sequential()',
    'for _ in range(8):',
    '    net.add(layers.Dense(64, activation="sigmoid"))',
    'net.add(layers.Dense(3))',
  ),
  'partly.py': lines('import keras', 'net = keras.Sequential([keras.Input((None, 3)), keras.layers.Dense(2)])'),
  'plain.py': 'x = 1\n',
  'broken.py': `${vanishing}def (:\n`,
  'broken.ipynb': '{"cells": 3}',
  'no.json.ipynb': '{',
  'control.py': vanishing.replace('"sigmoid"', '"sigmoid" # \u001b[31m \u202e \u0007\r'),
  'wide.py': vanishing.replace('net.add(layers.Dense(128, activ', 'net.add(layers.Dense(128, name="数据", activ'),
  'long.py': vanishing.replace('    net.add', `    ${'x = 1; '.repeat(60)}net.add`),
  'crlf.py': vanishing.replaceAll('\n', '\r\n'),
  'page.html': lines(
    '<script src="https://cdn.jsdelivr.net/npm/@tensorflow/tfjs"></script>',
    '<p>This is no code: (</p><script>const m = tf.sequential();',
    "m.add(tf.layers.dense({ units: 64, inputShape: [64], activation: 'sigmoid' }));",
    "for (let i = 0; i < 9; i++) m.add(tf.layers.dense({ units: 64, activation: 'sigmoid' }));",
    'm.add(tf.layers.dense({ units: 3 }));</script>',
  ),
  'node_modules/package/vanishing.py': vanishing,
});
const empty = folderOf({});
const unreadable = folderOf({
  'binary.py': Uint8Array.from({ length: 600 }, (_, k) => (k * 37) % 256),
  'notes.txt': 'notes\n',
  'huge.py': `import keras\n${'# '.repeat(1_000_001)}`,
  'lengthy.py': `import keras\n${'# a comment\n'.repeat(40_000)}`,
});
afterAll(() => {
  for (const each of [folder, more, empty, unreadable]) each.remove();
});

const at = (name: string): string => join(folder.path, name);
const other = (name: string): string => join(more.path, name);
const unread = (name: string): string => join(unreadable.path, name);
const check = (...args: string[]) => run('check', ...args);

interface Told {
  readonly diagnostics: readonly CheckEntry[];
  readonly notifications: readonly CheckProblem[];
  readonly summary: CheckSummary;
}
const told = async (...args: string[]): Promise<Told> => JSON.parse((await check(...args, '--format', 'json')).out);

describe('the check command', () => {
  it('exits with 1 where something is found, and says what and where', async () => {
    const { code, out, err } = await check(at('vanishing.py'));
    expect(code).toBe(1);
    expect(err).toBe('');
    const [head, code6, mark, fix, blank, summary, end, ...rest] = out.split('\n');
    expect(head).toMatch(/^\S+vanishing\.py:6:13: warning: 2\.0 × 10⁻⁶ .*\. \[vanishing-flow\]$/);
    expect(code6).toBe('    6 | net.add(layers.Dense(128, activation="sigmoid"))');
    expect(mark).toBe(`      |         ${'^'.repeat('layers.Dense(128, activation="sigmoid")'.length)}`);
    expect(fix).toMatch(/^ {2}Fix: Use \S+ with \S+: 2\.0 × 10⁻⁶ → \S+ \(or \d others\)$/);
    expect([blank, end, rest]).toEqual(['', '', []]);
    expect(summary).toBe(
      '1 model in 1 file: 1 warning. How much of the gradient arrives is predicted for all of them. 1 with a fix.',
    );
  });

  it('exits with 0 where nothing is, and says what was checked', async () => {
    const { code, out, err } = await check(at('healthy.py'));
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^Nothing found in 1 model in 1 file, by \d+ rules\. How much of the gradient arrives is predicted for all of them\.\n$/,
    );
    expect((await check(at('silenced.py'))).code).toBe(0);
  });

  it('exits with 2 for bad use, with a sentence', async () => {
    for (const [args, sentence] of [
      [[at('nowhere')], /does not exist; expected a file or a folder\.\n$/],
      [[at('healthy.py'), '--format', 'xml'], /^--format: "xml" is not known; expected text, json, sarif\.\n$/],
      [
        [at('healthy.py'), '--severity', 'fatal'],
        /^--severity: "fatal" is not known; expected error, warning, hint\.\n$/,
      ],
      [[at('healthy.py'), '--rule', 'vanishing-flow'], /^--rule: .* is not a rule with a severity; expected .*\.\n$/],
      [[at('healthy.py'), '--rule', 'vanishing=off'], /^--rule: "vanishing" is no rule; expected .*\.\n$/],
      [[at('healthy.py'), '--rule', 'linear-stack=no'], /^--rule linear-stack: "no" is not known; expected .*\.\n$/],
      [[at('healthy.py'), '--set', '=3'], /^--set: "=3" is not a name with a value; .*\.\n$/],
      [[at('healthy.py'), '--input', '28x0'], /^--input: "28x0" is not a shape; expected .*\.\n$/],
      [[at('healthy.py'), '--budget', '2e5'], /^--budget: "2e5" is not a share of the gradient; .*\.\n$/],
      [[at('healthy.py'), '--colour'], /^unknown option '--colour'\n$/],
      [[], /paths/],
    ] as const) {
      const { code, out, err } = await check(...args);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(sentence);
    }
  });

  it('tells only what is at or above the severity', async () => {
    const rules = async (severity: string): Promise<string[]> =>
      (await told(folder.path, '--severity', severity)).diagnostics.map(({ rule }) => rule);
    expect(await rules('error')).toEqual(['logits-where-probabilities']);
    expect([...(await rules('warning'))].sort()).toEqual([
      'logits-where-probabilities',
      'vanishing-flow',
      'vanishing-flow',
    ]);
    expect(await rules('hint')).toContain('selu-with-dropout');
    expect((await check(at('hinted.py'))).code).toBe(0);
    expect((await check(at('hinted.py'), '--severity', 'hint')).code).toBe(1);
    expect((await check(at('vanishing.py'), '--severity', 'error')).code).toBe(0);
  });

  it('prints one JSON document with --format json', async () => {
    const { diagnostics, notifications, summary } = await told(at('vanishing.py'));
    expect(diagnostics).toEqual([
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
        related: expect.any(Array),
        fixes: expect.any(Array),
      },
    ]);
    expect(notifications).toEqual([]);
    expect(summary).toMatchObject({ files: 1, models: 1, predicted: 1, found: { warning: 1 }, fixable: 1 });
    expect((await told(at('healthy.py'))).diagnostics).toEqual([]);
  });

  it('gives edits that write what the fix says', async () => {
    const { fixes } = (await told(at('vanishing.py'))).diagnostics[0]!;
    expect(fixes.filter(({ preferred }) => preferred)).toHaveLength(1);
    const lineEnd = vanishing.split('\n')[5]!;
    const [first] = fixes;
    expect(first).toMatchObject({ preferred: true, title: expect.stringMatching(/^Use .* → /) });
    const mended = first!.edits.reduceRight(
      (text, { line, column, endColumn, text: written }: CheckPlace & { text: string }) => {
        expect(line).toBe(6);
        return text.slice(0, column - 1) + written + text.slice(endColumn - 1);
      },
      lineEnd,
    );
    expect(mended).toBe('    net.add(layers.Dense(128, activation="relu", kernel_initializer="he_normal"))');
  });

  it('counts the cells of a notebook from 1, and lines in the cell', async () => {
    expect((await told(at('cells.ipynb'))).diagnostics).toMatchObject([
      { rule: 'vanishing-flow', cell: 2, line: 3, column: 13 },
    ]);
    expect((await check(at('cells.ipynb'))).out).toContain('cells.ipynb:cell 2:3:13: warning: ');
  });

  it('sets the severity of a rule', async () => {
    expect((await check(at('vanishing.py'), '--rule', 'vanishing-flow=off')).code).toBe(0);
    expect((await check(at('vanishing.py'), '--rule', 'vanishing-flow=hint')).code).toBe(0);
    const { diagnostics } = await told(
      folder.path,
      '--severity',
      'error',
      '--rule',
      'vanishing-flow=error',
      '--rule',
      'logits-where-probabilities=off',
    );
    expect(diagnostics.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['vanishing-flow', 'error'],
      ['vanishing-flow', 'error'],
    ]);
  });

  it('holds models to a budget, of the code or of the command', async () => {
    const missed = await told(other('budget.py'));
    expect(missed.diagnostics).toMatchObject([{ rule: 'gradient-budget', severity: 'error', line: 7, model: 'net' }]);
    expect(missed.diagnostics[0]!.fixes.length).toBeGreaterThan(0);
    expect((await told(other('misread.py'))).diagnostics).toMatchObject([
      { rule: 'gradient-budget', severity: 'warning', line: 1, column: 18, model: null },
    ]);
    expect((await told(at('vanishing.py'), '--budget', '1e-3')).diagnostics).toMatchObject([
      { rule: 'gradient-budget' },
    ]);
    expect((await check(at('healthy.py'), '--budget', '1e-3')).code).toBe(0);
  });

  it('fills in what the code does not tell, and says what cannot be', async () => {
    expect((await told(other('open.py'))).summary).toMatchObject({ predicted: 0, assumed: 1 });
    expect((await check(other('open.py'))).out).toContain(
      'How much of the gradient arrives is predicted under assumptions for 1',
    );
    expect((await told(other('open.py'), '--set', 'width=64')).summary).toMatchObject({ predicted: 1, assumed: 0 });
    const { code, err } = await check(other('open.py'), '--set', 'depth=64');
    expect([code, err]).toEqual([0, '--set: no model asks for depth; asked for are width.\n']);
  });

  it('takes the shape of an input that no code tells', async () => {
    expect((await told(other('shapeless.py'))).summary).toMatchObject({ predicted: 0, unknown: 1 });
    const { diagnostics, summary, notifications } = await told(other('shapeless.py'), '--input', '64');
    expect([summary.predicted, notifications]).toEqual([1, []]);
    const [vanishes] = diagnostics.filter(({ rule }) => rule === 'vanishing-flow');
    // A fix promises what becomes of the model on that very input.
    expect(vanishes?.fixes[0]?.title).toMatch(/^Use \S+ with \S+: \S+ × \S+ → (1\.0|0\.\d+)$/);
    expect((await told(at('vanishing.py'), '--input', '64')).diagnostics).toEqual(
      (await told(at('vanishing.py'))).diagnostics,
    );
  });

  it('tells which model an input does not fit, and checks it as it is', async () => {
    const { code, out, err } = await check(other('partly.py'), '--input', '28x28x1', '--format', 'json');
    expect(code).toBe(0);
    expect(err).toMatch(/partly\.py: --input: \w+ takes an input of \? × 3, and 28 × 28 × 1 was given\.\n$/);
    expect(JSON.parse(out).summary.models).toBe(1);
  });

  it('says what was looked at where there is nothing to say', async () => {
    expect((await check(other('plain.py'))).out).toBe('No models in 1 file.\n');
    expect((await check(empty.path)).out).toMatch(/^Nothing to check: .*\.\n$/);
    expect((await check(at('hinted.py'))).out).toContain('1 finding below the severity not shown.');
  });

  it('tells what does not parse in every form, and goes on', async () => {
    const names = ['broken.py', 'broken.ipynb', 'no.json.ipynb'];
    const { code, out, err } = await check(...names.map(other), '--format', 'json');
    // Two of those that were named could not be looked at.
    expect(code).toBe(2);
    const { diagnostics, notifications, summary }: Told = JSON.parse(out);
    expect(diagnostics).toMatchObject([{ file: other('broken.py'), rule: 'vanishing-flow' }]);
    expect(notifications.map(({ file }) => file)).toEqual(names.map(other));
    expect(summary.files).toBe(1);
    for (const name of names) expect(err).toContain(`${name}: `);
    expect((await check(...names.map(other))).out).toContain('3 files not read, or not all of it.');
  });

  it('leaves out installed packages, and checks each file once', async () => {
    const { summary } = await told(at('vanishing.py'), folder.path, folder.path);
    expect(summary.files).toBe(6);
    expect((await told(more.path)).diagnostics.filter(({ file }) => file.includes('node_modules'))).toEqual([]);
  });

  it('prints no control characters of a file', async () => {
    const { out, err } = await check(other('control.py'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(out).toContain('[vanishing-flow]');
  });

  it('marks the place below a line, however it is written', async () => {
    const marked = async (name: string) => {
      const [, code = '', mark = ''] = (await check(other(name))).out.split('\n');
      return { code, mark };
    };
    const wide = await marked('wide.py');
    // Two characters take two columns each.
    expect(wide.mark.trimEnd()).toHaveLength(wide.code.indexOf('))') + 3);
    const long = await marked('long.py');
    expect(long.code).toMatch(/^ +6 \| ….*layers\.Dense/);
    expect(long.mark.indexOf('^')).toBe(long.code.indexOf('layers'));
    expect((await marked('crlf.py')).code).toBe('    6 | net.add(layers.Dense(128, activation="sigmoid"))');
    expect((await marked('page.html')).code).toMatch(/^ +3 \| m\.add\(tf\.layers\.dense/);
  });

  it('reports a file that is none, and checks the others', async () => {
    const { code, out, err } = await check(at('binary.py'), at('vanishing.py'));
    expect(code).toBe(2);
    expect(out).toContain('[vanishing-flow]');
    expect(err).toMatch(/binary\.py: .*python/);
  });

  it('exits with 2 where a file that is named cannot be looked at, and not for one that lies in a folder', async () => {
    for (const [name, reason] of [
      ['binary.py', 'does not parse as python'],
      ['notes.txt', 'its kind is not known'],
      ['huge.py', 'at most 2000000 are read'],
      ['lengthy.py', 'models are looked for in at most 400,000'],
    ] as const) {
      const { code, err } = await check(unread(name));
      expect(code, name).toBe(2);
      expect(err, name).toContain(reason);
      // One that is read, with something found in it, makes no difference.
      expect((await check(at('vanishing.py'), unread(name))).code, name).toBe(2);
    }
    const { code, err } = await check(unreadable.path);
    expect(code).toBe(0);
    expect(err).toContain('binary.py: ');
    expect((await check(other('broken.py'))).code).toBe(1);
  });

  it('ends quietly when nobody reads any more', async () => {
    const child = spawn(process.execPath, ['dist/cli.js', 'check', 'test/fixtures/models', '--severity', 'hint'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(err).not.toMatch(/EPIPE|Error/);
  });
});
