import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseEdited } from '../../../../src/code/document';
import type { Language } from '../../../../src/code/language';
import type { Program } from '../../../../src/code/program/ast';
import { programOf } from '../../../../src/code/program/program';
import { codeFiles, fileOf } from '../../../bench/codeFiles';
import { applied, change } from '../edited';
import { lines } from '../reading';

/** Places and statements; what they were made of is left out, which says in its hashes how the parser came by it. */
const statementsOf = ({ parts }: Program) => parts.map(({ from, part: { body } }) => [from, body]);

const partsOf = ({ parts }: Program) => parts.map(({ part }) => part);

/** A text and one with something put in, both as programs, the second made of the first. */
function edited(text: string, at: number, insert: string, language: Language = 'python') {
  const before = parse(text, language);
  const after = parseEdited(
    before,
    [{ from: at, to: at, insertedLength: insert.length }],
    text.slice(0, at) + insert + text.slice(at),
  );
  const former = programOf(before);
  return { former, program: programOf(after, former), cold: programOf(after) };
}

const small = lines(
  'import torch.nn as nn',
  '',
  'WIDTH = 3',
  'class Net(nn.Module):',
  '    def __init__(self):',
  '        super().__init__()',
  '        self.out = nn.Linear(WIDTH, 1)',
  '',
  'net = Net()',
  'print(net)',
);

describe('a program', () => {
  test('has a part for each statement that stands in no other, with places from its start', () => {
    const { parts } = programOf(parse('a = 1; b = 2\n\nclass C:\n    pass\n', 'python'));
    expect(parts.map(({ from, part }) => [from, part.body.map(({ kind, from: own, to }) => [kind, own, to])])).toEqual([
      [
        0,
        [
          ['assign', 0, 5],
          ['assign', 7, 12],
        ],
      ],
      [14, [['class', 0, 18]]],
    ]);
  });

  test('keeps every part when a line comes before all of them', () => {
    const { former, program, cold } = edited(small, 0, '# one more line\n');
    expect(partsOf(program).map((part, k) => part === partsOf(former)[k])).toEqual([true, true, true, true, true]);
    expect(program.parts.map(({ from }, k) => from - former.parts[k]!.from)).toEqual([16, 16, 16, 16, 16]);
    expect(statementsOf(program)).toEqual(statementsOf(cold));
  });

  test('makes only the part anew that an edit is in', () => {
    const { former, program, cold } = edited(small, small.indexOf('WIDTH, 1'), '2 * ');
    expect(partsOf(program).map((part, k) => part === partsOf(former)[k])).toEqual([true, true, false, true, true]);
    expect(statementsOf(program)).toEqual(statementsOf(cold));
  });

  test('gives each of two statements that are alike a part of its own', () => {
    const { former, program } = edited('f(1)\nf(1)\n', 0, 'f(1)\n');
    expect(new Set(partsOf(former)).size).toBe(2);
    expect(new Set(partsOf(program)).size).toBe(3);
  });

  test('takes over nothing from another language', () => {
    const text = 'x = [1, 2]';
    const former = programOf(parse(text, 'python'));
    const document = parse(text, 'javascript');
    expect(programOf(document, former)).toEqual(programOf(document));
  });

  test('keeps no text but that of its parts', () => {
    const { former, program } = edited(small, small.length, '\nx = 1');
    const kept = [...former.parts, ...program.parts].map(({ part }) => (part as unknown as { text: string }).text);
    expect(Math.max(...kept.map((text) => text.length))).toBeLessThan(small.length);
  });

  test.each(['keras', 'torch', 'flax', 'tfjs'] as const)('is after any edits what it is made cold: %s', (framework) => {
    const file = codeFiles[framework];
    const text = fileOf(file, 150);
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        let document = parse(text, file.language);
        let program = programOf(document);
        for (const each of changes) {
          const { text: next, edit } = applied(document.text, each);
          document = parseEdited(document, [edit], next);
          program = programOf(document, program);
          expect(statementsOf(program)).toEqual(statementsOf(programOf(document)));
        }
      }),
      { seed: 18, numRuns: 15 },
    );
  });
});
