import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRepeats } from '../../../src/core/format/repeats';

const fold = (text: string, least?: number): string =>
  foldRepeats([...text], (a, b) => a === b, least)
    .map(({ rows, times }) => (times === 1 ? rows.join('') : `(${rows.join('')})${times}`))
    .join('');

describe('foldRepeats', () => {
  it('writes a repeated row or block once', () => {
    expect(fold('abcbcbcd')).toBe('a(bc)3d');
    expect(fold('aaaa')).toBe('(a)4');
    expect(fold('ababab')).toBe('(ab)3');
    expect(fold('')).toBe('');
  });

  it('takes the block that saves most, the shortest of several', () => {
    expect(fold('aabaab')).toBe('(aab)2');
    expect(fold('aaaaaa')).toBe('(a)6');
  });

  it('leaves what would save too little', () => {
    expect(fold('aab')).toBe('aab');
    expect(fold('aab', 1)).toBe('(a)2b');
  });

  it('loses nothing and invents nothing', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 });
    fc.assert(
      fc.property(letters, (rows) => {
        const folded = foldRepeats(rows, (a, b) => a === b);
        const unfolded = folded.flatMap((each) => Array.from({ length: each.times }, () => each.rows).flat());
        expect(unfolded).toEqual(rows);
      }),
    );
  });
});
