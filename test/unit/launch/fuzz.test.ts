import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundOf, sumOf, tableText } from '../../launch/fuzz.mjs';
import { faultText, inputs } from '../hostile';

const details = {
  failed: true,
  interrupted: false,
  numRuns: 7,
  seed: 11,
  counterexample: ['x'.repeat(100_000)],
  counterexamplePath: `6${':0'.repeat(10_000)}`,
  errorInstance: new Error('y'.repeat(100_000)),
};

describe('what is told of a fault', () => {
  it('is short, however long its input and its error are', () => {
    const text = faultText(details, fc.stringify(details.counterexample), 'out/fuzz/kept.txt');
    expect(text.length).toBeLessThan(3000);
    expect(text).toContain('(100004 characters)');
    expect(text).toMatch(
      /Seed 11, path "6[:0]{59}… \(20001 characters\)"; the whole input and error are in out\/fuzz\/kept\.txt$/,
    );
  });

  it('is told by the properties themselves, and the whole of it is kept', () => {
    const long = fc.constantFrom('a', 'b').map((letter) => letter.repeat(5000));
    let told = '';
    try {
      fc.assert(
        fc.property(long, (text) => expect(text).toBe('')),
        { ...inputs(5), interruptAfterTimeLimit: 60_000 },
      );
    } catch (error) {
      told = (error as Error).message;
    }
    expect(told.length).toBeLessThan(3000);
    const file = /are in (\S+)$/.exec(told)?.[1] ?? '';
    expect(readFileSync(file, 'utf8').length).toBeGreaterThan(5000);
  });
});

describe('a round', () => {
  const test = (fullName: string, status: string, failureMessages: string[] = []) => ({
    fullName,
    status,
    failureMessages,
  });

  it('counts the inputs of properties, and other tests one by one', () => {
    const lines = [
      { file: 'a.test.ts', name: 'p' },
      { file: 'a.test.ts', name: 'p', inputs: 500, faults: 0 },
      { file: 'a.test.ts', name: 'q' },
      { file: 'a.test.ts', name: 'q', inputs: 20, faults: 1, seed: 5, kept: 'out/fuzz/q.txt' },
    ];
    const tested = [
      {
        name: '/here/a.test.ts',
        assertionResults: [
          test('p', 'passed'),
          test('q', 'failed', ['long']),
          test('r', 'passed'),
          test('s', 'failed', ['z'.repeat(9000)]),
          test('t', 'skipped'),
        ],
      },
    ];
    const { rows, faults } = roundOf(lines, tested, '/here');
    expect(rows).toEqual([
      { name: 'a.test.ts: p', inputs: 500, faults: 0 },
      { name: 'a.test.ts: q', inputs: 20, faults: 1 },
      { name: 'a.test.ts: cases', inputs: 2, faults: 1 },
    ]);
    expect(faults).toHaveLength(2);
    expect(faults[0]).toBe('a.test.ts: q\n  seed 5; its input is in out/fuzz/q.txt');
    expect(faults[1]!.length).toBeLessThan(700);
  });

  it('that did not come to its end names the property that it was at', () => {
    const lines = [
      { file: 'a.test.ts', name: 'p' },
      { file: 'a.test.ts', name: 'p', inputs: 3, faults: 0 },
      { file: 'a.test.ts', name: 'q' },
    ];
    expect(roundOf(lines, undefined, '/here')).toEqual({
      rows: [
        { name: 'a.test.ts: p', inputs: 3, faults: 0 },
        { name: 'a.test.ts: q', inputs: 0, faults: 1 },
      ],
      faults: ['a.test.ts: q\n  an input of it did not come to its end'],
    });
  });

  it('is added to those before, and ends as a table', () => {
    const rows = sumOf(
      [
        { name: 'b', inputs: 1000, faults: 0 },
        { name: 'a', inputs: 1, faults: 1 },
      ],
      [
        { name: 'b', inputs: 234, faults: 0 },
        { name: 'c', inputs: 2, faults: 0 },
      ],
    );
    expect(tableText(rows)).toBe(
      [
        '      inputs  faults  property',
        '           1       1  a',
        '       1,234       0  b',
        '           2       0  c',
        '       1,237       1  all',
      ].join('\n'),
    );
  });
});
