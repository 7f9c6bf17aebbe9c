// What `check` prints in a terminal: it fits, it is coloured where the terminal is, and the mark stands below its place.
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { emptySummary, FileFixes, foundIn } from '../../../src/cli/checkEntry';
import { summaryText, textWriter } from '../../../src/cli/checkText';
import { readFiles } from '../../../src/cli/modelFiles';
import { printable, widthOf } from '../../../src/cli/printable';
import { diagnose } from '../../../src/code/diagnostics/diagnose';
import { folderOf, vanishing } from './command';

const folder = folderOf({
  'm.py': vanishing.replace('"sigmoid"))', '"sigmoid", name="数据的层"))  # 数据'.padEnd(400, '据')),
});
afterAll(folder.remove);

const found = [...readFiles([join(folder.path, 'm.py')])].flatMap((file) => {
  const fixes = new FileFixes(file, { tensorflowKeras: 3 });
  return diagnose(file.models, file.documents).map((each) => foundIn(file, each, fixes.of(each)));
});
const [first] = found;

describe('what is found, in a terminal', () => {
  it.each([30, 40, 60, 80, 120])('fits into %i columns where words do', (columns) => {
    const text = textWriter({ columns, colours: false, rules: 9 }).entry(first!);
    for (const line of text.split('\n')) {
      if (line.trim().includes(' ')) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    }
    expect(text.replace(/\s+/g, ' ')).toContain('[vanishing-flow]');
  });

  it.each([30, 60, 80, 120, undefined])('has its mark below the place, at %s columns', (columns) => {
    const lines = textWriter({ columns, colours: false, rules: 9 }).entry(first!).split('\n');
    const mark = lines.findIndex((line) => /^ +\| +\^+$/.test(line));
    const code = lines[mark - 1]!;
    const at = lines[mark]!.indexOf('^');
    expect(code.slice(at)).toMatch(/^layers/);
    // Not further than the code, and not further than the layer.
    expect(widthOf(lines[mark]!)).toBeLessThanOrEqual(widthOf(code));
    if (columns === undefined)
      expect(lines[mark]!.length - at).toBe(widthOf('layers.Dense(128, activation="sigmoid", name="数据的层")'));
  });

  it('is coloured where the terminal is, and else not', () => {
    const [with_, without] = [true, false].map((colours) =>
      textWriter({ columns: 80, colours, rules: 9 }).entry(first!),
    );
    expect(with_).toContain('\u001b[33mwarning:\u001b[0m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(with_!.replace(/\u001b\[\d+m/g, '')).toBe(without);
    expect(without).not.toContain('\u001b');
  });

  it.each([
    ['a\tb', 'a b'],
    ['\u001b[31mred', '␛[31mred'],
    ['\u0000\u0007\r', '␀␇␍'],
    ['\u007f\u0085\u202e\u2028\ufeff', '␡\ufffd\ufffd\ufffd\ufffd'],
    ['é 数据 \u{1f600}', 'é 数据 \u{1f600}'],
  ])('shows %j as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(shown).toHaveLength(text.length);
  });

  it('ends in what was looked at', () => {
    const summary = { ...emptySummary(), files: 2, models: 3, predicted: 1, assumed: 1, unknown: 1 };
    expect(summaryText(summary, 0, 9)).toBe(
      'Nothing found in 3 models in 2 files, by 9 rules. How much of the gradient arrives is predicted for 1, predicted under assumptions for 1 and not known for 1.',
    );
    const some = { ...summary, predicted: 3, found: { error: 1, warning: 2, hint: 0 }, fixable: 1, notShown: 4 };
    expect(summaryText(some, 1, 9)).toBe(
      '3 models in 2 files: 1 error, 2 warnings. How much of the gradient arrives is predicted for all of them. 1 with a fix. 4 findings below the severity not shown. 1 file not read, or not all of it.',
    );
  });
});
